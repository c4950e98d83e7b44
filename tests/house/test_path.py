"""The path of a question: each room does its part and hands on; nobody goes back for more."""

from __future__ import annotations

import itertools
import sys
from datetime import date
from pathlib import Path

import pytest

import darkfigure
from darkfigure.publication import answer, ask

LIBRARY = Path(darkfigure.__file__).parent
#: Words that every room speaks, and the two that only call the others in turn.
SPOKEN = {"tables/question", "tables/measures"}
CONDUCT = {"publication/answer", "tables/gathering", "tables/tabulate"}


#: Blocks are read, sorted by what they can do, and their rows read; then made into cells.
WAY = (
    "tables/groups",
    "tables/memory",
    "tables/selection",
    "tables/memory",
    "tables/unreturned",
    "tables/memory",
    "tables/undivided",
    "tables/memory",
    "tables/pieces",
    "tables/noughts",
    "tables/pieces",
    "tables/cover",
    "tables/pieces",
    "tables/building",
    "tables/cell",
    "publication/not_divided",
    "intelligence/requirements",
    "publication/marked",
)


def rooms(question, evidence):
    """The modules that a question passes through, those that only speak or conduct left out."""
    passed = []

    def entered(frame, event, _):
        file = Path(frame.f_code.co_filename)
        if event == "call" and LIBRARY in file.parents and frame.f_code.co_name[0] != "<":
            passed.append("/".join(file.relative_to(LIBRARY).with_suffix("").parts))

    sys.setprofile(entered)
    try:
        answer(question, evidence)
    finally:
        sys.setprofile(None)
    kept = [
        room
        for room in passed
        if room not in SPOKEN | CONDUCT and not room.startswith(("basis/", "codes/"))
    ]
    return [room for room, _ in itertools.groupby(kept)]


@pytest.mark.parametrize(
    ("measure", "asked"),
    [
        ("victims_recovered", {"by": ["operation", "exploitation"]}),
        ("victims_recovered", {"where": ["operation=Pentameter 2"]}),
        ("arrests", {"by": ["operation"]}),
        ("victims_identified", {"period": "2005"}),
    ],
)
def test_a_question_passes_each_room_once(memory, measure, asked):
    passed = rooms(ask(measure, date(2008, 12, 17), **asked), memory)
    # Some rooms have nothing to do for some questions; none is come back to. Where there is no
    # figure at all, questions nearer to what is held are asked, each by the same way.
    passed = list(itertools.takewhile(lambda room: room != "tables/nearest", passed))
    left = iter(WAY)
    assert all(room in left for room in passed), passed
