"""Whether a PDF can be read by everybody: each fault planted is found, and no other."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest

from darkfigure.basis.errors import Unreadable
from darkfigure.writing.pdf.accessible import check_pdf
from darkfigure.writing.pdf.checked import right, what, write_text
from darkfigure.writing.pdf.faults import CONDITIONS, Fault
from darkfigure.writing.pdf.row_headers import with_row_headers
from darkfigure.writing.pdf.rules_seen import contrast
from darkfigure.writing.words import ENGLISH
from pdfs_written import changed, compiled, elements

CARRIED = sorted((Path(__file__).parents[1] / "pdfs").glob("*.pdf"))
CHART = """
#figure(image(bytes("<svg xmlns='http://www.w3.org/2000/svg' width='90' height='40'>"
  + "<rect width='60' height='30' fill='#336699'/></svg>"), alt: ALT), caption: [Referrals])
"""
GOOD = """
#title()
= What is known
The number of people found rose in the north, where more of them were looked for. See
#link("https://example.org/tables")[the tables of the north].#footnote[As at the first of July.]
- Found by the police
- Found by others
#figure(table(columns: 3, table.header[Area][Found][Referred],
  [North], [12], [9], [South], [5], [4]), caption: [Found and referred])
== How it is known
A count of records, by the place where each person was found.
""" + CHART.replace("ALT", '"Twelve were found in the north and five in the south"')


def names(data, **given):
    """The names of all faults."""
    return {fault.name for fault in check_pdf(data, **given).faults}


def test_a_good_document_has_no_fault():
    checked = check_pdf(with_row_headers(compiled(GOOD), [1]))
    assert checked.faults == ()
    assert checked.pages == 1


#: What Typst takes without a word, and the fault that it is.
BODIES = {
    "table_without_headers": "#table(columns: 2, [Area], [Found], [North], [12])",
    "header_empty": "#table(columns: 2, table.header[Area][], [North], [many])",
    "row_header": "#table(columns: 2, table.header[Area][Found], [North], [12])",
    "layout_by_table": "#grid(columns: (4cm, 4cm, 4cm), row-gutter: 6pt, "
    "[Area], [Found], [Referred], [North], [12], [9], [South], [5], [4])",
    "alternative_empty": CHART.replace("ALT", '"chart-3.png"'),
    "drawing_silent": "#circle(radius: 1cm, fill: blue)",
    "contrast": "#text(fill: rgb(153, 153, 153))[Written too lightly to be read.]",
    "hidden_text": "#text(fill: white)[Written in white on white.]",
    "heading_faked": "*Where people were found*\n\nThe number of people found rose in the north, "
    "where more were looked for.",
    "list_faked": "• Found by the police\n\n• Found by others",
    "link_text": '#link("https://example.org")[click here]',
    "title_twice": "#title()\n#title[Another title]",
    "reading_order": "#place(top, dy: 6cm)[First in the tags, and below on the page.]\n"
    "Second in the tags, and above on the page.",
}


@pytest.mark.parametrize("name", BODIES)
def test_what_the_writer_lets_pass_is_found(name):
    lead = "" if name == "title_twice" else "#title()\n= What is known\n"
    assert names(compiled(lead + BODIES[name])) == {name}


def test_a_bold_paragraph_among_others_is_no_heading():
    assert names(compiled("= One\n*This whole sentence is stressed.*\n\nAnd this is not.")) == set()


def test_bold_is_told_by_its_letters_where_its_name_does_not_say_so():
    def renamed(pdf):
        for value in pdf.objects:
            for key in ("/BaseFont", "/FontName"):
                if isinstance(value, pikepdf.Dictionary) and key in value:
                    value[key] = pikepdf.Name("/ABCDEF+Same")

    body = "#title()\n= What is known\n" + BODIES["heading_faked"]
    assert names(changed(compiled(body), renamed)) == {"heading_faked"}
    sound = "#title()\n= What is known\nFound by others in the north\n\n" + "Others were. " * 9
    assert names(changed(compiled(sound), renamed)) == set()


def test_writing_on_a_dark_ground_is_seen():
    body = "= One\n#block(fill: black, inset: 6pt)[#text(fill: white)[Light on dark.]]"
    assert names(compiled(body)) == set()
    faint = body.replace("fill: white", "fill: rgb(85, 85, 85)")
    assert names(compiled(faint)) == {"contrast"}


def test_text_behind_a_picture_is_hidden():
    body = (
        "= One\nSome text that stands here.#place(top, rect(fill: black, width: 9cm, height: 3cm))"
    )
    assert "hidden_text" in names(compiled(body))


@pytest.mark.parametrize("title", ['"report-final.docx"', '"Untitled 3"'])
def test_a_title_that_is_a_file(title):
    assert names(compiled("= One\nText.", title=title)) == {"title_is_file"}


GERMAN = (
    "Die Zahl der Menschen, die gefunden wurden, ist im Norden gestiegen, weil dort mehr nach "
    "ihnen gesucht wurde als in den Jahren zuvor. Wie viele es wirklich sind, weiß niemand, denn "
    "nicht jeder Fall wird bekannt, und nicht jeder bekannte Fall wird auch gezählt."
)


def test_a_language_that_is_not_that_of_the_text():
    body = f"= Lage\n{GERMAN}"
    assert names(compiled(body)) == {"language_of_another"}
    assert names(compiled(body, lang="de")) == set()
    assert names(compiled(f'= Lage\n#text(lang: "de")[{GERMAN}]')) == set()


def no_language(pdf):
    del pdf.Root.Lang


def no_scope(pdf):
    for each in elements(pdf, "TH"):
        del each.A
    for each in elements(pdf, "TD"):
        del each.A


def skip_heading(pdf):
    elements(pdf, "H2")[0].S = pikepdf.Name.H3


def empty_heading(pdf):
    elements(pdf, "H2")[0].ActualText = pikepdf.String("")


def no_alternative(pdf):
    del elements(pdf, "Figure")[0].Alt


def link_as_span(pdf):
    for each in elements(pdf, "Link"):
        each.S = pikepdf.Name.Span


def paragraph_as_list(pdf):
    elements(pdf, "L")[0].S = pikepdf.Name.Sect


def no_font(pdf):
    for each in pdf.objects:
        if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/FontDescriptor":
            for key in ("/FontFile2", "/FontFile3"):
                if key in each:
                    del each[key]


def no_unicode(pdf):
    for each in pdf.objects:
        if isinstance(each, pikepdf.Dictionary) and "/ToUnicode" in each:
            del each.ToUnicode


def untagged(pdf):
    page = pdf.pages[0]
    page.contents_add(b"BT /f0 11 Tf 60 60 Td <0001> Tj ET")


def no_tags(pdf):
    del pdf.Root.StructTreeRoot


def no_tabs(pdf):
    del pdf.pages[0].Tabs


def no_metadata(pdf):
    del pdf.Root.Metadata


PLANTED = {
    no_language: {"language_missing", "language_of_content", "language_of_alternative"},
    no_scope: {"header_scope"},
    skip_heading: {"heading_skipped"},
    empty_heading: {"heading_empty"},
    no_alternative: {"figure_alternative"},
    link_as_span: {"link_tag"},
    paragraph_as_list: {"list_tags"},
    no_font: {"font_embedded"},
    no_unicode: {"font_unicode"},
    untagged: {"content_untagged"},
    no_tags: {"tags_missing", "content_untagged"},
    no_tabs: {"tab_order"},
    no_metadata: {"metadata_missing"},
}


@pytest.fixture(scope="module")
def good():
    return with_row_headers(compiled(GOOD), [1])


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_what_is_planted_in_a_good_document_is_found(good, plant):
    assert PLANTED[plant] <= names(changed(good, plant))


def test_what_is_withheld_is_found_wherever_it_stands(good):
    secret = "Operation Harbour"

    def bookmark(pdf):
        with pdf.open_outline() as outline:
            outline.root[0].title = f"About {secret}"

    def described(pdf):
        elements(pdf, "Figure")[0].Alt = pikepdf.String(f"A chart of {secret.upper()}")

    def carried(pdf):
        pdf.attachments["note.txt"] = f"see {secret}".encode()

    def metadata(pdf):
        with pdf.open_metadata(set_pikepdf_as_editor=False) as meta:
            meta["dc:description"] = secret

    assert names(good, withheld=[secret, ""]) == set()
    for plant in (bookmark, described, carried, metadata):
        assert "withheld_text" in names(changed(good, plant), withheld=[secret]), plant
    shown = compiled("= One\nOper#hide[x]ation #emph[Harbour] began.")
    found = check_pdf(compiled("= One\nOperation \n#emph[Harbour] began."), withheld=[secret])
    assert {fault.name for fault in found.faults} == {"withheld_text"}
    assert secret not in write_text([found])
    assert names(shown, withheld=["harbour"]) >= {"withheld_text"}


@pytest.mark.parametrize("path", CARRIED, ids=lambda path: path.stem)
def test_files_of_the_corpus(path):
    checked = check_pdf(path)
    assert checked.conforms is ("pass" in path.stem), checked.faults


def test_what_is_no_pdf_is_refused_in_a_sentence(tmp_path):
    path = tmp_path / "a.pdf"
    for data in (b"", b"not one", CARRIED[0].read_bytes()[:900]):
        path.write_bytes(data)
        with pytest.raises(Unreadable, match="not a PDF"):
            check_pdf(path)


def test_every_condition_has_its_sentences():
    words = (
        "kind tag to part name prefix parent row lang level last id missing times font cmap code "
        "glyph encoding alt text title ink paper stated found"
    )
    sample = dict.fromkeys(words.split(), "x")
    numbers = {"ratio": 2.0, "least": 4.5, "which": 1, "stated": 1, "real": 2}
    for name in CONDITIONS:
        fault = Fault(name, given={**sample, **numbers, "how": "upward"})
        assert what(fault, ENGLISH)
        assert right(fault, ENGLISH)


def test_contrast_as_wcag_has_it():
    assert contrast((0, 0, 0), (1, 1, 1)) == pytest.approx(21)
    grey = 0x77 / 255
    assert contrast((grey,) * 3, (1, 1, 1)) == pytest.approx(4.48, abs=0.01)
