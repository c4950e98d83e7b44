"""What is to be said, as a value: a code and what it speaks of. Words are made in `writing` alone.

Notes, faults, reasons and rules travel so through the library: they can be told apart, tested and
written in another language. The words of a source are quoted as they stand and never translated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

QUOTED = "quoted"


class Stated(NamedTuple):
    """The day something was stated, as exactly as is known, for the middle of a sentence."""

    day: date
    precision: str


class Word(NamedTuple):
    """A word of a closed vocabulary (`unit`, `dimension`), by its code."""

    kind: str
    code: str


class Several(NamedTuple):
    """Things said one after another; `joint` names in the catalogue how they are joined."""

    things: tuple[object, ...]
    joint: str


@dataclass(frozen=True)
class Saying:
    """A code of the catalogue and the values its words are filled with.

    A value is a day, a `Stated`, a number, a `Word` or a reason, text that stands as it is, another
    saying, or `Several` of these.
    """

    code: str
    given: tuple[tuple[str, object], ...] = ()

    @property
    def values(self) -> dict[str, object]:
        """What the words are filled with, by name."""
        return dict(self.given)

    def __str__(self) -> str:
        return _speakers[-1](self)


def _unspoken(saying: Saying) -> str:
    return f"{saying.code} {saying.values}"


#: Who puts a saying into the library's own words; `darkfigure` itself says who.
_speakers: list[Callable[[Saying], str]] = [_unspoken]


def spoken_by(speaker: Callable[[Saying], str]) -> None:
    """Name who puts a saying into words where it is simply printed, as in an exception."""
    _speakers.append(speaker)


def say(code: str, /, **given: object) -> Saying:
    """A saying; the names are those in the catalogue's sentence."""
    return Saying(code, tuple(given.items()))


def quote(text: str, brief: str = "") -> Saying:
    """Words that stand as they are: a source's, or an answer's that is read back; `brief` is how
    they are told in the middle of an answer.
    """
    return say(QUOTED, text=text, **({"brief": brief} if brief else {}))


def several(things: Iterable[object], joint: str = "and") -> Several:
    """Things joined in the way the catalogue names."""
    return Several(tuple(things), joint)


def figure_said(value: float | None, low: float | None, high: float | None) -> object:
    """A figure, or its bounds in words."""
    if value is not None:
        return value
    if low is not None and high is not None:
        return say("figure.between", low=low, high=high)
    if low is not None:
        return say("figure.at_least", low=low)
    return say("figure.at_most", high=high) if high is not None else say("figure.none")
