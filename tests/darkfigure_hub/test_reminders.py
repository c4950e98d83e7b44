"""Reminders and more time: officers of the agency asked, then its supervisors, then who manages the
requirement; each once. All synthetic.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from test_outbox import appointed

from darkfigure.basis.errors import DarkfigureError, NotPermitted, UnknownName
from darkfigure_hub.access.roles import Role
from darkfigure_hub.flows.enquire import Opening, open_enquiry
from darkfigure_hub.flows.give_time import give_time, late_exceptions
from darkfigure_hub.flows.measure_coverage import measure_coverage
from darkfigure_hub.flows.remind import remind
from darkfigure_hub.flows.set_requirements import load_set, put_asks
from darkfigure_hub.flows.show_asks import show_asks
from darkfigure_hub.store.models import Outgoing

pytestmark = pytest.mark.xdist_group("outbox")
ASKED, DUE = date(2026, 7, 1), date(2026, 10, 14)


@pytest.fixture
def asked(apart, operator):
    """The packaged requirement, with an ask put to Kent and one to Essex, and who works on them."""
    load_set(operator, "human_trafficking")
    rows = [
        {
            "question": "HT.6.4",
            "area": area,
            "period": "2026 Q3",
            "agency": area.lower(),
            "due": DUE.isoformat(),
            "gateway": "synthetic",
        }
        for area in ("Kent", "Essex")
    ]
    put_asks(operator, "", rows, ASKED)
    return {
        "officer": appointed(Role.REPORTING_OFFICER),
        "supervisor": appointed(Role.AGENCY_SUPERVISOR),
        "essex": appointed(Role.REPORTING_OFFICER, "essex"),
        "manager": appointed(Role.REQUIREMENT_MANAGER, "NCA"),
        "desk": appointed(Role.ANSWERS_DESK, "NCA"),
    }


def told(kind):
    """Who was told of a thing, by whom it is, each as often as told."""
    held = Outgoing.objects.filter(kind=kind).values_list("account__email", flat=True)
    return sorted(email.partition("@")[0] for email in held)


KENT = ["reporting_officer.kent.1"]
BOTH = ["reporting_officer.essex.1", *KENT]
#: Both officers, Kent's supervisor, who drafts as well, and the manager for both asks.
ALL = [*BOTH, "agency_supervisor.kent.1"]


def test_first_the_officers_then_supervisors_then_the_manager_each_once(asked, operator):
    steps = [
        (-8, [], []),
        (-7, [*BOTH, "agency_supervisor.kent.1"], []),
        (0, ALL, []),
        (1, ALL, ALL),
        (7, ALL, [*ALL, "agency_supervisor.kent.1"]),
        (14, ALL, [*ALL, "agency_supervisor.kent.1", *["requirement_manager.nca.1"] * 2]),
    ]
    for days, soon, late in steps:
        day = DUE + timedelta(days=days)
        remind(operator, day)
        assert remind(operator, day) == 0
        assert told("ask is due") == sorted(soon), days
        assert told("ask is overdue") == sorted(late), days


def test_more_time_is_given_for_a_reason_and_told(asked, operator):
    officer, manager = asked["officer"], asked["manager"]
    ((mine),) = show_asks(officer, DUE)
    name, day = mine.reference, DUE + timedelta(days=2)
    assert mine.is_late(day)
    until = DUE + timedelta(days=30)
    for wrong in (
        lambda: give_time(manager, name, DUE, "synthetic", day),
        lambda: give_time(manager, name, day, "synthetic", day),
        lambda: give_time(manager, name, until, " ", day),
    ):
        with pytest.raises(DarkfigureError):
            wrong()
    with pytest.raises(UnknownName):
        give_time(manager, "ASK-99999", until, "synthetic", day)
    with pytest.raises(NotPermitted):
        give_time(officer, name, until, "synthetic", day)
    give_time(manager, name, until, "the system was replaced", day)
    assert late_exceptions(officer, day - timedelta(days=1)) == {}
    ((mine),) = show_asks(officer, day)
    assert (mine.due, mine.in_time_until) == (DUE, until)
    assert (mine.more.given_by, mine.more.reason) == (manager.who, "the system was replaced")
    assert not mine.is_late(until)
    assert mine.is_late(until + timedelta(days=1))
    assert show_asks(asked["essex"], day)[0].more is None
    remind(operator, day)
    assert told("ask is overdue") == ["reporting_officer.essex.1"]
    remind(operator, until - timedelta(days=7))
    assert told("ask is due") == ["agency_supervisor.kent.1", *KENT]


def test_coverage_says_how_many_were_due(asked, operator):
    whole = measure_coverage(operator, "", DUE).shares().row(0, named=True)
    assert (whole["asks_due"], whole["response"], whole["on_time"]) == (2, 0, 0)


def test_the_desk_is_reminded_of_a_request_by_working_days(asked, operator):
    received = date(2026, 11, 24)
    open_enquiry(asked["desk"], Opening(received, title="SYNTHETIC"))
    due = date(2026, 12, 23)  # St Andrew's Day does not count
    steps = [(date(2026, 12, 15), 0, 0), (date(2026, 12, 16), 1, 0), (due, 2, 0)]
    steps += [(due + timedelta(days=1), 2, 1)]
    for day, soon, late in steps:
        remind(operator, day)
        assert (len(told("request is due")), len(told("request is overdue"))) == (soon, late), day
