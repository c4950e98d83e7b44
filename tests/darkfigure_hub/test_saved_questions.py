"""Saved questions: asked anew as who saved them when a return came, told of once for each change,
and of nothing that whoever saved them may not see. All synthetic.
"""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone
from test_outbox import appointed, number_of

from darkfigure.basis.errors import DarkfigureError, NotPermitted, UnknownName
from darkfigure.basis.marking import Marking
from darkfigure.publication import ask
from darkfigure_hub.access.acting import acting_as
from darkfigure_hub.access.roles import Role
from darkfigure_hub.flows.receive_return import receive_return
from darkfigure_hub.flows.save_question import (
    forget_question,
    save_question,
    show_saved,
    show_saved_now,
    tell_of_question,
)
from darkfigure_hub.flows.take_back import withdraw
from darkfigure_hub.flows.work_off import ask_job, ask_questions_anew, do_job, take_job
from darkfigure_hub.store.logins import SERVICE
from darkfigure_hub.store.models import Appointment, Job, Outgoing, Return
from darkfigure_hub.store.postgres import entering
from support import statement, statement_file

pytestmark = pytest.mark.xdist_group("outbox")
QUESTION = ask("victims_recovered", date(2026, 1, 1), period="2012")


def acting_of(scope):
    account = number_of(scope)
    return acting_as(account, Appointment.objects.get(account=account).pk)


def returned(operator, folder, value, stated, marking=Marking.PUBLIC, period="2012"):
    made = statement(value=value, period=period, stated_on=stated)
    path = statement_file(folder / f"{value}-{stated}-{period}.csv", made)
    receive_return(operator, path, marking=marking)


def worked_off(operator):
    """What the worker does, in this process; gives how many people's questions were asked anew."""
    number = ask_questions_anew(operator)
    before = entering.login()
    while taken := take_job(operator):
        try:
            ended = do_job(operator, taken.job.number, taken.token, lambda *_: None)
        finally:
            entering.log_in_as(SERVICE if before == SERVICE else before)
        assert ended == "done", Job.objects.get(pk=taken.job.number).said
    return number


def told():
    return Outgoing.objects.filter(kind="answer changed").count()


@pytest.fixture
def analyst(apart, operator, tmp_path):
    returned(operator, tmp_path, 40, "2013-02-01")
    return appointed(Role.ANALYST, "NCA")


def test_a_change_is_told_once_and_shown_with_the_way_to_it(analyst, operator, tmp_path):
    acting = acting_of(analyst)
    number = save_question(analyst, acting, QUESTION, " Victims  in 2012 ", tells=True)
    ((held),) = show_saved(analyst, acting)
    assert (held.name, held.changed_at) == ("Victims in 2012", None)
    assert worked_off(operator) == 0
    returned(operator, tmp_path, 55, "2014-02-01")
    assert worked_off(operator) == 1
    assert told() == 1
    assert worked_off(operator) == 0
    shown = show_saved_now(analyst, acting, number)
    assert shown.held.changed_at is not None
    assert [cell.value for cell in shown.answer.cells] == [55]
    assert shown.held.said == shown.answer.id
    returned(operator, tmp_path, 60, "2015-02-01")
    worked_off(operator)
    assert told() == 2
    assert not Outgoing.objects.filter(kind="job ended").exists()


def test_what_changes_no_figure_and_what_is_of_another_measure_is_not_told(
    analyst, operator, tmp_path
):
    save_question(analyst, acting_of(analyst), QUESTION, "x", tells=True)
    returned(operator, tmp_path, 7, "2014-02-01", period="2013")
    assert worked_off(operator) == 1
    made = statement(measure="arrests", value=3, period="2012", stated_on="2014-02-01")
    receive_return(operator, statement_file(tmp_path / "other.csv", made))
    assert worked_off(operator) == 0
    assert told() == 0


def test_who_does_not_want_to_be_told_and_who_left_are_not(analyst, operator, tmp_path):
    acting = acting_of(analyst)
    number = save_question(analyst, acting, QUESTION, "x", tells=False)
    returned(operator, tmp_path, 55, "2014-02-01")
    assert worked_off(operator) == 0
    tell_of_question(analyst, acting, number, tells=True)
    Appointment.objects.update(ended_at=Appointment.objects.get().approved_at)
    assert worked_off(operator) == 0


def test_each_is_told_of_what_they_may_see(analyst, operator, tmp_path):
    low = appointed(Role.ANALYST, "NCA", number=2, marking=0)
    question = ask("victims_recovered", date(2026, 1, 1), period="2013")
    for scope in (analyst, low):
        save_question(scope, acting_of(scope), question, "x", tells=True)
    returned(operator, tmp_path, 55, "2014-02-01", marking=Marking.OFFICIAL, period="2013")
    assert worked_off(operator) == 2
    held = Outgoing.objects.get(kind="answer changed")
    assert held.account_id == number_of(analyst)


def test_a_saved_question_is_of_who_saved_it(analyst, operator):
    acting = acting_of(analyst)
    number = save_question(analyst, acting, QUESTION, "x", tells=True)
    other = appointed(Role.ANALYST, "NCA", number=2)
    for deed in (
        lambda: show_saved_now(other, acting_of(other), number),
        lambda: forget_question(other, acting_of(other), number),
        lambda: tell_of_question(other, acting_of(other), number, tells=False),
    ):
        with pytest.raises(UnknownName):
            deed()
    for name in ("x", "", "n" * 101):
        with pytest.raises(DarkfigureError):
            save_question(analyst, acting, QUESTION, name, tells=True)
    auditor = appointed(Role.AUDITOR, "NCA")
    with pytest.raises(NotPermitted):
        save_question(auditor, acting_of(auditor), QUESTION, "x", tells=True)
    forget_question(analyst, acting, number)
    assert show_saved(analyst, acting) == []
    save_question(analyst, acting, QUESTION, "x", tells=True)


def test_nobody_asks_for_the_workers_own_work(analyst):
    acting = acting_of(analyst)
    with pytest.raises(UnknownName):
        ask_job(analyst, acting, "questions", {"account": 1, "acting": 1, "questions": [1]})


def test_a_return_that_is_taken_back_or_stands_again_is_told_of(analyst, operator, tmp_path):
    save_question(analyst, acting_of(analyst), QUESTION, "x", tells=True)
    returned(operator, tmp_path, 55, "2014-02-01")
    assert (worked_off(operator), told()) == (1, 1)
    latest = str(Return.objects.latest("id").pk)
    today = timezone.localdate()
    withdraw(operator, "return", latest, "SYNTHETIC mistake", today)
    assert (worked_off(operator), told()) == (1, 2)
    assert worked_off(operator) == 0
    withdraw(operator, "return", latest, "SYNTHETIC mistake", today, undo=True)
    assert (worked_off(operator), told()) == (1, 3)
