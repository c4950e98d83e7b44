"""Everything that somebody typed and an edition shows, with where it stands: what is looked through
for names and for figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from darkfigure.assessment.edition import Edition, Source
from darkfigure.assessment.references import Kind
from darkfigure.assessment.text import Inline, Link, Live, Place, Text, leaves, lines_of, plain
from darkfigure.basis.marking import Marking

HEAD = "edition.yaml"


class By(Enum):
    """Whose words they are: the writer's, who could ask for a figure or leave it out; words that
    say why something was put right or judged so; what the program says round a judgement.
    """

    WRITER = "writer"
    REASON = "reason"
    PROGRAM = "program"


@dataclass(frozen=True)
class Typed:
    """A line that was typed, where, and whose words they are."""

    place: Place
    inside: Sequence[Inline]
    by: By = By.WRITER

    @property
    def text(self) -> str:
        """Its words, references left out."""
        return plain(self.inside)

    @property
    def spoken(self) -> str:
        """Its words without what is quoted as code; a dash stands where a reference does."""
        return "".join(_spoken(self.inside))


def typed_in(edition: Edition) -> Iterator[Typed]:
    """Everything that somebody typed and an edition shows: what it says of itself, the lines of its
    text, words that are checked, titles of references, its judgements.
    """
    yield from _of_itself(edition)
    for chapter in edition.source.chapters:
        yield _words(Place(chapter.file, 1), chapter.title)
        for block in leaves(chapter.blocks, Marking.SECRET):
            if not isinstance(block, Live):
                yield from (Typed(block.place, line) for line in lines_of(block))
        for live, _ in chapter.lives:
            words = live.reference.subject if live.reference.kind is Kind.SAYS else ""
            for said in filter(None, (words, live.reference.field("title"))):
                yield _words(live.place, said)
    for judgement in edition.judgements:
        at = place_in(edition, judgement.code)
        for said in (judgement.claim, judgement.reason):
            yield _words(at, said, By.REASON)
        for part in judgement.shown.parts:
            yield from (_words(at, line, By.PROGRAM) for line in part.lines)


def _of_itself(edition: Edition) -> Iterator[Typed]:
    head = edition.head
    yield _words(head_place(edition.source, "title", head.title), head.title)
    yield _words(head_place(edition.source, "summary", head.summary), head.summary)
    for _, said in head.errata:
        yield _words(head_place(edition.source, "errata", said), said, By.REASON)
    for moved in head.concordance:
        at = head_place(edition.source, "concordance", moved.reason)
        yield _words(at, moved.reason, By.REASON)


def _words(place: Place, text: str, by: By = By.WRITER) -> Typed:
    return Typed(place, (Text(text),), by)


def _spoken(inside: Sequence[Inline]) -> Iterator[str]:
    for inline in inside:
        if isinstance(inline, Link):
            yield from _spoken(inline.inside)
        elif isinstance(inline, Live) or inline.style == "code":
            yield " \u2013 "
        else:
            yield inline.text


def place_in(edition: Edition, code: str) -> Place:
    """Where a judgement stands in the text; the head of the edition where it does not."""
    for _, live, _ in edition.source.lives:
        if live.reference.kind is Kind.JUDGEMENT and live.reference.subject == code:
            return live.place
    return Place(HEAD, 1)


def head_place(source: Source, field: str, said: str) -> Place:
    """Where what an edition says of itself stands in its file: the line that begins with the first
    words of it, below its field; the field's line, or the first one, where that is not found.
    """
    lines = source.texts[HEAD].splitlines()
    begins = next((at for at, line in enumerate(lines) if line.startswith(f"{field}:")), None)
    if begins is None:
        return Place(HEAD, 1)
    first = " ".join(said.split()[:3])
    found = (at for at in range(begins, len(lines)) if first and first in lines[at])
    return Place(HEAD, next(found, begins) + 1)
