"""Questions that Parliament asked, and what the repository answers. Each runs in memory and on
PostgreSQL.
"""

from __future__ import annotations

from datetime import date

import pytest

from darkfigure.basis.saying import say
from darkfigure.basis.status import CellReason
from darkfigure.publication import answer, ask, bridge
from darkfigure.publication.views import NotDerivable, viewed, wishes_for
from darkfigure.writing.answers import as_hansard
from darkfigure.writing.words import ENGLISH
from questions.asked import asked
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


@asked(
    "How many victims of human trafficking were identified during police operations "
    "in each of the last five years?",
    "HC Deb vol 485, 17 December 2008 (241542); Home Office release 124/2008; "
    "UKHTC, UKP2 statistics, February 2009",
    "ask victims_recovered --by operation,exploitation --as-at 2008-07-10",
    "ask victims_recovered --by operation,exploitation --as-at 2008-12-17",
    "ask victims_recovered --by operation,exploitation --as-at 2009-03-01",
)
@pytest.mark.parametrize("day", VICTIMS)
def test_victims_recovered_as_known_on_a_day(evidence, day):
    """The figures are those known on the day asked about: each day keeps its own, and a later
    statement changes no earlier day.
    """
    found = answer(
        ask("victims_recovered", date.fromisoformat(day), by=["operation", "exploitation"]),
        evidence,
    )
    assert table(found) == VICTIMS[day]


@asked(
    "Do the figures given for Pentameter 2 add up to the total given?",
    "HC Deb vol 485, 17 December 2008 (241542)",
    "ask victims_recovered --by operation,exploitation --as-at 2008-12-17",
    says=["the figures shown add up to 172", "stated a total of 167"],
)
def test_a_total_that_its_parts_contradict_is_said(evidence):
    """The parts, 167 and 5, make 172; the total stated in July was 167. The answer says so and
    uses neither to mend the other.
    """
    found = answer(ask("victims_recovered", THE_DAY, by=["operation", "exploitation"]), evidence)
    assert any(
        "add up to 172" in note and "total of 167" in note for note in map(ENGLISH.say, found.notes)
    )


@asked(
    "How many arrests were made in Pentameter 2, 528 or 406?",
    "Home Office release 124/2008; UKHTC, UKP2 statistics, February 2009",
    'ask arrests --where operation="Pentameter 2" --as-at 2009-03-01',
)
def test_conflicting_bodies_are_both_shown_with_the_rule(evidence):
    """Two bodies state two figures. The latest is used, the other is shown beside it with the
    rule by which it lost.
    """
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


@asked(
    "Why did the figures for Pentameter 2 change between December 2008 and November 2009?",
    "HC Deb vol 485, 17 December 2008 (241542); UKHTC, UKP2 statistics, February "
    "2009; The Guardian, 20 October 2009",
    'bridge arrests --where operation="Pentameter 2" --from 2008-12-17 --to 2009-11-01',
    'bridge arrests_for_trafficking --where operation="Pentameter 2" --from '
    "2008-12-17 --to 2009-11-01",
    'bridge victims_recovered --where operation="Pentameter 2" --from 2008-12-17 --to 2009-11-01',
)
@pytest.mark.parametrize(("measure", "opening", "lines", "closing"), BRIDGES)
def test_why_the_campaign_figures_changed(evidence, measure, opening, lines, closing):
    """Of the arrests 122 were recorded in error, and a source says so. For the others no
    source gives a reason: the change is not explained, and is not made to be.
    """
    found = bridge(ask(measure, TODAY, where=CAMPAIGN), THE_DAY, date(2009, 11, 1), evidence)
    assert (found.opening, {line.reason: line.amount for line in found.lines}, found.closing) == (
        opening,
        lines,
        closing,
    )
    assert found.adds_up


@asked(
    "Who says that 122 arrests were recorded in error?",
    "The Guardian, 20 October 2009",
    'bridge arrests --where operation="Pentameter 2" --from 2008-12-17 --to '
    "2009-11-01 --format hansard",
    says=["The Guardian, 20 October 2009"],
)
def test_the_source_of_an_explanation_is_cited(evidence):
    """An explanation is a statement like any other: it has a source, which is cited."""
    found = bridge(ask("arrests", TODAY, where=CAMPAIGN), THE_DAY, date(2009, 11, 1), evidence)
    assert "The Guardian, 20 October 2009" in ENGLISH.say(found.lines[0].sources[0])


@asked(
    "Why had the number of arrests changed, as far as was known in March 2009?",
    "UKHTC, UKP2 statistics, February 2009",
    'bridge arrests --where operation="Pentameter 2" --from 2008-12-17 --to '
    "2009-03-01 --as-at 2009-03-01",
)
def test_before_it_was_explained_the_change_is_not_explained(evidence):
    """The reason was published in October 2009. Before that day it cannot be given."""
    found = bridge(
        ask("arrests", date(2009, 3, 1), where=CAMPAIGN), THE_DAY, date(2009, 3, 1), evidence
    )
    assert {line.reason: line.amount for line in found.lines} == {"not_explained": -122}


@asked(
    "Which victims are three fewer?",
    "HC Deb vol 485, 17 December 2008 (241542); UKHTC, UKP2 statistics, February 2009",
    'bridge victims_recovered --by exploitation --where operation="Pentameter 2" '
    "--from 2008-12-17 --to 2009-11-01",
    'ask victims_recovered --by exploitation --where operation="Pentameter 2" --as-at 2008-12-17',
    'ask victims_recovered --by exploitation --where operation="Pentameter 2" --as-at 2009-11-01',
)
def test_campaign_victims_by_exploitation(evidence):
    """By exploitation the change is in one cell: 167 to 164 for sexual exploitation; the 5
    others stayed.
    """
    found = bridge(
        ask("victims_recovered", TODAY, by=["exploitation"], where=CAMPAIGN),
        THE_DAY,
        date(2009, 11, 1),
        evidence,
    )
    assert [(span.opening, span.closing) for span in found.spans] == [(167, 164), (5, 5)]
    assert [(line.cell, line.amount) for line in found.lines] == [("Sexual exploitation", -3)]


@asked(
    "Why did adult negative reasonable grounds decisions of the second quarter of "
    "2023 fall from 1,348 to 1,248?",
    "Home Office, National Referral Mechanism statistics, releases of 10 August and "
    "2 November 2023",
    "bridge reasonable_grounds --where age_group=adult --where outcome=negative "
    "--period 2023Q2 --from 2023-08-10 --to 2023-11-03",
)
def test_adult_negative_reasonable_grounds_decisions_were_revised(evidence):
    """The later release restates the quarter and gives no reason, so that none is given here."""
    asked = ask(
        "reasonable_grounds", TODAY, where=["age_group=adult", "outcome=negative"], period="2023Q2"
    )
    found = bridge(asked, date(2023, 8, 10), date(2023, 11, 3), evidence)
    assert (found.opening, found.closing) == (1348, 1248)
    assert {line.reason: line.amount for line in found.lines} == {"not_explained": -100}


@asked(
    "How did adult negative reasonable grounds decisions of 2023 come from 1,058 to 3,454?",
    "Home Office, National Referral Mechanism statistics, releases 2023Q1 and 2023Q3",
    "bridge reasonable_grounds --where age_group=adult --where outcome=negative "
    "--period 2023 --from 2023-05-04 --to 2023-11-03",
)
def test_newly_reported_quarters_are_no_correction(evidence):
    """Two quarters were reported for the first time: that is growth of what is known. Sixty
    fewer in the first quarter is a correction. The two are kept apart.
    """
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


@asked(
    "How many victims of human trafficking were identified during police operations in 2005?",
    "HC Deb vol 485, 17 December 2008 (241542)",
    "ask victims_identified --by operation --period 2005 --as-at 2008-12-17",
    "ask victims_recovered --by operation --period 2005 --as-at 2008-12-17",
    says=["Not collected."],
)
@pytest.mark.parametrize("measure", ["victims_identified", "victims_recovered"])
def test_victims_identified_in_2005_are_not_collected(evidence, measure):
    """It is not collected centrally, the Home Office said. The answer says who said so, and
    which requirement would close the gap.
    """
    found = answer(ask(measure, THE_DAY, by=["operation"], period="2005"), evidence, NEEDS)
    assert found.cells == ()
    assert [refusal.reason for refusal in found.cannot] == [CellReason.NOT_COLLECTED]
    assert found.cannot[0].requirement.id == "HT.10.1"


@asked(
    "How many convictions resulted from Operation Pentameter 2?",
    "HC Deb vol 485, 17 December 2008 (241542)",
    "ask convictions --by operation --as-at 2008-12-17",
    says=["Not linked.", "Not concluded."],
)
def test_convictions_by_operation_are_not_linked_and_not_concluded(evidence):
    """Convictions could not be disaggregated, and many cases were still progressing. That is
    two reasons, each with what would close it; nought it is not.
    """
    found = answer(ask("convictions", THE_DAY, by=["operation"]), evidence, NEEDS)
    assert {refusal.reason: refusal.requirement.id for refusal in found.cannot} == {
        CellReason.NOT_LINKED: "HT.10.2",
        CellReason.NOT_CONCLUDED: "HT.10.3",
    }
    assert [cell.value for cell in found.cells] == [None], "never nought"
    assert set(found.cells[0].reasons) == {CellReason.NOT_LINKED, CellReason.NOT_CONCLUDED}


@asked(
    "How many convictions resulted from Operation Pentameter 2, as known in March 2009?",
    "UKHTC, UKP2 statistics, February 2009",
    "ask convictions --by operation --as-at 2009-03-01",
)
def test_once_convictions_were_stated_they_are_given(evidence):
    """What could not be said in December was stated in February. The answer of December stays
    as it was.
    """
    found = answer(ask("convictions", date(2009, 3, 1), by=["operation"]), evidence)
    assert table(found) == ["Pentameter 2 | 15"]


@asked(
    "How many arrests were made, as known on 1 January 2000?",
    "Asked of the example files",
    "ask arrests --by operation --as-at 2000-01-01",
    says=["No return received.", "2 July 2008"],
)
def test_a_day_before_anything_was_held(evidence):
    """Nothing is held of that day. The answer says from which day on there is something."""
    found = answer(ask("arrests", date(2000, 1, 1), by=["operation"]), evidence)
    assert found.cells == ()
    assert found.cannot[0].reason is CellReason.NO_RETURN
    assert "2 July 2008" in ENGLISH.say(found.cannot[0].detail)


@asked(
    "How many reasonable grounds decisions were made in 2023, as stated in August 2023?",
    "Home Office, National Referral Mechanism statistics, release 2023Q2",
    "ask reasonable_grounds --by year --period 2023 --as-at 2023-09-01",
)
def test_year_totals_that_quarters_do_not_make(evidence):
    """The release's own total is 146 above its quarters. Both stand, and the one used is
    named.
    """
    found = answer(
        ask("reasonable_grounds", date(2023, 9, 1), by=["year"], period="2023"), evidence
    )
    assert table(found) == ["2023 | 7263"]
    assert [other.value for other in found.cells[0].conflicts] == [7117]


@asked(
    "How many trafficking offences reached a court, and how many people were sentenced?",
    "Parliamentary answers held as an example, with the unit of each table",
    "ask offences_first_hearing --by year",
    "ask defendants_sentenced --by outcome --period 2013",
)
def test_offences_are_not_defendants(evidence):
    """One table counts offences, the other defendants by their principal offence. Units are
    never mixed.
    """
    by_statute = answer(ask("offences_first_hearing", TODAY, by=["year"]), evidence)
    assert (by_statute.unit, table(by_statute)) == ("offences", ["2005 | 582", "2006 | 581"])
    sentenced = answer(ask("defendants_sentenced", TODAY, by=["outcome"], period="2013"), evidence)
    assert sentenced.unit == "defendants_principal_offence"
    assert "immediate_custody | 18" in table(sentenced)
    nil = next(cell for cell in sentenced.cells if cell.dims["outcome"] == "fine")
    assert (nil.value, nil.reasons) == (0, (CellReason.NIL_UNSEARCHED,))


@asked(
    "How many modern slavery offences did the Metropolitan Police record in 2017/18, by quarter?",
    "Home Office, police recorded crime open data tables, 2017/18",
    'ask recorded_offences --where offence=106 --where area="Metropolitan Police" --by quarter',
)
def test_modern_slavery_offences_recorded(evidence):
    """Offence 106 of the counting rules is modern slavery; the figures are as recorded."""
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


@asked(
    "How many victims are hidden?",
    "Published estimates, 2000 to 2014; each row names its source",
    "ask hidden_victims",
)
def test_estimates_are_set_side_by_side_never_summed(evidence):
    """Populations, years and methods differ. Estimates stand side by side with their bounds
    and make no sum.
    """
    found = answer(ask("hidden_victims", TODAY), evidence)
    bounds = {
        (cell.dims["population"], cell.dims["period"]): (cell.low, cell.value, cell.high)
        for cell in found.cells
    }
    assert bounds[("victims_modern_slavery", "2013")] == (10000, None, 13000)
    assert bounds[("women_present_sexual", "2003")] == (None, None, 4000)
    assert bounds[("victims_present", "2009")] == (5000, None, None)
    assert [refusal.reason for refusal in found.cannot] == [CellReason.NOT_KNOWN]


@asked(
    "How many Albanian nationals were referred in the second quarter of 2023?",
    "Home Office, National Referral Mechanism statistics, five-way table",
    "ask referrals --where nationality=Albanian --period 2023Q2",
    "ask referrals --where nationality~Albanian --period 2023Q2",
    says=["nationality~Albanian"],
)
def test_combinations_are_counted_apart_and_said_so(evidence):
    """People recorded with two nationalities are a value of their own. With = they are left
    out, and the answer says so; with ~ they are counted.
    """
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
        assert [cell.value for cell in first.cells] == [cell.value for cell in second.cells]
        if measure != "recorded_offences":  # stated on the day received: it differs between the two
            assert first.basis == second.basis
            assert [cell.id for cell in first.cells] == [cell.id for cell in second.cells]


@asked(
    "How would the reply of 17 December 2008 read, written from the repository?",
    "HC Deb vol 485, 17 December 2008 (241542)",
    "ask victims_recovered --by operation,exploitation --as-at 2008-12-17 --format hansard",
    says=[
        "2007-08 Pentameter 2 Sexual exploitation 167 [1]",
        "Domestic servitude or forced labour 5 [2]",
    ],
)
def test_the_hansard_form_reads_like_the_answer_given(evidence):
    """Footnote marks stand apart from figures: in the text as published 167 with its mark
    became 1167.
    """
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


@asked(
    "How many of the victims recovered were women?",
    "Asked of the figures of HC Deb vol 485, 17 December 2008 (241542)",
    "ask victims_recovered --where sex=female --as-at 2008-12-17",
    says=["not broken down by sex"],
)
def test_a_filter_that_no_figure_carries_is_said(evidence):
    """No figure known on that day was broken down by sex, so that there is none to give."""
    found = answer(ask("victims_recovered", THE_DAY, where=["sex=female"]), evidence)
    assert found.cells == ()
    refusal = found.cannot[0]
    assert refusal.reason is CellReason.NOT_DIVIDED
    assert "not broken down by sex" in ENGLISH.say(refusal.detail)
    (near,) = refusal.nearest
    assert answer(near, evidence).cells[0].value == 260


@asked(
    "Of the victims recovered in Pentameter 2, how many were women, girls and boys?",
    "UKHTC, UKP2 statistics, February 2009",
    "ask victims_recovered --by exploitation,age_group,sex --where 'operation=Pentameter 2'",
    "ask victims_recovered --by exploitation --where 'operation=Pentameter 2'",
    "ask victims_recovered --where 'operation=Pentameter 2' --where sex=female --of sex",
)
def test_what_a_source_says_in_words_of_age_and_sex(evidence):
    """The statistics say in words: 151 adults of whom 150 female, 13 girls; 2 women, 2 girls and a
    boy. The sex of one adult is not said, and none is given; the sums are those stated as figures.
    """
    found = answer(
        ask(
            "victims_recovered",
            TODAY,
            by=["exploitation", "age_group", "sex"],
            where=CAMPAIGN,
        ),
        evidence,
    )
    assert table(found) == [
        "sexual | adult | female | 150",
        "sexual | adult | not_recorded | 1",
        "sexual | child | female | 13",
        "labour_or_domestic | adult | female | 2",
        "labour_or_domestic | child | female | 2",
        "labour_or_domestic | child | male | 1",
    ]
    whole = answer(ask("victims_recovered", TODAY, by=["exploitation"], where=CAMPAIGN), evidence)
    assert table(whole) == ["sexual | 164", "labour_or_domestic | 5"]


@asked(
    "What share of those arrested in Pentameter 2 were women?",
    "UKHTC, UKP2 statistics, February 2009",
    'ask "what percentage of those arrested in Pentameter 2 were women"',
)
def test_a_share_stated_in_words_is_no_count(evidence):
    """The source says 57 per cent. It is a statement in per cent; of arrests by sex there is none,
    and none is worked out.
    """
    share = ask("arrests_share", TODAY, where=[*CAMPAIGN, "sex=female"])
    assert [cell.value for cell in answer(share, evidence).cells] == [57]
    counts = answer(ask("arrests", TODAY, where=[*CAMPAIGN, "sex=female"]), evidence)
    assert counts.cells == ()
    assert counts.cannot[0].reason is CellReason.NOT_DIVIDED


@asked(
    "What is the conviction rate for trafficking?",
    "A question that answers desks are often put",
    "ask charged_with_trafficking,convictions --where 'operation=Pentameter 2'",
    "understand 'what is the conviction rate for Pentameter 2'",
    says=["in per cent of persons charged with trafficking"],
)
def test_a_conviction_rate_is_refused_with_what_can_be_said():
    """Who was convicted need not be among those charged: 4 of the 15 were not first arrested for
    trafficking, and cases last longer than a year. The two figures stand side by side, and what
    became of the same persons is counted from case records (`darkfigure flow`).
    """
    question = ask("convictions", TODAY, where=CAMPAIGN)
    with pytest.raises(NotDerivable, match="not counts of the same persons"):
        viewed(question, wishes_for(question, of="charged_with_trafficking"), answer)
