"""A national repository of synthetic case records: 1,000,000 persons, 5,000,000 events. Prints
ratios.

Run with `make bench`, or with PERSONS=100000 for less. It uses a data folder of its own and leaves
nothing behind.

Yardsticks, measured in the same run:
- ingest: `COPY` of the same rows, typed and sealed already, into tables with the same columns,
  constraints and indexes; and `COPY` of the same files, unread and unchecked, into unlogged tables
  with one text column for each of theirs;
- count: the same figures by SQL written by hand, on PostgreSQL and, over the snapshot's files, on
  DuckDB; as-at included;
- snapshot: `COPY ... TO STDOUT` of the same tables, the text thrown away.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from measuring import copied_same, in_own_folder, peak, row, timed

PERSONS = int(os.environ.get("PERSONS", "1000000"))
#: Events of each kind for each person; five in all.
EVENTS = {
    "recovery": 1.0,
    "arrest": 1.2,
    "charge": 0.8,
    "hearing": 1.2,
    "no_further_action": 0.4,
    "sentence": 0.4,
}
STATED, CORRECTED, DAY = "2024-01-31", "2024-07-31", date(2024, 12, 31)
OFFENCES = [
    "court:72/1",
    "court:72/2",
    "court:72/3",
    "court:36/8",
    "court:24/17",
    "court:24/18",
    "court:38/1",
    "court:78/10",
]


def write_returns(folder: Path) -> dict[str, Path]:
    """One CSV return for each kind, and one that corrects a tenth of the arrests."""
    chance = np.random.default_rng(20081217)
    folder.mkdir()
    tables = _tables(chance)
    paths = {}
    for kind, frame in tables.items():
        paths[kind] = folder / f"{kind}.csv"
        _write(paths[kind], kind, frame, STATED)
    corrected = tables["arrest"][: PERSONS // 8].with_columns(
        offence=pl.lit("court:24/18"), change_reason=pl.lit("reclassified")
    )
    paths["corrections"] = folder / "corrections.csv"
    _write(paths["corrections"], "arrest", corrected, CORRECTED)
    return paths


def _write(path: Path, kind: str, frame: pl.DataFrame, stated: str) -> None:
    fixed = {"record_kind": kind, "stated_on": stated, "reported_by": "UKHTC", "synthetic": "yes"}
    frame.with_columns(pl.lit(value).alias(name) for name, value in fixed.items()).write_csv(path)


def _tables(chance: np.random.Generator) -> dict[str, pl.DataFrame]:
    from darkfigure.codes import codes_for

    def some(codes: list[str], number: int, empty: float = 0.1) -> pl.Series:
        picked = pl.Series(codes, dtype=pl.String).gather(chance.integers(0, len(codes), number))
        return pl.select(
            pl.when(pl.Series(chance.random(number) >= empty)).then(picked)
        ).to_series()

    def days(number: int) -> pl.Series:
        return pl.Series(np.datetime64("2015-01-01") + chance.integers(0, 3200, number)).cast(
            pl.Date
        )

    def refs(name: str, number: int, among: int | None = None) -> pl.Series:
        numbers = chance.integers(0, among, number) if among else np.arange(number)
        return pl.select(pl.format("{}{}", pl.lit(name), pl.Series(numbers))).to_series()

    sizes = {kind: int(PERSONS * share) for kind, share in EVENTS.items()}
    areas = [code for code in codes_for("area").codes if "," not in code][:43]
    nationalities = list(codes_for("nationality").codes)[1:60]
    campaigns = ["Pentameter 1", "Pentameter 2"]
    tables = {
        "person": pl.DataFrame(
            {
                "record": refs("P", PERSONS),
                "sex": some(["female", "male"], PERSONS),
                "nationality": some(nationalities, PERSONS),
            }
        )
    }
    shared = {
        "recovery": {
            "person": ("P", PERSONS),
            "operation": campaigns,
            "area": areas,
            "exploitation": ["sexual", "labour", "domestic", "criminal"],
            "age_group": ["adult", "child"],
        },
        "arrest": {
            "person": ("P", PERSONS),
            "operation": campaigns,
            "area": areas,
            "offence": OFFENCES,
        },
        "charge": {
            "person": ("P", PERSONS),
            "arrest": ("A", sizes["arrest"]),
            "area": areas,
            "offence": OFFENCES,
        },
        "hearing": {
            "charge": ("C", sizes["charge"]),
            "stage": ["first_hearing", "trial"],
            "outcome": ["adjourned", "convicted", "acquitted"],
        },
        "no_further_action": {"arrest": ("A", sizes["arrest"])},
        "sentence": {
            "charge": ("C", sizes["charge"]),
            "disposal": ["immediate_custody", "community_sentence"],
        },
    }
    prefixes = {
        "recovery": "R",
        "arrest": "A",
        "charge": "C",
        "hearing": "H",
        "no_further_action": "N",
        "sentence": "S",
    }
    required = {"stage", "outcome", "disposal"}
    for kind, columns in shared.items():
        number = sizes[kind]
        made: dict[str, pl.Series] = {"record": refs(prefixes[kind], number), "date": days(number)}
        for name, values in columns.items():
            if isinstance(values, tuple):
                made[name] = refs(values[0], number, values[1])
            else:
                made[name] = some(
                    values,
                    number,
                    0.0 if name in required or (kind, name) == ("charge", "offence") else 0.1,
                )
        tables[kind] = pl.DataFrame(made)
    # A charge comes after the arrest it arose from.
    tables["charge"] = tables["charge"].with_columns(date=pl.lit(date(2023, 12, 1)))
    return tables


def copy_bare(paths: dict[str, Path]) -> float:
    """Seconds for a bare COPY of every file into an unlogged table."""
    from django.db import connection

    from darkfigure_hub.store.roles import as_owner

    seconds = 0.0
    with as_owner(), connection.cursor() as cursor:
        for path in paths.values():
            names = path.open().readline().strip().split(",")
            cursor.execute("DROP TABLE IF EXISTS yardstick")
            cursor.execute(
                "CREATE UNLOGGED TABLE yardstick ("
                + ", ".join(f'"{name}" text' for name in names)
                + ")"
            )
            start = time.perf_counter()
            with (
                path.open("rb") as source,
                cursor.copy("COPY yardstick FROM STDIN (FORMAT csv, HEADER)") as copy,
            ):
                while piece := source.read(1 << 20):
                    copy.write(piece)
            seconds += time.perf_counter() - start
        cursor.execute("DROP TABLE yardstick")
    return seconds


STANDING = (
    "known_from <= DATE '{day}' AND (known_to IS NULL OR known_to > DATE '{day}') AND NOT withdrawn"
)
#: The same figures by hand: the counts of every combination of three breakdowns, unknown ones
#: included.
BY_HAND = {
    "victims_recovered": """
SELECT coalesce(r.area, '?'), coalesce(r.exploitation, '?'), coalesce(p.sex, '?'),
    count(DISTINCT r.person)
FROM case_recovery r LEFT JOIN (SELECT record, sex FROM case_person WHERE {standing}) p
    ON p.record = r.person
WHERE r.{standing} GROUP BY 1, 2, 3""",
    "arrests": """
SELECT coalesce(a.area, '?'), coalesce(a.offence, '?'), coalesce(p.sex, '?'), count(*)
FROM case_arrest a LEFT JOIN (SELECT record, sex FROM case_person WHERE {standing}) p
    ON p.record = a.person
WHERE a.{standing} GROUP BY 1, 2, 3""",
}
ASKED = {
    "victims_recovered": ["area", "exploitation", "sex"],
    "arrests": ["area", "offence", "sex"],
}


def by_hand(measure: str, day: date) -> str:
    """The hand-written query."""
    standing = STANDING.format(day=day)
    alias = "r." if measure == "victims_recovered" else "a."
    # The outer condition names its table; the inner one stands alone.
    outer = standing.replace("known", f"{alias}known").replace(
        "NOT withdrawn", f"NOT {alias}withdrawn"
    )
    return BY_HAND[measure].replace(f"{alias}{{standing}}", outer).replace("{standing}", standing)


def agree(answer: Any, rows: list[tuple[Any, ...]]) -> None:
    """The cells wholly known must hold the figures counted by hand."""
    hand = {row[:3]: int(row[3]) for row in rows if "?" not in row[:3]}
    asked = {
        tuple(cell.dims.values()): cell.low
        for cell in answer.cells
        if None not in cell.dims.values() and cell.low
    }
    assert asked == hand, "they differ"


def count_live(scope: Any) -> None:
    """Counts on the repository against SQL by hand on the same server."""
    from django.db import connection

    from darkfigure.publication import answer_from_cases, ask
    from darkfigure_hub.store.queries.case_records import StoreRecords

    for measure, by in ASKED.items():
        question = ask(measure, DAY, by=by, evidence="cases")

        def hand(measure: str = measure) -> list[tuple[Any, ...]]:
            with connection.cursor() as cursor:
                cursor.execute(by_hand(measure, DAY))
                return list(cursor.fetchall())

        def ours(question: Any = question) -> Any:
            return answer_from_cases(question, StoreRecords(scope))

        agree(ours(), hand())

        def alone(question: Any = question) -> Any:
            records = StoreRecords(scope)
            return records.fetch(_grouped(question, records))

        print(_line("live", measure, by, *timed(hand, alone, ours, repeats=3)), flush=True)


def count_snapshot(folder: Path, results: Any) -> None:
    """Counts on the snapshot against SQL by hand on DuckDB; run in a process of its own so that its
    memory is its own.
    """
    from darkfigure.evidence.snapshots import open_snapshot
    from darkfigure.publication import answer_from_cases, ask

    held = open_snapshot(folder)
    for measure, by in ASKED.items():
        question = ask(measure, DAY, by=by, evidence="cases")
        query = by_hand(measure, DAY)

        def hand(query: str = query) -> list[tuple[Any, ...]]:
            return held.records.connection.execute(query).fetchall()

        def ours(question: Any = question) -> Any:
            return answer_from_cases(question, held.records)

        agree(ours(), hand())
        times = timed(
            hand, lambda q=question: held.records.fetch(_grouped(q, held.records)), ours, repeats=5
        )
        results.put(_line("snapshot", measure, by, *times) + " (aim of the count: at most 1.5)")
    most = peak()
    results.put(f"snapshot  peak memory of the counting process {most:,.0f} MB (aim: under 2,048)")


def _line(
    where: str, measure: str, by: list[str], yardstick: float, alone: float, seconds: float
) -> str:
    row(
        f"counting {measure}, {where}, {PERSONS:,} persons",
        f"{alone:.2f} s",
        f"SQL by hand: {yardstick:.2f} s",
        alone / yardstick,
        memory=peak(),
    )
    return (
        f"{where:9} {measure} by {', '.join(by)}: by hand {yardstick:.2f} s, the same count "
        f"{alone:.2f} s, ratio "
        f"{alone / yardstick:.2f}; with bounds and cells, which nothing by hand gives, "
        f"{seconds:.2f} s"
    )


def _grouped(question: Any, records: Any) -> Any:
    """The count as it is asked of the engine, without the bounds."""
    from darkfigure.tables.case_cells import grouped_rows
    from darkfigure.tables.casebook import Casebook
    from darkfigure.tables.counting import counting_for

    _, way = counting_for(question.measure.code)
    table, keys, *_ = grouped_rows(question, Casebook(records, DAY), way)
    return table.group_by(keys).agg(units=table.unit.nunique() if way.personal else table.count())


def measure(folder: Path) -> None:
    """Write, take in, count, snapshot, count again; print what it took."""
    from django.db import connection

    from darkfigure.evidence.snapshots import tables
    from darkfigure_hub.access import for_operator
    from darkfigure_hub.flows.open_repository import open_repository
    from darkfigure_hub.flows.receive_return import receive_return
    from darkfigure_hub.flows.take_snapshot import take_snapshot
    from darkfigure_hub.store.queries.exporting import chunks

    scope = for_operator("benchmark", "measure speed")
    open_repository()
    paths = write_returns(folder / "returns")
    corrections = paths.pop("corrections")
    size = sum(path.stat().st_size for path in paths.values())
    rows = PERSONS + sum(int(PERSONS * share) for share in EVENTS.values())
    print(
        (
            f"{PERSONS:,} persons, {rows - PERSONS:,} events, {size / 1e6:,.0f} MB; "
            f"{os.cpu_count()} "
            "cores"
        ),
        flush=True,
    )
    bare = copy_bare(paths)
    taken = {}
    for kind, path in paths.items():
        start = time.perf_counter()
        receive_return(scope, path)
        taken[kind] = time.perf_counter() - start
    loaded = sum(taken.values())
    most = peak()
    print(
        f"ingest    bare COPY {bare:.1f} s, checked, versioned and indexed {loaded:.1f} s "
        f"({rows / loaded:,.0f} rows/s): "
        f"ratio of rates {bare / loaded:.2f}; peak memory {most:,.0f} MB"
    )
    same = copied_same(f"case_{kind}" for kind in paths)
    print(
        f"          bare COPY of the same rows into the same tables {same:.1f} s: ratio of rates "
        f"{same / loaded:.2f} (aim: at least .25)"
    )
    print(
        "          " + ", ".join(f"{kind} {seconds:.1f} s" for kind, seconds in taken.items()),
        flush=True,
    )
    row(
        f"taking in {rows:,} case records",
        f"{loaded:.1f} s",
        f"COPY of the same rows into the same tables: {same:.1f} s",
        loaded / same,
        memory=most,
    )
    start = time.perf_counter()
    receive_return(scope, corrections)
    print(f"correct   {PERSONS // 8:,} arrests: {time.perf_counter() - start:.1f} s", flush=True)
    with connection.cursor() as cursor:
        for kind in ("person", *EVENTS):
            cursor.execute(f"VACUUM ANALYZE case_{kind}")
    count_live(scope)
    start = time.perf_counter()
    thrown_away = sum(len(piece) for name in tables() for piece in chunks(scope, name, DAY))
    bare_out = time.perf_counter() - start
    start = time.perf_counter()
    snapshot = take_snapshot(scope, DAY, folder / "snapshot")
    seconds = time.perf_counter() - start
    most = peak()
    written = sum(path.stat().st_size for path in snapshot.folder.iterdir())
    print(
        f"snapshot  COPY out alone {bare_out:.1f} s ({thrown_away / 1e6:,.0f} MB), as Parquet "
        f"with hashes {seconds:.1f} s: "
        f"{snapshot.rows / seconds:,.0f} rows/s, {written / 1e6:,.0f} MB, ratio of rates "
        f"{bare_out / seconds:.2f}; "
        f"peak memory {most:,.0f} MB",
        flush=True,
    )
    row(
        f"snapshot of {snapshot.rows:,} rows of cases",
        f"{seconds:.1f} s",
        f"COPY out, thrown away: {bare_out:.1f} s",
        seconds / bare_out,
        memory=most,
    )
    apart = multiprocessing.get_context("spawn")
    results: Any = apart.Queue()
    worker = apart.Process(target=count_snapshot, args=(snapshot.folder, results))
    worker.start()
    worker.join()
    while not results.empty():
        print(results.get())


if __name__ == "__main__":
    in_own_folder(measure)
