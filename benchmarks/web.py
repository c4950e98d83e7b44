"""Fifty analysts at once, and twenty agencies that send at once, on the service as it is served.

Run as `python benchmarks/web.py`; ROWS persons (1,000,000), each with a recovery, and as many
statements, of forty agencies behind their walls, made up and brought in by COPY; CLIENTS analysts
(50), each signed in with a session of their own, who ask the ten pages that people ask most, in an
order of their own, ROUNDS times. PARTS (analysts,walls,agencies) names what of all this is done;
APART=1 has each analyst ask about records as of a day of their own, so that each is counted. The
service is `darkfigure serve`; the yardstick, in turn with it in the same run, is a bare Django view
on the same server that sends the very statements of SQL which each page sent, by a login that is
not walled, and reads every row: no permission, no session, no page, nothing kept of what was
counted (`bare_views.py`). Told are medians and 95th percentiles of a request, and their ratio.

The heaviest statement of each page is then asked in turn through the walls and without them.

At last AGENCIES (20) programs each send a return of 1,000 rows and have it released: some one after
another, then all at once; with the checks in the receipt, and with the receipt at once and the
checks asked for after it. What was acknowledged is counted in the repository, and sent once more
under its key: none lost, none doubled.
"""

from __future__ import annotations

import csv
import http.client
import io
import json
import os
import pickle
import random
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from measuring import in_own_folder, row, timed

ROWS = int(os.environ.get("ROWS", "1000000"))
CLIENTS, ROUNDS = int(os.environ.get("CLIENTS", "50")), int(os.environ.get("ROUNDS", "2"))
PARTS = set(os.environ.get("PARTS", "analysts,walls,agencies").split(","))
APART = os.environ.get("APART") == "1"
AGENCIES, RETURN = int(os.environ.get("AGENCIES", "20")), 1000
ASKED = "/ask?measure=victims_recovered"
PAGES = (
    "/",
    "/measures",
    f"{ASKED}&as_at=2008-12-17",
    f"{ASKED}&by=operation",
    f"{ASKED}&by=year",
    f"{ASKED}&by=sex&evidence=cases",
    "/bridge?measure=victims_recovered&from=2008-07-02&to=2009-11-01",
    "/estimates",
    "/desk/",
    "/desk/coverage",
)
#: What a request sends to find out who asks: no part of what the page asks.
WHO = re.compile(r"gate\.enter|store_session|store_account|store_appointment|mfa_|store_logentry")
#: Walls of forty agencies, each at two markings; a return for each; statements, persons and
#: recoveries behind them.
AROUND = 40
FILLED = {
    "store_statement (block_id, row, wall, area, value)": "SELECT 1000000 + n / 1000, n, wall, "
    "'area' || n % 43, n % 7",
    "case_person (record, agency, known_from, withdrawn, synthetic, return_id, row, wall, sex)": (
        "SELECT 'person:' || n, agency, '2024-01-31', false, true, return, n, wall, "
        "CASE n % 3 WHEN 0 THEN 'male' ELSE 'female' END"
    ),
    "case_recovery (record, agency, known_from, withdrawn, synthetic, return_id, row, wall, person,"
    " date)": (
        "SELECT 'recovery:' || n, agency, '2024-01-31', false, true, return, n, wall, "
        "'person:' || n, date '2015-01-01' + n % 3200"
    ),
}
AMONG = """ FROM generate_series(1, {rows}) n
    JOIN bench_wall w ON w.place = n % (2 * {around})"""


def fill() -> None:
    """Bring it all in by COPY from one connection of the owner to another."""
    import psycopg
    from django.db import connection

    from darkfigure_hub.store import roles
    from darkfigure_hub.store.logins import OWNER, parameters

    given = parameters(roles.server(), OWNER, connection.settings_dict["NAME"])
    with psycopg.connect(**given) as source, psycopg.connect(**given) as target:
        source.execute(
            "INSERT INTO store_receivedfile (sha256, name, size) VALUES ('bench', 'SYNTHETIC', 1)"
        )
        source.execute(
            f"""CREATE TABLE bench_wall AS WITH made AS (
                SELECT place, 'force' || place / 2 AS agency, 1 + place % 2 AS marking
                FROM generate_series(0, {2 * AROUND - 1}) place),
            taken AS (INSERT INTO store_return (file_id, part, kind, received_at, received_by,
                agency, marking, rows, source, wall) SELECT 'bench', place, 'case records', now(),
                'bench', agency, marking, 1, 'SYNTHETIC', 0 FROM made RETURNING id, part)
            SELECT made.*, id AS return, gate.wall_of(agency, marking, 0, 0) AS wall
            FROM made JOIN taken ON part = place::text"""
        )
        source.execute(
            "UPDATE store_return r SET wall = w.wall FROM bench_wall w WHERE r.id = w.return"
        )
        source.commit()
        for into, select in FILLED.items():
            asked = select + AMONG.format(rows=ROWS, around=AROUND)
            with (
                source.cursor().copy(f"COPY ({asked}) TO STDOUT") as out,
                target.cursor().copy(f"COPY {into} FROM STDIN") as filled,
            ):
                for piece in out:
                    filled.write(piece)
        source.execute("DROP TABLE bench_wall")
        target.commit()
        source.commit()
        source.autocommit = True
        source.execute("ANALYZE")


def percentile(seconds: Sequence[float], share: float) -> float:
    """The value below which a share of them lies."""
    held = sorted(seconds)
    return held[min(int(len(held) * share), len(held) - 1)]


def at_once(number: int, do: Callable[[int], None]) -> None:
    """Do something in so many threads that begin together."""
    barrier = threading.Barrier(number)

    def begun(each: int) -> None:
        barrier.wait()
        do(each)

    threads = [threading.Thread(target=begun, args=(each,)) for each in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def statements_of(get: Callable[[str], Any], page: str) -> list[tuple[str, Any]]:
    """The statements of SQL by which a page reads what it says."""
    from django.db import connection

    sent: list[tuple[str, Any]] = []

    def note(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        if sql.lstrip()[:6].upper() in ("SELECT", "WITH") and not WHO.search(sql):
            sent.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        shown = get(page)
    if shown.status_code != 200:
        raise SystemExit(f"{page} is answered {shown.status_code}")
    return sent


def sessions() -> list[str]:
    """The keys of sessions of made-up analysts, as many as there are clients."""
    from django.utils import timezone

    from darkfigure_hub.access.sealing import seal_of
    from darkfigure_hub.store.models import Account, Appointment
    from darkfigure_hub.store.sessions import SessionStore
    from darkfigure_hub.web.signing_in import PROVED

    found = []
    for number in range(CLIENTS):
        account = Account.objects.create(email=f"{number}@example.org", name="Made Up", made_by="b")
        acting = Appointment.objects.create(
            account=account, agency="NCA", role="analyst", marking=2, proposed_by="a",
            approved_by="b", approved_at=timezone.now(),
        )  # fmt: skip
        held = SessionStore()
        held["_auth_user_id"] = str(account.pk)
        held["_auth_user_backend"] = "allauth.account.auth_backends.AuthenticationBackend"
        held["_auth_user_hash"] = account.get_session_auth_hash()
        held["acting"], held[PROVED] = acting.pk, True
        held.save()
        held["seal"] = seal_of(str(held.session_key), account.pk)
        held.save()
        found.append(str(held.session_key))
    return found


@contextmanager
def served(command: Sequence[str], **more: str) -> Iterator[int]:
    """The port on which a server that was started answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    started = subprocess.Popen(
        [*command, "--port", str(port)],
        env={**os.environ, **more},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        started.terminate()
        started.wait()


class Client:
    """Somebody who asks pages over one connection, and comes again where the service is full."""

    def __init__(self, port: int, key: str) -> None:
        self.to = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
        self.headers = {"Cookie": f"darkfigure_session={key}"}

    def get(self, page: str, came: Counter[int]) -> float:
        """Seconds until the page was there."""
        start = time.perf_counter()
        while True:
            self.to.request("GET", page, headers=self.headers)
            shown = self.to.getresponse()
            shown.read()
            came[shown.status] += 1
            if shown.status != 503:
                return time.perf_counter() - start
            time.sleep(1)


def walked(
    port: int, keys: Sequence[str], number: int, came: Counter[int], *, apart: bool = False
) -> list[float]:
    """Seconds of each request of all clients, who ask at once; `apart`, as of a day of their own
    where they ask of records.
    """
    seconds: list[float] = []
    clients = [Client(port, key) for key in keys]

    def client(each: int) -> None:
        for page in random.Random(f"{number} {each}").sample(PAGES, len(PAGES)):
            if apart and page.endswith("evidence=cases"):
                day = date(2026, 1, 1) - timedelta(days=each + number * len(clients))
                page += f"&as_at={day}"
            seconds.append(clients[each].get(page, came))

    at_once(len(clients), client)
    return seconds


def told(name: str, found: list[float], yardstick: list[float]) -> None:
    """A line: medians and 95th percentiles beside those of the yardstick."""
    parts = []
    for share in (0.5, 0.95):
        one, other = percentile(found, share), percentile(yardstick, share)
        parts.append(f"{one * 1000:9.0f}ms{other * 1000:9.0f}ms{one / other:7.2f}")
    print(f"{name:28}" + "".join(parts), flush=True)


def sent_by_pages(key: str) -> dict[str, list[tuple[str, Any]]]:
    """The statements of each page, as the web sends them in the session of an analyst."""
    from django.db import connection
    from django.test import Client as Asking

    from darkfigure_hub.store.logins import SERVICE, WEB
    from darkfigure_hub.store.postgres import entering
    from darkfigure_hub.store.queries import counted_once

    entering.log_in_as(WEB)
    browser = Asking(HTTP_HOST="127.0.0.1")
    browser.cookies["darkfigure_session"] = key
    found = {}
    for page in PAGES:
        connection.close()
        connection.acting = WEB
        browser.get(page)
        counted_once.forget()
        found[page] = statements_of(browser.get, page)
    entering.log_in_as(SERVICE)
    connection.close()
    connection.acting = SERVICE
    return found


def analysts(folder: Path, keys: list[str], sent: dict[str, list[tuple[str, Any]]]) -> None:
    """The ten pages, one by one and by all at once, beside bare views on the same server."""
    from django.db import connection

    from darkfigure_hub.settings import THREADS
    from darkfigure_hub.store import roles
    from darkfigure_hub.store.logins import SERVICE, parameters

    (folder / "sent").write_bytes(pickle.dumps(sent))
    given = parameters(roles.server(), SERVICE, connection.settings_dict["NAME"])
    reached = {"NAME": given["dbname"], "HOST": given["host"], "USER": given["user"]}
    reached |= {"PASSWORD": given.get("password") or "", "PORT": str(given.get("port") or "")}
    programs = Path(sys.executable).parent
    bare = [str(programs / "granian"), "--interface", "wsgi", "--workers", "1"]
    bare += ["--blocking-threads", str(THREADS), "--host", "127.0.0.1", "bare_views:application"]
    with (
        served([str(programs / "darkfigure"), "serve", "--no-worker"]) as ours,
        served(
            bare,
            BARE_STATEMENTS=str(folder / "sent"),
            BARE_DATABASE=json.dumps(reached),
            PYTHONPATH=str(Path(__file__).parent),
        ) as other,
    ):
        print(f"{'':28}{'median':>11}{'bare':>11}{'ratio':>7}{'95th':>11}{'bare':>11}{'ratio':>7}")
        came, bare_came = Counter[int](), Counter[int]()
        one, two = Client(ours, keys[0]), Client(other, "")
        for page in PAGES:
            pairs = [(one.get(page, came), two.get(page, bare_came)) for _ in range(6)][1:]
            told(page[:28], *map(list, zip(*pairs, strict=True)))
        found, yardstick = [], []
        came.clear()
        for number in range(ROUNDS):
            found += walked(ours, keys, number, came, apart=APART)
            yardstick += walked(other, keys, number, bare_came)
        told(f"{CLIENTS} analysts, all ten", found, yardstick)
        for share, word in ((0.5, "median"), (0.95, "95th percentile")):
            one_, bare_ = percentile(found, share), percentile(yardstick, share)
            row(
                f"{CLIENTS} analysts at once, {ROWS:,} persons, {word}",
                f"{one_ * 1000:.0f} ms",
                f"a bare view of the same SQL: {bare_ * 1000:.0f} ms",
                one_ / bare_,
            )
        print(f"answers by status: {dict(came)}; of the yardstick {dict(bare_came)}")


def through_walls(key: str, sent: dict[str, list[tuple[str, Any]]]) -> None:
    """The heaviest statement of each page, through the walls of an analyst and without walls."""
    import psycopg
    from django.db import connection

    from darkfigure_hub.store import roles
    from darkfigure_hub.store.logins import SERVICE, WEB, parameters

    def opened(role: str) -> psycopg.Connection[Any]:
        given = parameters(roles.server(), role, connection.settings_dict["NAME"])
        return psycopg.connect(
            **given, autocommit=True, cursor_factory=psycopg.ClientCursor[tuple[Any, ...]]
        )

    with opened(SERVICE) as service, opened(WEB) as web:
        web.execute("SELECT gate.enter(%s)", [key])

        def asks(by: psycopg.Connection[Any], sql: str, params: Any) -> Callable[[], object]:
            return lambda: by.execute(sql, params).fetchall()

        every = {sql: (sql, params) for each in sent.values() for sql, params in each}
        times = {sql: timed(asks(web, *one), repeats=2)[0] for sql, one in every.items()}
        heaviest = sorted(times, key=lambda sql: -times[sql])[:10]
        print(f"\n{'the ten heaviest statements':60}{'walled':>10}{'plain':>10}{'ratio':>7}")
        for sql in heaviest:
            walled, plain = timed(asks(web, *every[sql]), asks(service, *every[sql]), repeats=9)
            words = " ".join(re.findall(r'(?:FROM|JOIN) "?(\w+)', sql))[:58]
            print(f"{words:60}{walled * 1000:8.1f}ms{plain * 1000:8.1f}ms{walled / plain:7.2f}")


def a_return(agency: str) -> bytes:
    """A made-up return of an agency."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["measure", "period", "value", "stated_on", "stated_by", "source", "operation"])
    for number in range(RETURN):
        day = (date(2022, 1, 1) + timedelta(days=number)).isoformat()
        rows.writerow(["arrests", day, number % 7, "2026-03-01", agency, "SYNTHETIC", ""])
    return out.getvalue().encode()


def agencies(forces: Sequence[str], *, checked: bool) -> None:
    """Returns sent and released by programs, alone and at once, and what is held of them; with
    `checked` receipts say what the checks say.
    """
    from darkfigure.basis.marking import Marking
    from darkfigure.client import Hub
    from darkfigure_hub.access.scopes import for_account
    from darkfigure_hub.flows.programs import Wanted, make_token
    from darkfigure_hub.store.models import Return, Submission

    until = date.today() + timedelta(days=30)

    def token(agency: str, who: int, grant: str) -> str:
        scope = for_account(f"account:{who}", "agency_administrator", agency, 0, "bench")
        wanted = Wanted(agency, "synthetic", [grant], Marking.OFFICIAL, until)
        return make_token(scope, wanted).written

    tokens = {
        each: (token(each, 900001, "returns"), token(each, 900002, "release")) for each in forces
    }
    program = str(Path(sys.executable).parent / "darkfigure")
    with served([program, "serve", "--no-worker"]) as port:
        url = f"http://127.0.0.1:{port}"
        hubs = {each: tuple(Hub(url, one, seconds=300) for one in tokens[each]) for each in forces}
        receipts: dict[str, Any] = {}
        seconds: dict[str, list[float]] = {"receipt": [], "checks": [], "release": []}

        def send(agency: str) -> tuple[float, float, float]:
            sends, releases = hubs[agency]
            start = time.perf_counter()
            told = sends.submit(
                a_return(agency), kind="return", marking="OFFICIAL", key="one", checked=checked
            )
            got = told["submission"]
            received = time.perf_counter()
            if not checked and not sends.submission(got["number"])["checks"]["whole"]:
                raise SystemExit(f"what {agency} sent is found to be faulty")
            looked_at = time.perf_counter()
            releases.release(got["number"], got["sha256"], key="release")
            receipts[agency] = got
            return received - start, looked_at - start, time.perf_counter() - looked_at

        alone = [send(each) for each in forces[:5]]
        sending = forces[5 : 5 + AGENCIES]

        def sent(each: int) -> None:
            for took, one in zip(seconds.values(), send(sending[each]), strict=True):
                took.append(one)

        at_once(len(sending), sent)
        how = "checked" if checked else "receipt at once"
        print(f"\n{len(sending)} send {RETURN:,} rows, {how:19}alone    at once, 95th")
        for place, (name, took) in enumerate(seconds.items()):
            one, late = statistics.median(each[place] for each in alone), percentile(took, 0.95)
            ratio = f"{late / one:.1f}, of all one after another {late / one / len(sending):.2f}"
            print(f"{name:28}{one:14.2f}s{late:14.2f}s   ratio {ratio}")
        for agency in receipts:
            again = hubs[agency][0].submit(
                a_return(agency), kind="return", marking="OFFICIAL", key="one", checked=checked
            )
            if again["submission"]["number"] != receipts[agency]["number"]:
                raise SystemExit(f"what {agency} sent again was taken for something new")
    numbers = [each["number"] for each in receipts.values()]
    released = Submission.objects.filter(pk__in=numbers, released_at__isnull=False).count()
    held = Return.objects.filter(source__contains="", agency__in=receipts, rows=RETURN).count()
    print(f"acknowledged {len(numbers)}, released {released}, returns held {held}")
    if not len(numbers) == len(set(numbers)) == released == held:
        raise SystemExit("something was lost or doubled")


def measure(folder: Path) -> None:
    """Fill a repository, ask, send, print."""
    from darkfigure.reading.manifest import examples
    from darkfigure_hub.access import for_operator
    from darkfigure_hub.flows.open_repository import open_repository
    from darkfigure_hub.flows.receive_return import receive_return
    from darkfigure_hub.flows.set_requirements import load_set

    open_repository()
    scope = for_operator("bench", "bench")
    sources = Path(__file__).parent.parent / "src" / "darkfigure" / "data" / "sources"
    for example in examples():
        receive_return(scope, sources / example.name)
    load_set(scope, "human_trafficking")
    start = time.perf_counter()
    fill()
    took = time.perf_counter() - start
    print(f"{ROWS:,} persons, recoveries and statements in {took:.0f} s; {os.cpu_count()} cores, "
          f"load {os.getloadavg()[0]:.1f}", flush=True)  # fmt: skip
    if {"analysts", "walls"} & PARTS:
        keys = sessions()
        sent = sent_by_pages(keys[0])
        if "analysts" in PARTS:
            analysts(folder, keys, sent)
        if "walls" in PARTS:
            through_walls(keys[0], sent)
    if "agencies" in PARTS:
        all_agencies()


def all_agencies() -> None:
    """What agencies' programs send, with the checks in the receipt, and with the receipt first."""
    from darkfigure.codes import codes_for

    held = codes_for("agency").codes.items()
    forces = [code for code, each in held if each.group == "police force" and not each.valid_to]
    forces.sort()
    for place, checked in enumerate((True, False)):
        mine = forces[place::2][: AGENCIES + 5]
        agencies(mine, checked=checked)


if __name__ == "__main__":
    in_own_folder(measure)
