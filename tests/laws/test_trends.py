"""A trend counts the bodies that are whole in both periods, once each: brute force."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkfigure.basis.errors import DarkfigureError, Unreadable
from darkfigure.basis.period import parse_period
from darkfigure.basis.status import CellReason, Status
from darkfigure.publication import Answer, ask
from darkfigure.publication.trends import alike, trend_of
from darkfigure.tables.cell import Cell
from darkfigure.writing.editions.trends import trend_shown

FORCES = ("Kent", "Essex", "Surrey", "Sussex")
KINDS = ("whole", "bounded", "part", "quarter", "no_return", "none", "absent", "in_progress")
bodies = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 50)), min_size=4, max_size=4)


def cell(body, kind, value, period="2008"):
    given_back = {
        "whole": (value, value, value, ()),
        "bounded": (None, value, value + 9, ()),
        "part": (value, value, value, ()),
        "quarter": (value, value, value, ()),
        "no_return": (value, value, None, (CellReason.NO_RETURN,)),
        "none": (None, None, None, (CellReason.NOT_HELD,)),
        "in_progress": (value, value, value, ()),
    }[kind]
    number, low, high, reasons = given_back
    status = Status.IN_PROGRESS if kind == "in_progress" else ""
    return Cell(
        body, {"area": body}, number, low, high, status, reasons, (), (),
        f"{period} Q1" if kind == "quarter" else period,
        partly=kind == "part",
    )  # fmt: skip


def answer(period, drawn):
    question = ask("referrals", date(2010, 1, 1), by=["area"], period=period)
    cells = [
        cell(body, kind, value, period)
        for body, (kind, value) in zip(FORCES, drawn, strict=True)
        if kind != "absent"
    ]
    return Answer(question, "persons", period, tuple(cells), (), ())


@given(bodies, bodies, st.data())
def test_only_who_returned_the_whole_of_both_is_counted(then, now, data):
    counted = ("whole", "bounded")
    both = [at for at in range(len(FORCES)) if then[at][0] in counted and now[at][0] in counted]
    first, last = answer("2008", then), answer("2009", now)
    if not both:
        with pytest.raises(Unreadable, match="no trend is told"):
            trend_of(first, last, "area")
        return
    found = trend_of(first, last, "area")
    assert list(found.then) == [FORCES[at] for at in both]
    whole = {FORCES[at] for at in range(4) if then[at][0] in counted}
    assert set(found.ceased) == whole - set(found.then)
    for drawn, told in ((then, found.before), (now, found.after)):
        truth = sum(
            drawn[at][1]
            if drawn[at][0] == "whole"
            else data.draw(st.integers(drawn[at][1], drawn[at][1] + 9))
            for at in both
        )
        assert told.low <= truth <= told.high
    shown = trend_shown(found)
    assert ("the one body" if len(both) == 1 else f"the {len(both)} bodies") in shown.said
    assert len(shown.table.rows) == len(both) + 1
    assert shown.bounded == found.after


@pytest.mark.parametrize(
    ("first", "last", "are"),
    [
        ("2007", "2008", True),
        ("2007/08", "2008/09", True),
        ("2008 Q1", "2009 Q1", True),
        ("2008 Q1", "2008 Q2", False),
        ("2008", "2009 Q1", False),
    ],
)
def test_periods_are_compared_that_are_alike(first, last, are):
    assert alike(parse_period(first), parse_period(last)) is are


def test_a_body_that_is_a_part_of_another_is_refused():
    first = answer("2008", [("whole", 1)] * 4)
    nested = replace(first, cells=(*first.cells, cell("E92000001", "whole", 4)))
    with pytest.raises(DarkfigureError, match="is a part of"):
        trend_of(nested, first, "area")
