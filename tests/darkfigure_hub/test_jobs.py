"""Long work in a queue: whose it is, who may have it done, who is let in to do it. Synthetic."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from darkfigure.basis.errors import DarkfigureError, NotPermitted, UnknownName
from darkfigure_hub.access.acting import acting_as
from darkfigure_hub.access.roles import Role
from darkfigure_hub.access.sealing import job_seal
from darkfigure_hub.flows.work_off import (
    ask_job,
    cancel_job,
    hand_job_back,
    show_job,
    show_jobs,
    take_job,
    watch_job,
)
from darkfigure_hub.store import roles
from darkfigure_hub.store.logins import WEB, parameters
from darkfigure_hub.store.models import Account, Appointment, Job
from darkfigure_hub.store.sessions import key_hash

TABLE = {
    "lists": ["police", "charity", "council"],
    "counts": {str(n): 40 - 4 * n for n in range(1, 8)},
}
WANTED = {**TABLE, "population": "victims_present", "period": "2024", "replicates": 50}


def appointed(role, number, marking=2):
    """Somebody with a role that stands, made up; what they act as and their scope."""
    account = Account.objects.create(
        email=f"{role}.{number}@example.org", name="Alex Invented", made_by="test"
    )
    held = Appointment.objects.create(
        account=account,
        agency="NCA",
        role=str(role),
        marking=marking,
        proposed_by="a",
        approved_by="b",
        approved_at=timezone.now(),
    )
    acting = acting_as(account.pk, held.pk)
    return acting, acting.scope("test")


@pytest.fixture
def statistician(apart):
    return appointed(Role.STATISTICIAN, 1)


def test_it_is_shown_to_who_asked_for_it_alone(statistician):
    acting, scope = statistician
    number = ask_job(scope, acting, "estimate", WANTED)
    assert show_job(scope, number).state == "waiting"
    other = appointed(Role.STATISTICIAN, 2)[1]
    with pytest.raises(UnknownName):
        show_job(other, number)
    assert show_jobs(other) == []
    with pytest.raises(UnknownName):
        cancel_job(other, number)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"counts": {"1": 3}}, "overlap"),
        ({"method": "bicc"}, "bic"),
        ({"replicates": 10**9}, "Replicates"),
        ({"period": "whenever"}, "period"),
        ({"population": "nobody"}, "population"),
    ],
)
def test_what_cannot_be_done_is_refused_when_it_is_asked_for(statistician, change, said):
    acting, scope = statistician
    with pytest.raises(DarkfigureError, match=f"(?i){said}"):
        ask_job(scope, acting, "estimate", {**WANTED, **change})
    assert Job.objects.count() == 0


def test_a_role_asks_for_what_it_may_do(apart, statistician):
    acting, scope = statistician
    with pytest.raises(UnknownName):
        ask_job(scope, acting, "linking", {"as_at": "2026-01-01"})
    acting, scope = appointed(Role.GRADER, 3)
    with pytest.raises(NotPermitted):
        ask_job(scope, acting, "estimate", WANTED)


def test_one_that_waits_is_cancelled_at_once_and_one_in_work_when_it_is_heard(
    statistician, operator
):
    acting, scope = statistician
    waiting, begun = (ask_job(scope, acting, "estimate", WANTED) for _ in range(2))
    assert cancel_job(scope, waiting).state == "cancelled"
    taken = take_job(operator)
    assert taken.job.number == begun
    assert take_job(operator) is None
    assert watch_job(operator, taken, {"done": 1})
    assert cancel_job(scope, begun).state == "being cancelled"
    assert not watch_job(operator, taken, {"done": 2})
    assert show_job(scope, begun).state == "cancelled"
    with pytest.raises(DarkfigureError, match="has ended"):
        cancel_job(scope, begun)


def test_a_worker_that_is_lost_loses_it_and_the_second_time_it_has_failed(statistician, operator):
    acting, scope = statistician
    number = ask_job(scope, acting, "estimate", WANTED)
    first = take_job(operator)
    Job.objects.update(heard_at=timezone.now() - timedelta(minutes=1))
    second = take_job(operator)
    assert (second.job.number, second.job.attempt) == (number, 2)
    assert not watch_job(operator, first, {})
    assert watch_job(operator, second, {})
    Job.objects.update(heard_at=timezone.now() - timedelta(minutes=1))
    assert take_job(operator) is None
    assert show_job(scope, number).state == "failed"


def test_who_leaves_has_nothing_done_any_more(statistician, operator):
    acting, scope = statistician
    number = ask_job(scope, acting, "estimate", WANTED)
    taken = take_job(operator)
    Appointment.objects.filter(pk=acting.number).update(ended_at=timezone.now())
    assert not watch_job(operator, taken, {})
    assert "may not have it done" in Job.objects.get(pk=number).said


@contextmanager
def let_in_for(number, token):
    """The web's connection, let in for a job, and whether it was."""
    given = parameters(roles.server(), WEB, connection.settings_dict["NAME"])
    with psycopg.connect(**given, autocommit=True) as session:
        done = session.execute("SELECT gate.enter_job(%s, %s)", [number, token]).fetchone()[0]
        yield done, session.execute("SELECT gate.who()").fetchone()[0]


def test_the_gate_lets_in_the_worker_that_has_it_and_nobody_else(statistician, operator):
    acting, scope = statistician
    number = ask_job(scope, acting, "estimate", WANTED)
    with let_in_for(number, "") as (done, who):
        assert (done, who) == (False, "public")
    taken = take_job(operator)
    with let_in_for(number, taken.token) as (done, who):
        assert (done, who) == (True, scope.who)
    for token in ("", "guess", key_hash(taken.token), Job.objects.get(pk=number).seal):
        with let_in_for(number, token) as (done, _):
            assert not done
    chief = appointed(Role.ANALYST, 9)[0]
    changes = [
        {"account_id": chief.account, "acting_id": chief.number},
        {"sha256": "0" * 64},
        {"ticket": "0" * 32},
        {"seal": job_seal("0" * 32, acting.account, acting.number, "x", "")},
        {"purpose": "linkage"},
        {"ended_at": timezone.now(), "outcome": "done"},
    ]
    kept = Job.objects.filter(pk=number).values().get()
    for change in changes:
        Job.objects.filter(pk=number).update(**change)
        with let_in_for(number, taken.token) as (done, _):
            assert not done, change
        Job.objects.filter(pk=number).update(**{name: kept[name] for name in change})
    Account.objects.filter(pk=acting.account).update(disabled_at=timezone.now())
    with let_in_for(number, taken.token) as (done, _):
        assert not done


def test_a_worker_that_is_told_to_stop_hands_it_back_and_that_does_not_count(
    statistician, operator
):
    acting, scope = statistician
    number = ask_job(scope, acting, "estimate", WANTED)
    for _ in range(4):
        taken = take_job(operator)
        assert taken.job.number == number
        hand_job_back(operator, taken)
        assert show_job(scope, number).state == "waiting"
        assert not watch_job(operator, taken, {})  # it is nobody's meanwhile
    assert take_job(operator).job.attempt == 1
