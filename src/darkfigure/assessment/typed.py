"""Everything that somebody typed and an edition shows, with where it stands: what is looked through
for names.
"""

from __future__ import annotations

from collections.abc import Iterator

from darkfigure.assessment.edition import Edition
from darkfigure.assessment.references import Kind
from darkfigure.assessment.text import Live, Place, leaves, lines_of, plain
from darkfigure.basis.marking import Marking


def texts_in(edition: Edition) -> Iterator[tuple[Place, str]]:
    """Everything that somebody typed and an edition shows: lines, words that are checked, titles,
    what it says of itself, its judgements. Each with where it stands.
    """
    head = edition.head
    top = Place("edition.yaml", 1)
    own = (head.title, head.summary, *(said for _, said in head.errata))
    yield from ((top, text) for text in (*own, *(entry.reason for entry in head.concordance)))
    for chapter in edition.source.chapters:
        yield Place(chapter.file, 1), chapter.title
        for block in leaves(chapter.blocks, Marking.SECRET):
            if not isinstance(block, Live):
                yield from ((block.place, plain(line)) for line in lines_of(block))
        for live, _ in chapter.lives:
            words = live.reference.subject if live.reference.kind is Kind.SAYS else ""
            yield from ((live.place, text) for text in (words, live.reference.field("title")))
    for judgement in edition.judgements:
        at = place_in(edition, judgement.code)
        lines = [line for part in judgement.shown.parts for line in part.lines]
        yield from ((at, text) for text in (judgement.claim, judgement.reason, *lines))


def place_in(edition: Edition, code: str) -> Place:
    """Where a judgement stands in the text; the head of the edition where it does not."""
    for _, live, _ in edition.source.lives:
        if live.reference.kind is Kind.JUDGEMENT and live.reference.subject == code:
            return live.place
    return Place("edition.yaml", 1)
