"""Bridges over made-up statements: a change that is stated again is no second change."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from darkfigure.publication import ask, bridge
from darkfigure.reading import evidence_from
from support import examples, statement, statement_file

START, END, TODAY = date(2009, 1, 1), date(2010, 1, 1), date(2026, 11, 23)
REASONS = ("recorded_in_error", "late_return", "reclassified")

changes = st.lists(
    st.tuples(
        st.sampled_from(REASONS), st.integers(-9, 9), st.sampled_from(["2009-08-01", "2010-03-01"])
    ),
    max_size=5,
    unique_by=lambda each: (each[0], each[2]),
)


def stated(first, then, explained):
    """A figure on two days, and the changes that are stated of it."""
    rows = [
        statement(value=first),
        statement(value=then, stated_on="2009-07-02"),
        *(
            statement(
                role="change",
                value=size,
                change_reason=reason,
                stated_on=day,
                note=f"because {reason}",
            )
            for reason, size, day in explained
            if size
        ),
    ]
    return rows


def steps(*files):
    """The steps of the bridge of files, received one after another."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [statement_file(Path(folder) / f"{at}.csv", *rows) for at, rows in enumerate(files)]
        found = bridge(ask("victims_recovered", TODAY), START, END, evidence_from(paths, TODAY))
    assert found.adds_up
    return [(line.reason, line.amount, line.detail) for line in found.lines]


@settings(max_examples=examples(60), deadline=None)
@given(st.integers(0, 30), st.integers(0, 30), changes, st.integers(1, 3))
def test_a_file_sent_again_with_more_in_it_explains_no_more(first, then, explained, times):
    rows = stated(first, then, explained)
    once = steps(rows)
    more = [
        [*rows, *(statement(value=at, period=str(2000 + at)) for at in range(1, sent + 2))]
        for sent in range(times)
    ]
    again = steps(rows, *more)
    assert again == once


def amounts(lines):
    """By how much each reason explains."""
    return {reason: amount for reason, amount, _ in lines}


@settings(max_examples=examples(30), deadline=None)
@given(changes)
def test_a_change_stated_by_another_body_or_of_another_size_is_its_own(explained):
    rows = stated(10, 14, explained)
    other = [{**row, "value": row["value"] + 20} for row in rows if row.get("role") == "change"]
    once, both = steps(rows), steps(rows, [*other, statement(value=1, period="2001")])
    for row in other:
        reason = row["change_reason"]
        if amounts(once).get(reason) is not None:
            assert amounts(both)[reason] != amounts(once)[reason]
