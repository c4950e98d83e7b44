"""Answers and bridges for a terminal."""

from __future__ import annotations

import io
from typing import cast

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from darkfigure.basis.period import in_words
from darkfigure.publication import Answer, Bridge, Comparison
from darkfigure.tables.flow import Flow
from darkfigure.writing.wording import (
    agreement,
    as_at_words,
    compared_figure,
    dim_words,
    ends_of,
    footnotes,
    number,
    refusal_lines,
    step_name,
    step_why,
    unit_title,
    verdict_on,
    warnings,
    written,
)
from darkfigure.writing.words import ENGLISH, Words

WIDTH = 100


def write_answer(answer: Answer, words: Words = ENGLISH, *, colour: bool = False) -> str:
    """An answer as a table with footnotes, notes and refusals."""
    console, basis = _console(colour), words.text("page.basis", basis=answer.basis[:12])
    if draft := words.text("page.draft"):
        console.print(Text(draft))
    console.print(
        Text(answer.question.measure.title, style="bold"),
        Text(f"{as_at_words(answer, words)}. {basis}."),
        sep="\n",
    )
    if answer.cells:
        console.print(_table(answer, words))
    for mark, text in enumerate(footnotes(answer.cells, words).texts, 1):
        console.print(Padding(Text(f"[{mark}] {text}"), (0, 0, 0, 2)))
    for note in answer.notes:
        console.print(Text(f"- {words.say(note)}"))
    for refusal in answer.cannot:
        said, needed = refusal_lines(refusal, words)
        cannot = Text(words.text("page.cannot") + ": ", style="bold red")
        console.print(cannot.append(said, style="not bold default"))
        console.print(Padding(Text(needed), (0, 0, 0, 2)))
    return _written(console)


def _table(answer: Answer, words: Words) -> Table:
    table, shown = written(answer, words), Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for place, head in enumerate(table.heads):
        right = place == table.numeric
        shown.add_column(head, justify="right" if right else "left", overflow="fold")
    shown.add_column(words.text("head.cell"), style="dim", no_wrap=True)
    for row, cell in zip(table.rows, answer.cells, strict=True):
        shown.add_row(*map(Text, row), Text(cell.id))
    return shown


def write_bridge(bridge: Bridge, words: Words = ENGLISH, *, colour: bool = False) -> str:
    """A bridge as steps from opening to closing figure."""
    console = _console(colour)
    title = words.text(
        "bridge.title", title=bridge.question.measure.title, start=bridge.start, end=bridge.end
    )
    console.print(Text(title, style="bold"))
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
    if not bridge.lines:
        shown.add_row(words.text("bridge.no_change"), "0", "")
    shown.add_row(*last, "")
    console.print(shown)
    for note in bridge.notes:
        console.print(Text(f"- {words.say(note)}"))
    return _written(console)


def write_comparison(
    comparison: Comparison, words: Words = ENGLISH, *, colour: bool = False, brief: bool = False
) -> str:
    """Answers side by side, differences marked; `brief` leaves out all notes but those that
    warn.
    """
    console = _console(colour)
    question = comparison.answers[0].question
    console.print(
        Text(question.measure.title, style="bold"),
        Text(as_at_words(comparison.answers[0], words) + "."),
        sep="\n",
    )
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    shown.add_column("")
    for name in comparison.names:
        shown.add_column(words.word("compared", name), justify="right")
    shown.add_column("")
    for row in comparison.rows:
        figures = [compared_figure(cell, words) for cell in row.cells]
        shown.add_row(Text(row.label), *map(Text, figures), verdict_on(row, words))
    console.print(shown)
    console.print(Text(agreement(comparison, words)))
    notes = [note for found in comparison.answers for note in found.notes]
    for note in dict.fromkeys(warnings(notes, words) if brief else map(words.say, notes)):
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


def _console(colour: bool) -> Console:
    return Console(
        file=io.StringIO(), width=WIDTH, force_terminal=colour, no_color=not colour, highlight=False
    )


def _written(console: Console) -> str:
    kept = cast(io.StringIO, console.file)
    return "\n".join(line.rstrip() for line in kept.getvalue().splitlines()) + "\n"
