"""Writes tables as people have them, SYNTHETIC: text of any encoding, spreadsheets, JSON."""

from __future__ import annotations

import csv
import gzip
import io
import json
from html import escape
from zipfile import ZIP_DEFLATED, ZipFile

import pyarrow as pa
import pyarrow.parquet as pq
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/'
    '2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-'
    'package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override '
    'PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'spreadsheetml.sheet.main+xml"/>{sheets}</Types>'
)
_SHEET_TYPE = (
    '<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.spreadsheetml.worksheet+xml"/>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = (
    '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/'
    f'package/2006/relationships"><Relationship Id="r1" Type="{_OFFICE}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>'
)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


#: Styles: none, and one of per cent.
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="0.0%"/>'
    '</numFmts><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>'
)


class Share(float):
    """A number that a spreadsheet shows as per cent."""


def letters(column):
    """The name of a column, from 0."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def _cell(value, row, column, formula=None):
    place = f'r="{letters(column)}{row}"'
    if value is None or value == "":
        return ""
    made = f"<f>{escape(formula)}</f>" if formula else ""
    if isinstance(value, bool) or not isinstance(value, int | float):
        if formula:
            return f'<c {place} t="str">{made}<v>{escape(str(value))}</v></c>'
        text = f'<t xml:space="preserve">{escape(str(value))}</t>'
        return f'<c {place} t="inlineStr"><is>{text}</is></c>'
    style = ' s="1"' if isinstance(value, Share) else ""
    return f"<c {place}{style}>{made}<v>{value}</v></c>"


def _sheet_xml(rows, formulas):
    body = "".join(
        f'<row r="{n}">'
        + "".join(_cell(v, n, at, formulas.get((n, at + 1))) for at, v in enumerate(row))
        + "</row>"
        for n, row in enumerate(rows, 1)
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{_MAIN}"><sheetData>{body}'
        f"</sheetData></worksheet>"
    )


def xlsx(path, sheets, *, hidden=(), formulas=None):
    """A spreadsheet of sheets by name, each a list of rows; numbers stay numbers."""
    with ZipFile(path, "w", ZIP_DEFLATED) as book:
        types = "".join(_SHEET_TYPE.format(n=n) for n in range(1, len(sheets) + 1))
        book.writestr("[Content_Types].xml", _TYPES.format(sheets=types))
        book.writestr("_rels/.rels", _RELS)
        listed = "".join(
            f'<sheet name="{escape(name)}" sheetId="{n}" r:id="r{n}"'
            + (' state="hidden"/>' if name in hidden else "/>")
            for n, name in enumerate(sheets, 1)
        )
        book.writestr(
            "xl/workbook.xml",
            f'<?xml version="1.0" encoding="UTF-8"?><workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
            f"<sheets>{listed}</sheets></workbook>",
        )
        links = "".join(
            f'<Relationship Id="r{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n in range(1, len(sheets) + 1)
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxml'
            f'formats.org/package/2006/relationships">{links}</Relationships>',
        )
        book.writestr("xl/styles.xml", _STYLES)
        for n, rows in enumerate(sheets.values(), 1):
            book.writestr(f"xl/worksheets/sheet{n}.xml", _sheet_xml(rows, formulas or {}))
    return path


def ods(path, sheets):
    """An OpenDocument spreadsheet of sheets by name, each a list of rows."""
    document = OpenDocumentSpreadsheet()
    for name, rows in sheets.items():
        table = Table(name=name)
        for row in rows:
            line = TableRow()
            for value in row:
                line.addElement(_ods_cell(value))
            table.addElement(line)
        document.spreadsheet.addElement(table)
    document.save(str(path))
    return path


def _ods_cell(value):
    if value is None or value == "":
        return TableCell()
    if isinstance(value, Share):
        return TableCell(valuetype="percentage", value=str(value))
    if isinstance(value, int | float):
        return TableCell(valuetype="float", value=str(value))
    cell = TableCell(valuetype="string")
    cell.addElement(P(text=str(value)))
    return cell


def text_of(rows, *, sign=",", ends="\n"):
    """Rows as delimited text."""
    out = io.StringIO()
    csv.writer(out, delimiter=sign, lineterminator=ends).writerows(rows)
    return out.getvalue()


def delimited(path, rows, *, sign=",", ends="\n", encoding="utf-8", packed=False):
    """Rows as a text file."""
    content = text_of(rows, sign=sign, ends=ends).encode(encoding)
    path.write_bytes(gzip.compress(content) if packed else content)
    return path


def written(folder, rows, form):
    """A table in one of the forms of `FORMS`."""
    if form == "xlsx":
        return xlsx(folder / "synthetic.xlsx", {"Sheet 1": rows})
    if form == "ods":
        return ods(folder / "synthetic.ods", {"Sheet 1": rows})
    if form == "zip":
        path = folder / "synthetic.zip"
        with ZipFile(path, "w", ZIP_DEFLATED) as archive:
            archive.writestr("table.csv", text_of(rows))
        return path
    if form == "parquet":
        heading, *body = rows
        columns = {name: [str(row[at]) for row in body] for at, name in enumerate(heading)}
        pq.write_table(pa.table(columns), folder / "synthetic.parquet")
        return folder / "synthetic.parquet"
    if form in ("json", "ndjson"):
        heading, *body = rows
        records = [dict(zip(heading, row, strict=True)) for row in body]
        path = folder / f"synthetic.{form}"
        whole = json.dumps(records) if form == "json" else "\n".join(map(json.dumps, records))
        path.write_text(whole)
        return path
    encoding, sign, ends = TEXTS[form]
    return delimited(folder / "synthetic.csv", rows, sign=sign, ends=ends, encoding=encoding)


TEXTS = {
    "csv": ("utf-8", ",", "\n"),
    "csv with a mark": ("utf-8-sig", ",", "\r\n"),
    "semicolons": ("utf-8", ";", "\r\n"),
    "tabs": ("utf-16", "\t", "\r\n"),
    "bars": ("utf-8", "|", "\r"),
    "western": ("cp1252", ",", "\r\n"),
}
#: Forms in which any rows can be written, and those that need one line of headings.
SHEETS = (*TEXTS, "xlsx", "ods", "zip")
COLUMNAR = ("parquet", "json", "ndjson")
