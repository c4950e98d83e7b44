"""What a file says is found however it is written down: as text, in the cells of a spreadsheet, as
letters by number. All synthetic.
"""

from __future__ import annotations

import gzip
import json

import pytest

from darkfigure.reading.searched import plain, text_of_file
from tables_written import xlsx

NAME = "Épingle-Żółć 𝔄"


def workbook(path):
    xlsx(path, {"people": [["family_name"], [NAME]], "Needleby": [["a"]]})


WRITTEN = {
    "plain.csv": lambda path: path.write_text(f"family_name\n{NAME}\n", encoding="utf-8"),
    "marked.csv": lambda path: path.write_text(f"a\n{NAME}\n", encoding="utf-8-sig"),
    "wide.csv": lambda path: path.write_text(f"a\n{NAME}\n", encoding="utf-16"),
    "report.json": lambda path: path.write_text(json.dumps({"text": f"x\n{NAME}"})),
    "return.xlsx": workbook,
    "packed.csv.gz": lambda path: path.write_bytes(gzip.compress(f"a,b\n{NAME},1\n".encode())),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_what_a_file_says_is_found(name, tmp_path):
    WRITTEN[name](tmp_path / name)
    assert NAME in text_of_file(tmp_path / name)


def test_what_a_sheet_is_called_is_said(tmp_path):
    workbook(tmp_path / "return.xlsx")
    assert "Needleby" in text_of_file(tmp_path / "return.xlsx")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken, Needleby", b"\x1f\x8b Needleby"])
def test_of_a_file_that_cannot_be_read_its_bytes_are_looked_through(content, tmp_path):
    path = tmp_path / "return.xlsx"
    path.write_bytes(content)
    assert ("Needleby" in text_of_file(path)) == bool(content)


def test_a_letter_by_number_that_is_half_of_one_is_left():
    assert plain(b"a\\ud800b \\u00e9").startswith("a")
    assert "é" in plain(b"a\\ud800b \\u00e9")
