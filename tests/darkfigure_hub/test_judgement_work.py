"""What bears on a judgement, whether it may no longer hold, and what closed ones are worth; and the
commands of all of it. All synthetic.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import get_type_hints

import pytest
from django.db import transaction
from test_outbox import appointed

from darkfigure.basis.errors import NotPermitted, UnknownName
from darkfigure.basis.permission import Permission
from darkfigure.intelligence.indicators import read_condition
from darkfigure.intelligence.judgement_fields import as_fields
from darkfigure.intelligence.judgements import (
    Assumption,
    CitedFigure,
    CitedItem,
    Direction,
    Indicator,
)
from darkfigure.intelligence.scoring import Outcome
from darkfigure.intelligence.yardstick import Term
from darkfigure.reading.judgement_files import read_judgement
from darkfigure.writing.documents.judging import JudgementDocument
from darkfigure.writing.forms.reporting_examples import EXAMPLES
from darkfigure_hub.access.roles import Role
from darkfigure_hub.flows.file_report import submit_report
from darkfigure_hub.flows.gather_judgement import gather_judgement
from darkfigure_hub.flows.judge import (
    approve_judgement,
    draft_judgement,
    resolve_judgement,
    review_judgement,
    withdraw_judgement,
)
from darkfigure_hub.flows.receive_return import receive_return
from darkfigure_hub.flows.remind import remind
from darkfigure_hub.flows.score_judgements import score_judgements
from darkfigure_hub.flows.set_requirements import load_set
from darkfigure_hub.flows.take_back import withdraw
from darkfigure_hub.store.models import Outgoing
from judgements_drawn import SOUND
from support import own_folder, run, statement, statement_file
from support_reporting import file_of, report

FILED, KNOWN, APPROVED = date(2026, 6, 5), date(2026, 7, 1), date(2026, 7, 15)
TODAY = date(2026, 11, 20)
COUNTED = "arrests --period 2001"
WRITTEN = replace(
    SOUND,
    requirements=("HT.6.4",),
    known=KNOWN,
    horizon=date(2026, 9, 30),
    items_for=(CitedItem("kent SYN-1", 1),),
    single_origin_said=False,
    figures=(CitedFigure(COUNTED, KNOWN),),
    assumptions=(Assumption("Forces go on.", "Few arrests.", COUNTED, read_condition("< 10")),),
    indicators=(Indicator("Arrests soar.", COUNTED, read_condition("> 500")),),
    **dict.fromkeys(("items_against", "hypotheses", "rows"), ()),
)


def counted(folder, value, day, name):
    """A return that states a figure on a day."""
    fields = {"measure": "arrests", "period": "2001", "stated_on": day}
    return statement_file(folder / f"{name}.csv", statement(value=value, **fields))


def approved(people, written=WRITTEN):
    author, reviewer, releaser = people
    made = draft_judgement(author, written, TODAY)
    review_judgement(reviewer, made.judgement.name, APPROVED, TODAY)
    return approve_judgement(releaser, made.judgement.name, made.content, APPROVED, TODAY)


@pytest.fixture(scope="module")
def filled(operator, django_db_setup, django_db_blocker, tmp_path_factory):
    """A set, a report and a figure, and a judgement that rests on them, once."""
    folder = tmp_path_factory.mktemp("bearing")
    whole = transaction.atomic()
    whole._from_testcase = True  # deeds that commit by themselves may be within it
    with django_db_blocker.unblock(), whole:
        load_set(operator, "human_trafficking")
        made = file_of(folder, report("SYN-1", origin="SYNTHETIC-a"), "1.json")
        submit_report(operator, made, "", FILED)
        receive_return(operator, counted(folder, 100, "2026-06-01", "first"))
        people = [replace(operator, who=f"operator:{name}") for name in ("ann", "ben", "cyn")]
        approved(people)
        yield people
        transaction.set_rollback(True)


@pytest.fixture
def people(filled, db):
    """Author, reviewer, releaser."""
    return filled


def whys(found):
    return [each.why.code.removeprefix("judgement.doubt.") for each in found.doubts]


def gathered(people, day=date(2026, 9, 1)):
    return gather_judgement(people[0], "HT.6.4", FILED, day)


def test_where_nothing_came_since_nothing_is_doubted(people):
    found = gathered(people)
    assert (found.judgements, found.doubts, found.moved) == (("HT-J-01/v1",), (), ())
    assert found.synthetic
    again = gather_judgement(people[0], "HT.6.4", date(2026, 1, 1), date(2026, 9, 1))
    assert [each.name for each in again.items] == ["kent SYN-1/1"]


def test_an_item_that_refutes_it_since_is_named(people, operator, tmp_path):
    made = report("SYN-8", "essex", relation="refutes", origin="SYNTHETIC-c")
    submit_report(operator, file_of(tmp_path, made), "", date(2026, 8, 1))
    found = gathered(people)
    assert "new_refutes" in whys(found)
    assert "essex SYN-8/1" in str(found.doubts[0].why)
    assert "new_refutes" not in whys(gathered(people, date(2026, 7, 31)))


def test_a_contested_cell_is_named(people, operator, tmp_path):
    for agency, relation in (("essex", "refutes"), ("NCA", "supports")):
        made = report("SYN-8", agency, "1AP", relation, f"SYNTHETIC-{agency}")
        submit_report(operator, file_of(tmp_path, made, f"{agency}.json"), "", date(2026, 8, 1))
    found = gathered(people)
    assert found.contested == ("HT.6.4/Kent/2026 Q2",)
    assert whys(found) == ["new_refutes", "new_supports", "contested"]
    assert gathered(people, date(2026, 7, 31)).contested == ()


def test_one_of_a_group_of_questions_bears_on_each_of_them(people):
    approved(people, replace(WRITTEN, code="HT-J-06", requirements=("HT.6",)))
    assert gathered(people).judgements == ("HT-J-01/v1", "HT-J-06/v1")
    whole = gather_judgement(people[0], "HT.6", FILED, date(2026, 9, 1))
    assert whole.judgements == gathered(people).judgements


def test_an_item_that_was_taken_back_is_named(people, operator):
    withdraw(operator, "item", "kent SYN-1/1", "synthetic reason", date(2026, 8, 1))
    assert "item_back" in whys(gathered(people))
    assert "item_back" not in whys(gathered(people, date(2026, 7, 31)))


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (140, ["figure_moved"]),
        (5, ["figure_moved", "assumption_met"]),
        (501, ["figure_moved", "indicator_met"]),
    ],
)
def test_a_figure_that_moved_is_told_with_the_way_between(people, operator, tmp_path, value, found):
    receive_return(operator, counted(tmp_path, value, "2026-08-01", "second"))
    now = gathered(people)
    assert whys(now) == found
    (moved,) = now.moved
    assert (str(moved.was), str(moved.now)) == ("100", str(value))
    assert moved.bridge.adds_up
    assert sum(line.amount for line in moved.bridge.lines) == value - 100
    assert gathered(people, date(2026, 7, 31)).moved == ()


def test_a_horizon_that_passed_asks_for_a_word(people):
    assert whys(gathered(people, date(2026, 9, 30))) == []
    assert whys(gathered(people, date(2026, 10, 1))) == ["horizon"]
    outcome = (Outcome.CAME_TRUE, "The figure for the year.")
    resolve_judgement(people[1], "HT-J-01", *outcome, date(2026, 10, 5), TODAY)
    assert whys(gathered(people, date(2026, 10, 4))) == ["horizon"]
    assert whys(gathered(people, date(2026, 10, 5))) == []


def test_what_was_watched_for_is_told_to_assessors_once(people, operator, tmp_path):
    assessor, low = appointed(Role.ASSESSOR, "NCA"), appointed(Role.ASSESSOR, "NCA", 2, 0)

    def told():
        held = Outgoing.objects.filter(kind="judgement opens").order_by("key")
        return [each.key.removeprefix("judgement opens:") for each in held]

    remind(operator, date(2026, 9, 1))
    assert told() == []
    receive_return(operator, counted(tmp_path, 501, "2026-08-01", "soared"))
    for _ in range(2):
        remind(operator, date(2026, 9, 1))
        number = assessor.who.removeprefix("account:")
        assert told() == [f"HT-J-01/v1 indicator 2:{number}"]
    remind(operator, date(2026, 10, 1))
    assert told()[0] == f"HT-J-01/v1 horizon:{number}"
    assert low.who.removeprefix("account:") not in {key.rpartition(":")[2] for key in told()}


def test_what_bears_on_another_question_names_no_judgement(people):
    assert gather_judgement(people[0], "HT.6.1", FILED, TODAY).judgements == ()
    with pytest.raises(UnknownName, match="no question of a set in force"):
        gather_judgement(people[0], "HT.99", FILED, TODAY)


def test_an_empty_record_says_that_it_is_empty(people):
    card = score_judgements(people[0], date(2026, 9, 1))
    assert (card.scores, card.open, card.overdue) == (None, 1, 0)
    card = score_judgements(people[0], TODAY)
    assert (card.scores, card.open, card.overdue) == (None, 0, 1)


OUTCOME = "The figure for the year."


def test_closed_judgements_are_scored_as_at_a_day_whatever_became_of_them(people):
    likely = replace(WRITTEN, code="HT-J-02", term=Term.HIGHLY_LIKELY)
    never = replace(WRITTEN, code="HT-J-03", horizon=None, resolution="No source will tell.")
    untold = replace(WRITTEN, code="HT-J-04")
    for each in (likely, never, untold):
        approved(people, each)
    draft_judgement(people[0], replace(WRITTEN, code="HT-J-05"), TODAY)
    withdraw_judgement(people[2], "HT-J-02", "It did not hold.", date(2026, 9, 1), TODAY)
    for at, (code, outcome) in enumerate(
        [
            ("HT-J-01", Outcome.CAME_TRUE),
            ("HT-J-02", Outcome.DID_NOT),
            ("HT-J-04", Outcome.CANNOT_BE_TOLD),
        ],
        1,
    ):
        seen = {"direction": Direction.INCREASING}
        resolve_judgement(people[1], code, outcome, OUTCOME, date(2026, 10, at), TODAY, **seen)
    card = score_judgements(people[0], TODAY)
    assert (card.scores.number, card.untold, card.never, card.open, card.overdue) == (2, 1, 1, 0, 0)
    assert card.scores.brier.midpoint == pytest.approx((0.35**2 + 0.85**2) / 2)
    assert (card.scores.directions.hits, card.scores.directions.number) == (2, 2)
    early = score_judgements(people[0], date(2026, 10, 1))
    assert (early.scores.number, early.overdue) == (1, 2)


def test_by_author_it_is_for_the_author_alone(people):
    resolve_judgement(people[1], "HT-J-01", Outcome.CAME_TRUE, OUTCOME, TODAY, TODAY)
    own = score_judgements(people[0], TODAY, own=True)
    assert own.scores.number == 1
    assert score_judgements(people[1], TODAY, own=True).scores is None


def test_the_example_is_drafted_as_it_is(people, operator, tmp_path):
    path = tmp_path / "report.yaml"
    path.write_text(EXAMPLES["report.yaml"], encoding="utf-8")
    submit_report(operator, path, "", date(2026, 7, 20))
    example = replace(read_judgement(EXAMPLES["judgement.yaml"], "judgement.yaml"), code="HT-J-09")
    made = draft_judgement(people[0], example, TODAY).judgement
    assert made.single_origin
    assert made.grid.leading() == ("A",)


def test_both_take_the_permission_to_read(people):
    without = replace(people[0], permissions=people[0].permissions - {Permission.READ_JUDGEMENT})
    with pytest.raises(NotPermitted):
        gather_judgement(without, "HT.6.4", FILED, TODAY)
    with pytest.raises(NotPermitted):
        score_judgements(without, TODAY)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A repository with a set, a report and a figure."""
    folder = tmp_path_factory.mktemp("files")
    with own_folder() as made:
        run("requirements", "load", "human_trafficking", home=made)
        path = file_of(folder, report("SYN-1", origin="SYNTHETIC-a"), "1.json")
        run("report", "submit", path, "--on", FILED, home=made)
        run("load", counted(folder, 100, "2026-06-01", "first"), home=made)
        yield made


@pytest.mark.long
def test_by_commands_from_a_file_to_its_scores(home, tmp_path):
    def said(*arguments, who="ann", check=True):
        done = run("judgement", *arguments, home=home, check=check, LOGNAME=who)
        return done.stdout if check else done.stderr

    fields = as_fields(replace(WRITTEN, indicators=(), hypotheses=SOUND.hypotheses))
    grid = {"kent SYN-1/1": {"A": "C", "B": "I"}}
    path = tmp_path / "judgement.yaml"
    path.write_text(json.dumps({**fields, "grid": grid}), encoding="utf-8")
    assert "No judgement is closed yet" in said("scores")
    assert "sound; not kept" in said("draft", path, "--dry-run")
    content = said("draft", path).partition("content ")[2][:12]
    assert "Another than who drafted it" in said("review", "HT-J-01", check=False)
    day = ("--on", APPROVED)
    said("comment", "HT-J-01", "--agency", "kent", "--says", "recorded otherwise", "--on", KNOWN)
    assert "reviewed" in said("review", "HT-J-01", *day, who="ben")
    assert "approved" in said("approve", "HT-J-01", "--content", content, *day, who="cyn")
    assert "likely (55-75 %), moderate confidence, increasing" in said("list")
    assert "tells apart 2 of 4" in said("show", "HT-J-01")
    told = json.loads(said("show", "HT-J-01", "--format", "json"))
    assert set(told) == {*get_type_hints(JudgementDocument)}
    assert told["grid"]["leading"] == ["A"]
    assert [each["kind"] for each in told["events"]] == [
        "drafted", "comment", "reviewed", "approved",
    ]  # fmt: skip
    gathering = ("gather", "HT.6.4", "--since", "2026-01-01")
    assert "HT-J-01/v1 may no longer hold: Its horizon" in said(*gathering)
    said(
        "resolve", "HT-J-01", "--outcome", "came_true", "--direction", "stable",
        "--evidence", OUTCOME, who="ben",
    )  # fmt: skip
    assert "1 of 1 (21% to 100%) came true, agrees with the band" in said("scores")
    said("withdraw", "HT-J-01", "--reason", "its source was taken back", who="cyn")
    assert "No judgement stands" in said("list")
    for listed in (
        ("list", "--drafts"), ("history", "HT-J-01"), gathering, ("scores",), ("scores", "--own"),
    ):  # fmt: skip
        assert json.loads(said(*listed, "--format", "json"))["synthetic"]
    assert "withdrawn by operator:cyn: its source was taken back" in said("history", "HT-J-01")
