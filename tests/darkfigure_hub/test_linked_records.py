"""Links in the repository: each person once in figures as at a day, decisions and their undoing,
names nowhere else.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from darkfigure.basis.errors import DarkfigureError, NotPermitted, UnknownName
from darkfigure.basis.saying import say
from darkfigure.linkage import DecisionKind
from darkfigure.publication import ask
from darkfigure.publication.embargo import LONDON
from darkfigure.reading.release_plans import read_plan
from darkfigure.synthetic.linked_returns import SENDERS, write_linked_returns
from darkfigure.tables.capture_lists import lists_of_victims
from darkfigure_hub.access import for_public
from darkfigure_hub.flows.answer_question import answer_question
from darkfigure_hub.flows.decide_link import (
    agree_link,
    decide_link,
    show_person,
    waiting_links,
    withdraw_link,
)
from darkfigure_hub.flows.explain_change import explain_change
from darkfigure_hub.flows.link_records import link_records
from darkfigure_hub.flows.receive_return import receive_return
from darkfigure_hub.flows.release_figures import (
    approve_release,
    prepare_release,
    publish_release,
)
from darkfigure_hub.flows.request_asked import Wanted
from darkfigure_hub.flows.respond import Request, draft_response, register_response
from darkfigure_hub.flows.review_links import review_links
from darkfigure_hub.flows.show_responses import disclosures
from darkfigure_hub.store.models import (
    LinkDecision,
    LinkPair,
    LinkProposal,
    LinkRun,
    LogEntry,
    PersonLink,
)
from darkfigure_hub.store.queries import identity
from darkfigure_hub.store.queries.case_records import StoreRecords
from support import agreed, at_once, database_apart, run

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("linked")]
BEFORE, FIRST, SECOND, MERGED, UNDONE = (date(2019, 3, day) for day in (1, 5, 10, 12, 15))


@pytest.fixture(scope="module")
def linked(django_db_setup, django_db_blocker, operator, tmp_path_factory):
    """Three returns linked, a fourth added to them, in a database that the module has alone."""
    folder = tmp_path_factory.mktemp("linked")
    with database_apart(django_db_blocker), django_db_blocker.unblock():
        *early, late = write_linked_returns(folder, 700, 3)
        for path in early:
            receive_return(operator, path)
        one = link_records(operator, FIRST)
        receive_return(operator, late)
        two = link_records(operator, SECOND)
        yield one, two


def asked(as_at):
    return ask("victims_recovered", as_at, evidence="cases", period="2017-01-01..2019-12-31")


def figure(operator, as_at):
    (cell,) = answer_question(operator, asked(as_at)).cells
    return cell.value, cell.low, cell.high


def test_figures_of_a_day_use_the_links_known_then(operator, linked):
    one, two = linked
    before, after = figure(operator, BEFORE), figure(operator, SECOND)
    assert before[0] == before[1] == before[2]
    assert after[1] < after[0] < after[2] <= before[0]
    added = figure(operator, FIRST)
    assert after[0] < added[0] < before[0]
    assert two.fresh < one.fresh
    assert LinkRun.objects.get(pk=two.run).adds_to_id == one.run


def test_the_bridge_says_who_was_counted_twice(operator, linked):
    bridge = explain_change(operator, asked(SECOND), BEFORE, SECOND)
    assert {line.reason for line in bridge.lines} == {"duplicate"}
    assert bridge.opening + sum(line.amount for line in bridge.lines) == bridge.closing
    assert bridge.closing == figure(operator, SECOND)[0]


def test_lists_overlap_once_records_are_linked(operator, linked):
    before = lists_of_victims(StoreRecords(operator), BEFORE)
    after = lists_of_victims(StoreRecords(operator), SECOND)
    assert not before["HO"] & before["metropolitan-police"]
    assert len(after["HO"] & after["metropolitan-police"]) > 20


def test_a_decision_holds_from_its_day_until_it_is_undone(operator, linked):
    waiting = review_links(operator, SECOND, 1000)
    # The Home Office is in none of the other returns of these tests.
    left, right, _ = next(pair for pair in waiting.pairs if "HO:" in {pair[0][:3], pair[1][:3]})
    was = figure(operator, SECOND)
    together = right in show_person(operator, left, SECOND).decided
    kind = DecisionKind.SPLIT if together else DecisionKind.MERGE
    made = decide_link(
        operator, kind, MERGED, left=left, right=right, reason="synthetic: seen together"
    )
    assert made.changed >= 1
    assert figure(operator, SECOND) == was
    assert abs(figure(operator, MERGED)[0] - was[0]) == 1
    assert (right in show_person(operator, left, MERGED).decided) is not together
    with pytest.raises(DarkfigureError, match="Undo it first"):
        decide_link(operator, DecisionKind.MERGE, MERGED, left=right, right=left, reason="again")
    with pytest.raises(DarkfigureError, match="cannot be dated"):
        decide_link(
            operator, DecisionKind.UNDO, SECOND, undoes=made.decision.id, reason="too early"
        )
    decide_link(
        operator, DecisionKind.UNDO, UNDONE, undoes=made.decision.id, reason="synthetic: a mistake"
    )
    assert figure(operator, UNDONE) == was
    assert figure(operator, MERGED) != was
    shown = show_person(operator, left, UNDONE)
    assert [each.kind for each in shown.decisions] == [kind, DecisionKind.UNDO]


def test_linking_anew_keeps_decisions_and_changes_little(operator, linked):
    before = figure(operator, UNDONE)
    again = link_records(operator, date(2019, 4, 1), anew=True)
    assert again.fresh == 0
    assert abs(again.persons[1] - linked[1].persons[1]) < 15
    assert figure(operator, UNDONE) == before
    with pytest.raises(DarkfigureError, match="No records have come"):
        link_records(operator, date(2019, 4, 2))
    with pytest.raises(DarkfigureError, match="cannot be dated"):
        link_records(operator, BEFORE)


@pytest.mark.long
def test_the_program_links_decides_and_takes_snapshots(home, tmp_path):
    """The whole way as an operator goes it; a snapshot counts as the repository does, on every
    day.
    """
    paths = write_linked_returns(tmp_path / "returns", 300, 4)
    run("load", *paths, home=home)
    assert "persons" in run("persons", "link", "--on", "2019-03-05", home=home).stdout
    review = run("persons", "review", "--number", "1", "--format", "json", home=home)
    (pair,) = json.loads(review.stdout)["waiting"]
    page = run(
        "persons", "review", "--format", "html", "--out", tmp_path / "review.html", home=home
    )
    assert page.returncode == 0
    assert "<svg" in (tmp_path / "review.html").read_text()
    refused = run("persons", "review", "--out", tmp_path / "review.txt", home=home, check=False)
    assert "shown at the terminal only" in refused.stderr
    named = run("persons", "review", "--number", "1", home=home).stdout
    assert pair["left"] in named
    assert "family name" in named
    silent = run("persons", "split", pair["left"], pair["right"], home=home, check=False)
    assert "needs a reason" in silent.stderr
    run(
        "persons",
        "split",
        pair["left"],
        pair["right"],
        "--reason",
        "synthetic",
        "--on",
        "2019-03-12",
        home=home,
    )
    assert "D1" in run("persons", "show", pair["left"], "--as-at", "2019-03-13", home=home).stdout
    run("persons", "undo", "D1", "--reason", "synthetic", "--on", "2019-03-15", home=home)
    run("snapshot", "--as-at", "2019-03-20", "--out", tmp_path / "snap", home=home)
    for day in (BEFORE, FIRST, MERGED, UNDONE):
        words = (
            "ask",
            "victims_recovered",
            "--evidence",
            "cases",
            "--as-at",
            day,
            "--format",
            "json",
        )
        live = json.loads(run(*words, home=home).stdout)["cells"]
        held = json.loads(run(*words, "--snapshot", tmp_path / "snap", home=home).stdout)["cells"]
        assert [(cell["value"], cell["low"], cell["high"]) for cell in live] == [
            (cell["value"], cell["low"], cell["high"]) for cell in held
        ]


def test_a_breakdown_has_bounds_cell_by_cell(operator, linked):
    question = ask(
        "victims_recovered",
        SECOND,
        by=["nationality"],
        evidence="cases",
        period="2017-01-01..2019-12-31",
    )
    found = answer_question(operator, question)
    assert all(
        cell.low <= cell.value <= cell.high for cell in found.cells if cell.value is not None
    )
    assert any(cell.low < cell.high for cell in found.cells)
    assert say("cases.linked") in found.notes


def test_combining_and_looking_are_logged_without_names(operator, linked):
    review_links(operator, SECOND, 3)
    actions = set(LogEntry.objects.values_list("action", flat=True))
    assert {"records combined", "records consulted"} <= actions
    names = identity.names_of(operator)
    held = {
        name
        for column in ("given_name", "family_name")
        for name in names[column].drop_nulls()
        if "Synthetic" not in name and name.upper() not in SENDERS.values()
    }
    text = " ".join(map(str, LogEntry.objects.values_list("detail", flat=True)))
    text += " ".join(map(str, LinkRun.objects.values_list("model", flat=True)))
    text += " ".join(LinkPair.objects.values_list("left", flat=True))
    text += " ".join(PersonLink.objects.values_list("record", flat=True))
    assert len(held) > 50
    assert not [name for name in held if re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE)]


def test_only_the_centre_links_looks_and_decides(linked):
    public = for_public("test")
    with pytest.raises(NotPermitted):
        link_records(public, UNDONE)
    with pytest.raises(NotPermitted):
        review_links(public, UNDONE)
    with pytest.raises(NotPermitted):
        decide_link(public, DecisionKind.MERGE, UNDONE, left="a:1", right="b:1", reason="no")
    with pytest.raises(NotPermitted):
        identity.names_of(public)


def test_a_decision_on_nobody_is_refused(operator, linked):
    with pytest.raises(UnknownName, match="is no record that was linked"):
        decide_link(
            operator, DecisionKind.MERGE, UNDONE, left="kent:0", right="HO:0", reason="nobody"
        )
    with pytest.raises(DarkfigureError, match="no decision D9999"):
        decide_link(operator, DecisionKind.UNDO, UNDONE, undoes=9999, reason="nothing")
    assert not LinkDecision.objects.filter(reason__in=("nobody", "nothing")).exists()


def test_the_database_holds_one_open_link_for_a_record(linked):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(n) FROM (SELECT count(*) n FROM person_link WHERE known_to IS NULL "
            "GROUP "
            "BY record) x"
        )
        assert cursor.fetchone()[0] == 1


def test_one_link_is_decided_once(operator, linked):
    """Two people say the same of one pair at the same moment, each as they saw it."""
    pair = LinkPair.objects.order_by("-weight").last()
    before = LinkDecision.objects.count()
    day = date(2019, 4, 1)

    def decide():
        given = {"left": pair.left, "right": pair.right, "reason": "SYNTHETIC"}
        return decide_link(operator, DecisionKind.SPLIT, day, **given)

    found = at_once(decide, decide)
    (refused,) = [each for each in found if isinstance(each, DarkfigureError)]
    assert str(refused)
    assert LinkDecision.objects.count() == before + 1


def test_what_is_grave_waits_for_another_person_and_can_be_undone(operator, linked):
    day = date(2019, 4, 20)
    link_ = LinkPair.objects.order_by("-probability").first()
    left, right = link_.left, link_.right
    assert link_.probability >= 0.99
    assert right in show_person(operator, left, day).decided
    before, made = figure(operator, day), LinkDecision.objects.count()
    done = decide_link(
        operator, DecisionKind.SPLIT, day, left=left, right=right, reason="SYNTHETIC"
    )
    assert (done.grave, done.changed) == (("parts_sure",), 0)
    assert LinkDecision.objects.count() == made
    assert right in show_person(operator, left, day).decided
    assert figure(operator, day) == before
    with pytest.raises(DarkfigureError, match="another person agrees"):
        agree_link(operator, done.waits, day)
    with pytest.raises(DarkfigureError, match="waits for another person"):
        decide_link(operator, DecisionKind.SPLIT, day, left=left, right=right, reason="again")
    assert [each.number for each in waiting_links(operator)] == [done.waits]
    made_now = agreed(done, day)
    assert right not in show_person(operator, left, day).decided
    assert waiting_links(operator) == []
    with pytest.raises(UnknownName):
        agree_link(operator, done.waits, day)
    undone = decide_link(
        operator, DecisionKind.UNDO, day, undoes=made_now.decision.id, reason="SYNTHETIC"
    )
    assert undone.waits is None
    assert right in show_person(operator, left, day).decided
    assert figure(operator, day) == before


def test_in_the_database_too_nobody_agrees_with_themselves(linked):
    given = {"kind": "merge", "left": "a:1", "right": "b:1", "reason": "x", "grave": ["x"]}
    made = LinkProposal.objects.create(proposed_by="account:1", **given)
    decision = LinkDecision.objects.order_by("id").first()
    for wrong in (
        {"agreed_by": "account:1", "agreed_at": timezone.now(), "decision": decision},
        {"agreed_by": "account:2", "agreed_at": timezone.now()},
        {"agreed_by": "account:2"},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            LinkProposal.objects.filter(pk=made.pk).update(**wrong)
    with pytest.raises(DatabaseError), transaction.atomic():
        LinkProposal.objects.filter(pk=made.pk).update(proposed_by="account:3")
    LinkProposal.objects.filter(pk=made.pk).update(
        withdrawn_by="account:1", withdrawn_at=timezone.now()
    )


def a_response_is_out(operator, day):
    drafted = draft_response(operator, [Wanted(asked(day))], Request(), day)
    register_response(operator, drafted, public=True, release_marked="Synthetic.")
    assert [part.answer.question.evidence for part in disclosures(operator)[0].parts] == ["cases"]


def a_release_is_out(operator, day):
    question = asked(day)
    minute = (timezone.now() - timedelta(hours=1)).astimezone(LONDON)
    plan = {
        **dict.fromkeys(("title", "summary", "publisher", "contact", "licence"), "SYNTHETIC"),
        "series": "recovered",
        "edition": "2019",
        "out": f"{minute:%Y-%m-%d %H:%M}",
        "tables": [
            {
                "code": "in-all",
                "title": "SYNTHETIC",
                "ask": question.measure.code,
                "evidence": "cases",
                "period": "2017-01-01..2019-12-31",
                "as_at": day.isoformat(),
            }
        ],
    }
    held = read_plan(json.dumps(plan), "plan.json")
    made = prepare_release(operator, held, day, release_marked="Synthetic.")
    other = replace(operator, who="operator:another")
    approve_release(other, made.name, made.release.content)
    publish_release(other, made.name)


@pytest.mark.parametrize("publish", [a_response_is_out, a_release_is_out])
def test_a_decision_that_changes_what_was_published_is_grave(operator, linked, publish):
    day = date(2019, 4, 21)
    publish(operator, day)
    left, right = next(
        (left, right)
        for left, right, _ in review_links(operator, day, 1000).pairs
        if "HO:" in {left[:3], right[:3]}
        if right not in show_person(operator, left, day).decided
    )
    given = {"left": left, "right": right, "reason": "SYNTHETIC"}
    done = decide_link(operator, DecisionKind.MERGE, day, **given)
    assert done.grave == ("changes_published",)
    withdraw_link(operator, done.waits)
    assert waiting_links(operator) == []
