"""Several measures side by side as HTML: a piece for a page, and a page of its own."""

from __future__ import annotations

from html import escape

from darkfigure.publication.beside import Beside
from darkfigure.writing.answers.as_html import Asking, cannot_part, folded, page
from darkfigure.writing.beside.columns import (
    Entry,
    bases,
    columns_of,
    documents,
    note_lines,
    refusals,
    titles_of,
)
from darkfigure.writing.wording import as_at_words, footnotes, warnings
from darkfigure.writing.words import ENGLISH, Words


def beside_part(
    table: Beside, link: str = "", words: Words = ENGLISH, asked_at: Asking | None = None
) -> str:
    """The table with its notes. `link` is put before the id of each cell to make it a link;
    `asked_at` makes links of the questions nearest to one without an answer.
    """
    warned = [line for answer in table.answers for line in warnings(answer.notes, words)]
    parts = [f"<p><strong>{escape(line)}</strong></p>" for line in dict.fromkeys(warned)]
    if table.of_different_periods:
        parts.append(f"<p>{escape(words.text('beside.periods_differ'))}</p>")
    parts += [_table(table, link, words)] if table.rows else []
    if texts := footnotes(table.cells, words).texts:
        listed = "".join(f"<li>{escape(text)}</li>" for text in texts)
        parts.append(f'<ol class="notes">{listed}</ol>')
    for measure, refusal in refusals(table):
        heading = words.text("beside.cannot_of", title=measure.title)
        parts.append(cannot_part(heading, refusal, words, asked_at))
    sources = [words.text("page.source_line", source=line) for line in documents(table, words)]
    lines = [*note_lines(table, words), *sources, *bases(table, words)]
    parts.append(folded(words.text("page.notes"), lines))
    return "\n".join(parts)


def _table(table: Beside, link: str, words: Words) -> str:
    columns = columns_of(table, words)
    top = "".join(
        [f'<th scope="col">{escape(head)}</th>' if head else "<td></td>" for head in columns.labels]
        + [f'<th scope="col" class="figure">{escape(head)}</th>' for head in columns.measures]
    )
    rows = []
    for (first, *rest), entries in columns.rows:
        head = first or words.text("in_all")
        rows.append(
            f'<tr><th scope="row">{escape(head)}</th>'
            + "".join(f"<td>{escape(label)}</td>" for label in rest)
            + "".join(_figure(entry, link) for entry in entries)
            + "</tr>"
        )
    caption = f"{titles_of(table, words)}. {as_at_words(table.answers[0], words)}"
    return (
        f"<table><caption>{escape(caption)}</caption><thead><tr>{top}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def _figure(entry: Entry, link: str) -> str:
    if entry.cell is None:
        return f'<td class="figure none">{escape(entry.text)}</td>'
    raised = "".join(f"<sup>[{mark}]</sup>" for mark in entry.marks)
    name = escape(entry.cell.id)
    opened = f'<a href="{escape(link)}{name}">{name}</a>' if link else f"<code>{name}</code>"
    kind = "figure" if entry.cell.value is not None else "figure none"
    return f'<td class="{kind}">{escape(entry.text)}{raised}<br>{opened}</td>'


def write_beside(table: Beside, words: Words = ENGLISH) -> str:
    """The table as a page of its own."""
    draft = words.text("page.draft")
    warned = [f"<p><strong>{escape(draft)}</strong></p>"] if draft else []
    title = words.text("beside.page", titles=titles_of(table, words))
    return page(title, [*warned, beside_part(table, words=words)], words)
