"""What the walls cost: the same statements of SQL as the service, which is not walled, and as the
web in the session of an analyst (who sees all walls) and of an agency's officer.

Run as `python benchmarks/walls.py`; ROWS rows (1,000,000) of statements and as many persons behind
300 walls of 100 agencies. Each question is asked RUNS times in turn by each; medians are told, and
their ratio to the service's. Where the officer is asked, the yardstick is the same question with
the walls written as a condition.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from measuring import in_own_folder, row, timed

ROWS, RUNS = int(os.environ.get("ROWS", "1000000")), int(os.environ.get("RUNS", "5"))
AGENCIES = 100
FILLED = (
    "SELECT gate.wall_of('agency' || a, m, 0, 0) "
    "FROM generate_series(1, {agencies}) a, generate_series(0, 2) m",
    "INSERT INTO store_statement (block_id, row, wall, area, value) SELECT n / 1000, n, "
    "(SELECT array_agg(id) FROM store_wall)[1 + n % (3 * {agencies})], 'area' || n % 43, n % 7 "
    "FROM generate_series(1, {rows}) n",
    "INSERT INTO case_person (record, agency, known_from, withdrawn, synthetic, return_id, row, "
    "wall, sex) SELECT 'person:' || n, 'agency' || n % {agencies}, '2026-01-01', false, true, 1, "
    "n, (SELECT array_agg(id) FROM store_wall)[1 + n % (3 * {agencies})], 'sex' || n % 2 "
    "FROM generate_series(1, {rows}) n",
    "CREATE INDEX ON case_person (record)",
    "ANALYZE",
)
#: Questions, and what they are called.
ASKED = {
    "a count": "SELECT count(*) FROM store_statement{where}",
    "sums by area": "SELECT area, sum(value), count(*) FROM store_statement{where} GROUP BY area",
    "rows of a block": "SELECT * FROM store_statement WHERE block_id = 77{and}",
    "persons by sex as at a day": "SELECT sex, count(*) FROM case_person "
    "WHERE known_from <= '2026-06-01' AND (known_to IS NULL OR known_to > '2026-06-01'){and} "
    "GROUP BY sex",
    "a person": "SELECT * FROM case_person WHERE record = 'person:4242'{and}",
}


#: What an officer of the agency 7 sees, written as a condition.
OWN = "wall IN (SELECT id FROM store_wall WHERE marking = 0 OR agency = 'agency7')"


@contextmanager
def logged_in(role: str, key: str = "") -> Iterator[object]:
    """A connection as a role; as the web, let in as a session."""
    import psycopg
    from django.db import connection

    from darkfigure_hub.store import roles
    from darkfigure_hub.store.logins import parameters

    given = parameters(roles.server(), role, connection.settings_dict["NAME"])
    with psycopg.connect(**given, autocommit=True) as opened:
        if key:
            opened.execute("SELECT gate.enter(%s)", [key])
        yield opened


def session(role: str, agency: str) -> str:
    """The key of a made-up session."""
    from django.utils import timezone

    from darkfigure_hub.access.sealing import seal_of
    from darkfigure_hub.store.models import Account, Appointment, Session
    from darkfigure_hub.store.sessions import key_hash

    account = Account.objects.create(email=f"{role}@example.org", name="Made Up", made_by="bench")
    now = timezone.now()
    of = {"account": account, "agency": agency, "role": role, "marking": 2}
    acting = Appointment.objects.create(**of, proposed_by="a", approved_by="b", approved_at=now)
    Session.objects.create(
        session_key=key_hash(role),
        session_data="",
        expire_date=now + timedelta(hours=1),
        account=account,
        acting=acting,
        seal=seal_of(role, account.pk),
    )
    return role


def asking(opened, question: str, condition: str = "") -> Callable[[], object]:
    """Ask a question with a condition written into it."""
    where, more = (f" WHERE {condition}", f" AND {condition}") if condition else ("", "")
    written = question.replace("{where}", where).replace("{and}", more)
    return lambda: opened.execute(written).fetchall()


def measure(_: Path) -> None:
    """Fill a repository, ask, print the table."""
    from django.db import connection

    from darkfigure_hub.flows.open_repository import open_repository
    from darkfigure_hub.store import roles
    from darkfigure_hub.store.logins import SERVICE, WEB

    open_repository()
    with roles.as_owner(), connection.cursor() as cursor:
        for each in FILLED:
            cursor.execute(each.format(agencies=AGENCIES, rows=ROWS))
    keys = session("analyst", "NCA"), session("reporting_officer", "agency7")
    with (
        logged_in(SERVICE) as service,
        logged_in(WEB, keys[0]) as analyst,
        logged_in(WEB, keys[1]) as officer,
    ):
        print(f"{ROWS:,} rows of statements and of persons, {3 * AGENCIES} walls, {RUNS} runs")
        heads = ("service", "analyst", "ratio", "by hand", "officer", "ratio")
        print(" " * 28 + "".join(f"{head:>10}" for head in heads))
        for name, question in ASKED.items():
            plain, walled, hand, bound = timed(
                asking(service, question),
                asking(analyst, question),
                asking(service, question, OWN),
                asking(officer, question),
                repeats=RUNS,
            )
            row(
                f"{name}, through walls, {ROWS:,} rows",
                f"{walled * 1000:.1f} ms",
                f"without walls: {plain * 1000:.1f} ms",
                walled / plain,
            )
            print(
                f"{name:28}{plain * 1000:8.1f}ms{walled * 1000:8.1f}ms{walled / plain:10.2f}"
                f"{hand * 1000:8.1f}ms{bound * 1000:8.1f}ms{bound / hand:10.2f}"
            )


if __name__ == "__main__":
    in_own_folder(measure)
