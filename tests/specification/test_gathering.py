"""What is read of the evidence for a question, on SYNTHETIC statements."""

from __future__ import annotations

from datetime import date

import pytest

from darkfigure.publication import ask
from darkfigure.reading import evidence_from
from darkfigure.tables.gathering import gather_evidence
from darkfigure.tables.question import Condition
from support import statement, statement_file

DAY, TODAY = date(2010, 1, 1), date(2026, 11, 23)


@pytest.fixture
def gathered(tmp_path):
    """What is gathered for a question of statements given in one file."""

    def gather(*rows, measure="victims_recovered", **asked):
        evidence = evidence_from([statement_file(tmp_path / "rows.csv", *rows)], TODAY)
        return gather_evidence(ask(measure, DAY, **asked), evidence)

    return gather


def test_a_narrower_measure_is_named_only_where_the_one_asked_for_has_nothing(gathered):
    found = gathered(statement(value=5), measure="victims_identified")
    assert (found.blank, found.narrower) == (True, ("victims_recovered",))
    both = (statement(value=5), statement(value=9, measure="victims_identified"))
    found = gathered(*both, measure="victims_identified")
    assert (found.blank, found.narrower) == (False, ())


def test_combinations_are_named_where_more_is_counted_with_them(gathered):
    alone = statement(value=5, exploitation="sexual")
    combined = statement(value=3, exploitation="sexual & labour")
    kept_to = {"where": ["exploitation=sexual"]}
    exactly = Condition("exploitation", "sexual")
    assert gathered(alone, combined, **kept_to).more_combined == (exactly,)
    assert gathered(alone, **kept_to).more_combined == ()
    assert gathered(alone, combined, where=["exploitation~sexual"]).more_combined == ()
    assert gathered(alone, combined, where=["exploitation=sexual & labour"]).more_combined == ()


def test_what_is_never_summed_is_cut_by_its_own_periods(gathered):
    share = statement(value=25, measure="arrests_no_further_action")
    assert gathered(share, measure="arrests_no_further_action").question.cut == "period"
    cut = gathered(share, measure="arrests_no_further_action", by=["year"])
    assert cut.question.cut == "year"
    assert gathered(statement(value=5)).question.cut == ""


def test_rows_that_say_a_thing_is_not_known_are_read_where_they_meet_the_time_asked_about(gathered):
    rows = (
        statement(reason="not_collected", period="2006"),
        statement(value=5, period="2007"),
    )
    found = gathered(*rows, by=["operation"])
    assert [(row.reason, row.block.period.label) for row in found.unsaid] == [
        ("not_collected", "2006")
    ]
    assert gathered(*rows, by=["operation"], period="2007").unsaid == ()
