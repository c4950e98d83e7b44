"""An answer: cells with their sources, notes on unit and scope, and what cannot be said with the
exact reason.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING

from darkfigure import intelligence
from darkfigure.basis.period import Period, day_after, in_words, when_stated
from darkfigure.basis.statement import Block, Role
from darkfigure.basis.status import CellReason
from darkfigure.codes import COMBINING, SEPARATOR, codes_for
from darkfigure.tables.cell import Cell
from darkfigure.tables.evidence import Evidence
from darkfigure.tables.measures import measure_named
from darkfigure.tables.question import Condition, Question
from darkfigure.tables.selection import Selection
from darkfigure.tables.tabulate import Contradiction, Tabulation, tabulate

if TYPE_CHECKING:
    from darkfigure.intelligence.requirements import Requirement


@dataclass(frozen=True)
class Cannot:
    """Something that cannot be said: why, in words, and the requirement that would close the
    gap.
    """

    reason: CellReason
    detail: str
    requirement: Requirement


@dataclass(frozen=True)
class Answer:
    """The answer to a question as known on a day.

    `basis` is a hash over the content of everything read: equal bases mean equal evidence. `cells`
    may be empty; then `cannot` says why.
    """

    question: Question
    unit: str
    basis: str
    cells: tuple[Cell, ...]
    notes: tuple[str, ...]
    cannot: tuple[Cannot, ...]

    @property
    def id(self) -> str:
        """Names the question and its day; the ids of cells begin with it."""
        return self.question.id


def answer(question: Question, evidence: Evidence) -> Answer:
    """Answer a question from evidence, or say why it cannot be answered. Never raises for a lack of
    data.
    """
    table = tabulate(question, evidence)
    unit = table.selection.unit
    return Answer(
        question=question,
        unit=unit,
        basis=_basis(question, table),
        cells=table.cells,
        notes=tuple(_notes(question, table, evidence)),
        cannot=tuple(_cannot(question, table, evidence)),
    )


def _basis(question: Question, table: Tabulation) -> str:
    text = json.dumps(question.canonical(), sort_keys=True) + repr(table.read)
    return sha256(text.encode()).hexdigest()


def _notes(question: Question, table: Tabulation, evidence: Evidence) -> list[str]:
    measure, selection = question.measure, table.selection
    notes = [f"Unit: {table.selection.unit.replace('_', ' ')}. {measure.definition}"]
    if measure.scope_note:
        notes.append(measure.scope_note)
    notes += _coverage_notes(question, table)
    notes += _combination_notes(question, selection, evidence)
    notes += [
        note
        for cell in table.cells
        if len(cell.sources) > 1
        for note in _conflict_notes(question, cell)
    ]
    notes += [_contradiction_note(found) for found in table.contradictions]
    if any(block.status == "provisional" for block in selection.usable):
        notes.append(
            "Figures are provisional unless their source calls them final: they have been "
            "revised "
            "before."
        )
    if not table.cells:
        held = [narrower for narrower in measure.narrower if evidence.blocks(narrower)]
        if selection.unfiltered:
            kept = " or ".join(
                condition.dimension.replace("_", " ") for condition in question.where
            )
            notes.append(
                f"Figures are held that are not broken down by {kept}, which the question keeps to."
            )
        notes += [
            f"Narrower figures are held: {measure_named(name).title} ({name})." for name in held
        ]
    if selection.undivided:
        notes.append(_undivided_note(question, selection.undivided))
    if selection.other_units:
        notes.append(
            f"Also held in another unit, not added in: {', '.join(selection.other_units)} (--unit)."
        )
    late = sorted(
        {block.received_on for block in selection.usable if block.received_on > question.as_at}
    )
    if late:
        notes.append(
            "The returns this rests on reached the repository only afterwards, between "
            f"{in_words(late[0])} and "
            f"{in_words(late[-1])}; they count as known from the day they were stated."
            if len(late) > 1
            else "The returns this rests on reached the repository only afterwards, on "
            f"{in_words(late[0])}; they count as "
            "known from the day they were stated."
        )
    return list(dict.fromkeys(notes))


def _coverage_notes(question: Question, table: Tabulation) -> list[str]:
    notes = []
    gaps = _gaps(_used_periods(table), question.period) if question.period and table.cells else []
    if gaps:
        shown = "; ".join(f"{in_words(gap.start)} to {in_words(gap.end)}" for gap in gaps[:3])
        notes.append(
            f"No figure covers {shown}: the figures shown are for less than the period asked."
        )
    if table.selection.crossing and table.cells:
        labels = sorted({block.period.label for block in table.selection.crossing})
        notes.append(
            "Left out, because they cross a border of the time asked and cannot be divided: "
            "figures for "
            f"{', '.join(labels[:6])}{' and others' if len(labels) > 6 else ''}."
        )
    return notes


def _used_periods(table: Tabulation) -> list[Period]:
    used = {block for cell in table.cells for block in cell.blocks}
    return [block.period for block in table.selection.usable if block.id in used]


def _gaps(periods: Sequence[Period], window: Period) -> list[Period]:
    found, day = [], window.start
    for period in sorted(periods):
        if period.start > day:
            found.append(Period(day, date.fromordinal(period.start.toordinal() - 1)))
        day = max(day, day_after(period.end))
    if day <= window.end:
        found.append(Period(day, window.end))
    return found


def _combination_notes(question: Question, selection: Selection, evidence: Evidence) -> list[str]:
    """Say how many more are counted under combinations that hold a value kept to."""
    notes = []
    for condition in question.where:
        if (
            condition.dimension not in COMBINING
            or condition.inclusive
            or SEPARATOR in condition.code
        ):
            continue
        others = [other for other in question.where if other != condition]
        wider = [*others, Condition(condition.dimension, condition.code, inclusive=True)]
        exact = sum(
            t.count
            for t in evidence.totals(
                selection.usable, (), question.where, question.as_at, collapse=True
            )
        )
        held = sum(
            t.count
            for t in evidence.totals(selection.usable, (), wider, question.as_at, collapse=True)
        )
        if held > exact:
            label = codes_for(condition.dimension).label(condition.code)
            notes.append(
                f"{label} alone is counted. Combinations that include it are categories of their "
                "own; "
                f"--where {condition.dimension}~{condition.code} counts them too."
            )
    return notes


def _conflict_notes(question: Question, cell: Cell) -> list[str]:
    notes = []
    for other in cell.conflicts:
        where = label_of(question, cell)
        notes.append(
            f"{where}: {other.stated_by} stated {_figure(other.value, other.low, other.high)} "
            f"{when_stated(other.stated_on, other.precision)} ({other.source}). Used is "
            f"{_figure(cell.value, cell.low, cell.high)}: {other.rule}."
        )
    return notes


def _contradiction_note(found: Contradiction) -> str:
    where = (
        ", ".join(codes_for(name).label(value) for name, value in found.dims.items()) or "In all"
    )
    said = found.total
    return (
        f"{where}: the figures shown add up to {found.parts:,}; {said.stated_by} stated a total of "
        f"{_figure(said.value, None, None)} {when_stated(said.stated_on, said.precision)} "
        f"({said.source}), without this "
        "breakdown. The broken-down figures are used, and the total is not: it does not say what "
        "it consists of."
    )


def _figure(value: float | None, low: float | None, high: float | None) -> str:
    if value is not None:
        return f"{value:,}"
    if low is not None and high is not None:
        return f"{low:,} to {high:,}"
    return (
        f"at least {low:,}"
        if low is not None
        else f"at most {high:,}"
        if high is not None
        else "that no figure can be given"
    )


def label_of(question: Question, cell: Cell) -> str:
    """The dimensions of a cell in words; the measure's title where there are none."""
    words = [
        codes_for(name).label(value)
        if name not in ("period", "month", "quarter", "year", "financial_year")
        else value
        for name, value in cell.dims.items()
        if value
    ]
    return ", ".join(words) or question.measure.title


def _undivided_note(question: Question, blocks: Sequence[Block]) -> str:
    latest = max(blocks, key=lambda block: (block.stated_on, block.period.end))
    names = " or ".join(name.replace("_", " ") for name in question.by)
    how = f"but not by {names}" if names else "but only broken down"
    return (
        f"Held, {how}: {len(blocks)} set{'s' if len(blocks) > 1 else ''} of figures, the latest "
        "for "
        f"{latest.period.label}, stated {when_stated(latest.stated_on, latest.precision)} "
        f"({latest.source})."
    )


def _cannot(question: Question, table: Tabulation, evidence: Evidence) -> list[Cannot]:
    measure = question.measure
    found = [
        _stated_gap(measure.code, question, cell, evidence)
        for cell in table.cells
        if cell.value is None
    ]
    refusals = [refusal for each in found for refusal in each]
    if measure.part_of:
        refusals += _gaps_on_record(
            question, measure.part_of, evidence.blocks(measure.part_of), evidence
        )
    silent = evidence.blocks(measure.code) if not table.cells else table.selection.undivided
    refusals += _gaps_on_record(question, measure.code, silent, evidence)
    withheld = evidence.withheld(measure.code)
    if withheld:
        refusals.append(
            _refusal(
                measure.code,
                CellReason.WITHHELD,
                (
                    f"{withheld} set{'s' if withheld > 1 else ''} of figures carry a marking above "
                    "yours."
                ),
            )
        )
    if not table.cells and not refusals:
        refusals.append(
            _refusal(measure.code, CellReason.NO_RETURN, _nothing_held(question, evidence))
        )
    return list({(refusal.reason, refusal.detail): refusal for refusal in refusals}.values())


def _refusal(measure: str, reason: CellReason, detail: str) -> Cannot:
    return Cannot(reason, detail, intelligence.requirements.requirement_for(measure, reason))


def _stated_gap(measure: str, question: Question, cell: Cell, evidence: Evidence) -> list[Cannot]:
    where = label_of(question, cell)
    notes = " ".join(cell.notes)
    refusals = []
    for reason in cell.reasons:
        said = [
            row.note
            for row in evidence.rows(_blocks(cell, measure, evidence), (), question.as_at)
            if row.reason == reason and row.note
        ]
        refusals.append(
            _refusal(
                measure,
                reason,
                f"{where}: {reason.words}. {' '.join(dict.fromkeys(said)) or notes}".strip(),
            )
        )
    return refusals


def _blocks(cell: Cell, measure: str, evidence: Evidence) -> list[Block]:
    return [block for block in evidence.blocks(measure) if block.id in cell.blocks]


def _gaps_on_record(
    question: Question, measure: str, blocks: Sequence[Block], evidence: Evidence
) -> list[Cannot]:
    """Statements that something is not known, which no figure has replaced, for the time asked."""
    refusals = []
    standing = [
        block
        for block in blocks
        if block.role is Role.FIGURE
        and block.stands_on(question.as_at)
        and (question.period is None or block.period.meets(question.period))
    ]
    for row in evidence.rows(standing, (), question.as_at):
        if row.value is None and row.reason:
            reason = CellReason(row.reason)
            said = when_stated(row.block.stated_on, row.block.precision)
            by = f"Stated by {row.block.stated_as} {said} ({row.block.source})."
            refusals.append(_refusal(measure, reason, f"{row.note} {by}"))
    return refusals


def _nothing_held(question: Question, evidence: Evidence) -> str:
    blocks = [
        block for block in evidence.blocks(question.measure.code) if block.role is Role.FIGURE
    ]
    if not blocks:
        return f"No return with {question.measure.title.lower()} has reached the repository."
    first = min(block.known_from for block in blocks)
    if question.as_at < first:
        return (
            f"On {in_words(question.as_at)} nothing was held: the first figure was stated on "
            f"{in_words(first)}."
        )
    start = min(block.period.start for block in blocks)
    end = max(block.period.end for block in blocks)
    kept = (
        f" with {', '.join(str(condition) for condition in question.where)}"
        if question.where
        else ""
    )
    asked = f" for {question.period.label}" if question.period else ""
    return (
        f"No figure is held{asked}{kept}. What is held lies between {in_words(start)} and "
        f"{in_words(end)}."
    )
