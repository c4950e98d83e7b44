"""Doors of files of tables: whole files broken byte by byte, and spreadsheets and archives whose
inside is broken while their wrapping is sound.
"""

from __future__ import annotations

import gzip
import io
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import polars as pl
import pyreadstat
from spreadsheets_written import shared_strings, xls, xlsb

from darkfigure.reading.by_reading import read_figures
from darkfigure.reading.instructions import read_reading, reading_of
from darkfigure.reading.proposal import propose
from darkfigure.reading.reading_text import text_of
from darkfigure.reading.sheets import open_workbook
from tables_written import COLUMNAR, SHEETS, Share, written

ROWS = [
    ["SYNTHETIC table of arrests", "", "", ""],
    ["Police force", "2022", "2023 [p]", "Notes"],
    ["Kent", 12, "<5", ""],
    ["Essex", "1,088", "[c]", "a note"],
    ["Total", 1100, Share(0.25), ""],
]
LONG = [["Area", "Period", "Value"], ["Kent", "2022", "12"], ["Essex", "2023/24", "[x]"]]
HOW = reading_of(
    'across = ["period"]\n[always]\nmeasure = "arrests"\nstated_on = "2024-08-01"\n'
    'stated_by = "HO"\nsource = "SYNTHETIC"\n[columns]\n"Police force" = "area"\nNotes = "note"\n',
    "synthetic",
)
LONG_HOW = reading_of(
    '[always]\nmeasure = "arrests"\nstated_on = "2024-08-01"\nstated_by = "HO"\n'
    'source = "SYNTHETIC"\n[columns]\nArea = "area"\nPeriod = "period"\nValue = "value"\n',
    "synthetic",
)


def looked_at(path: Path) -> None:
    """As `read`, `check --with` and `load --with` have a file."""
    book = open_workbook(path)
    for sheet in book.sheets:
        for _ in sheet.rows():
            pass
    text_of(propose(path))
    how = HOW if b"Police" in path.read_bytes() or path.suffix != ".csv" else LONG_HOW
    for submission in read_figures(path, how):
        for _ in submission.batches:
            pass


def taken_long(path: Path) -> None:
    """A table with one figure a row."""
    propose(path)
    for submission in read_figures(path, LONG_HOW):
        for _ in submission.batches:
            pass


def _made(form: str, rows: list[list]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return written(Path(folder), rows, form).read_bytes()


def _inside(form: str, member: str, whole: bytes = b"") -> tuple[bytes, Callable[[Path], None]]:
    """A part of a sound archive, and a door that breaks nothing but it."""
    whole = whole or _made(form, ROWS)
    with ZipFile(io.BytesIO(whole)) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}

    def enter(path: Path) -> None:
        broken = path.with_name(f"whole.{form}")
        with ZipFile(broken, "w", ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(name, path.read_bytes() if name == member else content)
        looked_at(broken)

    return parts[member], enter


def _packed(path: Path) -> None:
    """What is read, packed soundly once more."""
    packed = path.with_name("synthetic.csv.gz")
    packed.write_bytes(gzip.compress(path.read_bytes()))
    looked_at(packed)


def _described(path: Path) -> None:
    """What lies beside a table as its metadata."""
    table = path.with_name("synthetic.csv")
    table.write_bytes(_LONG_TEXT)
    path.with_name("synthetic.csv-metadata.json").write_bytes(path.read_bytes())
    text_of(propose(table))


def _survey(ending: str) -> bytes:
    frame = pl.DataFrame({"Area": ["Kent", "Essex"], "Period": ["2022", "2023"], "Value": [1, 2]})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"synthetic.{ending}"
        write = {
            "dta": pyreadstat.write_dta,
            "sav": pyreadstat.write_sav,
            "xpt": pyreadstat.write_xport,
        }
        write[ending](frame, str(path))
        return path.read_bytes()


_LONG_TEXT = _made("csv", LONG)
METADATA = {
    "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
    "url": "synthetic.csv",
    "dc:title": "SYNTHETIC table of arrests",
    "dc:publisher": {"@value": "Home Office"},
    "dc:issued": "2024-02-01",
    "null": ["", "n.k."],
    "tableSchema": {
        "columns": [
            {"titles": {"en": ["Area"]}, "name": "area", "propertyUrl": "sdmx-dimension:refArea"},
            {"titles": "Period", "datatype": {"base": "date", "format": "dd/MM/yyyy"}},
            {"titles": "Value", "datatype": {"base": "decimal", "format": {"decimalChar": ","}}},
        ]
    },
}
STYLES, in_styles = _inside("xlsx", "xl/styles.xml")
SHEET, in_sheet = _inside("xlsx", "xl/worksheets/sheet1.xml")
BOOK, in_book = _inside("xlsx", "xl/workbook.xml")
TEXTS, in_texts = _inside("xlsx", "xl/sharedStrings.xml", shared_strings(ROWS))
BINARY, in_binary = _inside("xlsb", "xl/worksheets/sheet1.bin", xlsb(ROWS))
#: Tables of official statistics, as they were published.
REAL = tuple(
    path.read_bytes()
    for path in sorted((Path(__file__).parent.parent / "real_tables").glob("*.csv"))
    if path.stat().st_size < 20_000
)
CONTENT, in_content = _inside("ods", "content.xml")
#: Name of a door: how one enters, with what, under what name.
TABLES: dict[str, tuple[Callable[[Path], object], tuple[bytes, ...], str]] = {
    "tables of text": (
        looked_at,
        tuple(_made(form, ROWS) for form in SHEETS if form not in ("xlsx", "ods", "zip")),
        "synthetic.csv",
    ),
    "long tables": (taken_long, (_made("csv", LONG), _made("tabs", LONG)), "synthetic.csv"),
    "tables as published": (propose, REAL, "published.csv"),
    "spreadsheets of 1997": (looked_at, (xls(ROWS), xls(LONG)), "synthetic.xls"),
    "binary spreadsheets": (looked_at, (xlsb(ROWS),), "synthetic.xlsb"),
    "a sheet of a binary spreadsheet": (in_binary, (BINARY,), "sheet.bin"),
    "texts that cells share": (in_texts, (TEXTS,), "texts.xml"),
    "spreadsheets": (looked_at, (_made("xlsx", ROWS),), "synthetic.xlsx"),
    "a sheet of a spreadsheet": (in_sheet, (SHEET,), "sheet.xml"),
    "the list of sheets": (in_book, (BOOK,), "workbook.xml"),
    "the styles of a spreadsheet": (in_styles, (STYLES,), "styles.xml"),
    "metadata beside a table": (_described, (json.dumps(METADATA).encode(),), "any.json"),
    "open documents": (looked_at, (_made("ods", ROWS),), "synthetic.ods"),
    "the content of an open document": (in_content, (CONTENT,), "content.xml"),
    "archives": (looked_at, (_made("zip", ROWS),), "synthetic.zip"),
    "packed tables": (_packed, (_made("csv", ROWS),), "synthetic.csv"),
    "columns": (taken_long, tuple(_made(form, LONG) for form in COLUMNAR[:1]), "s.parquet"),
    "records of JSON": (taken_long, tuple(_made(f, LONG) for f in COLUMNAR[1:]), "s.json"),
    "Stata": (taken_long, (_survey("dta"),), "synthetic.dta"),
    "SPSS": (taken_long, (_survey("sav"),), "synthetic.sav"),
    "SAS": (taken_long, (_survey("xpt"),), "synthetic.xpt"),
    "readings": (read_reading, (HOW.text.encode(), LONG_HOW.text.encode()), "s.toml"),
}
