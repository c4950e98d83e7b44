"""The pages of an edition in a real browser, from a folder: everybody can read them, and they fit a
phone. What is in them is made up.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from darkfigure.assessment.edition import Rendering
from darkfigure.assessment.shown import Drawn, Shown, Tabled
from darkfigure.basis.marking import Marking
from darkfigure.writing.charts.picture import picture, titled
from darkfigure.writing.editions.bundle import files_of
from darkfigure.writing.editions.judged import judgement_told
from editions_drawn import chapter, compared, edition
from judgements_drawn import SOUND
from support_pages import accessible, fits, looked_at

pytestmark = pytest.mark.xdist_group("edition_pages")
TEXT = chapter(
    summary="{{ key_judgements }}\n\nFound {{ ask arrests }}, [more](#scale) in **all**.",
    scale="{{ ask victims_recovered as=chart }}\n\n> Somebody said so.\n\n1. One\n2. Two",
    victims="| Who | How many |\n| - | - |\n| Adults | {{ ask adults }} |",
    outlook="{{ judgement HT-J-01 }}",
    geography="::: official\n\nA marked part, and so on.\n\n:::",
    sources="{{ sources }}",
)


def drawn():
    """An edition with something of everything that a page shows."""
    canvas = titled("SYNTHETIC: victims")
    canvas.paragraph("Persons")
    svg = picture("SYNTHETIC: victims", ["Who", "Persons"], [["Adults", "5"]], canvas).svg
    wide = Tabled(
        "SYNTHETIC: a table of many columns",
        ("Who", *(f"Column {number}" for number in range(5))),
        (("Adults", *(f"{number:,}" for number in range(1000, 6000, 1000))),) * 3,
        (1, 2, 3, 4, 5),
        ("A note.",),
    )
    told = judgement_told(replace(SOUND, marking=Marking.PUBLIC))
    values = {
        "victims_recovered": Shown(
            title="Victims", table=wide, drawn=Drawn(svg, "Adults, 5"), sources=("A body",),
            notes=("A note.",), cannot=("Not collected: nobody counts them.",), question="q",
        ),
        "HT-J-01": told.shown,
    }  # fmt: skip
    return edition(TEXT, values, judgements=[told])


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """The files of both renderings, each in a folder."""
    whole = drawn()
    found = {}
    for rendering in Rendering:
        folder = tmp_path_factory.mktemp(rendering)
        for name, body in files_of(replace(whole, rendering=rendering), compared()).items():
            (folder / name).write_bytes(body)
        found[rendering] = folder
    return found


@pytest.mark.parametrize("rendering", Rendering)
def test_every_page_of_an_edition_is_for_everybody_and_fits_a_phone(browser, folders, rendering):
    folder = folders[rendering]
    with looked_at(browser) as page:
        for path in sorted(folder.glob("*.html")):
            page.goto(path.as_uri())
            accessible(page)
            fits(page)
            for link in page.locator("a[href]").all():
                address = link.get_attribute("href").partition("#")
                if "://" not in address[0] and address[0]:
                    assert (folder / address[0]).is_file(), (path.name, address)
                if address[2] and not address[0]:
                    assert page.locator(f"[id='{address[2]}']").count() == 1


def test_a_source_stands_in_the_margin_and_beneath_its_paragraph_on_a_phone(browser, folders):
    page_of = folders[Rendering.RESTRICTED] / "trafficking.html"
    with looked_at(browser) as page:
        page.goto(page_of.as_uri())
        for width, beside in ((1280, True), (360, False)):
            page.set_viewport_size({"width": width, "height": 800})
            row = page.locator(".df-row", has=page.locator(".df-margin")).first
            text, margin = (row.locator(each).bounding_box() for each in ("> p", ".df-margin"))
            assert (margin["x"] > text["x"] + text["width"] / 2) is beside
