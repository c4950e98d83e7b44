"""What is sent: written with the deed, sent once, tried again, given up for a reason; and nothing
in it but that something waits. By a real mail server on this machine. All synthetic.
"""

from __future__ import annotations

import subprocess
from datetime import timedelta
from hashlib import sha256

import psycopg
import pytest
from django.db import connection, transaction
from django.utils import timezone

from darkfigure.basis.errors import DarkfigureError, NotPermitted, UnknownName
from darkfigure_hub.access.acting import acting_as
from darkfigure_hub.access.roles import Role
from darkfigure_hub.access.scopes import for_account
from darkfigure_hub.access.sealing import seal_of
from darkfigure_hub.flows.appoint import Proposal, propose_appointment
from darkfigure_hub.flows.post import (
    KINDS,
    choose_told,
    send_again,
    send_post,
    show_outbox,
    show_told,
)
from darkfigure_hub.flows.submit import (
    discard_submission,
    draft_submission,
    history_of,
    release_submission,
    send_back,
)
from darkfigure_hub.store import roles
from darkfigure_hub.store.logins import WEB, parameters
from darkfigure_hub.store.models import Account, Appointment, Outgoing, Session, Webhook
from darkfigure_hub.store.queries import jobs, outbox
from darkfigure_hub.store.sessions import key_hash
from support import PROGRAM, environment, logged_in, own_folder, run, statement, statement_file
from support_mail import mail_server

pytestmark = pytest.mark.xdist_group("outbox")


def appointed(role, agency="kent", number=1, marking=2):
    """Somebody with a role that stands, made up; their scope."""
    account = Account.objects.create(
        email=f"{role}.{agency}.{number}@example.org".lower(), name="Alex Invented", made_by="test"
    )
    held = Appointment.objects.create(
        account=account,
        agency=agency,
        role=str(role),
        marking=marking,
        proposed_by="a",
        approved_by="b",
        approved_at=timezone.now(),
    )
    return acting_as(account.pk, held.pk).scope("test")


def number_of(scope):
    return int(scope.who.removeprefix("account:"))


@pytest.fixture
def by_mail(apart, settings):
    """Mail leaves as it does outside tests, which else keep it in memory."""
    settings.EMAIL_BACKEND = "darkfigure_hub.store.mail.server"


@pytest.fixture
def post(by_mail, monkeypatch):
    """A mail server that takes what is sent, and what it took."""
    with mail_server() as (address, received):
        monkeypatch.setenv("DARKFIGURE_MAIL", address)
        yield received


def told(kind):
    held = Outgoing.objects.filter(kind=kind).values_list("account__email", flat=True)
    return sorted(held)


def test_what_leaves_says_that_something_waits_and_nothing_else(post, operator):
    scope = appointed(Role.ANALYST)
    outbox.tell("job ended", "job 7", [number_of(scope)])
    assert send_post(operator) == {"sent": 1}
    assert send_post(operator) == {}
    ((address, mail),) = post.taken
    assert address == "analyst.kent.1@example.org"
    words = mail.get_payload(decode=True).decode()
    assert mail["Subject"] == "Something waits for you"
    assert "/desk/" in words
    for secret in ("Alex", "Invented", "job", "JOB", "7", "analyst", "?"):
        assert secret not in words.replace("http://127.0.0.1:8000", "")
        assert secret not in mail["Subject"]
    assert Outgoing.objects.get().outcome == "sent"


def test_a_deed_that_is_rolled_back_leaves_nothing(post, operator):
    scope = appointed(Role.ANALYST)
    with transaction.atomic():
        outbox.tell("job ended", "job 7", [number_of(scope)])
        transaction.set_rollback(True)
    assert send_post(operator) == {}
    assert post.taken == []


def test_each_is_told_of_a_thing_once(post, operator):
    scope = appointed(Role.ANALYST)
    for _ in range(3):
        outbox.tell("job ended", "job 7", [number_of(scope), number_of(scope)])
    send_post(operator)
    outbox.tell("job ended", "job 7", [number_of(scope)])
    send_post(operator)
    assert len(post.taken) == 1


def test_who_drafted_is_told_what_another_did_and_who_releases_that_it_waits(
    post, operator, tmp_path
):
    officer = appointed(Role.REPORTING_OFFICER)
    chief = appointed(Role.AGENCY_SUPERVISOR)
    low = appointed(Role.AGENCY_SUPERVISOR, number=2, marking=0)
    appointed(Role.AGENCY_SUPERVISOR, "essex")
    made = statement(stated_by="kent", period="2012", stated_on="2013-02-01", value=4)
    content = statement_file(tmp_path / "a.csv", made).read_bytes()
    number = draft_submission(officer, "return", "a.csv", content)
    assert told("draft waits") == ["agency_supervisor.kent.1@example.org"]
    with pytest.raises(DarkfigureError):
        release_submission(chief, number, "another")
    assert told("draft released") == []
    with pytest.raises(DarkfigureError, match="signs at least"):
        send_back(chief, number, "no")
    with pytest.raises(NotPermitted):
        send_back(officer, number, "the year is not ours")
    send_back(chief, number, "the year is not ours")
    assert told("draft sent back") == ["reporting_officer.kent.1@example.org"]
    with pytest.raises(DarkfigureError, match="mended first"):
        release_submission(chief, number, sha256(content).hexdigest())
    with pytest.raises(DarkfigureError, match="sent back already"):
        send_back(chief, number, "the year is not ours")
    mended = draft_submission(officer, "return", "a.csv", content + b"\n", replaces=number)
    assert [each.sent_back_why for each in history_of(officer, mended)] == ["the year is not ours"]
    again = draft_submission(officer, "return", "a.csv", content, replaces=mended)
    assert [each.number for each in history_of(chief, again)] == [mended, number]
    assert len(told("draft waits")) == 3
    release_submission(chief, again, sha256(content).hexdigest())
    with pytest.raises(DarkfigureError, match="released meanwhile"):
        send_back(chief, again, "the year is not ours")
    number = draft_submission(officer, "return", "a.csv", content)
    discard_submission(officer, number)
    assert len(told("draft sent back")) == 1
    del low


def test_a_role_waits_for_the_agencys_own_administrator_else_the_centres(post, operator):
    centre = appointed(Role.ADMINISTRATOR, "NCA")
    wanted = Proposal("new@example.org", "Bea Invented", "kent", "reporting_officer")
    propose_appointment(operator, wanted)
    assert told("role waits") == ["administrator.nca.1@example.org"]
    own = appointed(Role.AGENCY_ADMINISTRATOR)
    other = Proposal("two@example.org", "Cy Invented", "kent", "reporting_officer")
    propose_appointment(operator, other)
    third = Proposal("three@example.org", "Di Invented", "kent", "reporting_officer")
    propose_appointment(own, third)
    assert told("role waits").count("agency_administrator.kent.1@example.org") == 1
    assert told("role waits").count("administrator.nca.1@example.org") == 2
    del centre


def test_each_chooses_at_once_once_a_day_or_not(post, operator, monkeypatch):
    scope, other = appointed(Role.ANALYST), appointed(Role.ANALYST, number=2)
    assert {show_told(scope)[kind] for kind in ("answer changed", "job ended")} == {"at once"}
    choose_told(scope, {"job ended": "daily"})
    choose_told(other, {"job ended": "never"})
    assert show_told(scope) | {"job ended": "at once"} == dict.fromkeys(show_told(scope), "at once")
    assert show_told(scope)["job ended"] == "daily"
    for number in range(3):
        both = [number_of(scope), number_of(other)]
        outbox.tell("job ended", f"job {number}", both)
    assert send_post(operator) == {}
    assert Outgoing.objects.filter(outcome="unwanted").count() == 3
    due = Outgoing.objects.filter(outcome="").values_list("due_at", flat=True)
    assert {timezone.localtime(each).hour for each in due} == {7}
    assert all(timedelta() < each - timezone.now() <= timedelta(days=1, hours=1) for each in due)
    Outgoing.objects.filter(outcome="").update(due_at=timezone.now())
    assert send_post(operator) == {"sent": 1}
    assert post.addresses == ["analyst.kent.1@example.org"]
    assert not Outgoing.objects.filter(outcome="").exists()
    with pytest.raises(UnknownName):
        choose_told(scope, {"job ended": "hourly"})
    with pytest.raises(UnknownName):
        choose_told(scope, {"nothing": "daily"})
    with pytest.raises(NotPermitted):
        show_outbox(scope)


def test_an_address_that_is_refused_is_given_up_and_said(post, operator):
    scope = appointed(Role.ANALYST)
    post.refuses["analyst.kent.1@example.org"] = "550 analyst.kent.1@example.org is unknown here"
    outbox.tell("job ended", "job 7", [number_of(scope)])
    assert send_post(operator) == {"given up": 1}
    ((held),) = show_outbox(operator).messages
    assert held.said == "The mail server refuses the address (550)."
    post.refuses.clear()
    send_again(operator, held.number)
    with pytest.raises(UnknownName):
        send_again(operator, held.number)
    assert send_post(operator) == {"sent": 1}


def test_a_server_that_is_away_is_tried_with_growing_pauses_then_given_up(
    by_mail, operator, monkeypatch
):
    monkeypatch.setenv("DARKFIGURE_MAIL", "smtp+open://127.0.0.1:1")
    scope = appointed(Role.ANALYST)
    outbox.tell("job ended", "job 7", [number_of(scope)])
    pauses = []
    while not (row := Outgoing.objects.get()).outcome:
        Outgoing.objects.update(due_at=timezone.now())
        before = timezone.now()
        send_post(operator)
        row = Outgoing.objects.get()
        pauses.append(round((row.due_at - before).total_seconds() / 60))
    assert pauses[:-1] == list(outbox.PAUSES)
    assert pauses[:-1] == sorted(pauses[:-1])
    assert (row.outcome, row.said) == (
        "given up",
        "The mail server cannot be reached (ConnectionRefusedError).",
    )
    assert show_outbox(operator).counts["given up"] == 1


def test_a_server_in_the_open_is_used_on_this_machine_alone(by_mail, operator, monkeypatch):
    outbox.tell("job ended", "job 7", [number_of(appointed(Role.ANALYST))])
    for address in ("smtp+open://mail.example.org:25", "http://127.0.0.1", "mail.example.org"):
        monkeypatch.setenv("DARKFIGURE_MAIL", address)
        with pytest.raises(DarkfigureError, match="DARKFIGURE_MAIL"):
            send_post(operator)
    assert Outgoing.objects.get().attempt == 0


def test_who_left_is_told_nothing(post, operator):
    scope = appointed(Role.ANALYST)
    outbox.tell("job ended", "job 7", [number_of(scope)])
    Account.objects.update(disabled_at=timezone.now())
    assert send_post(operator) == {"given up": 1}
    assert post.taken == []


def test_who_asked_is_told_that_a_job_has_ended(post, operator):
    scope = appointed(Role.STATISTICIAN)
    acting = Appointment.objects.get()
    number = jobs.ask(
        {"kind": "x", "arguments": {}, "account_id": number_of(scope), "acting_id": acting.pk}
    )
    with transaction.atomic():
        held = jobs.take("worker")
    assert jobs.end(number, held.attempt, "done", "", {})
    assert not jobs.end(number, held.attempt, "failed", "", {})
    assert told("job ended") == ["statistician.kent.1@example.org"]


def test_the_web_leaves_what_is_to_be_sent_and_neither_reads_nor_marks_it(apart, operator):
    analyst, chief = appointed(Role.ANALYST), appointed(Role.ADMINISTRATOR, "NCA")
    outbox.tell("job ended", "job 7", [number_of(analyst)])
    enter = (
        "INSERT INTO store_outgoing (kind, key, ticket, account_id, made_at, due_at, gathered, "
        "attempt, doubtful, said, outcome) VALUES ('job ended', %s, %s, %s, now(), now(), false, "
        "0, false, '', '') ON CONFLICT DO NOTHING"
    )
    given = parameters(roles.server(), WEB, connection.settings_dict["NAME"])
    for at, (scope, sees) in enumerate([(analyst, 0), (chief, 3), (None, 0)]):
        key = f"key-{at}"
        if scope:
            Session.objects.create(
                session_key=key_hash(key),
                session_data="",
                expire_date=timezone.now() + timedelta(hours=1),
                account_id=number_of(scope),
                acting=Appointment.objects.get(account=number_of(scope)),
                seal=seal_of(key, number_of(scope)),
            )
        with psycopg.connect(**given, autocommit=True) as session:
            session.execute("SELECT gate.enter(%s)", [key])
            values = [f"k{at}", f"t{at}", number_of(analyst)]
            if scope:
                session.execute(enter, values)
            else:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    session.execute(enter, values)
            assert session.execute("SELECT count(*) FROM store_outgoing").fetchone() == (sees,)
            done = session.execute("UPDATE store_outgoing SET outcome = 'sent', ended_at = now()")
            assert done.rowcount == 0
    choose_told(analyst, dict.fromkeys(["job ended"], "never"))
    with psycopg.connect(**given, autocommit=True) as session:
        session.execute("SELECT gate.enter('key-1')")
        assert session.execute("SELECT count(*) FROM store_wish").fetchone() == (0,)


def test_every_kind_is_somebodys_to_be_told(apart):
    for kind in KINDS.values():
        held = [for_account("account:0", role, "kent", 2, "x").permissions for role in Role]
        assert all(any(each in may for may in held) for each in kind.whose)


@pytest.fixture(scope="module")
def home():
    with own_folder(people=True) as folder:
        yield folder


@pytest.fixture(scope="module")
def people(home):
    """The addresses of everybody of a made-up service."""
    run("returns", home=home)
    with logged_in(home) as owner:
        return dict(owner.execute("SELECT id, email FROM store_account").fetchall())


@pytest.mark.parametrize(("dies", "twice"), [("dies_before", 0), ("dies_after", 1)])
def test_a_sender_killed_in_mid_list_leaves_each_with_one(home, people, dies, twice):
    with logged_in(home) as owner:
        for number in people:
            key = f"{dies} {number}"
            owner.execute(
                "INSERT INTO store_outgoing (kind, key, ticket, account_id, made_at, due_at, "
                "gathered, attempt, doubtful, said, outcome) VALUES ('job ended', %s, md5(%s), %s, "
                "now(), now(), false, 0, false, '', '')",
                [key, key, number],
            )
    with mail_server() as (address, received):
        setattr(received, dies, 5)
        child = subprocess.Popen(
            [str(PROGRAM), "work", "--once"],
            env={**environment(home), "DARKFIGURE_MAIL": address},
            stdout=subprocess.DEVNULL,
        )
        received.sender = child.pid
        assert child.wait(timeout=60) == -9
        sent = len(received.taken)
        assert sent == 5
        run("work", "--once", home=home, DARKFIGURE_MAIL=address)
    assert sorted(set(received.addresses)) == sorted(people.values())
    assert len(received.addresses) == len(people) + twice
    names = [mail["Message-ID"] for _, mail in received.taken]
    assert len(set(names)) == len(people)  # one that comes twice is known for one
    said = run("outbox", home=home).stdout
    assert said.count("perhaps sent twice") == 1 + twice
    assert "0 waiting" in said


def test_mail_goes_before_webhooks_that_are_due_earlier(post, operator):
    scope = appointed(Role.ANALYST)
    hook = {"address": "https://example.org/", "events": ["ask.raised"], "locked": "x"}
    made = Webhook.objects.create(agency="kent", made_by="a", **hook)
    now = timezone.now()
    for number in range(2):
        Outgoing.objects.create(
            kind="ask.raised", key=f"a{number}", ticket=f"a{number}", webhook=made, due_at=now
        )
    outbox.tell("job ended", "job 1", [number_of(scope)])
    taken = [outbox.begin_next()[0] for _ in range(3)]
    assert [each.webhook is None for each in taken] == [True, False, False]
    assert outbox.begin_next() == []
