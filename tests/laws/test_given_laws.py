"""The law of what was given: whatever arrives afterwards, an id opens to what was said under it, no
two contents share one, and the register says of each response whether it would be said today.
"""

from __future__ import annotations

import tempfile
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_laws import QUESTIONS, asked, files, hold, relaxed

from darkfigure.publication import answer
from darkfigure.publication.answer import told_by
from darkfigure.publication.response import AskedBy, LetterForm, Part, Response
from darkfigure.writing.answers import as_json
from darkfigure.writing.responses.as_text import write_response
from darkfigure_hub.flows.answer_question import answer_question
from darkfigure_hub.flows.open_source import open_source
from darkfigure_hub.flows.receive_return import receive_return
from darkfigure_hub.flows.request_asked import Wanted
from darkfigure_hub.flows.respond import Request, draft_response, register_response
from darkfigure_hub.flows.show_responses import changed_responses
from support import examples, statement_file

TODAY = datetime.now(ZoneInfo("Europe/London")).date()
asking = st.lists(
    st.tuples(st.sampled_from(QUESTIONS), st.sampled_from([date(2008, 12, 31), TODAY])),
    min_size=1,
    max_size=3,
)


@settings(relaxed, max_examples=examples(25))
@given(files, st.sampled_from(QUESTIONS), st.sampled_from(LetterForm))
def test_a_letter_is_the_same_when_its_answer_is_read_back(known, question, form):
    found = answer(asked(question, TODAY), hold(*known))
    read = as_json.read_answer(as_json.packed_answer(found))
    assert read.id == found.id
    letters = [
        write_response(Response("Subject", AskedBy.PUBLIC, form, TODAY, (Part("a", each),)))
        for each in (found, read)
    ]
    assert letters[0] == letters[1]


@settings(relaxed, max_examples=examples(25))
@given(files, files, st.sampled_from(QUESTIONS))
def test_answers_share_an_id_where_they_say_the_same_from_the_same(one, other, question):
    first, second = (answer(asked(question, TODAY), hold(*known)) for known in (one, other))
    same = first.basis == second.basis and what_is_said(first) == what_is_said(second)
    assert (first.id == second.id) == same
    assert first.id[:10] == second.id[:10] == first.question.id


def what_is_said(found):
    return [(told_by(cell), cell.reasons) for cell in found.cells], [
        each.reason for each in found.cannot
    ]


def said_of(found):
    return {cell.id: told_by(cell) for cell in found.cells}


@pytest.mark.django_db
@settings(max_examples=examples(15), deadline=None, suppress_health_check=list(HealthCheck))
@given(files, asking)
def test_every_id_ever_given_opens_to_what_was_said(operator, known, questions):
    from django.db import transaction

    said = {}
    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        for number, content in enumerate(known):
            receive_return(operator, statement_file(Path(folder) / f"{number}.csv", *content))
            for question, day in questions:
                said |= said_of(answer_question(operator, asked(question, day)))
        now = {}
        for question, day in questions:
            now |= said_of(answer_question(operator, asked(question, day)))
        for cell_id, figures in said.items():
            opened = open_source(operator, cell_id)
            assert told_by(opened.given) == figures
            if cell_id in now:
                assert not opened.moved
                assert not opened.changed
            if opened.moved:
                assert opened.gone or told_by(opened.cell) != figures
            else:
                assert told_by(opened.cell) == figures
        transaction.set_rollback(True)


@pytest.mark.django_db
@settings(max_examples=examples(15), deadline=None, suppress_health_check=list(HealthCheck))
@given(files, asking)
def test_the_register_tells_which_responses_would_be_others_today(operator, known, questions):
    """By the plain rules in memory: what was given after each file, against what is held at the
    end.
    """
    from django.db import transaction

    before = {}
    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        standing = {each.reference for each in _register(operator)}
        for number, content in enumerate(known):
            receive_return(operator, statement_file(Path(folder) / f"{number}.csv", *content))
            wanted = [Wanted(asked(question, day)) for question, day in questions]
            drafted = draft_response(operator, wanted, Request(), TODAY)
            made = register_response(operator, drafted, public=True)
            before[made.reference] = [figures(part.answer) for part in made.parts]
        today = draft_response(operator, wanted, Request(), TODAY).response
        latest = draft_response(
            operator,
            [Wanted(asked(question, _now())) for question, _ in questions],
            Request(),
            TODAY,
        ).response
        moved = {
            reference
            for reference, given_then in before.items()
            if given_then != [figures(part.answer) for part in today.parts]
            or given_then != [figures(part.answer) for part in latest.parts]
        }
        told = {each.response.reference for each in changed_responses(operator)} - standing
        assert told == moved
        transaction.set_rollback(True)


def _register(operator):
    from darkfigure_hub.flows.show_responses import all_responses

    return all_responses(operator)


def _now():
    from django.utils import timezone

    return timezone.localdate()


def figures(found):
    return {
        (*sorted(cell.dims.items()), str(cell.status)): told_by(cell)
        for cell in found.cells
        if told_by(cell) != (None, None, None)
    }
