"""What a ledger holds to be so on a day, by the one rule of all ledgers."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from darkfigure.intelligence.ledgers import (
    ANSWERS,
    ASKS,
    CLOSURES,
    CORROBORATORS,
    ITEMS,
    REPLIES,
    Ledgers,
    Spell,
    Version,
    both,
    laid_out,
    standing,
)


def day(number):
    return date(2026, 4, number)


def version(on, known=None, mark="a"):
    return Version(day(on), day(known or on), mark)


def test_a_spell_has_its_days_and_not_the_one_it_ends_on():
    spell = Spell(day(3), day(5))
    assert [number for number in range(1, 8) if spell.has(day(number))] == [3, 4]
    assert [number for number in range(1, 8) if Spell(day(3)).has(day(number))] == [3, 4, 5, 6, 7]


def test_one_statement_stands_from_the_day_it_is_known():
    assert standing([version(2, known=4)]) == [[Spell(day(4))]]


def test_a_later_statement_ends_the_one_before():
    assert standing([version(2), version(5)]) == [[Spell(day(2), day(5))], [Spell(day(5))]]
    assert standing([version(5), version(2)]) == [[Spell(day(5))], [Spell(day(2), day(5))]]


def test_what_came_late_and_speaks_of_an_earlier_day_closes_nothing():
    assert standing([version(5), version(2, known=7)]) == [[Spell(day(5))], []]


def test_what_came_late_stands_until_what_speaks_of_a_later_day():
    stood = standing([version(3, known=6), version(2)])
    assert stood == [[Spell(day(6))], [Spell(day(2), day(6))]]


def test_of_the_same_days_the_greater_mark_stands():
    assert standing([version(2, mark="a"), version(2, mark="b")]) == [[], [Spell(day(2))]]


def test_what_is_taken_back_lets_the_one_before_stand_again():
    stood = standing([version(2), version(5)], [[], [Spell(day(7))]])
    assert stood == [[Spell(day(2), day(5)), Spell(day(7))], [Spell(day(5), day(7))]]


def test_what_is_taken_back_and_given_back_stands_in_two_spells():
    stood = standing([version(2)], [[Spell(day(4), day(6))]])
    assert stood == [[Spell(day(2), day(4)), Spell(day(6))]]


def test_nothing_stands_while_all_is_taken_back():
    assert standing([version(2)], [[Spell(day(2))]]) == [[]]
    assert standing([version(2)], [[Spell(day(3), day(3))]]) == [[Spell(day(2))]]


def test_a_spell_goes_on_over_what_happens_to_another():
    stood = standing([version(5), version(2), version(1, known=9)])
    assert stood[0] == [Spell(day(5))]


def test_a_spell_that_goes_on_ends_where_it_is_ended():
    stood = standing([version(2), version(1, known=4), version(6)])
    assert stood == [[Spell(day(2), day(6))], [], [Spell(day(6))]]


def rows(*given):
    return pl.DataFrame(
        [(number, about, day(on), day(known), mark) for number, about, on, known, mark in given],
        schema={
            "id": pl.Int64,
            "about": pl.String,
            "on": pl.Date,
            "known_from": pl.Date,
            "mark": pl.String,
        },
        orient="row",
    )


def told(frame):
    return {(row["id"], row["known_from"], row["known_to"]) for row in frame.iter_rows(named=True)}


def test_rows_of_a_ledger_have_the_days_they_stand():
    held = rows((1, "a", 2, 2, "x"), (2, "a", 5, 5, "y"), (3, "b", 3, 4, "z"))
    found = laid_out(held, ["about"], {})
    assert told(found) == {(1, day(2), day(5)), (2, day(5), None), (3, day(4), None)}
    assert found.columns == ["id", "about", "on", "known_from", "mark", "known_to"]
    assert found.schema["known_to"] == pl.Date
    assert len(found) == 3


def test_a_row_that_never_stands_is_not_among_them():
    assert told(laid_out(rows((1, "a", 5, 5, "x"), (2, "a", 2, 7, "y")), ["about"], {})) == {
        (1, day(5), None)
    }


def test_a_row_taken_back_stands_until_then_and_others_are_as_they_were():
    held = rows((1, "a", 2, 2, "x"), (2, "b", 3, 3, "y"))
    found = laid_out(held, ["about"], {1: [Spell(day(4), day(6))]})
    assert told(found) == {(1, day(2), day(4)), (1, day(6), None), (2, day(3), None)}


def test_of_two_about_one_thing_the_one_before_stands_again():
    held = rows((1, "a", 2, 2, "x"), (2, "a", 5, 5, "y"))
    found = laid_out(held, ["about"], {2: [Spell(day(8))]})
    assert told(found) == {(1, day(2), day(5)), (1, day(8), None), (2, day(5), day(8))}


def test_of_the_same_days_the_row_of_the_greater_mark_stands():
    held = rows((1, "a", 2, 2, "y"), (2, "a", 2, 2, "x"))
    assert told(laid_out(held, ["about"], {})) == {(1, day(2), None)}


def test_each_thing_has_its_own_row_that_stands():
    held = rows((1, "a", 2, 2, "x"), (2, "a", 5, 5, "y"), (3, "b", 3, 3, "x"), (4, "b", 4, 4, "y"))
    assert told(laid_out(held, ["about"], {})) == {
        (1, day(2), day(5)),
        (2, day(5), None),
        (3, day(3), day(4)),
        (4, day(4), None),
    }


def test_a_ledger_of_which_all_is_taken_back_has_no_row_and_its_columns():
    found = laid_out(rows((1, "a", 2, 2, "x")), ["about"], {1: [Spell(day(2))]})
    assert found.is_empty()
    assert (found.schema["known_from"], found.schema["known_to"]) == (pl.Date, pl.Date)
    with_another = rows((1, "a", 2, 2, "x"), (2, "b", 2, 2, "x"))
    found = laid_out(with_another, ["about"], {1: [Spell(day(2))]})
    assert told(found) == {(2, day(2), None)}
    assert (found.schema["known_from"], found.schema["known_to"]) == (pl.Date, pl.Date)


def test_a_ledger_without_rows_stays_so():
    found = laid_out(rows(), ["about"], {})
    assert found.is_empty()
    assert found.columns[-1] == "known_to"


def test_what_rows_are_about_may_be_several_columns():
    held = rows((1, "a", 2, 2, "x"), (2, "a", 5, 5, "x"), (3, "a", 6, 6, "y"))
    found = laid_out(held, ["about", "mark"], {})
    assert told(found) == {(1, day(2), day(5)), (2, day(5), None), (3, day(6), None)}


def spelled(*given):
    return pl.DataFrame(
        [(key, word, day(first), until and day(until)) for key, word, first, until in given],
        schema={
            "key": pl.String,
            "word": pl.String,
            "known_from": pl.Date,
            "known_to": pl.Date,
        },
        orient="row",
    )


@pytest.mark.parametrize(
    ("left", "right", "days"),
    [
        ((1, None), (3, None), [(3, None)]),
        ((3, None), (1, None), [(3, None)]),
        ((1, 5), (3, None), [(3, 5)]),
        ((1, None), (3, 5), [(3, 5)]),
        ((1, 4), (3, 9), [(3, 4)]),
        ((3, 9), (1, 4), [(3, 4)]),
        ((1, 3), (3, None), []),
        ((1, 2), (3, None), []),
    ],
)
def test_two_ledgers_joined_stand_while_both_do(left, right, days):
    found = both(
        spelled(("k", "left", *left)), spelled(("k", "right", *right), ("x", "no", 1, None)), "key"
    )
    assert [
        (row["known_from"].day, row["known_to"] and row["known_to"].day)
        for row in found.iter_rows(named=True)
    ] == days
    assert found.columns == ["key", "word", "known_from", "known_to", "word_other"]


def filled(columns, known):
    """Two rows of a ledger: known from a day on, and known until it."""
    row = dict.fromkeys(columns)
    return pl.DataFrame(
        [
            {**row, "known_from": day(known), "known_to": None},
            {**row, "known_from": day(1), "known_to": day(known)},
        ],
        schema=columns,
    )


def test_the_ledgers_of_a_day_hold_what_was_known_on_it():
    names = ("asks", "replies", "items", "answers", "closures", "corroborators")
    columns = (ASKS, REPLIES, ITEMS, ANSWERS, CLOSURES, CORROBORATORS)
    held = Ledgers(*(filled(each, at + 3) for at, each in enumerate(columns)))
    for at, name in enumerate(names):
        for on in (day(at + 2), day(at + 3), day(at + 4)):
            (row,) = getattr(held.known(on), name).iter_rows(named=True)
            assert row["known_from"] == (day(1) if on < day(at + 3) else day(at + 3))


def test_ledgers_begin_empty_with_their_columns():
    empty = Ledgers()
    assert empty.asks.schema == ASKS
    assert empty.replies.schema == REPLIES
    assert empty.items.schema == ITEMS
    assert empty.answers.schema == ANSWERS
    assert empty.closures.schema == CLOSURES
    assert empty.corroborators.schema == CORROBORATORS
    assert empty.known(day(1)).items.schema == ITEMS
