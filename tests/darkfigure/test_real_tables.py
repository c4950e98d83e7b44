"""Tables of official statistics that nobody here wrote: ten figures of each stand where a person
reads them in the file.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from darkfigure.basis.statement import DIMENSIONS
from darkfigure.codes import codes_for
from darkfigure.codes.uncoded import uncoded
from darkfigure.reading.by_reading import read_figures
from darkfigure.reading.choosing import beside
from darkfigure.reading.instructions import read_reading

TABLES = Path(__file__).parent.parent / "real_tables"
FIGURES = tomllib.loads((TABLES / "figures.toml").read_text(encoding="utf-8"))
#: A file of next year's, read by this year's reading.
READ_BY = {"2019_DOJ_crimes_by_Race.csv": "2018_DOJ_arrests_by_Race.csv"}


def code(dimension, text):
    """The code of a text as it stands in a file, by the list alone."""
    return (codes_for(dimension).find(text) or uncoded(text)) if text else None


@pytest.mark.parametrize("name", FIGURES)
def test_ten_figures_are_those_of_the_file(name):
    reading = read_reading(beside(TABLES / READ_BY.get(name, name)))
    (submission,) = read_figures(TABLES / name, reading)
    found = {}
    for batch in submission.batches:
        for row in batch.iter_rows(named=True):
            period = submission.heads[row["head"]].period.label
            key = (period, *(row[dimension] for dimension in DIMENSIONS))
            assert key not in found
            found[key] = row["value"]
    assert not submission.problems, [str(each) for each in submission.problems]
    asked = FIGURES[name]["figures"]
    assert len(asked) == 10
    for each in asked:
        codes = (code(dimension, each.get(dimension, "")) for dimension in DIMENSIONS)
        assert found[(each["period"], *codes)] == each["value"], each
