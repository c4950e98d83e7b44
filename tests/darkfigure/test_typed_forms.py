"""What is typed becomes the file that says it: records a return, items a report. SYNTHETIC."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkfigure.basis.errors import Unreadable
from darkfigure.cases.records import KINDS
from darkfigure.intelligence import typed_report
from darkfigure.writing.forms.typed_records import fields_of, typed_kind, with_record

HEAD = {"stated_on": "2026-07-02", "reported_by": "kent", "synthetic": "yes"}
words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_fields_with_what_they_mean(kind):
    fields = fields_of(KINDS[kind])
    assert [each.name for each in fields] == [
        "record",
        *(each.name for each in KINDS[kind].fields),
    ]
    assert all(each.label and (each.help or each.name == "record") for each in fields)


@given(st.lists(st.tuples(words, words), min_size=1, max_size=4))
def test_records_are_added_and_none_is_changed(typed):
    text = ""
    for given_name, nationality in typed:
        values = {"record": "SYN", "given_name": given_name, "nationality": nationality}
        text = with_record("person", HEAD, values, text.encode())
    again = with_record("person", HEAD, {"record": "SYN-last"}, text.encode())
    assert again.startswith(text)
    assert typed_kind(again.encode()) == "person"


@given(st.lists(st.tuples(st.sampled_from(["add", "change", "leave out"]), words), max_size=8))
def test_items_are_those_typed_last_by_their_numbers(steps):
    text = typed_report.begun("kent", "officer", {"reference": "SYN-1", "source": "officer"})
    held: dict[int, str] = {}
    for step, said in steps:
        report = typed_report.read(text.encode())
        if step == "add" or not held:
            held[max(held, default=0) + 1] = said
            text = typed_report.with_item(report, {"text": said}, [])
        elif step == "change":
            held[min(held)] = said
            text = typed_report.with_item(report, {"text": said}, [], min(held))
        else:
            place = max(held)
            del held[place]
            text = typed_report.without_item(report, place)
    items = json.loads(text)["items"]
    assert {each["number"]: each.get("text", "") for each in items} == held


def test_a_file_is_not_taken_for_what_was_typed():
    assert typed_kind(b"record_kind,record\nperson,SYN\n") == ""
    with pytest.raises(Unreadable, match="came as a file"):
        with_record("person", HEAD, {}, b"a,b\n1,2\n")
    for content in (b"reference: SYN-1\n", b"[]", b"\xff"):
        with pytest.raises(Unreadable, match="came as a file"):
            typed_report.read(content)
