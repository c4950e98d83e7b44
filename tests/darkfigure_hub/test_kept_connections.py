"""Connections of the pages that are kept between requests: nothing of one request reaches the next.
On a real server, by raw SQL as whoever could run a statement in a request. All synthetic.
"""

from __future__ import annotations

from contextlib import contextmanager

import psycopg
import pytest
from django.db import OperationalError, ProgrammingError, connection

from darkfigure_hub.access.sealing import asked_in
from darkfigure_hub.flows.open_repository import open_repository
from darkfigure_hub.store import roles
from darkfigure_hub.store.logins import SERVICE, WEB, parameters
from darkfigure_hub.store.postgres import entering, kept
from support_gate import session_of

SEALED = "SELECT current_setting('gate.scope', true)"
#: What a statement could leave behind in a session, and what finds it there.
LEFT = {
    "a setting": (
        "SET synthetic.stayed = 'there'",
        "SELECT current_setting('synthetic.stayed', true)",
    ),
    "where names are looked for": (
        "SET search_path = pg_temp, public",
        "SELECT nullif(current_setting('search_path'), '\"$user\", public')",
    ),
    "a table of its own": ("CREATE TEMP TABLE left_behind ()", "SELECT to_regclass('left_behind')"),
    "a statement": (
        "PREPARE left_behind AS SELECT 1",
        "SELECT max(name) FROM pg_prepared_statements",
    ),
    "a cursor": (
        "DECLARE left_behind CURSOR WITH HOLD FOR SELECT 1",
        "SELECT max(name) FROM pg_cursors",
    ),
    "a channel": ("LISTEN left_behind", "SELECT max(c) FROM pg_listening_channels() c"),
    "a lock": (
        "SELECT pg_advisory_lock(4711)",
        "SELECT max(objid) FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711",
    ),
    "another role": (f"SET ROLE {WEB}", "SELECT nullif(current_setting('role'), 'none')"),
}


@pytest.fixture
def keeping(apart, monkeypatch):
    """This process asks as the pages do, and keeps two connections."""
    open_repository()
    keys = {each: session_of(each, each, "NCA", 2)[0] for each in ("analyst", "administrator")}
    connection.close()
    held = kept.Kept()
    held.keep(2)
    monkeypatch.setattr("darkfigure_hub.store.postgres.base.KEPT", held)
    entering.log_in_as(WEB)
    connection.acting = WEB
    yield keys
    connection.close()
    held.keep(0)
    while found := held._pop():
        found[2].close()
    entering.log_in_as(SERVICE)
    connection.acting = SERVICE


@contextmanager
def request_of(key=""):
    """What a request does: its connection is its own, and closed with its answer."""
    with asked_in(key):
        try:
            yield asks
        finally:
            connection.close()


def asks(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0] if cursor.description else None


def test_the_next_request_has_the_same_connection_and_is_let_in_as_its_own(keeping):
    with request_of(keeping["analyst"]) as first:
        process, role = first("SELECT pg_backend_pid()"), first("SELECT gate.role()")
        sealed = first(SEALED)
    with request_of(keeping["administrator"]) as second:
        assert second("SELECT pg_backend_pid()") == process
        assert (role, second("SELECT gate.role()")) == ("analyst", "administrator")
        assert second(SEALED) != sealed
    for nobody in ("", "guess"):
        with request_of(nobody) as third:
            assert third("SELECT pg_backend_pid()") == process
            assert (third(SEALED), third("SELECT gate.role()")) == ("", "public")


def test_who_is_let_in_no_more_is_nobody_at_the_next_request(keeping):
    with request_of(keeping["analyst"]) as first:
        assert first("SELECT gate.is_let_in()")
        first("UPDATE store_session SET expire_date = now() - interval '1 second'")
    with request_of(keeping["analyst"]) as second:
        assert not second("SELECT gate.is_let_in()")


def test_what_was_sealed_for_a_turn_before_opens_nothing_on_the_same_connection(keeping):
    """Who wrote their scope down, and lost what it stood on, says it again by raw SQL."""
    with request_of(keeping["analyst"]) as first:
        process, sealed = first("SELECT pg_backend_pid()"), first(SEALED)
        again = f"SELECT set_config('gate.scope', '{sealed}', false)"
        first("SELECT set_config('gate.scope', '', false)")
        assert not first("SELECT gate.is_let_in()")
        first(again)  # in its own turn it is what it was
        assert first("SELECT gate.role()") == "analyst"
    for key in ("", "guess", keeping["administrator"], keeping["analyst"]):
        with request_of(key) as later:
            assert later("SELECT pg_backend_pid()") == process
            later(again)
            assert (later("SELECT gate.is_let_in()"), later("SELECT gate.role()")) == (
                False,
                "public",
            )


@pytest.mark.parametrize(
    "tried",
    [
        "SELECT setval('gate.turn', 1)",
        "SELECT nextval('gate.turn')",
        "SELECT currval('gate.turn')",
        "SELECT last_value FROM gate.turn",
        "ALTER SEQUENCE gate.turn RESTART",
        "DROP SEQUENCE gate.turn",
    ],
)
def test_nobody_but_the_gate_turns_a_connection(keeping, tried):
    refused = pytest.raises(ProgrammingError, match=r"denied|own")
    with request_of(keeping["analyst"]) as first, refused:
        first(tried)


def test_who_forgets_whose_turn_it_is_is_nobody(keeping):
    with request_of(keeping["analyst"]) as first:
        sealed = first(SEALED)
        first("DISCARD SEQUENCES")
        with pytest.raises(OperationalError, match="turn"):
            first("SELECT gate.role()")
        first("SELECT gate.enter('guess')")
        first(f"SELECT set_config('gate.scope', '{sealed}', false)")
        assert first("SELECT gate.role()") == "public"


@pytest.mark.parametrize("what", LEFT)
def test_nothing_of_a_session_is_left_to_the_next(keeping, what):
    leaves, finds = LEFT[what]
    with request_of(keeping["analyst"]) as first:
        process = first("SELECT pg_backend_pid()")
        first(leaves)
        assert first(finds)
    with request_of() as second:
        assert second("SELECT pg_backend_pid()") == process
        assert not second(finds)


def test_one_in_a_transaction_is_closed(keeping):
    with request_of(keeping["analyst"]) as first:
        process = first("SELECT pg_backend_pid()")
        first("BEGIN")
    with request_of() as second:
        assert second("SELECT pg_backend_pid()") != process


def test_one_whose_server_process_ended_is_not_handed_on(keeping):
    with request_of() as first:
        process = first("SELECT pg_backend_pid()")
    given = parameters(roles.server(), WEB, connection.settings_dict["NAME"])
    with psycopg.connect(**given, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 1000)", [process])
    with request_of() as second:
        assert second("SELECT pg_backend_pid()") != process


def test_none_is_used_for_longer_than_it_may_be(keeping, monkeypatch):
    with request_of() as first:
        process = first("SELECT pg_backend_pid()")
    monkeypatch.setattr(kept, "LONGEST", 0.0)
    with request_of() as second:
        assert second("SELECT pg_backend_pid()") != process


def test_no_more_are_kept_than_there_is_room_for(keeping):
    room = kept.Kept()
    with request_of():
        assert asks("SELECT 1") == 1
        assert not room.given_back(("there",), 0.0, connection.connection)
