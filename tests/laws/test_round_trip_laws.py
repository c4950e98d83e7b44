"""What Darkfigure writes it reads: an answer taken in anew gives the same answer. SYNTHETIC."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from test_laws import DAYS, RECEIVED, asked, hold, one_each
from test_laws import QUESTIONS as ANY_QUESTION
from test_laws import records as plain_records

from darkfigure.evidence.snapshots import open_snapshot
from darkfigure.publication import answer, ask
from darkfigure.reading import evidence_from
from darkfigure.writing.answers import as_csv, as_csvw, as_json, as_ods
from snapshots_written import snapshot_of
from support import examples, statement, statement_file

BOUNDS = {
    "a figure": {"value": "12"},
    "nought": {"value": "0"},
    "bounds": {"low": "3", "high": "9"},
    "suppressed": {"low": "1", "high": "4", "reason": "suppressed"},
    "at least": {"low": "5", "reason": "withheld"},
    "a reason": {"reason": "not_collected"},
    "not available": {"reason": "not_available"},
    "noted": {"value": "7", "note": "=1+1 is said beside it, | and more"},
}
records = st.builds(
    lambda period, operation, exploitation, what, body: statement(
        period=period,
        operation=operation,
        exploitation=exploitation,
        stated_by=body,
        stated_on="2008-12-17",
        **BOUNDS[what],
    ),
    st.sampled_from(["2006", "2006Q1", "2006Q2", "2007", "2006-04..2006-09"]),
    st.sampled_from(["", "Pentameter 1"]),
    st.sampled_from(["", "sexual", "labour", "sexual & labour"]),
    st.sampled_from(list(BOUNDS)),
    st.sampled_from(["HO", "UKHTC"]),
)
QUESTIONS = [
    {"by": ["exploitation", "period"]},
    {"by": ["operation", "exploitation", "period"]},
    {"by": ["period"]},
]
FORMS = {
    "csv": lambda found: as_csv.write_answer(found).encode(),
    "json": lambda found: as_json.write_answer(found).encode(),
    "ods": as_ods.write_answer,
    "zip": as_csvw.write_answer,
}


def said(question, evidence):
    """What an answer says, cell by cell."""
    return sorted(
        (
            str(sorted(cell.dims.items())),
            cell.period,
            str((cell.value, cell.low, cell.high, cell.reasons[:1])),
        )
        for cell in answer(question, evidence).cells
    )


@pytest.mark.parametrize("form", FORMS)
@given(st.lists(records, min_size=1, max_size=6).map(one_each), st.sampled_from(QUESTIONS))
def test_an_answer_taken_in_anew_says_the_same(form, given_records, asked):
    with tempfile.TemporaryDirectory() as folder:
        path = statement_file(Path(folder) / "synthetic.csv", *given_records)
        question = ask("victims_recovered", RECEIVED, **asked)
        evidence = evidence_from([path], RECEIVED)
        found = answer(question, evidence)
        if not found.cells:
            return
        own = Path(folder) / f"own.{form}"
        own.write_bytes(FORMS[form](found))
        note(as_csv.write_answer(found))
        assert said(question, evidence_from([own], RECEIVED)) == said(question, evidence)


@pytest.mark.parametrize("form", FORMS)
def test_what_is_read_back_is_not_counted_a_second_time(tmp_path, form):
    path = statement_file(
        tmp_path / "synthetic.csv",
        statement(period="2006Q1", exploitation="sexual", value="5"),
        statement(period="2006Q1", exploitation="labour", value="6"),
    )
    question = ask("victims_recovered", RECEIVED, by=["period"])
    alone = evidence_from([path], RECEIVED)
    own = tmp_path / f"own.{form}"
    own.write_bytes(FORMS[form](answer(question, alone)))
    assert said(question, evidence_from([path, own], RECEIVED)) == said(question, alone)


def told(question, evidence):
    """All that an answer says: every cell with its notes, rule and sources, what cannot be said,
    and what it rests on.
    """
    found = answer(question, evidence)
    cells = [
        (
            sorted(cell.dims.items()),
            cell.period,
            (cell.value, cell.low, cell.high, cell.status, cell.reasons),
            [str(each) for each in cell.notes],
            str(cell.rule),
            sorted(str(each._replace(rule="")) for each in cell.sources),
        )
        for cell in found.cells
    ]
    refused = [(str(each.reason), str(each.detail)) for each in found.cannot]
    return cells, refused, found.basis


def named_alike(cells):
    """Cells without what the files behind them are called and number."""
    return [cell[:5] for cell in cells]


every_sort = st.lists(
    st.lists(st.one_of(records, plain_records), min_size=1, max_size=6).map(one_each),
    min_size=1,
    max_size=4,
)
#: Some questions on some days: over the examples all of them are asked.
some_asked = st.lists(
    st.tuples(st.sampled_from(ANY_QUESTION), st.sampled_from(DAYS)), min_size=1, max_size=6
)
relaxed = settings(
    max_examples=examples(40), deadline=None, suppress_health_check=list(HealthCheck)
)


@relaxed
@given(every_sort, some_asked)
def test_a_snapshot_taken_in_anew_answers_every_question_alike(known, questions):
    held = hold(*known)
    with tempfile.TemporaryDirectory() as place:
        folder = snapshot_of(held, Path(place) / "snap")
        again = evidence_from([folder], RECEIVED)
        other = evidence_from([folder / "manifest.json"], RECEIVED)
        there = open_snapshot(folder).evidence
        for question, day in questions:
            wanted = told(asked(question, day), held)
            for evidence in (again, other, there):
                assert told(asked(question, day), evidence) == wanted


@pytest.mark.django_db
@settings(max_examples=examples(10), deadline=None, suppress_health_check=list(HealthCheck))
@given(every_sort, st.integers(0, 3))
def test_a_snapshot_taken_in_by_a_repository_answers_alike(operator, known, part):
    """Into one that lacks it, and into one that holds some of it: nothing is there twice."""
    from django.db import transaction

    from darkfigure_hub.flows.receive_return import receive_return
    from darkfigure_hub.store.models import Block
    from darkfigure_hub.store.queries.evidence import StoreEvidence

    held = hold(*known)
    with transaction.atomic(), tempfile.TemporaryDirectory() as place:
        Block.objects.filter(measure="victims_recovered").update(measure="set_aside")
        for number, content in enumerate(known[:part]):
            receive_return(operator, statement_file(Path(place) / f"{number}.csv", *content))
        folder = snapshot_of(held, Path(place) / "snap")
        receive_return(operator, folder)
        rows = Block.objects.filter(measure="victims_recovered").values_list("rows", flat=True)
        assert sum(rows) == sum(len(table.rows) for table in held._held)
        again = receive_return(operator, folder)
        assert again.already
        for question in ANY_QUESTION:
            for day in DAYS[::3]:
                # What is refused may follow from other measures that the repository holds.
                cells, _, basis = told(asked(question, day), StoreEvidence(operator))
                wanted, _, same = told(asked(question, day), held)
                assert (named_alike(cells), basis) == (named_alike(wanted), same)
        transaction.set_rollback(True)
