"""What the synthetic casework must say on each day, on every engine: the published figures,
exactly.

Published: Home Office release 124/2008 (2 July 2008); HC Deb 17 July 2008 col 604W; HC Deb 17
December 2008 (241542); UKHTC, UKP2 statistics, February 2009.
"""

from __future__ import annotations

from datetime import date

import pytest

from darkfigure.basis.saying import say
from darkfigure.publication import answer, answer_from_cases, ask, bridge_from_cases, compare
from darkfigure.tables.counting import COUNTED
from darkfigure.tables.flow import flow
from darkfigure.tables.question import any_condition
from questions.asked import asked
from support import NEEDS

pytestmark = pytest.mark.django_db  # one of the three engines is the repository
JULY, DECEMBER, MARCH = date(2008, 7, 10), date(2008, 12, 17), date(2009, 3, 1)
P2 = ["operation=Pentameter 2"]
SEXUAL = [*P2, "exploitation=sexual"]
LABOUR = [*P2, "exploitation=labour_or_domestic"]


def cells(records, measure, day, **given):
    found = answer_from_cases(ask(measure, day, evidence="cases", **given), records)
    return {
        (*cell.dims.values(), *(["pending"] if cell.status == "in_progress" else [])): (
            cell.value,
            cell.low,
            cell.high,
        )
        for cell in found.cells
    }


def figures(records, measure, day, **given):
    return {key: value for key, (value, _, _) in cells(records, measure, day, **given).items()}


@asked(
    "Do the records, counted, give the figures that were published?",
    "Home Office release 124/2008; HC Deb 17 July 2008 col 604W; HC Deb 17 December "
    "2008 (241542); UKHTC, UKP2 statistics, February 2009",
    'ask victims_recovered --where operation="Pentameter 2" --as-at 2008-07-10 --evidence cases',
    'ask victims_recovered --where operation="Pentameter 2" --by age_group --as-at '
    "2008-07-10 --evidence cases",
    'ask arrests --where operation="Pentameter 2" --as-at 2008-07-10 --evidence cases',
    'ask premises_visited --where operation="Pentameter 2" --as-at 2008-07-10 --evidence cases',
    'ask voluntary_returns --where operation="Pentameter 2" --as-at 2008-07-17 --evidence cases',
    'ask victims_recovered --where operation="Pentameter 2" --where '
    "exploitation=sexual --as-at 2008-12-17 --evidence cases",
    'ask victims_recovered --where operation="Pentameter 2" --where '
    "exploitation=labour_or_domestic --as-at 2008-12-17 --evidence cases",
    'ask arrests --where operation="Pentameter 2" --as-at 2008-12-17 --evidence cases',
    'ask arrests_for_trafficking --where operation="Pentameter 2" --as-at '
    "2008-12-17 --evidence cases",
    'ask victims_recovered --where operation="Pentameter 2" --where '
    "exploitation=sexual --by age_group,sex --as-at 2009-03-01 --evidence cases",
    'ask victims_recovered --where operation="Pentameter 2" --where '
    "exploitation=labour_or_domestic --by age_group,sex --as-at 2009-03-01 "
    "--evidence cases",
    'ask victims_recovered --where operation="Pentameter 2" --where '
    "exploitation=sexual --by age_group,nationality_group --as-at 2009-03-01 "
    "--evidence cases",
    'ask arrests --where operation="Pentameter 2" --as-at 2009-03-01 --evidence cases',
    'ask arrests_for_trafficking --where operation="Pentameter 2" --as-at '
    "2009-03-01 --evidence cases",
    'ask arrests_no_further_action --where operation="Pentameter 2" --as-at '
    "2009-03-01 --evidence cases",
    'ask charged_with_trafficking --where operation="Pentameter 2" --as-at '
    "2009-03-01 --evidence cases",
    'ask convictions --where operation="Pentameter 2" --as-at 2009-03-01 --evidence cases',
)
@pytest.mark.parametrize(
    ("measure", "day", "given", "published"),
    [
        ("victims_recovered", JULY, {"where": P2}, {(): 167}),
        (
            "victims_recovered",
            JULY,
            {"where": P2, "by": ["age_group"]},
            {("adult",): 154, ("child",): 13},
        ),
        ("arrests", JULY, {"where": P2}, {(): 528}),
        ("premises_visited", JULY, {"where": P2}, {(): 822}),
        ("voluntary_returns", date(2008, 7, 17), {"where": P2}, {(): 31}),
        ("victims_recovered", DECEMBER, {"where": SEXUAL}, {(): 167}),
        ("victims_recovered", DECEMBER, {"where": LABOUR}, {(): 5}),
        ("arrests", DECEMBER, {"where": P2}, {(): 528}),
        ("arrests_for_trafficking", DECEMBER, {"where": P2}, {(): 299}),
        (
            "victims_recovered",
            MARCH,
            {"where": SEXUAL, "by": ["age_group", "sex"]},
            {("adult", "female"): 150, ("adult", "male"): 1, ("child", "female"): 13},
        ),
        (
            "victims_recovered",
            MARCH,
            {"where": LABOUR, "by": ["age_group", "sex"]},
            {("adult", "female"): 2, ("child", "female"): 2, ("child", "male"): 1},
        ),
        (
            "victims_recovered",
            MARCH,
            {"where": SEXUAL, "by": ["age_group", "nationality_group"]},
            {
                ("adult", "china_south_east_asia"): 79,
                ("adult", "eu"): 54,
                ("adult", "africa"): 8,
                ("adult", "other"): 10,
                ("child", "africa"): 6,
                ("child", "other"): 7,
            },
        ),
        ("arrests", MARCH, {"where": P2}, {(): 406}),
        ("arrests_for_trafficking", MARCH, {"where": P2}, {(): 93}),
        ("arrests_no_further_action", MARCH, {"where": P2}, {(): 25}),
        ("charged_with_trafficking", MARCH, {"where": P2}, {(): 67}),
        ("convictions", MARCH, {"where": P2}, {(): 15, ("pending",): 44}),
    ],
)
def test_counting_the_records_gives_the_published_figure(records, measure, day, given, published):
    """Synthetic case returns were made so that, counted as at each day, they give the
    published figure of that day exactly.
    """
    assert figures(records, measure, day, **given) == published


@asked(
    "Who was arrested in Pentameter 2?",
    "UKHTC, UKP2 statistics, February 2009",
    'ask arrests --where operation="Pentameter 2" --by area --as-at 2009-03-01 --evidence cases',
    'ask arrests --where operation="Pentameter 2" --by sex --as-at 2009-03-01 --evidence cases',
    'ask arrests --where operation="Pentameter 2" --as-at 2009-03-01 --evidence cases',
    unseen={
        43: "the number of forces is the number of rows",
        57: "a share, worked out from the figures by sex",
        67: "the oldest age is in the records, not in the answer",
    },
)
def test_who_was_arrested(records):
    """Forty-three forces made 406 arrests, 57 per cent of them of women;
    the youngest was 18, the oldest 67.
    """
    by_force = figures(records, "arrests", MARCH, where=P2, by=["area"])
    assert (len(by_force), sum(by_force.values())) == (43, 406)
    sexes = figures(records, "arrests", MARCH, where=P2, by=["sex"])
    assert round(100 * sexes["female",] / 406) == 57
    arrests = records.fetch(
        "SELECT min(age), max(age) FROM case_arrest WHERE operation IN (SELECT record FROM "
        "case_operation WHERE part_of = 'Pentameter 2') AND known_to IS NULL AND NOT withdrawn"
    )
    assert tuple(map(int, arrests[0])) == (18, 67)


@asked(
    "How many of those convicted of trafficking had not been arrested for it at first?",
    "UKHTC, UKP2 statistics, February 2009",
    'flow --where operation="Pentameter 2" --as-at 2009-03-01',
    'ask convictions --where operation="Pentameter 2" --as-at 2009-03-01 --evidence cases',
    unseen={4: "worked out from the records of the fifteen, in Python"},
)
def test_four_of_the_fifteen_convicted_were_not_first_arrested_for_it(records):
    """Fifteen were convicted; for four of them the arrest was for something else. The records
    say so person by person.
    """
    from darkfigure.tables.casebook import Casebook
    from darkfigure.tables.counting import concluded, is_trafficking

    found = concluded(Casebook(records, MARCH))
    found = found.filter((found.ending == "convicted") & is_trafficking(found.offence))
    rows = records.fetch(
        found.select("person", other=~is_trafficking(found.arrest_offence)).distinct()
    )
    assert (len(rows), sum(bool(other) for _, other in rows)) == (15, 4)


@asked(
    "Do the records and the statements say the same?",
    "Home Office release 124/2008; HC Deb 17 July 2008 col 604W; HC Deb 17 December "
    "2008 (241542); UKHTC, UKP2 statistics, February 2009",
    "compare victims_recovered --by operation,exploitation --as-at 2008-07-10",
    "compare victims_recovered --by operation,exploitation --as-at 2008-12-17",
    "compare victims_recovered --by operation,exploitation --as-at 2009-03-01",
    unseen={3: "the number of rows compared"},
)
@pytest.mark.parametrize("day", [JULY, DECEMBER, MARCH])
def test_cases_and_statements_agree(records, memory, day):
    """Figures as stated and figures counted are laid side by side, cell by cell, on each of
    three days.
    """
    asked = {"by": ["operation", "exploitation"]}
    found = compare(
        ["statements", "cases"],
        [
            answer(ask("victims_recovered", day, **asked), memory),
            answer_from_cases(ask("victims_recovered", day, evidence="cases", **asked), records),
        ],
    )
    assert found.agrees
    assert len(found.rows) == (2 if day == JULY else 3)


@asked(
    "How many convictions resulted from Pentameter 2, counted from the records "
    "known in December 2008?",
    "HC Deb vol 485, 17 December 2008 (241542)",
    "ask convictions --by operation --as-at 2008-12-17 --evidence cases",
)
def test_convictions_by_operation_in_december_show_what_was_missing(records):
    """Of 41 convicted the records did not say in which operation they were arrested, and 32
    cases were open: the figure lies between 0 and 41.
    """
    found = answer_from_cases(
        ask("convictions", DECEMBER, by=["operation"], evidence="cases"), records, NEEDS
    )
    shown = {(cell.dims["operation"], cell.status): cell for cell in found.cells}
    ours = shown["Pentameter 2", "provisional"]
    assert (ours.value, ours.low, ours.high) == (None, 0, 41)
    assert dict(ours.unknown) == {"not_concluded": 32, "not_linked": 41}
    assert shown[None, "provisional"].value == 9
    assert shown[None, "in_progress"].value == 32
    assert {(each.reason, each.requirement.id) for each in found.cannot} == {
        ("not_concluded", "HT.10.3"),
        ("not_linked", "HT.10.2"),
    }


@asked(
    "How many were convicted, by operation, offence and age of the victim, as known in March 2009?",
    "UKHTC, UKP2 statistics, February 2009",
    "ask convictions --by operation --as-at 2009-03-01 --evidence cases",
    'ask convictions --by offence,victim_age_group --where operation="Pentameter 2" '
    "--as-at 2009-03-01 --evidence cases",
)
def test_convictions_in_march_by_operation_offence_and_age_of_victim(records):
    """Nothing was returned of the first campaign's court cases: no nought is made of that.
    Fifteen are certain for the second, 59 if every open case ended so.
    """
    by_operation = cells(records, "convictions", MARCH, by=["operation"])
    assert by_operation["Pentameter 2",] == (15, 15, 59)
    assert by_operation["Pentameter 2", "pending"] == (44, 44, 44)
    # Nothing was returned of the first campaign's court cases: no nought is made of that.
    assert by_operation["Pentameter 1",] == (None, 0, None)
    by_offence = cells(records, "convictions", MARCH, by=["offence", "victim_age_group"], where=P2)
    assert sum(value for key, (value, _, _) in by_offence.items() if "pending" not in key) == 15
    assert all(low <= value <= high for value, low, high in by_offence.values())


@asked(
    "What is a conviction: a person, an offence, a case?",
    "Counting rules of the measure `convictions`",
    "compare convictions --rule persons --rule any_offence --rule "
    "defendants_principal_offence --rule flagged_cases --where "
    'operation="Pentameter 2" --as-at 2009-03-01',
    'ask convictions --where operation="Pentameter 2" --as-at 2009-03-01 --evidence cases',
)
def test_one_question_under_every_rule(records):
    """One set of records gives several figures, each by its rule: persons, defendants by
    principal offence, cases flagged. None of them is wrong; mixed they would be.
    """
    found = {
        rule: cells(records, "convictions", MARCH, where=P2, rule=rule)[()]
        for rule in COUNTED["convictions"]
    }
    assert found["persons"] == found["any_offence"] == (15, 15, 59)
    value, low, high = found["defendants_principal_offence"]
    assert value < 15
    assert low == value
    assert high == value + 44 + 1  # those still in progress, and one convicted but not sentenced
    assert found["flagged_cases"][0] > 15


@asked(
    "Why did the counts change between December 2008 and March 2009?",
    "UKHTC, UKP2 statistics, February 2009",
    'bridge arrests --where operation="Pentameter 2" --from 2008-12-17 --to '
    "2009-03-01 --evidence cases",
    'bridge arrests_for_trafficking --where operation="Pentameter 2" --from '
    "2008-12-17 --to 2009-03-01 --evidence cases",
    'bridge victims_recovered --where operation="Pentameter 2" --by exploitation '
    "--from 2008-12-17 --to 2009-03-01 --evidence cases",
    'bridge convictions --where operation="Pentameter 2" --from 2008-12-17 --to '
    "2009-03-01 --evidence cases",
)
@pytest.mark.parametrize(
    ("measure", "given", "opening", "lines", "closing"),
    [
        ("arrests", {}, 528, {"recorded_in_error": -122}, 406),
        ("arrests_for_trafficking", {}, 299, {"recorded_in_error": -70, "reclassified": -136}, 93),
        ("victims_recovered", {"by": ["exploitation"]}, 172, {"duplicate": -3}, 169),
        ("convictions", {}, 0, {"late_return": 15}, 15),
    ],
)
def test_the_bridge_is_explained_record_by_record(records, measure, given, opening, lines, closing):
    """With records every change has its record: recorded in error, reclassified, counted
    twice, returned late.
    """
    found = bridge_from_cases(
        ask(measure, MARCH, where=P2, evidence="cases", **given), DECEMBER, MARCH, records
    )
    assert (found.opening or 0, found.closing) == (opening, closing)
    assert {line.reason: line.amount for line in found.lines} == lines
    assert found.adds_up
    assert all(line.sources[0] for line in found.lines)


@asked(
    "What became of the 406 who were arrested?",
    "UKHTC, UKP2 statistics, February 2009",
    'flow --where operation="Pentameter 2" --as-at 2009-03-01',
)
def test_the_flow(records):
    """Each person is followed from arrest to sentence, and those still waiting are counted as
    waiting, not as ended.
    """
    found = flow(records, MARCH, [any_condition("operation=Pentameter 2")])
    steps = {(str(step.start), str(step.end)): step.persons for step in found.suspects}
    assert {
        ("Arrested", "Charged with trafficking"): 67,
        ("Arrested", "No further action"): 102,
        ("Charged with trafficking", "Prosecuted for trafficking"): 67,
        ("Prosecuted for trafficking", "Convicted of trafficking"): 15,
        ("Prosecuted for trafficking", "Still in progress"): 44,
        ("Convicted of trafficking", "Awaiting sentence"): 1,
        ("Convicted of trafficking", "Sentenced"): 14,
    }.items() <= steps.items()
    assert sum(number for (start, _), number in steps.items() if start == "Arrested") == 406
    assert sum(step.persons for step in found.victims) == 169
    waits = {str(each.name): each for each in found.durations}
    first = waits["First hearing to end of case (trafficking)"]
    assert (first.ended, first.waiting, first.median) == (23, 44, None)
    assert found.synthetic


@asked(
    "Are these records real?",
    "No record of the campaigns is public",
    "ask arrests --as-at 2009-03-01 --evidence cases",
    says=["SYNTHETIC: All of the records counted are made up."],
)
def test_every_answer_says_that_its_records_are_made_up(records):
    """They are made up, and the first note of every answer from them says so."""
    found = answer_from_cases(ask("arrests", MARCH, evidence="cases"), records)
    assert found.notes[0] == say("synthetic", share=say("all"))
