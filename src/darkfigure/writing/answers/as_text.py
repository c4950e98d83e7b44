"""Answers and bridges for a terminal."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from darkfigure.basis.period import in_words
from darkfigure.publication import Answer, Bridge, Comparison
from darkfigure.writing.wording import (
    as_at_words,
    dim_words,
    figure,
    footnotes,
    number,
    refusal_lines,
    rows,
)

if TYPE_CHECKING:
    from darkfigure.tables.flow import Flow

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
    for mark, text in enumerate(footnotes(answer.cells).texts, 1):
        console.print(Padding(Text(f"[{mark}] {text}"), (0, 0, 0, 2)))
    for note in answer.notes:
        console.print(Text(f"- {note}"))
    for refusal in answer.cannot:
        said, needed = refusal_lines(refusal)
        console.print(
            Text("Cannot be said: ", style="bold red").append(said, style="not bold default")
        )
        console.print(Padding(Text(needed), (0, 0, 0, 2)))
    return _written(console)


def write_bridge(bridge: Bridge, *, colour: bool = False) -> str:
    """A bridge as steps from opening to closing figure."""
    console = _console(colour)
    console.print(
        Text(
            (
                f"{bridge.question.measure.title}: from {in_words(bridge.start)} to "
                f"{in_words(bridge.end)}"
            ),
            style="bold",
        )
    )
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    shown.add_column("Step")
    shown.add_column(bridge.unit.replace("_", " ").capitalize(), justify="right")
    shown.add_column("Why, and who says so", overflow="fold")
    shown.add_row(f"As at {in_words(bridge.start)}", _held(bridge.opening), "")
    for line in bridge.lines:
        name = f"{line.cell}: {line.reason}" if line.cell else str(line.reason)
        shown.add_row(
            Text(name.replace("_", " ")),
            f"{line.amount:+,}",
            Text("; ".join([line.detail, *line.sources])),
        )
    if not bridge.lines:
        shown.add_row("no change", "0", "")
    shown.add_row(f"As at {in_words(bridge.end)}", _held(bridge.closing), "")
    console.print(shown)
    for note in bridge.notes:
        console.print(Text(f"- {note}"))
    return _written(console)


def write_comparison(comparison: Comparison, *, colour: bool = False, brief: bool = False) -> str:
    """Answers side by side, differences marked; `brief` leaves out all notes but those that
    warn.
    """
    console = _console(colour)
    question = comparison.answers[0].question
    console.print(
        Text(question.measure.title, style="bold"),
        Text(as_at_words(comparison.answers[0]) + "."),
        sep="\n",
    )
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    shown.add_column("")
    for name in comparison.names:
        shown.add_column(name.replace("_", " "), justify="right")
    shown.add_column("")
    for row in comparison.rows:
        figures = [figure(cell) if cell else "not held" for cell in row.cells]
        verdict = (
            "same" if row.agrees else "differs, within the bounds" if row.within else "DIFFERS"
        )
        shown.add_row(Text(row.label), *map(Text, figures), verdict)
    console.print(shown)
    differing = sum(not row.agrees for row in comparison.rows)
    console.print(
        Text(
            "Every cell has the same figure."
            if not differing
            else f"{differing} of {len(comparison.rows)} cells differ."
        )
    )
    for note in dict.fromkeys(note for found in comparison.answers for note in found.notes):
        if brief and not note.startswith("SYNTHETIC"):
            continue
        console.print(Text(f"- {note}"))
    return _written(console)


def write_flow(found: Flow, *, colour: bool = False) -> str:
    """The flow of persons as tables, and the days between stages."""
    console = _console(colour)
    kept = (
        " and ".join(dim_words(each.dimension, each.code) for each in found.where) or "all records"
    )
    console.print(
        Text(f"Flow of persons: {kept}", style="bold"),
        Text(f"As at {in_words(found.as_at)}."),
        sep="\n",
    )
    for name, steps in (("Victims", found.victims), ("Suspects", found.suspects)):
        if not steps:
            console.print(Text(f"{name}: no records held."))
            continue
        shown = Table(box=box.SIMPLE_HEAD, pad_edge=False, title=name, title_justify="left")
        for head in ("From", "To"):
            shown.add_column(head)
        shown.add_column("Persons", justify="right")
        for step in steps:
            shown.add_row(step.start, step.end, number(step.persons))
        console.print(shown)
    if found.durations:
        console.print(_durations(found))
        console.print(
            Text(
                "- Medians by Kaplan and Meier: those still waiting count as waiting until "
                "this "
                "day."
            )
        )
    for what, count in found.unplaced.items():
        console.print(
            Text(
                f"- Not in the flow: {count:,} {what} that may belong here but are not "
                "linked, or "
                "do not say."
            )
        )
    if found.synthetic:
        console.print(
            Text(
                "- SYNTHETIC: records counted here are made up. They say nothing about real people."
            )
        )
    return _written(console)


def _durations(found: Flow) -> Table:
    shown = Table(
        box=box.SIMPLE_HEAD, pad_edge=False, title="Days between stages", title_justify="left"
    )
    shown.add_column("Step")
    for head in ("Persons or cases", "Done", "Waiting", "Median days (95%)"):
        shown.add_column(head, justify="right")
    for each in found.durations:
        limits = (
            f"{each.low if each.low is not None else '-'} to "
            f"{each.high if each.high is not None else 'not reached'}"
        )
        median = f"{each.median} ({limits})" if each.median is not None else "not reached"
        shown.add_row(
            each.name, number(each.persons), number(each.ended), number(each.waiting), median
        )
    return shown


def _held(value: float | None) -> str:
    return "not held" if value is None else f"{value:,}"


def _console(colour: bool) -> Console:
    return Console(
        file=io.StringIO(), width=WIDTH, force_terminal=colour, no_color=not colour, highlight=False
    )


def _written(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return "\n".join(line.rstrip() for line in console.file.getvalue().splitlines()) + "\n"
