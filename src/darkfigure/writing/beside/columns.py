"""What every form of several measures side by side shares: headings with units, labels, figures
with marks and the time they are for, and the lines beneath.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from darkfigure.basis.saying import several
from darkfigure.publication import Cannot
from darkfigure.publication.beside import Beside, SideRow, notes_with_titles
from darkfigure.tables.cell import Cell
from darkfigure.tables.measures import Measure
from darkfigure.writing.wording import (
    column_title,
    dim_words,
    face_of_several,
    figure,
    footnotes,
    measure_head,
    source_lines,
    title_under,
)
from darkfigure.writing.words import ENGLISH, Words


@dataclass(frozen=True)
class Entry:
    """A figure as it is written: with the time it is for where the row does not say it, the numbers
    of its notes, and its cell; no cell where nothing is held.
    """

    text: str
    marks: tuple[int, ...]
    cell: Cell | None


@dataclass(frozen=True)
class Columns:
    """The table as text: headings of labels and of measures; rows of labels and of entries."""

    labels: list[str]
    measures: list[str]
    rows: list[tuple[list[str], list[Entry]]]


def columns_of(table: Beside, words: Words = ENGLISH) -> Columns:
    """The table that lays answers side by side."""
    pending = any(row.in_progress for row in table.rows)
    by_row = not table.cut_by_time and not pending
    heads = [
        *([words.text("head.period")] if by_row else []),
        *(column_title(name, words) for name in table.dims),
        *([words.text("head.cases")] if pending else []),
    ]
    marks = iter(footnotes(table.cells, words).marks)
    rows = []
    for row in table.rows:
        labels = [
            *([row.period or words.text("beside.different")] if by_row else []),
            *(dim_words(name, row.dims.get(name), words) for name in table.dims),
            *([_state(row, words)] if pending else []),
        ]
        entries = [_entry(table, row, cell, marks, words) for cell in row.cells]
        rows.append((labels or [""], entries))
    return Columns(heads or [""], [measure_head(answer, words) for answer in table.answers], rows)


def _state(row: SideRow, words: Words) -> str:
    return words.text("head.in_progress" if row.in_progress else "head.concluded")


def _entry(
    table: Beside, row: SideRow, cell: Cell | None, marks: Iterator[tuple[int, ...]], words: Words
) -> Entry:
    if cell is None:
        return Entry(words.text("beside.none"), (), None)
    text, period = figure(cell, words), table.period_told(row, cell)
    if period:
        text = words.text("beside.figure_for", figure=text, period=period)
    return Entry(text, next(marks), cell)


def titles_of(table: Beside, words: Words = ENGLISH) -> str:
    """The titles of all measures, with the conditions that they are kept to."""
    titles = [answer.question.measure.title for answer in table.answers]
    named = words.joined([words.joined(titles[:-1], "comma"), titles[-1]], "and")
    return title_under(named, table.answers[0].question.where, words)


def face(table: Beside, words: Words = ENGLISH) -> list[str]:
    """What stands over everything else: the marking, and that figures are made up."""
    return face_of_several(table.marking, table.answers, words)


def note_lines(table: Beside, words: Words = ENGLISH) -> list[str]:
    """Every note once, with the measures it speaks of; first that a row holds different times."""
    lines = [words.text("beside.periods_differ")] if table.of_different_periods else []
    for note, titles in notes_with_titles(table.answers):
        said = words.say(note)
        lines.append(
            words.text("beside.note_of", titles=several(titles, "comma"), note=said)
            if titles
            else said
        )
    return lines


def documents(table: Beside, words: Words = ENGLISH) -> list[str]:
    """The documents that any figure rests on, each once."""
    return [*dict.fromkeys(line for each in table.answers for line in source_lines(each, words))]


def refusals(table: Beside) -> list[tuple[Measure, Cannot]]:
    """What cannot be said, with the measure it cannot be said of."""
    return [
        (answer.question.measure, refusal) for answer in table.answers for refusal in answer.cannot
    ]


def bases(table: Beside, words: Words = ENGLISH) -> list[str]:
    """The basis of each answer."""
    return [
        words.text("beside.basis_of", title=answer.question.measure.title, basis=answer.basis)
        for answer in table.answers
    ]
