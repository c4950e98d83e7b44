"""Names stand behind a wall: no login but one reads them, and no login can become another. All
synthetic.
"""

from __future__ import annotations

import io
import json
import logging
import zlib
from datetime import date

import psycopg
import pyarrow as pa
import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from darkfigure.basis.errors import NotPermitted, ReturnRefused
from darkfigure.cases.records import FORM
from darkfigure.publication import ask
from darkfigure_hub.access import for_public
from darkfigure_hub.flows.answer_question import answer_question
from darkfigure_hub.flows.open_source import open_source
from darkfigure_hub.flows.receive_return import receive_return
from darkfigure_hub.flows.request_asked import Wanted
from darkfigure_hub.flows.respond import Request, draft_response, register_response
from darkfigure_hub.flows.show_file_names import show_file_names
from darkfigure_hub.flows.show_responses import show_response
from darkfigure_hub.store.logins import IDENTITY, OWNER, SERVICE, WEB, parameters
from darkfigure_hub.store.models import LogEntry
from darkfigure_hub.store.queries import identity
from darkfigure_hub.store.roles import is_granted, server
from support import examples

TODAY = date(2026, 11, 23)
LOGINS = (SERVICE, WEB, IDENTITY)


def returned(folder, name="return.json", **records):
    path = folder / name
    head = {"form": FORM, "reported_by": "surrey", "stated_on": "2010-03-01", "synthetic": True}
    path.write_text(json.dumps({**head, "records": records}), encoding="utf-8")
    return path


def as_login(role):
    """A connection of its own to the database under test."""
    given = parameters(server(), role, connection.settings_dict["NAME"])
    return psycopg.connect(**given, autocommit=True)


@pytest.mark.parametrize("role", LOGINS)
@pytest.mark.parametrize("becomes", [*LOGINS, "postgres"])
@pytest.mark.parametrize("how", ["SET ROLE {}", "SET SESSION AUTHORIZATION {}"])
def test_a_login_becomes_no_other(apart, role, becomes, how):
    with as_login(role) as session:
        session.execute("RESET ROLE")
        assert session.execute("SELECT session_user, current_user").fetchone() == (role, role)
        if becomes != role:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                session.execute(how.format(becomes))


@pytest.mark.parametrize("role", LOGINS)
def test_a_login_has_no_power_and_is_member_of_nothing(apart, role):
    with as_login(role) as session:
        powers = session.execute(
            "SELECT rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls "
            "FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        # The service is not walled: so it copies rows straight into tables that are.
        assert powers == (*(False,) * 5, role == "darkfigure_service")
        member = session.execute(
            "SELECT count(*) FROM pg_auth_members WHERE member = current_user::regrole"
        )
        assert member.fetchone() == (0,)


#: What nobody but the owner may do.
CHANGES = [
    "ALTER TABLE {} ADD COLUMN more text",
    "DROP TABLE {}",
    "TRUNCATE {} CASCADE",
    "DELETE FROM {}",
    "ALTER TABLE {} DISABLE TRIGGER ALL",
    "CREATE RULE silent AS ON INSERT TO {} DO INSTEAD NOTHING",
]


@pytest.mark.parametrize("role", LOGINS)
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("table", ["identity.person", "identity.file_piece", "store_return"])
def test_a_login_changes_no_table(apart, role, change, table):
    with as_login(role) as session, pytest.raises(psycopg.Error) as refused:
        session.execute(change.format(table))
    kinds = psycopg.errors.InsufficientPrivilege, psycopg.errors.WrongObjectType
    assert isinstance(refused.value, kinds)


@pytest.mark.parametrize(
    "reading",
    [
        "SELECT * FROM identity.{}",
        "COPY identity.{} TO STDOUT",
        "TABLE identity.{} FOR UPDATE",
        "UPDATE identity.{} SET {} = {} RETURNING *",
        "INSERT INTO identity.{} DEFAULT VALUES RETURNING *",
    ],
)
@pytest.mark.parametrize("table", ["person", "file_piece"])
def test_the_service_adds_names_and_reads_none(apart, reading, table):
    column = {"person": "given_name", "file_piece": "packed"}[table]
    statement = reading.format(*([table] if reading.count("{}") == 1 else [table, column, column]))
    with as_login(SERVICE) as session:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute(statement)
        added = session.execute(
            "INSERT INTO identity.person (person, agency, known_from, return_id) "
            "VALUES ('kent:0', 'kent', '2026-01-01', 0)"
        )
        assert added.rowcount == 1


def test_identity_reads_names_and_writes_nothing(apart):
    with as_login(IDENTITY) as session:
        assert session.execute("SELECT count(*) FROM identity.person").fetchone()[0] > 0
        for statement in (
            "INSERT INTO identity.person (person, agency, known_from, return_id) "
            "VALUES ('kent:0', 'kent', '2026-01-01', 0)",
            "UPDATE identity.person SET given_name = ''",
            "INSERT INTO store_agency (code) VALUES ('x')",
            "SELECT * FROM store_return",
            "SELECT * FROM store_logentry",
            "CREATE TABLE public.mine (id int)",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                session.execute(statement)


def test_rights_that_were_lost_or_given_are_seen(apart):
    """As after a restore without roles, or a hand that meant well."""
    assert is_granted()
    with as_login(OWNER) as owner:
        for change in (
            f"GRANT TRUNCATE ON store_return TO {SERVICE}",
            f"REVOKE INSERT ON identity.person FROM {SERVICE}",
            f"GRANT SELECT ON identity.person TO {SERVICE}",
            f"GRANT UPDATE ON store_logentry TO {SERVICE}",
            f"GRANT INSERT ON store_return TO {IDENTITY}",
        ):
            with owner.transaction(force_rollback=True):
                owner.execute(change)
                assert not owner.execute(identity_granted()).fetchone()[0], change


def identity_granted():
    from darkfigure_hub.store.roles import GRANTED

    return GRANTED


def test_names_and_rows_are_kept_both_or_neither(apart, operator, tmp_path, monkeypatch):
    """What fails after the names were copied takes them with it."""
    from darkfigure_hub.store.queries.case_records import CaseWriter

    def counted():
        with as_login(IDENTITY) as session:
            told = "SELECT (SELECT count(*) FROM identity.person), (SELECT count(*) FROM {})"
            return session.execute(told.format("identity.file_piece")).fetchone()

    before = counted()
    path = returned(tmp_path, person=[{"record": "V1", "given_name": "Synthetica"}])
    with monkeypatch.context() as patched:
        patched.setattr(CaseWriter, "finish", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            receive_return(operator, path)
    assert counted() == before
    receive_return(operator, path)
    assert counted() == (before[0] + 1, before[1] + 1)


#: Names planted in a return; none of them may be found anywhere but in the identity schema.
PLANTED = ["Plantedgiven", "Plantedfamily", "1971-11-23", "PLANTEDDOC77"]


def test_names_are_found_nowhere_but_in_the_identity_schema(apart, operator, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    person = {
        "record": "V77",
        "sex": "female",
        "birth_year": 1971,
        "given_name": PLANTED[0],
        "family_name": PLANTED[1],
        "date_of_birth": PLANTED[2],
        "document_number": PLANTED[3],
    }
    recovery = {"record": "R77", "person": "V77", "date": "2010-02-01", "operation": "Pentameter 2"}
    path = returned(tmp_path, person=[person], recovery=[recovery])
    received = receive_return(operator, path).returns[0]
    found = answer_question(
        operator,
        ask("victims_recovered", TODAY, where=["operation=Pentameter 2"], evidence="cases"),
    )
    opened = open_source(operator, found.cells[0].id)
    texts = [repr(opened), repr(found), caplog.text, *_every_row(), *_log()]
    assert "V77" not in "".join(_every_row()), "not even the agency's reference of a person"
    for name in PLANTED:
        assert not any(name in text for text in texts), name
    kept = b"".join(identity.pieces(operator, received.id)).decode()
    assert all(name in kept for name in PLANTED)
    assert list(identity.pieces(for_public("test"), received.id)) == []
    bad = returned(
        tmp_path, "bad.json", person=[{**person, "record": "V78", "sex": "Plantedfamily-9"}]
    )
    with pytest.raises(ReturnRefused) as refused:
        receive_return(operator, bad)
    assert "Plantedgiven" not in " ".join(map(str, refused.value.problems))


def test_what_a_file_was_called_is_kept_apart_and_shown_on_record(apart, operator, tmp_path):
    path = returned(
        tmp_path,
        "Plantedalba Madeup 1971.json",
        recovery=[{"record": "R1", "person": "V1", "date": "2010-02-01"}],
    )
    number = receive_return(operator, path).returns[0].id
    assert not any("Plantedalba" in row for row in [*_every_row(), *_log()])
    assert show_file_names(operator)[number] == path.name
    assert LogEntry.objects.filter(action="file names shown").count() == 1
    assert not any("Plantedalba" in row for row in [*_every_row(), *_log()])
    with pytest.raises(NotPermitted):
        show_file_names(for_public("test"))


def test_the_words_of_a_request_are_kept_apart_and_shown_on_record(apart, operator):
    question = ask("victims_recovered", date(2020, 1, 31))
    drafted = draft_response(operator, [Wanted(question)], Request(), date(2020, 2, 1))
    words = "How many, asks Plantedalba Madeup"
    made = register_response(operator, drafted, public=True, text=words)
    assert show_response(operator, made.reference).text == ""
    assert not any("Plantedalba" in row for row in [*_every_row(), *_log()])
    assert show_response(operator, made.reference, words_too=True).text == words
    assert LogEntry.objects.filter(action="request read").count() == 1
    assert not any("Plantedalba" in row for row in [*_every_row(), *_log()])


def _every_row():
    """Every row of every table outside the identity schema, as text; packed bytes unpacked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_schema, table_name FROM information_schema.tables WHERE table_type = "
            "'BASE TABLE' "
            "AND table_schema NOT IN ('pg_catalog', 'information_schema', 'identity')"
        )
        for schema, table in cursor.fetchall():
            if table == "store_filepiece":
                cursor.execute("SELECT size, packed FROM store_filepiece")
                for size, packed in cursor.fetchall():
                    yield pa.decompress(
                        bytes(packed), decompressed_size=size, codec="zstd", asbytes=True
                    ).decode("latin-1")
                continue
            if table == "store_keptanswer":
                cursor.execute("SELECT content FROM store_keptanswer WHERE content IS NOT NULL")
                yield from (zlib.decompress(row[0]).decode() for row in cursor.fetchall())
            text = io.BytesIO()
            with cursor.copy(f'COPY "{schema}"."{table}" TO STDOUT (FORMAT csv)') as copy:
                for piece in copy:
                    text.write(piece)
            yield text.getvalue().decode()


def _log():
    return [json.dumps(entry.detail) for entry in LogEntry.objects.all()]


@pytest.mark.django_db
@given(st.text("aZ \u00c9\u00f1\u0141\u00d8\u0111\u015e'\u2019\u02bc`-e\u0301", max_size=12))
@settings(max_examples=examples(40), suppress_health_check=list(HealthCheck))
def test_a_name_is_looked_for_as_it_is_held(text):
    """By the program and by the database alike, however it is written."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {identity._LOOKED_FOR.format('%s::text')}", [text])
        assert cursor.fetchone() == (identity.as_looked_for(text),)


def test_signs_and_letters_without_an_accent_to_take_are_plain():
    assert identity.as_looked_for("\u0141ucja O\u2019B\u00f8rn-\u0110") == "lucja o'born d"
