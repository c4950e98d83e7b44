"""Conditions of tables: how cells lie, and which headers each has."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pikepdf

from darkfigure.writing.pdf.document import Document
from darkfigure.writing.pdf.faults import Found
from darkfigure.writing.pdf.structure import Element, string

#: No table has more columns or rows; spans beyond it are no spans.
_MOST = 10_000


@dataclass
class Cell:
    """A cell, with the place of its corner and how far it goes."""

    element: Element
    row: int
    column: int
    rows: int
    columns: int
    scope: str
    headers: list[str]

    @property
    def is_header(self) -> bool:
        """Whether it is tagged as a header."""
        return self.element.type == "TH"


@dataclass
class Grid:
    """A table as cells on a grid. `overlapping` and `uneven` say what does not lie well."""

    table: Element
    rows: list[list[Cell]] = field(default_factory=list)
    overlapping: list[Cell] = field(default_factory=list)
    uneven: list[int] = field(default_factory=list)  # rows, from 0, of too few or many columns
    in_head: set[int] = field(default_factory=set)  # rows of THead

    @property
    def cells(self) -> list[Cell]:
        """All cells, by rows."""
        return [cell for row in self.rows for cell in row]


def grid_of(document: Document, table: Element) -> Grid:
    """The grid of a table."""
    grid = Grid(table)
    taken: dict[tuple[int, int], Cell] = {}
    ends: list[int] = []
    for place, row in enumerate(_rows(table)):
        if row.parent is not None and row.parent.type == "THead":
            grid.in_head.add(place)
        grid.rows.append([])
        column = 0
        for element in row.elements:
            if element.type not in ("TH", "TD"):
                continue
            while (place, column) in taken:
                column += 1
            cell = _cell(document, element, place, column)
            grid.rows[-1].append(cell)
            for down in range(cell.rows):
                for across in range(cell.columns):
                    at = place + down, column + across
                    if at in taken and taken[at] is not cell:
                        grid.overlapping.append(cell)
                    taken[at] = cell
            column += cell.columns
        ends.append(column)
    if not grid.rows:
        return grid
    height = len(grid.rows)
    width = max(column for _, column in taken) + 1 if taken else 0
    filled = [sum((row, column) in taken for column in range(width)) for row in range(height)]
    grid.uneven = [row for row, many in enumerate(filled) if many != width]
    grid.uneven += sorted({row for row, _ in taken if row >= height})
    return grid


def _rows(table: Element) -> list[Element]:
    found = []
    for each in table.elements:
        if each.type == "TR":
            found.append(each)
        elif each.type in ("THead", "TBody", "TFoot", "NonStruct", "Private"):
            found += _rows(each)
    return found


def _cell(document: Document, element: Element, row: int, column: int) -> Cell:
    given = document.tree.attributes(element, "Table")
    headers = given.get("Headers")
    names = list(headers) if isinstance(headers, pikepdf.Array) else []
    return Cell(
        element,
        row,
        column,
        _span(given.get("RowSpan")),
        _span(given.get("ColSpan")),
        str(given.get("Scope", ""))[1:],
        [text for name in names if (text := string(name)) is not None],
    )


def _span(value: Any) -> int:
    return value if isinstance(value, int) and 1 <= value <= _MOST else 1


def check_tables(document: Document) -> Found:
    """The conditions of PDF/UA on every table."""
    for table in document.tree.walk():
        if table.type != "Table":
            continue
        grid = grid_of(document, table)
        for cell in grid.overlapping:
            yield document.fault("table_cells", cell.element, row=cell.row + 1)
        for row in grid.uneven[:1]:
            yield document.fault("table_cells", table, row=row + 1)
        if any(cell.is_header for cell in grid.cells):
            yield from _headers(document, grid)


def _headers(document: Document, grid: Grid) -> Found:
    known = {cell.element.text("ID") for cell in grid.cells if cell.is_header}
    known |= {cell.element.text("ID") for cell in grid.cells if cell.headers}
    known.discard(None)
    for cell in grid.cells:
        unknown = [name for name in cell.headers if name not in known]
        if unknown and not cell.is_header:
            yield document.fault("header_unknown", cell.element, id=unknown[0])
    if any(cell.headers for cell in grid.cells if not cell.is_header):
        lone = [c for c in grid.cells if not c.is_header and not c.headers]
    else:
        lone = [c for c in grid.cells if not c.is_header]
    for cell in lone:
        # A cell in which nothing stands, as in the corner, has nothing to be headed.
        if not reached(grid, cell) and document.painted_in(cell.element):
            yield document.fault("header_scope", cell.element, row=cell.row + 1)
            return


def reached(grid: Grid, cell: Cell) -> bool:
    """Whether a header's scope reaches a cell, along its row or its column."""
    for each in grid.cells:
        if not each.is_header or each is cell:
            continue
        by_row = each.row < cell.row + cell.rows and cell.row < each.row + each.rows
        by_column = (
            each.column < cell.column + cell.columns and cell.column < each.column + each.columns
        )
        if (by_row and each.scope in ("Row", "Both")) or (
            by_column and each.scope in ("Column", "Both")
        ):
            return True
    return False
