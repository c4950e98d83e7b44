"""What is sent in bad faith or by mistake: files that are two things at once, odd names, markup in
every text. It is refused or shown as the text that it is. All synthetic.
"""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from django.test import Client

from darkfigure.basis.errors import DarkfigureError
from darkfigure.publication import ask
from darkfigure_hub.access.roles import Role
from darkfigure_hub.access.scopes import for_account
from darkfigure_hub.flows.answer_question import answer_question
from darkfigure_hub.flows.receive_return import receive_return
from darkfigure_hub.flows.submit import draft_submission, show_submission
from support import people, statement, statement_file

pytestmark = pytest.mark.django_db
OFFICER = for_account("account:900001", Role.REPORTING_OFFICER, "kent", 2, "test")
MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>"
BIDI = "\u202e"


def zipped(**files):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_csv", ".csv"), content)
    return made.getvalue()


@pytest.fixture
def good(tmp_path):
    """The bytes of a return that is whole."""
    people(900_001)
    row = statement(period="2024", value=12, stated_by="Kent", stated_on="2026-02-01")
    return statement_file(tmp_path / "own.csv", row).read_bytes()


def drafted(content, name):
    return show_submission(OFFICER, draft_submission(OFFICER, "return", name, content))


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd.csv",
        "..\\..\\boot.csv",
        f"a{BIDI}vsc.exe",
        "\u2066figures\u2069.csv",
        f"{'a' * 300}.csv",
        "a\x00b.csv",
        "a\r\nSet-Cookie: x=1.csv",
        f"{MARKUP}.csv",
        "=HYPERLINK(1).csv",
        "CON.csv",
        ".csv",
        "",
    ],
)
def test_an_odd_name_is_kept_as_a_plain_one(good, name):
    held, _ = drafted(good, name)
    assert held.name.isascii()
    assert held.name.isprintable()
    assert set("/\\<>\"'=:") & set(held.name) == set()
    assert 0 < len(held.name) <= 80


def test_a_file_that_is_two_things_is_read_as_what_its_bytes_say_or_refused(good):
    """A PDF with an archive behind it, an archive called a table, a page called a table: what is
    not wholly a return is none, whichever half of it would be.
    """
    archive = zipped(own_csv=good)
    pdf = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"
    page = f"<!DOCTYPE html><html><body>{MARKUP}</body></html>".encode()
    for content, name in (
        (pdf + archive, "own.pdf"),
        (pdf + archive, "own.csv"),
        (b"GIF89a" + archive, "own.gif"),
        (page, "own.csv"),
        (b"MZ" + good, "own.csv"),
    ):
        held, checked = drafted(content, name)
        assert not checked.is_whole, name
        assert held.state == "drafted"
        assert MARKUP not in str(checked)
    for content in (good, page + b"\n" + good):  # what stands above a table is no part of it
        _, checked = drafted(content, "own.csv")
        assert checked.is_whole
        assert MARKUP not in str(checked)


@pytest.mark.parametrize("field", ["source", "note", "operation", "stated_by", "period"])
def test_markup_in_a_text_is_shown_as_a_text_or_refused(tmp_path, operator, field):
    row = statement(period="2025", value=12, stated_by="Kent", stated_on="2026-02-01")
    row[field] = MARKUP
    path = statement_file(tmp_path / "markup.csv", row)
    if field in ("operation", "stated_by", "period"):  # what is of a list, or a time
        with pytest.raises(DarkfigureError) as refused:
            receive_return(operator, path, marking=0)
        assert MARKUP not in str(refused.value)
        return
    receive_return(operator, path, marking=0)
    measure = row["measure"]
    asked = ask(measure, date(2026, 11, 1), period="2025")
    cell = answer_question(operator, asked).cells[0]
    shown = ""
    for address in (
        f"/ask?measure={measure}&period=2025&as_at=2026-11-01",
        f"/held?measure={measure}&as_at=2026-11-01",
        f"/source/{cell.id}",
    ):
        shown += Client(HTTP_HOST="127.0.0.1").get(address).content.decode()
    assert "<script>alert" not in shown
    assert "<img src=x" not in shown
    assert "&lt;script&gt;alert" in shown
