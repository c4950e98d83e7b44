"""The service killed (SIGKILL) while people and programs use it, time and again: what was
acknowledged is there once, nothing is there by half, the log holds, and every mail arrives.

Run as `python benchmarks/killed_service.py`; ROUNDS rounds, SEED for the moments. In each round a
program drafts reports, half of them all at once and with nothing but a receipt, another releases
them, a grader grades what was released before, and a
worker sends mail of it; in turn the server of the pages, the worker and PostgreSQL are killed in
the midst. All are started again; what was not acknowledged is sent again under its key. Ends with
an error at the first round after which something is not so.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import random
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import psycopg
from aiosmtpd.controller import Controller
from killed import PROGRAM, Repository, Wrong, report

from darkfigure.basis.errors import DarkfigureError
from darkfigure.client import Hub

ROUNDS, SEED = int(os.environ.get("ROUNDS", "100")), int(os.environ.get("SEED", "20081217"))
#: Reports sent in a round, each drafted, released and graded.
REPORTS = 6
KILLED = ("server", "worker", "PostgreSQL")
TOKENS = """
import sys
from datetime import date, timedelta
from darkfigure_hub.flows.door import open_door
open_door()
from darkfigure.basis.marking import Marking
from darkfigure_hub.access.scopes import for_account
from darkfigure_hub.flows.programs import Wanted, make_token
until = date.today() + timedelta(days=30)
for who, grant in (("account:900001", "reports"), ("account:900002", "release")):
    scope = for_account(who, "agency_administrator", "kent", 0, "test")
    print(make_token(scope, Wanted("kent", "synthetic", [grant], Marking.OFFICIAL, until)).written)
"""
#: What must be so after each round: a query that gives rows only where it is not.
WHOLE = {
    "a draft is there twice": "SELECT sha256 FROM store_submission GROUP BY 1 HAVING count(*) > 1",
    "a draft has not its bytes, or they outlive it": """SELECT s.id FROM store_submission s
        FULL JOIN identity.draft d ON d.submission_id = s.id
        WHERE (s.released_at IS NULL) <> (d.submission_id IS NOT NULL)""",
    "a release has not its report, or a report its release": """SELECT s.id FROM
        (SELECT id, made->>'report' AS named FROM store_submission WHERE released_at IS NOT NULL) s
        FULL JOIN store_intelligencereport r ON r.reference = s.named
        WHERE s.id IS NULL OR r.id IS NULL""",
    "a report has not its item": """SELECT r.id FROM store_intelligencereport r
        LEFT JOIN store_intelligenceitem i ON i.of_id = r.id
        GROUP BY r.id HAVING count(i.*) <> 1""",
    "a grade is there twice": """SELECT item_id FROM store_itemgrade WHERE reason <> ''
        GROUP BY item_id, reason HAVING count(*) > 1""",
    "a deed has not its entry, or an entry its deed": """SELECT * FROM (VALUES
        ((SELECT count(*) FROM store_submission),
            (SELECT count(*) FROM store_logentry WHERE action = 'submission drafted')),
        ((SELECT count(*) FROM store_submission WHERE released_at IS NOT NULL),
            (SELECT count(*) FROM store_logentry WHERE action = 'submission released')),
        ((SELECT count(*) FROM store_itemgrade WHERE reason <> ''),
            (SELECT count(*) FROM store_logentry WHERE action = 'item graded anew'))
        ) AS counts(held, logged) WHERE held <> logged""",
    "an entry of the log is missing": "SELECT 1 FROM store_logentry HAVING max(id) <> count(*)",
}


class Received:
    """What came by mail: each mail's name, as often as it came."""

    def __init__(self) -> None:
        self.names: Counter[str] = Counter()

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:
        """Take a mail."""
        del server, session
        self.names[str(message_from_bytes(envelope.content)["Message-ID"])] += 1
        return "250 OK"


def totp(secret: str) -> str:
    """The code that an authenticator app shows (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Service(Repository):
    """A repository with its pages and its worker as processes."""

    def __init__(self, home: Path, mail: int) -> None:
        super().__init__(home)
        self.env["DARKFIGURE_MAIL"] = f"smtp+open://127.0.0.1:{mail}"
        self.port, self.children = free_port(), dict[str, subprocess.Popen[bytes]]()
        self.address = f"http://127.0.0.1:{self.port}"

    def begin(self, which: str) -> None:
        """Start the server of the pages, or the worker."""
        words = {"server": ["serve", "--port", str(self.port), "--no-worker"], "worker": ["work"]}
        self.children[which] = subprocess.Popen(
            [PROGRAM, *words[which]],
            env=self.env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def answers(self) -> None:
        """Wait until pages are answered."""
        for _ in range(300):
            try:
                httpx.get(f"{self.address}/measures", timeout=5).raise_for_status()
            except httpx.HTTPError:
                time.sleep(0.1)
            else:
                return
        raise Wrong("the pages are not answered")

    def kill(self, which: str) -> None:
        """SIGKILL to one of the three; what still runs goes on as it can."""
        if which == "PostgreSQL":
            self.kill_server()
            return
        self.children[which].kill()
        self.children[which].wait()

    def again(self) -> None:
        """Have all three run, as whoever looks after the machine does."""
        self.run("log", "--number", "1")  # starts PostgreSQL
        for which in ("server", "worker"):
            if which not in self.children or self.children[which].poll() is not None:
                self.begin(which)
        self.answers()

    def stop(self) -> None:
        """End what runs."""
        for child in self.children.values():
            child.send_signal(signal.SIGTERM)
            child.wait(timeout=30)
        subprocess.run([PROGRAM, "stop"], env=self.env, check=False, capture_output=True)


class Grader:
    """A grader who is signed in on the pages."""

    def __init__(self, address: str, email: str, password: str, secret: str) -> None:
        self.pages = httpx.Client(base_url=address, timeout=60, follow_redirects=True)
        self._post("/account/sign-in", login=email, password=password)
        found = self._post(str(self.pages_at), code=totp(secret))
        if found.status_code != 200 or "/desk" not in str(found.url):
            raise Wrong(f"nobody could sign in: {found.url}")

    def _post(self, path: str, **fields: str) -> httpx.Response:
        shown = self.pages.get(path)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', shown.text)
        given = {"csrfmiddlewaretoken": token[1] if token else "", **fields}
        found = self.pages.post(shown.url, data=given, headers={"Referer": str(shown.url)})
        self.pages_at = found.url
        return found

    def grade(self, item: str, reason: str) -> bool:
        """Grade an item; whether that was acknowledged."""
        try:
            found = self._post(f"/desk/items/grade?item={item}", grade="3BP", reason=reason)
        except httpx.HTTPError:
            return False
        return found.status_code == 200 and str(found.url).endswith("/desk/items")


class Round:
    """What is done in a round, and what of it was acknowledged."""

    def __init__(self, folder: Path, hubs: tuple[Hub, Hub], number: int) -> None:
        self.drafts, self.releases = hubs
        self.names = [f"SYN-{number * REPORTS + each}" for each in range(REPORTS)]
        self.files = [report(folder, number * REPORTS + each) for each in range(REPORTS)]
        self.receipts: dict[str, tuple[int, str]] = {}
        self.released: set[str] = set()

    def draft(self, name: str, path: Path, *, checked: bool) -> None:
        """Draft what is not yet acknowledged. Raises DarkfigureError where it is not."""
        if name not in self.receipts:
            sent = self.drafts.submit(
                path, kind="report", marking="OFFICIAL", key=name, checked=checked
            )
            held = sent["submission"]
            self.receipts[name] = (held["number"], held["sha256"])

    def receipt(self, place: int) -> None:
        """Ask for nothing but a receipt; whether it came is seen later."""
        with suppress(DarkfigureError):
            self.draft(self.names[place], self.files[place], checked=False)

    def go(self) -> None:
        """Draft and release what is not yet acknowledged: receipts of half of it at once, then all
        in order, until one is not.
        """
        wanted = (partial(self.receipt, place) for place in range(REPORTS // 2))
        for each in at_the_same_time(*wanted):
            each.join()
        for name, path in zip(self.names, self.files, strict=True):
            try:
                self.draft(name, path, checked=True)
                if name not in self.released:
                    self.releases.release(*self.receipts[name], key=f"release {name}")
                    self.released.add(name)
            except DarkfigureError:
                return

    @property
    def is_done(self) -> bool:
        """Whether all of it was acknowledged."""
        return len(self.released) == len(self.names)


def acknowledged(owner: psycopg.Connection[Any], done: Round, graded: set[str]) -> None:
    """Hold what was acknowledged to what is there."""
    for query, names in (
        ("SELECT count(*) FROM store_submission WHERE id = ANY(%s)",
         [number for number, _ in done.receipts.values()]),
        ("SELECT count(*) FROM store_intelligencereport WHERE reference = ANY(%s)",
         sorted(done.released)),
        ("SELECT count(*) FROM store_itemgrade WHERE reason = ANY(%s)", sorted(graded)),
    ):  # fmt: skip
        row = owner.execute(query, [names]).fetchone()
        if row is None or row[0] != len(names):
            raise Wrong(f"of {len(names)} that were acknowledged {row} are there: {query}")


@contextmanager
def owned(service: Service) -> Iterator[psycopg.Connection[Any]]:
    """The owner's connection."""
    password = json.loads((service.home / "logins.json").read_text())["embedded"]["postgres"]
    lines = (service.home / "postgres" / "postmaster.pid").read_text().splitlines()
    given = {"host": lines[4].strip(), "user": "postgres", "password": password}
    with psycopg.connect(**given, dbname="darkfigure", autocommit=True) as owner:
        yield owner


def at_the_same_time(*deeds: Callable[[], None]) -> list[threading.Thread]:
    """Begin each in a thread of its own."""
    begun = [threading.Thread(target=each) for each in deeds]
    for each in begun:
        each.start()
    return begun


def one(service: Service, done: Round, grader: Grader, before: list[str], after: float,
        which: str) -> str:  # fmt: skip
    """A round: begin, kill, start again, send again, look; what had been acknowledged by then."""
    graded: set[str] = set()

    def grade() -> None:
        with owned(service) as owner:
            held = {reason for (reason,) in owner.execute("SELECT reason FROM store_itemgrade")}
        for name in before:
            if f"SYNTHETIC {name}" in held:
                continue
            if grader.grade(f"kent {name}/1", f"SYNTHETIC {name}"):
                graded.add(f"SYNTHETIC {name}")

    begun = at_the_same_time(done.go, grade)
    time.sleep(after)
    service.kill(which)
    for each in begun:
        each.join()
    service.again()
    with owned(service) as owner:
        acknowledged(owner, done, graded)
    told = f"{len(done.receipts)} drafts, {len(done.released)} releases, {len(graded)} grades"
    for _ in range(20):
        done.go()
        if done.is_done:
            break
        time.sleep(0.5)
    grade()
    with owned(service) as owner:
        acknowledged(owner, done, {f"SYNTHETIC {name}" for name in before})
        for wrong, query in WHOLE.items():
            if found := owner.execute(query).fetchmany(3):
                raise Wrong(f"{wrong}: {found}")
    if not done.is_done:
        raise Wrong(f"of {done.names} only {sorted(done.released)} were taken in")
    return told


def posted(service: Service, received: Received) -> str:
    """Every mail arrived, and twice at most what a sender died with in hand."""
    with owned(service) as owner:
        owner.execute("UPDATE store_outgoing SET due_at = now() WHERE ended_at IS NULL")
        service.run("work", "--once")
        query = "SELECT outcome, count(*), count(*) FILTER (WHERE doubtful) FROM store_outgoing"
        found = owner.execute(f"{query} WHERE account_id IS NOT NULL GROUP BY 1").fetchall()
    states = {outcome: (number, doubtful) for outcome, number, doubtful in found}
    sent, doubtful = states.get("sent", (0, 0))
    given_up = states.get("given up", (0, 0))[0]
    twice = sum(number - 1 for number in received.names.values())
    if states.get("", (0, 0))[0] or not sent or len(received.names) < 1:
        raise Wrong(f"mail still waits: {states}")
    if twice > doubtful + given_up:
        raise Wrong(f"{twice} came twice, of which {doubtful} were doubtful: {states}")
    return f"{sent} mails sent, {given_up} given up, {twice} came twice"


def main() -> None:
    """All rounds, each in a service that goes on."""
    moments = random.Random(SEED)
    folder = Path(tempfile.mkdtemp(prefix="df-killed-"))
    received, mail = Received(), free_port()
    controller = Controller(received, hostname="127.0.0.1", port=mail)
    controller.start()
    service, told = Service(folder / "home", mail), Counter[str]()
    try:
        service.run("requirements", "load", "human_trafficking")
        said = service.run("demo-accounts", "--agency", "kent")
        (line,) = [each for each in said.splitlines() if each.startswith("grader@")]
        made = subprocess.run(
            [sys.executable, "-c", TOKENS],
            env={**service.env, "DJANGO_SETTINGS_MODULE": "darkfigure_hub.settings"},
            capture_output=True, text=True, check=True,
        ).stdout.split()  # fmt: skip
        service.again()
        hubs = [Hub(service.address, each, tries=1) for each in made]
        grader = Grader(service.address, *[each for each in line.split("  ") if each][:3])
        usual, before = 0.8, list[str]()
        for number in range(ROUNDS):
            done, which = Round(folder, (hubs[0], hubs[1]), number), KILLED[number % len(KILLED)]
            after = moments.uniform(0.02, 1.0) * usual
            told[which] += 1
            print(f"round {number}, {which} after {after:.2f} s:", end=" ", flush=True)
            print(one(service, done, grader, before, after, which), flush=True)
            before = done.names
        print(posted(service, received))
        print(f"{ROUNDS} rounds: {dict(told)} killed")
        print(service.run("log", "--number", "1"), end="")
    finally:
        service.stop()
        controller.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
