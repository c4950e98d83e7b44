"""Fifty analysts at once, and twenty agencies that send at once.

Run as `python benchmarks/web.py`; ROWS persons (1,000,000) and as many statements; CLIENTS analysts
(50), each of whom asks the ten pages that people ask most, in an order of their own, ROUNDS times.
The yardstick, in the same run and process: bare Django views that send the very statements of SQL
that each page sent, by a login that is not walled, and read every row: no permission, no session,
no page. Told are medians and 95th percentiles of a request, and their ratio.

Then AGENCIES (20) each send a return of 1,000 rows, drafted and released: one alone, and all at
once. What was acknowledged is counted in the repository: none lost, none doubled.
"""

from __future__ import annotations

import csv
import io
import os
import random
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

from measuring import in_own_folder
from walls import FILLED

ROWS = int(os.environ.get("ROWS", "1000000"))
CLIENTS, ROUNDS = int(os.environ.get("CLIENTS", "50")), int(os.environ.get("ROUNDS", "2"))
AGENCIES, RETURN = int(os.environ.get("AGENCIES", "20")), 1000
ASKED = "/ask?measure=victims_recovered"
PAGES = (
    "/",
    "/held",
    "/measures",
    f"{ASKED}&as_at=2008-12-17",
    f"{ASKED}&by=operation",
    f"{ASKED}&by=year",
    "/bridge?measure=victims_recovered&from=2008-07-02&to=2009-11-01",
    "/estimates",
    "/desk/",
    "/desk/coverage",
)


def percentile(seconds: Sequence[float], share: float) -> float:
    """The value below which a share of them lies."""
    held = sorted(seconds)
    return held[min(int(len(held) * share), len(held) - 1)]


def at_once(number: int, do: Callable[[int], None]) -> None:
    """Do something in so many threads that begin together."""
    barrier = threading.Barrier(number)

    def begun(each: int) -> None:
        from django.db import connection

        barrier.wait()
        try:
            do(each)
        finally:
            connection.close()

    threads = [threading.Thread(target=begun, args=(each,)) for each in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def statements_of(get: Callable[[str], object], page: str) -> list[tuple[str, object]]:
    """The statements of SQL that a page sends."""
    from django.db import connection

    sent: list[tuple[str, object]] = []

    def note(execute, sql, params, many, context):
        if sql.lstrip()[:6].upper() in ("SELECT", "WITH"):
            sent.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        get(page)
    return [each for each in sent if "gate.enter" not in each[0]]


def walked(ask: Callable[[int, str], object]) -> list[float]:
    """Seconds of each request of all clients, who ask at once."""
    seconds: list[float] = []

    def client(number: int) -> None:
        order = random.Random(number)
        for _ in range(ROUNDS):
            for page in order.sample(PAGES, len(PAGES)):
                start = time.perf_counter()
                ask(number, page)
                seconds.append(time.perf_counter() - start)

    at_once(CLIENTS, client)
    return seconds


def told(name: str, found: list[float], yardstick: list[float]) -> None:
    """A line: medians and 95th percentiles beside those of the yardstick."""
    parts = []
    for share in (0.5, 0.95):
        one, other = percentile(found, share), percentile(yardstick, share)
        parts.append(f"{one * 1000:9.0f}ms{other * 1000:9.0f}ms{one / other:7.2f}")
    print(f"{name:28}" + "".join(parts))


def session() -> str:
    """The key of a session of a made-up analyst."""
    from django.utils import timezone

    from darkfigure_hub.store.models import Account, Appointment
    from darkfigure_hub.store.sessions import SessionStore
    from darkfigure_hub.web.signing_in import PROVED

    account = Account.objects.create(email="analyst@example.org", name="Made Up", made_by="bench")
    now = timezone.now()
    of = {"account": account, "agency": "NCA", "role": "analyst", "marking": 2}
    acting = Appointment.objects.create(**of, proposed_by="a", approved_by="b", approved_at=now)
    held = SessionStore()
    held["_auth_user_id"] = str(account.pk)
    held["_auth_user_backend"] = "allauth.account.auth_backends.AuthenticationBackend"
    held["_auth_user_hash"] = account.get_session_auth_hash()
    held["acting"], held[PROVED] = acting.pk, True
    held.save()
    return str(held.session_key)


def analysts(key: str) -> None:
    """The ten pages, alone and by all at once, beside bare views."""
    from django.db import connection
    from django.http import HttpResponse
    from django.test import Client, RequestFactory

    from darkfigure_hub.store.logins import SERVICE, WEB
    from darkfigure_hub.store.postgres import entering

    def browser() -> Client:
        made = Client(HTTP_HOST="127.0.0.1")
        made.cookies["darkfigure_session"] = key
        return made

    def as_login(name: str) -> None:
        connection.close()
        entering.log_in_as(name)
        connection.acting = name

    as_login(WEB)
    one = browser()
    sent = {page: statements_of(one.get, page) for page in PAGES}
    for page in PAGES:
        connection.close()
        assert one.get(page).status_code == 200, (page, one.get(page).status_code)

    def bare(request) -> HttpResponse:
        with connection.cursor() as cursor:
            rows = 0
            for sql, params in sent[request.GET["page"]]:
                cursor.execute(sql, params)
                rows += len(cursor.fetchall())
        return HttpResponse(str(rows))

    def ask(number: int, page: str) -> None:
        connection.close()  # as on the server: one for each request
        connection.acting = entering.login()
        clients[number].get(page)

    def ask_bare(_: int, page: str) -> None:
        connection.close()
        connection.acting = entering.login()
        bare(RequestFactory().get("/", {"page": page}))

    clients = [browser() for _ in range(CLIENTS)]
    print(f"{'':28}{'median':>11}{'bare':>11}{'ratio':>7}{'95th':>11}{'bare':>11}{'ratio':>7}")
    for page in PAGES:
        as_login(WEB)
        alone = [_timed(lambda at=page: ask(0, at)) for _ in range(5)]
        as_login(SERVICE)
        yardstick = [_timed(lambda at=page: ask_bare(0, at)) for _ in range(5)]
        told(page[:28], alone, yardstick)
    as_login(WEB)
    found = walked(ask)
    as_login(SERVICE)
    told(f"{CLIENTS} analysts, all ten", found, walked(ask_bare))


def _timed(do: Callable[[], object]) -> float:
    start = time.perf_counter()
    do()
    return time.perf_counter() - start


def a_return(agency: str) -> bytes:
    """A made-up return of an agency."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["measure", "period", "value", "stated_on", "stated_by", "source", "operation"])
    for number in range(RETURN):
        day = (date(2022, 1, 1) + timedelta(days=number)).isoformat()
        rows.writerow(["arrests", day, number % 7, "2026-03-01", agency, "SYNTHETIC", ""])
    return out.getvalue().encode()


def agencies() -> None:
    """Returns sent alone and at once, and what is held of them."""
    from darkfigure.codes import codes_for
    from darkfigure_hub.access.roles import Role
    from darkfigure_hub.access.scopes import for_account
    from darkfigure_hub.flows.submit import draft_submission, release_submission, show_submission
    from darkfigure_hub.store.models import Return

    forces = [code for code, held in codes_for("agency").codes.items() if held.group == "police"]
    held: list[int] = []

    def send(agency: str) -> float:
        start = time.perf_counter()
        officer = for_account("account:900001", Role.REPORTING_OFFICER, agency, 2, "bench")
        other = for_account("account:900002", Role.AGENCY_SUPERVISOR, agency, 2, "bench")
        number = draft_submission(officer, "return", "bench.csv", a_return(agency))
        digest = show_submission(other, number)[0].sha256
        held.extend(release_submission(other, number, digest)["returns"])
        return time.perf_counter() - start

    alone = statistics.median(send(agency) for agency in forces[:3])
    seconds: list[float] = []
    sending = forces[3 : 3 + AGENCIES]
    at_once(len(sending), lambda each: seconds.append(send(sending[each])))
    late = percentile(seconds, 0.95)
    print(f"\n{len(sending)} agencies send {RETURN:,} rows at once: one alone {alone:.2f}s,")
    print(f"95th percentile of the receipt {late:.2f}s, {late / alone:.2f} of one alone,")
    print(f"{late / alone / len(sending):.2f} of all one after another")
    there = Return.objects.filter(id__in=held).count()
    print(f"acknowledged {len(held)}, held {there}, doubled {len(held) - len(set(held))}")


def measure(_: Path) -> None:
    """Fill a repository, ask, send, print."""
    from django.db import connection

    from darkfigure.reading.manifest import examples
    from darkfigure_hub.access import for_operator
    from darkfigure_hub.flows.open_repository import open_repository
    from darkfigure_hub.flows.receive_return import receive_return
    from darkfigure_hub.flows.set_requirements import load_set
    from darkfigure_hub.store import roles

    open_repository()
    scope = for_operator("bench", "bench")
    sources = Path(__file__).parent.parent / "src" / "darkfigure" / "data" / "sources"
    for example in examples():
        receive_return(scope, sources / example.name)
    load_set(scope, "human_trafficking")
    with roles.as_owner(), connection.cursor() as cursor:
        for each in FILLED:
            apart = each.replace("n / 1000", "1000000 + n / 1000")  # in no block of the examples
            cursor.execute(apart.format(agencies=100, rows=ROWS))
    print(f"{ROWS:,} persons and as many statements beside the examples; {os.cpu_count()} cores")
    analysts(session())
    agencies()


if __name__ == "__main__":
    in_own_folder(measure)
