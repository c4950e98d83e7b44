"""Signing in, on the real server in a real browser: invitation, password, second factor, passkey,
roles that two people give, leavers.
"""

from __future__ import annotations

import re
import urllib.request

import pytest

from support import run
from support_pages import follow, looked_at, looks_right, served, totp

pytestmark = pytest.mark.xdist_group("accounts")
PASSWORD = "synthetic-lantern-42-harbour"


@pytest.fixture(scope="module")
def codes(home):
    """The codes of two administrators, as the machine's operator reads them."""
    found = {}
    for name in ("alex", "bea"):
        email = f"{name}@example.org"
        said = run(
            "createadmin", "--email", email, "--name", f"{name.title()} Invented", home=home
        ).stdout
        found[name] = re.search(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", said)[0]
    return found


@pytest.fixture(scope="module")
def address(home, codes):
    with served(home) as url:
        yield url


def joins(page, address, email, code):
    """Join by a code, and set up an authenticator app. Gives its secret."""
    page.goto(f"{address}/join")
    looks_right(page)
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Code").fill(code.lower().replace("-", " "))
    page.get_by_label("A password of your own").fill(PASSWORD)
    follow(page, page.get_by_role("button", name="Join"))
    assert page.get_by_role("heading", name="Second factors").is_visible()
    looks_right(page)
    follow(page, page.get_by_role("link", name="Set up an authenticator app"))
    looks_right(page)
    secret = page.get_by_label("Authenticator secret").input_value()
    page.get_by_label("Authenticator code").fill(totp(secret))
    follow(page, page.get_by_role("button", name="Activate"))
    assert len(page.get_by_label("Unused codes").input_value().split()) == 10
    looks_right(page)
    return secret


def signs_in(page, address, email, secret):
    """Sign in with password and app."""
    page.goto(f"{address}/desk/")
    looks_right(page)
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    follow(page, page.get_by_role("button", name="Sign in", exact=True))
    looks_right(page)
    page.get_by_label("Code").fill(totp(secret, ahead=1))
    follow(page, page.get_by_role("button", name="Sign in", exact=True))


def test_from_the_first_administrator_to_a_leaver(browser, address, codes):
    with looked_at(browser) as alex, looked_at(browser) as bea, looked_at(browser) as cem:
        secret = joins(alex, address, "alex@example.org", codes["alex"])
        alex.goto(f"{address}/desk/")
        assert "You act as Administrator" in alex.inner_text("main")
        looks_right(alex)
        follow(alex, alex.get_by_role("link", name="Invite somebody, or give a role").first)
        looks_right(alex)
        alex.get_by_label("E-mail address").fill("cem@example.org")
        alex.get_by_label("Name").fill("Cem Invented")
        alex.get_by_label("Agency").select_option("kent")
        alex.get_by_label("Role").select_option(label="Reporting officer")
        follow(alex, alex.get_by_role("button", name="Propose"))
        assert "another approves" in alex.inner_text("main")
        assert alex.get_by_role("link", name="Approve Cem Invented").count() == 0
        looks_right(alex)

        joins(bea, address, "bea@example.org", codes["bea"])
        bea.goto(f"{address}/desk/people")
        follow(bea, bea.get_by_role("link", name="Approve Cem Invented"))
        looks_right(bea)
        follow(bea, bea.get_by_role("button", name="Approve"))
        code = bea.locator(".govuk-panel__title").inner_text()
        looks_right(bea)

        joins(cem, address, "cem@example.org", code)
        cem.goto(f"{address}/desk/")
        assert "You act as Reporting officer, Kent" in cem.inner_text("main")
        assert cem.goto(f"{address}/desk/people").status == 403
        looks_right(cem)
        cem.problems.clear()
        follow(cem, cem.get_by_role("link", name="Your desk"))
        follow(cem, cem.get_by_role("link", name="Where you are signed in"))
        assert "This one" in cem.inner_text("main")
        looks_right(cem)
        cem.goto(f"{address}/desk/policy")
        assert "Agency supervisor" in cem.inner_text("main")
        looks_right(cem)

        bea.goto(f"{address}/desk/people")
        follow(bea, bea.get_by_role("link", name="Cem Invented"))
        looks_right(bea)
        follow(bea, bea.get_by_role("link", name="They leave: disable the account"))
        follow(bea, bea.get_by_role("button", name="Disable this account"))
        assert "This field is required" in bea.inner_text("main")
        bea.problems.clear()
        looks_right(bea)
        bea.get_by_label("Why").fill("left the force")
        follow(bea, bea.get_by_role("button", name="Disable this account"))
        cem.goto(f"{address}/desk/")
        assert cem.get_by_role("heading", name="Sign in").is_visible()

        follow(alex, alex.get_by_role("button", name="Sign out"))
        signs_in(alex, address, "alex@example.org", secret)
        assert "You act as Administrator" in alex.inner_text("main")


def test_behind_https_cookies_go_by_nothing_else(home, codes):
    with served(home, DARKFIGURE_TLS="1") as url:
        asked = urllib.request.Request(f"{url}/join", headers={"X-Forwarded-Proto": "https"})
        with urllib.request.urlopen(asked) as reply:
            assert "Secure" in reply.headers["Set-Cookie"]
            assert "max-age=31536000" in reply.headers["Strict-Transport-Security"]
            assert "no-store" in reply.headers["Cache-Control"]
        for path, said in (("health", "lives"), ("ready", "ready")):
            with urllib.request.urlopen(f"{url}/{path}") as reply:
                assert reply.read().decode() == f"{said}\n"
                assert "Set-Cookie" not in reply.headers


def test_what_is_public_is_read_without_a_cookie(address):
    for path in ("", "measures", "held", "estimates", "answers"):
        with urllib.request.urlopen(f"{address}/{path}") as reply:
            assert "Set-Cookie" not in reply.headers


def test_a_passkey_signs_in_alone(browser, home, address):
    said = run(
        "createadmin", "--email", "dee@example.org", "--name", "Dee Invented", home=home
    ).stdout
    code = re.search(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", said)[0]
    named = address.replace("127.0.0.1", "localhost")  # passkeys are of a name, not of a number
    with looked_at(browser) as page:
        device = page.context.new_cdp_session(page)
        device.send("WebAuthn.enable")
        kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
        able = {"hasUserVerification": True, "isUserVerified": True}
        device.send("WebAuthn.addVirtualAuthenticator", {"options": {**kind, **able}})
        page.goto(f"{named}/join")
        page.get_by_label("E-mail address").fill("dee@example.org")
        page.get_by_label("Code").fill(code)
        page.get_by_label("A password of your own").fill(PASSWORD)
        follow(page, page.get_by_role("button", name="Join"))
        follow(page, page.get_by_role("link", name="Add a passkey"))
        looks_right(page)
        page.get_by_label("Name").fill("synthetic key")
        page.get_by_label("Passwordless").check()
        follow(page, page.get_by_role("button", name="Add"))
        page.goto(f"{named}/account/factors/passkeys")
        assert "synthetic key" in page.inner_text("main")
        looks_right(page)
        follow(page, page.get_by_role("button", name="Sign out"))
        page.goto(f"{named}/account/sign-in")
        follow(page, page.get_by_role("button", name="Sign in with a passkey"))
        page.goto(f"{named}/desk/")
        assert "You act as Administrator" in page.inner_text("main")
