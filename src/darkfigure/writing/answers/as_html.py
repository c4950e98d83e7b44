"""Answers and bridges as HTML: pieces for a page, and pages that need nothing beside themselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from darkfigure.basis.saying import several
from darkfigure.publication import Answer, Bridge, Cannot, Comparison
from darkfigure.publication.answer import mark_in
from darkfigure.publication.comparison import Compared
from darkfigure.tables.cell import Cell
from darkfigure.tables.question import Question
from darkfigure.writing.page import Entry, Head, Paging, entry, folded, page, table
from darkfigure.writing.wording import (
    agreement,
    apart_lines,
    as_at_words,
    claims_beneath,
    compared_figure,
    compared_heads,
    compared_title,
    ends_of,
    face_of,
    face_of_bridge,
    face_of_several,
    figure,
    footnotes,
    labelled,
    refusal_lines,
    source_lines,
    step_name,
    step_why,
    title_of,
    unit_title,
    verdict_on,
)
from darkfigure.writing.words import ENGLISH, Words

#: So many refusals stand open beneath a table; those after them are folded.
_REFUSALS = 20
#: The address at which a question is asked.
Asking = Callable[[Question], str]


def answer_part(
    answer: Answer,
    link: str = "",
    words: Words = ENGLISH,
    asked_at: Asking | None = None,
    paging: Paging | None = None,
) -> str:
    """An answer as a table with its notes. `link` is put before the id of each cell to make it a
    link; `asked_at` makes links of the questions that are nearest to one without an answer; with
    `paging` one page of the rows is shown.
    """
    whole = len(answer.cells)
    shown = paging.rows(whole) if paging else slice(0, whole)
    turned = paging.part(whole, words) if paging else ""
    rows = [_table(answer, link, words, shown)] if answer.cells else []
    again = paging.part(whole, words, beneath=True) if paging else ""
    parts = [*warned_parts(answer, words), turned, *rows, again]
    parts += beneath_parts(answer, answer.cells, words, asked_at, shown)
    return "\n".join(filter(None, parts))


def warned_parts(answer: Answer, words: Words) -> list[str]:
    """What a reader must not miss of an answer."""
    return face_parts(face_of(answer, words))


def face_parts(lines: Sequence[str]) -> list[str]:
    """Lines that stand over everything else, as parts of a page."""
    return [f"<p><strong>{escape(line)}</strong></p>" for line in lines]


def beneath_parts(
    answer: Answer,
    cells: Sequence[Cell],
    words: Words,
    asked_at: Asking | None,
    shown: slice = slice(None),
) -> list[str]:
    """What stands beneath a table: the footnotes of the cells shown, what cannot be said, notes,
    sources and basis.
    """
    parts = [notes_part(cells, words, shown)]
    title = words.text("page.cannot")
    told = [cannot_part(title, refusal, words, asked_at) for refusal in answer.cannot]
    lines = [
        *map(words.say, answer.notes),
        *(words.text("page.source_line", source=line) for line in source_lines(answer, words)),
        words.text("page.basis_line", basis=answer.basis),
    ]
    claims = folded(words.text("claims.title"), claims_beneath(answer, words))
    return [*parts, *first_few(told, words), claims, folded(words.text("page.notes"), lines)]


def notes_part(cells: Sequence[Cell], words: Words, shown: slice = slice(None)) -> str:
    """The footnotes that the cells shown carry, under their numbers."""
    notes = footnotes(cells, words)
    used = sorted({mark for marks in notes.marks[shown] for mark in marks})
    if not used:
        return ""
    listed = "".join(f'<li value="{mark}">{escape(notes.texts[mark - 1])}</li>' for mark in used)
    return f'<ol class="notes">{listed}</ol>'


def first_few(told: Sequence[str], words: Words) -> list[str]:
    """What cannot be said; of much, the first few open and the others folded."""
    first, more = told[:_REFUSALS], told[_REFUSALS:]
    if not more:
        return [*first]
    title = escape(words.text("pages.cannot_more", number=len(more)))
    return [*first, f"<details><summary>{title}</summary>{''.join(more)}</details>"]


def _table(answer: Answer, link: str, words: Words, shown: slice) -> str:
    heads, listed = labelled(answer, words)
    rows = []
    marks = footnotes(answer.cells, words).marks
    for cell, noted, labels in zip(answer.cells[shown], marks[shown], listed[shown], strict=True):
        named = labels or [title_of(answer.question, words)]
        raised = "".join(f"<sup>[{mark}]</sup>" for mark in noted)
        kind = "figure" if cell.value is not None else "figure none"
        rows.append(
            [
                *map(entry, named),
                Entry(f"{escape(figure(cell, words))}{raised}", kind),
                Entry(opened(cell.id, link)),
            ]
        )
    caption = f"{title_of(answer.question, words)}. {as_at_words(answer, words)}"
    columns = [
        *map(Head, heads or [words.text("head.measure")]),
        Head(unit_title(answer.unit, words), "figure"),
        Head(words.text("head.cell")),
    ]
    return table(caption, columns, rows)


def opened(name: str, link: str) -> str:
    """The id of a cell; as a link, which holds the whole of it, what names it in its answer."""
    whole = escape(name)
    if not link:
        return f"<code>{whole}</code>"
    return f'<a href="{escape(link)}{whole}" title="{whole}">{escape(mark_in(name))}</a>'


def cannot_part(
    title: str, refusal: Cannot, words: Words = ENGLISH, asked_at: Asking | None = None
) -> str:
    """What cannot be said, under a title; with links to the nearest questions where they have an
    address.
    """
    said, needed = refusal_lines(refusal, words)
    near = _near([asked_at(question) for question in refusal.nearest] if asked_at else [], words)
    return (
        f'<div class="cannot"><p><strong>{escape(title)}.</strong> '
        f"{escape(said)}</p>{near}<p>{escape(needed)}</p></div>"
    )


def _near(addresses: Sequence[str], words: Words) -> str:
    """Links to the questions that are nearest, in the order in which they were told."""
    links = [
        f'<a href="{escape(address)}">{escape(words.text("nearest.link", number=number))}</a>'
        for number, address in enumerate(addresses, 1)
    ]
    return f"<p>{' · '.join(links)}</p>" if links else ""


def bridge_part(bridge: Bridge, link: str = "", words: Words = ENGLISH) -> str:
    """A bridge as a table from opening to closing figure."""
    first, last = ends_of(bridge, words)
    steps = [
        _step(step_name(line, words), f"{line.amount:+,}", step_why(line, words))
        for line in bridge.lines
    ]
    if not steps and bridge.closing is not None:
        steps = [_step(words.text("bridge.no_change"), "0", "")]
    title = words.text(
        "bridge.caption",
        title=title_of(bridge.question, words),
        start=bridge.start,
        end=bridge.end,
    )
    heads = [
        Head(words.text("head.step")),
        Head(unit_title(bridge.unit, words), "figure"),
        Head(words.text("head.why")),
    ]
    return (
        "".join(face_parts(face_of_bridge(bridge, words)))
        + table(title, heads, [_step(*first), *steps, _step(*last)], kind="wide")
        + _opened(bridge, link, words)
        + folded(words.text("page.only_notes"), map(words.say, bridge.notes))
    )


def _opened(bridge: Bridge, link: str, words: Words) -> str:
    """Links to the cells at both ends of a bridge."""
    opened = [
        f'<a href="{escape(link + found)}">{escape(span.cell)}, {day}</a>'
        for span in bridge.spans
        for found, day in ((span.opening_id, bridge.start), (span.closing_id, bridge.end))
        if link and found
    ]
    if not opened:
        return ""
    told = words.text("bridge.open_figures", cells=several(opened, "comma"))
    return f'<p class="notes">{told}</p>'


def _step(name: str, amount: str, why: str = "") -> list[Entry]:
    return [entry(name), entry(amount, "figure"), entry(why)]


def write_answer(answer: Answer, words: Words = ENGLISH) -> str:
    """An answer as a page of its own."""
    draft = words.text("page.draft")
    warned = [f"<p><strong>{escape(draft)}</strong></p>"] if draft else []
    title = title_of(answer.question, words)
    return page(title, [*warned, answer_part(answer, words=words)], words)


def write_bridge(bridge: Bridge, words: Words = ENGLISH) -> str:
    """A bridge as a page of its own."""
    title = words.text("bridge.page", title=title_of(bridge.question, words))
    return page(title, [bridge_part(bridge, words=words)], words)


def write_comparison(comparison: Comparison, words: Words = ENGLISH) -> str:
    """Answers side by side as a page: where figures differ, the row says so."""
    heads = [Head(""), *(Head(each, "figure") for each in compared_heads(comparison, words))]
    rows = [_compared(row, words) for row in comparison.rows]
    first = comparison.answers[0]
    title = compared_title(comparison, words)
    caption = f"{title}. {as_at_words(first, words)}"
    lines = dict.fromkeys(words.say(note) for each in comparison.answers for note in each.notes)
    parts = [
        *face_parts(face_of_several(comparison.marking, comparison.answers, words)),
        table(caption, [*heads, Head("")], rows),
        f"<p>{escape(agreement(comparison, words))}</p>",
        *(f"<p>{escape(line)}</p>" for line in apart_lines(comparison, words)),
        folded(words.text("page.only_notes"), lines),
    ]
    return page(words.text("compared.page", title=title), parts, words)


def _compared(row: Compared, words: Words) -> list[Entry]:
    figures = [entry(compared_figure(cell, words), "figure") for cell in row.cells]
    return [entry(row.label), *figures, entry(verdict_on(row, words))]
