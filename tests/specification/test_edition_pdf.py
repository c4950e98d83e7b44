"""An edition as PDF: the words of its pages, sources beside what they are of, stubs for what is
withheld, and nothing of that anywhere in the file. All synthetic.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from darkfigure.assessment.edition import JudgementTold, Rendering
from darkfigure.assessment.shown import Drawn, Part, Shown, Tabled
from darkfigure.basis.marking import Marking
from darkfigure.writing.editions.as_pdf import pdf_of, tree_of
from darkfigure.writing.pdf.accessible import check_pdf
from darkfigure.writing.pdf.document import Document
from darkfigure.writing.pdf.tree import Drawing, Heading, Judged, Para, Stub, Table, walked
from editions_drawn import DAY, chapter, edition
from pages_drawn import SVG

SECRET = "SYNTHETIC: nobody may see that the harbour was watched"
TEXT = chapter(
    summary="Victims recovered: {{ ask victims_recovered name=recovered }}, and **no more**; see "
    "[the scale](#scale) and [elsewhere](https://example.org/x).\n\n- One\n- Two\n\n"
    "> Said by somebody else.",
    scale='{{ ask arrests by=operation as=table title="Arrests" }}\n\n'
    "| | 2008 | 2009 |\n| --- | --- | --- |\n| Kent | 1,005 | 7 |\n| Essex | 12 | 9 |",
    victims='{{ ask referrals by=operation as=chart title="Referrals" }}',
    outlook="{{ judgement HT-J-01 }}\n\n{{ judgement HT-J-02 }}",
    sources=f"::: official-sensitive\n{SECRET}\n:::\n",
)
VALUES = {
    "arrests": Shown(
        table=Tabled("Arrests", ("Operation", "Arrests"), (("One", "406"), ("Two", "122")), (1,)),
        notes=("As stated.",), sources=("A body, 2009",), as_at=DAY,
    ),
    "referrals": Shown(drawn=Drawn(SVG, "Referred: two hundred"), as_at=DAY),
}  # fmt: skip


def judged(code, **given):
    shown = Shown(
        said="More will be found", title=code, parts=(Part("Judged", ("Likely",)),),
        sources=("Rests on two items.",), as_at=DAY, marking=Marking.OFFICIAL,
    )  # fmt: skip
    claim = "More will be found"
    return JudgementTold(code, "HT", claim, "likely", "high", "increasing", "", "", shown, **given)


@pytest.fixture(scope="module")
def restricted():
    told = [judged("HT-J-01"), judged("HT-J-02")]
    return edition(TEXT, VALUES, marking="official-sensitive", judgements=told)


@pytest.fixture(scope="module")
def public(restricted):
    withheld = replace(judged("HT-J-02"), withheld="marked", claim="", term="")
    return replace(restricted, rendering=Rendering.PUBLIC, judgements=(judged("HT-J-01"), withheld))


def blocks_of(made):
    return [block for part in tree_of(made).chapters for block in walked(part.blocks)]


@pytest.mark.parametrize("name", ["restricted", "public"])
def test_everybody_can_read_it_and_it_is_the_same_twice(name, request):
    made = request.getfixturevalue(name)
    pages = pdf_of(made)
    assert check_pdf(pages).faults == ()
    assert pdf_of(made) == pages


def test_a_figure_has_its_sources_in_the_margin(restricted):
    paragraph = next(block for block in blocks_of(restricted) if isinstance(block, Para))
    marked = [run for run in paragraph.line if run.marks]
    assert len(marked) == 1
    assert list(paragraph.sources) == ["A body, 2009"]
    assert marked[0].marks == (1,)


def test_links_lead_within_the_document_or_out_of_it(restricted):
    lines = [block.line for block in blocks_of(restricted) if isinstance(block, Para)]
    addresses = {run.address for line in lines for run in line if run.address}
    assert addresses == {"#HT-scale", "https://example.org/x"}
    names = {block.name for block in blocks_of(restricted) if isinstance(block, Heading)}
    assert "HT-scale" in names


def test_tables_say_which_columns_are_figures_and_what_rows_are_about(restricted):
    tables = [block for block in blocks_of(restricted) if isinstance(block, Table)]
    assert [(list(table.figures), table.heading) for table in tables] == [([1], 1), ([1, 2], 1)]
    assert [list(table.heads) for table in tables][1] == ["", "2008", "2009"]


def test_drawings_and_judgements_stand_where_they_are_referred_to(restricted):
    made = blocks_of(restricted)
    (drawing,) = [block for block in made if isinstance(block, Drawing)]
    assert drawing.alternative == "Referred: two hundred"
    boxes = [block for block in made if isinstance(block, Judged)]
    assert [(box.code, box.level) for box in boxes] == [
        ("HT-J-01", 0), ("HT-J-02", 0), ("HT-J-01", 2), ("HT-J-02", 2),
    ]  # fmt: skip


def test_what_is_withheld_leaves_a_stub_and_is_nowhere_in_the_file(restricted, public):
    shown, kept = pdf_of(restricted), pdf_of(public)
    assert {fault.name for fault in check_pdf(shown, withheld=[SECRET]).faults} == {"withheld_text"}
    assert check_pdf(kept, withheld=[SECRET]).faults == ()
    stubs = [block.text for block in blocks_of(public) if isinstance(block, Stub)]
    assert sum("OFFICIAL" in stub for stub in stubs) == len(stubs) == 3
    marks = {text.text for page in Document(kept).pages for text in page.texts}
    assert "PUBLIC" in marks
