"""What Darkfigure writes it reads: an answer taken in anew gives the same answer. SYNTHETIC."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, note
from hypothesis import strategies as st
from test_laws import RECEIVED, one_each

from darkfigure.publication import answer, ask
from darkfigure.reading import evidence_from
from darkfigure.writing.answers import as_csv, as_json, as_ods
from support import statement, statement_file

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
