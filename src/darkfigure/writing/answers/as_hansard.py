"""A written answer: what is and is not held, the table, its footnotes, notes on unit and scope, the
source.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from darkfigure.basis.period import in_words
from darkfigure.basis.status import CellReason
from darkfigure.publication import Answer, Bridge
from darkfigure.writing.wording import (
    UNDIVIDED,
    column_title,
    dim_words,
    figure,
    footnotes,
    refusal_lines,
    rows,
    source_lines,
)

WIDTH = 78


def write_answer(answer: Answer) -> str:
    """One answer in the layout of a written answer to Parliament."""
    return write_reply([answer])


def write_reply(answers: Sequence[Answer]) -> str:
    """Several answers as one reply: what each can say and cannot, then notes, sources and
    requirements once each.
    """
    parts = []
    for answer in answers:
        parts.append(_lead(answer))
        held = [
            cell
            for cell in answer.cells
            if cell.value is not None or cell.low is not None or cell.high is not None
        ]
        if len(held) > 1 or (held and answer.question.by):
            parts.append(_table(answer))
        if texts := footnotes(answer.cells).texts:
            parts.append(
                "\n".join(_wrap(f"[{number}] {text}") for number, text in enumerate(texts, 1))
            )
    parts.append(_section("Notes:", [note for answer in answers for note in answer.notes]))
    parts.append(_section("Source:", [line for answer in answers for line in source_lines(answer)]))
    needed = [refusal_lines(refusal)[1] for answer in answers for refusal in answer.cannot]
    parts.append(_section("What would close the gap:", needed))
    return "\n\n".join(part for part in parts if part) + "\n"


def _section(title: str, lines: Sequence[str]) -> str:
    if not lines:
        return ""
    return "\n".join([title, *(_wrap(f"- {line}", "  ") for line in dict.fromkeys(lines))])


def _lead(answer: Answer) -> str:
    """What is not held, then what is."""
    measure, day = answer.question.measure, in_words(answer.question.as_at)
    sentences = [note for note in answer.notes if note.startswith("SYNTHETIC")]
    sentences += [_not_held(answer)] if answer.cannot else []
    held = [
        cell
        for cell in answer.cells
        if cell.value is not None or cell.low is not None or cell.high is not None
    ]
    if len(held) == 1 and not answer.question.by:
        kept = ", ".join(
            dim_words(condition.dimension, condition.code) for condition in answer.question.where
        )
        what = f"{_lower(measure.title)}{f' ({kept})' if kept else ''}"
        sentences.append(
            f"As known on {day}, the figure for {what} is {figure(held[0])} ({held[0].period})."
        )
    elif held:
        names = [column_title(name).lower() for name in held[0].dims]
        by = f", by {' and '.join(names)}" if names else ""
        what = "What is held is the number of" if answer.cannot else "The following table shows"
        tail = " It is shown in the following table." if answer.cannot else ""
        sentences.append(f"{what} {_lower(measure.title)}{by}, as known on {day}.{tail}")
    return _wrap(" ".join(sentences))


def _not_held(answer: Answer) -> str:
    told = []
    for refusal in answer.cannot:
        said, _, _ = refusal.detail.partition(" Stated by ")
        if refusal.reason is CellReason.NO_RETURN:
            some = any(cell.value is not None for cell in answer.cells)
            told.append(
                f"The information asked for is {'in part ' if some else ''}not held. {said}"
            )
        else:
            told.append(said)
    return " ".join(dict.fromkeys(told))


def _lower(title: str) -> str:
    return title[0].lower() + title[1:] if not title[:2].isupper() else title


def _table(answer: Answer) -> str:
    """The table, a label printed once where it repeats the one above."""
    heads, table = rows(answer)
    undivided = [[("" if text == UNDIVIDED else text) for text in row] for row in table]
    shown = _without_repeats(undivided, len(heads) - (2 if heads[-1] == "Note" else 1))
    widths = [max(len(str(row[place])) for row in [heads, *shown]) for place in range(len(heads))]
    numeric = heads.index(heads[-2] if heads[-1] == "Note" else heads[-1])
    lines = [
        _line(heads, widths, numeric),
        _line(["-" * width for width in widths], widths, numeric),
    ]
    return "\n".join([*lines, *(_line(row, widths, numeric) for row in shown)])


def _without_repeats(table: Sequence[Sequence[str]], labels: int) -> list[list[str]]:
    shown: list[list[str]] = []
    for place, row in enumerate(table):
        same = place > 0
        line = []
        for column, text in enumerate(row):
            same = same and column < labels and text == table[place - 1][column]
            line.append("" if same else text)
        shown.append(line)
    return shown


def _line(row: Sequence[str], widths: Sequence[int], numeric: int) -> str:
    cells = [
        text.rjust(width) if place == numeric else text.ljust(width)
        for place, (text, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()


def _wrap(text: str, indent: str = "") -> str:
    return textwrap.fill(text, WIDTH, subsequent_indent=indent, break_long_words=False)


def write_bridge(bridge: Bridge) -> str:
    """A change explained in sentences."""
    title = _lower(bridge.question.measure.title)
    opening = "not held" if bridge.opening is None else f"{bridge.opening:,}"
    closing = "not held" if bridge.closing is None else f"{bridge.closing:,}"
    lines = [
        _wrap(
            f"The figure for {title} was {opening} as known on {in_words(bridge.start)} and "
            f"{closing} as known on "
            f"{in_words(bridge.end)}."
        )
    ]
    for line in bridge.lines:
        where = f"{line.cell}: " if line.cell else ""
        said = f" ({'; '.join(line.sources)})" if line.sources else ""
        lines.append(
            _wrap(
                f"- {where}{line.amount:+,} {line.reason.replace('_', ' ')}: {line.detail}{said}.",
                "  ",
            )
        )
    if not bridge.lines:
        lines.append("It did not change.")
    return "\n".join(lines) + "\n"
