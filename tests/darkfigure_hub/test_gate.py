"""The gate of the database, tried by raw SQL as the web's login: whoever can run a statement there
sees what their session may see, and no row more. All synthetic.
"""

from __future__ import annotations

import random
from contextlib import contextmanager, suppress
from datetime import date
from itertools import product

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from darkfigure.basis.marking import Marking
from darkfigure.publication import ask
from darkfigure_hub.access.roles import APPOINTED, BOUND, PERMISSIONS, Permission, Role
from darkfigure_hub.access.scopes import for_account
from darkfigure_hub.flows.enquire import Opening, open_enquiry
from darkfigure_hub.flows.explain_sight import explain_sight
from darkfigure_hub.flows.request_asked import Wanted
from darkfigure_hub.flows.respond import Request, draft_response, register_response
from darkfigure_hub.flows.submit import draft_submission
from darkfigure_hub.store import gate, roles
from darkfigure_hub.store.logins import SERVICE, parameters
from darkfigure_hub.store.models import Account, Appointment, Session, Wall
from darkfigure_hub.store.sessions import key_hash
from support import examples
from support_gate import asked, made_up, plant, session_of, unbound

QUESTION = ask("victims_recovered", date(2026, 3, 2))
AGENCIES = ("kent", "essex", "NCA")
MARKINGS = (Marking.PUBLIC, Marking.OFFICIAL, Marking.OFFICIAL_SENSITIVE)
#: Tables that anybody who is served reads, and why.
NOT_WALLED = {
    "account_emailaddress": "signing in",
    "account_emailconfirmation": "signing in",
    "auth_group": "empty: roles are appointments",
    "auth_group_permissions": "empty: roles are appointments",
    "auth_permission": "the library's",
    "django_content_type": "the library's",
    "django_migrations": "which tables there are",
    "mfa_authenticator": "signing in; secrets are locked",
    "store_account": "signing in",
    "store_boundidentity": "signing in; subjects are hashes",
    "store_agency": "a code list",
    "store_cellclosure": "carries no marking: who reads coverage",
    "store_estimate": "what is published, and the series",
    "store_givenanswer": "carries no marking: who reads coverage",
    "store_keptreading": "how files are read: names of columns",
    "store_origin": "numbers; spellings stand in identity",
    "store_originjoin": "numbers",
    "store_receivedfile": "hashes; bytes are walled, names stand in identity",
    "store_fleeting": "hashes of what was tried, and how often",
    "store_session": "keys are hashes, and sealed",
}


@pytest.fixture
def sessions(apart):
    """A session of each role for each agency and marking: its key by who it is of."""
    held = {}
    for role, agency, marking in product(APPOINTED, AGENCIES, MARKINGS):
        held[role, agency, marking], _ = session_of(
            f"{role}.{agency}.{marking}", role, agency, marking
        )
    return held


@pytest.fixture
def filled(sessions):
    """A row of every walled table behind a wall of each agency and marking, by number of wall."""
    walls = {}
    with roles.as_owner(), connection.cursor() as cursor:
        for agency, marking in product((*AGENCIES, ""), MARKINGS):
            cursor.execute("SELECT gate.wall_of(%s, %s, 0, 0)", [agency, marking])
            walls[cursor.fetchone()[0]] = (agency, marking)
        for table in gate.WALLED:
            cursor.execute(f"DELETE FROM {table}") if table.startswith("store_item") else None
        cursor.execute("SET session_replication_role = replica")  # rows without what they belong to
        for number, table in product(walls, gate.WALLED):
            cursor.execute(made_up(cursor, table), [number])
        cursor.execute("SET session_replication_role = origin")
    return walls


def may_see(role, own, sees, agency, marking):
    """By the policy, in words: what is public; what is marked no higher, of one's own agency or of
    all.
    """
    if marking == Marking.PUBLIC:
        return True
    reads = Permission.READ_FIGURES in PERMISSIONS[role] and marking <= sees
    return reads and (role not in BOUND or agency == own)


def test_each_role_sees_through_its_walls_and_no_other_by_brute_force(sessions, filled):
    for (role, own, sees), key in sessions.items():
        seen = {number for number, of in filled.items() if may_see(role, own, sees, *of)}
        with asked(key) as session:
            for table in gate.WALLED:
                found = session.execute(
                    f"SELECT DISTINCT wall FROM {table} WHERE wall = ANY(%s)", [list(filled)]
                )
                assert {wall for (wall,) in found} == seen, (role, own, sees, table)


def test_counts_plans_and_keys_tell_nothing_of_what_is_hidden(sessions, filled):
    hidden = {number for number, of in filled.items() if of == ("essex", Marking.OFFICIAL)}
    key = sessions[Role.REPORTING_OFFICER, "kent", Marking.OFFICIAL_SENSITIVE]
    with asked(key) as session:
        for table in gate.WALLED:
            for question in (
                "SELECT count(*) FROM {} WHERE wall = ANY(%s)",
                "SELECT coalesce(max(wall), 0) FROM {} WHERE wall = ANY(%s)",
                "SELECT count(*) FROM (SELECT 1 FROM {} WHERE wall = ANY(%s) OFFSET 0) AS x",
            ):
                assert session.execute(question.format(table), [list(hidden)]).fetchone() == (0,)


def nothing_but_public(session, filled):
    walls = session.execute("SELECT DISTINCT wall FROM store_return").fetchall()
    public = {number for number, of in filled.items() if of[1] == Marking.PUBLIC}
    return {wall for (wall,) in walls} & set(filled) <= public


@contextmanager
def unkept():
    """A stretch in which the owner changes what is entered once."""
    with roles.as_owner():
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
        yield
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = origin")


def test_who_is_nobody_sees_what_is_public(sessions, filled):
    analyst = sessions[Role.ANALYST, "NCA", Marking.OFFICIAL_SENSITIVE]
    with asked(analyst) as session:
        assert not nothing_but_public(session, filled)
    for key in ("", "guess", key_hash(analyst), analyst + " ", "key-of-nobody@example.org"):
        with asked(key) as session:
            assert nothing_but_public(session, filled)
    account = Session.objects.get(session_key=key_hash(analyst)).account
    changes = [
        lambda: Account.objects.filter(pk=account.pk).update(disabled_at=timezone.now()),
        lambda: Appointment.objects.filter(account=account).update(ended_at=timezone.now()),
        lambda: Appointment.objects.filter(account=account).update(
            approved_at=None, approved_by=""
        ),
        lambda: Session.objects.filter(account=account).update(expire_date=timezone.now()),
        lambda: Session.objects.filter(account=account).update(seal=""),
        lambda: Session.objects.filter(account=account).update(seal="0" * 64),
        lambda: Session.objects.filter(account=account).update(
            acting=Appointment.objects.filter(role="statistician").first()
        ),
    ]
    kept = Session.objects.get(account=account)
    for change in changes:
        with unkept():
            change()
        with asked(analyst) as session:
            assert nothing_but_public(session, filled)
        Account.objects.filter(pk=account.pk).update(disabled_at=None)
        with unkept():
            Appointment.objects.filter(account=account).update(
                ended_at=None, approved_by="b", approved_at=timezone.now()
            )
        kept.save(force_update=True)
        with asked(analyst) as session:
            assert not nothing_but_public(session, filled)


def test_a_scope_cannot_be_forged_or_taken_along(sessions, filled):
    analyst = sessions[Role.ANALYST, "NCA", Marking.OFFICIAL_SENSITIVE]
    with asked(analyst) as session:
        sealed = session.execute("SELECT current_setting('gate.scope')").fetchone()[0]
    officer = sessions[Role.REPORTING_OFFICER, "kent", Marking.OFFICIAL]
    with asked(officer) as session:
        own = session.execute("SELECT current_setting('gate.scope')").fetchone()[0]
        widened = own.replace("kent", "NCA").replace("reporting_officer", "analyst")
        for forged in (sealed, widened, own[:64] + sealed[64:], own[64:], "{}", "x" * 200):
            session.execute("SELECT set_config('gate.scope', %s, false)", [forged])
            assert nothing_but_public(session, filled)
        for statement in (
            "SELECT gate.mac('x')",
            "SELECT * FROM gate.key",
            "UPDATE gate.rule SET bound = false",
            "INSERT INTO gate.rule VALUES ('public', 'read_figures', false)",
            "CREATE OR REPLACE FUNCTION gate.walls() RETURNS int[] LANGUAGE sql AS 'SELECT NULL'",
            "ALTER TABLE store_return DISABLE ROW LEVEL SECURITY",
            "DROP POLICY seen ON store_return",
            "SET session_replication_role = replica",
            "SET SESSION AUTHORIZATION darkfigure_service",
            "SET row_security = off; SELECT * FROM store_return",
        ):
            with pytest.raises(psycopg.Error):
                session.execute(statement)


def test_nothing_is_entered_behind_anothers_wall(sessions, filled):
    supervisor = sessions[Role.AGENCY_SUPERVISOR, "kent", Marking.OFFICIAL]
    others = [n for n, of in filled.items() if of[0] == "essex" and of[1] == Marking.OFFICIAL]
    own = [n for n, of in filled.items() if of == ("kent", Marking.OFFICIAL)]
    with asked(supervisor) as session:
        row = "INSERT INTO store_statement (block_id, row, value, wall) VALUES (%s, 1, 1, %s)"
        session.execute(row, [-1, own[0]])
        for wall in others:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                session.execute(row, [-2, wall])
            changed = session.execute(
                "UPDATE store_statement SET value = 2 WHERE wall = %s", [wall]
            )
            assert changed.rowcount == 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute(
                "UPDATE store_statement SET wall = %s WHERE wall = %s", [others[0], own[0]]
            )
    for role in (Role.REPORTING_OFFICER, Role.ADMINISTRATOR, Role.AUDITOR, Role.GRADER):
        key = sessions[role, "kent", Marking.OFFICIAL]
        with asked(key) as session, pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute(row, [-3, own[0]])
    with asked() as session, pytest.raises(psycopg.errors.InsufficientPrivilege):
        session.execute(row, [-4, own[0]])


def test_nobody_gives_themselves_a_role(sessions):
    key = sessions[Role.AGENCY_ADMINISTRATOR, "kent", Marking.PUBLIC]
    me = Session.objects.get(session_key=key_hash(key)).account
    other = Account.objects.create(email="o@example.org", name="Bea Invented", made_by="test")
    row = (
        "INSERT INTO store_appointment (account_id, agency, role, marking, proposed_by, "
        "proposed_at, approved_by, approved_at, ended_by, ended_why) "
        "VALUES (%s, %s, 'grader', 2, %s, now(), %s, %s, '', '')"
    )
    now = timezone.now()
    with asked(key) as session:
        for given in (
            (me.pk, "kent", f"account:{me.pk}", "", None),
            (other.pk, "essex", f"account:{me.pk}", "", None),
            (other.pk, "kent", "account:0", "", None),
            (other.pk, "kent", f"account:{me.pk}", "account:0", now),
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                session.execute(row, given)
        session.execute(row, (other.pk, "kent", f"account:{me.pk}", "", None))
        for change in (
            "UPDATE store_appointment SET marking = 2 WHERE account_id = %s",
            "UPDATE store_appointment SET role = 'analyst' WHERE account_id = %s",
        ):
            assert session.execute(change, [me.pk]).rowcount == 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute(
                "UPDATE store_appointment SET approved_by = proposed_by, approved_at = now() "
                "WHERE account_id = %s",
                [other.pk],
            )


def test_every_table_is_walled_or_says_why_not(apart):
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        there = {name for (name,) in cursor.fetchall()}
        cursor.execute(
            "SELECT oid::regclass::text FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
        )
        walled = {name for (name,) in cursor.fetchall()}
    assert walled == {
        *gate.WALLED,
        *gate.CONDITIONS,
        "store_appointment",
        "store_outgoing",
        "store_token",
    }
    assert there - walled == set(NOT_WALLED), "a new table says who sees its rows"


#: Those that the functions of the gate alone write.
UNWRITTEN = {table for table, (_, writes) in gate.CONDITIONS.items() if writes is None}
BROKEN = [
    *(
        f"DROP POLICY {name} ON {table}"
        for table in (*gate.WALLED, *gate.CONDITIONS, "store_appointment", "store_token")
        for name in ("seen", "entered", "changed")
        if name == "seen" or table not in UNWRITTEN
        if name != "changed" or table not in gate.UNCHANGED
    ),
    *(f"DROP POLICY opened ON {table}" for table in gate.OPENED),
    *(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY" for table in gate.WALLED),
    *(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY" for table in gate.CONDITIONS),
    *(f"DROP TRIGGER take_wall ON {table}" for table in gate.TAKEN),
    "ALTER TABLE store_return DISABLE TRIGGER take_wall",
    "CREATE POLICY more ON store_return TO PUBLIC USING (true)",
    "ALTER POLICY seen ON store_return USING (true)",
    "GRANT EXECUTE ON FUNCTION gate.mac(text) TO darkfigure_web",
    "GRANT SELECT ON gate.key TO darkfigure_web",
    "GRANT DELETE ON store_return TO darkfigure_web",
    "CREATE OR REPLACE FUNCTION gate.is_bound() RETURNS boolean LANGUAGE sql AS 'SELECT false'",
]


def test_what_is_taken_from_the_gate_is_noticed(apart):
    assert roles.is_granted()
    with roles.as_owner():
        for broken in BROKEN:
            with connection.cursor() as cursor:
                cursor.execute("BEGIN")
                cursor.execute(broken)
                assert not roles.is_granted(), broken
                cursor.execute("ROLLBACK")
    assert roles.is_granted()


def test_the_commands_of_the_machine_are_not_walled(filled):
    given = parameters(roles.server(), SERVICE, connection.settings_dict["NAME"])
    with psycopg.connect(**given, autocommit=True) as session:
        found = session.execute("SELECT DISTINCT wall FROM store_statement").fetchall()
        assert set(filled) <= {wall for (wall,) in found}
    assert Wall.objects.filter(agency="kent").count() == len(MARKINGS)


def test_what_agencies_return_stands_behind_their_wall(sessions):
    key = sessions[Role.AGENCY_SUPERVISOR, "kent", Marking.OFFICIAL]
    with asked(key) as session:
        session.execute(
            "INSERT INTO store_receivedfile (sha256, name, size) VALUES ('s', 'synthetic.csv', 1)"
        )
        wall = session.execute(
            "INSERT INTO store_return (file_id, part, kind, received_at, received_by, agency, "
            "marking, rows, source) VALUES ('s', '', 'x', now(), 'a', 'essex', 1, 0, '') "
            "RETURNING wall"
        ).fetchone()[0]
    assert Wall.objects.get(pk=wall).agency == "kent"


#: Rows, and those they came in: the walls of both are one.
CAME_IN = {
    "store_block b JOIN store_return r ON r.id = b.of_id": "b.wall <> r.wall",
    "store_statement s JOIN store_block b ON b.id = s.block_id": "s.wall <> b.wall",
    **{
        f"{table} c JOIN store_return r ON r.id = c.return_id": "c.wall <> r.wall"
        for table in gate.CASES
    },
    "store_return r JOIN store_wall w ON w.id = r.wall": "r.marking <> w.marking",
    "store_return r LEFT JOIN store_wall w ON w.id = r.wall": "w.id IS NULL",
    "store_itemgrade g JOIN store_intelligenceitem i ON i.id = g.item_id": "g.wall <> i.wall",
    "store_itemlink l JOIN store_intelligenceitem i ON i.id = l.item_id": "l.wall <> i.wall",
    "store_askreply a JOIN store_ask k ON k.id = a.ask_id": "a.wall <> k.wall",
    "store_wall w": "gate.marking_of(w.id::int) <> w.marking",
}


@pytest.mark.django_db
def test_every_row_stands_behind_the_wall_of_what_it_came_in():
    """In a repository of figures, and of case records, which are marked once all were read."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM store_statement")
        assert cursor.fetchone()[0] > 1000
        cursor.execute("SELECT count(*) FROM case_person")
        assert cursor.fetchone()[0] > 100
        for joined, wrong in CAME_IN.items():
            cursor.execute(f"SELECT count(*) FROM {joined} WHERE {wrong}")
            assert cursor.fetchone() == (0,), joined


TABLES = {
    "return": "store_return",
    "submission": "store_submission",
    "response": "store_response",
    "enquiry": "store_enquiry",
}


@pytest.fixture
def things(sessions, operator):
    """Something of each kind that sight is explained of, of several agencies and markings."""
    made = []
    with roles.as_owner(), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for agency, marking in product(("kent", "NCA", ""), MARKINGS):
            cursor.execute("SELECT gate.wall_of(%s, %s, 0, 0)", [agency, marking])
            (wall,) = cursor.fetchone()
            cursor.execute(made_up(cursor, "store_return") + " RETURNING id", [wall])
            (number,) = cursor.fetchone()
            cursor.execute("UPDATE store_return SET marking = %s WHERE id = %s", [marking, number])
            made.append(("return", number))
        cursor.execute("SET session_replication_role = origin")
    for agency, marking in product(("kent", "NCA"), MARKINGS):
        officer = for_account("account:1", Role.REPORTING_OFFICER, agency, marking, "test")
        number = draft_submission(officer, "return", "s.csv", b"synthetic", marking=marking)
        made.append(("submission", number))
    for marking in MARKINGS:
        desk = for_account("account:1", Role.ANSWERS_DESK, "NCA", marking, "test")
        made.append(("enquiry", open_enquiry(desk, Opening(date(2026, 3, 2)))))
    for public in (True, False):
        drafted = draft_response(operator, [Wanted(QUESTION)], Request(), QUESTION.as_at)
        response = register_response(operator, drafted, public=public, release_marked="Synthetic.")
        made.append(("response", int(response.reference.rpartition("-")[2])))
    return made


def test_why_somebody_sees_a_thing_is_what_they_see(sessions, things, operator):
    """For every role, agency and marking, beside what the database shows to their session; of
    things as many as of the examples of a law.
    """
    wrong, drawn = [], random.Random(len(things))
    number = min(len(things), examples(len(things)))
    of_kent = {who: key for who, key in sessions.items() if who[1] == "kent" and who[2]}
    for (role, own, sees), key in of_kent.items():
        account = Session.objects.get(session_key=key_hash(key)).account_id
        with asked(key) as session:
            for kind, at in drawn.sample(things, number):
                found = session.execute(f"SELECT 1 FROM {TABLES[kind]} WHERE id = %s", [at])
                shown = found.fetchone() is not None
                _, (told,) = explain_sight(operator, account, kind, at)
                if told.sees != shown:
                    wrong.append((role, own, sees, kind, at, shown, told.reasons))
    assert wrong == []


def test_the_log_is_read_by_who_reads_the_log(sessions):
    """Others see its end alone, which the next entry is sealed to."""
    for (role, own, sees), key in sessions.items():
        with asked(key) as session:
            seen = session.execute("SELECT count(*) FROM store_logentry").fetchone()[0]
            sets = session.execute("SELECT count(*) FROM store_recordset").fetchone()[0]
            told = session.execute("SELECT count(*) FROM gate.about('enquiry', 1)").fetchone()[0]
            whole = session.execute("SELECT gate.entries_to(gate.last_entry())").fetchone()[0]
        if Permission.READ_LOG in PERMISSIONS[role]:
            assert seen == whole > 1, (role, own, sees)
        else:
            assert (seen, sets, told) == (1, 0, 0), (role, own, sees)


def test_rows_are_changed_by_who_may_and_sees_them(sessions, filled):
    """Of every walled table, for every role: the walls whose rows a change reaches, and behind
    which a row is entered as it comes by COPY.
    """
    of_kent = {
        role: key for (role, own, sees), key in sessions.items() if (own, sees) == ("kent", 2)
    }
    for role, key in of_kent.items():
        seen = {number for number, of in filled.items() if may_see(role, "kent", 2, *of)}
        with asked(key) as session:
            for table, writes in gate.WALLED.items():
                may = seen if PERMISSIONS[role] & set(map(Permission, writes)) else set()
                with session.transaction(force_rollback=True):
                    changed = session.execute(
                        f"UPDATE {table} SET wall = wall WHERE wall = ANY(%s) RETURNING wall",
                        [list(filled)],
                    )
                    assert {wall for (wall,) in changed} == may, (role, table)
                if table in gate.TAKEN:
                    continue
                row = made_up(session.cursor(), table)
                for wall in filled:
                    with (
                        session.transaction(force_rollback=True),
                        suppress(psycopg.errors.InsufficientPrivilege),
                    ):
                        session.execute(row, [wall])
                        assert wall in may, (role, table, wall)


def test_other_rows_are_changed_by_who_may_write_them_and_sees_them(sessions):
    """A row of every table with a condition of its own: who may not write it changes and removes
    nothing, who may no more than they see.
    """
    tables = {name: each[1] for name, each in gate.CONDITIONS.items() if name != "store_wall"}
    with roles.as_owner(), connection.cursor() as cursor:
        unbound(cursor, tables)
        for table in tables:
            for marking, agency in product((0, 2, 3), ("kent", "essex")):
                given = {"marking": str(marking), "agency": f"'{agency}'", "account_id": "1"}
                with suppress(DatabaseError), transaction.atomic():
                    plant(cursor, table, "x", **given)
    reached = set()
    for (role, own, sees), key in sessions.items():
        if own != "kent" or not sees:
            continue
        with asked(key) as session:
            for table, writes in tables.items():
                seen = set(session.execute(f"SELECT ctid::text FROM {table}"))
                named = set(map(Permission, writes or ()))
                may = writes == () or bool(PERMISSIONS[role] & named)
                column = next(iter(columns_of(session, table)))
                for deed in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):
                    with suppress(psycopg.Error), session.transaction(force_rollback=True):
                        changed = session.execute(deed).rowcount
                        assert changed <= (len(seen) if may else 0), (role, sees, deed)
                        reached |= {table} if changed else set()
    assert len(reached) > 8, reached


def columns_of(session, table):
    """The names of a table's columns, those of keys last."""
    found = session.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 "
        "AND NOT attisdropped ORDER BY attidentity <> '', attnum",
        [table],
    )
    return [f'"{name}"' for (name,) in found]
