"""Snapshots and answers beside returns taken back, in a repository of their own. All synthetic."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from darkfigure.basis.errors import DarkfigureError
from darkfigure_hub.flows import ask_snapshot
from darkfigure_hub.flows.take_back import withdraw
from darkfigure_hub.flows.take_snapshot import take_snapshot
from support import corrected_figure, corrected_question, load_corrected

DAY = timedelta(days=1)


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def loaded(apart, operator, tmp_path):
    return load_corrected(operator, tmp_path)


def test_whoever_relied_on_it_is_told_of(operator, loaded, today, tmp_path):
    corrected_figure(operator, today)
    take_snapshot(operator, today, tmp_path / "snapshot")
    told = withdraw(operator, "return", str(loaded[0]), "sent by mistake", today).told
    assert [line.split(" ", 1)[1].partition(" since")[0] for line in told] == [
        "snapshots were taken",
        "questions were answered",
    ]


def test_a_snapshot_holds_what_stands_and_knows_what_it_does_not(operator, loaded, today, tmp_path):
    early = take_snapshot(operator, today, tmp_path / "early").folder
    withdraw(operator, "return", str(loaded[1]), "sent by mistake", today)
    late = take_snapshot(operator, today, tmp_path / "late").folder
    values = []
    for folder in (early, late):
        held = ask_snapshot.open_snapshot(folder, verify=True)
        (cell,) = ask_snapshot.answer_from_snapshot(held, corrected_question(today)).cells
        values.append(cell.value)
    assert values == [55, 40]
    with pytest.raises(DarkfigureError, match="cannot be asked about"):
        ask_snapshot.answer_from_snapshot(
            ask_snapshot.open_snapshot(late), corrected_question(today - DAY)
        )
