"""Records of bodies that went over into others, counted by the repository. All synthetic."""

from __future__ import annotations

import json

import pytest
from django.utils import timezone

from darkfigure.cases.records import FORM
from darkfigure.publication import ask
from darkfigure_hub.flows.answer_question import answer_question
from darkfigure_hub.flows.explain_change import explain_change
from darkfigure_hub.flows.open_source import open_source
from darkfigure_hub.flows.receive_return import receive_return

#: Allerdale and Carlisle were made into Cumberland on 1 April 2023.
ARRESTS = [("Allerdale", "2022-05-01"), ("Carlisle", "2022-06-01"), ("Cumberland", "2023-06-01")]


@pytest.fixture
def loaded(apart, operator, tmp_path):
    """A return of three arrests in 2022 and 2023, stated in January 2023 and 2024."""
    for day, arrests in (("2023-01-05", ARRESTS[:2]), ("2024-01-05", ARRESTS[2:])):
        persons = [{"record": f"P{when}", "sex": "male"} for _, when in arrests]
        records = [
            {"record": f"A{when}", "person": f"P{when}", "date": when, "area": area}
            for area, when in arrests
        ]
        path = tmp_path / f"{day}.json"
        head = {"form": FORM, "reported_by": "kent", "stated_on": day, "synthetic": True}
        path.write_text(json.dumps({**head, "records": {"person": persons, "arrest": records}}))
        receive_return(operator, path)


def asked(**given):
    given = {"period": "2022..2023", **given}
    return ask("arrests", timezone.localdate(), evidence="cases", **given)


def test_by_area_they_are_counted_at_what_their_body_became(loaded, operator):
    found = answer_question(operator, asked(by=["area"]))
    (cell,) = (cell for cell in found.cells if cell.dims["area"] == "E06000063")
    assert cell.value == 3
    assert not {"E07000026", "E07000028"} & {each.dims["area"] for each in found.cells}
    assert any("Allerdale and Carlisle are counted at Cumberland" in str(n) for n in found.notes)
    opened = open_source(operator, cell.id)
    assert len(opened.records) == 3


def test_asked_for_the_new_body_the_records_of_the_old_are_counted(loaded, operator):
    found = answer_question(operator, asked(where=["area=Cumberland"]))
    assert [cell.value for cell in found.cells] == [3]
    found = answer_question(operator, asked(where=["area=Carlisle"]))
    assert [cell.value for cell in found.cells] == [1]


def test_a_bridge_over_the_day_says_that_the_bodies_went_over(loaded, operator):
    start, end = (
        timezone.datetime.fromisoformat(day).date() for day in ("2023-02-01", "2024-02-01")
    )
    bridge = explain_change(operator, asked(by=["area"]), start, end)
    lines = {(line.cell, line.reason): line.amount for line in bridge.lines}
    assert {key: lines[key] for key in lines if key[1] == "definition_changed"} == {
        ("Allerdale", "definition_changed"): -1,
        ("Carlisle", "definition_changed"): -1,
        ("Cumberland", "definition_changed"): 2,
    }
