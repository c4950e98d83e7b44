"""A spreadsheet read row by row says what it says when it is read whole."""

from __future__ import annotations

import zipfile
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from darkfigure.basis.errors import ReturnRefused
from darkfigure.reading.sheets import opening, spreadsheets, streamed
from support import examples
from tables_written import xlsx

CELLS = st.one_of(
    st.just(""),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12),
)


def read_by(reader, path):
    book = reader.read(path, "synthetic.xlsx")
    return [
        (
            sheet.name,
            sheet.hidden,
            [(at, trimmed(row)) for at, row in sheet.rows() if any(row)],
        )
        for sheet in book.sheets
    ]


def trimmed(row):
    row = list(row)
    while row and not row[-1]:
        row.pop()
    return row


@settings(max_examples=examples(30))
@given(st.lists(st.lists(CELLS, max_size=6), min_size=1, max_size=8))
def test_row_by_row_is_as_read_whole(tmp_path_factory, rows):
    path = xlsx(
        tmp_path_factory.mktemp("x") / "s.xlsx", {"A": rows, "B & C": [["x"]]}, hidden=("A",)
    )
    assert read_by(streamed, path) == read_by(spreadsheets, path)


STYLES = (
    '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts '
    'count="2"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/><numFmt numFmtId="165" '
    'formatCode="#,##0&quot; days&quot;"/></numFmts><cellXfs count="4"><xf numFmtId="0"/>'
    '<xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>'
)
SHARED = (
    '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>Kent</t></si>'
    "<si><r><t>Es</t></r><r><t>sex</t></r><rPh><t>x</t></rPh></si></sst>"
)
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    '<row r="2"><c r="B2" t="s"><v>0</v></c><c r="C2" t="s"><v>1</v></c><c r="D2" s="1">'
    '<v>45383</v></c><c r="E2" s="2"><v>45383.5</v></c><c r="F2" s="3"><v>12</v></c>'
    '<c r="G2" t="b"><v>1</v></c><c r="H2" t="str"><f>1+1</f><v>two</v></c></row>'
    "</sheetData></worksheet>"
)


def with_parts(tmp_path, **parts):
    sound = xlsx(tmp_path / "sound.xlsx", {"A": [["x"]]})
    path = tmp_path / "parts.xlsx"
    with zipfile.ZipFile(sound) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            if name not in ("xl/worksheets/sheet1.xml", "xl/styles.xml"):
                target.writestr(name, source.read(name))
        target.writestr("xl/worksheets/sheet1.xml", parts.get("sheet", SHEET))
        target.writestr("xl/styles.xml", parts.get("styles", STYLES))
        target.writestr("xl/sharedStrings.xml", parts.get("shared", SHARED))
    return path


def test_shared_texts_days_and_truths(tmp_path):
    ((_, _, ((line, row),)),) = read_by(streamed, with_parts(tmp_path))
    assert line == 2
    assert row == ["", "Kent", "Essex", "2024-04-01", "2024-04-01 12:00:00", "12", "yes", "two"]


def formatted(tmp_path, cells, formats, *, base=""):
    """A row of numbers, each in a format of its own."""
    styles = "".join(f'<xf numFmtId="{at + 164}"/>' for at in range(len(formats)))
    listed = "".join(
        f'<numFmt numFmtId="{at + 164}" formatCode="{escape(form)}"/>'
        for at, form in enumerate(formats)
    )
    row = "".join(f'<c s="{at}"><v>{cell}</v></c>' for at, cell in enumerate(cells))
    path = with_parts(
        tmp_path,
        styles=f"<styleSheet><numFmts>{listed}</numFmts><cellXfs>{styles}</cellXfs></styleSheet>",
        sheet=f'<worksheet><sheetData><row r="1">{row}</row></sheetData></worksheet>',
    )
    if base:
        with zipfile.ZipFile(path) as source:
            parts = {name: source.read(name) for name in source.namelist()}
        parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b"<sheets>", base + b"<sheets>")
        with zipfile.ZipFile(path, "w") as target:
            for name, content in parts.items():
                target.writestr(name, content)
    ((_, _, ((_, cells),)),) = read_by(streamed, path)
    return cells


def test_a_share_is_shown_in_per_cent_with_all_its_digits(tmp_path):
    formats = ["0%", "0.0%", "[Red]0%;-0%", '0.0"%"', r"0\%", "General", "0%", "0%"]
    cells = [0.35, 0.3478, -0.125, 35, 35, 0.35, "1e-3", 1]
    assert formatted(tmp_path, cells, formats) == [
        "35%",
        "34.78%",
        "-12.5%",
        "35",
        "35",
        "0.35",
        "0.1%",
        "100%",
    ]


def test_days_are_counted_from_the_day_of_the_file(tmp_path):
    cells, formats = [1, 59, 61, 45383], ["dd/mm/yyyy"] * 4
    assert formatted(tmp_path, cells, formats) == [
        "1900-01-01",
        "1900-02-28",
        "1900-03-01",
        "2024-04-01",
    ]
    base = b'<workbookPr date1904="1"/>'
    assert formatted(tmp_path, cells[3:], formats, base=base) == ["2028-04-02"]


def test_a_day_that_is_written_as_one(tmp_path):
    cell = '<c t="d"><v>2024-04-01T00:00:00</v></c>'
    sheet = f'<worksheet><sheetData><row r="1">{cell}</row></sheetData></worksheet>'
    ((_, _, ((_, cells),)),) = read_by(streamed, with_parts(tmp_path, sheet=sheet))
    assert cells == ["2024-04-01"]


@pytest.mark.parametrize(
    "parts",
    [
        {"sheet": SHEET[:-30]},
        {"sheet": SHEET.replace("<v>1</v></c><c r", "<v>999</v></c><c r")},
        {"sheet": SHEET.replace('s="1"', 's="x"')},
        {"shared": SHARED[:-9]},
        {"styles": "<styleSheet"},
        {"sheet": SHEET.replace(">45383<", ">nothing<")},
    ],
)
def test_a_broken_part_is_refused(tmp_path, parts):
    with pytest.raises(ReturnRefused):
        read_by(streamed, with_parts(tmp_path, **parts))


def test_a_bomb_of_entities_does_not_go_off(tmp_path):
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE x [<!ENTITY e0 "0123456789">{entities}]>'
    sheet = f"{bomb}{SHEET.replace('two', '&e11;')}"
    with pytest.raises(ReturnRefused):
        read_by(streamed, with_parts(tmp_path, sheet=sheet))


def test_a_spreadsheet_is_streamed(tmp_path):
    path = xlsx(tmp_path / "s.xlsx", {"A": [["Area"], ["Kent"]]})
    (sheet,) = opening.open_workbook(path).sheets
    assert isinstance(sheet.rows, streamed._Rows)
    assert [row for _, row in sheet.rows()] == [["Area"], ["Kent"]]
