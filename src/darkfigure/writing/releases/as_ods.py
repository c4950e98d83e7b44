"""A release as an OpenDocument workbook: each table is marked as one, with its row of headings."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from io import BytesIO
from typing import Protocol
from xml.etree.ElementTree import canonicalize
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from odf import dc, meta
from odf.namespaces import STYLENS
from odf.number import Number, NumberStyle
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import (
    DefaultStyle,
    MasterPage,
    PageLayout,
    PageLayoutProperties,
    ParagraphProperties,
    Style,
    TableCellProperties,
    TableColumnProperties,
    TextProperties,
)
from odf.table import (
    DatabaseRange,
    DatabaseRanges,
    Table,
    TableCell,
    TableColumn,
    TableHeaderRows,
    TableRow,
)
from odf.text import A, P

from darkfigure.publication.release import Release
from darkfigure.writing.releases.workbook import Sheet, Shown, sheets_of, widths_of
from darkfigure.writing.words import ENGLISH, Words

_FACE = {"fontfamily": "Arial", "fontsize": "12pt"}


def workbook_of(release: Release, words: Words = ENGLISH) -> bytes:
    """A release as a workbook; the same release is the same bytes."""
    return book_of(release.head, sheets_of(release, words))


class Headed(Protocol):
    """What a workbook says of itself."""

    @property
    def title(self) -> str:
        """What it is called."""

    @property
    def summary(self) -> str:
        """What it is about."""

    @property
    def publisher(self) -> str:
        """Who publishes it."""

    @property
    def language(self) -> str:
        """The language it is written in."""

    @property
    def out_at(self) -> datetime:
        """From when on it is out."""


def book_of(head: Headed, sheets: Iterable[Sheet]) -> bytes:
    """Sheets as a workbook; the same sheets are the same bytes."""
    book = _Book(head)
    for sheet in sheets:
        book.add(sheet)
    return book.written()


class _Book:
    """A workbook in the making."""

    def __init__(self, head: Headed) -> None:
        self._head = head
        self._document = OpenDocumentSpreadsheet()
        grouped = NumberStyle(name="grouped")
        grouped.addElement(Number(decimalplaces="0", minintegerdigits="1", grouping="true"))
        self._document.automaticstyles.addElement(grouped)
        self._page = self._fitted()
        self._styles = {
            "title": self._style("title", fontweight="bold", fontsize="16pt"),
            "heading": self._style("heading", fontweight="bold"),
            "text": self._style("text"),
            "line": self._style("line", wraps=False),
            "over": self._style("over", wraps=False, fontweight="bold", fontsize="16pt"),
            "figure": self._style("figure", right=True),
            "whole": self._style("whole", right=True, format="grouped"),
            "over figures": self._style("overfigures", right=True, fontweight="bold"),
        }
        self._widths: dict[float, Style] = {}
        self._ranges = DatabaseRanges()
        language, country = head.language, "GB"
        plain = DefaultStyle(family="table-cell")
        plain.addElement(TextProperties(language=language, country=country, **_FACE))
        self._document.styles.addElement(plain)
        self._say(head)

    def _fitted(self) -> Style:
        """How a sheet is printed: on its side, no wider than a page."""
        layout = PageLayout(name="fitted")
        layout.addElement(
            PageLayoutProperties(
                printorientation="landscape", pagewidth="29.7cm", pageheight="21cm", margin="1.5cm"
            )
        )
        layout.firstChild.setAttrNS(STYLENS, "scale-to-X", "1")
        self._document.automaticstyles.addElement(layout)
        self._document.masterstyles.addElement(MasterPage(name="Fitted", pagelayoutname=layout))
        style = Style(name="sheet", family="table", masterpagename="Fitted")
        self._document.automaticstyles.addElement(style)
        return style

    def _say(self, head: Headed) -> None:
        told = self._document.meta
        told.addElement(dc.Title(text=head.title))
        told.addElement(dc.Description(text=head.summary))
        told.addElement(dc.Creator(text=head.publisher))
        told.addElement(dc.Language(text=head.language))
        told.addElement(dc.Date(text=head.out_at.isoformat()))
        told.addElement(meta.CreationDate(text=head.out_at.isoformat()))

    def _style(
        self, name: str, *, wraps: bool = True, right: bool = False, format: str = "", **text: str
    ) -> Style:
        shown = {"datastylename": format} if format else {}
        style = Style(name=name, family="table-cell", parentstylename="Default", **shown)
        style.addElement(TextProperties(**{**_FACE, **text}))
        style.addElement(
            TableCellProperties(
                wrapoption="wrap" if wraps else "no-wrap",
                verticalalign="top",
                **({"paddingright": "0.25cm"} if right else {}),
            )
        )
        style.addElement(ParagraphProperties(textalign="end" if right else "start"))
        self._document.automaticstyles.addElement(style)
        return style

    def _width(self, centimetres: float) -> Style:
        if centimetres not in self._widths:
            style = Style(name=f"w{len(self._widths)}", family="table-column")
            style.addElement(TableColumnProperties(columnwidth=f"{centimetres:.2f}cm"))
            self._document.automaticstyles.addElement(style)
            self._widths[centimetres] = style
        return self._widths[centimetres]

    def add(self, sheet: Sheet) -> None:
        """Add a sheet."""
        table = Table(name=sheet.name, stylename=self._page)
        figures = sheet.figures
        for width in widths_of(sheet):
            table.addElement(TableColumn(stylename=self._width(width)))
        links = dict(sheet.links)
        for place, line in enumerate(sheet.lines):
            first, later = ("over", "line") if sheet.headings else ("title", "text")
            table.addElement(self._row([line], later if place else first))
        if sheet.headings:
            top = TableHeaderRows()
            top.addElement(self._row(sheet.headings, "heading", figures=figures))
            table.addElement(top)
            for place, row in enumerate(sheet.rows):
                table.addElement(self._row(row, "text", links.get(place), figures))
            self._ranges.addElement(
                DatabaseRange(
                    name=sheet.code,
                    targetrangeaddress=f"{sheet.name}.A{len(sheet.lines) + 1}:"
                    f"{sheet.name}.{column_name(len(sheet.headings))}"
                    f"{len(sheet.lines) + 1 + len(sheet.rows)}",
                    containsheader="true",
                    displayfilterbuttons="false",
                )
            )
        self._document.spreadsheet.addElement(table)

    def _row(
        self,
        values: Sequence[Shown],
        style: str,
        link: str | None = None,
        figures: Collection[int] = (),
    ) -> TableRow:
        row = TableRow()
        beside = "over figures" if style == "heading" else "figure"
        for place, value in enumerate(values):
            if isinstance(value, str):
                face = self._styles[beside if place in figures else style]
                cell = TableCell(valuetype="string", stylename=face)
            else:
                face = self._styles["whole" if float(value).is_integer() else "figure"]
                cell = TableCell(valuetype="float", value=str(value), stylename=face)
            text = P()
            if link and not place:
                text.addElement(A(href=f"#{link}.A1", type="simple", text=str(value)))
            else:
                text.addText(value if isinstance(value, str) else f"{value:,}")
            cell.addElement(text)
            row.addElement(cell)
        return row

    def written(self) -> bytes:
        """The bytes of the workbook, with no time of the clock in them."""
        if self._ranges.hasChildNodes():
            self._document.spreadsheet.addElement(self._ranges)
        out = BytesIO()
        self._document.write(out)
        return _at_one_time(out.getvalue(), self._head.out_at)


def _at_one_time(packed: bytes, time: datetime) -> bytes:
    """An archive packed again, every part of it of one time and in one form: which namespaces
    odfpy declares depends on what else was written in the process.
    """
    out = BytesIO()
    with ZipFile(BytesIO(packed)) as old, ZipFile(out, "w") as new:
        for entry in old.infolist():
            part = ZipInfo(entry.filename, (max(time.year, 1980), time.month, time.day, 0, 0, 0))
            body = old.read(entry)
            if entry.filename.endswith(".xml"):
                text = canonicalize(body.decode())
                body = f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'.encode()
            plain = entry.filename == "mimetype"
            new.writestr(part, body, ZIP_STORED if plain else ZIP_DEFLATED)
    return out.getvalue()


def column_name(number: int) -> str:
    """The letters of a column, from 1."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
