"""Cells at the head of rows made headers, in a PDF whose writer could not tag them so.

A cell that names its headers is read out by those alone, so each cell of the row is told its new
header too (ISO 32000-1, table 349).
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import pikepdf

from darkfigure.writing.pdf.document import Document
from darkfigure.writing.pdf.rules_tables import Cell, Grid, grid_of


def with_row_headers(data: bytes, columns: Sequence[int]) -> bytes:
    """The document with the first `columns[n]` columns of its n-th table as headers of rows.

    Tables are numbered as they are tagged; rows of THead stay as they are, and so do empty cells,
    but for headers of which nothing is said, as in the corner: they become data.
    Raises ValueError where the document has another number of tables. The same bytes and columns
    give the same bytes.
    """
    document = Document(data)
    tables = [each for each in document.tree.walk() if each.type == "Table"]
    if len(tables) != len(columns):
        raise ValueError(f"{len(tables)} tables in the document, and {len(columns)} numbers")
    names = _Names(document)
    for table, many in zip(tables, columns, strict=True):
        grid = grid_of(document, table)
        _empty_headers(document, grid)
        headed = [
            cell
            for cell in grid.cells
            if cell.column < many and cell.row not in grid.in_head and not cell.is_header
        ]
        for cell in headed:
            if document.text_of(cell.element).strip():
                _head(document, grid, cell, names, {id(each) for each in headed})
    made = io.BytesIO()
    document.pdf.save(
        made,
        deterministic_id=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        min_version=document.pdf.pdf_version,
    )
    return made.getvalue()


class _Names:
    """The tree of names of elements, to which new ones are added."""

    def __init__(self, document: Document) -> None:
        root: Any = document.tree.root
        if "/IDTree" not in root:
            root.IDTree = document.pdf.make_indirect(pikepdf.Dictionary(Names=pikepdf.Array([])))
        self.tree = pikepdf.NameTree(root.IDTree)

    def of(self, cell: Cell) -> str:
        """The name of a cell, given now if it has none."""
        held = cell.element.text("ID")
        if held is not None:
            return held
        made = f"row-{cell.element.obj.objgen[0]:06}"
        cell.element.obj.ID = pikepdf.String(made)
        self.tree[made] = cell.element.obj
        return made


def _head(document: Document, grid: Grid, cell: Cell, names: _Names, headed: set[int]) -> None:
    cell.element.obj.S = pikepdf.Name.TH
    _attributes(document, cell).Scope = pikepdf.Name.Row
    name = names.of(cell)
    for other in grid.cells:
        within = cell.row <= other.row < cell.row + cell.rows
        if not within or other.column <= cell.column or id(other) in headed or not other.headers:
            continue
        given = _attributes(document, other)
        given.Headers = pikepdf.Array([*given.Headers, pikepdf.String(name)])


def _empty_headers(document: Document, grid: Grid) -> None:
    empty = [
        cell for cell in grid.cells if cell.is_header and not document.text_of(cell.element).strip()
    ]
    names = {cell.element.text("ID") for cell in empty}
    for cell in empty:
        cell.element.obj.S = pikepdf.Name.TD
        attributes = _attributes(document, cell)
        if "/Scope" in attributes:
            del attributes.Scope
    for cell in grid.cells:
        if names.intersection(cell.headers):
            told = [pikepdf.String(name) for name in cell.headers if name not in names]
            _attributes(document, cell).Headers = pikepdf.Array(told)


def _attributes(document: Document, cell: Cell) -> Any:
    """The table attributes of a cell, in a dictionary of its own."""
    given = cell.element.obj.get("/A")
    held = list(given) if isinstance(given, pikepdf.Array) else [given] if given is not None else []
    for at, each in enumerate(held):
        if isinstance(each, pikepdf.Dictionary) and each.get("/O") == "/Table":
            own = pikepdf.Dictionary({key: each[key] for key in each.keys()})  # noqa: SIM118
            held[at] = own
            break
    else:
        own = pikepdf.Dictionary(O=pikepdf.Name.Table)
        held.append(own)
    made = document.pdf.make_indirect(own)
    held = [made if each is own else each for each in held]
    cell.element.obj.A = pikepdf.Array(held)
    return made
