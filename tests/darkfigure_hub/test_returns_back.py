"""Returns and estimates taken back: figures, bridges, files sent again. All synthetic."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from darkfigure.basis.errors import DarkfigureError, NotPermitted, UnknownName
from darkfigure.basis.period import parse_period
from darkfigure.basis.status import ChangeReason
from darkfigure.publication.series import SeriesEntry, latest
from darkfigure.writing.estimates.as_text import replaced
from darkfigure.writing.words import ENGLISH
from darkfigure_hub.access import for_public
from darkfigure_hub.flows.explain_change import explain_change
from darkfigure_hub.flows.list_holdings import list_holdings
from darkfigure_hub.flows.receive_return import receive_return
from darkfigure_hub.flows.take_back import history, withdraw
from darkfigure_hub.store.queries import estimates
from support import corrected_figure, corrected_question, load_corrected

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def loaded(operator, tmp_path):
    return load_corrected(operator, tmp_path)


def test_what_it_replaced_stands_again_from_that_day(operator, loaded, today):
    done = withdraw(operator, "return", str(loaded[1]), "sent by mistake", today)
    assert corrected_figure(operator, today) == [40]
    assert corrected_figure(operator, today - DAY) == [55]
    assert corrected_figure(operator, date(2013, 6, 1)) == [40]
    assert done.named == f"return {loaded[1]}"
    withdraw(operator, "return", str(loaded[0]), "this as well", today + DAY)
    assert corrected_figure(operator, today + DAY) == []
    withdraw(operator, "return", str(loaded[1]), "it was right", today + 2 * DAY, undo=True)
    assert [corrected_figure(operator, today + step * DAY) for step in range(3)] == [[40], [], [55]]
    assert [row.kind for row in history(operator)] == ["return"] * 3


def test_a_bridge_says_that_a_return_was_taken_back(operator, loaded, today):
    withdraw(operator, "return", str(loaded[1]), "sent by mistake", today)
    found = explain_change(operator, corrected_question(today), today - DAY, today)
    (line,) = found.lines
    assert (line.reason, line.amount) == (ChangeReason.RECORDED_IN_ERROR, -15)
    assert "taken back on" in ENGLISH.say(line.detail)
    assert found.adds_up


def test_a_file_taken_back_is_not_taken_in_again(operator, loaded, today, tmp_path):
    withdraw(operator, "return", str(loaded[1]), "sent by mistake", today)
    with pytest.raises(DarkfigureError, match=f"taken back .return {loaded[1]}.*--undo"):
        receive_return(operator, tmp_path / "55.csv")


@pytest.mark.parametrize("name", ["0", "999999", "x", "-1", ""])
def test_what_is_no_return_is_said_so(operator, name, today):
    with pytest.raises(UnknownName, match="is no return held"):
        withdraw(operator, "return", name, "a reason", today)


def test_it_is_not_taken_back_twice_nor_before_it_came_nor_by_anybody(operator, loaded, today):
    name = str(loaded[0])
    with pytest.raises(DarkfigureError, match="is so known from"):
        withdraw(operator, "return", name, "a reason", today - DAY)
    withdraw(operator, "return", name, "a reason", today)
    (row,) = [each for each in list_holdings(operator) if each.id == loaded[0]]
    assert row.taken_back == today
    with pytest.raises(DarkfigureError, match="at most 500"):
        withdraw(operator, "return", str(loaded[1]), "x" * 501, today)
    with pytest.raises(DarkfigureError, match="taken back already"):
        withdraw(operator, "return", name, "a reason", today)
    with pytest.raises(NotPermitted):
        withdraw(for_public("test"), "return", name, "a reason", today)


def entry(day, **given):
    made = SeriesEntry(
        id="",
        population="uk",
        definition="synthetic",
        period=parse_period("2013"),
        method="lower_bound",
        low=1.0,
        point=2.0,
        high=3.0,
        known=1,
        basis="b",
        stated_on=day,
        precision="day",
        stated_by="HO",
        source="synthetic",
    )
    return replace(made, **given)


def test_an_estimate_taken_back_stays_in_the_series_and_is_not_revised(operator, today):
    one, other = (
        estimates.enter(entry(day), level=0.95, table={}, settings={})
        for day in (date(2014, 1, 1), date(2015, 1, 1))
    )
    withdraw(operator, "estimate", other.id, "a list was wrong", today)
    series = estimates.own_series()
    assert [each.taken_back for each in series if each.id in (one.id, other.id)] == [None, today]
    assert latest(series, "uk", parse_period("2013")).id == one.id
    assert replaced(series[-1]).startswith("taken back from")
    assert not estimates.held(int(other.id[1:]))
    withdraw(operator, "estimate", other.id, "it was right", today + DAY, undo=True)
    assert latest(estimates.own_series(), "uk", parse_period("2013")).id == other.id
