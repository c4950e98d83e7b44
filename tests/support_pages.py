"""The pages as a person has them: the real server, a real browser, and what every page must be."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import shutil
import socket
import struct
import subprocess
import time
import urllib.request
from contextlib import contextmanager

from axe_core_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from support import PEOPLE, PROGRAM, run

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def free_port():
    """A port at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def served(home, port=None, **settings):
    """The address at which the real server serves a data folder."""
    port = port or free_port()
    env = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    }
    server = subprocess.Popen(
        [str(PROGRAM), "serve", "--port", str(port), "--no-worker"],
        env={**env, "DARKFIGURE_HOME": str(home), **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    for _ in range(200):
        try:
            urllib.request.urlopen(f"{url}/measures", timeout=5).close()
            break
        except OSError:
            time.sleep(0.1)
    try:
        yield url
    finally:
        server.terminate()
        server.wait(timeout=20)


@contextmanager
def chromium():
    """Debian's browser."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield launched
        launched.close()


@contextmanager
def looked_at(browser, **context):
    """A page in a context of its own, in whose console nothing may go wrong."""
    held = browser.new_context(**context)
    opened = held.new_page()
    opened.problems = []
    opened.on(
        "console",
        lambda message: opened.problems.append(message.text) if message.type == "error" else None,
    )
    opened.on("requestfailed", lambda request: opened.problems.append(request.url))
    yield opened
    assert opened.problems == []
    held.close()


def follow(page, element):
    """Go where a link or button leads, and wait until the page is there whole."""
    with page.expect_navigation():
        element.click()


def accessible(page, **context):
    """axe-core finds nothing."""
    options = {"resultTypes": ["violations"]}
    found = Axe().run(page, context=context or None, options=options)["violations"]
    assert [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in found] == []


#: Sizes of a page: whether it can be moved sideways, the smallest writing of charts in pixels,
#: writing of a chart that lies on other writing or off the chart.
MEASURED = """() => {
  const small = [], met = [];
  for (const svg of document.querySelectorAll("svg")) {
    const room = svg.getBoundingClientRect();
    if (!room.width) continue;
    const texts = [...svg.querySelectorAll("text")];
    const boxes = texts.map(text => text.getBoundingClientRect());
    texts.forEach((text, at) => {
      const scale = room.width / svg.viewBox.baseVal.width;
      small.push(parseFloat(getComputedStyle(text).fontSize) * scale);
      const a = boxes[at];
      if (a.right > room.right + 1 || a.left < room.left - 1) met.push(text.textContent);
      for (const [other, b] of boxes.slice(at + 1).entries()) {
        const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        // The box of a line of writing is taller than its letters.
        if (across > 0.5 && down > 0.35 * a.height)
          met.push(`${text.textContent} | ${texts[at + 1 + other].textContent}`);
      }
    });
  }
  const root = document.documentElement;
  return {sideways: root.scrollWidth - innerWidth, small: Math.min(99, ...small), met};
}"""


def fits(page):
    """Nothing to move sideways for, no writing of a chart too small or on other writing."""
    found = page.evaluate(MEASURED)
    assert found["sideways"] <= 0
    assert found["small"] >= 11
    assert found["met"] == []


def totp(secret, ahead=0):
    """The code that an authenticator app shows (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30 + ahead), hashlib.sha1)
    at = digest.digest()[-1] & 15
    number = struct.unpack(">I", digest.digest()[at : at + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def looks_right(page):
    """Accessible, and on no screen to be moved sideways."""
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        fits(page)
    accessible(page)


def made_up_accounts(home, *agencies):
    """Accounts of every role, made up: e-mail, password and secret by role, and by role and agency
    where it is an agency's.
    """
    told = home / PEOPLE
    given = [part for agency in agencies for part in ("--agency", agency)]
    said = told.read_text() if told.exists() else run("demo-accounts", *given, home=home).stdout
    made = {}
    for line in said.splitlines():
        email, _, rest = line.partition("@demo.invalid  ")
        if rest:
            made[email] = (f"{email}@demo.invalid", *rest.split("  ")[:2])
    return made


def sign_in(page, address, account, ahead=0):
    """Sign in with password and app; a second time in half a minute with the code to come, as each
    is taken once.
    """
    email, password, secret = account
    page.goto(f"{address}/account/sign-in")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    follow(page, page.get_by_role("button", name="Sign in", exact=True))
    page.get_by_label("Code").fill(totp(secret, ahead))
    follow(page, page.get_by_role("button", name="Sign in", exact=True))


def once_more(page, account):
    """Prove once more who one is, where a page asks for it."""
    if page.get_by_role("heading", name="Is it you?").count():
        page.get_by_label("Password", exact=True).fill(account[1])
        follow(page, page.get_by_role("button", name="Go on"))
