"""A tree set as pages: tagged, marked, numbered, in the same bytes; and what cannot be set."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest

from darkfigure.writing.pdf.accessible import check_pdf
from darkfigure.writing.pdf.document import Document
from darkfigure.writing.pdf.rules_tables import grid_of
from darkfigure.writing.pdf.setting import NotSet, set_pages
from darkfigure.writing.pdf.tree import Chapter, Drawing, Heading, Judged, Para, Run, Table
from pages_drawn import SVG, WHOLE, paged, para


@pytest.fixture(scope="module")
def pages():
    return set_pages(WHOLE)


@pytest.fixture(scope="module")
def document(pages):
    return Document(pages)


def elements(document, kind):
    return [element for element in document.tree.walk() if element.type == kind]


def test_everything_can_be_read_by_everybody(pages):
    assert check_pdf(pages).faults == ()


def test_the_same_tree_gives_the_same_bytes_and_no_clock(pages, document):
    assert set_pages(WHOLE) == pages
    assert str(document.pdf.docinfo["/CreationDate"]).startswith("D:20091217")


def test_it_says_of_itself_what_it_is(document):
    assert [text for _, text in document.titles] == [WHOLE.title]
    assert str(document.pdf.docinfo["/Author"]) == "Nobody"
    assert document.tree.lang == "en"
    assert ("Labour", 0) in document.outline
    assert ("Scale", 1) in document.outline


def test_every_page_is_marked_above_and_beneath_and_numbered(document):
    for page in document.pages:
        marked = [text for text in page.texts if text.text == "OFFICIAL"]
        height = [text.box.y0 for text in marked]
        assert len(height) == 2, page.number
        assert max(height) > 750
        assert min(height) < 80
        heard = sum(not text.is_artifact for text in marked)
        assert heard == (page.number == 1), "what is above every page is read out once"
        line = "".join(text.text for text in page.texts)
        assert f"Page {page.number} of {len(document.pages)}" in line
        assert "SYNTHETIC" in line


def test_rows_begin_with_their_header(document):
    (table,) = elements(document, "Table")
    grid = grid_of(document, table)
    kinds = [[cell.element.type for cell in row] for row in grid.rows]
    assert kinds == [["TH", "TH", "TH"], ["TH", "TD", "TD"], ["TH", "TD", "TD"]]
    assert [row[0].scope for row in grid.rows] == ["Column", "Row", "Row"]
    assert document.text_of(grid.rows[2][0].element) == "South"
    right = [
        round(text.box.x1)
        for row in grid.rows[1:]
        for _, text in document.painted_in(row[1].element)
    ]
    assert len({*right}) == 1, "figures end under one another"


def test_a_mark_is_not_read_as_a_digit_of_its_figure(document):
    paragraph = next(each for each in elements(document, "P") if "12,727" in document.text_of(each))
    assert re.search(r"12,727\s\[1, 2\]", document.text_of(paragraph))


def test_links_lead_where_they_say(document):
    links = [document.text_of(element) for element in elements(document, "Link")]
    assert "the tables of the year" in links
    assert "judgement DF-1" in links
    places = [annotation for _, annotation in document.annotations if annotation.Subtype == "/Link"]
    assert len(places) == len(links)


def test_a_link_that_would_run_something_or_leads_nowhere_is_text():
    lines = [Run("run me", address="javascript:alert(1)"), Run("lost", address="#nowhere")]
    document = Document(set_pages(paged(Chapter("One", [Para(lines)]))))
    told = [document.text_of(element) for element in elements(document, "Link")]
    assert not {"run me", "lost"} & {*told}
    assert any("run melost" in document.text_of(element) for element in elements(document, "P"))


def test_a_table_that_is_long_repeats_its_header():
    rows = [[f"Area {at}", f"{at:,}"] for at in range(120)]
    document = Document(
        set_pages(paged(Chapter("One", [Table("Long", ["Area", "Found"], rows, (1,))])))
    )
    shown = [page for page in document.pages if any("Area " in text.text for text in page.texts)]
    assert len(shown) > 2
    for page in shown:
        assert any(text.text.strip() == "Found" for text in page.texts), page.number
    assert len(elements(document, "Table")) == 1


WORDS = ["Kent", "HT-J-01", "Suspects charged", "unrecognisability of circumstances elsewhere"]


@pytest.mark.parametrize("columns", range(2, 13))
@pytest.mark.parametrize("word", WORDS)
def test_a_table_stays_on_the_page_and_its_cells_apart(columns, word):
    figures = range(1, columns) if columns > 5 else range(2, columns)
    heads = ["Area", *(f"{2000 + at}" for at in range(1, columns))]
    cells = [f"{at * 12_345:,}" if at in figures else word for at in range(1, columns)]
    table = Table("Wide", heads, [[word, *cells]] * 2, figures)
    document = Document(set_pages(paged(Chapter("One", [table]))))
    for page in document.pages:
        for text in page.texts:
            assert text.box.x1 <= page.box.x1 - 50
            assert text.box.x0 >= 50
    (table,) = elements(document, "Table")
    for row in grid_of(document, table).rows:
        boxes = [[text.box for _, text in document.painted_in(cell.element)] for cell in row]
        for left, right in pairwise(boxes):
            assert max(box.x1 for box in left) < min(box.x0 for box in right)


def test_a_drawing_that_is_taller_than_a_page_is_made_smaller():
    tall = SVG.replace("0 0 320 60", "0 0 320 2000").replace('height="60"', 'height="2000"')
    tall = tall.replace("V20", "V1990").replace("M0 30h200v20", "M0 30h200v1950")
    document = Document(set_pages(paged(Chapter("One", [Drawing(tall, "Referred: many", "")]))))
    shapes = [
        (page, shape)
        for page in document.pages
        for shape in page.painted
        if shape.kind == "path" and not shape.is_artifact
    ]
    assert shapes
    for page, shape in shapes:
        assert page.box.y0 + 60 < shape.box.y0 < shape.box.y1 < page.box.y1 - 60


def test_a_level_that_is_left_out_is_filled():
    blocks = [Heading(4, [Run("Deep")]), Heading(3, [Run("Less")]), Heading(2, [Run("Again")])]
    boxed = Judged("DF-1", "A claim", [("Why", ["So"])], level=4)
    document = Document(set_pages(paged(Chapter("One", [*blocks, boxed]))))
    levels = [element.level for element in document.tree.walk() if element.level]
    assert levels[-6:] == [1, 2, 3, 2, 3, 4]


def test_what_is_in_no_font_is_said_with_its_place():
    with pytest.raises(NotSet, match=r"'Two': the character 漢 \(U\+6F22, cjk"):
        set_pages(paged(Chapter("One", [para("a")]), Chapter("Two", [para("x 漢 y")])))


def test_a_drawing_that_is_none_or_says_nothing_is_refused():
    for svg, alternative in (("<svg", "words"), (SVG, "")):
        with pytest.raises(NotSet, match="cannot be set"):
            set_pages(paged(Chapter("One", [Drawing(svg, alternative, "c")])))


def test_a_row_of_another_length_is_refused():
    with pytest.raises(ValueError, match="a row of 1 cells beneath 2 headings"):
        Table("c", ["a", "b"], [["x"]])


def test_controls_and_turned_letters_are_left_out():
    made = set_pages(replace(paged(Chapter("One", [para("a\x00b\u202ec\x07")])), face=""))
    document = Document(made)
    assert any(document.text_of(element) == "abc" for element in elements(document, "P"))
