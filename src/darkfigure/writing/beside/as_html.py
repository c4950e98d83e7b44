"""Several measures side by side as HTML: a piece for a page, and a page of its own."""

from __future__ import annotations

from html import escape

from darkfigure.publication.beside import Beside
from darkfigure.writing.answers.as_html import Asking, cannot_part, face_parts, first_few, opened
from darkfigure.writing.beside.columns import (
    Entry,
    bases,
    columns_of,
    documents,
    face,
    note_lines,
    refusals,
    titles_of,
)
from darkfigure.writing.page import Entry as Shown
from darkfigure.writing.page import Head, Paging, entry, folded, page, table
from darkfigure.writing.wording import as_at_words, footnotes
from darkfigure.writing.words import ENGLISH, Words


def beside_part(
    found: Beside,
    link: str = "",
    words: Words = ENGLISH,
    asked_at: Asking | None = None,
    paging: Paging | None = None,
) -> str:
    """The table with its notes. `link` is put before the id of each cell to make it a link;
    `asked_at` makes links of the questions nearest to one without an answer; with `paging` one page
    of the rows is shown.
    """
    turned = paging.part(len(found.rows), words) if paging else ""
    shown = paging.rows(len(found.rows)) if paging else slice(None)
    parts = face_parts(face(found, words))
    if found.of_different_periods:
        parts.append(f"<p>{escape(words.text('beside.periods_differ'))}</p>")
    again = paging.part(len(found.rows), words, beneath=True) if paging else ""
    parts += [turned, _table(found, link, words, shown), again] if found.rows else []
    if texts := footnotes(found.cells, words).texts:
        listed = "".join(f"<li>{escape(text)}</li>" for text in texts)
        parts.append(f'<ol class="notes">{listed}</ol>')
    told = [
        cannot_part(words.text("beside.cannot_of", title=measure.title), refusal, words, asked_at)
        for measure, refusal in refusals(found)
    ]
    parts += first_few(told, words)
    sources = [words.text("page.source_line", source=line) for line in documents(found, words)]
    lines = [*note_lines(found, words), *sources, *bases(found, words)]
    parts.append(folded(words.text("page.notes"), lines))
    return "\n".join(parts)


def _table(found: Beside, link: str, words: Words, shown: slice) -> str:
    columns = columns_of(found, words)
    heads = [*map(Head, columns.labels), *(Head(head, "figure") for head in columns.measures)]
    rows = []
    for (first, *rest), entries in columns.rows[shown]:
        head = first or words.text("in_all")
        rows.append([*map(entry, (head, *rest)), *(_figure(each, link) for each in entries)])
    caption = f"{titles_of(found, words)}. {as_at_words(found.answers[0], words)}"
    return table(caption, heads, rows)


def _figure(each: Entry, link: str) -> Shown:
    if each.cell is None:
        return entry(each.text, "figure none")
    raised = "".join(f"<sup>[{mark}]</sup>" for mark in each.marks)
    kind = "figure" if each.cell.value is not None else "figure none"
    return Shown(f"{escape(each.text)}{raised}<br>{opened(each.cell.id, link)}", kind)


def write_beside(table: Beside, words: Words = ENGLISH) -> str:
    """The table as a page of its own."""
    draft = words.text("page.draft")
    warned = [f"<p><strong>{escape(draft)}</strong></p>"] if draft else []
    title = words.text("beside.page", titles=titles_of(table, words))
    return page(title, [*warned, beside_part(table, words=words)], words)
