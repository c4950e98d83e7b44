"""What is checked of what somebody typed: figures that a reference ought to say, words that say
something of figures, made-up figures that are not called so, sentences that are hard to read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from darkfigure.assessment.findings import Finding, Level
from darkfigure.assessment.material import Material, finding
from darkfigure.assessment.numerals import numbers_in_words
from darkfigure.assessment.reading_ease import ease_of, sentences_of
from darkfigure.assessment.references import Form, Kind
from darkfigure.assessment.text import (
    Inline,
    Link,
    Live,
    Paragraph,
    Place,
    Text,
    leaves,
    lines_of,
    plain,
)
from darkfigure.basis.marking import Marking

#: A sentence of more words is told.
LONG_SENTENCE = 35
#: A number in words from here on is a figure.
LEAST_IN_WORDS = 10

#: Words that say something of figures.
_CHECKABLE = re.compile(
    r"\b(rose|risen|fell|fallen|grew|grown|doubled|trebled|halved|more than half|less than half|"
    r"about an? (?:third|quarter|half|fifth)|most of|majority|increased|decreased|declined|"
    r"dropped|higher than|lower than|fewer than|more than|twice|three times)\b",
    re.IGNORECASE,
)


def checkable_words(material: Material) -> Iterator[Finding]:
    """Words that say something of figures, and no condition in the same paragraph."""
    for block in _paragraphs(material):
        place, inside = block.place, block.inside
        if any(_is(inline, Kind.SAYS) for inline in inside):
            continue
        for match in _CHECKABLE.finditer(plain(inside)):
            yield finding("unchecked", place, Level.WARNING, word=match[0])


def _lines(material: Material) -> Iterator[tuple[Place, Sequence[Inline]]]:
    """Every line that was typed: what an edition says of itself, paragraphs, headings, cells of
    tables, words that are checked, titles of references.
    """
    head = material.restricted.head
    yield from ((Place("edition.yaml", 1), (Text(said),)) for said in (head.title, head.summary))
    for chapter in material.chapters:
        for block in leaves(chapter.blocks, Marking.SECRET):
            if not isinstance(block, Live):
                yield from ((block.place, inside) for inside in lines_of(block))
        for live, _ in chapter.lives:
            checked = live.reference.subject if live.reference.kind is Kind.SAYS else ""
            for said in filter(None, (checked, live.reference.field("title"))):
                yield live.place, (Text(said),)


def _paragraphs(material: Material) -> Iterator[Paragraph]:
    for chapter in material.chapters:
        for block in leaves(chapter.blocks, Marking.SECRET):
            if isinstance(block, Paragraph):
                yield block


def _is(each: Inline, kind: Kind) -> bool:
    return isinstance(each, Live) and each.reference.kind is kind


_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
#: What is counted: a number before one of these is a figure, even if it looks like a year.
_COUNTED = (
    "people|persons|victims|women|men|girls|boys|children|adults|minors|nationals|arrests|charges|"
    "convictions|referrals|recoveries|rescues|cases|reports|operations|suspects|offenders|"
    "premises|visits|places|cells|questions|records|prosecutions|sentences|decisions|judgements"
)
_NOT_COUNTED = (
    rf"(?! (?:(?!more\b|fewer\b|most\b|all\b|some\b|the\b|no\b|few\b|many\b)[a-z-]+ )?"
    rf"(?:{_COUNTED})\b)"
)
#: Numbers that are no figures: days, years, provisions of law, codes.
_NO_FIGURE = re.compile(
    rf"\b\d{{1,2}} (?:{_MONTHS})(?: \d{{4}})?\b|\b(?:{_MONTHS}) \d{{4}}\b"
    r"|\b(?:sections?|s\.|ss\.|Articles?|Part|Chapter|Schedule|paragraph|regulation|[Tt]able)"
    r" ?\d[\d.()a-z]*"
    rf"|\b(?:19|20)\d\d(?:[/-]\d{{2,4}})?\b{_NOT_COUNTED}"
    r"|\b(?:Acts?|Order|Ordinance|Convention|Code)(?: of)? 1[0-8]\d\d\b"
    r"|\b[A-Z]+[A-Za-z]*[.-]?[A-Z]*[.-]?\d[\d.]*"
    rf"|\b\d{{4}}-\d\d-\d\d\b|\bpart \d\b|\b[A-Z][a-z]+ \d\b{_NOT_COUNTED}",
)
_FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?")


def typed_figures(material: Material) -> Iterator[Finding]:
    """Figures that were typed, in digits or in words: where a live one says the same it stands in
    its place.
    """
    live = {
        shown.value
        for _, _, shown in material.restricted.figures()
        if shown.value is not None and shown.question
    }
    for place, inside in _lines(material):
        for text in _typed(inside):
            for written, number in _figures_in(text):
                held = number in live and number >= LEAST_IN_WORDS
                level = Level.FAULT if held else Level.WARNING
                code = "typed_live" if held else "typed"
                yield finding("typed", place, level, code, number=written)


def _typed(inside: Sequence[Inline]) -> Iterator[str]:
    """The words of a line, those of its links too; what is quoted as code is left out."""
    for inline in inside:
        if isinstance(inline, Link):
            yield from _typed(inline.inside)
        elif isinstance(inline, Text) and inline.style != "code":
            yield inline.text


def _figures_in(text: str) -> Iterator[tuple[str, float]]:
    rest = _NO_FIGURE.sub(" ", text)
    for match in _FIGURE.finditer(rest):
        written = match[0].rstrip(",")
        yield written, float(written.replace(",", ""))
    for written, number in numbers_in_words(rest):
        if number >= LEAST_IN_WORDS:
            yield written, number


def synthetic_figures(material: Material) -> Iterator[Finding]:
    """Figures that are made up in a line that does not say so."""
    for chapter in material.chapters:
        for block in leaves(chapter.blocks, Marking.SECRET):
            if isinstance(block, Live):
                continue
            for inside in lines_of(block):
                if "synthetic" not in plain(inside).lower():
                    yield from (
                        finding("synthetic", live.place, what=shown.title)
                        for live in _figures_of(inside)
                        if (shown := material.restricted.shown(chapter, live)).synthetic
                    )


def _figures_of(inside: Sequence[Inline]) -> Iterator[Live]:
    for inline in inside:
        if isinstance(inline, Link):
            yield from _figures_of(inline.inside)
        elif isinstance(inline, Live) and _shows_figure(inline):
            yield inline


def _shows_figure(live: Live) -> bool:
    return live.reference.is_looked_up and live.reference.form in (Form.NUMBER, Form.SENTENCE)


def ease(material: Material) -> Iterator[Finding]:
    """How hard a chapter is to read: told, and long sentences named."""
    for chapter in material.chapters:
        texts = []
        for block in leaves(chapter.blocks, Marking.SECRET):
            if not isinstance(block, Paragraph):
                continue
            text = plain(block.inside)
            texts.append(text)
            for sentence in sentences_of(text):
                if (words := len(sentence.split())) > LONG_SENTENCE:
                    yield finding("sentence", block.place, Level.WARNING, words=words)
        found = ease_of(texts)
        if found.words:
            yield finding(
                "ease", Place(chapter.file, 1), Level.REPORT,
                age=found.age, words=found.words,
                average=round(found.words / found.sentences, 1), longest=found.longest,
            )  # fmt: skip
