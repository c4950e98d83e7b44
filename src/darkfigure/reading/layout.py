"""Where tables lie on a sheet: titles above, headings over several rows, cells, notes below.

A statistical office's sheet has a title, perhaps notes, headings of one row or several (the upper
ones written once for the columns they stand over), rows of figures, notes; and perhaps another
table below. Nothing is known here of what the words mean.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from darkfigure.basis.place import letters
from darkfigure.basis.spoken import tidy_words
from darkfigure.reading.sheets.workbook import NumberedRow
from darkfigure.reading.shorthand import Shorthand, read_cell

#: So many rows of a sheet are looked at to find its tables.
LOOKED_AT = 5_000
#: No more cells are: rows of thousands of columns are fewer.
MOST_CELLS = 5_000_000
#: A heading is shorter, and stands over at most so many rows.
LONGEST_HEADING, MOST_HEADING_ROWS = 250, 5
Looked = list[tuple[int, Sequence[str]]]
_YEAR = re.compile(r"(?:1[5-9]|20|21)\d\d(?:\s*[-/–]\s*\d\d(?:\d\d)?)?", re.ASCII)
_SHORT_MARKS = Shorthand()
#: The number of a column, and how many rows below a row over cells are looked at.
_ORDINAL, _LOOKED_UNDER = re.compile(r"[1-9]\d{0,2}", re.ASCII), 20


@dataclass(frozen=True)
class Area:
    """A table: its columns (numbers, from 1) with their headings level by level, the rows of the
    heading, and the first and last row of cells; `last` is 0 where the table goes on beyond what
    was looked at. `title` and `notes` are the lines around it.
    """

    columns: tuple[int, ...]
    headings: tuple[tuple[str, ...], ...]
    heading_rows: tuple[int, ...]
    first: int
    last: int
    title: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """One name for each column: its levels joined, told apart where two are the same; none
        where nothing stands over it.
        """
        return named(self.headings)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """What a reading calls each column: its name, or "column C" where nothing stands over
        it.
        """
        return tuple(
            name or f"column {letters(at)}"
            for at, name in zip(self.columns, self.names, strict=True)
        )


def named(headings: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Column names of headings of several levels: levels joined by " / ", equal ones numbered."""
    names: list[str] = []
    seen: Counter[str] = Counter()
    for levels in headings:
        name = " / ".join(dict.fromkeys(level for level in levels if level))
        seen[name] += 1
        names.append(name if seen[name] == 1 or not name else f"{name} ({seen[name]})")
    return tuple(names)


def tidy(text: str) -> str:
    """A cell as it is looked at: single spaces, none around it."""
    return " ".join(text.split())


def tidied(row: Sequence[str]) -> Sequence[str]:
    """The cells of a row as they are looked at."""
    line = "|".join(("", *row, ""))
    spaced = "  " in line or "| " in line or " |" in line
    # All that counts as space but the space itself is not printable.
    return [tidy(cell) for cell in row] if spaced or not line.isprintable() else row


def find_areas(rows: Iterable[NumberedRow]) -> list[Area]:
    """The tables of a sheet, from the top. Only its first rows are looked at."""
    looked: Looked = []
    cells, more = 0, False
    for number, row in rows:
        if len(looked) == LOOKED_AT or cells > MOST_CELLS:
            more = True
            break
        cells += len(row)
        looked.append((number, tidied(row)))
    areas: list[Area] = []
    at = 0
    while at < len(looked):
        following = _next_area(looked, at)
        if following is None:
            break
        area, at = following
        areas.append(area)
    if not areas and (only := _without_figures(looked)):
        areas.append(only)
    if more and areas and areas[-1].last == looked[-1][0]:
        last = areas[-1]
        areas[-1] = Area(
            last.columns, last.headings, last.heading_rows, last.first, 0, last.title, ()
        )
    return areas


def _filled(row: Sequence[str]) -> list[int]:
    return [at for at, cell in enumerate(row) if cell]


def is_figure(text: str) -> bool:
    """Whether a cell holds a figure, bounds, or a mark in place of one."""
    cell = read_cell(text, _SHORT_MARKS)
    return not cell.bad and bool(cell.value or cell.low or cell.high or cell.reason or cell.asked)


def _is_data(row: Sequence[str]) -> bool:
    """Whether a row is one of cells: with a figure that is no heading, or a period and more."""
    filled = _filled(row)
    if len(filled) < 2:
        return False
    if _over_periods([row[at] for at in filled]):
        return False
    return any(is_figure(row[at]) and not row[at].isalpha() for at in filled)


def _over_periods(cells: Sequence[str]) -> bool:
    """Whether cells are the headings of columns of periods: years one after another, with words
    before and after them and no other figure.
    """
    at = [place for place, cell in enumerate(cells) if _is_year(cell)]
    if len(at) < 2 or at[-1] - at[0] != len(at) - 1:
        return False
    if any(is_figure(cell) for place, cell in enumerate(cells) if place not in at):
        return False
    first = [int(tidy_words(cells[place])[:4]) for place in at]
    steps = {later - earlier for earlier, later in pairwise(first)}
    return len(steps) == 1 and (steps <= {1, -1} or (len(at) > 2 and 0 not in steps))


def _next_area(rows: Looked, start: int) -> tuple[Area, int] | None:
    """The first table from a place on, and the place after it."""
    at = start
    while at < len(rows) and not _is_data(rows[at][1]):
        at += 1
    if at == len(rows):
        return None
    top = _heading_from(rows, start, at)
    if top == at and at + 1 < len(rows) and _over_years(rows[at][1]) and _is_data(rows[at + 1][1]):
        at += 1
    at = _past_headings(rows, top, at)
    numbered = int(top < at and _numbers_columns(rows, at))
    end = _end_of(rows, at + numbered)
    return _area(rows, start, top, at + numbered, end, numbered=numbered), end


def _past_headings(rows: Looked, top: int, at: int) -> int:
    """The first row of cells under a heading that stands over no label: rows with a word and, as
    the heading, without the label that every row below has are headings too ("Total", "1", "2",
    "3 and more" over households by size).
    """
    first = min((_filled(row)[0] for _, row in rows[top:at]), default=0)
    end = at
    while end < len(rows) and end - top < MOST_HEADING_ROWS and _is_over(rows[end][1], first):
        end += 1
    below = [filled[0] for _, row in rows[end : end + _LOOKED_UNDER] if (filled := _filled(row))]
    return end if len(below) > 1 and max(below) < first else at


def _is_over(row: Sequence[str], first: int) -> bool:
    """Whether a row has a word, and nothing before a place."""
    filled = _filled(row)
    return bool(filled) and filled[0] >= first and not all(is_figure(row[at]) for at in filled)


def _numbers_columns(rows: Looked, at: int) -> bool:
    """Whether a row under a heading numbers the columns, for notes to name them: 1, 2, 3, one of
    them over a column in which no figure stands.
    """
    row = rows[at][1]
    filled = _filled(row)
    if len(filled) < 3 or not all(_ORDINAL.fullmatch(row[place]) for place in filled):
        return False
    numbers = [int(row[place]) for place in filled]
    if numbers[0] != 1 or any(later <= earlier for earlier, later in pairwise(numbers)):
        return False
    under = [row for _, row in rows[at + 1 : at + 1 + _LOOKED_UNDER]]
    texts = ([cells[place] for cells in under if place < len(cells)] for place in filled)
    return any(sum(map(bool, cells)) > 1 and not any(map(is_figure, cells)) for cells in texts)


def _over_years(row: Sequence[str]) -> bool:
    """Whether the only figures of a row are years: with nothing above it, it is a heading."""
    figures = [cell for cell in row if cell and is_figure(cell)]
    return len(figures) < len(_filled(row)) and all(map(_is_year, figures))


def _is_year(text: str) -> bool:
    """Whether a cell says a year, or two, a mark behind it or not."""
    return bool(_YEAR.fullmatch(tidy_words(text)))


def _heading_from(rows: Looked, start: int, data: int) -> int:
    """The first row of the heading over a row of cells."""
    top = data
    while top > start and data - top < MOST_HEADING_ROWS:
        row = rows[top - 1][1]
        filled = _filled(row)
        blank_between = rows[top][0] - rows[top - 1][0] > 1
        if not filled or blank_between or _is_data(row):
            break
        if any(len(row[at]) > LONGEST_HEADING for at in filled):
            break
        if len(filled) == 1 and (
            filled[0] == 0 or (top == data and not _is_under(rows, start, top))
        ):
            break
        top -= 1
    return top


def _is_under(rows: Looked, start: int, top: int) -> bool:
    """Whether a row of one cell over the cells stands right under a row of headings: "Rate" under
    "Police force area" and "Rate per 1,000".
    """
    if top - 2 < start or rows[top - 1][0] - rows[top - 2][0] > 1:
        return False
    above = rows[top - 2][1]
    return len(_filled(above)) > 1 and not _is_data(above)


#: So many empty rows within a table are passed over.
_GAP = 3


def _end_of(rows: Looked, data: int) -> int:
    """The place after the last row of a table. A row that stands alone, or is empty, belongs to it
    only where rows of cells go on below that are no heading of another table. A spreadsheet may
    leave an empty row out: the numbers of those around it tell.
    """
    last, apart, empty, before = data, False, 0, rows[data][0]
    for at in range(data, len(rows)):
        number, row = rows[at]
        apart, before = apart or number > before + 1, number
        filled = len(row) - row.count("")
        empty = 0 if filled else empty + 1
        if empty > _GAP:
            break
        if filled < 2:
            apart = True
            continue
        if apart and _begins_another(rows, at):
            break
        last, apart = at, False
    return last + 1


def _begins_another(rows: Looked, at: int) -> bool:
    """Whether a row is the heading of another table: without a figure, or over periods."""
    cells = [rows[at][1][place] for place in _filled(rows[at][1])]
    return not any(map(is_figure, cells)) or _over_periods(cells)


def _area(rows: Looked, start: int, top: int, data: int, end: int, *, numbered: int = 0) -> Area:
    """A table from the places of its rows; `numbered` of those over its cells number columns."""
    body = [row for _, row in rows[data:end]]
    heads = [list(row) for _, row in rows[top : data - numbered]]
    width = max((len(row) for row in (*body, *heads)), default=0)
    used = [at for at in range(width) if any(at < len(row) and row[at] for row in (*heads, *body))]
    levels = [_spread(row, width, below) for row, below in _with_below(heads)]
    headings = tuple(tuple(level[at] for level in levels) for at in used)
    notes_to = end
    while notes_to < len(rows) and len(_filled(rows[notes_to][1])) <= 1 and notes_to - end < 60:
        notes_to += 1
    return Area(
        columns=tuple(at + 1 for at in used),
        headings=headings or tuple(() for _ in used),
        heading_rows=tuple(number for number, _ in rows[top : data - numbered]),
        first=rows[data][0],
        last=rows[end - 1][0],
        title=_lines(rows[start:top]),
        notes=_lines(rows[end:notes_to]),
    )


def _lines(rows: Looked) -> tuple[str, ...]:
    return tuple(" ".join(filter(None, row)) for _, row in rows if any(row))


def _with_below(heads: list[list[str]]) -> list[tuple[list[str], list[str] | None]]:
    return [(row, heads[at + 1] if at + 1 < len(heads) else None) for at, row in enumerate(heads)]


def _spread(row: list[str], width: int, below: list[str] | None) -> list[str]:
    """A row of the heading with each text over all columns it stands over: an upper row is written
    once for several columns. The lowest is as it stands.
    """
    full = [*row, *[""] * (width - len(row))]
    if below is None:
        return full
    under = [*below, *[""] * (width - len(below))]
    held = ""
    for at, cell in enumerate(full):
        if cell:
            held = cell
        elif held and under[at]:
            full[at] = held
    return full


def _without_figures(rows: Looked) -> Area | None:
    """A table without a figure: one row a person, lists of codes. Its heading is the first row
    filled as widely as most.
    """
    widths = sorted(len(_filled(row)) for _, row in rows if any(row))
    if not widths or widths[-1] < 1:
        return None
    usual = widths[len(widths) // 2]
    for at, (_, row) in enumerate(rows):
        if len(_filled(row)) >= max(1, usual * 0.6) and (at + 1 < len(rows) or usual > 1):
            if at + 1 >= len(rows):
                return None
            return _area(rows, 0, at, at + 1, len(rows))
    return None
