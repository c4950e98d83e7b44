"""Webhooks: signed, numbers alone, to the open internet alone, tried again, ended where nothing
arrives. By a real receiver on this machine. All synthetic.
"""

from __future__ import annotations

import json
import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from test_outbox import appointed

from darkfigure.basis.errors import DarkfigureError, NotPermitted, UnknownName
from darkfigure.client import NotGenuine, verify
from darkfigure.client.verifying import ID, SIGNATURE, TIME, signature
from darkfigure_hub.access.roles import Role
from darkfigure_hub.flows import post
from darkfigure_hub.flows.post import send_post
from darkfigure_hub.flows.submit import discard_submission, draft_submission
from darkfigure_hub.flows.webhooks import (
    EVENTS,
    end_webhook,
    register_webhook,
    show_webhooks,
)
from darkfigure_hub.store import hooks
from darkfigure_hub.store.models import Outgoing, Webhook
from darkfigure_hub.store.queries import outbox

pytestmark = pytest.mark.xdist_group("outbox")
ALL = [*EVENTS]


@contextmanager
def receiver():
    """The address of a receiver, and what came; `answers` is what it says to the next."""
    came, answers = [], []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            came.append((dict(self.headers), body))
            status = answers.pop(0) if answers else 204
            self.send_response(status)
            if status in (301, 302, 307):
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook", came, answers
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def told(apart, monkeypatch):
    """A receiver of Kent's that is told of everything: its secret, what came, what it answers."""
    monkeypatch.setenv(hooks.LOOPBACK, "1")
    administrator = appointed(Role.AGENCY_ADMINISTRATOR)
    with receiver() as (address, came, answers):
        made = register_webhook(administrator, address, ALL)
        yield made.secret, came, answers


def drafted():
    officer = appointed(Role.REPORTING_OFFICER)
    return officer, draft_submission(officer, "return", "a.csv", b"measure\nsynthetic\n")


def test_a_message_is_signed_and_holds_numbers_alone(told, operator):
    secret, came, _ = told
    _, number = drafted()
    send_post(operator)
    ((headers, body),) = came
    name = verify(secret, headers, body, now=int(headers[TIME]))
    said = json.loads(body)
    assert said.pop("at")
    assert said == {
        "id": name,
        "event": "submission.checked",
        "agency": "kent",
        "submission": number,
    }
    assert send_post(operator) == {}
    assert show_webhooks(operator)[0].sent_at is not None
    for wrong in ("another", secret + " "):
        with pytest.raises(NotGenuine):
            verify(wrong, headers, body, now=int(headers[TIME]))
    with pytest.raises(NotGenuine):
        verify(secret, headers, body + b" ", now=int(headers[TIME]))
    with pytest.raises(NotGenuine, match="just now"):
        verify(secret, headers, body, now=int(headers[TIME]) + 301)


def test_the_deeds_of_others_on_a_submission_are_told(told, operator):
    _, came, _ = told
    _, number = drafted()
    discard_submission(appointed(Role.AGENCY_SUPERVISOR), number)
    outbox.announce("ask.raised", "essex", ask="ASK-1")
    send_post(operator)
    events = [json.loads(body)["event"] for _, body in came]
    assert events == ["submission.checked", "submission.sent_back"]
    assert Outgoing.objects.get(kind="ask.raised").outcome == "unwanted"


@pytest.mark.parametrize("answer", [302, 307, 400, 500])
def test_what_is_not_taken_is_tried_again_under_the_same_name(told, operator, answer):
    secret, came, answers = told
    answers.append(answer)
    drafted()
    assert send_post(operator).get("put off") == 1
    held = Outgoing.objects.get(webhook__isnull=False)
    assert held.said == f"It answers {answer}."
    Outgoing.objects.update(due_at=timezone.now())
    send_post(operator)
    assert len(came) == 2
    assert (
        len({verify(secret, headers, body, now=int(headers[TIME])) for headers, body in came}) == 1
    )


def test_where_nothing_arrives_for_two_days_it_is_ended_and_said(told, operator):
    _, _, answers = told
    answers += [500] * 20
    drafted()
    send_post(operator)
    while Outgoing.objects.filter(webhook__isnull=False, ended_at__isnull=True).exists():
        Outgoing.objects.update(due_at=timezone.now())
        send_post(operator)
    ((held),) = show_webhooks(operator)
    assert held.ended_why == "Nothing arrived for two days: It answers 500."
    mine = Outgoing.objects.get(kind="webhook ended")
    assert mine.account.email == "agency_administrator.kent.1@example.org"


def test_an_administrator_registers_and_ends_those_of_the_agency(told, operator):
    other = appointed(Role.AGENCY_ADMINISTRATOR, "essex")
    ((held),) = show_webhooks(operator)
    assert show_webhooks(other) == []
    with pytest.raises(UnknownName):
        end_webhook(other, held.number, "x")
    with pytest.raises(NotPermitted):
        show_webhooks(appointed(Role.REPORTING_OFFICER, number=9))
    own = appointed(Role.AGENCY_ADMINISTRATOR, number=2)
    with pytest.raises(DarkfigureError, match="why"):
        end_webhook(own, held.number, " ")
    end_webhook(own, held.number, "the machine was sold")
    drafted()
    send_post(operator)
    assert Outgoing.objects.get(kind="submission.checked").outcome == "unwanted"
    for events in ([], ["everything"]):
        with pytest.raises(DarkfigureError):
            register_webhook(own, held.address, events)
    assert held.locked not in ("", held.address)
    assert "darkfigure_signs" not in Webhook.objects.get(pk=held.number).locked


PRIVATE = [
    "https://127.0.0.1/",
    "https://localhost/",
    "https://10.0.0.1/",
    "https://172.16.0.1/x",
    "https://192.168.1.1:8443/",
    "https://169.254.169.254/latest/meta-data",
    "https://100.64.0.1/",
    "https://0.0.0.0/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[2002:7f00:1::]/",
    "https://[fd00::1]/",
    "https://[fe80::1]/",
    "https://0177.0.0.1/",
    "https://127.1/",
    "https://[::7f00:1]/",
    "https://[::ffff:0:7f00:1]/",
    "https://[fec0::1]/",
    "https://[64:ff9b:1::a00:1]/",
    "https://[2001:0:7f00:1::]/",
    "https://[5f00::1]/",
    "https://[3fff::1]/",
    "https://224.0.0.1/",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_that_lead_into_private_networks_are_refused(address, monkeypatch):
    monkeypatch.delenv(hooks.LOOPBACK, raising=False)
    found = hooks.check(address)
    with pytest.raises(hooks.NotDelivered):
        hooks.numbers_of(found.hostname, found.port or 443)
    with pytest.raises(hooks.NotDelivered):
        hooks.deliver(address, b"", {})


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/",
        "ftp://example.org/",
        "https://",
        "example.org",
        "https://me:secret@example.org/",
        "https://example.org/#x",
        "https://example.org:0/",
        "https://example.org:99999/",
        "https://example.org/\r\nHost: other",
        "https://example.org/" + "x" * 300,
    ],
)
def test_addresses_that_are_no_https_address_are_refused(address, monkeypatch):
    monkeypatch.delenv(hooks.LOOPBACK, raising=False)
    with pytest.raises(DarkfigureError):
        hooks.check(address)


@pytest.mark.parametrize("number", ["8.8.8.8", "2001:4860:4860::8888"])
def test_numbers_of_the_open_internet_are_not_refused(number):
    assert hooks.numbers_of(number, 443) == [number]


@pytest.fixture
def resolver(monkeypatch):
    """Names that stand for what is said of them, one answer after another; and where somebody
    connected to.
    """
    answers, connected, real = [], [], socket.getaddrinfo

    def looked_up(host, port, *given, **named):
        if host != "name.invalid":
            return real(host, port, *given, **named)
        said = answers.pop(0)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in said]

    def connect(to, **_):
        connected.append(to)
        raise ConnectionRefusedError

    monkeypatch.delenv(hooks.LOOPBACK, raising=False)
    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    monkeypatch.setattr(socket, "create_connection", connect)
    return answers, connected


def test_a_name_is_looked_up_once_and_the_very_number_is_connected_to(resolver):
    answers, connected = resolver
    answers += [["8.8.8.8"], ["127.0.0.1"]]
    with pytest.raises(hooks.NotDelivered, match="ConnectionRefusedError"):
        hooks.deliver("https://name.invalid:8443/x", b"", {})
    assert connected == [("8.8.8.8", 8443)]
    assert answers == [["127.0.0.1"]]


@pytest.mark.parametrize("said", [["10.0.0.1"], ["8.8.8.8", "169.254.169.254"], ["127.0.0.1"]])
def test_a_name_of_which_one_number_is_private_is_refused_as_one_that_is_not_there(resolver, said):
    answers, connected = resolver
    answers.append(said)
    with pytest.raises(hooks.NotDelivered) as private:
        hooks.deliver("https://name.invalid/", b"", {})
    with pytest.raises(hooks.NotDelivered) as absent:
        hooks.numbers_of("no-such-name.invalid", 443)
    assert connected == []
    assert str(private.value) == str(absent.value)


@contextmanager
def dripping():
    """The port of a receiver that answers a sign at a time, and never ends."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        over = threading.Event()

        def drip(line):
            with line:
                line.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                while not over.wait(0.05):
                    try:
                        line.sendall(b"x")
                    except OSError:
                        return

        def take():
            while not over.is_set():
                try:
                    line, _ = server.accept()
                except OSError:
                    return
                threading.Thread(target=drip, args=[line], daemon=True).start()

        threading.Thread(target=take, daemon=True).start()
        try:
            yield server.getsockname()[1]
        finally:
            over.set()


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_who_answers_a_sign_at_a_time_is_hung_up_on(monkeypatch, scheme):
    monkeypatch.setenv(hooks.LOOPBACK, "1")
    monkeypatch.setattr(hooks, "IN_ALL", 0.5)
    with dripping() as port, pytest.raises(hooks.NotDelivered, match=r"in time|certificate"):
        hooks.deliver(f"{scheme}://127.0.0.1:{port}/", b"x", {})


def test_one_that_is_slow_takes_its_share_and_others_are_told_in_the_same_round(
    told, operator, monkeypatch
):
    _, came, _ = told
    monkeypatch.setattr(hooks, "IN_ALL", 0.3)
    monkeypatch.setattr(post, "SHARE", 0)
    with dripping() as port:
        slow = appointed(Role.AGENCY_ADMINISTRATOR, "essex")
        register_webhook(slow, f"http://127.0.0.1:{port}/", ALL)
        for number in range(3):
            outbox.announce("ask.raised", "essex", ask=number)
        outbox.announce("ask.raised", "kent", ask=7)
        assert send_post(operator) == {"sent": 1, "put off": 1}
        assert len(came) == 1
        assert Outgoing.objects.filter(webhook__agency="essex", attempt=0).count() == 2
        assert send_post(operator) == {"put off": 1}


def test_who_came_meanwhile_is_sent_mail_as_they_wish(told, operator, monkeypatch):
    officer = appointed(Role.REPORTING_OFFICER)
    account = int(officer.who.removeprefix("account:"))
    post.choose_told(officer, {"draft released": "never"})
    real = post.deliver

    def meanwhile(*given):
        outbox.tell("draft released", "submission 1", [account])
        real(*given)

    monkeypatch.setattr(post, "deliver", meanwhile)
    outbox.announce("ask.raised", "kent", ask=7)
    assert send_post(operator) == {"sent": 1}
    assert Outgoing.objects.get(kind="draft released").outcome == "unwanted"


@given(st.binary(max_size=200), st.text(max_size=30), st.integers(0, 10**10))
def test_what_was_signed_is_genuine_and_nothing_else(body, secret, moment):
    signed = signature(secret, "name", moment, body)
    headers = {ID.upper(): "name", TIME: str(moment), SIGNATURE: signed}
    assert verify(secret, headers, body, now=moment) == "name"
    for change in (
        {ID.upper(): "other"},
        {TIME: str(moment + 1)},
        {SIGNATURE: signed[:-1]},
        {SIGNATURE: ""},
        {TIME: "soon"},
    ):
        with pytest.raises(NotGenuine):
            verify(secret, {**headers, **change}, body, now=moment)


def test_the_receiver_of_the_manual_takes_each_message_once(told, operator):
    secret, came, _ = told
    page = (Path(__file__).parents[2] / "docs" / "pages" / "webhooks.md").read_text()
    held = {}
    exec(page.partition("```python\n")[2].partition("```")[0], held)
    drafted()
    send_post(operator)
    ((headers, body),) = came
    assert held["received"](headers, body, secret) == (204, True)
    assert held["received"](headers, body, secret) == (204, False)
    assert held["received"](headers, body + b"x", secret) == (403, False)
    for event in EVENTS:
        assert f"`{event}`" in page
