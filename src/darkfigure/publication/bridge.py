"""Why a figure changed: opening figure, one line for each reason, closing figure. It always adds
up.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from darkfigure.basis.marking import Marking
from darkfigure.basis.period import Period
from darkfigure.basis.saying import Saying, Several, Stated, Word, quote, say, several
from darkfigure.basis.spans import stretches
from darkfigure.basis.statement import Block, Role, Row
from darkfigure.basis.status import ChangeReason
from darkfigure.publication.answer import Answer, answer, label_of
from darkfigure.publication.marked import highest
from darkfigure.tables.cell import Cell
from darkfigure.tables.evidence import Evidence, Number
from darkfigure.tables.question import Question

#: What appeared for a period that was not over on the opening day: no correction, so no reason
#: class.
NEW_PERIOD = "new_period"


@dataclass(frozen=True)
class BridgeLine:
    """One step of a bridge: by how much, for what reason, who says so. `reason` is a ChangeReason
    or NEW_PERIOD; `marking` is that of what says so.
    """

    cell: str
    reason: str
    amount: Number
    detail: Saying | Several
    sources: tuple[Saying, ...] = ()
    marking: Marking = Marking.PUBLIC


@dataclass(frozen=True)
class Span:
    """The two ends of a bridge for one cell. None where nothing was held on that day."""

    cell: str
    opening: Number | None
    closing: Number | None
    opening_id: str
    closing_id: str


@dataclass(frozen=True)
class Bridge:
    """How a figure came from one day to another: opening plus the amounts of all lines equals
    closing.
    """

    question: Question
    start: date
    end: date
    unit: str
    opening: Number | None
    closing: Number | None
    lines: tuple[BridgeLine, ...]
    spans: tuple[Span, ...]
    notes: tuple[Saying, ...]
    at_start: Answer
    at_end: Answer

    @property
    def marking(self) -> Marking:
        """The highest marking of its two answers and of what explains the change."""
        answers = highest(answer.marking for answer in (self.at_start, self.at_end))
        return max(answers, highest(line.marking for line in self.lines))

    @property
    def adds_up(self) -> bool:
        """Opening plus lines equals closing; nothing held counts as nought here."""
        return (self.opening or 0) + sum(line.amount for line in self.lines) == (self.closing or 0)


def bridge(question: Question, start: date, end: date, evidence: Evidence) -> Bridge:
    """Bridge the answer to `question` from day `start` to day `end`.

    Explanations count as known up to the question's own `as_at`, which may lie after `end`: a
    change is often explained later than it is made.
    """
    opening = answer(replace(question, as_at=start), evidence)
    closing = answer(replace(question, as_at=end), evidence)
    before, after = _by_dims(opening), _by_dims(closing)
    blocks = evidence.blocks(question.measure.code)
    lines: list[BridgeLine] = []
    spans = []
    for dims in dict.fromkeys([*before, *after]):
        old, new = before.get(dims), after.get(dims)
        name = label_of(question, new or old)  # type: ignore[arg-type]
        spans.append(
            Span(name, _value(old), _value(new), old.id if old else "", new.id if new else "")
        )
        lines += _steps(
            replace(question, as_at=max(question.as_at, end)),
            name,
            old,
            new,
            (start, end),
            blocks,
            evidence,
        )
    return Bridge(
        question=question,
        start=start,
        end=end,
        unit=closing.unit,
        opening=sum_of(spans, "opening"),
        closing=sum_of(spans, "closing"),
        lines=tuple(_merged(lines, keep_cells=bool(question.by or question.cut))),
        spans=tuple(spans),
        notes=_notes(opening, closing, lines, max(question.as_at, end)),
        at_start=opening,
        at_end=closing,
    )


def _by_dims(found: Answer) -> dict[tuple[tuple[str, str | None], ...], Cell]:
    return {tuple(cell.dims.items()): cell for cell in found.cells}


def _value(cell: Cell | None) -> Number | None:
    return cell.value if cell else None


def sum_of(spans: Sequence[Span], end: str) -> Number | None:
    """The openings or closings of spans added up; None where nothing was held."""
    values = [value for span in spans if (value := getattr(span, end)) is not None]
    return sum(values) if values else None


def _steps(
    question: Question,
    name: str,
    old: Cell | None,
    new: Cell | None,
    days: tuple[date, date],
    blocks: Sequence[Block],
    evidence: Evidence,
) -> list[BridgeLine]:
    change = (_value(new) or 0) - (_value(old) or 0)
    lines: list[BridgeLine] = []
    if new:
        lines = [
            *_explained(question, name, old, new, days, blocks, evidence),
            *_newly_covered(question, name, old, new, days, blocks, evidence),
        ]
    rest = change - sum(line.amount for line in lines)
    if not rest:
        return lines
    if back := _taken_back(old, days, blocks):
        return [*lines, BridgeLine(name, ChangeReason.RECORDED_IN_ERROR, rest, back)]
    unsaid = say("bridge.no_source")
    return [*lines, BridgeLine(name, ChangeReason.NOT_EXPLAINED, rest, unsaid)]


def _taken_back(
    old: Cell | None, days: tuple[date, date], blocks: Sequence[Block]
) -> Saying | None:
    """What is said where a return that a figure rested on was taken back between two days."""
    start, end = days
    for block in blocks:
        day = block.taken_back
        if old is not None and block.id in old.blocks and day and start < day <= end:
            return say("bridge.taken_back", source=block.source, day=day)
    return None


def _explained(
    question: Question,
    name: str,
    old: Cell | None,
    new: Cell,
    days: tuple[date, date],
    blocks: Sequence[Block],
    evidence: Evidence,
) -> list[BridgeLine]:
    """The steps that a source explains: statements of a change, and corrections that carry their
    reason.
    """
    lines = []
    stated = _StatedOnce()
    for block in _explaining(question, new, days, blocks):
        for row in evidence.rows([block], question.where, question.as_at):
            if stated.before(row):
                continue
            if not row.change_reason or row.value is None or not _belongs(row, new, question):
                continue
            if block.role is Role.CHANGE and not _corrects(row, old, new):
                continue
            amount = row.value if block.role is Role.CHANGE else row.value - (row.corrects or 0)
            source = say(
                "bridge.row",
                by=block.stated_as,
                day=Stated(block.stated_on, block.precision),
                source=block.source,
                row=str(row.row),
                file=block.file_name,
            )
            told = quote(row.note)
            lines.append(
                BridgeLine(name, row.change_reason, amount, told, (source,), block.marking)
            )
    return lines


class _StatedOnce:
    """Rows that explain a change, each once: a body that sends a file again, with more in it,
    states no second change. Rows alike within one return are several.
    """

    def __init__(self) -> None:
        self._first: dict[tuple[object, ...], int] = {}
        self._in_return: Counter[tuple[object, ...]] = Counter()

    def before(self, row: Row) -> bool:
        """Whether another return of the body states the same, of the same day."""
        block = row.block
        size = (row.value, row.corrects, row.change_reason)
        dims = frozenset(row.dims.items())
        stated = (*block.matter, block.stated_on, dims, *size)
        self._in_return[block.return_id, *stated] += 1
        number = self._in_return[block.return_id, *stated]
        return self._first.setdefault((*stated, number), block.return_id) != block.return_id


def _explaining(
    question: Question, new: Cell, days: tuple[date, date], blocks: Sequence[Block]
) -> list[Block]:
    """Changes stated by the day explanations are wanted for, and figures stated after opening that
    the cell rests on.
    """
    start, _ = days
    return [
        block
        for block in blocks
        if (block.role is Role.CHANGE and block.stands_on(question.as_at))
        or (block.role is Role.FIGURE and block.id in new.blocks and block.stated_on > start)
    ]


def _belongs(row: Row, cell: Cell, question: Question) -> bool:
    return all(
        row.dims.get(name) == value for name, value in cell.dims.items() if name in question.by
    )


def _corrects(row: Row, old: Cell | None, new: Cell) -> bool:
    """Whether an explanation fits the change between the two cells: it names the figure that was
    corrected.
    """
    if old is None or old.value is None or new.value == old.value:
        return False
    return row.corrects is None or row.corrects == old.value


def _newly_covered(
    question: Question,
    name: str,
    old: Cell | None,
    new: Cell,
    days: tuple[date, date],
    blocks: Sequence[Block],
    evidence: Evidence,
) -> list[BridgeLine]:
    """What the closing figure counts for days the opening figure did not cover.

    Late if those days were over on the opening day, else simply a newer period.
    """
    held = _stretches(new, blocks)
    if new.value is None or not held:
        return []
    before = _stretches(old, blocks) if old is not None and old.value is not None else []
    if before == held or not all(any(each.covers(part) for each in held) for part in before):
        return []
    same_days: Number = 0
    for part in before:
        kept = answer(replace(question, as_at=days[1], period=part), evidence)
        match = _by_dims(kept).get(tuple(new.dims.items()))
        if match is None or match.value is None or _stretches(match, blocks) != [part]:
            return []
        same_days += match.value
    if new.value == same_days:
        return []
    first = min(
        (source for source in new.sources if source.used), key=lambda source: source.stated_on
    )
    said = (
        say(
            "bridge.document",
            by=first.stated_by,
            day=Stated(first.stated_on, first.precision),
            source=first.source,
        ),
    )
    if held[-1].end > days[0]:
        reason, detail = NEW_PERIOD, say("bridge.not_over")
    else:
        reason, detail = ChangeReason.LATE_RETURN.value, say("bridge.nothing_held")
    return [BridgeLine(name, reason, new.value - same_days, detail, said)]


def _stretches(cell: Cell | None, blocks: Sequence[Block]) -> list[Period]:
    """The days a cell's figure is for, as stretches without a gap."""
    if cell is None:
        return []
    return stretches(block.period for block in blocks if block.id in cell.blocks)


def _merged(lines: Iterable[BridgeLine], *, keep_cells: bool) -> list[BridgeLine]:
    """One line for each reason (and cell), in the order of the reasons, not explained last."""
    groups: dict[tuple[str, str], list[BridgeLine]] = defaultdict(list)
    for line in lines:
        groups[(line.cell if keep_cells else "", line.reason)].append(line)
    order = [NEW_PERIOD, *ChangeReason]
    return [
        BridgeLine(
            cell,
            reason,
            sum(line.amount for line in found),
            _details(found),
            tuple(dict.fromkeys(source for line in found for source in line.sources)),
            highest(line.marking for line in found),
        )
        for (cell, reason), found in sorted(
            groups.items(), key=lambda item: (item[0][0], order.index(item[0][1]))
        )
    ]


def _details(lines: Iterable[BridgeLine]) -> Several:
    """What lines say in detail, each thing once."""
    return several(dict.fromkeys(line.detail for line in lines), "semicolon")


def _bound(cell: Cell) -> list[Saying]:
    """What is known of a figure that is not whole: it stands in no step."""
    if cell.value is not None or cell.low is None:
        return []
    return [say("figure.incomplete", reasons=several(cell.reasons), low=cell.low)]


def _notes(
    opening: Answer, closing: Answer, lines: Sequence[BridgeLine], known: date
) -> tuple[Saying, ...]:
    notes = [
        say(
            "counted_in",
            unit=Word("unit", closing.unit),
            definition=closing.question.measure.definition,
        )
    ]
    for found in (opening, closing):
        notes += [
            say(
                "bridge.noted",
                day=found.question.as_at,
                where=label_of(found.question, cell),
                note=note,
            )
            for cell in found.cells
            for note in (*cell.notes, *_bound(cell))
        ]
    if any(line.reason == ChangeReason.NOT_EXPLAINED for line in lines):
        notes.append(say("bridge.unexplained", day=known))
    return tuple(dict.fromkeys(notes))
