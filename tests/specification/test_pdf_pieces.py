"""What the check of a PDF stands on: tags, what pages paint, codes, letters, and which rule says
what.
"""

from __future__ import annotations

import io

import pikepdf
import pytest

from darkfigure.writing.pdf import (
    rules_annotations,
    rules_document,
    rules_fonts,
    rules_language,
    rules_sense,
    rules_tables,
    rules_tags,
    rules_tongue,
)
from darkfigure.writing.pdf.cmaps import is_predefined, read_cmap
from darkfigure.writing.pdf.contents import run_page
from darkfigure.writing.pdf.document import Document
from darkfigure.writing.pdf.fonts import Fonts
from darkfigure.writing.pdf.graphics import IDENTITY, Box, colour_of, placed, times
from darkfigure.writing.pdf.programs import read_program
from darkfigure.writing.pdf.structure import Tree
from pdfs_written import changed, compiled, elements

TWO_PAGES = """
= One
First #emph[words].#footnote[Beneath.]
#table(columns: 3, table.header(table.cell(colspan: 2)[Both], [Third]), table.cell(rowspan: 2)[a],
  [b], [c], [d], [e])
#pagebreak()
== Two
- First
- Second
"""


@pytest.fixture(scope="module")
def document():
    return Document(compiled(TWO_PAGES))


def test_tags_are_a_tree_in_the_order_of_reading(document):
    tree = document.tree
    types = [element.type for element in tree.walk()]
    assert types[:3] == ["Document", "H1", "P"]
    assert types.index("Table") < types.index("H2") < types.index("L")
    heading = next(element for element in tree.walk() if element.type == "H2")
    assert (heading.path, heading.level, heading.lang) == ("Document/H2", 2, "en")
    assert document.text_of(heading) == "Two"
    assert document.where(heading).page == 2
    item = next(element for element in tree.walk() if element.type == "LBody")
    assert item.within("L").type == "L"
    assert item.within("Table") is None


def test_a_type_of_ones_own_is_followed_through_the_role_map():
    def roles(pdf):
        pdf.Root.StructTreeRoot.RoleMap = pikepdf.Dictionary(A="/B", B="/P", C="/D", D="/C")

    def as_names(pdf):
        made = {"/A": pikepdf.Name.B, "/B": pikepdf.Name.P, "/C": pikepdf.Name.D}
        pdf.Root.StructTreeRoot.RoleMap = pikepdf.Dictionary({**made, "/D": pikepdf.Name.C})

    with pikepdf.open(io.BytesIO(changed(compiled(TWO_PAGES), as_names))) as pdf:
        tree = Tree(pdf)
    assert tree.resolved("A") == ("P", "")
    assert tree.resolved("C")[1] == "circular"
    assert tree.resolved("E")[1] == "unmapped"
    assert tree.resolved("H9") == ("H9", "")
    with pikepdf.open(io.BytesIO(changed(compiled(TWO_PAGES), roles))) as pdf:
        assert Tree(pdf).roles == {}, "a text is no name"


def test_cells_lie_on_a_grid_with_their_spans(document):
    table = next(element for element in document.tree.walk() if element.type == "Table")
    grid = rules_tables.grid_of(document, table)
    corners = [(cell.row, cell.column, cell.rows, cell.columns) for cell in grid.cells]
    assert corners == [
        (0, 0, 1, 2), (0, 2, 1, 1), (1, 0, 2, 1), (1, 1, 1, 1), (1, 2, 1, 1), (2, 1, 1, 1),
        (2, 2, 1, 1),
    ]  # fmt: skip
    assert not grid.overlapping
    assert not grid.uneven
    assert grid.in_head == {0}


def page_of(content, resources=None):
    """A page that paints a content stream, run."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(200, 100))
    page.obj.Contents = pdf.make_stream(content)
    page.obj.Resources = resources or pikepdf.Dictionary()
    return run_page(page, 1, Fonts())


def test_shapes_are_placed_coloured_and_marked():
    page = page_of(
        b"/Figure <</MCID 4>> BDC q 2 0 0 2 10 10 cm 1 0 0 rg 0 0 20 10 re f Q EMC"
        b" /Artifact BMC 0 0 m 50 0 l 25 40 l f EMC"
    )
    first, second = page.painted
    assert first.box == (10, 10, 50, 30)
    assert (first.colour, first.mark.mcid, first.plain) == ((1, 0, 0), 4, True)
    assert (second.colour, second.is_artifact, second.plain) == ((0, 0, 0), True, False)


def test_marks_that_stand_in_one_another_are_told():
    inside = page_of(b"/P <</MCID 0>> BDC /Artifact BMC EMC EMC")
    outside = page_of(b"/Artifact BMC /P <</MCID 0>> BDC EMC EMC")
    assert [name for name, _ in inside.nested] == ["artifact_in_content"]
    assert [name for name, _ in outside.nested] == ["content_in_artifact"]


FONT = pikepdf.Dictionary(
    {
        "/Type": pikepdf.Name.Font,
        "/Subtype": pikepdf.Name.Type1,
        "/BaseFont": pikepdf.Name.Helvetica,
        "/Encoding": pikepdf.Name.WinAnsiEncoding,
        "/FirstChar": 65,
        "/Widths": pikepdf.Array([500, 600]),
    }
)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"BT /F 10 Tf 20 50 Td (AB) Tj ET", ""),
        (b"BT 3 Tr /F 10 Tf 20 50 Td (AB) Tj ET", "invisible"),
        (b"BT /F 10 Tf 300 50 Td (AB) Tj ET", "outside"),
        (b"0 0 10 10 re W n BT /F 10 Tf 20 50 Td (AB) Tj ET", "clipped"),
        (b"BT /F 10 Tf 20 50 Td (AB) Tj ET 1 g 0 0 200 100 re f", "covered"),
        (b"BT /F 10 Tf 20 50 Td (AB) Tj ET 1 g 0 0 200 51 re f", ""),
    ],
)
def test_why_text_is_not_seen(content, why):
    page = page_of(content, pikepdf.Dictionary(Font=pikepdf.Dictionary(F=FONT)))
    (text,) = page.texts
    assert (text.text, text.hidden) == ("AB", why)
    assert text.box.x1 - text.box.x0 == pytest.approx(11)


def test_what_lies_beneath_text_is_what_was_painted_before_it():
    content = b"0 0 1 rg 0 0 100 100 re f 1 g BT /F 10 Tf 20 50 Td (A) Tj 150 0 Td (B) Tj ET"
    page = page_of(content, pikepdf.Dictionary(Font=pikepdf.Dictionary(F=FONT)))
    assert [text.beneath for text in page.texts] == [(0, 0, 1), (1, 1, 1)]


def test_one_transformation_and_then_another():
    turned = (0, 1, -1, 0, 0, 0)
    both = times((2, 0, 0, 2, 5, 0), turned)
    assert placed(both, 1, 1) == placed(turned, *placed((2, 0, 0, 2, 5, 0), 1, 1))
    assert times(IDENTITY, turned) == turned == times(turned, IDENTITY)
    assert Box(0, 0, 2, 2).shared(Box(1, 1, 3, 3)) == (1, 1, 2, 2)
    assert not Box(0, 0, 1, 1).meets(Box(1, 1, 2, 2))


def test_colours_of_one_three_and_four_parts():
    assert colour_of([0.5]) == (0.5, 0.5, 0.5)
    assert colour_of([0, 0, 0, 1]) == (0, 0, 0)
    assert colour_of([0, 1, 1, 0]) == (1, 0, 0)
    assert colour_of([]) is None


CMAP = b"""/WMode 1 def % a comment
2 begincodespacerange <00> <7F> <8000> <FFFF> endcodespacerange
1 begincidrange <8000> <8002> 10 endcidrange 1 begincidchar <20> 1 endcidchar
2 beginbfchar <20> <0020> <21> <D83DDE00> endbfchar
2 beginbfrange <30> <32> <0041> <40> <41> [<0061> <00620063>] endbfrange"""


def test_a_map_of_codes_is_read():
    cmap = read_cmap(CMAP)
    assert cmap.mode == 1
    assert list(cmap.codes(b"\x20\x80\x01\x41")) == [(0x20, 1), (0x8001, 2), (0x41, 1)]
    assert cmap.cids == {0x20: 1, 0x8000: 10, 0x8001: 11, 0x8002: 12}
    expected = {0x20: " ", 0x21: "\U0001f600", 0x30: "A", 0x31: "B", 0x32: "C", 0x40: "a"}
    assert cmap.unicode == {**expected, 0x41: "bc"}
    assert is_predefined("UniJIS-UTF16-H")
    assert is_predefined("Identity-V")
    assert not is_predefined("Adobe-Korea1-2")


def test_letters_have_the_widths_that_their_program_states(document):
    for font in document.fonts.all.values():
        for code in font.seen:
            assert font.program.width(font.glyph(code)) == pytest.approx(font.width(code), abs=1)
            assert font.unicode(code)


def test_a_program_that_is_none_is_not_known():
    pdf = pikepdf.new()
    for key in ("/FontFile", "/FontFile2", "/FontFile3"):
        assert read_program(key, pdf.make_stream(b"no program")) is None


#: A fault of each rule, by what is done to a sound document.
RULES = {
    rules_annotations.check_annotations: lambda pdf: pdf.pages[0].obj.__delitem__("/Tabs"),
    rules_document.check_document: lambda pdf: pdf.Root.__delitem__("/ViewerPreferences"),
    rules_language.check_language: lambda pdf: pdf.Root.__delitem__("/Lang"),
    rules_tongue.check_tongue: lambda pdf: pdf.Root.__delitem__("/Lang"),
    rules_tags.check_tags: lambda pdf: elements(pdf, "H2")[0].__setattr__("S", pikepdf.Name.H4),
    rules_sense.check_sense: lambda pdf: pdf.docinfo.__setitem__("/Title", "Another"),
    rules_fonts.check_fonts: lambda pdf: [
        value.__delitem__("/ToUnicode")
        for value in pdf.objects
        if isinstance(value, pikepdf.Dictionary) and "/ToUnicode" in value
    ],
    rules_tables.check_tables: lambda pdf: [
        cell.__delitem__("/A") for tag in ("TH", "TD") for cell in elements(pdf, tag)
    ],
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_each_rule_finds_what_is_its_own(document, rule):
    assert list(rule(document)) == []
    assert list(rule(Document(changed(compiled(TWO_PAGES), RULES[rule]))))
