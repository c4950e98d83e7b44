"""What is said where there is no figure: of parts without a sum, of reasons alone, of campaigns."""

from __future__ import annotations

from datetime import date

import pytest

from darkfigure.basis.status import CellReason
from darkfigure.publication import answer, ask
from darkfigure.reading import evidence_from
from darkfigure.writing.words import ENGLISH
from support import statement, statement_file

DAY = date(2026, 11, 26)


def refused(question, evidence):
    """Why there is no figure: the first reason, its words, the questions that are nearest."""
    found = answer(question, evidence)
    assert not found.cells
    first = found.cannot[0]
    return first.reason, ENGLISH.say(first.detail), first.nearest


@pytest.mark.parametrize(
    "asked", [{}, {"period": "2008"}, {"where": ["area=Kent"]}, {"by": ["area"]}, {"by": ["year"]}]
)
def test_parts_that_have_no_sum_are_named(memory, asked):
    reason, said, near = refused(ask("arrests_no_further_action", DAY, **asked), memory)
    assert reason is CellReason.NOT_AVAILABLE
    assert "not added up" in said
    assert "taken back" not in said
    assert answer(near[0], memory).cells[0].value == 25


def test_reasons_alone_are_no_figures(memory):
    reason, said, near = refused(ask("victims_identified", DAY, period="2010"), memory)
    assert (reason, near) == (CellReason.NO_RETURN, ())
    assert "taken back" not in said


def test_the_campaign_that_a_figure_is_of_is_named(memory):
    found = answer(ask("convictions", DAY), memory)
    assert any("Pentameter 2: what lies outside" in ENGLISH.say(note) for note in found.notes)
    by = answer(ask("convictions", DAY, by=["operation"]), memory)
    assert not any("what lies outside" in ENGLISH.say(note) for note in by.notes)
    _, said, _ = refused(ask("convictions", DAY, where=["operation=Pentameter 1"]), memory)
    assert "15 for 2007-08 of Pentameter 2" in said


def test_no_campaign_is_named_where_a_figure_is_of_more(tmp_path):
    rows = [
        statement(measure="arrests", period="2006", value=70),
        statement(measure="arrests", period="2007", operation="Pentameter 1", value=9),
    ]
    evidence = evidence_from([statement_file(tmp_path / "synthetic.csv", *rows)], DAY)
    found = answer(ask("arrests", DAY, by=["year"]), evidence)
    assert [cell.value for cell in found.cells] == [70, 9]
    assert not any("what lies outside" in ENGLISH.say(note) for note in found.notes)


def test_what_is_not_held_so_is_not_said_not_to_be_held(memory):
    _, said, _ = refused(ask("nrm_referrals", DAY, by=["sex"], period="2015"), memory)
    assert "Nothing is held for 2015" not in said
    assert "othing is held so divided for 2015" in said


@pytest.mark.parametrize("measure", ["arrests_no_further_action", "hidden_victims", "arrests"])
def test_cells_are_under_the_question_that_was_asked(memory, measure):
    question = ask(measure, DAY, by=["operation"] if measure != "hidden_victims" else [])
    found = answer(question, memory)
    assert {cell.id.partition("-")[0] for cell in found.cells} == {found.id}
    assert found.id.startswith(question.id)
    assert len({cell.id for cell in found.cells}) == len(found.cells)
