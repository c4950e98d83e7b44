"""A table that goes out, taken from an answer: its cells under codes and labels, its notes said."""

from __future__ import annotations

from collections.abc import Sequence

from darkfigure.basis.statement import TIME_CUTS
from darkfigure.basis.status import CellReason, Status
from darkfigure.codes import codes_for
from darkfigure.publication import Answer
from darkfigure.publication.release import Dimension, Mark, ReleasedCell, ReleasedTable
from darkfigure.tables.cell import Cell
from darkfigure.writing.wording import (
    claims_of,
    column_title,
    dim_words,
    dims_of,
    face_of,
    is_synthetic,
    refusal_lines,
    source_lines,
    unit_title,
)
from darkfigure.writing.words import ENGLISH, Words

#: The code of figures that are not divided by a dimension; SDMX calls it so.
UNDIVIDED = "_Z"
#: The dimension that tells cases concluded from those in progress, where both are counted.
STATE = "case_state"
PERIOD = "period"


def table_of(
    answer: Answer, code: str, title: str, notes: Sequence[str] = (), words: Words = ENGLISH
) -> ReleasedTable:
    """A table of the cells of an answer, each under a code for each dimension."""
    names = _names(answer)
    values = [tuple(_value(cell, name) for name in names) for cell in answer.cells]
    dimensions = tuple(
        Dimension(
            name,
            words.text("release.case_state") if name == STATE else column_title(name, words),
            name in TIME_CUTS or name == PERIOD,
            tuple(
                (value, _label(name, value, words))
                for value in _ordered(name, dict.fromkeys(row[at] for row in values))
            ),
        )
        for at, name in enumerate(names)
    )
    measure = answer.question.measure
    said = [
        *notes,
        *face_of(answer, words),
        *map(words.say, answer.notes),
        *dict.fromkeys(words.say(note) for cell in answer.cells for note in cell.notes),
        *(line for refusal in answer.cannot for line in refusal_lines(refusal, words)),
    ]
    return ReleasedTable(
        code=code,
        title=title,
        measure=measure.code,
        measure_title=measure.title,
        definition=measure.definition,
        unit=answer.unit,
        unit_title=unit_title(answer.unit, words),
        dimensions=dimensions,
        cells=tuple(
            ReleasedCell(row, cell.value, cell.low, cell.high, _marks(cell), tuple(cell.reasons))
            for row, cell in zip(values, answer.cells, strict=True)
        ),
        notes=tuple(dict.fromkeys(said)),
        sources=tuple(source_lines(answer, words)),
        as_at=answer.question.as_at,
        question=dict(sorted(answer.question.canonical().items())),
        answer=answer.id,
        basis=answer.basis,
        synthetic=is_synthetic(answer),
        cannot_bear=tuple(claims_of(answer.question, answer.unit, words)),
    )


def _names(answer: Answer) -> list[str]:
    names = dims_of(answer)
    if not any(name in TIME_CUTS for name in names):
        names = [PERIOD, *names]
    if any(cell.status == Status.IN_PROGRESS for cell in answer.cells):
        names.append(STATE)
    return names


def _value(cell: Cell, name: str) -> str:
    if name == STATE:
        return "in_progress" if cell.status == Status.IN_PROGRESS else "concluded"
    if name == PERIOD:
        return cell.period or UNDIVIDED
    if name in TIME_CUTS:
        return cell.labelled(name) or UNDIVIDED
    return cell.dims.get(name) or UNDIVIDED


def _label(name: str, value: str, words: Words) -> str:
    if value == UNDIVIDED:
        return words.text("head.undivided")
    if name == STATE:
        return words.text(f"head.{value}")
    return value if name == PERIOD else dim_words(name, value, words)


def _ordered(name: str, values: Sequence[str] | dict[str, None]) -> list[str]:
    """Codes in the order of their list; time by itself, what is not divided last."""
    if name in TIME_CUTS or name == PERIOD:
        return sorted(values)
    if name == STATE:
        return [*values]
    known = [*codes_for(name).codes]
    return sorted(
        values,
        key=lambda value: (
            value == UNDIVIDED,
            known.index(value) if value in known else len(known),
            value,
        ),
    )


def _marks(cell: Cell) -> tuple[Mark, ...]:
    marks = []
    if CellReason.SUPPRESSED in cell.reasons:
        marks.append(Mark.CONFIDENTIAL)
    elif cell.value is None:
        marks.append(Mark.NOT_AVAILABLE)
    if cell.status == Status.PROVISIONAL:
        marks.append(Mark.PROVISIONAL)
    return tuple(marks)
