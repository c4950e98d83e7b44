"""A written answer: what is and is not held, the table, its footnotes, notes on unit and scope, the
source.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from darkfigure.basis.saying import several
from darkfigure.basis.status import CellReason
from darkfigure.publication import Answer, Bridge
from darkfigure.publication.answer import says_something
from darkfigure.writing.wording import (
    claims_beneath,
    column_title,
    face_of,
    face_of_bridge,
    figure,
    footnotes,
    kept_to,
    number_held,
    refusal_lines,
    source_lines,
    title_of,
    written,
)
from darkfigure.writing.words import ENGLISH, Words

WIDTH = 78


def write_answer(answer: Answer, words: Words = ENGLISH) -> str:
    """One answer in the layout of a written answer to Parliament."""
    return write_reply([answer], words)


def write_reply(answers: Sequence[Answer], words: Words = ENGLISH) -> str:
    """Several answers as one reply: what each can say and cannot, then notes, sources and
    requirements once each.
    """
    parts = []
    for answer in answers:
        parts.append(wrapped(lead(answer, words)))
        if is_table(answer):
            parts.append(_table(answer, words))
        if texts := footnotes(answer.cells, words).texts:
            parts.append(
                "\n".join(wrapped(f"[{number}] {text}") for number, text in enumerate(texts, 1))
            )
    notes = [words.say(note) for answer in answers for note in answer.notes]
    notes += [line for answer in answers for line in claims_beneath(answer, words)]
    sources = [line for answer in answers for line in source_lines(answer, words)]
    needed = [refusal_lines(each, words)[1] for answer in answers for each in answer.cannot]
    sections = {"reply.notes": notes, "reply.source": sources, "reply.needed": needed}
    parts += [_section(words.text(title), lines) for title, lines in sections.items()]
    return "\n\n".join(part for part in parts if part) + "\n"


def _section(title: str, lines: Sequence[str]) -> str:
    if not lines:
        return ""
    return "\n".join([title, *(wrapped(f"- {line}", "  ") for line in dict.fromkeys(lines))])


def is_table(answer: Answer) -> bool:
    """Whether an answer takes more than a sentence."""
    cells = [cell for cell in answer.cells if says_something(cell)]
    return len(cells) > 1 or bool(cells and answer.question.by)


def lead(answer: Answer, words: Words) -> str:
    """What is not held, then what is."""
    asked, title = answer.question, _lower(answer.question.measure.title)
    conditions = kept_to(asked.where, words)
    limited = words.text("reply.kept", conditions=conditions) if conditions else ""
    sentences = face_of(answer, words)
    sentences += [_not_held(answer, words)] if answer.cannot else []
    cells = [cell for cell in answer.cells if says_something(cell)]
    if len(cells) == 1 and not asked.by:
        shown, period = figure(cells[0], words), cells[0].period
        sentences.append(
            words.text(
                "reply.one", day=asked.as_at, title=title, kept=limited, figure=shown, period=period
            )
        )
    elif cells:
        names = several([column_title(name, words).lower() for name in cells[0].dims])
        by = words.text("reply.by", names=names) if cells[0].dims else ""
        code = "reply.held" if answer.cannot else "reply.shows"
        sentences.append(words.text(code, title=title, kept=limited, by=by, day=asked.as_at))
    return " ".join(sentences)


def _not_held(answer: Answer, words: Words) -> str:
    some = any(cell.value is not None for cell in answer.cells)
    told = []
    for refusal in answer.cannot:
        said = words.brief(refusal.detail)
        code = f"reply.because.{refusal.reason}"
        if refusal.reason is CellReason.NO_RETURN:
            code = "reply.in_part" if some else "reply.not_held"
        if words.has(code):
            said = words.text(code, said=said)
        told.append(said)
    return " ".join(dict.fromkeys(told))


def _lower(title: str) -> str:
    return title[0].lower() + title[1:] if not title[:2].isupper() else title


def _table(answer: Answer, words: Words) -> str:
    """The table, a label printed once where it repeats the one above."""
    table, undivided = written(answer, words), words.text("head.undivided")
    rows = [[("" if text == undivided else text) for text in row] for row in table.rows]
    return lined_up(table.heads, rows, table.numeric)


def lined_up(heads: Sequence[str], rows: Sequence[Sequence[str]], numeric: int) -> str:
    """A table of text, `numeric` the column that is set to the right; a label that repeats the one
    above is left out.
    """
    shown = _without_repeats(rows, numeric)
    widths = [max(len(str(row[place])) for row in [heads, *shown]) for place in range(len(heads))]
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


def wrapped(text: str, indent: str = "") -> str:
    """Text in lines of at most 78 characters."""
    return textwrap.fill(text, WIDTH, subsequent_indent=indent, break_long_words=False)


def write_bridge(bridge: Bridge, words: Words = ENGLISH) -> str:
    """A change explained in sentences."""
    told = words.text(
        "bridge.told",
        title=_lower(title_of(bridge.question, words)),
        opening=number_held(bridge.opening, words),
        start=bridge.start,
        closing=number_held(bridge.closing, words),
        end=bridge.end,
    )
    unit = words.word("unit", bridge.unit)
    counted = words.text("counted_in", unit=unit, definition=bridge.question.measure.definition)
    lines = [*map(wrapped, face_of_bridge(bridge, words)), wrapped(told), wrapped(counted)]
    for line in bridge.lines:
        where = f"{line.cell}: " if line.cell else ""
        said = f" ({words.joined(line.sources, 'semicolon')})" if line.sources else ""
        step = f"{line.amount:+,} {words.reason(line.reason)}: {words.say(line.detail)}"
        lines.append(wrapped(f"- {where}{step}{said}.", "  "))
    if not bridge.lines:
        lines.append(words.text("bridge.unchanged"))
    return "\n".join(lines) + "\n"
