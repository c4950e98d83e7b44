"""Writes spreadsheets as other programs do, SYNTHETIC: XLS by xlwt, XLSB by hand, and XLSX whose
cells share their texts.
"""

from __future__ import annotations

import io
import struct
from html import escape
from zipfile import ZIP_DEFLATED, ZipFile

import xlwt

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="{package}"><Relationship Id="r1" '
    'Type="{office}/{kind}" Target="{target}"/></Relationships>'
)


def xls(rows):
    """An XLS of one sheet."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet 1")
    for line, row in enumerate(rows):
        for at, cell in enumerate(row):
            if cell != "":
                sheet.write(line, at, cell)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _record(kind, content=b""):
    number = bytes([kind & 0x7F | 0x80, kind >> 7]) if kind > 0x7F else bytes([kind])
    size, length = len(content), b""
    while True:
        size, low = size >> 7, size & 0x7F
        length += bytes([low | (0x80 if size else 0)])
        if not size:
            return number + length + content


def _text(text):
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _cell(at, cell):
    if isinstance(cell, str):
        return _record(6, struct.pack("<II", at, 0) + _text(cell))
    return _record(5, struct.pack("<IId", at, 0, float(cell)))


def _row(line, row):
    heading = struct.pack("<IIHHBI", line, 0, 300, 0, 0, 0)
    return _record(0, heading) + b"".join(_cell(at, c) for at, c in enumerate(row) if c != "")


def xlsb(rows):
    """An XLSB of one sheet."""
    width = max(map(len, rows))
    sheet = b"".join(
        (
            _record(0x81),
            _record(0x94, struct.pack("<4I", 0, len(rows) - 1, 0, width - 1)),
            _record(0x91),
            *(_row(line, row) for line, row in enumerate(rows)),
            _record(0x92),
            _record(0x82),
        )
    )
    listed = struct.pack("<II", 0, 1) + _text("r1") + _text("Sheet 1")
    book = b"".join(
        (_record(0x83), _record(0x8F), _record(0x9C, listed), _record(0x90), _record(0x84))
    )
    relations = {
        "_rels/.rels": ("officeDocument", "xl/workbook.bin"),
        "xl/_rels/workbook.bin.rels": ("worksheet", "worksheets/sheet1.bin"),
    }
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for part, (kind, target) in relations.items():
            given = {"package": _PACKAGE, "office": _OFFICE, "kind": kind, "target": target}
            archive.writestr(part, _RELATIONS.format(**given))
        archive.writestr("xl/workbook.bin", book)
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
    return out.getvalue()


def shared_strings(rows):
    """An XLSX of one sheet whose texts stand apart from it."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    texts = list(dict.fromkeys(cell for row in rows for cell in row if isinstance(cell, str)))
    body = "".join(
        f'<row r="{line}">'
        + "".join(
            f'<c t="s"><v>{texts.index(cell)}</v></c>'
            if isinstance(cell, str)
            else f"<c><v>{cell}</v></c>"
            for cell in row
        )
        + "</row>"
        for line, row in enumerate(rows, 1)
    )
    relations = f'<Relationships xmlns="{_PACKAGE}">' + "".join(
        f'<Relationship Id="r{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(
            (("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml")), 1
        )
    )
    given = {"package": _PACKAGE, "office": _OFFICE, "target": "xl/workbook.xml"}
    listed = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts)
    parts = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": _RELATIONS.format(**given, kind="officeDocument"),
        "xl/_rels/workbook.xml.rels": f"{relations}</Relationships>",
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{_OFFICE}"><sheets><sheet '
        'name="Sheet 1" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/sharedStrings.xml": f'<sst xmlns="{main}">{listed}</sst>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData>'
        "</worksheet>",
    }
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()
