"""One question about several measures: the same breakdowns, conditions, time and day for each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from darkfigure.basis.errors import UnknownName
from darkfigure.basis.statement import DIMENSIONS, TIME_CUTS
from darkfigure.tables.measures import Measure, measure_named
from darkfigure.tables.question import Question, from_words

#: So many measures stand side by side at most.
MOST = 8


def measure_names(text: str) -> list[str]:
    """The measures that a text names, separated by commas."""
    return [name.strip() for name in text.split(",") if name.strip()]


def names_several(text: str) -> bool:
    """Whether a text names more than one measure."""
    return len(measure_names(text)) > 1


def questions_from_words(
    text: str,
    today: date,
    *,
    by: str | Iterable[str] | None = None,
    where: Iterable[str] | None = None,
    unit: str | None = None,
    **asked: Any,
) -> tuple[Question, ...]:
    """A question for each measure that a text names, in its order; all other words are those of
    `from_words`. A unit is asked of the measures that are counted in it.

    Raises UnknownName for a dimension that one of the measures does not have, and as `from_words`.
    """
    names = measure_names(text)
    if len(names) < 2:
        return (from_words(text, today, by=by, where=where, unit=unit, **asked),)
    measures = [*dict.fromkeys(map(measure_named, names))]
    if len(measures) > MOST:
        raise UnknownName(
            f"{len(measures)} measures are too many for one table: at most {MOST} stand side by "
            "side."
        )
    parts = [by] if isinstance(by, str) else [*(by or ())]
    dimensions = [name for part in parts for name in part.split(",") if name.strip()]
    conditions = [condition for condition in where or () if condition.strip()]
    kept_to = [re.split("[=~]", condition, maxsplit=1)[0] for condition in conditions]
    _had_by_all(measures, [*dimensions, *kept_to])
    unit = (unit or "").strip()
    if unit and not any(unit in measure.units for measure in measures):
        units = ", ".join(dict.fromkeys(name for measure in measures for name in measure.units))
        raise UnknownName(f"None of these is counted in {unit!r}. They are counted in {units}.")
    return tuple(
        from_words(
            measure.code,
            today,
            by=dimensions,
            where=conditions,
            unit=unit if unit in measure.units else None,
            **asked,
        )
        for measure in measures
    )


def _had_by_all(measures: Sequence[Measure], names: Iterable[str]) -> None:
    """Refuse a dimension that one of several measures does not have."""
    shared = [
        name for name in DIMENSIONS if all(name in measure.dimensions for measure in measures)
    ]
    for name in (text.strip().lower().replace("-", "_") for text in names):
        lacking = [measure.code for measure in measures if name not in measure.dimensions]
        if name in DIMENSIONS and lacking:
            *first, last = (measure.code for measure in measures)
            every = f"{', '.join(first)} and {last}" if first else last
            raise UnknownName(
                f"{' and '.join(lacking)} {'are' if lacking[1:] else 'is'} not held by {name}. "
                f"All of {every} are held by {', '.join(shared) or 'no dimension'}, and by time "
                f"({', '.join(TIME_CUTS)})."
            )
