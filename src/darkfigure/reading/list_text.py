"""Delimited text as lists of people come: its encoding and separator recognised, its rows read
whole or refused with their line.

Nothing is read lossily and no cell is ever shown: what is said of a file names lines, columns and
bytes, not what stands there.
"""

from __future__ import annotations

import csv
import io

import polars as pl

from darkfigure.basis.errors import Unreadable
from darkfigure.basis.saying import Saying
from darkfigure.reading import decoding


def read_table(data: bytes, name: str, told: list[Saying]) -> pl.DataFrame:
    """A table of text: the first line has headings, every cell is text, an empty one is null.

    Raises Unreadable with line, column or byte where it is no such table. `told` gets a sentence
    where the encoding was recognised by what it looks like only.
    """
    text = _decoded(data, name, told)
    rows = _rows(text, name) if text.strip() else []
    if not rows:
        raise Unreadable(
            f"{name} is empty: a first line of headings and a line for each record are needed."
        )
    (_, first), body = rows[0], rows[1:]
    headings = [each.strip() for each in first]
    while (
        headings
        and not headings[-1]
        and all(not any(each.strip() for each in row[len(headings) - 1 :]) for _, row in body)
    ):
        headings.pop()
    _check_headings(headings, name)
    width = len(headings)
    for line, row in body:
        if len(row) < width or any(cell.strip() for cell in row[width:]):
            raise Unreadable(
                f"{name}, line {line}: {len(row)} cells where the first line has {width} "
                "headings. A cell that holds the separator "
                "is put in double quotes; an empty cell keeps its separator."
            )
    columns = {
        heading: [row[at].strip() or None for _, row in body] for at, heading in enumerate(headings)
    }
    return pl.DataFrame(columns, schema=dict.fromkeys(headings, pl.String))


def _check_headings(headings: list[str], name: str) -> None:
    seen: dict[str, int] = {}
    for at, heading in enumerate(headings, 1):
        if not heading:
            raise Unreadable(f"{name}, line 1: column {at} has no heading, but cells below.")
        if heading in seen:
            raise Unreadable(
                f"{name}, line 1: columns {seen[heading]} and {at} have the same heading. Each "
                "needs its own."
            )
        seen[heading] = at


def _rows(text: str, name: str) -> list[tuple[int, list[str]]]:
    """Rows with the line each ends on; blank lines left out."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    rows = []
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((reader.line_num, row))
    except csv.Error as error:
        raise Unreadable(
            f"{name}, line {reader.line_num}: the quotation marks or the length of a cell cannot "
            "be read. A quoted cell opens and "
            'ends with ", and a " within it is doubled.'
        ) from error
    return rows


def _separator(text: str) -> str:
    return decoding.separator(next(each for each in text.splitlines() if each.strip()))


def _decoded(data: bytes, name: str, told: list[Saying]) -> str:
    found = decoding.decoded(data, name)
    if found.assumed is not None:
        told.append(found.assumed)
    return found.text
