"""The table in a file that a reading speaks of: found by its headings, wherever it lies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from darkfigure.basis.errors import ReturnRefused
from darkfigure.basis.problem import Problem
from darkfigure.basis.saying import Saying, say, several
from darkfigure.reading.instructions import Reading, tidy_key
from darkfigure.reading.layout import Area, find_areas, tidied
from darkfigure.reading.sheets import Sheet, Workbook
from darkfigure.reading.sheets.workbook import refuse

#: So many rows of a sheet are searched for a line of headings.
_SEARCHED = 200
#: After so many rows without a cell a table has ended.
_BLANKS = 3
#: So many further tables are named by their lines.
_NAMED = 6


@dataclass(frozen=True)
class Located:
    """A table of a file: its sheet (and its number, from 1), where it lies, and what each of its
    columns is called.
    """

    sheet: Sheet
    number: int
    area: Area

    def column(self, name: str) -> int | None:
        """The column (from 1) of a heading, whatever its case and spaces, or of "column C"; nothing
        without one.
        """
        return self._places.get(tidy_key(name))

    @cached_property
    def _places(self) -> dict[str, int]:
        places: dict[str, int] = {}
        for at, name in zip(self.area.columns, self.area.labels, strict=True):
            places.setdefault(tidy_key(name), at)
        return places

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """The rows of cells, each with its number, cells trimmed."""
        area, blank = self.area, 0
        for number, row in self.sheet.rows():
            if number < area.first:
                continue
            if area.last and number > area.last:
                return
            cells = [*tidied(row)]
            blank = 0 if any(cells) else blank + 1
            if blank >= _BLANKS and not area.last:
                return
            if any(cells):
                yield number, cells


def tables_of(book: Workbook) -> list[Located]:
    """Every table of a file, those of hidden sheets last."""
    sheets = sorted(enumerate(book.sheets, 1), key=lambda each: each[1].hidden)
    return [
        Located(sheet, number, area)
        for number, sheet in sheets
        for area in find_areas(sheet.rows())
    ]


def headed_by(book: Workbook, names: Sequence[str]) -> list[Located]:
    """The tables of a file under a line that has some headings, however the lines below it look."""
    wanted = {tidy_key(name) for name in names}
    found = []
    for number, sheet in enumerate(book.sheets, 1):
        for line, row in islice(sheet.rows(), _SEARCHED):
            cells = tidied(row)
            if wanted and wanted <= {tidy_key(cell) for cell in cells}:
                used = [at for at, cell in enumerate(cells, 1) if cell]
                headings = tuple((cells[at - 1],) for at in used)
                area = Area(tuple(used), headings, (line,), line + 1, 0)
                found.append(Located(sheet, number, area))
                break
    return found


def locate(book: Workbook, reading: Reading) -> tuple[list[Located], list[Saying]]:
    """The tables that a reading is about, and what is to be told of others of the same shape.

    Raises ReturnRefused where no table has the headings, naming those that are missing from the one
    that has most.
    """
    wanted = reading.needed()
    found = [each for each in tables_of(book) if _on_sheet(each, reading)]
    if reading.under or reading.place:
        found = _told_apart(found, reading)
    elif not any(not missing(each, wanted) for each in found):
        found += [each for each in headed_by(book, wanted) if _on_sheet(each, reading)]
    if not found:
        if reading.sheet not in ("", "*"):
            book.sheet(reading.sheet)
        refuse(book.name, "no_tables", "heading_and_rows")
    fits = [each for each in found if not missing(each, wanted)]
    if not fits:
        closest = min(found, key=lambda each: len(missing(each, wanted)))
        lacking = several(missing(closest, wanted)[:12], "comma")
        wrong = say("problems.wrong.headings_missing", reading=reading.name, names=lacking)
        line = closest.area.heading_rows[-1] if closest.area.heading_rows else None
        line = line if len(book.sheets) == 1 else None
        problem = Problem(wrong, say("problems.right.see_reading"), line=line, rule="file")
        raise ReturnRefused(book.name, [problem])
    for each in fits:
        _refuse_twice(book, each, wanted)
    if reading.sheet == "*":
        return fits, []
    first = fits[0]
    others = len(fits) - 1
    told = [say("problems.remark.other_tables", count=others)] if others else []
    beneath = [table for table in tables_of(book) if _is_beside(table, first) and table not in fits]
    beneath = _not_reached(beneath, first)
    told += [_not_read(beneath)] if beneath and not (reading.under or reading.place) else []
    return [first], told


def _is_beside(table: Located, other: Located) -> bool:
    """Whether a table stands on the sheet of another."""
    return table.sheet is other.sheet and table.area.first != other.area.first


def _not_reached(tables: list[Located], first: Located) -> list[Located]:
    """Those of the tables whose lines a table without an end does not reach."""
    if not tables or first.area.last:
        return tables
    last = max((line for line, _ in first.rows()), default=0)
    return [table for table in tables if not first.area.first <= table.area.first <= last]


def _not_read(tables: Sequence[Located]) -> Saying:
    """That further tables of the sheet are not read, with the lines on which they begin."""
    lines = [(table.area.heading_rows or (table.area.first,))[0] for table in tables]
    shown = several(map(str, lines[:_NAMED]), "comma")
    return say("problems.remark.tables_beneath", count=len(tables), lines=shown)


def _told_apart(tables: Sequence[Located], reading: Reading) -> list[Located]:
    """The tables under the line that a reading names, and in the place that it says."""
    places: Counter[int] = Counter()
    meant = []
    for table in tables:
        places[table.number] += 1
        titled = any(tidy_key(reading.under) in tidy_key(line) for line in table.area.title)
        if (titled or not reading.under) and reading.place in (0, places[table.number]):
            meant.append(table)
    return meant


def _refuse_twice(book: Workbook, table: Located, names: Sequence[str]) -> None:
    """Refuse a table in which a heading that is needed stands twice."""
    for name in names:
        if (again := table.column(f"{name} (2)")) is not None:
            wrong, right = say("problems.wrong.column_twice"), say("problems.right.keep_one")
            line = table.area.heading_rows[-1] if table.area.heading_rows else None
            problem = Problem(wrong, right, line=line, column=again, rule="columns")
            raise ReturnRefused(book.name, [problem])


def _on_sheet(table: Located, reading: Reading) -> bool:
    if reading.sheet in ("", "*"):
        return True
    return table.sheet.name.strip().casefold() == reading.sheet.strip().casefold()


def missing(table: Located, names: Sequence[str]) -> list[str]:
    """Those of some headings that a table does not have."""
    return [name for name in names if table.column(name) is None]
