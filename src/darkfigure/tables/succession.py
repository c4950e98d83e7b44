"""Figures of a body before a merger, asked after it: those of the bodies it was made of, added up
where all of them are held, else a lower bound that says which are missing. Never divided.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from darkfigure.basis.period import Period, of_days
from darkfigure.basis.spans import lacking, stretches
from darkfigure.basis.status import CellReason
from darkfigure.codes.code import Code
from darkfigure.codes.succession import Lineage, Span, has_history, lineage
from darkfigure.tables.pieces import Key, Piece, joined
from darkfigure.tables.question import Condition, Question


@dataclass(frozen=True)
class Former:
    """A question about what a body was before, and the days for which it stands for the one asked
    about; `codes` are those of its conditions that differ.
    """

    question: Question
    first: date | None
    last: date | None
    codes: tuple[str, ...]

    def days(self, period: Period) -> Period | None:
        """What of a period it stands for."""
        start = max(period.start, self.first or period.start)
        end = min(period.end, self.last or period.end)
        return of_days(start, end) if start <= end else None


@dataclass(frozen=True)
class Gap:
    """What is missing of a figure made of several: days, and for each what nothing is held of."""

    key: Key
    missing: tuple[tuple[tuple[str, ...], tuple[Period, ...]], ...]


@dataclass(frozen=True)
class Brought:
    """Pieces brought together from what a body was before, and what is missing of them."""

    pieces: Mapping[Key, Piece]
    gaps: tuple[Gap, ...]


def histories(question: Question) -> list[tuple[Condition, Lineage]]:
    """The conditions of a question that keep to a body with a history."""
    return [
        (condition, lineage(condition.dimension, condition.code))
        for condition in question.where
        if not condition.inclusive and has_history(condition.dimension, condition.code)
    ]


def formers(question: Question) -> list[Former]:
    """The question itself, then what it is about in former days, each for its days. Figures that
    are never added up are those of the body itself.
    """
    lines = histories(question) if question.measure.additive else []
    choices = [[(condition, span) for span in line.parts] for condition, line in lines]
    asked = []
    for chosen in itertools.product(*choices):
        firsts = [span.first for _, span in chosen if span.first]
        lasts = [span.last for _, span in chosen if span.last]
        first, last = max(firsts, default=None), min(lasts, default=None)
        if first is None or last is None or first <= last:
            asked.append(_former(question, chosen, first, last))
    return asked


def _former(
    question: Question,
    chosen: Sequence[tuple[Condition, Span]],
    first: date | None,
    last: date | None,
) -> Former:
    named = {condition: replace(condition, code=span.code) for condition, span in chosen}
    where = tuple(sorted(named.get(condition, condition) for condition in question.where))
    codes = tuple(span.code for _, span in chosen)
    return Former(replace(question, where=where), first, last, codes)


def is_rolled_up(question: Question) -> bool:
    """Whether what a body was before is added up: where it is asked by name, each stands alone."""
    return not any(condition.dimension in question.by for condition, _ in histories(question))


def brought_together(
    parts: Sequence[tuple[Former, Mapping[Key, Piece]]], shared: Sequence[Code]
) -> Brought:
    """Pieces of one cell from all that stands for the body, added up; what stands for it on days
    that others are held for, and is not held, is missing.
    """
    pieces: dict[Key, Piece] = {}
    gaps = []
    for key in dict.fromkeys(itertools.chain.from_iterable(pieces_of for _, pieces_of in parts)):
        parts_held = [(former, pieces_of[key]) for former, pieces_of in parts if key in pieces_of]
        whole, missing = joined([piece for _, piece in parts_held]), []
        days = stretches(_periods(piece for _, piece in parts_held))
        for former, pieces_of in parts:
            of_it = _periods([pieces_of[key]]) if key in pieces_of else []
            if gaps_of := _left(former, days, of_it):
                missing.append((former.codes, tuple(gaps_of)))
        missing += [
            ((entry.code,), tuple(gaps_of)) for entry in shared if (gaps_of := _shared(entry, days))
        ]
        if _twice(parts_held):
            whole = _at_least_one(parts_held)
        elif missing:
            reasons = whole.reasons | {CellReason.NO_RETURN.value}
            whole = whole._replace(value=None, high=None, complete=False, reasons=reasons)
        if missing:
            gaps.append(Gap(key, tuple(missing)))
        pieces[key] = whole
    return Brought(pieces, tuple(gaps))


def _periods(pieces: Iterable[Piece]) -> list[Period]:
    return [block.period for piece in pieces for block in piece.blocks]


def _left(former: Former, days: Sequence[Period], of_it: Sequence[Period]) -> list[Period]:
    """The days that it stands for the body, others are held for, and it is not."""
    standing = [part for stretch in days if (part := former.days(stretch))]
    return [gap for stretch in standing for gap in lacking(of_it, stretch)]


def _shared(code: Code, days: Sequence[Period]) -> list[Period]:
    """The days on which part of the body was in what went over into several."""
    parts = []
    for stretch in days:
        start = max(stretch.start, code.valid_from or stretch.start)
        end = min(stretch.end, code.valid_to or stretch.end)
        if start <= end:
            parts.append(of_days(start, end))
    return parts


def _twice(parts_held: Sequence[tuple[Former, Piece]]) -> bool:
    """Whether figures of the body and of what it was before may hold the same: for days of both, in
    tables of their own.
    """
    return any(
        _apart(one, other)
        and not {block.id for block in piece.blocks} & {block.id for block in beside.blocks}
        and any(a.period.meets(b.period) for a in piece.blocks for b in beside.blocks)
        for (one, piece), (other, beside) in itertools.combinations(parts_held, 2)
    )


def _apart(one: Former, other: Former) -> bool:
    """Whether two stand for the body on no day together."""
    return bool(
        (one.last and other.first and one.last < other.first)
        or (other.last and one.first and other.last < one.first)
    )


def _at_least_one(parts_held: Sequence[tuple[Former, Piece]]) -> Piece:
    """A piece that says no more than the largest of what may hold the same."""
    whole = joined([piece for _, piece in parts_held])
    lows = [piece.low for _, piece in parts_held if piece.low is not None]
    reasons = whole.reasons | {CellReason.NOT_DIVIDED.value}
    return whole._replace(
        value=None, low=max(lows, default=None), high=None, complete=False, reasons=reasons
    )
