"""Words that every written form of an answer shares: headings of columns, figures with bounds,
footnotes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from darkfigure.basis.period import in_words
from darkfigure.basis.statement import TIME_CUTS
from darkfigure.basis.status import Status
from darkfigure.codes import SEPARATOR, codes_for
from darkfigure.publication import Answer, Cannot
from darkfigure.tables.cell import Cell
from darkfigure.tables.evidence import Number

UNDIVIDED = "not broken down"


def column_title(name: str) -> str:
    """A dimension as the heading of a column."""
    return name.replace("_", " ").capitalize()


def value_title(answer: Answer) -> str:
    """The heading of the column of figures."""
    return answer.unit.replace("_", " ").capitalize()


def dim_words(name: str, value: str | None) -> str:
    """A breakdown value in words; a combination as its parts with "and"."""
    if value is None:
        return UNDIVIDED
    if name in TIME_CUTS:
        return value
    parts = [codes_for(name).label(part) for part in value.split(SEPARATOR)]
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]


def number(value: Number) -> str:
    """A figure with thousands separated."""
    return f"{value:,}"


def figure(cell: Cell) -> str:
    """A cell's figure, its bounds, or the reason there is none. Never an empty string."""
    if cell.value is not None:
        if cell.low is not None and cell.high is not None and cell.low != cell.high:
            return f"{number(cell.value)} ({number(cell.low)} to {number(cell.high)})"
        return number(cell.value)
    if cell.low is not None and cell.high is not None:
        return f"{number(cell.low)} to {number(cell.high)}"
    if cell.low is not None and not cell.reasons:
        return f"at least {number(cell.low)}"
    if cell.high is not None:
        return f"up to {number(cell.high)}"
    words = " and ".join(reason.words for reason in cell.reasons) or "no figure"
    return f"{words}; at least {number(cell.low)}" if cell.low else words


@dataclass(frozen=True)
class Footnotes:
    """The notes on cells, numbered once each, and the marks each cell carries."""

    texts: tuple[str, ...]
    marks: tuple[tuple[int, ...], ...]


def footnotes(cells: Sequence[Cell]) -> Footnotes:
    """Number the notes of cells in order of appearance."""
    texts: dict[str, int] = {}
    marks = []
    for cell in cells:
        marks.append(tuple(texts.setdefault(note, len(texts) + 1) for note in cell.notes))
    return Footnotes(tuple(texts), tuple(marks))


def cut_by_time(dims: Iterable[str]) -> bool:
    """Whether time is among the dimensions, so that no column of its own is needed for it."""
    return any(name in TIME_CUTS for name in dims)


def labelled(answer: Answer) -> tuple[list[str], list[list[str]]]:
    """What stands before the figures: headings, and for each cell its labels.

    Dimensions; before them the period where time is no dimension; after them, where cases are in
    progress, which cells are those.
    """
    dims = list(dict.fromkeys(name for cell in answer.cells for name in cell.dims))
    pending = any(cell.status == Status.IN_PROGRESS for cell in answer.cells)
    period = not cut_by_time(dims) and not pending
    heads = [
        *(["Period"] if period else []),
        *map(column_title, dims),
        *(["Cases"] if pending else []),
    ]
    state = {True: "still in progress", False: "concluded"}
    labels = [
        [
            *([cell.period] if period else []),
            *(dim_words(name, cell.dims.get(name)) for name in dims),
            *([state[cell.status == Status.IN_PROGRESS]] if pending else []),
        ]
        for cell in answer.cells
    ]
    return heads, labels


def rows(answer: Answer) -> tuple[list[str], list[list[str]]]:
    """Headings and rows of an answer's table as text: labels, figure, marks of notes."""
    heads, labels = labelled(answer)
    marks = footnotes(answer.cells).marks
    table = [
        [*label, figure(cell), " ".join(f"[{mark}]" for mark in found)]
        for label, cell, found in zip(labels, answer.cells, marks, strict=True)
    ]
    if not any(row[-1] for row in table):
        return [*heads, value_title(answer)], [row[:-1] for row in table]
    return [*heads, value_title(answer), "Note"], table


def source_lines(answer: Answer) -> list[str]:
    """The documents that the cells rest on, each once, oldest first."""
    used = {
        (source.stated_on, source.stated_by, source.source)
        for cell in answer.cells
        for source in cell.sources
        if source.used
    }
    precise = {
        (source.stated_on, source.precision) for cell in answer.cells for source in cell.sources
    }
    how = dict(precise)
    return [
        f"{by}, {in_words(day, how.get(day, 'day'))}: {source}" for day, by, source in sorted(used)
    ]


def refusal_lines(refusal: Cannot) -> tuple[str, str]:
    """What cannot be said and why; what would close the gap."""
    return (
        f"{refusal.reason.words.capitalize()}. {refusal.detail}",
        (
            f"Requirement {refusal.requirement.id}: {refusal.requirement.text} Closed when "
            f"{refusal.requirement.closes_when}."
        ),
    )


def as_at_words(answer: Answer) -> str:
    """The day the answer is given for."""
    return f"As at {in_words(answer.question.as_at)}"
