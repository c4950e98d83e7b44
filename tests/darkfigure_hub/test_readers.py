"""Many readers at once: so many are answered, some wait, the rest are told to come again; nobody
asks for more than there is room for.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from contextlib import ExitStack
from datetime import date

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory

from darkfigure.publication import ask
from darkfigure_hub.access import for_public
from darkfigure_hub.flows import answer_question as asking
from darkfigure_hub.flows.answer_question import answer_question
from darkfigure_hub.flows.explain_change import explain_change
from darkfigure_hub.store import limits
from darkfigure_hub.web.queue import FULL, TURNS, Full, Places, Queue
from support import run

PUBLIC = for_public("test")
BROAD = ("nrm_referrals", date(2024, 1, 1))


def test_who_finds_no_place_waits_and_who_finds_no_place_to_wait_is_told_so():
    places, release, in_work = Places(1, 1, 30), threading.Event(), threading.Event()
    done = []

    def works(name):
        with places.taken():
            in_work.set()
            release.wait(30)
            done.append(name)

    first = threading.Thread(target=works, args=["first"])
    first.start()
    in_work.wait(30)
    second = threading.Thread(target=works, args=["second"])
    second.start()
    end = time.monotonic() + 30
    while places._waiting._value and time.monotonic() < end:
        time.sleep(0.01)
    with pytest.raises(Full), places.taken():
        pass
    assert done == []
    release.set()
    first.join(30)
    second.join(30)
    assert done == ["first", "second"]
    with places.taken():
        pass


def test_nobody_waits_for_ever():
    places = Places(1, 5, 0.05)
    with places.taken():
        for _ in range(6):  # a place to wait in is given back each time
            with pytest.raises(Full), places.taken():
                pass


def test_what_is_done_in_turn_leaves_places_to_everybody_else():
    queue = Queue(lambda request: HttpResponse(request.path))
    queue.places = Places(3, 1, 0.05)
    ask = RequestFactory()
    releases = [ask.post(f"/{of}/submissions/4/release") for of in ("api", "desk")]
    checks = [ask.post("/api/submissions"), ask.get("/api/submissions/4")]
    receipt = ask.post("/api/submissions", headers={"Prefer": "respond-async"})
    others = [receipt, ask.get("/desk/"), ask.get("/desk/submissions/4")]
    assert {queue(each).status_code for each in (*releases, *checks, *others)} == {200}
    for kind, waits, goes_on in (("release", releases, checks), ("check", checks, releases)):
        with ExitStack() as turns:
            for _ in range(TURNS[kind]):
                turns.enter_context(queue.places.taken_in_turn(kind))
            assert [queue(each).status_code for each in waits] == [503, 503]
            assert {queue(each).status_code for each in (*goes_on, *others)} == {200}
        assert queue(waits[0]).status_code == 200


def test_counts_of_records_take_no_place_of_what_is_quick():
    """In work and waiting: of either line, whatever the other does."""
    queue = Queue(lambda request: HttpResponse(request.path))
    queue.places = Places(1, 0, 0.05)
    ask = RequestFactory()
    cases = "?measure=arrests&evidence=cases"
    counts = [ask.get(f"{of}{at}{cases}") for of in ("/", "/api/") for at in ("ask", "bridge")]
    counts += [ask.get("/flow"), ask.get("/api/flow"), ask.get("/ask?evidence=cases%20")]
    quick = [ask.get("/"), ask.get("/ask?measure=arrests"), ask.get("/held?evidence=cases")]
    quick += [ask.get("/ask?evidence=statements"), ask.get("/desk/")]
    with queue.places.taken_to_count():
        assert {queue(each).status_code for each in counts} == {503}
        assert {queue(each).status_code for each in quick} == {200}
    with queue.places.taken():
        assert {queue(each).status_code for each in counts} == {200}
        assert {queue(each).status_code for each in quick} == {503}


def test_what_is_done_in_turn_begins_after_those_who_want_a_receipt():
    places, order, waits = Places(2, 2, 30), [], threading.Event()

    def checks():
        waits.set()
        with places.taken_in_turn("check"):
            order.append("check")

    check = threading.Thread(target=checks)
    with places.taken_first():
        check.start()
        waits.wait(30)
        with places.taken_first():
            order.append("another receipt")
        check.join(0.05)
        order.append("receipt")
    check.join(30)
    assert order == ["another receipt", "receipt", "check"]


def test_what_is_done_in_turn_does_not_let_others_go_first_for_ever(monkeypatch):
    monkeypatch.setattr("darkfigure_hub.web.queue.YIELDING", 0.01)
    places, done = Places(2, 2, 30), []
    with places.taken_first(), places.taken_in_turn("check"):
        done.append("check")
    assert done == ["check"]


def test_a_place_is_given_back_where_the_answer_fails():
    places = Places(1, 0, 0.05)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), places.taken():
            _ = 1 / 0


def test_a_full_queue_is_a_page_or_json_with_the_time_to_come_again():
    queue = Queue(lambda _request: HttpResponse("answered"))
    queue.places = Places(1, 0, 0.05)
    page, api = (RequestFactory().get(path) for path in ("/ask", "/api/ask"))
    assert queue(page).status_code == 200
    with queue.places.taken():
        refused, told = queue(page), queue(api)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "10")
    assert FULL in refused.content.decode()
    assert (told.status_code, told.headers["Retry-After"]) == (503, "10")
    assert json.loads(told.content)["detail"] == FULL


@pytest.mark.django_db
def test_a_reader_gets_no_more_cells_than_there_is_room_for(operator, monkeypatch):
    question = ask(*BROAD, by=["nationality"])
    cells = answer_question(PUBLIC, question).cells
    monkeypatch.setattr(asking, "CELLS", len(cells))
    assert answer_question(PUBLIC, question).cells == cells
    monkeypatch.setattr(asking, "CELLS", len(cells) - 1)
    with pytest.raises(limits.TooMuch, match="Ask by fewer dimensions"):
        answer_question(PUBLIC, question)
    assert answer_question(operator, question).cells == cells


@pytest.mark.django_db
@pytest.mark.parametrize("evidence", ["statements", "cases"])
def test_what_cells_are_made_of_is_bounded_too(operator, monkeypatch, evidence):
    """In the database: what is too much is not fetched."""
    question = ask("convictions", date(2009, 3, 1), by=["operation", "offence"], evidence=evidence)
    monkeypatch.setattr(limits, "GROUPS", 1)
    with pytest.raises(limits.TooMuch, match="more than 1 figures"):
        answer_question(PUBLIC, question)
    assert answer_question(operator, question).cells
    with pytest.raises(limits.TooMuch):
        explain_change(PUBLIC, question, date(2008, 12, 17), date(2009, 3, 1))


@pytest.mark.django_db
def test_a_reader_gets_no_more_time_than_there_is(operator, monkeypatch):
    def timeout():
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            return cursor.fetchone()[0]

    monkeypatch.setattr(limits, "SECONDS", 0.05)
    with (
        pytest.raises(limits.TooMuch, match="takes longer than"),
        limits.reading(PUBLIC),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT pg_sleep(20)")
    assert timeout() == "0"
    with limits.reading(operator), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.1)")
    assert timeout() == "0"


def serve(tmp_path, *given):
    return run("serve", *given, home=tmp_path / "home", check=False, seconds=60)


def test_a_port_that_is_used_is_refused_before_it_is_said_to_be_served(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        done = serve(tmp_path, "--port", other.getsockname()[1])
    assert (done.returncode, done.stdout) == (2, "")
    assert "Name another with --port" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    "given",
    [
        ("--port", "0"),
        ("--port", "-1"),
        ("--port", "65536"),
        ("--port", "eighty"),
        ("--host", "no.such.host.invalid"),
        ("--host", "192.0.2.1"),
    ],
)
def test_an_absurd_address_is_refused(tmp_path, given):
    done = serve(tmp_path, *given)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    assert "served" not in done.stderr
