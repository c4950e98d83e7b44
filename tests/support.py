"""Small makers for tests: statement files, answers as plain rows, the program as users run it."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

from darkfigure.intelligence.requirement_sets import example_set
from darkfigure.intelligence.requirements import Needs

#: What the packaged set of requirements asks for.
NEEDS = Needs(lambda: [example_set()])
PROGRAM = Path(sys.executable).parent / "darkfigure"
SOURCES = Path(__file__).parent.parent / "src" / "darkfigure" / "data" / "sources"
COLUMNS = [
    "measure",
    "period",
    "operation",
    "exploitation",
    "age_group",
    "value",
    "low",
    "high",
    "reason",
    "change_reason",
    "corrects",
    "role",
    "stated_on",
    "stated_by",
    "source",
    "note",
]


def statement(**given):
    """A synthetic statement as a record of Darkfigure's own form."""
    return {
        "measure": "victims_recovered",
        "period": "2006",
        "stated_on": "2008-07-02",
        "stated_by": "HO",
        "source": "synthetic",
        **given,
    }


def statement_file(path, *records):
    """Write records as a statements file."""
    with path.open("w", newline="", encoding="utf-8") as out:
        target = csv.DictWriter(out, COLUMNS, lineterminator="\n")
        target.writeheader()
        target.writerows(records)
    return path


def table(answer):
    """An answer as lines of text: breakdown values, then the figure."""
    return [
        " | ".join([*(str(value) for value in cell.dims.values()), str(cell.value)])
        for cell in answer.cells
    ]


def run(*arguments, home, check=True, seconds=240, **environment):
    """Run the program as a user would, in a data folder."""
    env = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    }
    done = subprocess.run(
        [str(PROGRAM), *map(str, arguments)],
        env={**env, "DARKFIGURE_HOME": str(home), **environment},
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    if check:
        assert done.returncode == 0, done.stderr
    return done
