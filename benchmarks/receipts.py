"""Receipts at once: programs of AGENCIES (20) send a return of 1,000 rows each, at once, ROUNDS
(10) times over, and so to a bare view that keeps the same bytes with their hash by one INSERT.

Prints the 95th percentile of each beside one alone, and how many came to be held. Twice one alone
is told against what twenty take in one process on these cores whatever they do.
"""

from __future__ import annotations

import http.client
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from measuring import in_own_folder, row
from web import AGENCIES, a_return, at_once, percentile, served

ROUNDS = int(os.environ.get("ROUNDS", "10"))
Sent = Callable[[int, int], int]


def posted(port: int, body: bytes, headers: dict[str, str]) -> int:
    """Send a body over a line of its own. Gives the number it was kept under."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        line.request("POST", "/api/submissions?name=synthetic.csv", body, headers)
        reply = line.getresponse()
        told = reply.read()
    finally:
        line.close()
    if reply.status != 202:
        raise SystemExit(f"a receipt was refused: {reply.status}")
    found = json.loads(told)
    return int(found if isinstance(found, int) else found["submission"]["number"])


def measured(name: str, send: Sent) -> tuple[float, float]:
    """One alone, and the 95th percentile of all at once; each sending is held once."""
    alone, together, numbers = [], [], []

    def one(place: int, round_: int, into: list[float]) -> None:
        start = time.perf_counter()
        numbers.append(send(place, round_))
        into.append(time.perf_counter() - start)

    for place in range(AGENCIES):
        one(place, -1, alone)
    for round_ in range(ROUNDS):
        at_once(AGENCIES, lambda place, round_=round_: one(place, round_, together))  # type: ignore[misc]
    if len(set(numbers)) != AGENCIES * (ROUNDS + 1):
        raise SystemExit(f"{name}: {len(set(numbers))} numbers of {AGENCIES * (ROUNDS + 1)}")
    single, late = statistics.median(alone), percentile(together, 0.95)
    in_turn = late / single / AGENCIES
    print(
        f"{name:24}{single * 1000:8.1f} ms{late * 1000:10.1f} ms{late / single:9.1f}{in_turn:9.2f}"
    )
    return single, late


def measure(_folder: Path) -> None:
    """Send to both, print."""
    from django.db import connection

    from darkfigure.basis.marking import Marking
    from darkfigure.codes import codes_for
    from darkfigure_hub.access.scopes import for_account
    from darkfigure_hub.flows.open_repository import open_repository
    from darkfigure_hub.flows.programs import Wanted, make_token
    from darkfigure_hub.settings import THREADS
    from darkfigure_hub.store import roles
    from darkfigure_hub.store.logins import SERVICE, parameters

    open_repository()
    listed = codes_for("agency").codes.items()
    forces = sorted(
        code for code, each in listed if each.group == "police force" and not each.valid_to
    )[:AGENCIES]
    until = date.today() + timedelta(days=30)
    tokens = []
    for each in forces:
        scope = for_account("account:900001", "agency_administrator", each, 0, "bench")
        wanted = Wanted(each, "synthetic", ["returns"], Marking.OFFICIAL, until)
        tokens.append(make_token(scope, wanted).written)
    given = parameters(roles.server(), SERVICE, connection.settings_dict["NAME"])
    with roles.as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_receipt (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "
            "sha256 text NOT NULL, body bytea NOT NULL, at timestamptz NOT NULL DEFAULT now())"
        )
        cursor.execute(f"GRANT SELECT, INSERT ON bench_receipt TO {given['user']}")
    reached = {"NAME": given["dbname"], "HOST": given["host"], "USER": given["user"]}
    reached |= {"PASSWORD": given.get("password") or "", "PORT": str(given.get("port") or "")}
    programs = Path(sys.executable).parent
    bare = [str(programs / "granian"), "--interface", "wsgi", "--workers", "1"]
    bare += ["--blocking-threads", str(THREADS), "--host", "127.0.0.1", "bare_receipts:application"]
    bodies = [a_return(each) for each in forces]
    with (
        served([str(programs / "darkfigure"), "serve", "--no-worker"]) as ours,
        served(
            bare, BARE_DATABASE=json.dumps(reached), PYTHONPATH=str(Path(__file__).parent)
        ) as other,
    ):

        def to_us(place: int, round_: int) -> int:
            headers = {
                "Authorization": f"Bearer {tokens[place]}",
                "Idempotency-Key": f"round {round_}",
                "Prefer": "respond-async",
            }
            return posted(ours, bodies[place], headers)

        def to_bare(place: int, round_: int) -> int:  # noqa: ARG001 - as the other
            return posted(other, bodies[place], {})

        posted(other, bodies[0], {})
        to_us(0, -2)
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; {AGENCIES} at once, "
              f"{ROUNDS} times")  # fmt: skip
        print(f"{'':24}{'alone':>11}{'95th':>13}{'ratio':>9}{'in turn':>9}")
        found = measured("receipt", to_us)
        yardstick = measured("bare INSERT", to_bare)
    ratios = [mine / its for mine, its in zip(found, yardstick, strict=True)]
    row(
        f"receipts of {AGENCIES} agencies at once, 95th percentile",
        f"{found[1] * 1000:.0f} ms",
        f"a bare INSERT of the same bodies: {yardstick[1] * 1000:.0f} ms",
        ratios[1],
    )
    print(f"{'ratio to the bare view':24}{ratios[0]:8.1f}{ratios[1]:13.1f}")


if __name__ == "__main__":
    in_own_folder(measure)
