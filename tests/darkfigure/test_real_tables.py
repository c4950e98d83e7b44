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
from darkfigure.reading.located import missing
from darkfigure.reading.proposal import propose

TABLES = Path(__file__).parent.parent / "real_tables"
FIGURES = tomllib.loads((TABLES / "figures.toml").read_text(encoding="utf-8"))
#: A file of next year's, read by this year's reading.
READ_BY = {"2019_DOJ_crimes_by_Race.csv": "2018_DOJ_arrests_by_Race.csv"}
#: What a cell of a table says: a figure, its bounds, or why there is none.
OF_A_CELL = ("value", "low", "high", "reason")


def code(dimension, text):
    """The code of a text as it stands in a file, by the list alone."""
    return (codes_for(dimension).find(text) or uncoded(text)) if text else None


def added(first, second, reading):
    """Two rows of one cell, which only a reading that says so may have."""
    assert reading.repeats == "add"
    return {**first, "value": str(int(first["value"]) + int(second["value"]))}


@pytest.mark.parametrize("name", FIGURES)
def test_ten_figures_are_those_of_the_file(name):
    reading = read_reading(beside(TABLES / READ_BY.get(name, name)))
    (submission,) = read_figures(TABLES / name, reading)
    found = {}
    for batch in submission.batches:
        for row in batch.iter_rows(named=True):
            period = submission.heads[row["head"]].period.label
            key = (period, *(row[dimension] for dimension in DIMENSIONS))
            said = {name: row[name] or "" for name in OF_A_CELL}
            found[key] = added(found[key], said, reading) if key in found else said
    assert not submission.problems, [str(each) for each in submission.problems]
    asked = FIGURES[name]["figures"]
    assert len(asked) == 10
    for each in asked:
        codes = (code(dimension, each.get(dimension, "")) for dimension in DIMENSIONS)
        said = {name: each.get(name, "") for name in OF_A_CELL}
        assert found[(each["period"], *codes)] == said, each


@pytest.mark.parametrize("name", FIGURES)
def test_what_is_proposed_is_of_the_columns_that_the_reading_names(name):
    reading = read_reading(beside(TABLES / READ_BY.get(name, name)))
    proposal = propose(TABLES / name, sheet=reading.sheet)
    named = [column.name for column in reading.columns if not column.is_ending]
    assert named
    assert not missing(proposal.table, named)


def test_every_table_has_its_figures_and_its_place_in_the_readme():
    tables = {path.name for path in TABLES.iterdir() if path.suffix not in (".toml", ".md")}
    assert tables == set(FIGURES)
    told = (TABLES / "README.md").read_text(encoding="utf-8")
    assert not [name for name in tables if f"`{name}`" not in told]
