"""A release as an Office Open XML workbook, by XlsxWriter: each table is marked as one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from importlib import import_module
from io import BytesIO
from math import ceil
from typing import Any

from darkfigure.basis.loading import extra
from darkfigure.publication.release import Release
from darkfigure.writing.releases.workbook import Sheet, Shown, sheets_of, widths_of
from darkfigure.writing.words import ENGLISH, Words

_FACE = {"font_name": "Arial", "font_size": 12, "text_wrap": True, "valign": "top"}
_RIGHT = {"align": "right", "indent": 1}
#: So many characters of a column's width are a centimetre, at 12 points.
_CHARACTERS = 4.2
_LINE = 16.0


def workbook_of(release: Release, words: Words = ENGLISH) -> bytes:
    """A release as a workbook; the same release is the same bytes."""
    with extra("publishing"):
        xlsxwriter = import_module("xlsxwriter")
    out = BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    book.set_properties(
        {
            "title": release.head.title,
            "subject": release.head.summary[:255],
            "author": release.head.publisher,
            "comments": release.citation[:255],
            "created": release.head.out_at.astimezone(UTC).replace(tzinfo=None),
        }
    )
    faces = {
        "title": book.add_format({**_FACE, "bold": True, "font_size": 16}),
        "heading": book.add_format({**_FACE, "bold": True}),
        "text": book.add_format(_FACE),
        "line": book.add_format({**_FACE, "text_wrap": False}),
        "over": book.add_format({**_FACE, "text_wrap": False, "bold": True, "font_size": 16}),
        "figure": book.add_format({**_FACE, **_RIGHT}),
        "over figures": book.add_format({**_FACE, "bold": True, **_RIGHT}),
        "whole": book.add_format({**_FACE, "num_format": "#,##0", **_RIGHT}),
        "number": book.add_format({**_FACE, "num_format": "#,##0.0#", **_RIGHT}),
    }
    for sheet in sheets_of(release, words):
        _add(book.add_worksheet(sheet.name), sheet, faces)
    book.close()
    return out.getvalue()


def _add(page: Any, sheet: Sheet, faces: dict[str, Any]) -> None:
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    figures = sheet.figures
    widths = [width * _CHARACTERS for width in widths_of(sheet)]
    for place, width in enumerate(widths):
        page.set_column(place, place, width)
    first, later = ("over", "line") if sheet.headings else ("title", "text")
    for place, line in enumerate(sheet.lines):
        page.write_string(place, 0, line, faces[later if place else first])
        if place and not sheet.headings:
            page.set_row(place, _height([line], widths))
    if not sheet.headings:
        return
    top = len(sheet.lines)
    page.add_table(
        top,
        0,
        top + max(len(sheet.rows), 1),
        len(sheet.headings) - 1,
        {
            "name": f"table_{sheet.code}",
            "style": "Table Style Light 1",
            "autofilter": False,
            "columns": [{"header": heading} for heading in sheet.headings],
        },
    )
    links = dict(sheet.links)
    for number, row in enumerate(sheet.rows):
        page.set_row(top + 1 + number, _height(row, widths))
        for place, value in enumerate(row):
            at = top + 1 + number, place
            if isinstance(value, str):
                page.write_string(*at, value, faces["figure" if place in figures else "text"])
            else:
                whole = "whole" if float(value).is_integer() else "number"
                page.write_number(*at, value, faces[whole])
        if name := links.get(number):
            page.write_url(top + 1 + number, 0, f"internal:'{name}'!A1", faces["text"], name)
    for place, heading in enumerate(sheet.headings):
        page.write_string(
            top, place, heading, faces["over figures" if place in figures else "heading"]
        )


def _height(row: Sequence[Shown], widths: Sequence[float]) -> float:
    """How high a row must be for its longest text to be seen whole, in points."""
    pairs = zip(row, widths, strict=False)
    lengths = ((len(str(value)), width) for value, width in pairs)
    return _LINE * max(
        1 if length <= width else ceil(length / max(width * 0.85, 1)) for length, width in lengths
    )
