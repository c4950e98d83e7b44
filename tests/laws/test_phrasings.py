"""Questions as people type them, each with its right reading, written by those who had not seen the
vocabulary.

A reading is right where measure, breakdowns, conditions, period and day are, and where it says that
words are left out if some must be; to leave out more is to ask once too often, and counted apart.
`phrasings/mended.csv` was looked at afterwards and its faults mended; `phrasings/blind.csv` was
not (decision 0036). A text that stands twice has two right readings.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from darkfigure.basis.period import parse_period
from darkfigure.understanding import understand

PHRASINGS = Path(__file__).parent / "phrasings"
TODAY = date(2026, 11, 26)
#: The least that must be right: the first reading, and one of the three shown; and the least of
#: what can be answered wholly that is answered at once.
FIRST, SHOWN, AT_ONCE = 0.85, 0.95, 0.75


def key_of(entry):
    """A right reading, as it is compared."""
    period = parse_period(entry["period"]) if entry["period"] else None
    return (
        entry["measure"],
        frozenset(filter(None, entry["by"].split(","))),
        frozenset(tuple(each.split("=", 1)) for each in entry["where"].split(";") if each),
        (period.start, period.end) if period else None,
        date.fromisoformat(entry["as_at"]) if entry["as_at"] else TODAY,
        bool(entry["left_out"]),
    )


def read_as(reading):
    """A reading, as it is compared."""
    return (
        reading.measure.code,
        frozenset(reading.by),
        frozenset(reading.where),
        (reading.period.start, reading.period.end) if reading.period else None,
        reading.as_at,
        bool(reading.left_out),
    )


def is_right(reading, wanted):
    """Whether a reading is one of the right ones."""
    *said, left_out = read_as(reading)
    return any(said == [*right] and left_out >= must for *right, must in wanted)


def phrasings(name):
    """Every text with its right readings."""
    right = defaultdict(set)
    with (PHRASINGS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        for entry in csv.DictReader(file):
            right[entry["text"]].add(key_of(entry))
    return right


@pytest.mark.parametrize("name", sorted(each.stem for each in PHRASINGS.glob("*.csv")))
def test_people_are_understood_or_asked(name):
    right = phrasings(name)
    wrong, unseen, silent, asked = [], [], [], []
    for text, wanted in right.items():
        readings = understand(text, TODAY)
        ways = [is_right(each, wanted) for each in readings]
        if not any(ways[:1]):
            wrong.append(text)
            silent += [text] if readings and readings[0].sure else []
        if not any(ways):
            unseen.append(text)
        one = len(wanted) == 1 and not any(each[-1] for each in wanted)
        if one and not any(each.sure for each in readings):
            asked.append(text)
    assert len(right) >= 150
    assert silent == []
    assert 1 - len(wrong) / len(right) >= FIRST, wrong
    assert 1 - len(unseen) / len(right) >= SHOWN, unseen
    assert 1 - len(asked) / len(right) >= AT_ONCE, asked
