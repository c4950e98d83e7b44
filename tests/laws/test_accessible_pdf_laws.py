"""Documents drawn at random: good ones pass, in the same bytes; a fault planted is found."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import is_dataclass

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from darkfigure.writing.pdf.accessible import check_pdf
from darkfigure.writing.pdf.document import Document
from darkfigure.writing.pdf.row_headers import with_row_headers
from darkfigure.writing.pdf.setting import set_pages
from darkfigure.writing.pdf.tree import Drawing, Judged, Run
from pages_drawn import DOCUMENTS
from pdfs_written import changed, compiled, elements, quoted

SPOKEN = (
    "people found referred in the north and south by police of areas where records were kept "
    "during years before any count"
)
WORDS = st.sampled_from(SPOKEN.split())
TEXT = st.lists(WORDS, min_size=3, max_size=30).map(lambda words: " ".join(words).capitalize())
#: What a hostile hand may put into a text that is shown.
HOSTILE = st.text(
    st.sampled_from([*"#[]{}()$*_`\"\\/<>@=+-~'%&^|", "\u00e9", "\u2013", "a", "b", " "]),
    min_size=1,
    max_size=12,
)


def paragraph(text):
    return f"\n#par[#text({quoted(text + '.')})]\n"


def bullets(items):
    return f"\n#list({', '.join(f'text({quoted(item)})' for item in items)})\n"


def table(columns, rows):
    cells = [
        f"[Area {row}], " + ", ".join(f"[{row * column}]" for column in range(1, columns))
        for row in range(1, rows + 1)
    ]
    heads = "[Area]" + "".join(f"[Year {column}]" for column in range(1, columns))
    return f"\n#table(columns: {columns}, table.header{heads}, {', '.join(cells)})\n"


def drawing(text):
    shape = "<path d='M0 0h40v9z'/>"
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' width='50' height='20'>{shape}</svg>"
    return f'\n#figure(image(bytes("{svg}"), alt: {quoted(text)}), caption: [Shown])\n'


BLOCKS = st.one_of(
    TEXT.map(paragraph),
    HOSTILE.map(lambda text: paragraph("Said was " + text)),
    st.lists(TEXT, min_size=1, max_size=4).map(bullets),
    st.builds(table, st.integers(2, 5), st.integers(1, 30)),
    TEXT.map(drawing),
    TEXT.map(lambda text: f'\n#link("https://example.org/a")[#text({quoted(text)})]\n'),
    TEXT.map(lambda text: paragraph(text) + f"#footnote[#text({quoted(text)})]\n"),
)


@st.composite
def documents(draw):
    """A body, and how many tables it has."""
    body, level = "#title()\n#outline(title: none)\n", 0
    for _ in range(draw(st.integers(1, 4))):
        level = draw(st.integers(1, min(level + 1, 4)))
        body += f"\n#heading(level: {level}, text({quoted(draw(TEXT))}))\n"
        body += "".join(draw(st.lists(BLOCKS, min_size=1, max_size=4)))
    return body, body.count("#table(")


@settings(max_examples=12)
@given(documents())
def test_good_documents_pass(drawn):
    body, tables = drawn
    made = with_row_headers(compiled(body), [1] * tables)
    assert check_pdf(made).faults == ()
    assert made == with_row_headers(compiled(body), [1] * tables)


def _retag(tag, to):
    def plant(pdf):
        found = elements(pdf, tag)
        if found:
            found[-1].S = pikepdf.Name(f"/{to}")
        return bool(found)

    return plant


@pytest.mark.parametrize(
    ("tag", "to", "names"),
    [
        ("TR", "P", {"table_tags"}),
        ("TH", "H1", {"table_tags"}),
        ("LI", "P", {"list_tags"}),
        ("LBody", "Quote", {"list_tags"}),
        ("TOCI", "P", {"contents_tags"}),
        ("H1", "H7", {"heading_skipped", "heading_first"}),
        ("Link", "Span", {"link_tag"}),
        ("P", "Paragraph9", {"tag_unmapped"}),
    ],
)
@settings(max_examples=4)
@given(drawn=documents())
def test_a_tag_that_is_changed_is_found(tag, to, names, drawn):
    body, tables = drawn
    body += table(2, 2) + bullets(["one", "other"]) + paragraph("The last of all")
    made = with_row_headers(compiled(body), [1] * (tables + 1))
    assert names & {fault.name for fault in check_pdf(changed(made, _retag(tag, to))).faults}


def _letters(text):
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


@settings(max_examples=10)
@given(DOCUMENTS)
def test_whatever_stands_in_a_document_is_shown_as_it_is_and_never_run(paged):
    pages = set_pages(paged)
    document = Document(pages)
    text = _letters("".join(document.text_of(element) for element in document.tree.top))
    for said in texts_of(paged.chapters):
        assert _letters(said) in text, said
    names = {fault.name for fault in check_pdf(pages).faults}
    assert not names - MAY_LOOK_ODD


#: What hostile texts may look like: a bold line, a bullet, a link that says nothing.
MAY_LOOK_ODD = {"heading_faked", "list_faked"}


def texts_of(part):
    """Every text of a document that is shown on its pages."""
    if isinstance(part, Drawing):
        yield from texts_of((part.caption, part.notes))
    elif isinstance(part, Run):
        yield part.text
    elif isinstance(part, Judged):
        yield from (part.code, part.claim)
        yield from (line for _, lines in part.parts for line in lines)
    elif is_dataclass(part):
        shown = {name: value for name, value in vars(part).items() if name != "name"}
        yield from texts_of(tuple(shown.values()))
    elif isinstance(part, list | tuple):
        for each in part:
            yield from texts_of(each)
    elif isinstance(part, str):
        yield part
