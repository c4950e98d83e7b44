"""What a file says is found however it is written down: as text, in the cells of a spreadsheet, as
letters by number. All synthetic.
"""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkfigure.intelligence.origins import normal
from darkfigure.reading.searched import is_legible, is_named_in, plain, text_of_file
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


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("given_name,family_name\nann-marie,LÉE\n", True),
        ("Lee, AnnMarie", True),
        ("Le\u0301e Ann Marie", True),
        ("Annmarie Leeson", False),
        ("the annual marine lee", False),
        ("Ann Lee", False),
        ("Ann Marie " + "word " * 40 + "Lee", False),
        ("Lee " + "word " * 40 + "Ann Marie, known as Lee", True),
        ("", False),
    ],
)
def test_somebody_is_named_where_every_part_of_their_name_stands_alone_and_near(text, named):
    assert is_named_in(text, ("Ann Marie", "Lee")) == named


def test_nobody_is_named_by_a_part_that_says_nothing():
    assert not is_named_in("anything", ())
    assert not is_named_in("- Lee", ("-", "Lee"))


WORDS = st.lists(st.sampled_from(["an", "na", "ann", "li", "LI", "b", "Á"]), max_size=12)


@given(WORDS, st.tuples(*[st.sampled_from(["an", "a n", "li b", "annli"])] * 2))
def test_a_name_is_found_as_looking_at_every_run_of_words_finds_it(words, parts):
    runs = {
        "".join(map(normal, words[start:end]))
        for start in range(len(words))
        for end in range(start + 1, min(start + 6, len(words)) + 1)
    }
    assert is_named_in(" ".join(words), parts) == ({*map(normal, parts)} <= runs)


@pytest.mark.parametrize("name", WRITTEN)
def test_what_is_written_down_somehow_is_legible(name, tmp_path):
    WRITTEN[name](tmp_path / name)
    assert is_legible(tmp_path / name)


@pytest.mark.parametrize("content", [b"PK\x03\x04 broken", b"\x1f\x8b broken", b"a\xff\xfe"])
def test_what_no_reader_opens_is_not(content, tmp_path):
    path = tmp_path / "file.xlsx"
    path.write_bytes(content)
    assert not is_legible(path)
