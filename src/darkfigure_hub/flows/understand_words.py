"""Understand a question in plain words: its readings, best first. Nothing is read from the
repository and nothing is kept.
"""

from __future__ import annotations

from datetime import date

from darkfigure.basis.errors import UnknownName
from darkfigure.basis.period import parse_day
from darkfigure.understanding import Reading, understand

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
