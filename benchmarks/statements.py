"""A million statements: loading against a bare COPY, asking against hand-written SQL. Prints
ratios.

Run with `make bench`. It uses a data folder of its own and leaves nothing behind. The statements
are synthetic.

Yardsticks, measured in the same run on the same server:
- load: `COPY` of the same rows, typed, into a table with the same columns, constraint and index, as
  durable; and `COPY` of the same file, unread and unchecked, into an unlogged table with one text
  column for each of its own;
- ask: the same totals by a GROUP BY written by hand over the repository's tables, as-at included.
"""

from __future__ import annotations

import csv
import os
import random
import resource
import time
from datetime import date
from pathlib import Path

from measuring import copied_bare, copied_same, in_own_folder, row, timed

ROWS = int(os.environ.get("ROWS", "1000000"))
REVISED = ROWS // 10
QUARTERS = [(year, quarter) for year in range(1984, 2024) for quarter in range(1, 5)]
COLUMNS = [
    "measure",
    "unit",
    "population",
    "period",
    "exploitation",
    "age_group",
    "sex",
    "nationality",
    "organisation_kind",
    "location",
    "value",
    "stated_on",
    "stated_by",
    "source",
]


def write_file(
    path: Path, rows: int, stated_on: str, *, shift: int = 0, years_back: int = 0
) -> None:
    """Synthetic referral statements, each a series of its own; `shift` changes values, `years_back`
    the periods.
    """
    from darkfigure.codes import codes_for

    lists = [
        list(codes_for(name).codes)
        for name in (
            "exploitation",
            "age_group",
            "sex",
            "nationality",
            "organisation_kind",
            "location",
        )
    ]
    chance = random.Random(20081217)
    with path.open("w", newline="", encoding="utf-8") as out:
        target = csv.writer(out, lineterminator="\n")
        target.writerow(COLUMNS)
        for number in range(rows):
            rest, dims = number, []
            for codes in lists:
                dims.append(codes[rest % len(codes)])
                rest //= len(codes)
            year, quarter = QUARTERS[rest % len(QUARTERS)]
            period = f"{year - years_back}Q{quarter}"
            target.writerow(
                [
                    "nrm_referrals",
                    "persons",
                    "uk",
                    period,
                    *dims,
                    chance.randrange(1, 400) + shift,
                    stated_on,
                    "HO",
                    "Synthetic statements for measuring speed",
                ]
            )


BY_HAND = """
SELECT {dims}, sum(s.value)
FROM store_statement s JOIN store_block b ON b.id = s.block_id
WHERE b.measure = 'nrm_referrals' AND b.role = 'figure' AND b.known @> %(day)s::date
    AND (s.closed IS NULL OR s.closed > %(day)s)
GROUP BY {dims}
"""


def by_hand(day: date, by: list[str]) -> list[tuple[object, ...]]:
    """The totals by hand-written SQL."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(BY_HAND.format(dims=", ".join(f"s.{name}" for name in by)), {"day": day})
        rows: list[tuple[object, ...]] = cursor.fetchall()
    return rows


def measure(folder: Path) -> None:
    """Load and ask, and print what it took."""
    from darkfigure.publication import ask
    from darkfigure_hub.access import for_operator
    from darkfigure_hub.flows.answer_question import answer_question
    from darkfigure_hub.flows.open_repository import open_repository
    from darkfigure_hub.flows.receive_return import receive_return

    scope = for_operator("benchmark", "measure speed")
    open_repository()
    part, first, second = folder / "part.csv", folder / "first.csv", folder / "second.csv"
    write_file(part, ROWS * 3 // 10, "2023-01-31", years_back=50)
    write_file(first, ROWS, "2024-01-31")
    write_file(second, REVISED, "2024-07-31", shift=1)
    receive_return(scope, part)
    peak_part = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{ROWS:,} statements, {first.stat().st_size / 1e6:.0f} MB; {os.cpu_count()} cores")

    bare = min(copied_bare(first, COLUMNS) for _ in range(2))
    start = time.perf_counter()
    receive_return(scope, first)
    loaded = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"load   bare COPY {bare:6.2f} s   with checks, file kept, indexed {loaded:6.2f} s   "
        f"ratio of rates {bare / loaded:.2f}"
    )
    same = copied_same(["store_statement"]) / 1.3
    print(
        f"       the same rows into the same table {same:6.2f} s   ratio of rates "
        f"{same / loaded:.2f} (aim: at least 0.5)"
    )
    row(
        f"loading {ROWS:,} statements",
        f"{loaded:.2f} s",
        f"COPY of the same rows into the same table: {same:.2f} s",
        loaded / same,
        memory=peak / 1024,
    )
    print(
        f"memory peak after loading {ROWS * 3 // 10:,} rows {peak_part / 1024:.0f} MB, after "
        f"loading {ROWS:,} {peak / 1024:.0f} MB"
    )
    start = time.perf_counter()
    receive_return(scope, second)
    print(f"revise {REVISED:,} of them: {time.perf_counter() - start:.2f} s")

    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE store_statement")
        cursor.execute("ANALYZE store_block")
    for day in (date(2024, 3, 1), date(2024, 12, 31)):
        for by in (
            ["exploitation", "age_group", "sex"],
            ["exploitation", "sex", "organisation_kind"],
            ["exploitation", "age_group", "nationality"],
        ):
            question = ask("nrm_referrals", day, by=by)
            answered = answer_question(scope, question)
            hand = {row[:3]: int(row[3]) for row in by_hand(day, by)}  # type: ignore[call-overload]
            assert {
                tuple(cell.dims[name] for name in by): cell.value for cell in answered.cells
            } == hand, "they differ"
            yardstick, seconds = timed(
                lambda d=day, b=by: by_hand(d, b), lambda q=question: answer_question(scope, q)
            )
            row(
                f"asking {ROWS:,} statements as at {day} by {', '.join(by)}",
                f"{seconds:.3f} s",
                f"SQL by hand: {yardstick:.3f} s",
                seconds / yardstick,
            )
            print(
                f"ask    as at {day} by {', '.join(by):38} {len(hand):5,} cells, equal   by hand "
                f"{yardstick:.3f} s   "
                f"ask {seconds:.3f} s   ratio {seconds / yardstick:.2f} (aim: at most 1.5)"
            )


if __name__ == "__main__":
    in_own_folder(measure)
