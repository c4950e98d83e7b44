"""What tests of the gate share: sessions of made-up people, the web's connection asked by hand."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta

import psycopg
from django.db import connection
from django.utils import timezone

from darkfigure_hub.access.sealing import seal_of
from darkfigure_hub.store import roles
from darkfigure_hub.store.logins import SERVICE, WEB, parameters
from darkfigure_hub.store.models import Account, Appointment, Session
from darkfigure_hub.store.postgres import entering
from darkfigure_hub.store.sessions import key_hash


def session_of(named, role, agency, marking, purpose=""):
    """A session of somebody new who acts so: its key, and the number of their account."""
    email = f"{named}@example.org".lower()
    account = Account.objects.create(email=email, name="Alex Invented", made_by="test")
    appointment = Appointment.objects.create(
        account=account,
        agency=agency,
        role=str(role),
        marking=marking,
        proposed_by="a",
        approved_by="b",
        approved_at=timezone.now(),
    )
    key = f"key-of-{email}"
    Session.objects.create(
        session_key=key_hash(key),
        session_data="",
        expire_date=timezone.now() + timedelta(hours=1),
        account=account,
        acting=appointment,
        seal=seal_of(key, account.pk),
        purpose=purpose,
    )
    return key, account.pk


@contextmanager
def asked(key=""):
    """The web's connection, let in as the session of a key."""
    given = parameters(roles.server(), WEB, connection.settings_dict["NAME"])
    with psycopg.connect(**given, autocommit=True) as session:
        session.execute("SELECT gate.enter(%s)", [key])
        yield session


def let_in_program(token):
    """What the web's connection is let in as by a token; nothing where it is nobody's."""
    given = parameters(roles.server(), WEB, connection.settings_dict["NAME"])
    with psycopg.connect(**given, autocommit=True) as session:
        return session.execute("SELECT gate.enter_program(%s)", [token]).fetchone()[0]


@contextmanager
def entered(key):
    """A stretch in which the process asks the database as the pages do, in the session of a key."""
    entering.log_in_as(WEB)
    before, connection.acting = connection.acting, WEB
    connection.close()
    try:
        with entering.answering(key):
            yield
    finally:
        connection.close()
        connection.acting = before
        entering.log_in_as(SERVICE)


def made_up(cursor, table):
    """A statement that enters a row of made-up values behind a wall."""
    cursor.execute(
        "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute a "
        "WHERE attrelid = %s::regclass AND attnum > 0 AND attnotnull AND attidentity = '' "
        "AND attname <> 'wall' AND NOT attisdropped",
        [table],
    )
    columns = cursor.fetchall()
    values = {
        "date": "'2026-01-01'",
        "boolean": "true",
        "timestamp with time zone": "now()",
        "double precision": "1",
        "jsonb": "'{}'",
        "daterange": "'[2026-01-01,)'",
    }
    made = []
    for name, kind in columns:
        if kind in values:
            made.append(values[kind])
        elif kind.endswith("[]"):
            made.append("'{}'")
        elif kind in ("bigint", "integer", "smallint"):
            made.append("(random() * 1000000)::int" if kind != "smallint" else "1")
        else:
            room = int(kind.partition("(")[2].rstrip(")") or 9)
            made.append("'figure'" if name == "role" else f"left(gen_random_uuid()::text, {room})")
    extra = {"store_statement": (["value"], ["1"])}.get(table, ([], []))
    names = ", ".join(f'"{each}"' for each in ["wall", *(name for name, _ in columns), *extra[0]])
    return f"INSERT INTO {table} ({names}) VALUES ({', '.join(['%s', *made, *extra[1]])})"


#: What a row says of whom it is hidden from.
SAID = {
    "marking": "3",
    "public": "false",
    "below": "2000000000",
    "kind": "'report'",
    "target": "'0'",
    "letters": "'2CP'",
}
SIMPLE = {
    "date": "'2026-01-01'",
    "boolean": "true",
    "timestamp with time zone": "now()",
    "double precision": "1",
    "jsonb": "'{}'",
    "daterange": "'[2026-01-01,)'",
    "bytea": "''",
}


#: Numbers that stand in a row where they may be left out.
NUMBERS = {"item_id", "ask_id", "block_id", "of_id", "return_id", "value"}


def unbound(cursor, tables):
    """Take away what rows are checked for: those that are planted need only be hidden."""
    cursor.execute(
        "SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I CASCADE', conrelid::regclass, conname) "
        "FROM pg_constraint WHERE contype IN ('c', 'u', 'x', 'f') "
        "AND conrelid = ANY(%s::regclass[])",
        [sorted(tables)],
    )
    for (statement,) in cursor.fetchall():
        cursor.execute(statement)


def plant(cursor, table, word, **given):
    """Enter a row whose every text is a word that is to be seen nowhere. Gives its number."""
    cursor.execute(
        "SELECT attname, format_type(atttypid, atttypmod), attnotnull FROM pg_attribute "
        "WHERE attrelid = %s::regclass AND attnum > 0 AND attidentity = '' AND NOT attisdropped",
        [table],
    )
    row = {}
    for name, kind, needed in cursor.fetchall():
        if name in given or name in SAID:
            row[name] = given.get(name, SAID.get(name))
        elif kind.startswith(("character", "text")):
            room = int(kind.partition("(")[2].rstrip("[])") or 40)
            text = f"'{f'{word}{name}'[:room]}'"
            row[name] = f"ARRAY[{text}]" if kind.endswith("[]") else text
        elif needed or name in NUMBERS:
            row[name] = SIMPLE.get(kind, "'{}'" if kind.endswith("[]") else "1")
    names = ", ".join(f'"{each}"' for each in row)
    known = "id" if table in KEYED else "0"
    values = ", ".join(row.values())
    cursor.execute(f"INSERT INTO {table} ({names}) VALUES ({values}) RETURNING {known}")
    return cursor.fetchone()[0]


#: Those of which there are pages by number.
KEYED = ("store_return", "store_submission", "store_response", "store_enquiry")
