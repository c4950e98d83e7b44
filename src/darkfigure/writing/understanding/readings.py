"""The readings of a question in plain words: as text that shows each part, and as data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from darkfigure.basis.period import written
from darkfigure.tables.measures import all_measures
from darkfigure.understanding import Reading
from darkfigure.writing.commands import asking
from darkfigure.writing.documents.head import document
from darkfigure.writing.wording import column_title, unit_title
from darkfigure.writing.words import ENGLISH, Words

BETWEEN = " · "


def line(reading: Reading, words: Words = ENGLISH) -> str:
    """A reading in a line, every part by its title."""
    titles = reading.titles()
    parts = [
        reading.measure.title,
        *(f"{column_title(name, words)} {title}" for name, title in titles.items()),
        *([words.text("understanding.by", dimensions=_cuts(reading, words))] if reading.by else []),
        *([words.text("understanding.top", count=reading.top)] if reading.top else []),
        reading.period.label if reading.period else words.text("understanding.any_time"),
        *([unit_title(reading.unit, words)] if reading.unit else []),
        *([words.text("understanding.of", whole=_whole(reading, words))] if reading.of else []),
        words.text("understanding.as_at", day=reading.as_at),
    ]
    return BETWEEN.join(parts)


def _whole(reading: Reading, words: Words) -> str:
    """What a share is asked of: another measure, or all values of a dimension."""
    if reading.of in all_measures():
        return all_measures()[reading.of].title
    return words.text("understanding.all_of", dimension=column_title(reading.of, words).lower())


def _command(reading: Reading) -> str:
    """What stands after `darkfigure ask` to ask a reading."""
    more = [f" --of {reading.of}"] if reading.of else []
    more += [f" --top {reading.top}"] if reading.top else []
    return "".join([asking(reading.question()), *more])


def _cuts(reading: Reading, words: Words) -> str:
    return ", ".join(column_title(name, words).lower() for name in reading.by)


def write_text(readings: Sequence[Reading], words: Words = ENGLISH) -> str:
    """The readings, best first, each with what was left out, what was taken for what, and the
    command that asks it.
    """
    if not readings:
        return words.text("understanding.nothing") + "\n"
    lines: list[str] = []
    for number, reading in enumerate(readings, start=1):
        lines += [f"{number}. {line(reading, words)}"]
        lines += [f"   {said}" for said in _said(reading, words)]
        lines += [f"   {words.text('understanding.command', arguments=_command(reading))}"]
    return "\n".join(lines) + "\n"


def _said(reading: Reading, words: Words) -> Iterator[str]:
    if reading.sure:
        yield words.text("understanding.sure")
    if reading.left_out:
        yield words.text("understanding.left_out", words=", ".join(reading.left_out))
    yield from map(words.say, reading.taken)


def readings_data(readings: Sequence[Reading], words: Words = ENGLISH) -> dict[str, Any]:
    """The readings as plain data, values by their titles."""
    return {"readings": [_data(reading, words) for reading in readings]}


def _data(reading: Reading, words: Words) -> dict[str, Any]:
    return {
        "measure": reading.measure.code,
        "title": reading.measure.title,
        "by": list(reading.by),
        "where": reading.titles(),
        "period": written(reading.period) if reading.period else None,
        "unit": reading.unit or None,
        "as_at": reading.as_at.isoformat(),
        **({"of": reading.of} if reading.of else {}),
        **({"top": reading.top} if reading.top else {}),
        "left_out": list(reading.left_out),
        "taken": [words.say(each) for each in reading.taken],
        "sure": reading.sure,
    }


def write_json(readings: Sequence[Reading], words: Words = ENGLISH) -> str:
    """The readings as JSON."""
    return document("understanding", readings_data(readings, words), synthetic=False)
