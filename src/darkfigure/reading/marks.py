"""Footnote marks: taken off figures where they are set apart, never cut off by guess where they are
not.

A figure copied from a web page may have its raised mark run into it: "1167" for 167 with mark 1.
Whether that is so cannot be known from the digits, so such a figure is refused and the sender is
told how to write it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from darkfigure.basis.errors import Unreadable
from darkfigure.basis.problem import told
from darkfigure.cases.checks import NUMBER

_MARKS = re.compile(r"\s*[\[(]([0-9]{1,2}|[a-z*†‡])[\])]")
_FIGURE = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+|-?[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True)
class Marked:
    """A text with its footnote marks set apart."""

    text: str
    marks: tuple[str, ...]

    def number(self) -> str:
        """The figure as digits. Raises Unreadable where it is none."""
        digits = self.text.replace(",", "")
        if not _FIGURE.fullmatch(self.text) or not re.fullmatch(NUMBER, digits):
            raise Unreadable(f"{told(self.text)} is not a figure")
        return digits


def split_marks(cell: Any) -> Marked:
    """Take bracketed marks off a cell, heading or label; accepts {"figure": 1167, "marks": ["1"]}
    too.
    """
    if isinstance(cell, dict):
        return Marked(
            str(cell.get("figure", "")), tuple(str(mark) for mark in cell.get("marks", []))
        )
    text = str(cell)
    return Marked(_MARKS.sub("", text).strip(), tuple(_MARKS.findall(text)))


def find_orphans(table: dict[str, Any]) -> set[str]:
    """The marks of footnotes that no cell, label, heading or title carries in brackets: they may be
    in the figures.
    """
    cells = [
        table.get("title", ""),
        *table["columns"],
        *(cell for row in table["rows"] for cell in row),
    ]
    placed = {mark for cell in cells for mark in split_marks(cell).marks}
    return {mark for mark in table.get("footnotes", {}) if mark.isdigit() and mark not in placed}


def fused(cell: Any, orphans: set[str]) -> tuple[str, str] | None:
    """An unplaced mark that a bare figure begins or ends with, and the figure without it; None
    where there is none.
    """
    if isinstance(cell, dict) or not str(cell).isdigit():
        return None
    text = str(cell)
    for mark in sorted(orphans):
        if len(text) > len(mark) and text.startswith(mark):
            return mark, text[len(mark) :]
        if len(text) > len(mark) and text.endswith(mark):
            return mark, text[: -len(mark)]
    return None
