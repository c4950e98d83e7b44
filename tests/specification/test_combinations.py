"""Which combinations of values can hold somebody, by what published tables list. Synthetic."""

from __future__ import annotations

import pytest

from darkfigure.basis.errors import Unreadable
from darkfigure.disclosure.combinations import REST, atoms_of, grouped, listing_all, values_of
from darkfigure.disclosure.published import UNLISTED, PublishedCell, PublishedTable
from darkfigure.disclosure.rules import Rule


def table(*rows, unlisted=0):
    """A table by area and sex; a value is left out where it is a total."""
    cells = tuple(
        PublishedCell(
            {name: value for name, value in (("area", area), ("sex", sex)) if value}, number, number
        )
        for area, sex, number in rows
    )
    return PublishedTable("t.csv", ("area", "sex"), cells, unlisted)


def combinations(*tables, **rule):
    return {tuple(row.values()) for row in atoms_of(tables, Rule(**rule), ()).iter_rows(named=True)}


KENT = [("Kent", "F", 7), ("Kent", "M", 8), ("Kent", "", 15)]
BOTH = {("Kent", "F"), ("Kent", "M")}


def test_what_a_whole_table_does_not_list_holds_nobody():
    assert combinations(table(*KENT, ("", "", 15))) == BOTH


def test_of_a_total_that_is_not_divided_any_value_may_be():
    listed = table(*KENT, ("Essex", "", 9), ("", "", 24))
    assert combinations(listed) == BOTH | {("Essex", "F"), ("Essex", "M")}


def test_where_noughts_are_hidden_everybody_may_be_anywhere():
    listed = table(*KENT, ("Essex", "F", 9), ("", "", 24))
    assert combinations(listed, noughts_shown=False) == BOTH | {
        ("Essex", "F"), ("Essex", "M")
    }  # fmt: skip


def test_a_part_of_the_people_leaves_the_rest_open():
    ages = PublishedTable("ages.csv", ("age",), (PublishedCell({"age": "child"}, 3, 3),))
    assert combinations(table(("Kent", "F", 7), ("", "", 7)), ages) == {
        ("Kent", "F", "child"), ("Kent", "F", REST)
    }  # fmt: skip


def test_what_is_rounded_away_may_hold_a_few_where_the_table_divides():
    listed = table(("Kent", "F", 10), ("Essex", "M", 15), ("", "", 25), unlisted=4)
    made = listing_all(listed, values_of([listed]))
    added = {(*cell.values.values(), cell.high) for cell in made.cells if cell.place == UNLISTED}
    assert added == {("Kent", "M", 4), ("Essex", "F", 4)}


def test_groups_among_values_are_of_a_dimension_of_their_own():
    listed = table(("Kent", "F", 10), ("South", "F", 10))
    made = grouped(listed, [{"region": {"Kent": "South"}}])
    assert [dict(cell.values) for cell in made.cells][1] == {"region": "South", "sex": "F"}


def test_too_many_are_refused_with_what_helps():
    cells = tuple(PublishedCell({"area": f"a{at}", "sex": f"s{at}"}, 5, 5) for at in range(500))
    listed = PublishedTable("t.csv", ("area", "sex"), (*cells, PublishedCell({}, 2500, 2500)))
    with pytest.raises(Unreadable, match="say what lies within what"):
        atoms_of([listed], Rule(noughts_shown=False), ())
