"""What is shown while long work is done: how many of how many, and what is left."""

import re

import pytest

from darkfigure.basis.saying import quote
from darkfigure_hub.commands.waiting import counted

pytestmark = pytest.mark.program


def _shown(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)


def test_a_bar_tells_how_many_of_how_many_and_the_time_left(monkeypatch, capsys):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    with counted("replicates", 4) as bar:
        for done in (1, 2, 3):
            bar.reached(done)
            bar.shown.refresh()
        task = bar.shown.tasks[0]
        assert (task.completed, task.total) == (3, 4)
        assert task.time_remaining is not None
    told = _shown(capsys.readouterr().err)
    assert "replicates" in told
    assert "3/4" in told
    assert "left:" in told


def test_what_was_kept_from_an_earlier_run_makes_nothing_seem_quicker():
    with counted("replicates", 1000) as bar:
        bar.reached(900)
        assert bar.shown.tasks[0].time_remaining is None


def test_pieces_and_their_number_may_be_told_as_the_work_goes():
    with counted("panel") as bar:
        bar.reached(2, 9, "stepwise")
        task = bar.shown.tasks[0]
        assert (task.description, task.completed, task.total) == ("stepwise", 2, 9)


def test_where_nobody_watches_nothing_is_shown(monkeypatch, capsys):
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    with counted("replicates", 4) as bar:
        bar.reached(4)
    assert capsys.readouterr().err == ""


def test_what_is_begun_has_no_parts_until_they_are_told():
    with counted("link") as bar:
        bar.doing(quote("scoring"))
        assert (bar.shown.tasks[0].description, bar.shown.tasks[0].total) == ("scoring", None)
        bar.doing(quote("scoring"), 2, 3)
        assert (bar.shown.tasks[0].completed, bar.shown.tasks[0].total) == (2, 3)
        bar.doing(quote("joining"))
        task = bar.shown.tasks[0]
        assert (task.description, task.completed, task.total) == ("joining", 0, None)
