"""Why a figure counted from records changed: record by record, each with the reason its agency
gave.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from darkfigure.basis.errors import UnknownName
from darkfigure.basis.saying import say, several
from darkfigure.basis.status import CellReason, ChangeReason, Status
from darkfigure.cases.records import named_record
from darkfigure.publication.answer import COUNTED, SYNTHETIC, Answer, label_of
from darkfigure.publication.bridge import NEW_PERIOD, Bridge, BridgeLine, Span, sum_of
from darkfigure.publication.case_answer import answer_from_cases
from darkfigure.tables.case_cells import PERCENT, grouped_rows
from darkfigure.tables.case_succession import went_over
from darkfigure.tables.casebook import Casebook, Records
from darkfigure.tables.cell import Cell
from darkfigure.tables.counted import UNKNOWN, YES
from darkfigure.tables.counting import counting_for
from darkfigure.tables.evidence import Number
from darkfigure.tables.question import Question

#: Records named in a line; the rest are counted.
NAMED = 12
#: Columns of a counted row that name other records it depends on, with the kind they name.
_LINKS = {
    "record": "",
    "arrest": "arrest",
    "referral": "referral",
    "charge": "charge",
    "person": "person",
    "victim": "person",
}


#: Kinds that say more about a record of another kind, and the column by which they name it.
_DEPENDENT = {"charge": ("hearing", "sentence"), "arrest": ("no_further_action",)}
_NAMED_BY = {"hearing": "charge", "sentence": "charge", "no_further_action": "arrest"}


@dataclass(frozen=True)
class _Unit:
    """A unit on one day: the cells it is in, and the records (kind, reference) it is counted by."""

    cells: frozenset[tuple[str | None, ...]]
    records: frozenset[tuple[str, str]]
    day: date


def bridge_from_cases(question: Question, start: date, end: date, records: Records) -> Bridge:
    """Bridge a figure counted from records from day `start` to day `end`. What no agency gave a
    reason for says so.
    """
    _, way = counting_for(question.measure.code, question.rule, question.unit)
    if way.unit == PERCENT:
        raise UnknownName(
            f"{question.measure.code} is a share: bridge the figures it is made of, such as "
            "arrests."
        )
    opening = answer_from_cases(replace(question, as_at=start), records)
    closing = answer_from_cases(replace(question, as_at=end), records)
    before, after = _units(question, start, records), _units(question, end, records)
    versions = _Versions(records, start, end)
    moved: dict[tuple[tuple[str | None, ...], str, int], list[str]] = defaultdict(list)
    for name in {*before, *after}:
        old, new = before.get(name), after.get(name)
        left = (old.cells if old else frozenset()) - (new.cells if new else frozenset())
        joined = (new.cells if new else frozenset()) - (old.cells if old else frozenset())
        if not left and not joined:
            continue
        reason, record = versions.reason(old, new, way.kind)
        if old and new and went_over(question, old.cells, end) == new.cells:
            reason = ChangeReason.DEFINITION_CHANGED
        for cell in left:
            moved[cell, reason, -1].append(record)
        for cell in joined:
            moved[cell, reason, 1].append(record)
    first, last = _by_key(opening), _by_key(closing)
    labels = {key: label_of(question, cell) for key, cell in {**first, **last}.items()}
    synthetic = any(note.code == SYNTHETIC for note in (*opening.notes, *closing.notes))
    lines = _lines(question, moved, labels, synthetic=synthetic)
    spans = [_span(label, first.get(key), last.get(key)) for key, label in labels.items()]
    return Bridge(
        question=question,
        start=start,
        end=end,
        unit=closing.unit,
        opening=sum_of(spans, "opening"),
        closing=sum_of(spans, "closing"),
        lines=tuple(lines),
        spans=tuple(spans),
        notes=tuple(note for note in closing.notes if note.code in (SYNTHETIC, COUNTED)),
        at_start=opening,
        at_end=closing,
    )


def _units(question: Question, day: date, records: Records) -> dict[str, _Unit]:
    """Every unit counted for certain on a day."""
    _, way = counting_for(question.measure.code, question.rule, question.unit)
    asked, book = replace(question, as_at=day), Casebook(records, day)
    table, keys, _ = grouped_rows(asked, book, way, shown=_LINKS)
    for key in keys:
        if key.startswith("met_") or key == "state":
            table = table.filter(table[key] == YES)
    links = [name for name in _LINKS if name in table.columns]
    shown = [key for key in keys if key.startswith("dim_")]
    found: dict[str, list[tuple[tuple[str | None, ...], set[tuple[str, str]], date]]] = defaultdict(
        list
    )
    for unit, happened, *rest in records.fetch(table.select("unit", "date", *shown, *links)):
        cell = tuple(None if value.startswith(UNKNOWN) else value for value in rest[: len(shown)])
        named = {
            (_LINKS[name] or way.kind, value)
            for name, value in zip(links, rest[len(shown) :], strict=True)
            if value is not None
        }
        record = next(value for kind, value in named if kind == way.kind)
        named |= {(kind, record) for kind in _DEPENDENT.get(way.kind, ())}
        found[unit].append((cell, named, happened))
    return {
        unit: _Unit(
            frozenset(cell for cell, _, _ in rows),
            frozenset(record for _, named, _ in rows for record in named),
            min(happened for _, _, happened in rows),
        )
        for unit, rows in found.items()
    }


class _Versions:
    """The versions that became known between two days, by record."""

    def __init__(self, records: Records, start: date, end: date) -> None:
        self._records = records
        self._days = (start, end)
        self._known: dict[str, Mapping[str, list[tuple[date, str, bool]]]] = {}

    def reason(self, old: _Unit | None, new: _Unit | None, kind: str) -> tuple[str, str]:
        """Why a unit moved, and the record that says so.

        Records of the kind counted speak first, then what says more about them, then those they
        point at; of several the latest that has a reason, else one that was not held before.
        """
        named = (old.records if old else frozenset()) | (new.records if new else frozenset())
        order = (kind, *_DEPENDENT.get(kind, ()))
        others = sorted({each for each, _ in named} - {*order, "person"})
        for group in ((kind,), order[1:], others, ("person",)):
            if found := self._said(named, group):
                return found[1], found[2]
            fresh = self._fresh(named, group) if group != ("person",) else None
            if fresh and new is not None:
                return (NEW_PERIOD if new.day > self._days[0] else ChangeReason.LATE_RETURN), fresh
        first = min(named, key=lambda each: (each[0] != kind, each))
        return ChangeReason.NOT_EXPLAINED, named_record(*first)

    def _said(
        self, named: frozenset[tuple[str, str]], kinds: Sequence[str]
    ) -> tuple[date, str, str] | None:
        return max(
            (
                (day, reason, named_record(kind, record))
                for kind, record in named
                if kind in kinds
                for day, reason, _ in self._of(kind).get(record, ())
                if reason
            ),
            default=None,
        )

    def _fresh(self, named: frozenset[tuple[str, str]], kinds: Sequence[str]) -> str | None:
        return min(
            (
                named_record(kind, record)
                for kind, record in named
                if kind in kinds and any(first for _, _, first in self._of(kind).get(record, ()))
            ),
            default=None,
        )

    def _of(self, kind: str) -> Mapping[str, list[tuple[date, str, bool]]]:
        if kind not in self._known:
            held = self._records.table(kind)
            start, end = self._days
            since = held.filter((held.known_from > start) & (held.known_from <= end))
            key = _NAMED_BY.get(kind, "record")
            earlier = held.filter(held.known_from <= start).select(before=key).distinct()
            joined = since.left_join(earlier, since[key] == earlier.before)
            grouped: dict[str, list[tuple[date, str, bool]]] = defaultdict(list)
            for record, day, reason, before in self._records.fetch(
                joined.select(key, "known_from", "reason", "before")
            ):
                grouped[record].append((day, reason or "", before is None))
            if kind == "person":
                for person, day, reason in self._relinked():
                    grouped[person].append((day, reason, False))
            self._known[kind] = grouped
        return self._known[kind]

    def _relinked(self) -> list[tuple[str, date, str]]:
        """Persons put together or taken apart between the days: both names of each, the day, and
        which it was.
        """
        links = self._records.links()
        if links is None:
            return []
        start, end = self._days
        rows = self._records.fetch(
            links.filter(links.known_from <= end).select("record", "person", "reason", "known_from")
        )
        was: dict[str, str] = {}
        found = []
        for record, person, reason, day in sorted(rows, key=lambda row: (row[3], row[0])):
            before, was[record] = was.get(record, record), person
            if day > start and before != person:
                found += [(name, day, reason) for name in (before, person)]
        return found


def _by_key(found: Answer) -> dict[tuple[str | None, ...], Cell]:
    """The cells by their breakdown values, those of cases in progress left out."""
    return {
        tuple(cell.dims.values()): cell for cell in found.cells if cell.status != Status.IN_PROGRESS
    }


def _span(label: str, old: Cell | None, new: Cell | None) -> Span:
    return Span(label, _certain(old), _certain(new), old.id if old else "", new.id if new else "")


def _certain(cell: Cell | None) -> Number | None:
    if cell is None or cell.reasons == (CellReason.NO_RETURN,):
        return None
    return cell.low if cell.value is None else cell.value


def _lines(
    question: Question,
    moved: Mapping[tuple[tuple[str | None, ...], str, int], list[str]],
    labels: Mapping[tuple[str | None, ...], str],
    *,
    synthetic: bool,
) -> list[BridgeLine]:
    lines = []
    split = bool(question.by or question.cut)
    for (key, reason, sign), records in sorted(
        moved.items(), key=lambda item: (str(item[0][0]), item[0][1], item[0][2])
    ):
        named = sorted(records)
        shown = several(named[:NAMED], "comma")
        detail = say(
            "bridge.left" if sign < 0 else "bridge.joined",
            number=len(named),
            why=say(f"bridge.why.{reason}"),
            made_up=say("bridge.made_up") if synthetic else "",
        )
        lines.append(
            BridgeLine(
                labels.get(key, "") if split else "",
                reason,
                sign * len(named),
                detail,
                (
                    say("bridge.records_more", records=shown, more=len(named) - NAMED)
                    if len(named) > NAMED
                    else say("bridge.records", records=shown),
                ),
            )
        )
    return lines
