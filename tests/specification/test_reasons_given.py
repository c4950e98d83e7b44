"""Reasons that answers desks give, as a body states them: each is kept, said and worded as what it
is. All made up here.
"""

from __future__ import annotations

from datetime import date

import pytest

from darkfigure.basis.status import CellReason
from darkfigure.publication import answer, ask
from darkfigure.reading import evidence_from
from darkfigure.reading.shorthand import KNOWN
from darkfigure.writing.answers.as_hansard import write_answer
from darkfigure.writing.words import ENGLISH
from support import statement, statement_file

DAY = date(2026, 11, 26)
#: Words of section 1 of the Act: only of a body that says so of itself.
OF_SECTION_1 = "is not held by the body named"


def reply(tmp_path, reason, note):
    """The written answer where a body gives a reason in place of a figure."""
    path = tmp_path / "synthetic.csv"
    row = statement(measure="arrests", operation="Pentameter 1", reason=reason, note=note)
    statement_file(path, {**row, "stated_on": "2026-01-05"})
    found = answer(ask("arrests", DAY, by=["operation"]), evidence_from([path], DAY))
    assert [refusal.reason for refusal in found.cannot] == [CellReason(reason)]
    return write_answer(found)


@pytest.mark.parametrize(
    ("reason", "note", "begins"),
    [
        (
            "cost_limit",
            "SYNTHETIC: 1,200 records at 5 minutes each are 100 hours, over 24.",
            "To find the information asked for would exceed the appropriate limit",
        ),
        ("exempt", "SYNTHETIC: section 31(1)(a).", "The information asked for is held and is"),
        ("case_notes", "SYNTHETIC: in free text.", "The information asked for is held only in"),
        ("held_elsewhere", "SYNTHETIC: the CPS.", "The information asked for is held by another"),
        ("partial_returns", "SYNTHETIC: 35 of 43.", "The information asked for was returned by"),
        ("not_held", "SYNTHETIC: no such field.", "The information asked for is not held by"),
    ],
)
def test_a_reason_is_worded_as_what_it_is(tmp_path, reason, note, begins):
    said = " ".join(reply(tmp_path, reason, note).split())
    assert said.startswith("SYNTHETIC: ")
    assert begins in said
    assert note in said


@pytest.mark.parametrize("reason", [each for each in CellReason if each is not CellReason.NOT_HELD])
def test_words_of_section_1_are_for_that_reason_alone(tmp_path, reason):
    assert OF_SECTION_1 not in " ".join(reply(tmp_path, reason, "SYNTHETIC").split())


def test_every_reason_has_words_and_is_read_in_a_cell():
    for reason in CellReason:
        assert ENGLISH.has(f"reason.{reason}")
        assert KNOWN[str(reason)].reason == reason
    assert KNOWN["not held"].reason == CellReason.NOT_HELD
