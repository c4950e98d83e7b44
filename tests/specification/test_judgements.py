"""Judgements: the yardstick and its gaps, conditions, the grid of hypotheses, what is wrong with
one by itself and against the last.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkfigure.basis.errors import UnknownName, Unreadable
from darkfigure.basis.truth import Truth
from darkfigure.intelligence.ach import Consistency, Grid, Hypothesis, Row, Turn
from darkfigure.intelligence.indicators import read_condition
from darkfigure.intelligence.judgements import (
    Assumption,
    Change,
    CitedFigure,
    CitedItem,
    Comment,
    Criterion,
    Dissent,
    Moved,
    Rating,
    differences,
    faults,
)
from darkfigure.intelligence.yardstick import Term, read_term, term_of
from judgements_drawn import SOUND


def codes(judgement, before=None):
    return [each.code.removeprefix("judgement.fault.") for each in faults(judgement, before)]


def test_bands_are_those_of_the_yardstick_and_gaps_stay_gaps():
    bands = [(term.low, term.high) for term in Term]
    assert bands == [(0, 5), (10, 20), (25, 35), (40, 50), (55, 75), (80, 90), (95, 100)]
    assert all(before[1] < after[0] for before, after in pairwise(bands))
    assert [term_of(each) for each in (3, 5, 7, 10, 22.5, 37, 45, 52, 60, 78, 85, 93, 99.9)] == [
        Term.REMOTE_CHANCE, Term.REMOTE_CHANCE, None, Term.HIGHLY_UNLIKELY, None, None,
        Term.REALISTIC_POSSIBILITY, None, Term.LIKELY, None, Term.HIGHLY_LIKELY, None,
        Term.ALMOST_CERTAIN,
    ]  # fmt: skip


@pytest.mark.parametrize("percent", [0, 50, 100])
def test_impossible_even_and_certain_have_no_term(percent):
    assert term_of(percent) is None


@given(st.floats(0, 100))
def test_a_number_has_at_most_one_term_and_lies_in_its_band(percent):
    held = [term for term in Term if term.holds(percent)]
    assert held == ([term_of(percent)] if term_of(percent) else [])
    assert all(term.low <= percent <= term.high for term in held)


@pytest.mark.parametrize("percent", [-1, 100.5])
def test_what_is_no_per_cent_has_no_term(percent):
    with pytest.raises(Unreadable, match="between 0 and 100"):
        term_of(percent)


def test_a_term_is_read_as_it_is_written_and_never_from_a_number():
    assert [read_term(term.label) for term in Term] == list(Term)
    assert read_term("Highly_Likely ") == Term.HIGHLY_LIKELY
    assert read_term("probable") == Term.LIKELY
    for text in ("60", "quite likely", ""):
        with pytest.raises(UnknownName, match="not a term of the yardstick"):
            read_term(text)


def test_the_middle_of_a_band():
    assert [term.middle for term in Term] == [2.5, 15, 30, 45, 65, 85, 97.5]


@pytest.mark.parametrize(
    ("text", "low", "high", "truth"),
    [
        ("> 500", 501, 501, Truth.YES), ("> 500", 500, 500, Truth.NO),
        ("> 500", 490, 510, Truth.NOT_KNOWN), ("> 500", 500, 510, Truth.NOT_KNOWN),
        (">= 500", 500, 510, Truth.YES), (">= 500", 499, 500, Truth.NOT_KNOWN),
        (">=500", 1, 499, Truth.NO), ("< 1,000.5", 1000, 1000, Truth.YES),
        ("< 12", 12, 20, Truth.NO), ("<= 12", 12, 12, Truth.YES), ("<= 12", 13, None, Truth.NO),
        ("<= 12", 12, 13, Truth.NOT_KNOWN), ("= 7", 7, 7, Truth.YES),
        ("= 7", 6, 8, Truth.NOT_KNOWN),
        ("= 7", 8, 9, Truth.NO), ("> 3", None, None, Truth.NOT_KNOWN), ("< -2", -3, -3, Truth.YES),
    ],
)  # fmt: skip
def test_a_condition_is_met_or_not_or_not_known(text, low, high, truth):
    assert read_condition(text).met(low, high) == truth


@given(
    st.sampled_from(["<", "<=", "=", ">=", ">"]),
    st.integers(-5, 5),
    st.integers(-6, 6),
    st.integers(0, 4),
)
def test_what_is_said_of_a_range_is_said_of_all_that_lies_in_it(comparing, bound, low, width):
    condition = read_condition(f"{comparing} {bound}")
    of_each = {condition.met(each / 2, each / 2) for each in range(2 * low, 2 * (low + width) + 1)}
    said = condition.met(low, low + width)
    assert said == (of_each.pop() if len(of_each) == 1 else Truth.NOT_KNOWN)


@pytest.mark.parametrize("text", ["500", "more than 5", "> five", "=> 5", "> 5 6", "> 5 or < 2"])
def test_what_is_no_condition_is_refused(text):
    with pytest.raises(Unreadable, match="no condition"):
        read_condition(text)


@pytest.mark.parametrize("text", ["> 500", "<= 12.5", "= -3"])
def test_a_condition_is_written_as_it_is_read(text):
    assert str(read_condition(text)) == text


def row(item, **marks):
    return Row(item, tuple((code, Consistency(mark)) for code, mark in marks.items()))


A, B = Hypothesis("A", "routes moved", claimed=True), Hypothesis("B", "recording changed")


def test_the_hypothesis_that_least_speaks_against_leads():
    grid = Grid((A, B), (row("X/1", A="CC", B="I"), row("X/2", A="II", B="CC")), {"X/2": 0.5})
    assert (grid.inconsistency("A"), grid.inconsistency("B")) == (1.0, 1.0)
    assert grid.leading() == ("A", "B")
    weighed = Grid(grid.hypotheses, grid.rows, {"X/1": 0.8, "X/2": 0.1})
    assert weighed.leading() == ("A",)
    assert [each.code for each, _ in weighed.ranked] == ["A", "B"]
    assert weighed.turns == (Turn("X/1", ("B",)),)


@pytest.mark.parametrize(
    ("marks", "steps"),
    [
        ({"A": "C", "B": "C"}, 0), ({"A": "CC", "B": "C"}, 1), ({"A": "CC", "B": "II"}, 4),
        ({"A": "N", "B": "NA"}, 0), ({"A": "C", "B": "I", "C": "NA"}, 2),
        ({"A": "I", "B": "NA"}, 1),
    ],
)  # fmt: skip
def test_an_item_is_of_use_as_far_as_it_tells_hypotheses_apart(marks, steps):
    assert row("X/1", **marks).diagnosticity == steps


MARKS = st.sampled_from(list(Consistency))


@given(st.lists(st.tuples(MARKS, MARKS, st.floats(0.05, 1)), max_size=7))
def test_the_grid_by_hand(marked):
    """Sums, leaders and turns, worked out again without the grid's own code."""
    rows = [
        Row(f"X/{at}", (("A", first), ("B", second)))
        for at, (first, second, _) in enumerate(marked)
    ]
    weights = {f"X/{at}": weight for at, (_, _, weight) in enumerate(marked)}
    grid = Grid((A, B), tuple(rows), weights)

    def leaders(but=None):
        sums = [0.0, 0.0]
        for at, (*marks, weight) in enumerate(marked):
            if at != but:
                for side, mark in enumerate(marks):
                    sums[side] += weight * {"I": 1, "II": 2}.get(mark.value, 0)
        if abs(sums[0] - sums[1]) < 1e-9:
            return ("A", "B")
        return ("A",) if sums[0] < sums[1] else ("B",)

    assert grid.leading() == leaders()
    expected = {f"X/{at}": leaders(at) for at in range(len(marked)) if leaders(at) != leaders()}
    assert {turn.item: turn.leading for turn in grid.turns} == expected
    useless = set(grid.undiagnostic)
    assert not useless & set(expected), "an item that tells nothing apart decides nothing"


def test_a_sound_judgement_has_no_fault():
    assert faults(SOUND, None) == ()
    assert SOUND.resolvable
    assert not SOUND.single_origin
    assert SOUND.name == "HT-J-01/v1"


ONE_ORIGIN = replace(
    SOUND, items_for=tuple(replace(each, origin="ORIGIN-1") for each in SOUND.items_for), figures=()
)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"claim": " "}, "term_without_claim"),
        ({"claim": "", "term": None, "horizon": None}, "no_claim"),
        ({"requirements": ()}, "no_requirement"),
        ({"resolution": ""}, "no_resolution"),
        ({"horizon": SOUND.known}, "horizon_passed"),
        ({"term": None}, "horizon_without_term"),
        ({"items_for": (), "items_against": (), "figures": (), "rows": ()}, "nothing_cited"),
        ({"items_against": SOUND.items_for[:1]}, "item_twice"),
        ({"known": date(2009, 1, 1)}, "item_later"),
        ({"items_for": ONE_ORIGIN.items_for, "figures": ()}, "single_origin_unsaid"),
        ({"single_origin_said": True}, "single_origin_untrue"),
        ({"figures": SOUND.figures * 2}, "figure_twice"),
        ({"figures": (CitedFigure("referrals", date(2030, 1, 1)),)}, "figure_later"),
        ({"confidence": replace(SOUND.confidence, coverage="")}, "criterion_unsaid"),
        ({"hypotheses": SOUND.hypotheses[:1]}, "one_hypothesis"),
        ({"hypotheses": SOUND.hypotheses * 2}, "hypothesis_twice"),
        ({"hypotheses": (B, replace(A, claimed=False))}, "claimed_unclear"),
        ({"would_change": ""}, "would_change_unsaid"),
        ({"rows": (*SOUND.rows, row("NCA R-9/9", A="C", B="C"))}, "row_not_cited"),
        ({"rows": SOUND.rows * 2}, "row_twice"),
        ({"rows": (*SOUND.rows[1:], row(SOUND.rows[0].item, A="C", B="C", Z="C"))}, "mark_of_none"),
        ({"rows": (*SOUND.rows[1:], row(SOUND.rows[0].item, A="C"))}, "mark_missing"),
        ({"rows": SOUND.rows[1:]}, "item_not_in_grid"),
        ({"assumptions": (Assumption("agencies record alike", ""),)}, "assumption_unseen"),
        ({"assumptions": (Assumption("alike", "more", "referrals"),)}, "assumption_half"),
        ({"dissent": (Dissent("", "not so"),)}, "dissent_empty"),
        ({"comments": (Comment("KNT", ""),)}, "comment_empty"),
        ({"author": "a", "reviewer": "a"}, "same_person"),
        ({"reviewer": "b", "releaser": "b"}, "same_person"),
        ({"change": Change(Moved.CORRECTION, "x")}, "nothing_before"),
    ],
)  # fmt: skip
def test_each_fault_is_found(changes, code):
    assert code in codes(replace(SOUND, **changes))


def test_high_confidence_does_not_stand_on_one_origin():
    high = replace(SOUND.confidence, rating=Rating.HIGH)
    told = replace(ONE_ORIGIN, single_origin_said=True, confidence=high)
    assert codes(told) == ["high_on_one_origin"]
    assert codes(replace(told, confidence=replace(high, rating=Rating.MODERATE))) == []


def test_an_unnamed_origin_is_not_taken_for_one():
    unnamed = replace(ONE_ORIGIN.items_for[0], origin="")
    assert not replace(ONE_ORIGIN, items_for=(unnamed, *ONE_ORIGIN.items_for[1:])).single_origin


NEXT = replace(SOUND, version=2, change=Change(Moved.NO_CHANGE, "Nothing new was reported."))
REASON = Change(
    Moved.KNOW_MORE, "A second force reports it.", Criterion.SOURCE_BASE, SOUND.items[0].name
)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"term": Term.HIGHLY_LIKELY, "change": REASON}, []),
        ({"claim": "Another.", "change": REASON}, []),
        ({"claim": f" {SOUND.claim}\n"}, []),
        ({"change": Change(Moved.NO_CHANGE)}, ["reason_unsaid"]),
        ({"change": Change(Moved.FIRST)}, ["not_first"]),
        ({"term": Term.HIGHLY_LIKELY}, ["changed_all_the_same"]),
        ({"change": REASON}, ["nothing_changed"]),
        ({"version": 1}, ["not_after"]),
        ({"code": "HT-J-02"}, ["not_after"]),
        ({"term": Term.LIKELY, "change": replace(REASON, criterion=None)}, ["nothing_changed"]),
        (
            {"term": Term.UNLIKELY, "change": replace(REASON, criterion=None)},
            ["criterion_of_change"],
        ),
        ({"term": Term.UNLIKELY, "change": replace(REASON, item="")}, ["item_of_change"]),
        (
            {"term": Term.UNLIKELY, "change": replace(REASON, item="KNT R-7/1")},
            ["item_of_change_uncited"],
        ),
        ({"term": Term.UNLIKELY, "change": replace(REASON, reason="")}, ["reason_unsaid"]),
    ],
)
def test_a_judgement_against_the_last(changes, found):
    assert codes(replace(NEXT, **changes), SOUND) == found


def test_it_is_not_known_before_the_last():
    assert codes(NEXT, replace(SOUND, known=date(2026, 9, 1))) == ["known_before"]


def test_what_differs_is_named():
    other = replace(NEXT, term=Term.UNLIKELY, claim="Else.")
    assert differences(other, SOUND) == ("claim", "term")


def test_every_fault_is_a_sentence_that_says_what_would_be_right():
    empty = replace(
        SOUND, claim="", requirements=(), resolution="", items_for=(), items_against=(),
        figures=(), assumptions=(Assumption("", ""),),
    )  # fmt: skip
    for each in faults(empty, None):
        assert str(each).count(".") >= 2 or ":" in str(each), str(each)


def test_an_item_weighs_by_its_grade():
    assert CitedItem("NCA R-1", 1, "1AP").weighs == 0.8
    assert CitedItem("NCA R-1", 1, "2CC/A1/S2").weighs == 0.3
    assert CitedItem("NCA R-1", 1).weighs == 1.0
