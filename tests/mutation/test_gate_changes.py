"""Whatever is changed in the gate of the database is noticed: each policy, condition, check,
trigger and right, changed by way of trial in one transaction, in which a statement by raw SQL must
come to something else than `support_writes` and `support_situations` say. A sample is drawn for
every change of the program; `make test-long` tries all.
"""

from __future__ import annotations

import os
import re
import tomllib
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from darkfigure_hub.store import roles
from darkfigure_hub.store.logins import WEB
from support import database_apart
from support_changes import changes
from support_raw_sql import Matrix
from support_writes import READERS

#: How many are drawn, and by what: another day draws others. Or all that are called like a pattern.
LIKE = os.environ.get("LIKE", "")
DRAWN, SEED = int(os.environ.get("DRAWN", "12")), os.environ.get("SEED", "2026-11-26")
EQUIVALENT = Path(__file__).with_name("gate_equivalent.toml")
pytestmark = pytest.mark.xdist_group("gate_changes")


@pytest.fixture(scope="module")
def matrix(django_db_setup, django_db_blocker):
    """Every statement, on a database of its own that a change is made to and taken from again."""
    with database_apart(django_db_blocker), django_db_blocker.unblock():
        made = Matrix()
        with roles.as_owner():
            connection.ensure_connection()
            yield made


def explained():
    """What the changes are called that change nothing: a pattern for each reason."""
    held = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8"))["change"]
    assert all(each["because"] for each in held)
    return [re.compile(each["like"]) for each in held]


def noticed(matrix, change):
    """The first statement that comes to something else once the gate is changed so; nothing where
    none does.
    """
    execute = connection.connection.execute
    execute("BEGIN")
    try:
        try:
            for each in change.statements:
                execute(each)
        except psycopg.Error:
            return "what is left is no statement"
        return _otherwise(execute, matrix, change.table)
    finally:
        execute("ROLLBACK")


def _otherwise(execute, matrix, table):
    """The statements of the changed table first, then what functions come to, then all."""
    return (
        (table and _written(execute, matrix, {table}))
        or next((each.what for each in matrix.situations if each.became(execute) != each.comes), "")
        or _written(execute, matrix, None)
    )


def _written(execute, matrix, tables):
    for reader in READERS:
        execute("SAVEPOINT asked")
        execute(f"SET LOCAL SESSION AUTHORIZATION {WEB}")
        try:
            if wrong := matrix.wrong(execute, reader, tables):
                return str(wrong[0])
        except psycopg.Error as error:
            return f"{reader}: {type(error).__name__}"
        finally:
            execute("ROLLBACK TO asked")
    return ""


def test_what_the_functions_of_the_gate_come_to_is_what_is_said(matrix):
    execute = connection.connection.execute
    execute("BEGIN")
    came = {each.what: each.became(execute) for each in matrix.situations}
    execute("ROLLBACK")
    assert came == {each.what: each.comes for each in matrix.situations}


def unnoticed(matrix, tried):
    """Those of some changes that no statement notices and that no reason is given for."""
    patterns, missed = explained(), []
    for change in tried:
        if not any(each.search(change.what) for each in patterns) and not noticed(matrix, change):
            missed.append(change.what)
            print(change.what, flush=True)
    return missed


def drawn():
    """So many, each by what it is called: a new condition elsewhere draws no others."""
    if LIKE:
        return [each for each in changes() if re.search(LIKE, each.what)]
    return sorted(changes(), key=lambda each: sha256(f"{SEED} {each.what}".encode()).digest())[
        :DRAWN
    ]


def test_a_change_of_the_gate_that_is_drawn_is_noticed(matrix):
    assert unnoticed(matrix, drawn()) == []


@pytest.mark.long
def test_every_change_of_the_gate_is_noticed(matrix):
    every = [*changes()]
    for pattern in explained():
        assert any(pattern.search(each.what) for each in every), f"{pattern.pattern} fits no change"
    assert unnoticed(matrix, every) == []
