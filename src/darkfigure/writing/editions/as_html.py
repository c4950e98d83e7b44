"""An edition as pages that stand in a folder by themselves: a cover with contents, a page for each
chapter, the judgements. Sources stand in the margin, and beneath their paragraph on a phone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from darkfigure.assessment.checks import page_of
from darkfigure.assessment.edition import Edition, JudgementTold
from darkfigure.assessment.references import Form, Kind
from darkfigure.assessment.shown import Shown, Tabled
from darkfigure.assessment.text import (
    Block,
    Chapter,
    Heading,
    Inline,
    Items,
    Kept,
    Link,
    Live,
    Paragraph,
    Quoted,
    Rows,
    Text,
    plain,
)
from darkfigure.basis.marking import Marking
from darkfigure.writing import registry
from darkfigure.writing.editions.wholes import (
    by_code,
    judgement_line,
    marking_said,
    withheld_line,
)
from darkfigure.writing.page import STYLE, Entry, Head, entry, table
from darkfigure.writing.words import Words

INDEX, JUDGEMENTS, SUMMARY = "assessment.html", "judgements.html", "summary.html"
CHANGES, STYLES = "changes.html", "assessment.css"
#: Beside the style of all pages: a measure to read by, margins for sources, boxes for judgements.
_STYLE = """
body{max-width:70rem}
.df-banner{font-weight:700;letter-spacing:.05em;margin:0;padding:.4rem 0;text-align:center}
.df-cover{border-top:.6rem solid var(--df-accent);padding-top:2rem;margin-bottom:3rem}
.df-cover h1{font-size:2.6rem;max-width:22ch;margin:.5rem 0}
.df-cover .when{color:var(--df-quiet)}
.df-row{margin:0 0 1rem}.df-row p{margin:0 0 .4rem;max-width:40rem}
.df-block{max-width:46rem}
h1,h2,h3{max-width:46rem}
.df-margin{color:var(--df-quiet);font-size:.82rem;line-height:1.35;margin:0 0 .8rem}
.df-margin p{margin:0 0 .35rem}
.df-live{font-variant-numeric:tabular-nums;white-space:nowrap}
.df-live.long{white-space:normal}
.df-mark{font-size:.7em;vertical-align:super;line-height:0}
.df-judged{border:1px solid var(--df-pale);border-left:.4rem solid var(--df-accent);
padding:.8rem 1rem;margin:1rem 0;max-width:44rem}
.df-judged>p.claim{font-size:1.15rem;font-weight:700;margin:.2rem 0 .5rem}
.df-judged h3,.df-judged h4{font-size:.95rem;margin:.7rem 0 .1rem;border:0;padding:0}
.df-judged ul{margin:.1rem 0;padding-left:1.2rem}
.df-judged .code{color:var(--df-quiet);font-size:.85rem;margin:0}
.df-stub{background:var(--df-surface);border:1px dashed var(--df-quiet);padding:.6rem 1rem;
max-width:44rem;color:var(--df-ink)}
.df-kept{border-left:.25rem solid var(--df-warm);padding-left:1rem}
.df-kept>.df-banner{text-align:left;font-size:.85rem}
.df-next{border-top:1px solid var(--df-pale);margin-top:3rem;padding-top:1rem}
.df-next a{display:inline-block;padding:.4rem 1rem .4rem 0}
ol.df-toc{padding-left:1.4rem}ol.df-toc a,.df-key a{display:inline-block;padding:.3rem 0}
@media screen and (min-width:60em){
.df-row{display:grid;grid-template-columns:minmax(0,40rem) minmax(0,17rem);gap:0 2.5rem}
.df-margin{border-left:2px solid var(--df-pale);padding-left:.8rem}
}
@media screen and (max-width:40em){.df-cover h1{font-size:1.8rem}}
@media print{.df-cover{break-after:page}.df-judged,.df-stub{break-inside:avoid}
.df-row{display:grid;grid-template-columns:minmax(0,1fr) 11rem;gap:0 1.2rem}}
"""


def pages_of(edition: Edition) -> dict[str, bytes]:
    """The pages of an edition by their names."""
    pages = _Pages(edition)
    made = {INDEX: pages.cover()}
    for at, chapter in enumerate(edition.source.chapters):
        made[page_of(chapter)] = pages.chapter(chapter, at)
    made[JUDGEMENTS] = pages.judgements()
    made[STYLES] = STYLE + _STYLE
    return {name: text.encode() for name, text in made.items()}


def framed_page(edition: Edition, title: str, parts: Sequence[str]) -> str:
    """A page of an edition made of parts, with its marking above and below."""
    return _Pages(edition).shell(title, parts)


class _Pages:
    """The pages of one rendering."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        self._head = edition.head
        self._told = by_code(edition.judgements)
        self._words: Words = registry.words_of("answer", edition.head.language)
        self._marking = self._words.text(f"edition.marking.{edition.sees.name}")

    def _text(self, code: str, /, **given: object) -> str:
        return escape(self._words.text(f"edition.{code}", **given))

    def shell(self, title: str, parts: Sequence[str], *, cover: bool = False) -> str:
        """A page with its marking above and below, and its style beside it."""
        head = self._head
        banner = f'<p class="df-banner">{escape(self._marking)}</p>'
        face = ""
        if self._edition.synthetic:
            face = f"<p><strong>{self._text('synthetic_face')}</strong></p>"
        name = title if cover else f"{title}: {head.title}"
        top = "" if cover else f"<h1>{escape(title)}</h1>"
        body = "\n".join(filter(None, parts))
        return (
            f'<!doctype html>\n<html lang="{self._words.text("page.language")}"><head>'
            f'<meta charset="utf-8"><title>{escape(name)}</title>'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f'<link rel="icon" href="data:,"><link rel="stylesheet" href="{STYLES}"></head>\n'
            f"<body><header>{banner}</header>"
            f"<main>{top}\n{face}\n{body}\n"
            f"</main><footer>{banner}</footer></body></html>\n"
        )

    def cover(self) -> str:
        """The cover: what it is, as known when, errata, what to know first, contents."""
        head, words = self._head, self._words
        rendering = self._text(f"rendering.{self._edition.rendering}", marking=self._marking)
        toc = [(page_of(chapter), chapter.title) for chapter in self._edition.source.chapters]
        toc.insert(0, (SUMMARY, words.text("edition.summary_page")))
        toc.append((JUDGEMENTS, words.text("edition.judgements")))
        if head.previous:
            toc.append((CHANGES, words.text("edition.changes_page")))
        parts = [
            f'<div class="df-cover"><p class="when">{escape(head.publisher)}</p>'
            f"<h1>{escape(head.title)}</h1>"
            f'<p class="lead">{escape(head.summary)}</p>'
            f'<p class="when">{self._text("as_known", day=head.as_at)} {rendering}</p></div>',
            self._errata(),
            self._five(),
            f"<h2>{self._text('contents')}</h2>",
            '<nav><ol class="df-toc">'
            + "".join(f'<li><a href="{page}">{escape(name)}</a></li>' for page, name in toc)
            + "</ol></nav>",
            f"<p>{self._text('requirements_of', requirements=head.requirements)}</p>",
            "<p>"
            + self._text(
                "published",
                publisher=head.publisher, licence=head.licence, contact=head.contact,
            )
            + "</p>",
        ]  # fmt: skip
        return self.shell(head.title, parts, cover=True)

    def _errata(self) -> str:
        if not self._head.errata:
            return ""
        lines = "".join(f"<li>{day}: {escape(said)}</li>" for day, said in self._head.errata)
        return f"<h2>{self._text('errata')}</h2><ul>{lines}</ul>"

    def _five(self) -> str:
        """The five judgements to know first, each opening to what it rests on."""
        first = five_of(self._edition)
        if not first:
            return ""
        title = "five" if self._head.previous else "five_first"
        lines = "".join(
            f'<li><a href="{JUDGEMENTS}#{escape(each.code)}">{escape(each.code)}</a> '
            f"{escape(judgement_line(each, self._words, coded=False))}"
            + (f" <em>{escape(each.change)}</em>" if self._head.previous else "")
            + "</li>"
            for each in first
        )
        return f'<h2>{self._text(title)}</h2><ol class="df-key">{lines}</ol>'

    def chapter(self, chapter: Chapter, at: int) -> str:
        """The page of a chapter."""
        chapters = self._edition.source.chapters
        after = chapters[at + 1 :][:1]
        links = [f'<a href="{INDEX}">{self._text("back")}</a>']
        if after:
            said = self._text("next", title=after[0].title)
            links.append(f'<a href="{page_of(after[0])}">{said}</a>')
        sections = "".join(
            f'<li><a href="#{heading.anchor}">{self._line(heading.inside, chapter, [])}</a></li>'
            for heading in chapter.sections
        )
        name = self._text("contents")
        parts = [
            f'<nav class="df-contents" aria-label="{name}"><ul>{sections}</ul></nav>',
            *self._blocks(chapter.blocks, chapter),
            f'<nav class="df-next" aria-label="{self._text("chapters")}">{"".join(links)}</nav>',
        ]
        return self.shell(chapter.title, parts)

    def judgements(self) -> str:
        """Every judgement, with what it rests on."""
        parts = [f'<p><a href="{INDEX}">{self._text("back")}</a></p>']
        parts += [
            self._judged(judgement, level=2)
            for judgement in sorted(self._edition.judgements, key=lambda one: one.code)
        ]
        if len(parts) == 1:
            parts.append(f"<p>{self._text('none_judged')}</p>")
        return self.shell(self._words.text("edition.judgements"), parts)

    def _blocks(self, blocks: Iterable[Block], chapter: Chapter) -> Iterator[str]:
        for block in blocks:
            yield self._block(block, chapter)

    def _block(self, block: Block, chapter: Chapter) -> str:
        if isinstance(block, Heading):
            level = min(block.level, 4)
            inside = self._line(block.inside, chapter, [])
            return f'<h{level} id="{block.anchor}">{inside}</h{level}>'
        if isinstance(block, Paragraph):
            return self._paragraph(block, chapter)
        if isinstance(block, Live):
            return self._live_block(block, chapter)
        if isinstance(block, Kept):
            return self._kept(block, chapter)
        if isinstance(block, Items):
            tag = "ol" if block.ordered else "ul"
            items = "".join(
                f"<li>{''.join(self._tight(entry, chapter))}</li>" for entry in block.entries
            )
            return f'<{tag} class="df-block">{items}</{tag}>'
        if isinstance(block, Quoted):
            return f"<blockquote>{''.join(self._blocks(block.inside, chapter))}</blockquote>"
        return self._typed(block, chapter)

    def _tight(self, entry: Sequence[Block], chapter: Chapter) -> Iterator[str]:
        """The blocks of an entry of a list: a paragraph by itself needs no room around it."""
        for block in entry:
            if isinstance(block, Paragraph):
                sources: list[str] = []
                yield self._line(block.inside, chapter, sources) + self._margin(sources)
            else:
                yield self._block(block, chapter)

    def _kept(self, block: Kept, chapter: Chapter) -> str:
        marking = self._words.text(f"edition.marking.{block.marking.name}")
        if block.marking > self._edition.sees:
            return f'<p class="df-stub">{self._text("withheld_block", marking=marking)}</p>'
        inside = "".join(self._blocks(block.inside, chapter))
        return f'<div class="df-kept"><p class="df-banner">{escape(marking)}</p>{inside}</div>'

    def _paragraph(self, block: Paragraph, chapter: Chapter) -> str:
        sources: list[str] = []
        inside = self._line(block.inside, chapter, sources)
        return f'<div class="df-row"><p>{inside}</p>{self._margin(sources)}</div>'

    def _margin(self, sources: Sequence[str]) -> str:
        if not sources:
            return ""
        lines = "".join(
            f"<p><sup>{number}</sup> {escape(each)}</p>" for number, each in enumerate(sources, 1)
        )
        name = self._text("sources_here")
        return f'<div class="df-margin" role="note" aria-label="{name}">{lines}</div>'

    def _line(self, inside: Iterable[Inline], chapter: Chapter, sources: list[str]) -> str:
        """What stands in a line; the sources of its figures are added to those of its
        paragraph.
        """
        return "".join(self._inline(inline, chapter, sources) for inline in inside)

    def _inline(self, each: Inline, chapter: Chapter, sources: list[str]) -> str:
        if isinstance(each, Text):
            tag = {"strong": "strong", "emphasis": "em", "code": "code"}.get(each.style)
            words = escape(each.text, quote=False)
            return f"<{tag}>{words}</{tag}>" if tag else words
        if isinstance(each, Link):
            inside = self._line(each.inside, chapter, sources)
            return f'<a href="{escape(each.address)}">{inside}</a>'
        return self._live(each, chapter, sources)

    def _live(self, live: Live, chapter: Chapter, sources: list[str]) -> str:
        reference = live.reference
        if reference.kind is Kind.SAYS:
            return escape(reference.subject)
        if reference.form is Form.NONE:
            return ""
        shown = self._edition.shown(chapter, live)
        if shown.withheld:
            return f'<span class="df-live long">[{self._withheld(shown)}]</span>'
        judged = self._told.get(reference.subject)
        if reference.kind is Kind.JUDGEMENT and judged:
            words = escape(judged.term or judged.direction)
            return f'<a href="{JUDGEMENTS}#{escape(judged.code)}">{words}</a>'
        said = [*shown.cannot, *shown.sources]
        marks = []
        for line in dict.fromkeys(said):
            if line not in sources:
                sources.append(line)
            marks.append(sources.index(line) + 1)
        told = ",".join(map(str, sorted(marks)))
        noted = f'<sup class="df-mark">{told}</sup>' if marks else ""
        long = " long" if len(shown.said) > 20 else ""
        return f'<span class="df-live{long}">{escape(shown.said)}{noted}</span>'

    def _withheld(self, shown: Shown) -> str:
        return self._text(f"withheld.{shown.withheld}")

    def _live_block(self, live: Live, chapter: Chapter) -> str:
        shown = self._edition.shown(chapter, live)
        told = self._told.get(live.reference.subject)
        if live.reference.kind is Kind.JUDGEMENT and told:
            return self._judged(told, level=3)
        if shown.withheld:
            return f'<p class="df-stub">{self._withheld(shown)}</p>'
        parts = []
        if shown.drawn:
            parts.append(f'<figure class="df-chart">{shown.drawn.svg}</figure>')
        if shown.table:
            parts.append(self._table(shown.table))
        for part in shown.parts:
            if part.head:
                parts.append(f"<p><strong>{escape(part.head)}</strong></p>")
            parts.append(_listed(part.lines))
        if shown.cannot:
            parts += [f'<p class="cannot">{escape(line)}</p>' for line in shown.cannot]
        elif not parts:
            parts.append(f"<p>{self._text('no_table')}</p>")
        if notes := shown.beneath:
            name = self._text("notes")
            parts.append(
                f'<details class="notes"><summary>{name}</summary>{_listed(notes)}</details>'
            )
        return f'<div class="df-block">{"".join(parts)}</div>'

    def _table(self, shown: Tabled) -> str:
        heads = [
            Head(head, "figure" if at in shown.figures else "")
            for at, head in enumerate(shown.heads)
        ]
        rows = [
            [entry(value, heads[at].kind) for at, value in enumerate(row)] for row in shown.rows
        ]
        notes = _listed(shown.notes) if shown.notes else ""
        return table(shown.title, heads, rows) + (f'<div class="notes">{notes}</div>' * bool(notes))

    def _typed(self, block: Rows, chapter: Chapter) -> str:
        heads = [Head(plain(cell)) for cell in block.heads]
        rows = [[Entry(self._line(cell, chapter, [])) for cell in row] for row in block.rows]
        return f'<div class="df-block">{table(chapter.title, heads, rows)}</div>'

    def _judged(self, told: JudgementTold, *, level: int) -> str:
        code = escape(told.code)
        anchor = f' id="{code}"' if level == 2 else ""
        if told.withheld:
            said = escape(withheld_line(told, self._words))
            return f'<p class="df-stub"{anchor}>{said}</p>'
        marked = ""
        if told.shown.marking > Marking.PUBLIC:
            marked = " " + escape(marking_said(told, self._words))
        name = (
            f"<h{level}{anchor}>{code}</h{level}>"
            if level == 2
            else f'<p class="code"><a href="{JUDGEMENTS}#{code}">{code}</a>{marked}</p>'
        )
        parts = told.shown.parts if level == 2 else told.shown.parts[:1]
        inside = "".join(
            (f"<h{level + 1}>{escape(part.head)}</h{level + 1}>" if level == 2 else "")
            + _listed(part.lines)
            for part in parts
        )
        rests = "".join(f'<p class="code">{escape(line)}</p>' for line in told.shown.sources)
        return (
            f'<section class="df-judged" aria-label="{code}">{name}'
            f'<p class="claim">{escape(told.claim)}</p>{inside}{rests}</section>'
        )


def five_of(edition: Edition) -> list[JudgementTold]:
    """The judgements to know first, as many as five: those that changed; in a first edition those
    of the highest confidence.
    """
    told = [judgement for judgement in edition.judgements if not judgement.withheld]
    if edition.head.previous:
        words = registry.words_of("answer", edition.head.language)
        same = (
            words.text("judgement.moved.no_change"),
            words.text("edition.not_anew", previous=edition.head.previous),
        )
        moved = [judgement for judgement in told if judgement.change not in same]
        return sorted(moved, key=lambda each: each.code)[:5]
    return sorted(told, key=lambda each: (_SURE.get(each.confidence, 3), each.code))[:5]


_SURE = {"high": 0, "moderate": 1, "low": 2}


def _listed(lines: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"
