"""Replied, and in time: shares of what was due from whoever is there, over any history; held to a
walk through the days by hand. And reminders: each rule on its day, by a walk through the days.
"""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from test_coverage_axioms import CELLS, PERIOD, START, ask, frame, item

from darkfigure.codes import codes_for
from darkfigure.intelligence.coverage import coverage
from darkfigure.intelligence.ledgers import (
    ASKS,
    EXCEPTIONS,
    ITEMS,
    REPLIES,
    Ledgers,
    Spell,
    laid_out,
)
from darkfigure.intelligence.punctuality import expected
from darkfigure.publication.deadline import is_working_day
from darkfigure.publication.reminding import Rule, reached, rules

#: An agency that is no more in the year of the set.
CLOSED = next(
    each.code
    for each in codes_for("agency").codes.values()
    if each.valid_to and each.valid_to < START
)
DAYS = st.integers(0, 60)


@st.composite
def histories(draw):
    """Asks of three agencies, each with replies, times for which they are taken back, items and
    more time; in days since the beginning.
    """
    made = []
    for number in range(draw(st.integers(1, 6))):
        made.append(
            {
                "agency": draw(st.sampled_from(["kent", "essex", CLOSED])),
                "area": draw(st.sampled_from(["Kent", "Surrey"])),
                "due": draw(DAYS),
                "replies": draw(st.lists(DAYS, max_size=3)),
                "back": draw(st.lists(st.tuples(DAYS, st.integers(1, 20)), max_size=2)),
                "items": draw(st.lists(DAYS, max_size=2)),
                "more": draw(st.one_of(st.none(), st.tuples(DAYS, st.integers(1, 30)))),
                "ask": f"ASK-{number}",
            }
        )
    return made


def on(day):
    return START + timedelta(days=day)


def ledgers_of(history):
    asks, replies, items, more, away = [], [], [], [], {}
    for at, each in enumerate(history):
        place = {"area": each["area"], "agency": each["agency"]}
        asks.append(ask(each["ask"], due=each["due"], **place))
        for day in each["replies"]:
            number = len(replies)
            row = {"question": "HT.1.1", "period": PERIOD, "ask": each["ask"], **place}
            row |= {"kind": "not_held", "effort": None, "on": on(day), "known_from": on(day)}
            replies.append({**row, "id": number, "mark": str(number)})
            away[number] = [Spell(on(a), on(a + n)) for a, n in each["back"]]
        items += [item(f"{at}/{day}", day=day, **place) for day in each["items"]]
        if each["more"]:
            day, longer = each["more"]
            until = on(each["due"] + longer)
            more.append(
                {"ask": each["ask"], "until": until, "known_from": on(day), "known_to": None}
            )
    columns = {**{name: kind for name, kind in REPLIES.items() if name != "known_to"}}
    columns |= {"id": pl.Int64, "mark": pl.String}
    said = laid_out(frame(replies, columns), ["ask", "agency"], away)
    return Ledgers(
        frame(asks, ASKS),
        said.select(list(REPLIES)),
        frame(items, ITEMS),
        exceptions=frame(more, EXCEPTIONS),
    )


def by_hand(history, at):
    """How many asks were due, replied to and replied to in time: a walk through the days."""
    due = replied = in_time = 0
    for each in history:
        if each["due"] > at or each["agency"] == CLOSED:
            continue
        due += 1
        until = each["due"]
        if each["more"] and each["more"][0] <= at:
            until += each["more"][1]

        def stands(day, each=each):
            back = any(a <= day < a + n for a, n in each["back"])
            return not back and any(one <= day for one in each["replies"])

        first = []
        if stands(at):
            day = at
            while stands(day - 1):
                day -= 1
            first.append(day)
        same = [
            one
            for other in history
            for one in other["items"]
            if (other["agency"], other["area"]) == (each["agency"], each["area"]) and one <= at
        ]
        first += [min(same)] if same else []
        replied += bool(first)
        in_time += bool(first) and min(first) <= until
    return due, replied, in_time


@given(histories(), DAYS)
def test_in_time_are_at_most_as_many_as_replied_and_those_as_were_due(history, at):
    found = coverage(CELLS, ledgers_of(history), on(at))
    cells = found.cells.filter(pl.col("question") == "HT.1.1")
    told = tuple(int(cells[name].sum()) for name in ("due", "replied", "on_time"))
    assert told == by_hand(history, at)
    for row in found.cells.iter_rows(named=True):
        assert 0 <= row["on_time"] <= row["replied"] <= row["due"] <= row["asked"]
    whole = found.shares().row(0, named=True)
    assert whole["asks_due"] == told[0]
    if told[0]:
        assert 0 <= whole["on_time"] <= whole["response"] <= 1
    by_agency = found.shares(["agency"])
    assert by_agency["asks_due"].sum() == told[0]


@given(histories(), DAYS)
def test_more_time_makes_nothing_late(history, at):
    without = [{**each, "more": None} for each in history]
    with_time, plain = (
        coverage(CELLS, ledgers_of(each), on(at)).shares().row(0, named=True)
        for each in (history, without)
    )
    assert with_time["asks_due"] == plain["asks_due"]
    if plain["asks_due"]:
        assert with_time["response"] == plain["response"]
        assert with_time["on_time"] >= plain["on_time"]


def test_of_an_agency_that_is_closed_no_reply_is_expected():
    ended = codes_for("agency").codes[CLOSED].valid_to
    row = ask(agency=CLOSED)
    rows = [{**row, "due": ended}, {**row, "due": ended + timedelta(days=1)}, ask(agency="kent")]
    assert expected(frame(rows, ASKS))["due"].to_list() == [ended, START + timedelta(days=30)]


WHEN = st.dates(date(2025, 6, 1), date(2027, 6, 1))


@given(WHEN, st.integers(-12, 12).filter(bool), st.booleans())
def test_a_rule_falls_so_many_days_from_what_is_due(due, days, working):
    rule = Rule("x", "ask", date(2025, 1, 1), days, working, ("officers",))
    found = rule.falls_on(due)
    between = [
        min(found, due) + timedelta(days=n) for n in range((max(found, due) - min(found, due)).days)
    ]
    counted = [day + timedelta(days=days > 0) for day in between]
    assert (found > due) == (days > 0)
    assert len([day for day in counted if not working or is_working_day(day)]) == abs(days)
    assert not working or is_working_day(found)


@given(WHEN, st.integers(-40, 60))
def test_what_comes_before_ends_on_the_day_and_what_comes_after_goes_on(due, after):
    today = due + timedelta(days=after)
    names = {rule.name for rule in reached("ask", due, today)}
    assert ("ask due soon" in names) == (-7 <= after <= 0)
    assert ("ask overdue" in names) == (after >= 1)
    passed = sum(is_working_day(due + timedelta(days=n)) for n in range(1, after + 1))
    assert ("ask overdue, to supervisors" in names) == (passed >= 5)
    assert ("ask overdue, to managers" in names) == (passed >= 10)


def test_of_rules_of_one_name_the_latest_that_holds_counts():
    old, new = (
        Rule("x", "ask", date(year, 1, 1), days, working=False, whom=("officers",))
        for year, days in ((2025, 1), (2026, 3))
    )
    due = date(2026, 1, 1)
    assert list(reached("ask", due, due + timedelta(days=2), [new, old])) == []
    assert list(reached("ask", due, due + timedelta(days=3), [new, old])) == [new]
    before = due - timedelta(days=1)
    assert list(reached("ask", before, due, [new, old])) == [old]


def test_every_rule_is_of_something_and_reminds_somebody():
    whom = {"officers", "supervisors", "managers", "desk", "release"}
    assert {each for rule in rules() for each in rule.whom} <= whom
    assert {rule.of for rule in rules()} == {"ask", "request"}
    assert len({(rule.name, rule.since) for rule in rules()}) == len(rules())
