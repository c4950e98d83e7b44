"""Disclosure, by examples that peers publish, and on the cells of the National Referral Mechanism.

Inputs and suppressed cells of GaussSuppression (Statistics Norway) 1.2.3, as it prints them for its
own example data; the NRM cells are the Home Office's, packaged with their licence.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import polars as pl
import pytest

from darkfigure.basis.errors import Unreadable
from darkfigure.disclosure.check import Meets, check
from darkfigure.disclosure.cube import Cube, dimension
from darkfigure.disclosure.elementary import ENDLESS, read_back
from darkfigure.disclosure.perturbation import Noise, perturbed
from darkfigure.disclosure.protect import Method, protect, table_of
from darkfigure.disclosure.published import PublishedCell, PublishedTable, small_differences
from darkfigure.disclosure.rules import Rule, rule_of
from darkfigure.disclosure.suppress import suppress
from darkfigure.disclosure.together import together
from darkfigure.disclosure.witness import Outcome
from darkfigure.reading.manifest import example as packaged

EU = {"Spain": "EU", "Portugal": "EU", "Iceland": "nonEU"}
EXAMPLE = {
    "2014": {"young": (5, 2, 0), "old": (6, 3, 4)},
    "2015": {"young": (5, 0, 0), "old": (6, 3, 4)},
    "2016": {"young": (7, 1, 1), "old": (5, 4, 3)},
}
PLACES = ("Spain", "Iceland", "Portugal")


def example(*years: str, groups: bool = False, by_year: bool = False) -> Cube:
    """GaussSuppression's example1, for some years."""
    rows = [
        (age, place, year, count)
        for year in years
        for age, counts in EXAMPLE[year].items()
        for place, count in zip(PLACES, counts, strict=True)
    ]
    dimensions = [
        dimension("age", ["young", "old"]),
        dimension("geo", PLACES, *([EU] if groups else [])),
        *([dimension("year", years)] if by_year else []),
    ]
    columns = [[row[at] for row in rows] for at in range(len(dimensions))]
    codes = np.array(
        [
            [each.levels[0].index(value) for value in column]
            for each, column in zip(dimensions, columns, strict=True)
        ]
    ).T
    return Cube(dimensions, codes, np.array([row[3] for row in rows], dtype=np.int64))


@pytest.mark.parametrize(
    ("cube", "threshold", "theirs"),
    [
        # theirs counts hidden cells that are not nought: ours lists no empty cell
        pytest.param(example("2014", groups=True), 5, 10, id="G4"),
        pytest.param(example("2014", "2015", "2016", by_year=True), 2, 14, id="G8"),
        pytest.param(example("2014", "2015", "2016", by_year=True), 4, 30, id="three years"),
    ],
)
def test_no_more_is_hidden_than_by_peers_and_nothing_is_told(cube, threshold, theirs):
    made = suppress(cube, Rule(threshold=threshold))
    assert all(each is Outcome.PROTECTED for each in made.settled.outcome)
    assert made.hidden_cells <= theirs


LINKED = [
    ("young", "Spain", "2014", 6),
    ("young", "Iceland", "2014", 8),
    ("old", "Spain", "2014", 9),
    ("old", "Portugal", "2014", 1),
    ("young", "Iceland", "2015", 2),
    ("old", "Spain", "2015", 4),
    ("old", "Portugal", "2015", 3),
    ("young", "Spain", "2016", 7),
    ("young", "Iceland", "2016", 2),
    ("young", "Portugal", "2016", 2),
]
FIRST = {
    f"{age}-{eu}-{year}"
    for age, eu, year in product(("Total", "young"), ("Total", "nonEU"), ("2015", "2016"))
}
LOCAL = {f"{place}-{year}" for place in ("Iceland", "Portugal") for year in EXAMPLE}
SUPER = {
    *("Total-2015", "Total-2016", "Iceland-2015", "Iceland-2016"),
    *("Portugal-2014", "Portugal-2016", "Spain-2014", "Spain-2016"),
}


def linked(name, dims, hidden, least=0):
    """A table of the linked example, with the cells hidden that the peer hides."""
    sums: dict[tuple[tuple[str, str], ...], int] = {}
    for age, geo, year, count in LINKED:
        row = {"age": age, "geo": geo, "eu": EU[geo], "year": year}
        for kept in product((True, False), repeat=len(dims)):
            key = tuple((dim, row[dim]) for dim, keep in zip(dims, kept, strict=True) if keep)
            sums[key] = sums.get(key, 0) + count
    cells = []
    for line, (key, count) in enumerate(sums.items(), 2):
        called = "-".join(dict(key).get(dim, "Total") for dim in dims)
        low, high = (least, ENDLESS) if called in hidden else (count, count)
        cells.append(PublishedCell(dict(key), low, high, line))
    return PublishedTable(name, tuple(dims), tuple(cells))


def checked(second):
    rule = Rule(threshold=3, noughts_shown=False)
    first = linked("age.csv", ("age", "eu", "year"), FIRST)
    told = together([first, linked("geo.csv", ("geo", "year"), second)], rule, [{"eu": EU}])
    return {str(each.cell): each for each in check(told, rule).found}


def test_linked_tables_that_tell_a_total_are_found_with_the_sum():
    """The peer's way "local" shows in one table the totals that it hides in the other."""
    found = checked(LOCAL)
    total = found["2015 (age.csv)"]
    assert (total.meets, total.low, total.high) == (Meets.TOLD, 9, 9)
    assert [(str(term.cell), term.number) for term in total.by] == [("2015 (geo.csv)", 9)]
    assert found["Portugal, 2014 (geo.csv)"].meets is Meets.TOLD


def test_what_still_follows_from_the_sums_is_found():
    """Its way "consistent" shows Spain 2015 no more than EU less Portugal do."""
    found = checked(SUPER | {"Spain-2015"})
    spain = found["Spain, 2015 (geo.csv)"]
    assert spain.meets is Meets.TOLD
    assert spain.low == 4
    assert sum(term.number * term.times for term in spain.by) == 4


def test_a_consistent_whole_tells_nothing_and_ranges_are_the_peers():
    found = checked(SUPER)
    assert {each.meets for each in found.values()} == {Meets.PROTECTED}
    assert found["Portugal, 2014 (geo.csv)"].low == 0
    wider = checked(SUPER | {"Portugal-2015", "Spain-2015"})
    portugal = wider["Portugal, 2015 (geo.csv)"]
    assert (portugal.low, portugal.exact) == (0, True)


def nrm(*by: str) -> Cube:
    return table_of(pl.read_csv(packaged("nrm_referrals_cells.csv.gz")), by, "people")


FOUR = ("quarter", "exploitation_type", "age_at_exploitation", "gender")


@pytest.mark.parametrize(
    ("by", "cells", "small", "least_read_back"),
    [
        (FOUR, 1_041, 344, (324, 195)),
        (("quarter", "nationality", *FOUR[2:]), 7_244, 5_235, (974, 621)),
        ((*FOUR, "nationality"), 25_922, 20_346, (10_563, 1_710)),
        ((*FOUR, "nationality", "first_responder_type"), 66_244, 53_074, (47_851, 8_512)),
    ],
)
def test_a_threshold_alone_is_read_back(by, cells, small, least_read_back):
    """Hide 1 to 4 of the referral tables, show the rest: sums with one number left tell most of it.

    The numbers are those of a reader who goes by sums of base cells alone; sums of margins tell
    more.
    """
    cube = nrm(*by)
    rule = Rule()
    hidden = rule.must_hide(cube)
    each = cube.cells_of_figure
    assert (len(cube), int(each[hidden].sum())) == (cells, small)
    for least, known in zip((1, 0), least_read_back, strict=True):
        floor = np.full(cube.figures, least)
        found = read_back(cube.sums, ~hidden, cube.values, floor)
        assert int(each[found.told].sum()) >= known
        assert (found.value[found.told] == cube.values[found.told]).all()


def test_the_referral_table_is_protected_with_fewer_cells_than_by_peers():
    """GaussSuppression hides 564 of 1,041 cells of this table, at the same threshold."""
    made = protect(nrm(*FOUR), Rule(), Method.SUPPRESS)
    assert made.safe
    assert made.kept.hidden <= 564


def test_other_ways_to_protect_it_keep_more():
    cube = nrm(*FOUR)
    rounded = protect(cube, Rule(), Method.ROUND)
    assert rounded.kept.off[0] < 2.5
    coarser = protect(cube, Rule(), Method.COARSEN)
    assert coarser.kept.hidden == 0
    assert coarser.kept.kept > 0.4


def test_noise_is_the_same_for_the_same_people_and_fair():
    cube = nrm(*FOUR, "nationality")
    made = perturbed(cube, b"0123456789abcdef")
    assert (made == perturbed(cube, b"0123456789abcdef")).all()
    assert (made != perturbed(cube, b"another secret!!")).any()
    off = made - cube.values
    assert abs(off.mean()) < 0.05
    assert (made >= 0).all()
    by, chances = Noise().chances(40)
    assert chances @ by == pytest.approx(0, abs=1e-3)
    assert chances @ by**2 == pytest.approx(2, abs=1e-3)
    # of tables with fewer dimensions as well: their cells are margins of this one
    fewer = nrm(*FOUR)
    assert not set(fewer.values) - set(cube.values)
    with pytest.raises(Unreadable, match="16 bytes"):
        perturbed(cube, b"short")


def test_two_vintages_differ_by_few():
    rule = Rule()
    cells = {"x": (12, 13), "y": (40, 40), "z": (7, 60)}
    tables = [
        PublishedTable(
            name,
            ("a",),
            tuple(PublishedCell({"a": key}, told[at], told[at]) for key, told in cells.items()),
        )
        for at, name in enumerate(("march", "june"))
    ]
    found = small_differences(*tables, rule)
    assert [(old.low, new.low) for old, new in found] == [(12, 13)]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("threshold", "not understood"),
        ("threshold=1", "whole number from 2"),
        ("threshold=5 threshold=6", "stands twice"),
        ("noughts=perhaps", "one of shown, hidden"),
        ("limit=5", "not known"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_with_one_that_can(text, wrong):
    with pytest.raises(Unreadable, match=wrong):
        rule_of(text)


def test_a_rule_says_itself():
    rule = rule_of("threshold=10, width=3 noughts=hidden own=yes")
    assert rule_of(str(rule)) == rule
