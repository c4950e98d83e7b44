"""Which columns of a table hold figures of what stands in their headings: of periods, of the values
of a dimension, of measures, or of something that a person has to name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from darkfigure.basis.spoken import is_spoken_period
from darkfigure.basis.statement import DIMENSIONS
from darkfigure.codes.codelist import loosely
from darkfigure.reading.column_words import (
    BY_VALUES,
    code_of,
    heading_says,
    measure_of,
    share_of,
)
from darkfigure.reading.instructions import HEAD_WORDS, NOTHING, PERIOD, VALUE
from darkfigure.reading.layout import Area, is_figure
from darkfigure.reading.shorthand import read_cell
from darkfigure.reading.totals import is_whole

_Columns = Sequence[Sequence[str]]
#: Headings over how many for each hundred or so, beside which columns of how many stand.
_RATE = re.compile(
    r"%|per ?cent(?:age)?s?\b.*|(?:.*\W)?%(?:\W.*)?|(?:\w+ )?rates?\b.*|.*\bper \d[\d,]*.*"
    r"|percent change|proportions?\b.*|shares?\b.*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Across:
    """Which columns hold figures of what stands in their headings, and what each row of the heading
    says; "" for what a person has to say. `rates` are headings of columns left out, by how they
    end.
    """

    places: tuple[int, ...] = ()
    levels: tuple[str, ...] = ()
    rates: tuple[str, ...] = ()


def find_across(area: Area, columns: _Columns) -> Across:
    """What the headings over the figures of a table say."""
    figures = [
        place
        for place, values in enumerate(columns)
        if any(area.headings[place])
        and heading_says(area.names[place]) not in HEAD_WORDS
        and share_of(values, is_figure) >= 0.75
        and not _are_spans(area.names[place], values)
        and not is_time(area.names[place], values)
    ]
    if not figures:
        return Across()
    counts, rates = _without_rates(area, figures)
    depth = max(len(area.headings[place]) for place in counts)
    texts = {place: _levels(area, place, depth) for place in counts}
    levels = _known(list(texts.values()), depth)
    if any(level != NOTHING for level in levels):
        kept = [place for place in counts if _says_something(texts[place], levels)]
        enough = len(kept) > 1 or (kept and PERIOD in levels)
        return Across(tuple(kept), levels, rates) if enough else Across()
    return _to_be_said(area, columns, texts, rates)


def _are_spans(name: str, values: Sequence[str]) -> bool:
    """Whether what stands under the heading of a dimension is spans of it and no bounds of figures:
    ages of 15-19, 65+.
    """
    return heading_says(name) in DIMENSIONS and share_of(values, _is_number) < 0.5


def _is_number(text: str) -> bool:
    return bool(read_cell(text).value)


def _levels(area: Area, place: int, depth: int) -> tuple[str, ...]:
    found = area.headings[place]
    return (*[""] * (depth - len(found)), *found)


def _without_rates(area: Area, figures: list[int]) -> tuple[list[int], tuple[str, ...]]:
    """Columns of counts, where columns of rates stand beside them, and how the headings of those
    end.
    """
    last = {
        place: next((text for text in reversed(area.headings[place]) if text), "")
        for place in figures
    }
    rates = [place for place in figures if _RATE.fullmatch(last[place])]
    counts = [place for place in figures if place not in rates]
    if not counts or not rates:
        return figures, ()
    return counts, tuple(dict.fromkeys(last[place] for place in rates))


def _known(texts: Sequence[Sequence[str]], depth: int) -> tuple[str, ...]:
    """What each level says. Levels that say a period only together all say it."""
    levels = tuple(_what([levels[at] for levels in texts]) for at in range(depth))
    if PERIOD in levels or depth < 2:
        return levels
    joined = [" ".join(filter(None, levels)) for levels in texts]
    return (PERIOD,) * depth if _what(joined) == PERIOD else levels


def _says_something(texts: Sequence[str], levels: Sequence[str]) -> bool:
    if levels[0] == PERIOD and len(set(levels)) == 1 and len(levels) > 1:
        return _is(PERIOD, " ".join(filter(None, texts))) or any(
            text and _is(PERIOD, text) for text in texts
        )
    return any(
        what != NOTHING and text and _is(what, text)
        for what, text in zip(levels, texts, strict=True)
    )


def _is(what: str, text: str) -> bool:
    if what == PERIOD:
        return is_spoken_period(text) or bool(re.fullmatch(r"Q[1-4]", text, re.IGNORECASE))
    if what == "measure":
        return measure_of(text) is not None
    return code_of(what, text) is not None or is_whole(text)


def _what(texts: Sequence[str]) -> str:
    """What the headings of a row over columns of figures say: periods, values of a dimension,
    measures, or nothing.
    """
    distinct = [text for text in dict.fromkeys(texts) if text]
    if not distinct:
        return NOTHING
    for what in (PERIOD, *BY_VALUES, "measure"):
        counted = [text for text in distinct if not is_whole(text)]
        known = sum(_is(what, text) for text in counted)
        enough = 0.3 if what == PERIOD and known > 1 else 0.6
        if counted and known >= max(1, enough * len(counted)) and (known > 1 or what == PERIOD):
            return what
    return NOTHING


def _to_be_said(
    area: Area, columns: _Columns, texts: dict[int, tuple[str, ...]], rates: tuple[str, ...]
) -> Across:
    """Columns of figures of things that are not known here: a person says of what. Nothing where a
    column is headed as the one of figures, or numbers its rows.
    """
    if any(heading_says(area.names[place]) == VALUE for place in texts):
        return Across()
    kept = [place for place in texts if not _numbers_rows(area, columns, place)]
    beside = [name for place, name in enumerate(area.names) if name and place not in texts]
    if len(kept) < 2 or not any(heading_says(name) for name in beside):
        return Across()
    depth = len(texts[kept[0]])
    differ = [len({texts[place][at] for place in kept} - {""}) > 1 for at in range(depth)]
    if not any(differ):
        return Across()
    said = {heading_says(name) for name in beside}
    levels = tuple(
        _nearest([texts[place][at] for place in kept], said) if differ[at] else NOTHING
        for at in range(depth)
    )
    return Across(tuple(kept), levels, rates)


def _nearest(texts: Sequence[str], said: set[str | None]) -> str:
    """The dimension of which some texts are known; "" where there is none."""
    counted = [text for text in dict.fromkeys(texts) if text and not is_whole(text)]
    known = {
        name: sum(code_of(name, text) is not None for text in counted)
        for name in DIMENSIONS
        if name in BY_VALUES and name not in said
    }
    best = max(known, key=lambda name: known[name], default="")
    return best if best and known[best] * 4 >= len(counted) > 0 else ""


def _numbers_rows(area: Area, columns: _Columns, place: int) -> bool:
    filled = [value for value in columns[place] if value]
    return heading_says(area.names[place]) == NOTHING and len(set(filled)) == len(filled)


def is_time(name: str, values: Sequence[str]) -> bool:
    """Whether a column of numbers says years, quarters or periods."""
    if heading_says(name) in (PERIOD, "year", "quarter"):
        # "Financial year / 04/05" stands over figures of that year.
        return " / " not in name or share_of(values, is_spoken_period) >= 0.2
    if heading_says(name) is not None:
        return False
    filled = [value for value in values if value]
    years = all(re.fullmatch(r"(19|20)\d\d", value) for value in filled)
    return bool(filled) and years and len(set(filled)) < 120 and "year" in loosely(name)
