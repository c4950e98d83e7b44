"""Understand a question in plain words: its readings, best first. Nothing is read from the
repository and nothing is kept.
"""

from __future__ import annotations

from datetime import date

from darkfigure.basis.errors import UnknownName
from darkfigure.basis.period import parse_day
from darkfigure.understanding import Reading, understand
from darkfigure.writing.understanding import readings
from darkfigure.writing.words import ENGLISH

#: A longer text is no question.
LONGEST = 2000


def understand_words(text: str, today: date, as_at: str | None = None) -> tuple[Reading, ...]:
    """The readings of a text, best first, as at a day. Raises UnknownName for what is too long or
    blank, Unreadable for what is no day.
    """
    if not text.strip():
        raise UnknownName("Ask something: what was counted, of whom, where and when.")
    if len(text) > LONGEST:
        raise UnknownName(f"A question has at most {LONGEST:,} signs; this has {len(text):,}.")
    return understand(text, parse_day(as_at) if as_at and as_at.strip() else today)


def sure_reading(text: str, today: date, as_at: str | None = None) -> tuple[Reading, list[str]]:
    """The first reading of a text, and what is said beside its answer: how it was understood.

    Raises UnknownName, with the readings there are, where the first is not sure.
    """
    found = understand_words(text, today, as_at)
    if not found:
        raise UnknownName(ENGLISH.text("understanding.nothing"))
    if not found[0].sure:
        shown = readings.write_text(found).rstrip()
        raise UnknownName(f"{ENGLISH.text('understanding.asks')}\n{shown}")
    line = ENGLISH.text("understanding.understood", reading=readings.line(found[0]))
    return found[0], [line, *map(ENGLISH.say, found[0].taken)]
