"""Snapshots: one in a folder of its own and one in a store against a bare COPY and DuckDB writing
Parquet; the next day in the store, with nothing new and with a hundredth new. Prints ratios.

Run with `make bench`. It uses a data folder of its own and leaves nothing behind. ROWS=1000000 is
the largest number of statements, all SYNTHETIC. The yardstick reads the same rows of the same
server as text by one COPY into a file, and has DuckDB write them as Parquet (its reader of
PostgreSQL is an extension that would have to be downloaded).
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import date
from math import log
from pathlib import Path

from measuring import exponent, in_own_folder, peak, row
from statements import write_file

LARGEST = int(os.environ.get("ROWS", "1000000"))
FIRST, NEXT = date(2024, 1, 31), date(2024, 7, 31)


def took(doing: Callable[[], object]) -> tuple[float, object]:
    """Seconds of something, and what it gave."""
    start = time.perf_counter()
    found = doing()
    return time.perf_counter() - start, found


def by_duckdb(folder: Path) -> None:
    """The rows of all statements as Parquet, without a check."""
    import duckdb
    from django.db import connection

    text = folder / "bare.csv"
    whole = "COPY store_statement TO STDOUT (FORMAT csv)"
    with connection.cursor() as cursor, text.open("wb") as out, cursor.copy(whole) as copy:
        for piece in copy:
            out.write(piece)
    duckdb.sql(
        f"COPY (SELECT * FROM read_csv('{text}', header = false, all_varchar = true)) "
        f"TO '{folder / 'bare.parquet'}' (COMPRESSION zstd)"
    )


def measure(folder: Path) -> None:
    """Take snapshots of growing repositories, and print what they took."""
    from darkfigure_hub.access import for_operator
    from darkfigure_hub.flows.open_repository import open_repository
    from darkfigure_hub.flows.receive_return import receive_return
    from darkfigure_hub.flows.take_snapshot import keep_snapshot, take_snapshot

    scope = for_operator("benchmark", "measure snapshots")
    open_repository()
    seconds: list[tuple[int, float]] = []
    for turn, rows in enumerate((LARGEST // 10, LARGEST)):
        years, store = 60 * turn, str(folder / f"store{turn}")
        write_file(folder / "held.csv", rows, str(FIRST), years_back=years)
        receive_return(scope, folder / "held.csv")
        bare, _ = took(lambda: by_duckdb(folder))
        alone, taken = took(lambda place=folder / f"own{turn}": take_snapshot(scope, FIRST, place))
        first, kept = took(lambda place=store: keep_snapshot(scope, FIRST, place))
        again, _ = took(lambda place=store: keep_snapshot(scope, date(2024, 2, 1), place))
        write_file(folder / "more.csv", rows // 100, str(NEXT), shift=1, years_back=years)
        receive_return(scope, folder / "more.csv")
        later, after = took(lambda place=store: keep_snapshot(scope, NEXT, place))
        seconds.append((taken.rows, alone))  # type: ignore[attr-defined]
        print(
            f"{taken.rows:,} rows: COPY and DuckDB {bare:.2f} s; a folder of its own {alone:.2f} s "  # type: ignore[attr-defined]
            f"({alone / bare:.2f} times); a store {first:.2f} s ({first / bare:.2f}), "
            f"{kept.new_bytes / 1e6:,.1f} MB; the next day, nothing new {again:.2f} s "  # type: ignore[attr-defined]
            f"({again / bare:.2f}); a hundredth revised {later:.2f} s ({later / bare:.2f}), "
            f"{after.new_bytes / 1e6:,.1f} MB; peak {peak():,.0f} MB",  # type: ignore[attr-defined]
            flush=True,
        )
        row(
            f"snapshot of {taken.rows:,} rows",  # type: ignore[attr-defined]
            f"{alone:.2f} s",
            f"COPY, and Parquet by DuckDB: {bare:.2f} s",
            alone / bare,
            memory=peak(),
            grows=exponent(*zip(*seconds, strict=True)),
        )
        row(
            f"a store's first day, {taken.rows:,} rows",  # type: ignore[attr-defined]
            f"{first:.2f} s",
            f"the same: {bare:.2f} s",
            first / bare,
        )
        row(
            f"a store's next day, a hundredth of {taken.rows:,} rows revised",  # type: ignore[attr-defined]
            f"{later:.2f} s",
            f"the same: {bare:.2f} s",
            later / bare,
        )
    (small, quick), (large, slow) = seconds
    print(f"a folder's time grows as rows^{log(slow / quick) / log(large / small):.2f}")


if __name__ == "__main__":
    in_own_folder(measure)
