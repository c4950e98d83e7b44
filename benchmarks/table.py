"""One table of every benchmark: work, ours, yardstick, ratio, memory, how it grows.

`make bench` runs each of `WHOLE` and prints it; `make bench-quick` runs each of `QUICK` at sizes of
seconds, to see that they go. Each benchmark is a program of its own that prints what it finds at
length and hands its rows over (`measuring.row`). `python benchmarks/table.py --write` keeps the
table as that of record in RESULTS.md.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
RESULTS = HERE / "RESULTS.md"
START, END = "<!-- table -->", "<!-- end of table -->"

#: Each program, with its arguments and what is set for it.
WHOLE: tuple[tuple[str, dict[str, str]], ...] = (
    ("starting.py", {}),
    ("statements.py", {}),
    ("casework.py", {}),
    ("snapshots.py", {}),
    ("estimation.py", {}),
    ("coverage_of_intervals.py", {"TABLES": "100"}),
    ("linkage_peers.py", {}),
    ("linkage_small.py", {}),
    ("linkage.py", {}),
    ("persons.py 30 3000", {}),
    ("reporting.py", {}),
    ("readers.py", {}),
    ("reading.py", {}),
    ("asking.py", {}),
    ("walls.py", {}),
    ("web.py", {}),
    ("receipts.py", {}),
    ("disclosure.py", {}),
    ("disclosure.py large", {}),
    ("disclosure_levels.py", {}),
    ("edition.py", {}),
)
QUICK: tuple[tuple[str, dict[str, str]], ...] = (
    ("statements.py", {"ROWS": "10000", "REVISED": "1000"}),
    ("casework.py", {"PERSONS": "2000"}),
    ("estimation.py", {"QUICK": "1"}),
    ("linkage.py", {"RECORDS": "10000", "DRAWS": "0", "QUICK": "1"}),
)
HEADS = ("work", "ours", "yardstick", "ratio", "memory", "grows as")


def run(programs: tuple[tuple[str, dict[str, str]], ...]) -> tuple[list[dict[str, str]], list[str]]:
    """The rows of each program, and those that failed."""
    rows: list[dict[str, str]] = []
    failed = []
    with tempfile.TemporaryDirectory(prefix="df-bench-rows-") as folder:
        for command, settings in programs:
            kept = Path(folder) / "rows.jsonl"
            kept.unlink(missing_ok=True)
            name, *arguments = command.split()
            print(f"--- {command}", flush=True)
            start = time.perf_counter()
            told = {**os.environ, **settings, "BENCH_ROWS": str(kept)}
            asked = [sys.executable, str(HERE / name), *arguments]
            if subprocess.run(asked, env=told, check=False).returncode:
                failed.append(command)
            print(f"    {time.perf_counter() - start:.0f} s", flush=True)
            if kept.exists():
                rows += [json.loads(line) for line in kept.read_text().splitlines()]
    return rows, failed


def as_text(rows: list[dict[str, str]]) -> str:
    """The table, as Markdown that is read as it stands."""
    lines = [HEADS, *(tuple(row[head] for head in HEADS) for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(HEADS))]
    told = [
        "| "
        + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        + " |"
        for line in lines
    ]
    return "\n".join(
        [told[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *told[1:]]
    )


def where() -> str:
    """The machine, the day and the versions, in a line."""
    head = subprocess.run(
        ["git", "-C", str(HERE), "rev-parse", "--short", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
    )
    libraries = ("duckdb", "polars", "numpy", "numba", "splink", "django", "psycopg")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return (
        f"{platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GB, load "
        f"{os.getloadavg()[0]:.1f} at the end; {datetime.date.today()}; commit "
        f"{head.stdout.strip() or 'none'}; Python {platform.python_version()}, "
        + ", ".join(f"{name} {version(name)}" for name in libraries)
        + "."
    )


def main() -> None:
    """Run them and print the table; exit with 1 where one failed."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--quick", action="store_true", help="each at a size of seconds")
    asked.add_argument("--write", action="store_true", help="keep the table in RESULTS.md")
    asked.add_argument("only", nargs="*", help="these programs alone, as linkage.py")
    given = asked.parse_args()
    programs = QUICK if given.quick else WHOLE
    if given.only:
        programs = tuple(each for each in programs if each[0].split()[0] in given.only)
    rows, failed = run(programs)
    print()
    print(as_text(rows))
    print(where())
    if given.write:
        text = RESULTS.read_text(encoding="utf-8")
        before, after = text[: text.index(START)], text[text.index(END) :]
        RESULTS.write_text(
            f"{before}{START}\n{as_text(rows)}\n\n{where()}\n{after}", encoding="utf-8"
        )
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
