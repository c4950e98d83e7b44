"""A sample of items is graded twice, the second time without knowing the first. All synthetic."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from django.utils import timezone

from darkfigure.basis.errors import DarkfigureError, NotPermitted, UnknownName, Unreadable
from darkfigure.basis.marking import Marking
from darkfigure.intelligence.agreement import is_graded_twice
from darkfigure_hub.access.roles import Role
from darkfigure_hub.access.scopes import for_account
from darkfigure_hub.flows.file_report import regrade_item, submit_report
from darkfigure_hub.flows.grade_twice import grade_second, show_agreement, waiting_for_second
from darkfigure_hub.flows.set_requirements import load_set
from darkfigure_hub.flows.show_items import show_items
from darkfigure_hub.store.models import LogEntry

GRADER = for_account("account:920001", Role.GRADER, "NCA", 2, "test")
OTHER = replace(GRADER, who="account:920002")
LINK = {"question": "HT.6.4", "area": "Kent", "period": "2026 Q3", "relation": "supports"}


@pytest.fixture
def items(apart, operator, tmp_path):
    """A report of thirty items, each graded 2CP; the names of those of the sample."""
    edition = load_set(operator, "human_trafficking").edition
    item = {"grade": "2CP", "on": "2026-06-01", "origin": "SYNTHETIC-1", "links": [LINK]}
    report = {
        "reference": "SYN-7",
        "agency": "kent",
        "marking": "OFFICIAL",
        "source": {"kind": "officer"},
        "submitted_by": "a",
        "graded_by": "b",
        "submitted_on": "2026-06-02",
        "synthetic": True,
        "items": [{"number": n, **item} for n in range(1, 31)],
    }
    path = tmp_path / "report.json"
    path.write_text(json.dumps(report), encoding="utf-8")
    submit_report(operator, path, edition)
    names = [f"kent SYN-7/{n}" for n in range(1, 31)]
    return [name for name in names if is_graded_twice(name)]


def test_a_sample_waits_and_its_second_grades_are_laid_beside_the_first(items):
    assert 1 < len(items) < 15
    assert waiting_for_second(GRADER) == items
    first, second, *_ = items
    assert grade_second(GRADER, first, "2CP") == "2CP"
    assert grade_second(OTHER, second, "1AP") == "2CP"
    assert waiting_for_second(GRADER) == items[2:]
    found = show_agreement(GRADER)
    assert found.places["source"].number == 2
    assert found.places["source"].same == 0.5
    assert found.apart == ((second, "2CP", "1AP"),)
    with pytest.raises(UnknownName, match="does not wait"):
        grade_second(OTHER, first, "2CP")
    entry = LogEntry.objects.filter(action="item graded twice").first()
    assert entry.detail["grade"] == "2CP"


def test_it_changes_nothing_of_the_item(items):
    grade_second(GRADER, items[0], "3EP")
    held = dict(show_items(GRADER, timezone.localdate()))
    assert held[items[0]].letters == "2CP"


def test_who_graded_or_submitted_it_does_not_grade_it_a_second_time(items):
    regrade_item(GRADER, items[0], "2BP", "confirmed", timezone.localdate())
    assert items[0] not in waiting_for_second(GRADER)
    assert items[0] in waiting_for_second(OTHER)
    with pytest.raises(NotPermitted):
        grade_second(GRADER, items[0], "2BP")
    assert grade_second(OTHER, items[0], "2BP") == "2BP"


@pytest.mark.parametrize("grade", ["", "9ZZ", "2C"])
def test_what_is_no_grade_is_refused(items, grade):
    with pytest.raises(Unreadable):
        grade_second(GRADER, items[0], grade)
    assert items[0] in waiting_for_second(GRADER)


def test_it_is_for_graders_and_for_what_they_see(items):
    with pytest.raises(NotPermitted):
        waiting_for_second(for_account("account:3", Role.ANALYST, "NCA", 2, "test"))
    assert waiting_for_second(replace(GRADER, sees=Marking.PUBLIC)) == []
    with pytest.raises(DarkfigureError):
        grade_second(GRADER, "kent SYN-7/99", "2CP")
