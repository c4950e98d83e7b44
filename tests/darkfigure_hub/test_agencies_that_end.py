"""Agencies that merge, are divided or close: what becomes of every column that names one. All
synthetic.
"""

from __future__ import annotations

from datetime import date, timedelta

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from darkfigure.basis.errors import DarkfigureError
from darkfigure.basis.marking import Marking
from darkfigure.cases.records import KINDS
from darkfigure.publication import ask
from darkfigure_hub.access.roles import Role
from darkfigure_hub.access.scopes import for_account
from darkfigure_hub.flows.answer_question import answer_question
from darkfigure_hub.flows.appoint import Proposal, propose_appointment
from darkfigure_hub.flows.change_agencies import close_agency, merge_agencies, split_agency
from darkfigure_hub.flows.programs import Wanted, make_token
from darkfigure_hub.flows.set_requirements import load_set, put_asks
from darkfigure_hub.flows.submit import draft_submission
from darkfigure_hub.store.models import (
    Appointment,
    AskChange,
    InformationRequest,
    Outgoing,
    Submission,
    TakenBack,
    Token,
    Webhook,
)
from darkfigure_hub.store.queries.agency_changes import CASE_COLUMN, COLUMNS, GOES
from support_gate import asked, let_in_program, session_of

TODAY = timezone.localdate()
PLACE = {"question": "HT.6.4", "area": "Kent", "period": "2026 Q2"}


def test_every_column_that_names_an_agency_has_its_end(apart):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT CASE WHEN table_schema = 'identity' THEN 'identity.' ELSE '' END "
            "|| table_name || '.' || column_name FROM information_schema.columns "
            "WHERE table_schema IN ('public', 'identity') "
            "AND (column_name ~ '(agenc|keeper|stated_by$)' OR table_name || column_name = %s)",
            ["store_agencycode"],
        )
        there = {name for (name,) in cursor.fetchall()} - {"store_givenanswer.stated_by"}
    cases = {each for each in there if each.startswith("case_")}
    assert {f"case_{kind}.agency" for kind in KINDS} <= cases
    assert CASE_COLUMN.startswith("stays")
    assert there - cases == set(COLUMNS), "a new column says what becomes of it"


@pytest.fixture
def kents(apart, operator):
    """Something of Kent's in every column that goes over."""
    edition = load_set(operator, "human_trafficking").edition
    row = {**PLACE, "agency": "kent", "due": "2026-07-15", "gateway": "synthetic"}
    put_asks(operator, edition, [row], date(2026, 4, 1))
    key, account = session_of("kents", Role.AGENCY_SUPERVISOR, "kent", Marking.OFFICIAL_SENSITIVE)
    officer = for_account(f"account:{account}", Role.REPORTING_OFFICER, "kent", 2, "test")
    draft = draft_submission(officer, "return", "synthetic.csv", b"synthetic")
    until = TODAY + timedelta(days=9)
    wanted = Wanted("kent", "synthetic", ["figures"], Marking.OFFICIAL, until)
    token = make_token(operator, wanted)
    InformationRequest.objects.create(
        agency="kent", subject="s", urgency="u", reply_by=TODAY, asked_by="a", known_from=TODAY
    )
    Webhook.objects.create(
        agency="kent", address="https://e.org", events=["x"], locked="", made_by="a"
    )
    Outgoing.objects.create(kind="x", key="k", ticket="t", agency="kent", due_at=timezone.now())
    given = "INSERT INTO store_receivedfile (sha256, name, size) VALUES ('s', 'synthetic.csv', 1)"
    with asked(key) as session:
        session.execute(given)
        (held,) = session.execute(
            "INSERT INTO store_return (file_id, part, kind, received_at, received_by, agency, "
            "marking, rows, source) VALUES ('s', '', 'x', now(), 'a', 'kent', 1, 0, '') "
            "RETURNING id"
        ).fetchone()
    return {"key": key, "account": account, "draft": draft, "token": token, "return": held}


def seen_by(key, held):
    """What a session sees of it: its return, its draft."""
    with asked(key) as session:
        return [
            session.execute(f"SELECT 1 FROM {table} WHERE id = %s", [held[name]]).fetchone() == (1,)
            for table, name in (("store_return", "return"), ("store_submission", "draft"))
        ]


def state(agency):
    """How much in each column that goes over names an agency."""
    with connection.cursor() as cursor:
        found = {}
        for name in (each for each, what in COLUMNS.items() if what == GOES):
            table, _, column = name.partition(".")
            ends = ("store_appointment", "store_webhook", "store_outgoing")
            open_ones = " AND ended_at IS NULL" if table in ends else ""
            cursor.execute(f"SELECT count(*) FROM {table} WHERE {column} = %s{open_ones}", [agency])
            found[table] = cursor.fetchone()[0]
        return found


def test_what_merges_goes_over_and_figures_stay(kents, operator):
    question = ask("victims_recovered", TODAY - timedelta(days=1))
    before = answer_question(operator, question)
    others, _ = session_of("essexs", Role.AGENCY_SUPERVISOR, "essex", Marking.OFFICIAL_SENSITIVE)
    assert seen_by(kents["key"], kents) == [True, True]
    assert seen_by(others, kents) == [False, False]
    moved = merge_agencies(operator, ["kent"], "essex", TODAY, "SYNTHETIC order")["kent"]
    assert moved == {"roles": 1, "tokens": 1, "asks": 1, "requests": 1, "submissions": 1}
    assert not any(state("kent").values())
    assert all(number for table, number in state("essex").items() if table != "store_sentonce")
    assert seen_by(kents["key"], kents) == seen_by(others, kents) == [True, True]
    assert let_in_program(kents["token"].written)["agency"] == "essex"
    assert AskChange.objects.get().known_from == TODAY
    after = answer_question(operator, question)
    assert after.basis == before.basis
    assert [each.value for each in after.cells] == [each.value for each in before.cells]
    with pytest.raises(DarkfigureError, match="no more"):
        propose_appointment(operator, Proposal("n@example.org", "Bea", "kent", "reporting_officer"))
    with pytest.raises(DarkfigureError, match="before"):
        close_agency(operator, "kent", TODAY, "SYNTHETIC")


def test_of_what_is_divided_one_keeps_and_sees(kents, operator):
    keys = {
        agency: session_of(agency, Role.AGENCY_SUPERVISOR, agency, Marking.OFFICIAL_SENSITIVE)[0]
        for agency in ("essex", "sussex")
    }
    split_agency(operator, "kent", ["essex", "sussex"], "essex", TODAY, "SYNTHETIC order")
    assert seen_by(keys["essex"], kents) == [True, True]
    assert seen_by(keys["sussex"], kents) == [False, False]


def test_what_closes_ends(kents, operator):
    close_agency(operator, "kent", TODAY, "SYNTHETIC")
    assert seen_by(kents["key"], kents) == [False, False]
    assert let_in_program(kents["token"].written) is None
    assert Token.objects.get().revoked_at
    assert Webhook.objects.get().ended_why
    assert Outgoing.objects.get(key="k").outcome == "unwanted"
    assert not Appointment.objects.filter(agency="kent", ended_at=None).exists()
    assert Submission.objects.get(pk=kents["draft"]).discarded_at
    assert TakenBack.objects.get(kind="ask").known_from == TODAY
    assert InformationRequest.objects.get().known_to == TODAY
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM identity.draft")
        assert cursor.fetchone() == (0,)


CHANGE = "SELECT gate.change_agency(%s, %s, %s::text[], %s, %s, 'SYNTHETIC', 'x')"


def test_by_raw_sql_agencies_are_changed_by_who_may_and_never_ones_own(kents):
    chief, account = session_of("chief", Role.ADMINISTRATOR, "NCA", Marking.PUBLIC)
    merge = ("merge", "kent", ["essex"], "essex", TODAY)
    for role in (Role.AGENCY_ADMINISTRATOR, Role.AUDITOR, Role.ANALYST):
        key, _ = session_of(f"x{role}", role, "kent", Marking.OFFICIAL)
        with asked(key) as session:
            for statement, given in (
                (CHANGE, merge),
                (
                    "INSERT INTO store_agencychange (kind, agency, into_agencies, keeper, on_day, "
                    "why, changed_by, changed_at) VALUES (%s, %s, %s, %s, %s, '', '', now())",
                    merge,
                ),
            ):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    session.execute(statement, given)
    with asked(chief) as session:
        for wrong in (
            ("close", "NCA", [], "", TODAY),
            ("merge", "kent", ["essex"], "essex", TODAY + timedelta(1)),
            ("merge", "kent", ["kent"], "kent", TODAY),
            ("merge", "kent", ["essex"], "sussex", TODAY),
        ):
            with pytest.raises(psycopg.Error):
                session.execute(CHANGE, wrong)
        session.execute(CHANGE, merge)
        who = session.execute("SELECT changed_by FROM store_agencychange").fetchone()
        assert who == (f"account:{account}",)
