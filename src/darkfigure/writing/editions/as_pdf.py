"""An edition as PDF/UA-1: the same text and references as its pages, with contents, page numbers
and bookmarks, sources in the margin, its marking above and beneath every page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from darkfigure.assessment import text
from darkfigure.assessment.checks import page_of
from darkfigure.assessment.edition import Edition, JudgementTold
from darkfigure.assessment.references import Form, Kind
from darkfigure.assessment.shown import Shown, Tabled
from darkfigure.basis.marking import Marking
from darkfigure.writing import registry
from darkfigure.writing.editions.as_html import five_of
from darkfigure.writing.editions.wholes import by_code, judgement_line
from darkfigure.writing.pdf import tree
from darkfigure.writing.pdf.setting import set_pages
from darkfigure.writing.pdf.tree import Block, Heading, Listed, Notes, Para, Run
from darkfigure.writing.words import Words

_FIGURE = re.compile(r"[\d.,%+±<>≤≥–−\s-]*\d[\d.,%+±<>≤≥–−\s-]*")
#: Deeper than any heading above it: what is set is the next level.
_NEXT = 6


def pdf_of(edition: Edition) -> bytes:
    """A rendering as PDF; the same edition is the same bytes. Raises NotSet where a character of it
    is in no font.
    """
    return set_pages(tree_of(edition))


def tree_of(edition: Edition) -> tree.Paged:
    """A rendering as a document to be set."""
    return _Pages(edition).whole()


#: Headings, each with lines; a line about a judgement begins with its code, apart.
Sections = Iterable[tuple[str, Sequence[tuple[str, str]]]]


def short_pdf_of(edition: Edition, title: str, sections: Sections) -> bytes:
    """A few pages of headings and lines about an edition, under its marking: its summary, or what
    changed in it. What a line says of a judgement begins with its code.
    """
    return set_pages(_Pages(edition).short(title, sections))


class _Pages:
    """The pages of one rendering."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        self._head = edition.head
        self._told = by_code(edition.judgements)
        self._words: Words = registry.words_of("answer", edition.head.language)
        self._places = {page_of(chapter): chapter for chapter in edition.source.chapters}
        self._places |= {chapter.file: chapter for chapter in edition.source.chapters}

    def _say(self, code: str, /, **given: object) -> str:
        return self._words.text(f"edition.{code}", **given)

    def _marking(self, marking: Marking) -> str:
        return self._say(f"marking.{marking.name}")

    def whole(self) -> tree.Paged:
        """Cover, chapters, judgements."""
        edition, head = self._edition, self._head
        chapters = [
            tree.Chapter(chapter.title, list(self._blocks(chapter.blocks, chapter)), chapter.area)
            for chapter in edition.source.chapters
        ]
        chapters.append(self._judgements())
        return tree.Paged(
            title=head.title,
            language=head.language,
            publisher=head.publisher,
            day=head.as_at,
            marking=self._marking(edition.sees),
            lead=head.summary,
            cover=list(self._cover()),
            chapters=chapters,
            said=tree.Said(
                self._say("contents"), self._say("page_of", page="{page}", pages="{pages}")
            ),
            face=self._say("synthetic_short") if edition.synthetic else "",
        )

    def short(self, title: str, sections: Sections) -> tree.Paged:
        """A document of one chapter: no more than headings and lists."""
        blocks: list[Block] = []
        for heading, lines in sections:
            blocks.append(_heading(heading))
            blocks.append(
                _items(f"{code} {line}" if code else line.strip() for code, line in lines)
            )
        cover = [_para(self._say("as_known", day=self._head.as_at))]
        return replace(
            self.whole(),
            title=f"{self._head.title}: {title}",
            cover=cover,
            chapters=[tree.Chapter(title, blocks, "short")],
        )

    def _cover(self) -> Iterator[Block]:
        edition, head = self._edition, self._head
        rendering = self._say(f"rendering.{edition.rendering}", marking=self._marking(edition.sees))
        yield _para(f"{self._say('as_known', day=head.as_at)} {rendering}")
        if edition.synthetic:
            yield _para(self._say("synthetic_face"))
        if head.errata:
            yield _heading(self._say("errata"))
            yield _items(f"{day}: {said}" for day, said in head.errata)
        if first := five_of(edition):
            yield _heading(self._say("five" if head.previous else "five_first"))
            yield Listed(True, [[Para(self._first(told))] for told in first])
        yield _para(self._say("requirements_of", requirements=head.requirements))
        yield _para(
            self._say(
                "published",
                publisher=head.publisher, licence=head.licence, contact=head.contact,
            )
        )  # fmt: skip

    def _first(self, told: JudgementTold) -> list[Run]:
        line = judgement_line(told, self._words, coded=False)
        changed = [Run(f" {told.change}", "emphasis")] if self._head.previous else []
        return [Run(told.code, address=f"#{told.code}"), Run(f" {line}"), *changed]

    def _judgements(self) -> tree.Chapter:
        told = sorted(self._edition.judgements, key=lambda judgement: judgement.code)
        blocks = [self._judged(judgement, level=2) for judgement in told]
        return tree.Chapter(
            self._say("judgements"), blocks or [_para(self._say("none_judged"))], "judgements"
        )

    # blocks

    def _blocks(self, blocks: Iterable[text.Block], chapter: text.Chapter) -> Iterator[Block]:
        for block in blocks:
            yield from self._block(block, chapter)

    def _block(self, block: text.Block, chapter: text.Chapter) -> Iterator[Block]:
        match block:
            case text.Heading():
                line = self._line(block.inside, chapter, [])
                yield Heading(block.level, line, f"{chapter.area}-{block.anchor}")
            case text.Paragraph():
                sources: list[str] = []
                yield Para(self._line(block.inside, chapter, sources), sources)
            case text.Live():
                yield from self._live_block(block, chapter)
            case text.Kept():
                yield self._kept(block, chapter)
            case text.Items():
                entries = [list(self._blocks(entry, chapter)) for entry in block.entries]
                yield Listed(block.ordered, entries)
            case text.Quoted():
                yield tree.Quote(list(self._blocks(block.inside, chapter)))
            case _:
                yield self._typed(block, chapter)

    def _kept(self, block: text.Kept, chapter: text.Chapter) -> Block:
        marking = self._marking(block.marking)
        if block.marking > self._edition.sees:
            return tree.Stub(self._say("withheld_block", marking=marking))
        return tree.Marked(marking, list(self._blocks(block.inside, chapter)))

    def _live_block(self, live: text.Live, chapter: text.Chapter) -> Iterator[Block]:
        shown = self._edition.shown(chapter, live)
        told = self._told.get(live.reference.subject)
        if live.reference.kind is Kind.JUDGEMENT and told:
            yield self._judged(told, level=0)
            return
        if shown.withheld:
            yield tree.Stub(self._say(f"withheld.{shown.withheld}"))
            return
        if shown.drawn:
            yield tree.Drawing(shown.drawn.svg, shown.drawn.alternative, "")
        if shown.table:
            yield _table(shown.table)
        for part in shown.parts:
            if part.head:
                yield _heading(part.head)
            yield _items(part.lines)
        for line in shown.cannot:
            yield _para(line)
        if not (shown.drawn or shown.table or shown.parts or shown.cannot):
            yield _para(self._say("no_table"))
        if shown.beneath:
            yield Notes([*shown.beneath])

    def _typed(self, block: text.Rows, chapter: text.Chapter) -> tree.Table:
        heads = [_plain(self._line(cell, chapter, [])) for cell in block.heads]
        rows = [[self._line(cell, chapter, []) for cell in row] for row in block.rows]
        rows = [[*row, *[[]] * len(heads)][: len(heads)] for row in rows]
        columns = [[_plain(row[at]) for row in rows] for at in range(len(heads))]
        figures = [at for at, cells in enumerate(columns) if all(map(_FIGURE.fullmatch, cells))]
        return tree.Table(chapter.title, heads, rows, figures, _heading_columns(heads, figures))

    def _judged(self, told: JudgementTold, *, level: int) -> Block:
        marking = self._marking(told.shown.marking)
        name = told.code if level else ""
        if told.withheld:
            said = self._say("judgement_withheld", code=told.code, marking=marking)
            return tree.Stub(said, name)
        parts = told.shown.parts if level else told.shown.parts[:1]
        return tree.Judged(
            told.code,
            told.claim,
            [(part.head, part.lines) for part in parts],
            told.shown.sources,
            marking if told.shown.marking > Marking.PUBLIC else "",
            level,
            name,
            f"#{told.code}",
        )

    # what stands in a line

    def _line(
        self, inside: Iterable[text.Inline], chapter: text.Chapter, sources: list[str]
    ) -> list[Run]:
        """What stands in a line; the sources of its figures are added to those of its paragraph."""
        runs: list[Run] = []
        for part in inside:
            match part:
                case text.Text():
                    runs.append(Run(part.text, part.style))
                case text.Link():
                    address = self._address(part.address, chapter)
                    words = _plain(self._line(part.inside, chapter, sources))
                    runs.append(Run(words, address=address))
                case _:
                    runs += self._live(part, chapter, sources)
        return runs

    def _live(self, live: text.Live, chapter: text.Chapter, sources: list[str]) -> Iterator[Run]:
        reference = live.reference
        if reference.kind is Kind.SAYS:
            yield Run(reference.subject)
            return
        if reference.form is Form.NONE:
            return
        shown = self._edition.shown(chapter, live)
        told = self._told.get(reference.subject)
        if shown.withheld:
            yield Run(f"[{self._say(f'withheld.{shown.withheld}')}]")
        elif reference.kind is Kind.JUDGEMENT and told:
            yield Run(told.term or told.direction, address=f"#{told.code}")
        else:
            yield Run(shown.said, marks=tuple(sorted(_marks(shown, sources))))

    def _address(self, address: str, chapter: text.Chapter) -> str:
        """Where a link leads within the document, if it does."""
        file, _, anchor = address.partition("#")
        place = self._places.get(file) if file else chapter
        if place is None:
            return address
        return f"#{place.area}-{anchor}" if anchor else f"#{place.area}"


def _marks(shown: Shown, sources: list[str]) -> Iterator[int]:
    for line in dict.fromkeys([*shown.cannot, *shown.sources]):
        if line not in sources:
            sources.append(line)
        yield sources.index(line) + 1


def _table(shown: Tabled) -> tree.Table:
    columns = _heading_columns(shown.heads, shown.figures)
    return tree.Table(
        shown.title, shown.heads, shown.rows, shown.figures, columns, notes=shown.notes
    )


def _heading_columns(heads: Sequence[str], figures: Sequence[int]) -> int:
    """How many columns say what a row is about: the first, where it is no figure."""
    return int(len(heads) > 1 and 0 not in figures)


def _para(said: str) -> Para:
    return Para([Run(said)])


def _heading(said: str) -> Heading:
    return Heading(_NEXT, [Run(said)])


def _items(lines: Iterable[str]) -> Listed:
    return Listed(False, [[_para(line)] for line in lines])


def _plain(line: Iterable[Run]) -> str:
    return "".join(run.text for run in line)
