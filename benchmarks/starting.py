"""How long commands take from the start of the process to the last byte, beside programs that do
next to nothing.

Run with `make bench`, or alone: `python benchmarks/starting.py`. Each is run once to warm, then
RUNS times, all of them in turn, so that what else the machine does falls on each alike; the median
is told. The repository asked is one of its own, filled with an example and removed afterwards.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measuring import row

RUNS = int(os.environ.get("RUNS", "7"))
DATA = Path(__file__).parents[1] / "src" / "darkfigure" / "data"
PROGRAM = str(Path(sys.executable).parent / "darkfigure")
ASKED = ("victims_recovered", "--by", "operation", "--as-at", "2008-12-17")
ALONE = [sys.executable, "-c"]


def duckdb_alone() -> tuple[str, list[str]]:
    """DuckDB's own program where there is one, else its library."""
    if shutil.which("duckdb"):
        return "duckdb -c 'select 1'", ["duckdb", "-c", "select 1"]
    query = "import duckdb; duckdb.sql('select 1').show()"
    return "duckdb in python (no program here)", [*ALONE, query]


def seconds(command: list[str], env: dict[str, str]) -> float:
    """One run. A misspelt command ends with 2, all others with 0."""
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, env=env, check=False)
    taken = time.perf_counter() - start
    assert done.returncode == (2 if "measurse" in command else 0), done.stderr.decode()
    return taken


def main() -> None:
    """Fill a repository, run all in turn, print the table."""
    home = tempfile.mkdtemp(prefix="df-")
    env = {**os.environ, "DARKFIGURE_HOME": home}
    env.pop("DATABASE_URL", None)
    name, duck = duckdb_alone()
    yardsticks = {
        "python -c pass": [*ALONE, "pass"],
        "git --version": ["git", "--version"],
        name: duck,
    }
    table = str(DATA / "estimation" / "uk_2013_list_overlaps.csv")
    ours = {
        "import darkfigure": ([*ALONE, "import darkfigure"], 0.1),
        "darkfigure --version": ([PROGRAM, "--version"], 0.4),
        "darkfigure --help": ([PROGRAM, "--help"], 0.4),
        "darkfigure measurse (misspelt)": ([PROGRAM, "measurse"], 0.4),
        "darkfigure ask --help": ([PROGRAM, "ask", "--help"], None),
        "darkfigure measures": ([PROGRAM, "measures"], 0.6),
        "darkfigure ask, server running": ([PROGRAM, "ask", *ASKED], 1.0),
        "darkfigure estimate, 32,768 models": ([PROGRAM, "estimate", table], 1.5),
    }
    commands = yardsticks | {label: command for label, (command, _) in ours.items()}
    taken: dict[str, list[float]] = {label: [] for label in commands}
    try:
        source = str(DATA / "sources" / "pentameter_statements.csv")
        subprocess.run([PROGRAM, "load", source], env=env, check=True, capture_output=True)
        for command in commands.values():
            seconds(command, env)
        for _ in range(RUNS):
            for label, command in commands.items():
                taken[label].append(seconds(command, env))
    finally:
        subprocess.run([PROGRAM, "stop"], env=env, check=False, capture_output=True)
        shutil.rmtree(home, ignore_errors=True)
    medians = {label: statistics.median(each) for label, each in taken.items()}
    heads = "".join(f"{f'/ {label.split()[0]}':>10}" for label in yardsticks)
    print(f"{'median of ' + str(RUNS) + ' runs':36}{'seconds':>9}{'target':>8}{heads}")
    for label, median in medians.items():
        target = f"{ours[label][1]:g}" if label in ours and ours[label][1] else ""
        if label in ours and target:
            row(label, f"{median:.2f} s", f"aim {target} s", median / float(target))
        ratios = "".join(f"{median / medians[other]:10.1f}" for other in yardsticks)
        print(f"{label:36}{median:9.3f}{target:>8}{ratios}")


if __name__ == "__main__":
    main()
