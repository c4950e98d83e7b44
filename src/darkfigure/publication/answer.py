"""An answer: cells with their sources, notes on unit and scope, and what cannot be said with the
exact reason.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

from darkfigure.basis.marking import Marking
from darkfigure.basis.period import Period, day_after
from darkfigure.basis.saying import (
    Saying,
    Several,
    Stated,
    Word,
    figure_said,
    quote,
    say,
    several,
)
from darkfigure.basis.spans import claimed, days_said
from darkfigure.basis.statement import TIME_CUTS, Block
from darkfigure.basis.status import CellReason, Status
from darkfigure.codes import codes_for, titles_of
from darkfigure.disclosure.audiences import PUBLIC, words_for
from darkfigure.intelligence.requirements import NOTHING_ASKED, Needs, Requirement
from darkfigure.publication.marked import marking_of
from darkfigure.publication.not_divided import Refusal, gap_on_record, in_no_cell, stated
from darkfigure.publication.nothing_held import nearest_said, undivided_for, why_nothing
from darkfigure.tables.cell import Cell
from darkfigure.tables.evidence import Evidence, Number
from darkfigure.tables.gathering import Gathered, gather_evidence
from darkfigure.tables.groups import of_groups
from darkfigure.tables.measures import measure_named
from darkfigure.tables.nearest import nearest
from darkfigure.tables.question import Condition, Question
from darkfigure.tables.remaining import Remaining
from darkfigure.tables.selection import Selection
from darkfigure.tables.succession import Gap, histories
from darkfigure.tables.tabulate import Contradiction, Tabulation, tabulate
from darkfigure.tables.unreturned import RETURNING, Unreturned

if TYPE_CHECKING:
    from darkfigure.intelligence.requirements import Requirement


@dataclass(frozen=True)
class Cannot:
    """Something that cannot be said: why, and the requirement that would close the gap, None where
    no set that is loaded has one; `nearest` are the questions nearest to the one asked that have an
    answer; `wider` where it is said of a measure that holds the one asked about.
    """

    reason: CellReason
    detail: Saying
    requirement: Requirement | None
    nearest: tuple[Question, ...] = ()
    wider: bool = False


#: The notes by which others know synthetic records and counted figures.
SYNTHETIC, COUNTED = "synthetic", "cases.counted"
#: Counts of persons from 1 to one less are kept out of what goes out; the note that says so.
THRESHOLD = int(words_for(PUBLIC)["threshold"])
KEPT_OUT = say("guarded", most=THRESHOLD - 1)
#: So many hexadecimal digits of an answer's id say what it holds.
CONTENT = 6
#: So many bodies that returned nothing are named; of the rest, how many they are.
SHOWN = 12


@dataclass(frozen=True)
class Answer:
    """The answer to a question as known on a day.

    `basis` is a hash over the content of everything read: equal bases mean equal evidence. `cells`
    may be empty; then `cannot` says why. `marking` is the highest of what it rests on.
    """

    question: Question
    unit: str
    basis: str
    cells: tuple[Cell, ...]
    notes: tuple[Saying, ...]
    cannot: tuple[Cannot, ...]
    marking: Marking = Marking.PUBLIC

    @cached_property
    def id(self) -> str:
        """Names the question, its day and what is answered: ten hexadecimal digits of the
        question's id, six of the content's. The ids of cells begin with it.
        """
        said = [
            (place_of(cell), told_by(cell), str(cell.status), [*map(str, cell.reasons)])
            for cell in self.cells
        ]
        why = [str(refusal.reason) for refusal in self.cannot]
        marked = (self.marking.name,) if self.marking else ()
        text = repr((self.basis, self.unit, said, why, *marked))
        return self.question.id + sha256(text.encode()).hexdigest()[:CONTENT]


def place_of(cell: Cell) -> tuple[tuple[tuple[str, str | None], ...], bool]:
    """Where a cell stands among others: its dimensions, and whether of cases not concluded."""
    return (*sorted(cell.dims.items()),), cell.status == Status.IN_PROGRESS


def told_by(cell: Cell) -> tuple[Number | None, Number | None, Number | None]:
    """What a cell says: its figure and its bounds."""
    return cell.value, cell.low, cell.high


def says_something(cell: Cell) -> bool:
    """Whether a cell says anything of its figure."""
    return told_by(cell) != (None, None, None)


def is_hidden(cell: Cell) -> bool:
    """Whether a count was kept out of what left the house."""
    return cell.value is None and CellReason.SUPPRESSED in cell.reasons


def answer(question: Question, evidence: Evidence, needs: Needs = NOTHING_ASKED) -> Answer:
    """Answer a question from evidence, or say why it cannot be answered. Never raises for a lack of
    data. `needs` are the requirements of the sets loaded.
    """
    by_group = of_groups(question, evidence)
    worked_out, evidence = by_group is not evidence, by_group
    gathered = gather_evidence(question, evidence)
    table = tabulate(gathered)
    named = () if table.cells else gathered.held
    return named_by_content(
        Answer(
            question=question,
            unit=gathered.selection.unit,
            basis=_basis(question, table),
            cells=held_to(question, table.cells),
            notes=(*_notes(question, table, gathered), *_group_notes(table, worked_out)),
            cannot=tuple(
                Cannot(
                    each.reason,
                    each.detail,
                    needs.closing(question.measure.code, each.reason, each.by),
                    each.near,
                    each.wider,
                )
                for each in dict.fromkeys(_cannot(question, table, gathered, evidence))
            ),
            marking=marking_of(gathered, named),
        )
    )


def named_by_content(found: Answer) -> Answer:
    """An answer with its cells under its own id, which says what it holds: another figure has
    another id.
    """
    named = tuple(cell._replace(id=f"{found.id}-{mark_in(cell.id)}") for cell in found.cells)
    return replace(found, cells=named)


def mark_in(cell_id: str) -> str:
    """What of a cell's id names the cell within its answer."""
    return cell_id.partition("-")[2]


def held_to(question: Question, cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """Cells as a question wants them: strictly, a figure that is not whole has no bounds either."""
    if not question.strict:
        return cells
    return tuple(
        cell._replace(low=None, high=None) if cell.value is None else cell for cell in cells
    )


def _basis(question: Question, table: Tabulation) -> str:
    text = json.dumps(question.canonical(), sort_keys=True) + repr(table.read)
    return sha256(text.encode()).hexdigest()


def _notes(question: Question, table: Tabulation, gathered: Gathered) -> list[Saying]:
    measure, selection = question.measure, gathered.selection
    notes = [say("counted_in", unit=Word("unit", selection.unit), definition=measure.definition)]
    if measure.scope_note:
        notes.append(quote(measure.scope_note))
    if gathered.campaigns and table.cells:
        listed = codes_for("operation")
        names = several([listed.label(code) for code in gathered.campaigns], "and")
        notes.append(say("campaigns", names=names))
    notes += _coverage_notes(question, table, selection)
    notes += map(_remaining_note, table.remaining)
    if gathered.before:
        notes += _succession_notes(question, table)
    notes += map(_combination_note, gathered.more_combined)
    notes += [
        note
        for cell in table.cells
        if len(cell.sources) > 1
        for note in _conflict_notes(question, cell)
    ]
    notes += [_contradiction_note(found) for found in table.contradictions]
    if any(block.status == "provisional" for block in selection.usable):
        notes.append(say("provisional"))
    if not table.cells:
        notes += [
            say("held.narrower", title=measure_named(name).title, code=name)
            for name in gathered.narrower
        ]
    if selection.undivided and table.cells:
        notes.append(_undivided_note(question, selection.undivided))
    if selection.other_units:
        notes.append(say("held.other_unit", units=several(selection.other_units, "comma")))
    late = sorted(
        {block.received_on for block in selection.usable if block.received_on > question.as_at}
    )
    if late:
        notes.append(
            say("arrived_later.between", first=late[0], last=late[-1])
            if len(late) > 1
            else say("arrived_later.on", day=late[0])
        )
    return list(dict.fromkeys(notes))


def _group_notes(table: Tabulation, worked_out: bool) -> list[Saying]:
    """That groups of nationalities were worked out."""
    return [say("groups")] if worked_out and table.cells else []


def _coverage_notes(question: Question, table: Tabulation, selection: Selection) -> list[Saying]:
    notes = []
    gaps = (
        _gaps(_used_periods(table, selection), question.period)
        if question.period and table.cells
        else []
    )
    if gaps:
        days = [days_said(gap) for gap in gaps[:3]]
        more = [say("gap.more", count=len(gaps) - 3)] if len(gaps) > 3 else []
        shown = several([*days, *more], "semicolon")
        notes.append(say("period.not_covered", gaps=shown))
    crossing = {block.period.label for block in selection.crossing}
    crossing -= {each.total.period for each in table.remaining}  # told with what it leaves
    if crossing and table.cells:
        labels = sorted(crossing)
        code = "period.crossing_others" if len(labels) > 6 else "period.crossing"
        notes.append(say(code, periods=several(labels[:6], "comma")))
    return notes


def _used_periods(table: Tabulation, selection: Selection) -> list[Period]:
    used = {block for cell in table.cells for block in cell.blocks}
    return [block.period for block in selection.usable if block.id in used]


def _gaps(periods: Sequence[Period], window: Period) -> list[Period]:
    found, day = [], window.start
    for period in sorted(periods):
        if period.start > day:
            found.append(Period(day, date.fromordinal(period.start.toordinal() - 1)))
        day = max(day, day_after(period.end))
    if day <= window.end:
        found.append(Period(day, window.end))
    return found


def _combination_note(condition: Condition) -> Saying:
    """More are counted under combinations that hold a value kept to."""
    label = codes_for(condition.dimension).label(condition.code)
    return say("alone", label=label, dimension=condition.dimension, code=condition.code)


def _conflict_notes(question: Question, cell: Cell) -> list[Saying]:
    return [
        say(
            "conflict.part" if other.instead else "conflict",
            where=label_of(question, cell),
            by=other.stated_by,
            stated=figure_said(other.value, other.low, other.high),
            when=Stated(other.stated_on, other.precision),
            source=other.source,
            used=figure_said(*(other.instead or (cell.value, cell.low, cell.high))),
            rule=other.rule,
            **({"period": other.period} if other.instead else {}),
        )
        for other in cell.conflicts
    ]


def _contradiction_note(found: Contradiction) -> Saying:
    where = [" and ".join(titles_of(name, value)) for name, value in found.dims.items()]
    said = found.total
    return say(
        "contradiction",
        where=several(where, "comma") if where else say("in_all"),
        parts=found.parts,
        by=said.stated_by,
        total=figure_said(said.value, None, None),
        when=Stated(said.stated_on, said.precision),
        source=said.source,
    )


def _remaining_note(found: Remaining) -> Saying:
    """What a total for longer time leaves for the days of it of which nothing is shown."""
    where = [" and ".join(titles_of(name, code)) for name, code in found.dims.items() if code]
    said = found.total
    return say(
        "period.remaining",
        where=several(where, "comma") if where else say("in_all"),
        by=said.stated_by,
        total=figure_said(said.value, said.low, said.high),
        period=said.period,
        when=Stated(said.stated_on, said.precision),
        source=said.source,
        parts=figure_said(*found.parts),
        rest=figure_said(*found.rest),
        days=several([say("days", start=each.start, end=each.end) for each in found.days], "and"),
        most=found.rest.high,
    )


def label_of(question: Question, cell: Cell) -> str:
    """The dimensions of a cell in words; the measure's title where there are none."""
    words = [
        cell.labelled(name) or value if name in TIME_CUTS else " and ".join(titles_of(name, value))
        for name, value in cell.dims.items()
        if value
    ]
    return ", ".join(words) or question.measure.title


def _undivided_note(question: Question, blocks: Sequence[Block]) -> Saying:
    latest = max(blocks, key=lambda block: (block.stated_on, block.period.end))
    names = [Word("dimension", name) for name in question.by]
    return say(
        "held.undivided",
        how=say("held.but_not_by", names=several(names, "or"))
        if names
        else say("held.only_divided"),
        count=len(blocks),
        period=latest.period.label,
        when=Stated(latest.stated_on, latest.precision),
        source=latest.source,
    )


def _cannot(
    question: Question, table: Tabulation, gathered: Gathered, evidence: Evidence
) -> list[Refusal]:
    refusals = [
        refusal
        for cell in table.cells
        if cell.value is None
        for refusal in _stated_gap(question, cell, gathered, table.gaps.get(cell.id))
    ]
    own = question.measure.code
    refusals += [gap_on_record(row) for row in gathered.unsaid if row.block.measure == own]
    wider = [
        gap_on_record(row)._replace(wider=True)
        for row in gathered.unsaid
        if row.block.measure != own
    ]
    if gathered.withheld:
        refusals.append(Refusal(CellReason.WITHHELD, say("withheld", count=gathered.withheld)))
    refusals += map(stated, gathered.breakdowns)
    if table.cells:
        return [*refusals, *in_no_cell(question, table.cells, gathered), *wider]
    if refusals:
        return [*_with_nearest(question, refusals, evidence), *wider]
    after = _gone_over(question) if gathered.before else []
    reason, detail, near = why_nothing(question, gathered.held, evidence)
    if wider and reason is CellReason.NO_RETURN:
        return _with_nearest(question, wider, evidence)
    by = undivided_for(question, near[0]) if near else ()
    return [
        *(Refusal(CellReason.NOT_DIVIDED, each) for each in after),
        Refusal(reason, detail, tuple(each.question for each in near), by),
        *wider,
    ]


def _with_nearest(
    question: Question, refusals: Sequence[Refusal], evidence: Evidence
) -> list[Refusal]:
    """Refusals that a body gave itself, the last with what is held nearest."""
    near = nearest(question, evidence)
    if not near:
        return [*refusals]
    *others, last = refusals
    told = say("nearest.beside", detail=last.detail, near=nearest_said(question, near))
    return [*others, last._replace(detail=told, near=tuple(each.question for each in near))]


def _stated_gap(
    question: Question, cell: Cell, gathered: Gathered, gap: Gap | None
) -> list[Refusal]:
    where, rows = label_of(question, cell), gathered.reasons
    refusals: list[Refusal] = []
    for reason in cell.reasons:
        if gap and reason is CellReason.NO_RETURN:
            pieces = _former_pieces(question, gap)
            told = say("succession.missing", where=where, pieces=pieces)
            refusals.append(Refusal(reason, told))
            if not _unreturned(cell, gathered, reason):
                continue
        missing = _unreturned(cell, gathered, reason)
        if missing and reason is CellReason.NO_RETURN:
            told = say("gap.unreturned", where=where, pieces=_pieces(missing))
            refusals.append(Refusal(reason, told))
            continue
        if missing:
            told = say("gap.undivided", where=where, areas=_areas(missing))
            refusals.append(Refusal(reason, told))
            continue
        said = [
            row.note
            for row in rows
            if row.block.id in cell.blocks and row.reason == reason and row.note
        ]
        notes = several([*dict.fromkeys(said)] or cell.notes, "space")
        told = say("gap.cell", where=where, reason=reason, notes=notes)
        refusals.append(Refusal(reason, told))
    return refusals


def _former_pieces(question: Question, gap: Gap) -> Several:
    """What a body was before that nothing is held of, with the days; the first few of many."""
    names = [condition.dimension for condition, _ in histories(question)]
    named = [
        say("gap.piece", area=_labelled(names, codes), period=claimed(lacking))
        for codes, lacking in gap.missing[:SHOWN]
    ]
    more = len(gap.missing) - len(named)
    return several([*named, *([say("gap.more", count=more)] if more else [])], "semicolon")


def _labelled(names: Sequence[str], codes: Sequence[str]) -> str:
    pairs = zip(names, codes, strict=False)
    return ", ".join(codes_for(name).label(code) for name, code in pairs)


def _gone_over(question: Question) -> list[Saying]:
    """That a body asked about went over into another, where that is within the time asked about."""
    said = []
    for condition, line in histories(question):
        listed = codes_for(condition.dimension)
        last = line.parts[0].last
        if line.after and last and (question.period is None or question.period.end > last):
            names = several([listed.label(each) for each in line.after], "and")
            name = listed.label(condition.code)
            said.append(say("succession.ended", name=name, day=last, names=names))
    return said


def _succession_notes(question: Question, table: Tabulation) -> list[Saying]:
    """What a body asked about was before, and what became of it."""
    notes = _gone_over(question) if table.cells else []
    for condition, line in histories(question):
        listed, first = codes_for(condition.dimension), line.parts[0].first
        name = listed.label(condition.code)
        used = [listed.label(span.code) for span in line.parts[1:] if span.code in table.former]
        if used and first:
            names = several(used, "and")
            notes.append(say("succession.made_of", name=name, day=first, names=names))
        for each in line.joined:
            if table.cells and each.valid_to and _reaches(question, each.valid_to):
                joined = say(
                    "succession.joined", name=name, other=each.label, day=day_after(each.valid_to)
                )
                notes.append(joined)
    return notes


def _reaches(question: Question, day: date) -> bool:
    return question.period is None or question.period.start <= day


def _unreturned(cell: Cell, gathered: Gathered, reason: CellReason) -> list[Unreturned]:
    """What was not returned, or not divided so, of what a cell would hold."""
    if reason not in (CellReason.NO_RETURN, CellReason.NOT_DIVIDED):
        return []
    return [
        piece
        for piece in gathered.unreturned
        if piece.block.id in cell.blocks
        and cell.dims.get(RETURNING) in (piece.area, None)
        and reason in piece.reasons
    ]


def _pieces(missing: Sequence[Unreturned]) -> Several:
    """Bodies, with the periods for which nothing came of each; the first few of many."""
    periods: dict[str, list[Period]] = {}
    for piece in missing:
        periods.setdefault(piece.area, []).extend(piece.days)
    named = [
        say("gap.piece", area=codes_for(RETURNING).label(area), period=claimed(lacking))
        for area, lacking in list(periods.items())[:SHOWN]
    ]
    more = len(periods) - len(named)
    return several([*named, *([say("gap.more", count=more)] if more else [])], "semicolon")


def _areas(missing: Sequence[Unreturned]) -> Several:
    """Bodies by name; the first few of many."""
    areas = [*dict.fromkeys(piece.area for piece in missing)]
    named = [quote(codes_for(RETURNING).label(area)) for area in areas[:SHOWN]]
    more = len(areas) - len(named)
    return several([*named, *([say("gap.more", count=more)] if more else [])], "semicolon")
