"""The program says of anybody's PDFs whether everybody can read them."""

from __future__ import annotations

from pathlib import Path

import pytest

from documents_held import held
from pdfs_written import compiled
from support import run

PDFS = Path(__file__).parents[1] / "pdfs"
GOOD, BAD = PDFS / "7.2-t17-pass-c.pdf", PDFS / "7.18.5-t01-fail-a.pdf"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


def test_faults_are_told_with_their_number_and_what_would_be_right(home):
    done = run("accessible", BAD, "--pdf-ua", home=home, check=False)
    assert done.returncode == 1, done.stderr
    assert "PDF/UA-1 28-011, page 1" in done.stdout
    assert "Right would be: put it within a Link tag" in done.stdout
    assert "no faults" in run("accessible", GOOD, "--pdf-ua", home=home).stdout


def test_as_a_document_file_by_file(home):
    done = run("accessible", GOOD, BAD, "--format", "json", home=home, check=False)
    assert done.returncode == 1, done.stderr
    good, bad = held(done.stdout, "accessible")["files"]
    assert good["conforms"]
    assert not bad["conforms"]
    found = {fault["condition"]: fault for fault in bad["faults"]}
    assert found["28-011"]["standard"] == "PDF/UA-1"
    assert found["28-011"]["page"] == 1


def test_what_is_withheld_is_told_by_its_number(home, tmp_path):
    path, texts = tmp_path / "a.pdf", tmp_path / "withheld.txt"
    path.write_bytes(compiled("= One\nOperation Harbour began in the north."))
    texts.write_text("Somebody\noperation harbour\n")
    done = run("accessible", path, "--withheld", texts, home=home, check=False)
    assert done.returncode == 1, done.stderr
    assert "Text number 2" in done.stdout
    assert "harbour" not in done.stdout.lower()


def test_what_is_no_pdf_is_said(home, tmp_path):
    path = tmp_path / "a.pdf"
    path.write_text("no pdf")
    done = run("accessible", path, home=home, check=False)
    assert done.returncode == 2
    assert "not a PDF that can be read" in done.stderr
