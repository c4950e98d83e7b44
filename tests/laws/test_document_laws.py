"""The door for documents: whatever is sent, it is read whole or refused in a sentence."""

from __future__ import annotations

import copy
import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from darkfigure.basis.errors import ReturnRefused
from darkfigure.intelligence import shapes
from darkfigure.intelligence.documents import DEEPEST, read_document
from darkfigure.intelligence.markings import MarkedTooHigh
from darkfigure.intelligence.reporting import read_replies, read_report
from darkfigure.intelligence.requirement_sets import example_set, read_set
from darkfigure.intelligence.shapes import misshapen, path_of
from support import examples

HELD = example_set()
SAID_NO = (ReturnRefused, MarkedTooHigh)
REPORT = {
    "reference": "SYN-1",
    "agency": "kent",
    "marking": "OFFICIAL",
    "source": {"kind": "officer"},
    "submitted_by": "synthetic submitter",
    "graded_by": "synthetic grader",
    "submitted_on": "2026-05-02",
    "synthetic": True,
    "items": [
        {
            "number": 1,
            "grade": "2CP",
            "on": "2026-05-01",
            "links": [
                {"question": "HT.6.4", "area": "Kent", "period": "2026 Q2", "relation": "supports"}
            ],
        }
    ],
}
REPLIES = {
    "agency": "kent",
    "signed_off_by": "synthetic role",
    "on": "2026-07-01",
    "replies": [{"ask": "ASK-1", "kind": "nil_searched", "effort": "brief"}],
}
odd = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats()
    | st.text(max_size=90)
    | st.sampled_from(["\x00", "\ud800", "１２", "2026-02-30", "x" * 500]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)


def places(value, path=()):
    """Every place in a document, the document itself first."""
    yield path
    inner = value.items() if isinstance(value, dict) else ()
    for name, held in enumerate(value) if isinstance(value, list) else inner:
        yield from places(held, (*path, name))


@st.composite
def broken(draw, whole):
    """A sound document with one thing in it replaced, taken out, added or doubled."""
    made = copy.deepcopy(whole)
    path = draw(st.sampled_from([place for place in places(made) if place]))
    *outer, last = path
    inside = made
    for name in outer:
        inside = inside[name]
    what = draw(st.sampled_from(["replace", "take out", "add"]))
    if what == "replace":
        inside[last] = draw(odd)
    elif what == "take out":
        del inside[last]
    elif isinstance(inside, dict):
        inside[draw(st.text(max_size=12))] = draw(odd)
    else:
        inside.append(draw(odd))
    return made


@settings(max_examples=examples(300))
@given(broken(REPORT) | odd)
def test_a_report_is_read_whole_or_refused(data):
    try:
        report = read_report(data, HELD, "synthetic")
    except SAID_NO:
        return
    assert len(report.items) == len(data["items"])
    assert sum(len(item.links) for item in report.items) == sum(
        len(item["links"]) for item in data["items"]
    )


@settings(max_examples=examples(300))
@given(broken(REPLIES) | odd)
def test_replies_are_read_whole_or_refused(data):
    try:
        replies = read_replies(data, "synthetic")
    except SAID_NO:
        return
    assert len(replies) == len(data["replies"])


@settings(max_examples=examples(300))
@given(st.text(max_size=200) | st.builds(json.dumps, odd) | st.binary(max_size=80).map(repr))
def test_any_text_is_a_document_or_is_refused(text):
    for read in (read_document, read_set):
        with suppress(*SAID_NO):
            read(text, "synthetic")


@pytest.mark.parametrize("opening", ["[", '{"a":', "- " * 3, "a:\n " * 2])
def test_what_lies_too_deep_is_refused(opening):
    with pytest.raises(ReturnRefused):
        read_document(opening * 30_000, "synthetic")
    deep = value = []
    for _ in range(DEEPEST + 2):
        value.append([])
        value = value[0]
    with pytest.raises(ReturnRefused, match="too deep"):
        read_document(json.dumps({"a": deep}), "synthetic")


def test_few_lines_that_would_fill_the_memory_are_refused():
    bomb = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + at)}: &{chr(98 + at)} [*{chr(97 + at)}, *{chr(97 + at)}]\n" for at in range(24)
    )
    for read in (read_document, read_set):
        with pytest.raises(ReturnRefused):
            read(bomb, "synthetic")


@pytest.mark.parametrize("text", ['{"a": 1, "a": 2}', "a: 1\na: 2\n", "x:\n  a: 1\n  a: 2\n"])
def test_a_key_that_stands_twice_is_refused(text):
    with pytest.raises(ReturnRefused, match="stands twice"):
        read_document(text, "synthetic")


def test_a_key_on_is_a_word_and_a_day_is_text():
    assert read_document("on: 2026-07-01\nno: yes\n", "synthetic") == {
        "on": "2026-07-01",
        "no": "yes",
    }


def test_a_misspelt_field_is_told_by_the_one_it_is_near_to():
    sent = copy.deepcopy(REPORT)
    sent["items"][0]["corroborated_bye"] = "kent SYN-0/1"
    (fault,) = misshapen(sent, shapes.REPORT)
    assert str(fault) == (
        "column 'items[1]': 1 field is not known here. Near are: corroborated_by."
    )
    assert path_of(["items", 0, "links", 1, "area"]) == "items[1].links[2].area"


def test_a_word_that_begins_with_true_is_text():
    assert read_document("place: true and false\nsaid: true\nfalsehood: trueish", "a") == {
        "place": "true and false",
        "said": True,
        "falsehood": "trueish",
    }
