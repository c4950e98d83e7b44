"""Files of judgements: what they hold is read back as it was, and each fault says where it is."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkfigure.basis.errors import DarkfigureError, UnknownName, Unreadable
from darkfigure.basis.marking import Marking
from darkfigure.basis.truth import Truth
from darkfigure.intelligence.ach import Consistency, Hypothesis, Row
from darkfigure.intelligence.indicators import read_condition
from darkfigure.intelligence.judgement_fields import as_fields, content_of
from darkfigure.intelligence.judgements import (
    Assumption,
    Change,
    CitedFigure,
    CitedItem,
    Comment,
    Criterion,
    Direction,
    Dissent,
    Indicator,
    Moved,
    Rating,
)
from darkfigure.intelligence.ledgers import Relation
from darkfigure.intelligence.markings import MarkedTooHigh
from darkfigure.intelligence.yardstick import Term
from darkfigure.reading.judgement_files import MOST, MOST_LISTED, judgement_of, read_judgement
from judgements_drawn import SOUND

FIELDS = as_fields(SOUND)
TEXT = st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=1, max_size=9)
DAY = st.dates(date(2000, 1, 1), date(2030, 1, 1))
CONDITION = st.builds(
    lambda sign, bound: read_condition(f"{sign} {bound}"),
    st.sampled_from(["<", "<=", "=", ">=", ">"]),
    st.integers(-99, 10**6) | st.floats(-99, 99).map(lambda each: round(each, 3)),
)
ITEM = st.builds(
    CitedItem,
    st.sampled_from(["NCA R-1", "KNT SYN 4"]),
    st.integers(0, 9),
    st.sampled_from(["", "1AP", "2CC/A1/S2"]),
    st.sampled_from(["", "ORIGIN-4", "KNT"]),
    st.none() | DAY,
)
FEW = 3
JUDGEMENTS = st.builds(
    replace,
    st.just(replace(SOUND, author="")),
    claim=TEXT,
    term=st.none() | st.sampled_from(Term),
    confidence=st.builds(replace, st.just(SOUND.confidence), rating=st.sampled_from(Rating)),
    direction=st.sampled_from(Direction),
    horizon=st.none() | DAY,
    places=st.lists(TEXT, max_size=FEW).map(tuple),
    items_for=st.lists(ITEM, max_size=FEW).map(tuple),
    items_against=st.lists(ITEM, max_size=FEW).map(tuple),
    figures=st.lists(
        st.builds(CitedFigure, TEXT, DAY, st.just("") | TEXT, st.sampled_from(Relation)),
        max_size=FEW,
    ).map(tuple),
    hypotheses=st.lists(st.builds(Hypothesis, TEXT, TEXT, st.booleans()), max_size=FEW).map(tuple),
    rows=st.lists(
        st.builds(
            Row,
            TEXT,
            st.dictionaries(TEXT, st.sampled_from(Consistency), max_size=FEW).map(
                lambda marks: tuple(marks.items())
            ),
        ),
        max_size=FEW,
        unique_by=lambda row: row.item,
    ).map(tuple),
    assumptions=st.lists(
        st.builds(Assumption, TEXT, TEXT, st.just("") | TEXT, st.none() | CONDITION), max_size=FEW
    ).map(tuple),
    indicators=st.lists(st.builds(Indicator, TEXT, TEXT, CONDITION), max_size=FEW).map(tuple),
    dissent=st.lists(st.builds(Dissent, TEXT, TEXT), max_size=FEW).map(tuple),
    comments=st.lists(st.builds(Comment, TEXT, TEXT), max_size=FEW).map(tuple),
    change=st.builds(
        Change, st.sampled_from(Moved), st.just("") | TEXT, st.none() | st.sampled_from(Criterion),
        st.just("") | TEXT,
    ),
    marking=st.sampled_from([Marking.PUBLIC, Marking.OFFICIAL, Marking.OFFICIAL_SENSITIVE]),
    single_origin_said=st.booleans(),
    synthetic=st.booleans(),
    known=DAY,
    if_unchanged=st.sampled_from(Truth),
)  # fmt: skip


@given(JUDGEMENTS)
def test_a_judgement_is_read_back_as_it_was(judgement):
    fields = as_fields(judgement)
    assert judgement_of(fields, "f") == judgement
    assert judgement_of(json.loads(json.dumps(fields)), "f") == judgement
    assert content_of(judgement_of(fields, "f")) == content_of(judgement)


def test_a_file_in_either_form_is_the_same_judgement():
    assert read_judgement(json.dumps(FIELDS), "f.json") == replace(SOUND, author="")


@given(JUDGEMENTS, JUDGEMENTS)
def test_the_hash_is_of_all_that_it_says_and_of_nobody(one, other):
    assert (content_of(one) == content_of(other)) == (one == other)
    named = replace(one, author="x", reviewer="y", version=7)
    assert content_of(named) == content_of(one)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"claims": "x"}, r"f: .*is no field\. "),
        ({"claim": None}, "f says nothing of claim"),
        ({"code": "ht 1"}, "f, code: .* HT-J-01"),
        ({"term": "60"}, "f, term: '60' is not a term of the yardstick"),
        ({"direction": "up"}, "f, direction: .* increasing, decreasing, stable, unclear"),
        ({"horizon": "31/3/2027"}, "f, horizon: .* YYYY-MM-DD"),
        ({"known": "2026-02-30"}, "f, known: .* not a day that exists"),
        ({"single_origin": "maybe"}, "f, single_origin: write yes or no"),
        ({"marking": "RESTRICTED"}, "f, marking: .* OFFICIAL"),
        ({"for": "NCA R-1/1"}, "f, for: write a list"),
        ({"for": ["NCA R-1"]}, "f, for 1: .* AGENCY REPORT/NUMBER"),
        ({"for": [{"item": "NCA R-1/1", "grade": "9ZZ"}]}, "f, for 1, grade: .* 2BP"),
        ({"for": [{"item": "NCA R-1/1", "origin": "a friend of his"}]}, "f, for 1, origin: "),
        ({"for": [{"items": "NCA R-1/1"}]}, "f, for 1: .*is no field"),
        ({"for": ["NCA R-1/1"] * (MOST_LISTED + 1)}, "f, for: write at most"),
        ({"figures": [{"ask": "referrals"}]}, "f, figures 1 has no as_at"),
        ({"figures": ["referrals"]}, "f, figures 1 does not hold fields. Write ask:"),
        (
            {"figures": [{"ask": "x", "as_at": "2026-01-01", "role": "proves"}]},
            "f, figures 1, role: .* supports, refutes, context",
        ),
        ({"hypotheses": [{"code": "A"}]}, "f, hypotheses 1 has no says"),
        ({"grid": {"NCA R-1/1": {"A": "X"}}}, "f, grid, .* CC, C, N, I, II, NA"),
        ({"grid": ["NCA R-1/1"]}, "f, grid: write each item"),
        ({"grid": {"NCA R-1/1": "A"}}, "write a mark for each hypothesis"),
        ({"indicators": [{"says": "x", "ask": "y"}]}, "f, indicators 1 has no condition"),
        (
            {"indicators": [{"says": "x", "ask": "y", "condition": "many"}]},
            "f, indicators 1, condition: .* > 500",
        ),
        ({"dissent": [{"post": "x"}]}, "f, dissent 1 has no says"),
        ({"confidence": {"rating": "sure"}}, "f, confidence, rating: .* high, moderate, low"),
        ({"change": {"kind": "none"}}, "f, change, kind: .* world_changed"),
        ({"claim": {"a": 1}}, "f, claim: not a word"),
        ({"claim": "x" * 4001}, "f, claim: write at most 4,000"),
    ],
)
def test_each_fault_says_where_it_is_and_what_would_be_right(changes, said):
    with pytest.raises((Unreadable, UnknownName), match=said):
        judgement_of({**FIELDS, **changes}, "f")


def test_what_is_no_judgement_or_marked_too_high_is_turned_away():
    for text in ("- a", "just words"):
        with pytest.raises(Unreadable, match="does not hold fields"):
            read_judgement(text, "f")
    with pytest.raises(Unreadable, match="no judgement needs more"):
        read_judgement("x" * (MOST + 1), "f")
    with pytest.raises(MarkedTooHigh):
        read_judgement(json.dumps({**FIELDS, "marking": "SECRET"}), "f")
    with pytest.raises(DarkfigureError):
        read_judgement("claim: [", "f")


def test_words_of_a_list_may_be_separated_by_commas():
    read = judgement_of({**FIELDS, "requirements": "HT.1.1, HT.1.2", "places": "Kent"}, "f")
    assert (read.requirements, read.places) == (("HT.1.1", "HT.1.2"), ("Kent",))
