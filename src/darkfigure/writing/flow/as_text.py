"""The flow of persons for a terminal."""

from __future__ import annotations

from rich import box
from rich.table import Table
from rich.text import Text

from darkfigure.basis.period import in_words
from darkfigure.tables.flow import Flow
from darkfigure.writing.terminal import console, written
from darkfigure.writing.wording import kept_to, marked, number
from darkfigure.writing.words import ENGLISH


def write_flow(found: Flow, *, colour: bool = False) -> str:
    """The flow of persons as tables, and the days between stages."""
    shown_on = console(colour=colour)
    kept = kept_to(found.where) or "all records"
    for line in marked(found.marking):
        shown_on.print(Text(line, style="bold"))
    shown_on.print(
        Text(f"Flow of persons: {kept}", style="bold"),
        Text(f"As at {in_words(found.as_at)}."),
        sep="\n",
    )
    for name, steps in (("Victims", found.victims), ("Suspects", found.suspects)):
        if not steps:
            shown_on.print(Text(f"{name}: no records held."))
            continue
        shown = Table(box=box.SIMPLE_HEAD, pad_edge=False, title=name, title_justify="left")
        for head in ("From", "To"):
            shown.add_column(head)
        shown.add_column("Persons", justify="right")
        for step in steps:
            shown.add_row(ENGLISH.say(step.start), ENGLISH.say(step.end), number(step.persons))
        shown_on.print(shown)
    if found.durations:
        shown_on.print(_durations(found))
        shown_on.print(
            Text(
                "- Medians by Kaplan and Meier: those still waiting count as waiting until "
                "this "
                "day."
            )
        )
    for what, count in found.unplaced.items():
        shown_on.print(
            Text(
                f"- Not in the flow: {count:,} {what} that may belong here but are not "
                "linked, or "
                "do not say."
            )
        )
    if found.synthetic:
        shown_on.print(
            Text(
                "- SYNTHETIC: records counted here are made up. They say nothing about real people."
            )
        )
    return written(shown_on)


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
            ENGLISH.say(each.name),
            number(each.persons),
            number(each.ended),
            number(each.waiting),
            median,
        )
    return shown
