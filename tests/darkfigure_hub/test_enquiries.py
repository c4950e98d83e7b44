"""Requests at the answers desk: written by one, released by another, as they were read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from darkfigure.basis.errors import DarkfigureError, NotPermitted, UnknownName, Unreadable
from darkfigure.basis.marking import Marking
from darkfigure_hub.access.roles import Role
from darkfigure_hub.access.scopes import for_account
from darkfigure_hub.flows.enquire import (
    Opening,
    change_enquiry,
    close_enquiry,
    open_enquiry,
    release_enquiry,
    show_enquiries,
    show_enquiry,
)
from darkfigure_hub.flows.receive_return import receive_return
from darkfigure_hub.flows.show_responses import disclosures, show_response
from darkfigure_hub.store.models import Enquiry
from support import examples, statement, statement_file

DESK = for_account("account:910001", Role.ANSWERS_DESK, "centre", 2, "test")
OTHER = replace(DESK, who="account:910003")
RELEASER = for_account("account:910002", Role.RELEASE_OFFICER, "centre", 2, "test")
CAME = date(2026, 3, 2)
PART = {"ask": "victims_recovered", "period": "2024"}


def loaded(operator, tmp_path, value, stated_on, marking=Marking.PUBLIC):
    row = statement(period="2024", value=value, stated_on=stated_on, source="SYNTHETIC")
    path = statement_file(tmp_path / f"{stated_on}.csv", row)
    return receive_return(operator, path, marking=marking).returns[0]


@pytest.fixture
def one(apart, operator, tmp_path):
    """An enquiry of one part that has a figure."""
    loaded(operator, tmp_path, 412, "2025-02-01")
    number = open_enquiry(DESK, Opening(CAME, text="What did Synthetic Someone ask?"))
    change_enquiry(DESK, number, read(number), [PART])
    return number


def read(number):
    return show_enquiry(DESK, number).held.sha256


def released(number, **given):
    seal = show_enquiry(RELEASER, number).seal
    return release_enquiry(RELEASER, number, seal, **{"public": True, **given})


def test_one_writes_it_another_releases_it_and_its_words_go_with_it(one):
    shown = show_enquiry(DESK, one)
    assert "Synthetic Someone" in shown.text
    assert shown.drafted.response.parts[0].answer.cells[0].value == 412
    response = released(one)
    assert disclosures(RELEASER)[0].reference == response.reference
    ended = show_enquiry(DESK, one)
    assert (ended.held.state, ended.text, ended.parts) == ("released", "", ())
    assert ended.held.response_name == response.reference
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM identity.enquiry WHERE enquiry_id = %s", [one])
        assert cursor.fetchone() == (0,)


def test_who_wrote_any_of_it_does_not_release_it(one):
    writes_too = replace(RELEASER, permissions=RELEASER.permissions | DESK.permissions)
    change_enquiry(writes_too, one, read(one), [PART, {**PART, "by": ["sex"]}])
    seal = show_enquiry(writes_too, one).seal
    with pytest.raises(DarkfigureError, match="You wrote some of it"):
        release_enquiry(writes_too, one, seal, public=True)
    with pytest.raises(NotPermitted):
        release_enquiry(DESK, one, seal, public=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Enquiry.objects.filter(pk=one).update(released_by=DESK.who)


def test_a_release_falls_where_a_word_or_a_figure_is_another(one, operator, tmp_path):
    seal = show_enquiry(RELEASER, one).seal
    loaded(operator, tmp_path, 420, "2025-06-01")
    with pytest.raises(DarkfigureError, match="another than you read"):
        release_enquiry(RELEASER, one, seal, public=True)
    seal = show_enquiry(RELEASER, one).seal
    change_enquiry(DESK, one, read(one), [{**PART, "period": "2023"}])
    with pytest.raises(DarkfigureError, match="another than you read"):
        release_enquiry(RELEASER, one, seal, public=True)
    assert show_enquiry(DESK, one).held.state == "open"


def test_the_same_question_answered_otherwise_shows_both_figures_and_why(one, operator, tmp_path):
    released(one)
    loaded(operator, tmp_path, 430, timezone.localdate().isoformat())
    number = open_enquiry(OTHER, Opening(timezone.localdate()))
    change_enquiry(OTHER, number, read(number), [PART])
    (departs,) = show_enquiry(RELEASER, number).departures
    (move,) = departs.moves
    assert (move.given.value, move.now.value) == (412, 430)


def test_a_second_release_is_told_of_the_first(one):
    seal = show_enquiry(RELEASER, one).seal
    release_enquiry(RELEASER, one, seal, public=True)
    with pytest.raises(DarkfigureError, match="was released meanwhile"):
        release_enquiry(replace(RELEASER, who="account:910009"), one, seal, public=True)


def test_two_change_it_at_once_and_one_is_told(one):
    digest = read(one)
    change_enquiry(DESK, one, digest, [PART])
    with pytest.raises(DarkfigureError, match="changed by somebody else"):
        change_enquiry(OTHER, one, digest, [])
    assert len(show_enquiry(DESK, one).parts) == 1


def test_what_is_marked_goes_out_with_a_reason(apart, operator, tmp_path):
    loaded(operator, tmp_path, 77, "2025-02-01", Marking.OFFICIAL)
    number = open_enquiry(DESK, Opening(CAME))
    change_enquiry(DESK, number, read(number), [PART])
    with pytest.raises(NotPermitted, match="returns that are marked"):
        released(number)
    assert show_enquiry(DESK, number).held.state == "open"
    assert released(number, release_marked="Published by the force already.").public


def test_a_correction_stands_in_the_place_of_what_it_corrects(one, operator, tmp_path):
    before = released(one)
    loaded(operator, tmp_path, 401, "2025-01-15")
    loaded(operator, tmp_path, 415, "2026-01-15")
    opening = Opening(
        timezone.localdate(), corrects=before.reference, reason="A return had been left out."
    )
    number = open_enquiry(DESK, opening)
    corrected = released(number)
    assert corrected.corrects == before.reference
    assert show_response(RELEASER, before.reference).response.corrected_by == corrected.reference
    with pytest.raises(Unreadable, match="corrected already"):
        open_enquiry(DESK, opening)


def test_it_may_be_closed_with_a_reason(one):
    with pytest.raises(Unreadable, match="Say why"):
        close_enquiry(DESK, one, read(one), " ")
    close_enquiry(DESK, one, read(one), "Taken back by who asked.")
    assert show_enquiry(DESK, one).held.closed_because == "Taken back by who asked."
    with pytest.raises(DarkfigureError, match="was closed meanwhile"):
        change_enquiry(DESK, one, read(one), [PART])


def test_what_is_due_first_stands_first_and_the_act_says_when(apart):
    late, soon = (
        open_enquiry(DESK, Opening(day, title=f"Synthetic {day}"))
        for day in (CAME, CAME - timedelta(days=40))
    )
    without = open_enquiry(DESK, Opening(CAME, form="press"))
    found = [each.number for each in show_enquiries(DESK) if each.state == "open"]
    assert found == [soon, late, without]
    assert show_enquiry(DESK, late).held.due_on == date(2026, 3, 31)
    assert show_enquiry(DESK, without).held.due_on is None


@pytest.mark.parametrize(
    ("opening", "said"),
    [
        (Opening(date(2999, 1, 1)), "lies ahead"),
        (Opening(CAME, due_on=date(2026, 1, 1)), "due before it came"),
        (Opening(CAME, title="For Mr Madeup of Kent"), "a person's name"),
        (Opening(CAME, reference="not a reference"), "reference"),
        (Opening(CAME, corrects="RESPONSE-9999", reason="x"), "no response"),
    ],
)
def test_what_cannot_be_is_refused(apart, opening, said):
    with pytest.raises((Unreadable, UnknownName), match=said):
        open_enquiry(DESK, opening)


def test_a_part_that_cannot_be_asked_is_told_and_kept(one):
    change_enquiry(DESK, one, read(one), [PART, {"ask": "no such thing at all zzz"}])
    shown = show_enquiry(DESK, one)
    assert "part 2" in shown.refused
    assert shown.drafted is None
    with pytest.raises(DarkfigureError, match="part 2"):
        release_enquiry(RELEASER, one, "", public=True)


def test_it_is_not_there_for_who_may_not_read_responses(one):
    with pytest.raises(NotPermitted):
        show_enquiry(for_account("account:3", Role.GRADER, "centre", 2, "test"), one)


STEPS = st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["read", "save"])), max_size=8)


@settings(max_examples=examples(12), deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_in_any_order_who_saves_last_read_what_was_saved_before(one, steps):
    """Of three people who read and save in any order, what is saved is saved over what its writer
    read, and whoever is told otherwise has changed nothing.
    """
    desks = [replace(DESK, who=f"account:{920_001 + each}") for each in range(3)]
    told = [read(one)] * 3
    stands = [dict(each) for each in show_enquiry(DESK, one, draft=False).parts]
    current = told[0]
    for place, (who, step) in enumerate(steps):
        if step == "read":
            told[who] = read(one)
            continue
        put = [{**PART, "period": str(1990 + place)}]
        if told[who] == current:
            change_enquiry(desks[who], one, told[who], put)
            stands, current = put, read(one)
            assert current != told[who]
        else:
            with pytest.raises(DarkfigureError, match="changed by somebody else"):
                change_enquiry(desks[who], one, told[who], put)
        assert [dict(each) for each in show_enquiry(DESK, one, draft=False).parts] == stands
