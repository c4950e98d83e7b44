"""Estimates for a terminal: one method, strata, how they move, the panel, the series."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from darkfigure.basis.period import in_words
from darkfigure.basis.saying import Saying, several
from darkfigure.codes import codes_for
from darkfigure.publication.series import SeriesEntry, by_population
from darkfigure.writing.estimates.shown import ByStratum, Estimated, Moves, SideBySide
from darkfigure.writing.terminal import console, written
from darkfigure.writing.wording import estimate_figure as figure
from darkfigure.writing.words import ENGLISH, Words

if TYPE_CHECKING:
    from darkfigure.estimation.result import Beside, Result
    from darkfigure.estimation.side_by_side import Line
    from darkfigure.estimation.strata import Stratum

#: Columns that tables of estimates take.
WIDTH = 120


def write_estimate(shown: Estimated, words: Words = ENGLISH) -> str:
    """One method's figure in sentences."""
    result, lists = shown.result, shown.lists
    on = f" on {len(lists)} lists ({', '.join(lists)})" if lists else ""
    lines = [
        (
            f"{result.total:,.0f} in all, by "
            f"{result.method}{f' {result.model}' if result.model else ''}."
        ),
        f"  known {result.known:,}{on}; hidden {result.dark_figure:,.0f}",
        *(f"  {line}" for line in result_lines(result, words=words)),
    ]
    if result.beside:
        lines += ["", *(f"  {line}" for line in _besides(result.beside, words=words).splitlines())]
    return "\n".join([*lines, f"  {_seconds(result)}"]) + "\n"


def _seconds(result: Result) -> str:
    loading = f", and {result.loading:.2f} s to load what fits" if result.loading >= 0.005 else ""
    return f"{result.seconds:.2f} s to fit{loading}"


def result_lines(result: Result, words: Words = ENGLISH) -> list[str]:
    """What is said of a figure beside the figure itself: interval or why none, criteria, checks,
    remarks.
    """
    lines = [interval_words(result, words=words)]
    lines += [f"{words.say(name)}: {words.say(text)}" for name, text in result.more]
    criteria = [
        f"{name} {value:.4f}"
        for name, value in (("BIC", result.bic), ("AIC", result.aic))
        if value is not None
    ]
    if result.deviance is not None:
        criteria.append(f"deviance {result.deviance:.2f} on {result.degrees} degrees of freedom")
    lines += [", ".join(criteria)] if criteria else []
    lines += [words.say(result.checks)] if result.checks else []
    return lines + [f"note: {words.say(remark)}" for remark in result.remarks]


def interval_words(result: Result, words: Words = ENGLISH) -> str:
    """The interval with how it was made, or why there is none."""
    if not result.interval:
        said = result.how.code.startswith("estimates.no_interval.")
        return (
            words.say(result.how)
            if said
            else words.text("estimates.no_interval.for", why=result.how)
        )
    low, high = result.interval
    return f"{result.level:.0%} interval {low:,.0f} to {high:,.0f} ({words.say(result.how)})"


def _besides(rows: Sequence[Beside], words: Words = ENGLISH) -> str:
    shown_on = console(WIDTH)
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for head in ("Model", "Total", "95% limits", "AIC", "BIC", "Deviance", "Degrees", "Remark"):
        shown.add_column(
            head, justify="left" if head in ("Model", "Remark") else "right", overflow="fold"
        )
    for each in rows:
        limits = f"{each.interval[0]:,.0f} to {each.interval[1]:,.0f}" if each.interval else "none"
        numbers = (
            "" if value is None else f"{value:.2f}" for value in (each.aic, each.bic, each.deviance)
        )
        degrees = "" if each.degrees is None else str(each.degrees)
        shown.add_row(
            each.name, _shown(each.total), limits, *numbers, degrees, Text(words.say(each.words))
        )
    shown_on.print(shown)
    return written(shown_on)


def write_moves(moves: Moves, words: Words = ENGLISH) -> str:
    """How an estimate moves: a row for each change of the lists."""
    shown_on = console(WIDTH)
    shown = Table(
        box=box.SIMPLE_HEAD, pad_edge=False, title="How the estimate moves", title_justify="left"
    )
    for head in ("Change", "Known", "Total", "95% limits", "Model or reason"):
        shown.add_column(
            head,
            justify="left" if head in ("Change", "Model or reason") else "right",
            overflow="fold",
        )
    for each in moves.rows:
        limits = f"{each.interval[0]:,.0f} to {each.interval[1]:,.0f}" if each.interval else "none"
        shown.add_row(
            words.say(each.change),
            f"{each.known:,}",
            _shown(each.total),
            limits,
            Text(words.say(each.why or each.model)),
        )
    shown_on.print(shown)
    return written(shown_on) + _remarks(moves.remarks, words=words)


def write_panel(panel: SideBySide, words: Words = ENGLISH) -> str:
    """The panel as tables and sentences."""
    found = panel.found
    shown_on = console(WIDTH)
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False, title="Methods", title_justify="left")
    for head, side in (
        ("Method", "left"),
        ("Total", "right"),
        ("95% limits", "right"),
        ("Model or remark", "left"),
    ):
        shown.add_column(head, justify=side, overflow="fold")  # type: ignore[arg-type]
    for line in found.lines:
        shown.add_row(
            words.say(line.method),
            _shown(line.total),
            _range(line),
            Text(words.say(several([line.model, line.remark], "semicolon"))),
        )
    shown_on.print(shown)
    moves = Table(
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        title="How the BIC estimate moves",
        title_justify="left",
    )
    for head, side in (
        ("Change", "left"),
        ("Known", "right"),
        ("Total", "right"),
        ("Model or reason", "left"),
    ):
        moves.add_column(head, justify=side, overflow="fold")  # type: ignore[arg-type]
    for each in (*found.omitted, *found.merged):
        moves.add_row(
            words.say(each.change),
            f"{each.known:,}",
            _shown(each.total),
            Text(words.say(each.why or each.model)),
        )
    if moves.rows:
        shown_on.print(moves)
    for sentence in found.sentences:
        shown_on.print(Text(f"- {words.say(sentence)}"))
    return written(shown_on)


def _shown(value: float | None) -> str:
    return "none" if value is None or value != value else f"{value:,.0f}"


def _range(line: Line) -> str:
    return "" if line.low is None or line.high is None else f"{line.low:,.0f} to {line.high:,.0f}"


def write_strata(shown: ByStratum, words: Words = ENGLISH) -> str:
    """Strata and their sum, and of strata without an estimate why."""
    found = shown.found
    lines = [stratum_line(each, words=words) for each in found.strata]
    lines += [f"{name}: no estimate. {words.say(reason)}" for name, reason in found.failed]
    if found.all:
        lines.append(stratum_line(found.all, words=words))
    else:
        lines.append(
            f"No total: {len(found.failed)} of {len(found.failed) + len(found.strata)} strata "
            "have no estimate."
        )
    lines.append(
        f"  intervals: BCa, {found.replicates:,} replicates of every stratum; those of the "
        "total "
        "from their sums"
    )
    return "\n".join(lines) + "\n" + _remarks(shown.remarks, words=words)


def stratum_line(each: Stratum, words: Words = ENGLISH) -> str:
    """A stratum in a line."""
    interval = each.intervals[0.95]
    limits = f"95% {interval[0]:,.0f} to {interval[1]:,.0f}" if interval else "no 95% interval"
    more = f"; {words.say(each.words)}" if each.words else ""
    return f"{each.name}: {each.total:,.0f} ({limits}), known {each.known:,}{more}"


def _remarks(remarks: Iterable[Saying], words: Words = ENGLISH) -> str:
    return "".join(f"  note: {words.say(remark)}\n" for remark in remarks)


def write_entry(entry: SeriesEntry) -> str:
    """What was entered in the series, and what it replaces."""
    replaces = (
        f", replaces {entry.supersedes} ({entry.reason.replace('_', ' ')})"
        if entry.supersedes
        else ""
    )
    return f"Entered as {entry.id}: {figure(entry)}{replaces}.\n"


def write_series(entries: Sequence[SeriesEntry]) -> str:
    """The series, population by population: they are never one line."""
    shown_on = console(WIDTH)
    for population, held in by_population(entries).items():
        shown = Table(
            box=box.SIMPLE_HEAD,
            pad_edge=False,
            title=codes_for("population").label(population),
            title_justify="left",
        )
        for head in ("Stated", "By", "For", "Estimate", "Method", "Replaces, and why"):
            shown.add_column(head, overflow="fold")
        for each in held:
            shown.add_row(
                in_words(each.stated_on, each.precision),
                Text(each.stated_by),
                each.period.label,
                figure(each),
                Text(each.method),
                Text(replaced(each)),
            )
        shown_on.print(shown)
    return written(shown_on)


def replaced(entry: SeriesEntry) -> str:
    """What an estimate replaced, and why."""
    why = f"{entry.supersedes}: {entry.reason.replace('_', ' ')}" if entry.supersedes else ""
    back = ENGLISH.text("estimates.taken_back", day=entry.taken_back) if entry.taken_back else ""
    return "; ".join(filter(None, [back, why, entry.note]))
