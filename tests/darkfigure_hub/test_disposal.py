"""What is held is reviewed when it falls due, kept for a reason, or disposed of by two persons:
what was published stays, the log keeps its chain, figures say that records are gone. All synthetic.
"""

from __future__ import annotations

import json
from datetime import date, timedelta

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from darkfigure.basis.errors import DarkfigureError, NotPermitted, UnknownName
from darkfigure.basis.marking import Marking
from darkfigure.cases.records import FORM, KINDS
from darkfigure.publication import ask
from darkfigure.publication.retention import classes, review_day
from darkfigure_hub.access import for_operator, verify
from darkfigure_hub.access.roles import Role
from darkfigure_hub.flows.answer_question import answer_question
from darkfigure_hub.flows.dispose import (
    carry_out_disposal,
    end_hold,
    hold_thing,
    propose_disposal,
    show_review,
    withdraw_disposal,
)
from darkfigure_hub.flows.file_report import submit_report
from darkfigure_hub.flows.receive_return import receive_return
from darkfigure_hub.flows.request_asked import Wanted
from darkfigure_hub.flows.respond import Request, draft_response, register_response
from darkfigure_hub.flows.set_requirements import load_set
from darkfigure_hub.flows.show_responses import disclosures
from darkfigure_hub.store.models import Disposal, IntelligenceReport, LogEntry, PersonLink, Return
from darkfigure_hub.store.roles import as_owner
from support import logged_in, run
from support_gate import asked, session_of
from support_reporting import file_of, report

TODAY = timezone.localdate()
WHY = "no longer needed for any purpose"


def cases(folder, name, stated_on, *references):
    """A return of persons, each with a name, as Kent states it on a day."""
    people = [
        {"record": each, "sex": "female", "given_name": "Synthetic", "family_name": f"Needle{each}"}
        for each in references
    ]
    head = {"form": FORM, "reported_by": "kent", "stated_on": stated_on, "synthetic": True}
    path = folder / f"{name}.json"
    path.write_text(json.dumps({**head, "records": {"person": people}}))
    return path


@pytest.fixture
def other():
    """Another operator at the machine."""
    return for_operator("second", "test")


@pytest.fixture
def old(apart, operator, tmp_path):
    """A return of old, and one of now that names one of its persons again."""
    first = receive_return(
        operator, cases(tmp_path, "old", "2012-03-01", "N-1", "N-2"), marking=Marking.OFFICIAL
    )
    later = receive_return(operator, cases(tmp_path, "alone", "2013-03-01", "N-3"))
    return first.returns[0].id, later.returns[0].id


def names_left(return_id):
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM identity.person WHERE return_id = %s", [return_id])
        people = cursor.fetchone()[0]
        cursor.execute(
            "SELECT count(*) FROM identity.file_piece WHERE file_id = "
            "(SELECT file_id FROM store_return WHERE id = %s)",
            [return_id],
        )
        return people, cursor.fetchone()[0]


def test_one_proposes_another_carries_out_and_the_proof_says_nothing_of_what_it_was(
    old, operator, other
):
    number = old[0]
    assert ("return", number) in {
        (each.kind, each.number) for each in show_review(operator, TODAY).overdue
    }
    assert names_left(number) == (2, 1)
    made = propose_disposal(operator, "return", number, WHY)
    with pytest.raises(DarkfigureError, match="Another than who proposed"):
        carry_out_disposal(operator, made)
    assert names_left(number) == (2, 1)
    done = carry_out_disposal(other, made)
    assert names_left(number) == (0, 0)
    assert names_left(old[1]) == (1, 1)
    assert done.gone["names"] == done.gone["case_person"] == 2
    held = Return.objects.get(pk=number)
    assert (held.disposed_on, held.rows, done.sha256) == (TODAY, 2, held.file_id)
    assert verify().fault is None
    entry = LogEntry.objects.get(action="disposal carried out")
    assert entry.detail["return"] == number
    for said in (repr(done), json.dumps(entry.detail)):
        assert "Needle" not in said
        assert "N-1" not in said
    with pytest.raises(UnknownName):
        carry_out_disposal(other, made)
    with pytest.raises(UnknownName):
        propose_disposal(operator, "return", number, WHY)


def test_who_comes_to_notice_again_is_not_forgotten(old, operator, tmp_path):
    """The clock of a return starts anew with a later record of any person in it."""
    receive_return(operator, cases(tmp_path, "again", TODAY.isoformat(), "N-2"))
    due = {each.number for each in show_review(operator, TODAY).overdue if each.kind == "return"}
    assert old[0] not in due
    assert old[1] in due
    with pytest.raises(DarkfigureError, match="is reviewed on"):
        propose_disposal(operator, "return", old[0], WHY)


def test_what_is_held_is_not_disposed_of(old, operator, other):
    number = old[0]
    made = propose_disposal(operator, "return", number, WHY)
    held = hold_thing(operator, "return", number, "inquiry", "an inquiry may ask for it", None)
    with pytest.raises(DarkfigureError, match="is kept"):
        carry_out_disposal(other, made)
    assert names_left(number) == (2, 1)
    end_hold(operator, held, "the inquiry reported")
    withdraw_disposal(operator, made)
    with pytest.raises(UnknownName):
        carry_out_disposal(other, made)
    tomorrow = TODAY + timedelta(days=1)
    hold_thing(operator, "return", number, "retained", "persons still come to notice", tomorrow)
    assert number not in {each.number for each in show_review(operator, TODAY).overdue}
    assert number in {each.number for each in show_review(operator, tomorrow).overdue}
    with pytest.raises(DarkfigureError, match="Say until when"):
        hold_thing(operator, "return", number, "retained", "no day is given", None)
    with pytest.raises(DarkfigureError, match="Say why"):
        propose_disposal(operator, "return", number, "no")


def test_of_a_report_go_its_words_and_what_origins_are_called_that_nothing_else_names(
    apart, operator, other, tmp_path
):
    load_set(operator, "human_trafficking")
    for reference, origin, day in (("SYN-1", "one", 2), ("SYN-2", "both", 2), ("SYN-3", "both", 3)):
        said = {**report(reference, origin=origin), "submitted_on": f"2026-06-0{day}"}
        submit_report(operator, file_of(tmp_path, said, f"{reference}.json"))
    called = "SELECT count(*) FROM identity.origin_spelling"
    for reference, left in (("SYN-1", 1), ("SYN-2", 1), ("SYN-3", 0)):
        held = IntelligenceReport.objects.get(reference=reference)
        made = Disposal.objects.create(
            kind="report", target=held.pk, under="x", due=TODAY, why=WHY, proposed_by=operator.who
        )
        done = carry_out_disposal(other, made.pk)
        held.refresh_from_db()
        assert (held.disposed_on, done.gone["pieces"]) == (TODAY, 1)
        with as_owner(), connection.cursor() as cursor:
            cursor.execute(called)
            assert cursor.fetchone() == (left,)
            cursor.execute(
                "SELECT count(*) FROM store_filepiece WHERE file_id = %s", [held.file_id]
            )
            assert cursor.fetchone() == (0,)
            cursor.execute(
                "SELECT count(*) FROM store_itemgrade g JOIN store_intelligenceitem i "
                "ON i.id = g.item_id WHERE i.of_id = %s",
                [held.pk],
            )
            assert cursor.fetchone() == (1,)


def test_figures_of_before_say_that_records_are_gone_and_answers_given_stay(apart, operator, other):
    question = ask("victims_recovered", TODAY, evidence="cases")
    before = answer_question(operator, question)
    stated = ask("victims_recovered", date(2010, 1, 1), period="2006")
    stood = answer_question(operator, stated)
    returns = [
        each for each in show_review(operator, date(2100, 1, 1)).overdue if each.kind == "return"
    ]
    Disposal.objects.bulk_create(
        Disposal(
            kind="return",
            target=each.number,
            under="case_records",
            due=TODAY,
            why=WHY,
            proposed_by=operator.who,
        )
        for each in returns
    )
    for each in Disposal.objects.all():
        carry_out_disposal(other, each.pk)
    after = answer_question(operator, question)
    assert any("disposed of" in str(note) for note in after.notes)
    assert not any("disposed of" in str(note) for note in before.notes)
    assert after.id != before.id
    assert sum(cell.value or 0 for cell in before.cells) > 0
    assert sum(cell.value or 0 for cell in after.cells) == 0
    with connection.cursor() as cursor:
        for kind in KINDS:
            cursor.execute(f"SELECT count(*) FROM case_{kind}")
            assert cursor.fetchone() == (0,)
    assert not PersonLink.objects.exists()
    assert verify().fault is None
    assert answer_question(operator, stated).basis == stood.basis


def test_of_a_response_words_go_and_what_was_published_stays(apart, operator, other):
    question = ask("victims_recovered", date(2010, 1, 1), period="2006")
    went = Request(sent_on=date(2012, 6, 2))
    drafted = draft_response(operator, [Wanted(question)], went, TODAY)
    words = "SYNTHETIC words of a request"
    register_response(operator, drafted, public=True, text=words, release_marked="Synthetic.")
    said = disclosures(operator)

    def texts():
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM identity.request_text")
            return cursor.fetchone()[0]

    assert texts() == 1
    number = next(e.number for e in show_review(operator, TODAY).overdue if e.kind == "response")
    made = propose_disposal(operator, "response", number, WHY)
    assert carry_out_disposal(other, made).gone == {"requests": 1, "addresses": 0}
    assert texts() == 0
    assert disclosures(operator) == said
    assert verify().fault is None


PROPOSED = (
    "INSERT INTO store_disposal (kind, target, under, due, why, sha256, proposed_by, proposed_at, "
    "withdrawn_by, carried_out_by) VALUES ('return', %s, 'x', now(), %s, '', %s, now(), '', '') "
    "RETURNING id"
)
CARRIED = "SELECT gate.carry_out_disposal(%s, 'another')"


def test_by_raw_sql_two_persons_dispose_and_nobody_else(old):
    number = old[0]
    first, account = session_of("first", Role.ADMINISTRATOR, "NCA", Marking.OFFICIAL_SENSITIVE)
    second, _ = session_of("second", Role.ADMINISTRATOR, "NCA", Marking.OFFICIAL_SENSITIVE)
    low, third = session_of("low", Role.ADMINISTRATOR, "NCA", Marking.PUBLIC)
    who = f"account:{account}"
    with asked(low) as session, pytest.raises(psycopg.errors.InsufficientPrivilege):
        session.execute(PROPOSED, [number, WHY, f"account:{third}"])
    with asked(first) as session:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute(PROPOSED, [number, WHY, "account:0"])  # in another's name
        (made,) = session.execute(PROPOSED, [number, WHY, who]).fetchone()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute(CARRIED, [made])
        for changed in (
            "UPDATE store_disposal SET carried_out_by = 'x', carried_out_at = now()",
            "UPDATE store_disposal SET proposed_by = 'x'",
            "DELETE FROM identity.person",
            "SELECT gate.dispose_of_return(1)",
        ):
            with pytest.raises(psycopg.Error):
                session.execute(changed)
    for role in (Role.ANALYST, Role.AUDITOR, Role.AGENCY_ADMINISTRATOR, Role.GRADER):
        key, _ = session_of(f"x{role}", role, "kent", Marking.OFFICIAL_SENSITIVE)
        with asked(key) as session, pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute(CARRIED, [made])
    assert names_left(number) == (2, 1)
    with asked(second) as session:
        session.execute(CARRIED, [made])
    assert names_left(number) == (0, 0)


def test_who_may_not_is_refused():
    from darkfigure_hub.access import for_public

    for flow, given in ((show_review, [TODAY]), (carry_out_disposal, [1])):
        with pytest.raises(NotPermitted):
            flow(for_public("test"), *given)


@pytest.mark.parametrize("rule", classes(), ids=lambda each: each.name)
def test_a_class_says_its_basis_and_is_the_houses_own_choice(rule):
    assert rule.basis
    assert rule.years > 0
    assert rule.choice
    for last in (date(2020, 2, 29), date(2020, 1, 1), date(2021, 12, 31)):
        _, due = review_day(rule.of, last)
        assert due > last
        assert due.year - last.year == rule.years
        assert due.month - last.month in (0, 1)


def test_at_the_machine_another_carries_out(home, tmp_path):
    run("load", cases(tmp_path, "old", "2012-03-01", "N-1"), home=home)
    assert "return 1" in run("disposal", "list", home=home).stdout
    said = run("disposal", "propose", "return", "1", "--reason", WHY, home=home).stdout
    assert "DISPOSAL-1" in said
    done = run("disposal", "carry-out", "1", home=home, check=False)
    assert (done.returncode, "Another than" in done.stderr) == (2, True)
    with logged_in(home, autocommit=True) as owner:
        owner.execute("ALTER TABLE store_disposal DISABLE TRIGGER USER")
        owner.execute("UPDATE store_disposal SET proposed_by = 'operator:another'")
        owner.execute("ALTER TABLE store_disposal ENABLE TRIGGER USER")
    assert "is gone" in run("disposal", "carry-out", "1", home=home).stdout
    told = json.loads(run("disposal", "list", "--format", "json", home=home).stdout)
    assert [each["state"] for each in told["disposals"]] == ["carried out"]
