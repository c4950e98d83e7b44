"""What the benchmarks share: a repository of their own, and timing in turn."""

from __future__ import annotations

import json
import math
import os
import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path


def timed(*doings: Callable[[], object], repeats: int = 9) -> list[float]:
    """Median seconds of each, run in turn so that both meet the same machine, after one round that
    does not count.
    """
    seconds: list[list[float]] = [[] for _ in doings]
    for turn in range(repeats + 1):
        for place, doing in enumerate(doings):
            start = time.perf_counter()
            doing()
            if turn:
                seconds[place].append(time.perf_counter() - start)
    return [statistics.median(found) for found in seconds]


def in_own_folder(measure: Callable[[Path], None]) -> None:
    """Measure with a data folder of its own, and leave nothing behind."""
    import django

    folder = Path(tempfile.mkdtemp(prefix="df-bench-"))
    os.environ["DARKFIGURE_HOME"] = str(folder / "home")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "darkfigure_hub.settings")
    django.setup()
    from darkfigure_hub.flows.stop_server import stop_server

    try:
        measure(folder)
    finally:
        stop_server()
        shutil.rmtree(folder, ignore_errors=True)


def copied_bare(path: Path, columns: Sequence[str]) -> float:
    """Seconds for a bare COPY of a CSV into an unlogged table, a column of text for each of its
    own.
    """
    from django.db import connection

    from darkfigure_hub.store.roles import as_owner

    with as_owner(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS yardstick")
        texts = ", ".join(f'"{name}" text' for name in columns)
        cursor.execute(f"CREATE UNLOGGED TABLE yardstick ({texts})")
        start = time.perf_counter()
        with (
            path.open("rb") as source,
            cursor.copy("COPY yardstick FROM STDIN (FORMAT csv, HEADER)") as copy,
        ):
            while piece := source.read(1 << 20):
                copy.write(piece)
        seconds = time.perf_counter() - start
        cursor.execute("DROP TABLE yardstick")
    return seconds


def copied_same(tables: Iterable[str]) -> float:
    """Seconds for a bare COPY of what some tables hold into tables like them, with their columns,
    constraints and indexes, as durable as they are.
    """
    from django.db import connection, transaction

    from darkfigure_hub.store.roles import as_owner

    seconds = 0.0
    for table in tables:
        with as_owner(), connection.cursor() as cursor, tempfile.TemporaryFile() as text:
            cursor.execute(f"CREATE TABLE yardstick (LIKE {table} INCLUDING ALL)")
            with cursor.copy(f"COPY {table} TO STDOUT") as out:
                for piece in out:
                    text.write(piece)
            text.seek(0)
            start = time.perf_counter()
            with transaction.atomic(), cursor.copy("COPY yardstick FROM STDIN") as copy:
                while read := text.read(1 << 20):
                    copy.write(read)
            seconds += time.perf_counter() - start
            cursor.execute("DROP TABLE yardstick")
    return seconds


def row(
    work: str,
    ours: str,
    yardstick: str,
    ratio: float | None,
    *,
    memory: float | None = None,
    grows: float | None = None,
) -> None:
    """Hand a row over to the one table (`table.py`), where a benchmark was run for it. `memory` in
    megabytes, `grows` the exponent of the size by which time grows.
    """
    kept = os.environ.get("BENCH_ROWS")
    if not kept:
        return
    told = {
        "work": work,
        "ours": ours,
        "yardstick": yardstick,
        "ratio": "" if ratio is None else f"{ratio:.2g}" if ratio < 0.1 else f"{ratio:.2f}",
        "memory": "" if memory is None else f"{memory:,.0f} MB",
        "grows as": "" if grows is None else f"size^{grows:.2f}",
    }
    with Path(kept).open("a", encoding="utf-8") as out:
        out.write(json.dumps(told) + "\n")


def exponent(sizes: Sequence[float], seconds: Sequence[float]) -> float | None:
    """The exponent of the size by which seconds grow, by least squares of the logarithms; none of
    fewer than two sizes.
    """
    if len(sizes) < 2:
        return None
    slope, _ = statistics.linear_regression(
        [math.log(size) for size in sizes], [math.log(each) for each in seconds]
    )
    return slope


def peak() -> float:
    """The most memory of this process so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
