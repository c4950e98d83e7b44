"""A fault in something received, said so that its sender can mend it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from darkfigure.basis.saying import Saying, quote, say, several

#: What may be printed of what was received: a number of a few digits, a day, a period, a code of a
#: list with its parts (HT.6.4, prc:106), a reference made here (ASK-3, E1).
_PLAIN = re.compile(
    r"[-+<>≤]?\d{1,9}([.,]\d{1,6})*%?"
    r"|\d{4}-\d\d-\d\d|\d{4}([-/ ]\d\d|[- ]?Q[1-4])"
    r"|[A-Za-z]{1,4}([.:]\d{1,4}){1,3}"
    r"|(ASK|REPLY|ANSWER|CLOSURE|ORIGIN|TAKEN|GAP|RFI)-\d{1,9}|E\d{1,9}",
    re.ASCII,
)
_SHOWN = ContextVar("values shown", default=False)


@contextmanager
def values_shown() -> Iterator[None]:
    """Print what was received whatever it is: for whoever may read names, and on record."""
    before = _SHOWN.set(True)
    try:
        yield
    finally:
        _SHOWN.reset(before)


def printable(value: str) -> bool:
    """Whether what was received may be printed as it stands."""
    return _SHOWN.get() or not value or bool(_PLAIN.fullmatch(value.strip()))


def told(value: object) -> str:
    """What was received, for the middle of a sentence: as it stands where it may be printed, else
    how long it is.
    """
    text = str(value)
    if printable(text):
        return repr(text)
    return str(say("problems.told", count=len(text)))


def unshown(error: Exception, value: str) -> Saying:
    """What an exception says of a value received, the value told as `told` tells it."""
    text = str(error)
    for each in (value, value.strip()):
        text = text.replace(repr(each), told(each))
    return quote(text[:1].upper() + text[1:])


def _with_value(wrong: Saying, value: str) -> Saying:
    if printable(value):
        return say("problems.shown", wrong=wrong, value=value)
    return say("problems.withheld", wrong=wrong, count=len(value))


@dataclass(frozen=True)
class Problem:
    """One fault: what is wrong, where, and what would be right.

    `line` counts from 1 with the heading as line 1; `column` is a number where its name may not be
    printed. `value` is what was received: it is printed
    where it is a number, a day or a period, and else told by its length, since a column that has
    moved by one holds names. `values_shown` prints it all the same.
    """

    wrong: Saying
    right: Saying
    line: int | None = None
    column: str | int | None = None
    value: str | None = None
    rule: str = "format"

    @property
    def said(self) -> Saying:
        """The whole of it: place, what is wrong, what would be right."""
        wrong = self.wrong
        if self.value is not None:
            wrong = _with_value(wrong, self.value)
        whole = say("problems.whole", wrong=wrong, right=self.right)
        place = []
        if self.line is not None:
            place.append(say("problems.line", line=self.line))
        if self.column:
            place.append(
                say("problems.numbered", column=self.column)
                if isinstance(self.column, int)
                else say("problems.column", column=self.column)
            )
        return say("problems.at", place=several(place, "comma"), what=whole) if place else whole

    def __str__(self) -> str:
        return str(self.said)


@dataclass(frozen=True)
class Remark:
    """Something noticed in a return that does not stop it: a total that does not add up, rows for
    the same cell.
    """

    rule: str
    text: Saying
    line: int | None = None

    def __str__(self) -> str:
        return str(self.said)

    @property
    def said(self) -> Saying:
        """The whole of it, with its line."""
        if self.line is None:
            return self.text
        return say("problems.at", place=say("problems.line", line=self.line), what=self.text)
