"""Several measures side by side for a terminal."""

from __future__ import annotations

from rich import box
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from darkfigure.publication.beside import Beside
from darkfigure.writing.answers.as_text import print_face
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
from darkfigure.writing.commands import asking
from darkfigure.writing.terminal import CELL_ID, console, written
from darkfigure.writing.wording import as_at_words, footnotes, refusal_lines
from darkfigure.writing.words import ENGLISH, Words

#: Columns for the labels, and for each measure.
LABELS, MEASURE = 40, CELL_ID + 5


def write_beside(table: Beside, words: Words = ENGLISH, *, colour: bool = False) -> str:
    """A table with a column for each measure; footnotes, notes, sources and refusals beneath."""
    shown_on = console(max(100, LABELS + MEASURE * len(table.answers)), colour=colour)
    if draft := words.text("page.draft"):
        shown_on.print(Text(draft))
    print_face(shown_on, face(table, words), note_lines(table, words))
    shown_on.print(
        Text(titles_of(table, words), style="bold"),
        Text(f"{as_at_words(table.answers[0], words)}."),
        sep="\n",
    )
    if table.rows:
        shown_on.print(_table(table, words))
    for mark, text in enumerate(footnotes(table.cells, words).texts, 1):
        shown_on.print(Padding(Text(f"[{mark}] {text}"), (0, 0, 0, 2)))
    sources = [words.text("page.source_line", source=line) for line in documents(table, words)]
    for line in [*note_lines(table, words), *sources, *bases(table, words)]:
        shown_on.print(Text(f"- {line}"))
    for measure, refusal in refusals(table):
        said, needed = refusal_lines(refusal, words)
        cannot = Text(words.text("beside.cannot_of", title=measure.title) + ": ", style="bold red")
        shown_on.print(cannot.append(said, style="not bold default"))
        shown_on.print(Padding(Text(needed), (0, 0, 0, 2)))
        for near in refusal.nearest:
            command = words.text("nearest.command", arguments=asking(near))
            shown_on.print(Padding(Text(command), (0, 0, 0, 2)))
    return written(shown_on)


def _table(table: Beside, words: Words) -> Table:
    columns = columns_of(table, words)
    drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for head in columns.labels:
        drawn.add_column(head, overflow="fold")
    for head in columns.measures:
        drawn.add_column(head, justify="right", overflow="fold", min_width=CELL_ID)
    for labels, entries in columns.rows:
        drawn.add_row(*map(Text, labels), *map(_entry, entries))
    return drawn


def _entry(entry: Entry) -> Text:
    """A figure with its marks, and beneath it the id of its cell."""
    marks = "".join(f"[{mark}]" for mark in entry.marks)
    text = Text(f"{entry.text} {marks}".rstrip())
    return text.append(f"\n{entry.cell.id}", style="dim") if entry.cell else text
