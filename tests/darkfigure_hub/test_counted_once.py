"""Counts of records are made once for all who see the same, until something is done: never through
other walls, never of what is not ended. Asked as the pages ask, on a real server. All synthetic.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from darkfigure_hub.access import record
from darkfigure_hub.flows.open_repository import open_repository
from darkfigure_hub.store.models import LogEntry
from darkfigure_hub.store.queries import counted_once
from darkfigure_hub.store.queries.case_records import StoreRecords
from support import database_apart
from support_gate import entered, session_of

PERSONS = "SELECT count(*) FROM case_person"
#: What changes no count, though the log tells of it.
ASKED = (
    *("public readings", "question answered", "change explained", "cell opened", "cells opened"),
    *("source opened", "coverage measured", "signed in", "session ended", "purpose stated"),
    *("message sent", "flow shown", "asks shown", "submissions listed", "edition read"),
)


@pytest.fixture(scope="module")
def keys(django_db_setup, django_db_blocker):
    """Sessions of people who see different records, and of two who see the same."""
    with database_apart(django_db_blocker), django_db_blocker.unblock():
        open_repository()
        yield {
            "one": session_of("one", "analyst", "NCA", 1)[0],
            "another": session_of("another", "analyst", "kent", 1)[0],
            "higher": session_of("higher", "analyst", "NCA", 2)[0],
            "of essex": session_of("of-essex", "agency_supervisor", "essex", 1)[0],
        }


@pytest.fixture(autouse=True)
def nothing_kept():
    counted_once.forget()


@contextmanager
def counted():
    """The counts that the database is asked for."""
    sent = []

    def note(execute, sql, params, many, context):
        sent.extend([sql] * (sql == PERSONS))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield sent


def put_behind_a_wall(scope):
    """One more person is marked higher, and the log has an entry of it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """UPDATE case_person SET wall = gate.wall_of('NCA', 2, 0, 0) WHERE id =
            (SELECT max(id) FROM case_person WHERE wall <> gate.wall_of('NCA', 2, 0, 0))"""
        )
        record(scope, "synthetic deed", {})


def asks(scope, key):
    """What somebody is told, and how often it was counted for it."""
    with entered(key), counted() as sent:
        return StoreRecords(scope).fetch(PERSONS)[0][0], len(sent)


def test_what_two_ask_who_see_the_same_is_counted_once(operator, keys):
    told, first = asks(operator, keys["one"])
    assert told > 0
    assert (first, asks(operator, keys["another"]), asks(operator, keys["one"])) == (
        1,
        (told, 0),
        (told, 0),
    )


def test_nothing_goes_through_other_walls(operator, keys):
    """A higher marking, an agency's own: each is counted, whoever asks first."""
    put_behind_a_wall(operator)
    for order in (("higher", "one", "of essex"), ("of essex", "one", "higher")):
        counted_once.forget()
        told = {name: asks(operator, keys[name]) for name in order}
        assert told["higher"][0] > told["one"][0]
        assert {number for _, number in told.values()} == {1}


def test_a_deed_has_it_counted_anew_and_a_question_does_not(operator, keys):
    told, _ = asks(operator, keys["one"])
    for action in ASKED:
        record(operator, action, {})
    assert asks(operator, keys["one"]) == (told, 0)
    put_behind_a_wall(operator)
    assert asks(operator, keys["one"]) == (told - 1, 1)
    assert asks(operator, keys["another"]) == (told - 1, 0)


def test_what_is_not_ended_is_kept_for_nobody(operator, keys):
    """Who wrote something sees it before others do: what they count is theirs."""
    with entered(keys["one"]):
        with transaction.atomic():
            record(operator, "question answered", {})
            with counted() as sent:
                StoreRecords(operator).fetch(PERSONS)
                StoreRecords(operator).fetch(PERSONS)
            assert len(sent) == 2
        with counted() as sent:
            StoreRecords(operator).fetch(PERSONS)
        assert len(sent) == 1


def test_the_commands_of_the_machine_keep_nothing(operator, keys):
    with counted() as sent:
        for _ in range(2):
            StoreRecords(operator).fetch(PERSONS)
    assert len(sent) == 2


def test_what_many_ask_at_once_is_counted_by_one_of_them(operator, keys, monkeypatch):
    monkeypatch.setattr(counted_once, "_counting", threading.BoundedSemaphore(1))
    number, barrier, times, told = 4, threading.Barrier(4), [], []

    def counts():
        times.append(1)
        return [(7,)]

    def asking():
        barrier.wait(30)
        with entered(keys["one"]):
            told.append(counted_once.counted_once(PERSONS, counts))

    threads = [threading.Thread(target=asking) for _ in range(number)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    assert (told, times) == ([[(7,)]] * number, [1])


def test_no_more_is_kept_than_there_is_room_for(operator, keys, monkeypatch):
    monkeypatch.setattr(counted_once, "KEPT", 2)
    monkeypatch.setattr(counted_once, "GROUPS", 1)
    with entered(keys["one"]):
        for limit in (1, 1, 2, 2):
            counted_once.counted_once(f"SELECT {limit}", [[(1,)] * limit].pop)
            assert len(counted_once._kept) == 1
        for each in range(5):
            counted_once.counted_once(f"SELECT {each}", lambda: [(1,)])
        assert len(counted_once._kept) == 2


def test_what_is_done_is_no_question(operator, keys):
    """Every entry of another kind moves it: none is overlooked that is in no list."""
    with connection.cursor() as cursor:
        for action in (*ASKED, "taken back", "link decided", "disposal carried out", "new here"):
            record(operator, action, {})
            cursor.execute("SELECT gate.last_deed()")
            last = LogEntry.objects.order_by("-id").first()
            assert (cursor.fetchone()[0] == last.hash) is (action not in ASKED)
