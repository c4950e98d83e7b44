"""Decisions on links: which stand on a day, and which are refused, with the sentence."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkfigure.basis.errors import DarkfigureError
from darkfigure.linkage.decisions import Decision, DecisionKind, check_decision, standing
from darkfigure.linkage.grave import Effect, grave_by, words_of

MERGE, SPLIT, UNDO = DecisionKind
FIRST, SECOND, THIRD, FOURTH = (date(2026, month, 1) for month in (1, 2, 3, 4))


def merge(number, day=FIRST, left="a", right="b", kind=MERGE, reason="same document"):
    return Decision(number, kind, day, "a synthetic reviewer", reason, left, right)


def undo(number, of, day=SECOND, reason="misread"):
    return Decision(number, UNDO, day, "a synthetic reviewer", reason, undoes=of)


def stood(decisions, day):
    return [each.id for each in standing(decisions, day)]


def refusal(made, new):
    with pytest.raises(DarkfigureError) as refused:
        check_decision(made, new)
    return str(refused.value)


def test_a_decision_stands_from_its_day_until_it_is_undone():
    made = [merge(1, SECOND), undo(2, 1, FOURTH)]
    assert stood(made, FIRST) == []
    assert stood(made, SECOND) == stood(made, THIRD) == [1]
    assert stood(made, FOURTH) == []


def test_an_undoing_that_is_undone_restores():
    made = [merge(1), undo(2, 1, SECOND), undo(3, 2, THIRD)]
    assert [stood(made, day) for day in (FIRST, SECOND, THIRD)] == [[1], [], [1]]
    again = [*made, undo(4, 3, FOURTH)]
    assert stood(again, FOURTH) == []


def test_others_stand_whatever_is_undone():
    made = [merge(1), merge(2, left="c", right="d", kind=SPLIT), undo(3, 1), merge(4, SECOND, "e")]
    assert stood(made, SECOND) == [2, 4]


@given(st.lists(st.integers(1, 8), max_size=8), st.permutations(range(9)))
def test_the_order_in_which_decisions_are_read_is_of_no_account(undone, order):
    made = [merge(1), *(undo(at + 2, of) for at, of in enumerate(undone) if of < at + 2)]
    read = [made[place] for place in order if place < len(made)]
    assert set(stood(read, SECOND)) == set(stood(made, SECOND))


@given(st.integers(0, 7))
def test_a_chain_of_undoings_stands_by_turns(length):
    made = [merge(1), *(undo(number + 1, number) for number in range(1, length + 1))]
    assert stood(made, SECOND) == ([1] if length % 2 == 0 else [])


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_decision_needs_a_reason(reason):
    said = "A decision on a link needs a reason: say why with --reason."
    assert refusal([], merge(1, reason=reason)) == said
    assert refusal([merge(1)], undo(2, 1, reason=reason)) == said


def test_a_decision_is_on_two_records():
    assert refusal([], merge(1, left="a", right="a")) == "a is one record: a decision is on two."
    check_decision([], merge(1))


def test_what_was_decided_is_undone_before_it_is_decided_again():
    said = "D1 of 2026-01-01 says that these records are {}. Undo it first if it was wrong."
    assert refusal([merge(1)], merge(2, SECOND, kind=SPLIT)) == said.format("one person")
    assert refusal([merge(1, kind=SPLIT)], merge(2, SECOND)) == said.format("two persons")
    check_decision([merge(1), undo(2, 1)], merge(3, THIRD, kind=SPLIT))
    check_decision([merge(1)], merge(2, SECOND, right="c", kind=SPLIT))
    check_decision([merge(1)], merge(2, SECOND, left="0", kind=SPLIT))


def test_what_does_not_stand_yet_binds_nobody():
    check_decision([merge(1, THIRD)], merge(2, SECOND, kind=SPLIT))


def test_what_was_not_decided_cannot_be_undone():
    assert refusal([], undo(2, 1)) == "There is no decision D1 to undo by 2026-02-01."
    assert (
        refusal([merge(1, THIRD)], undo(2, 1)) == "There is no decision D1 to undo by 2026-02-01."
    )
    check_decision([merge(1, SECOND)], undo(2, 1, SECOND))


def test_what_was_undone_is_not_undone_twice_but_its_undoing_may_be():
    made = [merge(5), merge(1), undo(2, 1)]
    assert refusal(made, undo(3, 1, THIRD)) == "D1 no longer stands: it was undone before."
    check_decision(made, undo(3, 2, THIRD))
    check_decision(made, undo(3, 5, THIRD))


@given(
    st.sampled_from(["joins", "parts", "neither"]),
    st.frozensets(st.sampled_from(["kent", "essex", "HO"]), max_size=3),
    st.frozensets(st.sampled_from(["convicted", "acquitted", "positive"]), max_size=2),
    st.floats(0, 1),
    st.booleans(),
)
def test_grave_is_what_the_rules_say_and_nothing_else(does, agencies, outcomes, share, published):
    effect = Effect(does == "joins", does == "parts", agencies, outcomes, share, published)
    expected = ["changes_published"] if published else []
    if does == "joins" and len(agencies) >= 2 and "convicted" in outcomes:
        expected.append("joins_convicted")
    if does == "parts" and share >= 0.99:
        expected.append("parts_sure")
    assert grave_by(effect) == expected
    assert all(words_of(rule).startswith("it ") for rule in expected)
