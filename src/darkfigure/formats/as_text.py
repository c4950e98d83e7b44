"""Answers and bridges for a terminal."""

from __future__ import annotations

import io

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from darkfigure.basis.period import in_words
from darkfigure.formats.wording import as_at_words, footnotes, refusal_lines, rows
from darkfigure.publication import Answer, Bridge

WIDTH = 100


def write_answer(answer: Answer, *, colour: bool = False) -> str:
    """An answer as a table with footnotes, notes and refusals."""
    console = _console(colour)
    console.print(
        Text(answer.question.measure.title, style="bold"),
        Text(f"{as_at_words(answer)}. Basis {answer.basis[:12]}."),
        sep="\n",
    )
    if answer.cells:
        heads, table = rows(answer)
        shown = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        numeric = len(heads) - (2 if heads[-1] == "Note" else 1)
        for place, head in enumerate(heads):
            shown.add_column(head, justify="right" if place == numeric else "left", overflow="fold")
        shown.add_column("Cell", style="dim", no_wrap=True)
        for row, cell in zip(table, answer.cells, strict=True):
            shown.add_row(*map(Text, row), Text(cell.id))
        console.print(shown)
    for number, text in enumerate(footnotes(answer.cells).texts, 1):
        console.print(Padding(Text(f"[{number}] {text}"), (0, 0, 0, 2)))
    for note in answer.notes:
        console.print(Text(f"- {note}"))
    for refusal in answer.cannot:
        said, needed = refusal_lines(refusal)
        console.print(Text("Cannot be said: ", style="bold red").append(said, style="not bold default"))
        console.print(Padding(Text(needed), (0, 0, 0, 2)))
    return _written(console)


def write_bridge(bridge: Bridge, *, colour: bool = False) -> str:
    """A bridge as steps from opening to closing figure."""
    console = _console(colour)
    console.print(
        Text(f"{bridge.question.measure.title}: from {in_words(bridge.start)} to {in_words(bridge.end)}", style="bold")
    )
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    shown.add_column("Step")
    shown.add_column(bridge.unit.replace("_", " ").capitalize(), justify="right")
    shown.add_column("Why, and who says so", overflow="fold")
    shown.add_row(f"As at {in_words(bridge.start)}", _held(bridge.opening), "")
    for line in bridge.lines:
        name = f"{line.cell}: {line.reason}" if line.cell else str(line.reason)
        shown.add_row(Text(name.replace("_", " ")), f"{line.amount:+,}", Text("; ".join([line.detail, *line.sources])))
    if not bridge.lines:
        shown.add_row("no change", "0", "")
    shown.add_row(f"As at {in_words(bridge.end)}", _held(bridge.closing), "")
    console.print(shown)
    for note in bridge.notes:
        console.print(Text(f"- {note}"))
    return _written(console)


def _held(value: float | None) -> str:
    return "not held" if value is None else f"{value:,}"


def _console(colour: bool) -> Console:
    return Console(file=io.StringIO(), width=WIDTH, force_terminal=colour, no_color=not colour, highlight=False)


def _written(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return "\n".join(line.rstrip() for line in console.file.getvalue().splitlines()) + "\n"
