"""A view of an answer for a terminal."""

from __future__ import annotations

from rich import box
from rich.table import Table
from rich.text import Text

from darkfigure.publication.views import View
from darkfigure.writing.answers.as_text import print_beneath, print_head
from darkfigure.writing.terminal import CELL_ID, WIDTH, console, written
from darkfigure.writing.views.columns import (
    Entry,
    cells_of,
    columns_of,
    face,
    note_lines,
    said_of,
)
from darkfigure.writing.words import ENGLISH, Words

#: Columns that a figure takes up with the id of its cell.
FIGURE = CELL_ID + 5


def write_view(view: View, words: Words = ENGLISH, *, colour: bool = False) -> str:
    """The table as wanted, what is said of it, and all that stands beneath the answer."""
    columns = columns_of(view, words)
    across = len(columns.labels) * FIGURE + len(columns.figures) * FIGURE
    shown_on = console(max(WIDTH, across if view.wishes.pivot else 0), colour=colour)
    print_head(shown_on, view.answer, words, face(view, words))
    if view.rows:
        shown_on.print(_across(view, words) if view.wishes.pivot else _flat(view, words))
        for line in note_lines(view, words):
            shown_on.print(Text(f"- {line}"))
    print_beneath(shown_on, view.answer, cells_of(view), words)
    return written(shown_on)


def _flat(view: View, words: Words) -> Table:
    columns, drawn = columns_of(view, words), Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for head in columns.labels:
        drawn.add_column(head, overflow="fold")
    for head in (*columns.figures, *columns.derived):
        drawn.add_column(head, justify="right", overflow="fold")
    marked = any(entry.marks for _, entries in columns.rows for entry in entries)
    if marked:
        drawn.add_column(words.text("head.note"))
    drawn.add_column(words.text("head.cell"), style="dim", no_wrap=True)
    for labels, (entry,) in columns.rows:
        marks = [_marks(entry)] if marked else []
        texts = [*labels, entry.text, *entry.derived, *marks, _id(entry)]
        drawn.add_row(*map(Text, texts), end_section=False)
    return drawn


def _across(view: View, words: Words) -> Table:
    columns, drawn = columns_of(view, words), Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for head in columns.labels:
        drawn.add_column(head, overflow="fold")
    for head in columns.figures:
        drawn.add_column(head, justify="right", overflow="fold", min_width=CELL_ID)
    for labels, entries in columns.rows:
        figures = [_placed(view, entry, words) for entry in entries]
        drawn.add_row(*map(Text, labels), *figures)
    return drawn


def _placed(view: View, entry: Entry, words: Words) -> Text:
    """A figure with its marks; beneath it what is derived, and the id of its cell."""
    text = Text("\n".join([f"{entry.text} {_marks(entry)}".rstrip(), *said_of(view, entry, words)]))
    return text.append(f"\n{_id(entry)}", style="dim") if _id(entry) else text


def _marks(entry: Entry) -> str:
    return " ".join(f"[{mark}]" for mark in entry.marks)


def _id(entry: Entry) -> str:
    return entry.row.cell.id if entry.row and entry.row.cell else ""
