"""The share that a figure is of another, where both are of the same persons: a part of a measure of
the whole of it, a narrower measure of the wider one. What is counted at two stages of a case is
not: who is convicted in a year was mostly charged in another.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NoReturn

from darkfigure.basis.errors import UnknownName
from darkfigure.basis.saying import Saying, figure_said, quote, say, several
from darkfigure.basis.statement import DIMENSIONS
from darkfigure.codes import codes_for
from darkfigure.publication.answer import Answer
from darkfigure.publication.views.derived import (
    UNKNOWN,
    Derived,
    Kind,
    ViewRow,
    as_asked,
    least_of,
)
from darkfigure.publication.views.wishes import NotDerivable
from darkfigure.tables.cell import Cell
from darkfigure.tables.intervals import of_cell, share_of_part
from darkfigure.tables.measures import Measure, all_measures, measure_named
from darkfigure.tables.question import CASES, Question

#: So many figures that shares are of are named; of the rest, how many they are.
SHOWN = 8


def whole_of(question: Question, of: str) -> Question:
    """The question for what a share is of: the same without the condition on a dimension, or about
    a wider measure. Raises UnknownName for a name that is neither, NotDerivable where both are not
    of the same persons.
    """
    name = of.strip().lower().replace("-", "_")
    if name in DIMENSIONS:
        return _without(question, name)
    whole = measure_named(name)
    if whole != question.measure and not _is_within(question.measure, whole):
        _refuse_others(question, whole)
    if whole == question.measure or question.evidence == CASES:
        raise NotDerivable(
            f"A share of {whole.code} is taken by a dimension here: keep to a part of it with "
            "--where, and write --of with the dimension, as --where sex=female --of sex."
        )
    lacking = [
        dimension
        for dimension in (*question.by, *(condition.dimension for condition in question.where))
        if dimension not in whole.dimensions
    ]
    if lacking:
        raise UnknownName(f"{whole.code} is not held by {' or '.join(lacking)}.")
    if question.unit and question.unit not in whole.units:
        raise UnknownName(f"{whole.code} is not counted in {question.unit!r}.")
    return replace(question, measure=whole)


def _without(question: Question, name: str) -> Question:
    where = tuple(condition for condition in question.where if condition.dimension != name)
    if where == question.where:
        raise NotDerivable(
            f"The question keeps to no value of {name}, of which this would be the share. Keep to "
            f"one, as --where {name}=VALUE; or ask for the share of each, with --by {name} "
            "--share."
        )
    return replace(question, where=where)


def _is_within(part: Measure, whole: Measure) -> bool:
    """Whether everybody counted by a measure is counted by another."""
    seen: set[str] = set()
    while part.part_of and part.code not in seen:
        seen.add(part.code)
        if part.part_of == whole.code:
            return True
        part = all_measures()[part.part_of]
    return False


def _refuse_others(question: Question, whole: Measure) -> NoReturn:
    """Say why a figure is no share of another, and the nearest that can be said, as commands."""
    part = question.measure
    conditions = {
        condition.dimension: f"{condition.dimension}="
        f"{codes_for(condition.dimension).label(condition.code)}"
        for condition in question.where
    }
    beside = [text for name, text in conditions.items() if name in whole.dimensions]
    ask = ["darkfigure", "ask", f"{whole.code},{part.code}", *_options(beside)]
    flow = ["darkfigure", "flow", *_options(conditions.values())]
    raise NotDerivable(
        f"{part.title} and {whole.title[0].lower()}{whole.title[1:]} are not counts of the same "
        "persons: who is counted in one for a time was mostly counted in the other for another "
        "time, or not at all. So neither is a share of the other. Side by side: "
        f"{shlex.join(ask)}. What became of the same persons, where case records are held: "
        f"{shlex.join(flow)}."
    )


def _options(conditions: Iterable[str]) -> list[str]:
    return [word for condition in conditions for word in ("--where", condition)]


def with_ratios(
    answer: Answer, rows: Sequence[ViewRow], whole: Answer
) -> tuple[list[ViewRow], list[Saying], dict[str, tuple[str, ...]]]:
    """Rows with the share that each is of what stands for it in the answer about the whole; what is
    to be said, and the cells of the whole by what they stand under.
    """
    wholes = {_place(cell): cell for cell in whole.cells}
    shared: list[ViewRow] = []
    used: dict[str, Cell] = {}
    for row in rows:
        if row.kind is not Kind.CELL or row.in_progress:
            shared.append(row)
            continue
        cell = wholes.get(_place(row.members[0]))
        key = _under(cell) if cell else ""
        if cell:
            used[key] = cell
        shared.append(replace(row, share=_ratio(answer.question, row, cell, key)))
    notes = [_of_whole(whole.question, cell) for cell in list(used.values())[:SHOWN]]
    if more := len(used) - len(notes):
        notes.append(say("views.more_wholes", count=more))
    if used:
        notes.append(say("views.share_within"))
    return shared, notes, {key: (cell.id,) for key, cell in used.items()}


def _place(cell: Cell) -> tuple[tuple[str, str | None], ...]:
    return tuple(cell.dims.items())


def _under(cell: Cell) -> str:
    return ", ".join([*(str(value) for value in cell.dims.values() if value), cell.period])


def _ratio(question: Question, row: ViewRow, whole: Cell | None, key: str) -> Derived:
    (part,) = row.members
    why = _apart(part, whole)
    if why or whole is None:
        return Derived(UNKNOWN, row.of, why or say("views.no_whole"))
    least = least_of(question)
    share = share_of_part(of_cell(part, least), of_cell(whole, least))
    if share is None:
        return Derived(UNKNOWN, row.of, say("views.no_part"), key)
    return Derived(as_asked(question, share), (*row.of, whole.id), whole=key)


def _apart(part: Cell, whole: Cell | None) -> Saying | None:
    """Why a figure and the one it would be a share of are not of the same persons."""
    if whole is None:
        return say("views.no_whole")
    if part.period != whole.period:
        return say("views.whole_of_other_time", period=whole.period)
    bodies = {_bodies(part), _bodies(whole)}
    if len(bodies) > 1:
        return say("views.whole_by_others", bodies=several(_bodies(whole), "comma"))
    return None


def _bodies(cell: Cell) -> tuple[str, ...]:
    return tuple(sorted({source.stated_by for source in cell.sources if source.used}))


def _of_whole(question: Question, cell: Cell) -> Saying:
    """The figure that a share is of, where it stands and for when."""
    codes: Mapping[str, str | None] = {
        **{condition.dimension: condition.code for condition in question.where},
        **{name: cell.dims[name] for name in question.by},
    }
    labels = [quote(codes_for(name).label(code)) for name, code in codes.items() if code]
    return say(
        "views.of_whole",
        title=question.measure.title,
        kept=say("nearest.kept", values=several(labels, "comma")) if labels else "",
        figure=figure_said(cell.value, cell.low, cell.high),
        period=cell.period,
        cell=cell.id,
    )
