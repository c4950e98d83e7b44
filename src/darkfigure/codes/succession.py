"""What a code stood for before: the codes that went over into it, and when.

A code goes over into its successors on the day after its last. What went over into one code that
was not there before is part of it in former days: those figures may be added up. What went over
into several is in none of them alone, and is never divided.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from darkfigure.basis.period import day_before
from darkfigure.codes.code import Code
from darkfigure.codes.codelist import codes_for
from darkfigure.codes.following import follows_lists


class Span(NamedTuple):
    """A code, and the days for which its figures are, or are part of, those asked for."""

    code: str
    first: date | None
    last: date | None


@dataclass
class Lineage:
    """What a code stood for before.

    `parts` together are the code, itself first; `shared` went over into it and others, `joined`
    went over into it while it was there; `after` are those that it went over into itself.
    """

    parts: list[Span]
    shared: list[Code] = field(default_factory=list)
    joined: list[Code] = field(default_factory=list)
    after: tuple[str, ...] = ()


@follows_lists()
def former(dimension: str) -> dict[str, tuple[Code, ...]]:
    """The codes of a dimension that went over into each code."""
    into: dict[str, list[Code]] = defaultdict(list)
    for code in codes_for(dimension).codes.values():
        for successor in code.successors:
            into[successor].append(code)
    return {name: tuple(codes) for name, codes in into.items()}


def has_history(dimension: str, code: str) -> bool:
    """Whether anything went over into a code, or it into another."""
    entry = codes_for(dimension).codes.get(code)
    return code in former(dimension) or bool(entry and entry.successors)


def lineage(dimension: str, code: str) -> Lineage:
    """What a code of a list stood for before."""
    entry = codes_for(dimension).codes[code]
    line = Lineage([Span(code, entry.valid_from, entry.valid_to)], after=entry.successors)
    _trace(dimension, entry, line)
    return line


def _trace(dimension: str, entry: Code, line: Lineage) -> None:
    for before in former(dimension).get(entry.code, ()):
        if len(before.successors) > 1:
            line.shared.append(before)
        elif entry.valid_from is None or not _over(before, entry.valid_from):
            line.joined.append(before)
        else:
            line.parts.append(Span(before.code, before.valid_from, day_before(entry.valid_from)))
            _trace(dimension, before, line)


def _over(code: Code, day: date) -> bool:
    return code.valid_to is not None and code.valid_to < day


def became(dimension: str, code: str, day: date) -> str:
    """What a code had become by a day: the one that it alone, or with others, was made into and
    that was not there before; itself where there is none, or it was divided.
    """
    codes = codes_for(dimension).codes
    entry = codes[code]
    while len(entry.successors) == 1:
        into = codes[entry.successors[0]]
        if into.valid_from is None or into.valid_from > day or not _over(entry, into.valid_from):
            break
        entry = into
    return entry.code


@follows_lists()
def gone_over(dimension: str) -> tuple[str, ...]:
    """The codes of a dimension that went over into others."""
    return tuple(code.code for code in codes_for(dimension).codes.values() if code.successors)
