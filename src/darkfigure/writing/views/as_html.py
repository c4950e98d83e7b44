"""A view of an answer as HTML: a piece for a page, and a page of its own."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from darkfigure.publication.views import View
from darkfigure.writing.answers.as_html import Asking, beneath_parts, face_parts, opened
from darkfigure.writing.page import Entry as Shown
from darkfigure.writing.page import Head, Paging, entry, page, table
from darkfigure.writing.views.columns import (
    Columns,
    Entry,
    cells_of,
    columns_of,
    face,
    note_lines,
    said_of,
)
from darkfigure.writing.wording import as_at_words, title_of
from darkfigure.writing.words import ENGLISH, Words


def view_part(
    view: View,
    link: str = "",
    words: Words = ENGLISH,
    asked_at: Asking | None = None,
    paging: Paging | None = None,
) -> str:
    """The table as wanted, with all that stands beneath the answer. `link` is put before the id of
    each cell to make it a link; with `paging` one page of the rows is shown.
    """
    parts = face_parts(face(view, words))
    if view.rows:
        columns = columns_of(view, words)
        whole = len(columns.rows)
        turned = paging.part(whole, words) if paging else ""
        shown = paging.rows(whole) if paging else slice(None)
        again = paging.part(whole, words, beneath=True) if paging else ""
        parts += [turned, _table(view, columns, link, words, shown), again]
        lines = "".join(f"<li>{escape(line)}</li>" for line in note_lines(view, words))
        parts += [f'<ul class="notes">{lines}</ul>'] if lines else []
    return "\n".join([*parts, *beneath_parts(view.answer, cells_of(view), words, asked_at)])


def _table(view: View, columns: Columns, link: str, words: Words, shown: slice) -> str:
    answer, across = view.answer, bool(view.wishes.pivot)
    figures = columns.figures if across else [*columns.figures, *columns.derived]
    heads = [*map(Head, columns.labels), *(Head(head, "figure") for head in figures)]
    heads += [] if across else [Head(words.text("head.cell"))]
    rows = [_row(view, labels, held, link, words) for labels, held in columns.rows[shown]]
    unit = words.word("unit", answer.unit)
    title = words.text("beside.head", title=title_of(answer.question, words), unit=unit)
    return table(f"{title}. {as_at_words(answer, words)}", heads, rows)


def _row(
    view: View, labels: Sequence[str], entries: Sequence[Entry], link: str, words: Words
) -> list[Shown]:
    first = next((label for label in labels if label), title_of(view.answer.question, words))
    cells = [entry(labels[0] or first), *map(entry, labels[1:])]
    for each in entries:
        if view.wishes.pivot:
            cells.append(_placed(view, each, link, words))
            continue
        cells.append(_figure(each, ""))
        cells += [entry(text, "figure") for text in each.derived]
        cells.append(Shown(_opened(each, link)))
    return cells


def _placed(view: View, each: Entry, link: str, words: Words) -> Shown:
    if each.row is None:
        return Shown("")
    beneath = [*map(escape, said_of(view, each, words)), *filter(None, [_opened(each, link)])]
    return _figure(each, "".join(f"<br>{line}" for line in beneath))


def _figure(each: Entry, beneath: str) -> Shown:
    raised = "".join(f"<sup>[{mark}]</sup>" for mark in each.marks)
    known = each.row is not None and each.row.figure.value is not None
    kind = "figure" if known else "figure none"
    return Shown(f"{escape(each.text)}{raised}{beneath}", kind)


def _opened(each: Entry, link: str) -> str:
    """The id of a cell, as a link where it has an address."""
    return opened(each.row.cell.id, link) if each.row and each.row.cell else ""


def write_view(view: View, words: Words = ENGLISH) -> str:
    """The view as a page of its own."""
    draft = words.text("page.draft")
    warned = [f"<p><strong>{escape(draft)}</strong></p>"] if draft else []
    title = title_of(view.answer.question, words)
    return page(title, [*warned, view_part(view, words=words)], words)
