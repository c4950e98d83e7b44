"""Cells counted from case records: the groups fetched, the bounds worked out, pending cases in rows
of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

import ibis
import polars as pl

from darkfigure.basis.errors import UnknownName
from darkfigure.basis.period import parse_period
from darkfigure.basis.saying import Saying, say, several
from darkfigure.basis.status import CellReason, Status
from darkfigure.cases.records import named_record
from darkfigure.tables.bounds import (
    Bounded,
    Counts,
    Key,
    Numbers,
    bounded_cells,
    pending_cells,
)
from darkfigure.tables.building import in_order, mark_of
from darkfigure.tables.case_succession import (
    MARKS,
    Gone,
    counted_at,
    marked,
    marks,
    may_be_gone,
    met,
    of_union,
)
from darkfigure.tables.casebook import Casebook, Joined, Records, Table, needed, time_label
from darkfigure.tables.cell import Cell
from darkfigure.tables.counted import UNKNOWN, YES, Rule
from darkfigure.tables.counting import Counting, counting_for
from darkfigure.tables.evidence import Number
from darkfigure.tables.question import Condition, Question

PERCENT = "percent"
#: What shares are of: every share that is counted from records is one of arrests.
WHOLE_OF_SHARES = "arrests"
COUNTED_HERE = say("rule.counted")
#: What is told of every group: units, rows, those made up, the first and the last day.
_TOLD = 5
#: Columns that whatever is counted has; those that are counted by.
_COUNTED = ("unit", "record", "date", "state", "synthetic")


@dataclass(frozen=True)
class CaseTabulation:
    """The cells of a question counted from records, under which rule, and what was read.

    `records` counts the records behind the cells, `synthetic` those of them that are made up;
    `groups` is everything that was fetched, in a fixed order; `linked` says that persons were
    counted through links; `gone` are bodies that records stand under and that went over into
    others.
    """

    rule: Rule
    unit: str
    cells: tuple[Cell, ...]
    records: int
    synthetic: int
    groups: tuple[tuple[object, ...], ...]
    linked: bool = False
    gone: tuple[Gone, ...] = ()


@dataclass(frozen=True)
class _Fetched:
    counts: Counts
    days: Mapping[Key, tuple[date, date]]
    records: int
    synthetic: int
    groups: tuple[tuple[object, ...], ...]
    gone: tuple[Gone, ...]


class Grouped(NamedTuple):
    """What is counted, the names of the columns that it is grouped by, and for each dimension of
    the breakdown the bodies that went over into others.
    """

    table: Table
    keys: list[str]
    gone: dict[str, tuple[Gone, ...]]


def tabulate_cases(question: Question, records: Records) -> CaseTabulation:
    """The cells that answer a question from case records as known on its day."""
    if question.cut == "period":
        raise UnknownName(
            "Case records have days, not periods: ask by month, quarter, year or financial_year."
        )
    rule, way = counting_for(question.measure.code, question.rule, question.unit)
    book = Casebook(records, question.as_at)
    fetched = _fetch(question, book, way)
    cells = _cells(question, book, way, fetched)
    linked = way.personal and records.links() is not None
    if linked:
        others = [
            Casebook(records, question.as_at, joined) for joined in (Joined.SURELY, Joined.POSSIBLY)
        ]
        readings = [_cells(question, each, way, _fetch(question, each, way)) for each in others]
        cells = [_over_readings(cell, readings) for cell in cells]
    if way.unit == PERCENT:
        _, every = counting_for(WHOLE_OF_SHARES)
        cells = _shares(cells, _cells(question, book, every, _fetch(question, book, every)))
    return CaseTabulation(
        rule,
        way.unit,
        tuple(_ordered(question, cells)),
        fetched.records,
        fetched.synthetic,
        fetched.groups,
        linked,
        fetched.gone,
    )


def _over_readings(cell: Cell, readings: Sequence[Sequence[Cell]]) -> Cell:
    """A cell with bounds that hold whichever way persons are linked: fewest if all that could be
    one are, most if none.
    """
    key = (tuple(cell.dims.items()), cell.status)
    found = [
        next((each for each in cells if (tuple(each.dims.items()), each.status) == key), None)
        for cells in readings
    ]
    bounds = [each for each in (cell, *found) if each is not None]
    low = min(each.low or 0 for each in bounds)
    high = max(each.high or 0 for each in bounds)
    if cell.high is None or (low, high) == (cell.low, cell.high):
        return cell
    note = say("cases.links_open", low=low, high=high)
    return cell._replace(low=low, high=high, notes=(*cell.notes, note))


def counts_of(question: Question, records: Records) -> Counts:
    """The groups that the cells of a question are worked out from."""
    _, way = counting_for(question.measure.code, question.rule, question.unit)
    return _fetch(question, Casebook(records, question.as_at), way).counts


def grouped_rows(
    question: Question, book: Casebook, way: Counting, shown: Iterable[str] = ()
) -> Grouped:
    """What is counted, with text columns for the breakdown (`dim_0` ...), the conditions (`met_0`
    ...) and, where a way of counting leaves any open, the state; besides, the columns `_COUNTED`
    and those to be `shown`. Rows that certainly fail a condition are left out.
    """
    named_by = [*question.by, *map(_column_of, question.where)]
    table = needed(way.rows(book), named_by, (*_COUNTED, *shown))
    if question.period:
        table = table.filter(
            table.date.between(
                ibis.literal(question.period.start), ibis.literal(question.period.end)
            )
        )
    for name in dict.fromkeys(named_by):
        table = book.column(table, name)
    gone = {name: may_be_gone(question, name) for name in question.by}
    named = {
        f"dim_{place}": counted_at(table[name], gone[name])
        for place, name in enumerate(question.by)
    }
    if question.cut:
        named[f"dim_{len(question.by)}"] = time_label(table.date, question.cut)
    for place, condition in enumerate(question.where):
        named[f"met_{place}"] = met(table, question, condition)
    table = table.mutate(**named)
    for place in range(len(question.where)):
        table = table.filter(table[f"met_{place}"] != "no")
    state = ["state"] if "state" in table.columns else []
    return Grouped(table, [*named, *state], {name: held for name, held in gone.items() if held})


def _column_of(condition: Condition) -> str:
    """The column that a condition is held against."""
    return "nationality" if of_union(condition) else condition.dimension


def _fetch(question: Question, book: Casebook, way: Counting) -> _Fetched:
    table, keys, may_be = grouped_rows(question, book, way)
    has = [each for name, bodies in may_be.items() for each in marks(table[name], bodies)]
    grouped = (table.group_by([table[key] for key in keys]) if keys else table).agg(
        units=table.unit.nunique() if way.personal else table.count(),
        found=table.count(),
        made_up=ibis.ifelse(table.synthetic, 1, 0).sum(),
        first=table.date.min(),
        last=table.date.max(),
        **{f"has_{place}": each for place, each in enumerate(has)},
    )
    asked = len(question.by) + bool(question.cut)
    width = 1 + asked + len(question.where)
    # Of no groups at all there is one row even where nothing is counted.
    fetched = [row for row in book.records.fetch(grouped) if row[len(keys) + 1]]
    if "state" not in keys:
        fetched = [(*row[: width - 1], YES, *row[width - 1 :]) for row in fetched]
    gone = _gone(may_be, [row[width + _TOLD :] for row in fetched])
    rows = sorted((row[: width + _TOLD] for row in fetched), key=lambda row: tuple(map(str, row)))
    units = {tuple(row[:width]): int(row[width]) for row in rows}
    open_groups = any(value.startswith(UNKNOWN) for group in units for value in group)
    shared = _shared(book, table, keys) if open_groups and way.personal else {}
    return _Fetched(
        counts=Counts(asked, units, shared),
        days=_days_by_key(rows, asked, width + 3),
        records=sum(int(row[width + 1]) for row in rows),
        synthetic=sum(int(row[width + 2] or 0) for row in rows),
        groups=tuple(tuple(map(str, row)) for row in rows),
        gone=gone,
    )


def _gone(
    may_be: Mapping[str, Sequence[Gone]], found: Sequence[tuple[int, ...]]
) -> tuple[Gone, ...]:
    """The bodies gone over into others that rows of any group stand under."""
    together = [reduce(or_, bits) for bits in zip(*found, strict=True)] if found else []
    gone: list[Gone] = []
    for bodies in may_be.values() if found else ():
        width = -(-len(bodies) // MARKS)
        gone += marked(bodies, together[:width])
        together = together[width:]
    return tuple(gone)


def _shared(book: Casebook, table: Table, keys: Sequence[str]) -> dict[tuple[str, ...], Numbers]:
    """The units that have several groups, at least one of them unknown in part, numbered, by
    group.
    """
    unknown = ibis.or_(*(table[key].startswith(UNKNOWN) for key in keys))
    mixed = table.group_by(mixed=table.unit).agg(
        rows=table.count(), open=ibis.ifelse(unknown, 1, 0).max()
    )
    mixed = mixed.filter((mixed.rows > 1) & (mixed.open == 1))
    found = book.records.frame(
        table.semi_join(mixed, table.unit == mixed.mixed).select("unit", *keys)
    )
    numbered = found.with_columns(unit=pl.col("unit").cast(pl.Categorical).to_physical())
    grouped = numbered.group_by(keys).agg(pl.col("unit").unique())
    settled = () if "state" in keys else (YES,)
    return {
        (*row, *settled): units.to_numpy()
        for *row, units in zip(*(grouped[name] for name in grouped.columns), strict=True)
    }


def _cells(question: Question, book: Casebook, way: Counting, fetched: _Fetched) -> list[Cell]:
    counts = fetched.counts
    cells = []
    for found in bounded_cells(counts, _expected(question, book)):
        cell = _cell(question, found, fetched)
        if found.high == 0 and not _can_be_nought(replace_where(question, found.key), book, way):
            cell = cell._replace(value=None, low=0, high=None, reasons=(CellReason.NO_RETURN,))
        cells.append(cell)
    place = counts.width + len(question.where)
    for key, number in pending_cells(counts, place).items():
        pending = Bounded(key, number, number, {CellReason.NOT_CONCLUDED: number})
        cells.append(_cell(question, pending, fetched, Status.IN_PROGRESS))
    return cells


def _can_be_nought(question: Question, book: Casebook, way: Counting) -> bool:
    """Whether records have been returned among which none is to be counted: only then is the figure
    nought.
    """
    base = replace(way, rows=lambda held: _everything(held, way.kind))
    table = grouped_rows(question, book, base).table
    found = [table, *(book.standing(kind) for kind in way.needs)]
    return all(book.records.fetch(each.select("record").limit(1)) for each in found)


def _everything(book: Casebook, kind: str) -> Table:
    held = book.charges() if kind == "charge" else book.standing(kind)
    return held.mutate(unit=held.record)


def replace_where(question: Question, key: Key) -> Question:
    """The question kept to one cell of its breakdown."""
    kept = [
        Condition(name, value)
        for name, value in zip(question.by, key, strict=False)
        if value is not None
    ]
    return replace(question, by=(), cut="", where=tuple(sorted({*question.where, *kept})))


def _expected(question: Question, book: Casebook) -> Iterable[Key]:
    """Cells that a reader would look for even where nothing is certain: each campaign, or the one
    cell asked for.
    """
    if not question.by and not question.cut:
        return [()]
    if question.by == ("operation",) and not question.cut:
        kept = [
            condition.code for condition in question.where if condition.dimension == "operation"
        ]
        return [(name,) for name in kept or book.campaigns()]
    return []


def _cell(
    question: Question, found: Bounded, fetched: _Fetched, status: str = Status.PROVISIONAL
) -> Cell:
    names = [*question.by, *([question.cut] if question.cut else [])]
    dims = dict(zip(names, found.key, strict=True))
    pending = status == Status.IN_PROGRESS
    return Cell(
        id=f"{question.id}-{mark_of({**dims, 'status': status} if pending else dims)}",
        dims=dims,
        value=found.value,
        low=found.low,
        high=found.high,
        status=status,
        reasons=tuple(found.unknown),
        notes=(_note(found, pending),) if found.unknown else (),
        sources=(),
        period=_period(found.key, fetched),
        rule=COUNTED_HERE,
        unknown={str(reason): number for reason, number in found.unknown.items()},
        partly=_unfinished(question, dims),
    )


def _unfinished(question: Question, dims: Mapping[str, str | None]) -> bool:
    """Whether the stretch of time a cell is labelled with was not over on the day asked about."""
    label = dims.get(question.cut)
    return bool(label) and parse_period(str(label)).end > question.as_at


def _note(found: Bounded, pending: bool) -> Saying:
    if pending:
        return say("cases.in_progress")
    parts = several(
        [say("cases.unknown", number=count, reason=why) for why, count in found.unknown.items()]
    )
    return say("cases.not_placed" if None in found.key else "cases.besides", parts=parts)


def _days_by_key(
    rows: Sequence[tuple[Any, ...]], width: int, first: int
) -> dict[Key, tuple[date, date]]:
    """The first and last day of the events in each cell. `first` is the column of the first day,
    the last follows it.
    """
    days: dict[Key, tuple[date, date]] = {}
    for row in rows:
        key = tuple(None if value.startswith(UNKNOWN) else value for value in row[:width])
        held = days.get(key, (row[first], row[first + 1]))
        days[key] = (min(held[0], row[first]), max(held[1], row[first + 1]))
    return days


def _period(key: Key, fetched: _Fetched) -> str:
    if key not in fetched.days:
        return ""
    first, last = fetched.days[key]
    return first.isoformat() if first == last else f"{first} to {last}"


def _shares(parts: Sequence[Cell], wholes: Sequence[Cell]) -> list[Cell]:
    """Each part in percent of its whole, rounded half up; the bounds are those of the rounded
    share.
    """
    whole_of = {tuple(cell.dims.items()): cell for cell in wholes}
    found = []
    for cell in parts:
        whole = whole_of.get(tuple(cell.dims.items()))
        if whole is None or not whole.value or cell.value is None:
            continue
        share = _percent(cell.value, whole.value)
        note = say("cases.share", part=cell.value, whole=whole.value)
        found.append(cell._replace(value=share, low=share, high=share, notes=(*cell.notes, note)))
    return found


def _percent(part: Number, whole: Number) -> int:
    return int((200 * part + whole) // (2 * whole))


def _ordered(question: Question, cells: Sequence[Cell]) -> list[Cell]:
    done = [cell for cell in cells if cell.status != Status.IN_PROGRESS]
    pending = [cell for cell in cells if cell.status == Status.IN_PROGRESS]
    return [*in_order(question, done), *in_order(question, pending)]


@dataclass(frozen=True)
class CaseRecord:
    """A version of a record behind a cell: where it stands in which return."""

    kind: str
    record: str
    agency: str
    known_from: date
    reason: str
    return_id: int
    row: int
    state: str
    synthetic: bool

    @property
    def named(self) -> str:
        """Kind and reference, or the pseudonym, which says its kind."""
        return named_record(self.kind, self.record)


def records_behind(question: Question, cell: Cell, records: Records) -> list[CaseRecord]:
    """The records that a cell counts, and those that could belong to it, in order of their
    reference.
    """
    _, way = counting_for(question.measure.code, question.rule, question.unit)
    if way.unit == PERCENT:
        question = replace(question, unit="")
    asked = ("record", "agency", "known_from", "reason", "return_id", "row", "synthetic")
    book = Casebook(records, question.as_at)
    table, keys, _ = grouped_rows(question, book, way, shown=asked)
    pending = cell.status == Status.IN_PROGRESS
    for key, value in zip(keys, cell.dims.values(), strict=False):
        unknown = table[key].startswith(UNKNOWN)
        table = table.filter(unknown if value is None else unknown | (table[key] == value))
    if pending:
        table = table.filter(table.state == UNKNOWN + CellReason.NOT_CONCLUDED)
    found = table.select(*asked, *sorted(keys, key=lambda key: key != "state")).order_by("record")
    return [
        CaseRecord(
            way.kind,
            row[0],
            row[1],
            row[2],
            row[3] or "",
            int(row[4]),
            int(row[5]),
            _certainty(row, len(asked)),
            bool(row[6]),
        )
        for row in records.fetch(found)
    ]


def _certainty(row: Sequence[Any], fixed: int) -> str:
    unknown = [str(value) for value in row[fixed:] if str(value).startswith(UNKNOWN)]
    return unknown[0][1:] if unknown else YES
