"""Questions that Parliament asked, and what the repository answers. Each runs in memory and on
PostgreSQL.
"""

from __future__ import annotations

from datetime import date

import pytest

from darkfigure.basis.saying import say
from darkfigure.basis.status import CellReason
from darkfigure.publication import answer, ask, bridge
from darkfigure.writing.answers import as_hansard
from darkfigure.writing.words import ENGLISH
from support import NEEDS, table

THE_DAY = date(2008, 12, 17)
TODAY = date(2100, 1, 1)  # later than any day on which the examples are received
CAMPAIGN = ["operation=Pentameter 2"]

VICTIMS = {
    # The day before anything was stated.
    "2008-07-01": [],
    # Home Office release 124/2008.
    "2008-07-10": ["Pentameter 1 | None | 88", "Pentameter 2 | None | 167"],
    # HC Deb vol 485, 17 December 2008 (241542).
    "2008-12-17": [
        "Pentameter 1 | None | 88",
        "Pentameter 2 | sexual | 167",
        "Pentameter 2 | labour_or_domestic | 5",
    ],
    # UKP2 statistics, correct as of February 2009; the day not given, so not before the month was
    # over.
    "2009-02-27": [
        "Pentameter 1 | None | 88",
        "Pentameter 2 | sexual | 167",
        "Pentameter 2 | labour_or_domestic | 5",
    ],
    "2009-03-01": [
        "Pentameter 1 | None | 88",
        "Pentameter 2 | sexual | 164",
        "Pentameter 2 | labour_or_domestic | 5",
    ],
}


@pytest.mark.parametrize("day", VICTIMS)
def test_victims_recovered_as_known_on_a_day(evidence, day):
    found = answer(
        ask("victims_recovered", date.fromisoformat(day), by=["operation", "exploitation"]),
        evidence,
    )
    assert table(found) == VICTIMS[day]


def test_a_total_that_its_parts_contradict_is_said(evidence):
    found = answer(ask("victims_recovered", THE_DAY, by=["operation", "exploitation"]), evidence)
    assert any(
        "add up to 172" in note and "total of 167" in note for note in map(ENGLISH.say, found.notes)
    )


def test_conflicting_bodies_are_both_shown_with_the_rule(evidence):
    found = answer(ask("arrests", date(2009, 3, 1), where=CAMPAIGN), evidence)
    cell = found.cells[0]
    assert cell.value == 406
    assert [(other.value, other.stated_by) for other in cell.conflicts] == [(528, "Home Office")]
    assert cell.rule == say("rule.latest")
    assert any("Home Office stated 528" in note for note in map(ENGLISH.say, found.notes))


BRIDGES = [
    # measure, where, opening, lines, closing
    ("arrests", 528, {"recorded_in_error": -122}, 406),
    ("arrests_for_trafficking", 299, {"not_explained": -206}, 93),
    ("victims_recovered", 172, {"not_explained": -3}, 169),
]


@pytest.mark.parametrize(("measure", "opening", "lines", "closing"), BRIDGES)
def test_why_the_campaign_figures_changed(evidence, measure, opening, lines, closing):
    found = bridge(ask(measure, TODAY, where=CAMPAIGN), THE_DAY, date(2009, 11, 1), evidence)
    assert (found.opening, {line.reason: line.amount for line in found.lines}, found.closing) == (
        opening,
        lines,
        closing,
    )
    assert found.adds_up


def test_the_source_of_an_explanation_is_cited(evidence):
    found = bridge(ask("arrests", TODAY, where=CAMPAIGN), THE_DAY, date(2009, 11, 1), evidence)
    assert "The Guardian, 20 October 2009" in ENGLISH.say(found.lines[0].sources[0])


def test_before_it_was_explained_the_change_is_not_explained(evidence):
    found = bridge(
        ask("arrests", date(2009, 3, 1), where=CAMPAIGN), THE_DAY, date(2009, 3, 1), evidence
    )
    assert {line.reason: line.amount for line in found.lines} == {"not_explained": -122}


def test_campaign_victims_by_exploitation(evidence):
    found = bridge(
        ask("victims_recovered", TODAY, by=["exploitation"], where=CAMPAIGN),
        THE_DAY,
        date(2009, 11, 1),
        evidence,
    )
    assert [(span.opening, span.closing) for span in found.spans] == [(167, 164), (5, 5)]
    assert [(line.cell, line.amount) for line in found.lines] == [("Sexual exploitation", -3)]


def test_adult_negative_reasonable_grounds_decisions_were_revised(evidence):
    asked = ask(
        "reasonable_grounds", TODAY, where=["age_group=adult", "outcome=negative"], period="2023Q2"
    )
    found = bridge(asked, date(2023, 8, 10), date(2023, 11, 3), evidence)
    assert (found.opening, found.closing) == (1348, 1248)
    assert {line.reason: line.amount for line in found.lines} == {"not_explained": -100}


def test_newly_reported_quarters_are_no_correction(evidence):
    asked = ask(
        "reasonable_grounds", TODAY, where=["age_group=adult", "outcome=negative"], period="2023"
    )
    found = bridge(asked, date(2023, 5, 4), date(2023, 11, 3), evidence)
    # Release 2023Q1: 1,058 for Q1; release 2023Q3: Q1 998, Q2 1,248, Q3 1,208.
    assert {line.reason: line.amount for line in found.lines} == {
        "new_period": 1248 + 1208,
        "not_explained": 998 - 1058,
    }
    assert found.adds_up


@pytest.mark.parametrize("measure", ["victims_identified", "victims_recovered"])
def test_victims_identified_in_2005_are_not_collected(evidence, measure):
    found = answer(ask(measure, THE_DAY, by=["operation"], period="2005"), evidence, NEEDS)
    assert found.cells == ()
    assert [refusal.reason for refusal in found.cannot] == [CellReason.NOT_COLLECTED]
    assert found.cannot[0].requirement.id == "HT.10.1"


def test_convictions_by_operation_are_not_linked_and_not_concluded(evidence):
    found = answer(ask("convictions", THE_DAY, by=["operation"]), evidence, NEEDS)
    assert {refusal.reason: refusal.requirement.id for refusal in found.cannot} == {
        CellReason.NOT_LINKED: "HT.10.2",
        CellReason.NOT_CONCLUDED: "HT.10.3",
    }
    assert [cell.value for cell in found.cells] == [None], "never nought"
    assert set(found.cells[0].reasons) == {CellReason.NOT_LINKED, CellReason.NOT_CONCLUDED}


def test_once_convictions_were_stated_they_are_given(evidence):
    found = answer(ask("convictions", date(2009, 3, 1), by=["operation"]), evidence)
    assert table(found) == ["Pentameter 2 | 15"]


def test_a_day_before_anything_was_held(evidence):
    found = answer(ask("arrests", date(2000, 1, 1), by=["operation"]), evidence)
    assert found.cells == ()
    assert found.cannot[0].reason is CellReason.NO_RETURN
    assert "2 July 2008" in ENGLISH.say(found.cannot[0].detail)


def test_year_totals_that_quarters_do_not_make(evidence):
    found = answer(
        ask("reasonable_grounds", date(2023, 9, 1), by=["year"], period="2023"), evidence
    )
    assert table(found) == ["2023 | 7263"]
    assert [other.value for other in found.cells[0].conflicts] == [7117]


def test_offences_are_not_defendants(evidence):
    by_statute = answer(ask("offences_first_hearing", TODAY, by=["year"]), evidence)
    assert (by_statute.unit, table(by_statute)) == ("offences", ["2005 | 582", "2006 | 581"])
    sentenced = answer(ask("defendants_sentenced", TODAY, by=["outcome"], period="2013"), evidence)
    assert sentenced.unit == "defendants_principal_offence"
    assert "immediate_custody | 18" in table(sentenced)
    nil = next(cell for cell in sentenced.cells if cell.dims["outcome"] == "fine")
    assert (nil.value, nil.reasons) == (0, (CellReason.NIL_UNSEARCHED,))


def test_modern_slavery_offences_recorded(evidence):
    found = answer(
        ask(
            "recorded_offences",
            TODAY,
            where=["offence=106", "area=Metropolitan Police"],
            by=["quarter"],
        ),
        evidence,
    )
    assert [cell.value for cell in found.cells] == [109, 102, 215, 221]


def test_estimates_are_set_side_by_side_never_summed(evidence):
    found = answer(ask("hidden_victims", TODAY), evidence)
    bounds = {
        (cell.dims["population"], cell.dims["period"]): (cell.low, cell.value, cell.high)
        for cell in found.cells
    }
    assert bounds[("victims_modern_slavery", "2013")] == (10000, None, 13000)
    assert bounds[("women_present_sexual", "2003")] == (None, None, 4000)
    assert bounds[("victims_present", "2009")] == (5000, None, None)
    assert [refusal.reason for refusal in found.cannot] == [CellReason.NOT_KNOWN]


def test_combinations_are_counted_apart_and_said_so(evidence):
    alone = answer(
        ask("referrals", TODAY, where=["nationality=Albanian"], period="2023Q2"), evidence
    )
    together = answer(
        ask("referrals", TODAY, where=["nationality~Albanian"], period="2023Q2"), evidence
    )
    assert together.cells[0].value > alone.cells[0].value
    assert any("nationality~Albanian" in note for note in map(ENGLISH.say, alone.notes))


def test_both_engines_read_the_same(memory, db, operator):
    from darkfigure_hub.store.queries.evidence import StoreEvidence

    for measure, by, day in [
        ("victims_recovered", ["operation", "exploitation"], THE_DAY),
        ("referrals", ["exploitation", "sex"], TODAY),
        ("recorded_offences", ["area", "offence"], TODAY),
        ("conclusive_grounds", ["year", "outcome"], TODAY),
    ]:
        question = ask(measure, day, by=by)
        first, second = answer(question, memory), answer(question, StoreEvidence(operator))
        if (
            measure != "recorded_offences"
        ):  # stated on the day received, which differs between the two
            assert first.basis == second.basis
        assert [cell.value for cell in first.cells] == [cell.value for cell in second.cells]
        assert [cell.id for cell in first.cells] == [cell.id for cell in second.cells]


def test_the_hansard_form_reads_like_the_answer_given(evidence):
    found = answer(ask("victims_recovered", THE_DAY, by=["operation", "exploitation"]), evidence)
    text = as_hansard.write_answer(found)
    lines = text.splitlines()
    assert text.startswith(
        "The number of victims identified during police operations is not collected\ncentrally."
    )
    assert "2006     Pentameter 1                                            88" in lines
    assert "2007-08  Pentameter 2  Sexual exploitation                      167  [1]" in lines
    assert "                       Domestic servitude or forced labour        5  [2]" in lines
    assert "[1] Victims of sexual exploitation." in lines
    assert "[2] Victims of trafficking for domestic servitude/forced labour." in lines
    assert "1167" not in text
    assert "HC Deb vol 485, 17 December 2008 (241542)" in text
    assert text.index("Notes:") < text.index("Source:") < text.index("What would close the gap:")


def test_a_filter_that_no_figure_carries_is_said(evidence):
    found = answer(ask("victims_recovered", THE_DAY, where=["sex=female"]), evidence)
    assert found.cells == ()
    assert any("not broken down by sex" in note for note in map(ENGLISH.say, found.notes))
    assert found.cannot
