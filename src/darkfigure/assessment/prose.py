"""What is checked of what somebody typed: figures that a reference ought to say, words that say
something of figures, made-up figures that are not called so, sentences that are hard to read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from darkfigure.assessment.findings import Finding, Level
from darkfigure.assessment.material import Material, finding
from darkfigure.assessment.numerals import LEAST_IN_WORDS, figures_in
from darkfigure.assessment.reading_ease import ease_of, sentences_of
from darkfigure.assessment.references import Form, Kind
from darkfigure.assessment.text import (
    Inline,
    Link,
    Live,
    Paragraph,
    Place,
    leaves,
    lines_of,
    plain,
)
from darkfigure.assessment.typed import By, typed_in
from darkfigure.basis.marking import Marking

#: A sentence of more words is told.
LONG_SENTENCE = 35
#: How a figure that was typed is told, by whose words it stands in.
_TYPED = {By.WRITER: "typed", By.REASON: "typed_reason"}

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


def _paragraphs(material: Material) -> Iterator[Paragraph]:
    for chapter in material.chapters:
        for block in leaves(chapter.blocks, Marking.SECRET):
            if isinstance(block, Paragraph):
                yield block


def _is(each: Inline, kind: Kind) -> bool:
    return isinstance(each, Live) and each.reference.kind is kind


def typed_figures(material: Material) -> Iterator[Finding]:
    """Figures that were typed, in digits or in words: where a live one says the same it stands in
    its place.
    """
    live = {
        shown.value
        for _, _, shown in material.restricted.figures()
        if shown.value is not None and shown.question
    }
    for typed in typed_in(material.restricted):
        if typed.by is By.PROGRAM:
            continue
        for written, number in figures_in(typed.spoken):
            held = number in live and number >= LEAST_IN_WORDS and typed.by is By.WRITER
            level, code = (Level.FAULT, "typed_live") if held else (Level.WARNING, _TYPED[typed.by])
            yield finding("typed", typed.place, level, code, number=written)


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
