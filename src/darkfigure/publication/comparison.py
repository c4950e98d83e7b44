"""Two answers side by side, cell by cell, with every difference marked; of different measures, with
what sets them apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from darkfigure.basis.marking import Marking
from darkfigure.basis.saying import Saying, Word, quote, say, several
from darkfigure.basis.status import Status
from darkfigure.publication.answer import Answer, label_of
from darkfigure.publication.marked import highest
from darkfigure.tables.cell import Cell


@dataclass(frozen=True)
class Compared:
    """A cell in each of the answers; None where an answer does not have it.

    `agrees` says that every answer has it with the same figure; `within` that the figures of the
    others lie within the bounds of the one that has bounds.
    """

    label: str
    cells: tuple[Cell | None, ...]
    agrees: bool
    within: bool


@dataclass(frozen=True)
class Comparison:
    """Answers to one question from different evidence or under different rules, or about different
    measures; then `apart` says why they differ. `names` says which is which.
    """

    names: tuple[str, ...]
    answers: tuple[Answer, ...]
    rows: tuple[Compared, ...]
    apart: tuple[Saying, ...] = ()

    @property
    def marking(self) -> Marking:
        """The highest marking of the answers."""
        return highest(answer.marking for answer in self.answers)

    @property
    def agrees(self) -> bool:
        """Whether no cell differs."""
        return all(row.agrees for row in self.rows)


def compare(names: Sequence[str], answers: Sequence[Answer]) -> Comparison:
    """Lay answers side by side by their breakdown values. Pending cases are figures of their own
    and are left out.
    """
    by_dims = [
        {
            tuple(cell.dims.items()): cell
            for cell in found.cells
            if cell.status != Status.IN_PROGRESS
        }
        for found in answers
    ]
    keys = dict.fromkeys(key for cells in by_dims for key in cells)
    rows = []
    for key in keys:
        cells = tuple(found.get(key) for found in by_dims)
        shown = next(cell for cell in cells if cell is not None)
        rows.append(Compared(_label(answers, shown), cells, _agree(cells), _within(cells)))
    return Comparison(tuple(names), tuple(answers), tuple(rows), tuple(_set_apart(answers, rows)))


def _label(answers: Sequence[Answer], cell: Cell) -> str:
    """What a row stands under; where nothing is broken down, the titles of the measures."""
    if any(cell.dims.values()):
        return label_of(answers[0].question, cell)
    return " / ".join(dict.fromkeys(answer.question.measure.title for answer in answers))


def _set_apart(answers: Sequence[Answer], rows: Sequence[Compared]) -> list[Saying]:
    """Why figures of different measures differ: what is counted, the definition, one being part of
    another, the rule, the time, who stated it.
    """
    measures = [answer.question.measure for answer in answers]
    if len(set(measures)) < 2:
        return []
    reasons = []
    if len({answer.unit for answer in answers}) > 1:
        units = [_of(answer, Word("unit", answer.unit)) for answer in answers]
        reasons.append(say("compared.units", parts=several(units, "semicolon")))
    definitions = [_of(answer, quote(answer.question.measure.definition)) for answer in answers]
    reasons.append(say("compared.definitions", parts=several(definitions, "space")))
    reasons += [
        say("compared.part_of", part=part.title, whole=whole.title)
        for part in measures
        for whole in measures
        if part.part_of == whole.code or part.code in whole.narrower
    ]
    rules = [note for answer in answers for note in answer.notes if note.code == "cases.counted"]
    if len(set(rules)) > 1:
        reasons.append(say("compared.rules", parts=several(dict.fromkeys(rules), "space")))
    reasons += _different_times(answers, rows)
    return reasons + _different_bodies(answers)


def _of(answer: Answer, what: object) -> Saying:
    """Something said of one measure."""
    return say("compared.of", title=answer.question.measure.title, what=what)


def _different_times(answers: Sequence[Answer], rows: Sequence[Compared]) -> list[Saying]:
    """The rows whose figures are for different times, and for which."""
    reasons = []
    for row in rows:
        pairs = [
            (answer, cell.period)
            for answer, cell in zip(answers, row.cells, strict=True)
            if cell is not None
        ]
        if len({period for _, period in pairs}) > 1:
            times = several([_of(answer, period) for answer, period in pairs], "semicolon")
            reasons.append(say("compared.times", label=row.label, parts=times))
    return reasons


def _different_bodies(answers: Sequence[Answer]) -> list[Saying]:
    """Who stated the figures of each measure, where that is not the same."""
    bodies = [
        sorted({each.stated_by for cell in answer.cells for each in cell.sources if each.used})
        for answer in answers
    ]
    if len(set(map(tuple, filter(None, bodies)))) < 2:
        return []
    parts = [
        _of(answer, several(names, "and"))
        for answer, names in zip(answers, bodies, strict=True)
        if names
    ]
    return [say("compared.bodies", parts=several(parts, "semicolon"))]


def _agree(cells: Sequence[Cell | None]) -> bool:
    values = {None if cell is None else cell.value for cell in cells}
    return len(values) == 1


def _within(cells: Sequence[Cell | None]) -> bool:
    values = [cell.value for cell in cells if cell is not None and cell.value is not None]
    return all(
        cell is not None
        and all(
            (cell.low is None or cell.low <= value) and (cell.high is None or value <= cell.high)
            for value in values
        )
        for cell in cells
    )
