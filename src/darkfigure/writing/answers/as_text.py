"""Answers and bridges for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from darkfigure.publication import Answer, Bridge, Comparison
from darkfigure.tables.cell import Cell
from darkfigure.writing.commands import asking
from darkfigure.writing.terminal import console, written
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
    footnotes,
    refusal_lines,
    step_name,
    step_why,
    title_of,
    unit_title,
    verdict_on,
    warnings,
)
from darkfigure.writing.wording import (
    written as written_table,
)
from darkfigure.writing.words import ENGLISH, Words


def write_answer(answer: Answer, words: Words = ENGLISH, *, colour: bool = False) -> str:
    """An answer as a table with footnotes, notes and refusals."""
    shown_on = console(colour=colour)
    print_head(shown_on, answer, words)
    if answer.cells:
        shown_on.print(_table(answer, words))
    print_beneath(shown_on, answer, answer.cells, words)
    return written(shown_on)


def print_head(
    shown_on: Console, answer: Answer, words: Words, face: Sequence[str] | None = None
) -> None:
    """What stands over a table: what is asked about, the day, the basis."""
    basis = words.text("page.basis", basis=answer.basis[:12])
    if draft := words.text("page.draft"):
        shown_on.print(Text(draft))
    over = face_of(answer, words) if face is None else face
    print_face(shown_on, over, map(words.say, answer.notes))
    shown_on.print(
        Text(title_of(answer.question, words), style="bold"),
        Text(f"{as_at_words(answer, words)}. {basis}."),
        sep="\n",
    )


def print_face(shown_on: Console, face: Sequence[str], notes: Iterable[str]) -> None:
    """What a reader must not miss, over a table; notes beneath it are told there."""
    beneath = {*notes}
    for line in face:
        if line not in beneath:
            shown_on.print(Text(line, style="bold"))


def print_beneath(shown_on: Console, answer: Answer, cells: Sequence[Cell], words: Words) -> None:
    """What stands beneath a table: the footnotes of its cells, notes, what cannot be said."""
    for mark, text in enumerate(footnotes(cells, words).texts, 1):
        shown_on.print(Padding(Text(f"[{mark}] {text}"), (0, 0, 0, 2)))
    for note in answer.notes:
        shown_on.print(Text(f"- {words.say(note)}"))
    for claim in claims_beneath(answer, words):
        shown_on.print(Text(f"- {claim}"))
    for refusal in answer.cannot:
        said, needed = refusal_lines(refusal, words)
        cannot = Text(words.text("page.cannot") + ": ", style="bold red")
        shown_on.print(cannot.append(said, style="not bold default"))
        shown_on.print(Padding(Text(needed), (0, 0, 0, 2)))
        for near in refusal.nearest:
            command = words.text("nearest.command", arguments=asking(near))
            shown_on.print(Padding(Text(command), (0, 0, 0, 2)))


def _table(answer: Answer, words: Words) -> Table:
    table, shown = written_table(answer, words), Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for place, head in enumerate(table.heads):
        right = place == table.numeric
        shown.add_column(head, justify="right" if right else "left", overflow="fold")
    shown.add_column(words.text("head.cell"), style="dim", no_wrap=True)
    for row, cell in zip(table.rows, answer.cells, strict=True):
        shown.add_row(*map(Text, row), Text(cell.id))
    return shown


def write_bridge(bridge: Bridge, words: Words = ENGLISH, *, colour: bool = False) -> str:
    """A bridge as steps from opening to closing figure."""
    shown_on = console(colour=colour)
    print_face(shown_on, face_of_bridge(bridge, words), map(words.say, bridge.notes))
    title = words.text(
        "bridge.title",
        title=title_of(bridge.question, words),
        start=bridge.start,
        end=bridge.end,
    )
    shown_on.print(Text(title, style="bold"))
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    shown.add_column(words.text("head.step"))
    shown.add_column(unit_title(bridge.unit, words), justify="right")
    shown.add_column(words.text("head.why"), overflow="fold")
    first, last = ends_of(bridge, words)
    shown.add_row(*first, "")
    for line in bridge.lines:
        shown.add_row(
            Text(step_name(line, words)), f"{line.amount:+,}", Text(step_why(line, words))
        )
    if not bridge.lines and bridge.closing is not None:
        shown.add_row(words.text("bridge.no_change"), "0", "")
    shown.add_row(*last, "")
    shown_on.print(shown)
    for note in bridge.notes:
        shown_on.print(Text(f"- {words.say(note)}"))
    return written(shown_on)


def write_comparison(
    comparison: Comparison, words: Words = ENGLISH, *, colour: bool = False, brief: bool = False
) -> str:
    """Answers side by side, differences marked; `brief` leaves out all notes but those that
    warn.
    """
    shown_on = console(colour=colour)
    notes = [note for found in comparison.answers for note in found.notes]
    face = face_of_several(comparison.marking, comparison.answers, words)
    print_face(shown_on, face, map(words.say, notes))
    shown_on.print(
        Text(compared_title(comparison, words), style="bold"),
        Text(as_at_words(comparison.answers[0], words) + "."),
        sep="\n",
    )
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    shown.add_column("")
    for head in compared_heads(comparison, words):
        shown.add_column(head, justify="right")
    shown.add_column("")
    for row in comparison.rows:
        figures = [compared_figure(cell, words) for cell in row.cells]
        shown.add_row(Text(row.label), *map(Text, figures), verdict_on(row, words))
    shown_on.print(shown)
    shown_on.print(Text(agreement(comparison, words)))
    for line in apart_lines(comparison, words):
        shown_on.print(Text(line))
    for note in dict.fromkeys(warnings(notes, words) if brief else map(words.say, notes)):
        shown_on.print(Text(f"- {note}"))
    return written(shown_on)
