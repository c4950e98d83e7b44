"""A view of an answer as HTML: a piece for a page, and a page of its own."""

from __future__ import annotations

from html import escape

from darkfigure.publication.views import View
from darkfigure.writing.answers.as_html import Asking, beneath_parts, page, warned_parts
from darkfigure.writing.views.columns import (
    Columns,
    Entry,
    cells_of,
    columns_of,
    note_lines,
    said_of,
)
from darkfigure.writing.wording import as_at_words
from darkfigure.writing.words import ENGLISH, Words


def view_part(
    view: View, link: str = "", words: Words = ENGLISH, asked_at: Asking | None = None
) -> str:
    """The table as wanted, with all that stands beneath the answer. `link` is put before the id of
    each cell to make it a link.
    """
    parts = warned_parts(view.answer, words)
    if view.rows:
        parts.append(_table(view, link, words))
        lines = "".join(f"<li>{escape(line)}</li>" for line in note_lines(view, words))
        parts += [f'<ul class="notes">{lines}</ul>'] if lines else []
    return "\n".join([*parts, *beneath_parts(view.answer, cells_of(view), words, asked_at)])


def _table(view: View, link: str, words: Words) -> str:
    columns = columns_of(view, words)
    answer, across = view.answer, bool(view.wishes.pivot)
    figures = columns.figures if across else [*columns.figures, *columns.derived]
    top = "".join(
        [f'<th scope="col">{escape(head)}</th>' if head else "<td></td>" for head in columns.labels]
        + [f'<th scope="col" class="figure">{escape(head)}</th>' for head in figures]
        + ([] if across else [f'<th scope="col">{escape(words.text("head.cell"))}</th>'])
    )
    rows = "".join(_row(view, columns, place, link, words) for place in range(len(columns.rows)))
    unit = words.word("unit", answer.unit)
    title = words.text("beside.head", title=answer.question.measure.title, unit=unit)
    caption = f"{title}. {as_at_words(answer, words)}"
    return (
        f"<table><caption>{escape(caption)}</caption><thead><tr>{top}</tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def _row(view: View, columns: Columns, place: int, link: str, words: Words) -> str:
    labels, entries = columns.rows[place]
    first = next((label for label in labels if label), view.answer.question.measure.title)
    cells = [
        f'<th scope="row">{escape(labels[0] or first)}</th>',
        *(f"<td>{escape(label)}</td>" for label in labels[1:]),
    ]
    for entry in entries:
        if view.wishes.pivot:
            cells.append(_placed(view, entry, link, words))
            continue
        cells.append(_figure(entry, ""))
        cells += [f'<td class="figure">{escape(text)}</td>' for text in entry.derived]
        cells.append(f"<td>{_opened(entry, link)}</td>")
    return f"<tr>{''.join(cells)}</tr>"


def _placed(view: View, entry: Entry, link: str, words: Words) -> str:
    if entry.row is None:
        return "<td></td>"
    beneath = [*map(escape, said_of(view, entry, words)), *filter(None, [_opened(entry, link)])]
    return _figure(entry, "".join(f"<br>{line}" for line in beneath))


def _figure(entry: Entry, beneath: str) -> str:
    raised = "".join(f"<sup>[{mark}]</sup>" for mark in entry.marks)
    known = entry.row is not None and entry.row.figure.value is not None
    kind = "figure" if known else "figure none"
    return f'<td class="{kind}">{escape(entry.text)}{raised}{beneath}</td>'


def _opened(entry: Entry, link: str) -> str:
    """The id of a cell, as a link where it has an address."""
    if entry.row is None or entry.row.cell is None:
        return ""
    name = escape(entry.row.cell.id)
    return f'<a href="{escape(link)}{name}">{name}</a>' if link else f"<code>{name}</code>"


def write_view(view: View, words: Words = ENGLISH) -> str:
    """The view as a page of its own."""
    draft = words.text("page.draft")
    warned = [f"<p><strong>{escape(draft)}</strong></p>"] if draft else []
    return page(view.answer.question.measure.title, [*warned, view_part(view, words=words)], words)
