"""The change of each row since the period before, where both hold the same and are whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from darkfigure.basis.errors import Unreadable
from darkfigure.basis.period import BUCKETS, Period, bucket, day_before, parse_period
from darkfigure.basis.saying import Saying, say, several
from darkfigure.basis.status import CellReason
from darkfigure.publication.views.derived import (
    UNKNOWN,
    Derived,
    Kind,
    ViewRow,
    as_asked,
    least_of,
    sum_of,
)
from darkfigure.tables.cell import Cell
from darkfigure.tables.intervals import Bounded, difference, of_cell, per_cent_change
from darkfigure.tables.question import CASES, Question

#: Reasons for which a figure holds less than it is labelled with.
NOT_WHOLE = frozenset({CellReason.NO_RETURN, CellReason.NOT_DIVIDED})
_Place = tuple[Kind, bool, tuple[tuple[str, str | None], ...]]


def with_changes(question: Question, rows: Sequence[ViewRow]) -> list[ViewRow]:
    """Rows with the change since the period before, where they are of one period."""
    held: dict[_Place, dict[str, ViewRow]] = {}
    for row in rows:
        held.setdefault(_place(question, row), {})[row.dims.get(question.cut) or ""] = row
    changed = []
    for row in rows:
        label = row.dims.get(question.cut)
        if label is None or row.in_progress:
            changed.append(row)
            continue
        period = _read(label)
        alike = held[_place(question, row)]
        before = _label_before(question, period, alike) if period else ""
        earlier = alike.get(before) if before else None
        changed.append(_changed(question, row, earlier, period, before))
    return changed


def _place(question: Question, row: ViewRow) -> _Place:
    """What a row is, whatever its time."""
    values = tuple(pair for pair in row.dims.items() if pair[0] != question.cut)
    return row.kind, row.in_progress, values


def _read(label: str) -> Period | None:
    try:
        return parse_period(label)
    except Unreadable:
        return None


def _label_before(question: Question, period: Period, labels: Iterable[str]) -> str:
    """The label of the period before; "" where none is named."""
    cut = question.cut if question.cut in BUCKETS else _length(period)
    if not cut:
        return ""
    before = BUCKETS[cut](day_before(period.start))
    if question.cut in BUCKETS:
        return before.label
    return next((label for label in labels if _same_days(_read(label), before)), before.label)


def _same_days(one: Period | None, other: Period) -> bool:
    return one is not None and (one.start, one.end) == (other.start, other.end)


def _length(period: Period) -> str:
    """What a period is whole: a month, a quarter, a year; "" for none of these."""
    whole = (name for name in BUCKETS if _same_days(bucket(period, name), period))
    return next(whole, "")


def _changed(
    question: Question, row: ViewRow, earlier: ViewRow | None, period: Period | None, before: str
) -> ViewRow:
    why = _why_none(question, row, earlier, period, before)
    of = (*(earlier.of if earlier else ()), *row.of)
    if why or earlier is None:
        none = Derived(UNKNOWN, of, why)
        return replace(row, change=none, change_per_cent=none)
    figures = sum_of(question, row.members), sum_of(question, earlier.members)
    share = per_cent_change(*figures)
    return replace(
        row,
        change=Derived(as_asked(question, difference(*figures)), of),
        change_per_cent=Derived(as_asked(question, share), of)
        if share
        else Derived(UNKNOWN, of, say("views.no_per_cent")),
    )


def _why_none(
    question: Question, row: ViewRow, earlier: ViewRow | None, period: Period | None, before: str
) -> Saying | None:
    """Why there is no change to tell, if so."""
    if period is None or not before:
        return say("views.no_period_before")
    if earlier is None:
        return say("views.nothing_before", period=before)
    for each in (earlier, row):
        if why := _not_whole(question, each):
            return why
    if not _same_pieces(question, row, earlier):
        return say("views.other_pieces", period=before)
    if all(_unknown(question, cell) for each in (earlier, row) for cell in each.members):
        return say("views.not_known")
    return None


def _unknown(question: Question, cell: Cell) -> bool:
    return of_cell(cell, least_of(question)) in (Bounded(None, 0, None), UNKNOWN)


def _not_whole(question: Question, row: ViewRow) -> Saying | None:
    """That a figure holds less than the period it is labelled with."""
    label = row.dims[question.cut] or ""
    part = next((cell for cell in row.members if cell.partly), None)
    if part is not None:
        return say("views.partly", label=label, period=part.period)
    reasons = [reason for reason in row.reasons if reason in NOT_WHOLE]
    if reasons:
        return say("views.not_whole", label=label, reasons=several(reasons, "and"))
    period = _read(label)
    if period is not None and period.end > question.as_at:
        return say("views.not_over", label=label, day=question.as_at)
    if period is not None and question.period and not question.period.covers(period):
        return say("views.asked_in_part", label=label)
    return None


def _same_pieces(question: Question, one: ViewRow, other: ViewRow) -> bool:
    """Whether two rows are made of the same: breakdown values, and bodies that stated them."""
    return _pieces(question, one) == _pieces(question, other)


def _pieces(question: Question, row: ViewRow) -> set[tuple[object, ...]]:
    return {
        (
            tuple(pair for pair in cell.dims.items() if pair[0] != question.cut),
            frozenset(source.stated_by for source in cell.sources if source.used)
            if question.evidence != CASES
            else None,
        )
        for cell in row.members
    }
