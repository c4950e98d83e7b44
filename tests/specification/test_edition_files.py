"""The files of an edition: pages, workbook, feed, signatures, documents; each read by something
that is not ours where there is one. And what an editor types: what is wrong, and where.
"""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from dataclasses import replace
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from darkfigure.assessment.comparison import questions_moved
from darkfigure.assessment.edition import SECTIONS, Edition, Rendering, key_of
from darkfigure.assessment.reading_ease import ease_of, syllables_of
from darkfigure.assessment.references import Form, read_reference
from darkfigure.assessment.shown import Shown, Tabled
from darkfigure.basis.errors import Unreadable
from darkfigure.basis.marking import Marking
from darkfigure.publication import answer, ask
from darkfigure.reading.edition_folders import from_texts, read_head, thawed
from darkfigure.reading.edition_text import read_chapter
from darkfigure.writing.documents.assessing import EditionDocument
from darkfigure.writing.editions import (
    annex,
    as_html,
    begun,
    compared,
    feed,
    signed,
    summary,
    taken,
)
from darkfigure.writing.editions.bundle import FROZEN, HASHES, files_of, with_signature
from darkfigure.writing.editions.wholes import changes_shown, key_judgements_shown, sources_shown
from darkfigure.writing.releases.described import media_of
from documents_held import held as read_document
from editions_drawn import DAY, HEAD, chapter, edition, held, nothing_known
from editions_drawn import compared as drawn_comparison

SEED = bytes(range(32))


@pytest.mark.parametrize(
    ("typed", "kind", "subject", "form"),
    [
        ("ask arrests", "ask", "arrests", Form.NUMBER),
        ('ask arrests where="operation=Pentameter 2" as=chart', "ask", "arrests", Form.CHART),
        ("judgement HT-J-01", "judgement", "HT-J-01", Form.BOX),
        ("coverage HT.1 as=table", "coverage", "HT.1", Form.TABLE),
        ("gaps", "gaps", "", Form.TABLE),
        ('says "fell" a < b', "says", "fell", Form.NONE),
        ("let share = a / b", "let", "share", Form.NONE),
    ],
)
def test_a_reference_is_read(typed, kind, subject, form):
    found = read_reference(typed)
    assert (found.kind, found.subject, found.form) == (kind, subject, form)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("aks arrests", "ask"),
        ("ask", "says nothing of what"),
        ("ask arrests were=x", "where"),
        ("ask arrests as=pie", "not shown as"),
        ('ask "arrests', "not closed"),
        ("ask arrests period=2008 period=2009", "said twice"),
        ("judgement", "HT-J-01"),
        ('says "fell"', "no condition"),
        ("ask arrests name=1a", "no name"),
        ("sources HT", "takes no"),
    ],
)
def test_a_reference_that_is_none_says_what_would_be_right(typed, told):
    with pytest.raises(Unreadable, match=told):
        read_reference(typed)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("No title.", "c.md:1: a chapter begins with its title"),
        ("# T\n\n# U", "c.md:3: a chapter has one title"),
        ("# T\n\nOne\ntwo {{ aks x }}.", "c.md:4: 'aks'"),
        ("# T\n\nText {{ ask x as=table }} goes on.", "c.md:3: ask as table"),
        ("# T\n\n<b>x</b>", "c.md:3: HTML"),
        ("# T\n\n![x](y.png)", "c.md:3: a picture"),
        ("# T\n\n::: scret\nx\n:::", "c.md:3: 'scret' is no marking"),
        ("# T\n\n- ::: official\n  x\n  :::", "c.md:3: a marked part stands by itself"),
        ("# T\n\n:: official\n\nx", "c.md:3: a line that begins with two colons"),
        (
            "# T\n\n::: official\n\n::: secret\n\nx\n\n:::\n\ny\n\n:::",
            "c.md:13: a line that begins with two colons",
        ),
        ('# T\n\nText {{ ask arrests where="x" goes on.', "c.md:3: a reference is opened"),
        ("# T\n\n{{ ask arrests where= }}", "c.md:3: ask: where says nothing"),
        ("# T\n\n\uff1a\uff1a\uff1a official\n\nx", "c.md:3: a line that begins with two colons"),
        ("# T\n\n\u200b::: official\n\nx\n", "c.md:3: a line that begins with two colons"),
        ("# T\n\ny\n\n[//]: # (a remark)\n", "c.md:5: a line that begins with [...]:"),
        ('# T\n\n[x](https://example.org "a remark")', "c.md:3: the title of a link"),
        ("# T {{ ask arrests }}\n", "c.md:1: the title of a chapter is words alone"),
        ("#\n\nx", "c.md:1: the title of a chapter is words alone"),
        ("# T\n\n[x](mailto:a@example.org)", "leads nowhere"),
        ("# T\n\n[x](ftp://example.org)", "c.md:3: 'ftp://example.org' leads nowhere"),
    ],
)
def test_text_that_cannot_be_shown_says_where(text, told):
    with pytest.raises(Unreadable) as caught:
        read_chapter(text, "c.md", "HT")
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"as_at": "2009-13-17"}, "as_at"),
        ({"marking": "scret"}, "no marking"),
        ({"chapters": []}, "1 to 60 chapters"),
        ({"chapters": [{"area": "HT", "file": "../x.md"}]}, "small letters"),
        ({"chapters": [{"area": "HT", "file": "summary.md"}]}, "a page that every edition has"),
        ({"titel": "x"}, "title"),
        ({"previous": {"edition": "2010", "as_at": "2010-01-01", "requirements": "x"}}, "before"),
        ({"concordance": [{"kind": "splt"}]}, "split"),
    ],
)
def test_a_head_that_is_wrong_says_where(changed, told):
    fields = {
        "edition": "2009", "title": "T", "as_at": "2009-12-17", "requirements": "nir-2009",
        "publisher": "P", "contact": "C", "licence": "L", "out": "2026-01-02 09:30",
        "chapters": [{"area": "HT", "file": "c.md"}], **changed,
    }  # fmt: skip
    with pytest.raises(Unreadable, match=told):
        read_head(json.dumps(fields), "edition.yaml")


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1e", "\r\n", "\r"])
def test_a_marked_part_is_left_out_whatever_ends_a_line_before_it(sign):
    text = f"One.{sign}Two.{sign}Three.\n\n::: official\n\nfew\n\nmore\n\n:::\n\nLast.\n"
    made = edition(chapter(scale=text))
    told = replace(made, rendering=Rendering.PUBLIC).texts["trafficking.md"]
    assert "::: official\n:::\n\nLast." in told
    assert not {"few", "more"} & set(told.split())


def test_what_became_of_marked_judgements_is_not_in_the_public_text():
    entries = [
        {"kind": "merged", "old": ["HT-J-01"], "new": ["HT-J-02"], "reason": reason, **marking}
        for reason, marking in (("told", {}), ("kept", {"marking": "official"}))
    ]
    head = HEAD.format(marking="official") + f"concordance: {json.dumps(entries)}\n"
    made = edition(chapter())
    source = from_texts({**made.source.texts, "edition.yaml": head})
    public = Edition(source, Rendering.PUBLIC, {})
    assert from_texts(public.texts).head.concordance == source.head.concordance[:1]
    restricted = replace(public, rendering=Rendering.RESTRICTED)
    assert from_texts(restricted.texts).head.concordance == source.head.concordance


def test_what_is_asked_is_said_in_the_words_for_who_reads_it():
    asked, covered = held(), nothing_known()
    one, other, *_ = asked.questions
    texts = {code: question.text for code, question in asked.questions.items()}
    worded = replace(asked.questions[one], public="In words for anybody.")
    marked = replace(asked, marking=Marking.OFFICIAL, questions={**asked.questions, one: worded})
    public, restricted = (
        taken.gaps_shown(covered, marked, "HT", {}, sees=sees)
        for sees in (Marking.PUBLIC, Marking.OFFICIAL)
    )
    (row,) = public.table.rows
    assert (row[0], row[-1]) == (f"{one} In words for anybody.", "")
    assert str(len(texts) - 1) in public.table.notes[1]
    assert {asked.title, asked.threats["HT"]} & {*public.sources, public.title} == set()
    assert {row[0] for row in restricted.table.rows} == {f"{c} {t}" for c, t in texts.items()}
    told = taken.coverage_shown(covered, marked, other, sees=Marking.PUBLIC)
    assert asked.title not in told.sources
    assert asked.wording(other, Marking.PUBLIC) == texts[other]
    opened, _ = questions_moved(replace(marked, questions={}), marked, Marking.PUBLIC)
    assert opened == ((one, "In words for anybody."),)


def test_every_file_of_an_edition_has_a_media_type():
    names = [*files_of(edition(chapter())), "minisign.pub", f"{HASHES}{signed.ENDING}"]
    known = {name: media_of(name) for name in names}
    assert "application/octet-stream" not in known.values()
    assert known["assessment.pdf"] == "application/pdf"
    assert media_of("x.unheard-of") == "application/octet-stream"


def whole():
    """An edition with a table in it."""
    table = Tabled(
        "Arrests, 2009", ("Operation", "Arrests"), (("One", "1,234"), ("Two", "5")), (1,)
    )
    return edition(
        chapter(scale="{{ ask arrests as=table }}", victims="{{ ask victims_recovered }} people."),
        {"arrests": Shown(title="Arrests", table=table, sources=("A body, 2009",), question="q")},
    )


def test_every_table_is_a_sheet_of_the_annex():
    book = CalamineWorkbook.from_filelike(io.BytesIO(annex.workbook_of(whole())))
    assert book.sheet_names == ["Cover", "Contents", "Table_1"]
    rows = book.get_sheet_by_name("Table_1").to_python()
    assert ["Operation", "Arrests"] in rows
    assert ["One", 1234] in rows


def test_the_feed_has_an_item_for_each_judgement_that_moved():
    told = read_document(feed.feed_of(whole(), drawn_comparison()), "edition_feed")
    assert told["version"] == "https://jsonfeed.org/version/1.1"
    assert [item["title"] for item in told["items"][1:]] == ["HT-J-01"]


def test_the_summary_opens_each_judgement_to_its_evidence():
    made = replace(whole(), judgements=drawn_comparison().judgements[0].now)
    text = summary.summary_of(made, drawn_comparison()).decode()
    assert 'href="judgements.html#HT-J-01"' in text
    assert "1,016" not in text


def test_the_comparison_tells_figures_and_what_moved_judgements():
    told = compared.write_text(drawn_comparison())
    assert "406 now" in told
    assert "A second origin." in told
    assert "Not revised" in told
    assert "HT.10.3" in told


def test_pages_name_their_sources_and_lead_to_one_another():
    pages = as_html.pages_of(whole())
    assert {"assessment.css", "assessment.html", "trafficking.html", "judgements.html"} == set(
        pages
    )
    text = pages["trafficking.html"].decode()
    assert "A body, 2009" in text
    assert '<th scope="col" role="columnheader" class="figure">Arrests</th>' in text
    assert 'href="trafficking.html"' in pages["assessment.html"].decode()


def test_an_edition_is_a_document_that_can_be_read_back():
    files = files_of(whole())
    assert set(EditionDocument.__annotations__) >= {"edition", "content", "frozen"}
    assert thawed(files[FROZEN])[0].content == whole().content
    with pytest.raises(Unreadable, match="holds no edition"):
        thawed(b"{}")


def test_a_signature_is_checked_by_minisign_and_by_us(tmp_path):
    files = with_signature(files_of(whole()), SEED, "2009 restricted")
    assert files == with_signature(files_of(whole()), SEED, "2009 restricted")
    for name, body in files.items():
        (tmp_path / name).write_bytes(body)
    public, signature = files["minisign.pub"].decode(), files[HASHES + signed.ENDING]
    assert signed.check_signature(files[HASHES], signature, public) == "2009 restricted"
    minisign = shutil.which("minisign")
    assert minisign, "Debian's minisign is needed: make needs"
    command = [minisign, "-V", "-p", "minisign.pub", "-m", HASHES]
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "Signature and comment signature verified" in told.stdout
    (tmp_path / HASHES).write_bytes(files[HASHES] + b" ")
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode
    with pytest.raises(Unreadable, match="another"):
        signed.check_signature(files[HASHES] + b" ", signature, public)
    other = signed.public_key_of(bytes(32))
    with pytest.raises(Unreadable, match="another"):
        signed.check_signature(files[HASHES], signature, other)


def test_an_edition_begun_has_every_section_of_every_chapter():
    texts = begun.new_edition(held(), DAY, ("2008", date(2008, 12, 17), "nir-2008"), "2009")
    source = from_texts(texts)
    assert [len(one.sections) for one in source.chapters] == [len(SECTIONS)]
    assert source.head.previous == "2008"


def test_a_figure_in_a_sentence_is_one_and_a_table_has_them_all(memory):
    asked = ask("victims_recovered", DAY, by=["operation"])
    with pytest.raises(Unreadable, match="a sentence has one"):
        taken.answer_shown(answer(asked, memory), Form.NUMBER)
    shown = taken.answer_shown(answer(asked, memory), Form.CHART)
    assert len(shown.table.rows) == 2
    assert "169" in shown.drawn.alternative
    one = taken.answer_shown(
        answer(ask("arrests", DAY, where=["operation=Pentameter 2"]), memory), Form.NUMBER
    )
    assert (one.said, one.value) == ("406", 406)
    then = ask("arrests", date(2008, 12, 17), where=["operation=Pentameter 2"])
    assert taken.answer_shown(answer(then, memory), Form.NUMBER).said == "528"


def test_what_is_of_a_whole_chapter():
    told = drawn_comparison().judgements[0]
    assert "HT-J-01" in key_judgements_shown(told.now, "HT", DAY).parts[0].lines[0]
    moved = changes_shown(told.now, told.then, "HT", drawn_comparison().coverage, "2008", DAY)
    assert moved.table.rows[0][0] == "HT-J-01"
    assert "first edition" in changes_shown(told.now, (), "HT", None, "", DAY).parts[0].lines[0]
    rests = sources_shown([Shown(sources=("A",)), Shown(sources=("A", "B"))], told.now, "HT", DAY)
    assert rests.table.rows == (("A", "2"), ("B", "1"))


def test_reading_ease_of_sentences_whose_syllables_are_known():
    assert [syllables_of(word) for word in ("cat", "table", "people", "made", "trafficking")] == [
        1, 2, 2, 1, 3,
    ]  # fmt: skip
    ease = ease_of(["The cat sat on the mat. The dog ran."])
    assert (ease.words, ease.sentences, ease.longest, ease.age) == (9, 2, 6, 5.0)
    assert ease_of([]).words == 0


def test_a_reference_keeps_its_key_however_it_is_typed():
    one, other = (
        read_reference(text)
        for text in (
            'ask arrests period=2008 where="operation=Pentameter 2"',
            "ask  arrests where='operation=Pentameter 2'   period=2008",
        )
    )
    assert one.key == other.key
    made = edition(chapter(scale="{{ sources }}"))
    (of, live, _), *_ = made.source.lives
    assert key_of(of, live).startswith("HT | ")
    assert replace(made, rendering=Rendering.PUBLIC).sees == 0
    assert "official" in HEAD.format(marking="official")
