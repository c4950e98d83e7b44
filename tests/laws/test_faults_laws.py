"""A fault is where it is and nowhere else: of a table in which some lines are broken, whichever and
however, the broken lines are named, each, and no other. All made up here.
"""

from __future__ import annotations

import csv
import tempfile
from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from darkfigure.reading import KINDS, read_file

HEADING = [
    "measure",
    "unit",
    "period",
    "area",
    "offence",
    "value",
    "stated_on",
    "stated_by",
    "source",
]
WRONG = {
    "measure": "allegations of things",
    "unit": "bushels",
    "period": "the year dot",
    "value": "many",
    "stated_on": "2008-13-45",
    "stated_by": "Nobody at all",
}
places = st.tuples(
    st.sampled_from(["2016", "2017"]),
    st.sampled_from(["Kent", "Essex", ""]),
    st.sampled_from(["prc:106", "prc:71", ""]),
)


@given(st.lists(places, min_size=1, max_size=8, unique=True), st.data())
def test_a_fault_is_where_it_is_and_nowhere_else(table, data):
    broken = data.draw(st.sets(st.sampled_from(range(len(table))), min_size=1))
    rows = []
    for number, (period, area, offence) in enumerate(table):
        row = dict.fromkeys(HEADING, "") | {
            "measure": "recorded_offences",
            "unit": "offences",
            "period": period,
            "area": area,
            "offence": offence,
            "value": "7",
            "stated_on": "2020-01-01",
            "stated_by": "HO",
            "source": "SYNTHETIC",
        }
        if number in broken:
            column = data.draw(st.sampled_from(sorted(WRONG)))
            row[column] = WRONG[column]
        rows.append(row)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "synthetic.csv"
        with path.open("w", newline="", encoding="utf-8") as out:
            target = csv.DictWriter(out, HEADING)
            target.writeheader()
            target.writerows(rows)
        problems = faults(path)
    assert {each.line for each in problems} == {number + 2 for number in broken}
    # one broken cell is one fault
    assert len(problems) == len(broken)


def faults(path):
    """Everything wrong in a file."""
    found = []
    for submission in read_file(path, KINDS["statements"], date(2026, 11, 26)):
        for _ in submission.batches:
            pass
        found += submission.problems
    return found
