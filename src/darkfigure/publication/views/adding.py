"""Rows that add others up: totals, and all others beside the largest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from darkfigure.basis.saying import Saying, figure_said, say, several
from darkfigure.basis.statement import TIME_CUTS
from darkfigure.basis.status import Status
from darkfigure.codes import codes_for
from darkfigure.publication.answer import Answer
from darkfigure.publication.views.derived import Kind, ViewRow, as_asked, row_of, sum_of
from darkfigure.publication.views.wishes import NotDerivable
from darkfigure.tables.cell import Cell
from darkfigure.tables.evidence import Number
from darkfigure.tables.question import Question

#: The note by which counted persons say that they may stand in several cells.
OVERLAP = "cases.overlap"
Values = tuple[tuple[str, str | None], ...]


class Category(NamedTuple):
    """The cells of one breakdown value, over everything that stands across."""

    values: Values
    cells: tuple[Cell, ...]


def refuse_overlap(answer: Answer, wished: str) -> None:
    """Raise NotDerivable where rows of an answer may hold the same twice."""
    if any(note.code == OVERLAP for note in answer.notes):
        raise NotDerivable(
            f"{wished} cannot be given: a person may be counted in several rows, which do not add "
            "up. Ask without it."
        )
    cells = settled(answer.cells)
    if len({cell.dims.get("population") for cell in cells}) > 1:
        raise NotDerivable(f"{wished} cannot be given: rows are of different populations.")
    for name in answer.question.by:
        codes = {cell.dims[name] for cell in cells} - {None}
        for code in sorted(str(code) for code in codes):
            whole = next((each for each in _above(name, code) if each in codes), None)
            if whole:
                part, of = (codes_for(name).label(each) for each in (code, whole))
                raise NotDerivable(
                    f"{wished} cannot be given: {part} is a part of {of}, and both are rows. Keep "
                    "to one of them with --where."
                )


def _above(name: str, code: str) -> list[str]:
    """What a code is a part of, step by step."""
    known, above = codes_for(name).codes, []
    while (entry := known.get(code)) and entry.parent and entry.parent not in above:
        above.append(code := entry.parent)
    return above


def settled(cells: Iterable[Cell]) -> list[Cell]:
    """Cells without those of cases in progress, which are in no other figure."""
    return [cell for cell in cells if cell.status != Status.IN_PROGRESS]


def categories(cells: Iterable[Cell], across: Sequence[str]) -> list[Category]:
    """Cells by what they are told apart by beside what stands across, in order."""
    together: dict[Values, list[Cell]] = {}
    for cell in cells:
        values = tuple(pair for pair in cell.dims.items() if pair[0] not in across)
        together.setdefault(values, []).append(cell)
    return [Category(values, tuple(members)) for values, members in together.items()]


def added_rows(
    question: Question, parts: Sequence[Category], across: Sequence[str], kind: Kind
) -> list[ViewRow]:
    """A row for each value of what stands across, with the sum of what there is of it."""
    groups: dict[Values, list[Cell]] = {}
    for cell in (cell for part in parts for cell in part.cells):
        groups.setdefault(values_across(cell.dims, across), []).append(cell)
    rows = []
    for values in sorted(groups, key=_time_first):
        members = tuple(groups[values])
        figure = as_asked(question, sum_of(question, members))
        rows.append(ViewRow(kind, dict(values), figure, members, len(parts)))
    return rows


def _time_first(values: Values) -> tuple[tuple[int, str], ...]:
    """The order of groups: of the code list, of time by its label."""
    return tuple(place_of(name, value) for name, value in values)


def place_of(name: str, value: str | None) -> tuple[int, str]:
    """The place of a value among those of its dimension: of time by its label, of codes in the
    order of their list; what is not broken down comes last.
    """
    if value is None:
        return 10**9, ""
    return (0 if name in TIME_CUTS else codes_for(name).order.get(value, 10**8)), value


def values_across(dims: Mapping[str, str | None], across: Sequence[str]) -> Values:
    """What of a row's dimensions stands across."""
    return tuple((name, dims[name]) for name in across if name in dims)


def total_rows(
    answer: Answer, across: Sequence[str], whole: Answer | None
) -> tuple[list[ViewRow], list[Saying]]:
    """A total for each group, and beneath one that differs what is held undivided; what is to be
    said of them.
    """
    question = answer.question
    totals = added_rows(question, categories(settled(answer.cells), across), across, Kind.TOTAL)
    without = {values_across(cell.dims, across): cell for cell in whole.cells} if whole else {}
    rows: list[ViewRow] = []
    notes: list[Saying] = []
    for total in totals:
        rows.append(total)
        cell = without.get(tuple(total.dims.items()))
        if (
            cell is not None
            and cell.value not in (None, total.figure.value)
            and rests_apart(cell, total.members)
        ):
            rows.append(row_of(question, cell, Kind.UNDIVIDED))
            notes.append(_differs(total, cell))
    if any(len(total.periods) > 1 for total in totals):
        notes.append(say("views.total_periods"))
    return rows, notes


def rests_apart(whole: Cell, parts: Sequence[Cell]) -> bool:
    """Whether a figure without the breakdown rests on other statements than its parts: else it is
    those parts, chosen among by the same rules.
    """
    return not set(whole.blocks) <= {block for cell in parts for block in cell.blocks}


def _differs(total: ViewRow, cell: Cell) -> Saying:
    """That the rows add up to another figure than is held undivided."""
    return say(
        "views.undivided_differs",
        where=_group_said(total.dims),
        total=figure_said(*total.figure),
        periods=several(total.periods, "comma"),
        figure=cell.value,
        period=cell.period,
        cell=cell.id,
    )


def _group_said(dims: Mapping[str, str | None]) -> object:
    labels = [
        value if name in TIME_CUTS else codes_for(name).label(value)
        for name, value in dims.items()
        if value
    ]
    return several(labels, "comma") if labels else say("in_all")


class Largest(NamedTuple):
    """The categories kept, those added up, and what is to be said of the choice."""

    kept: list[Category]
    rest: list[Category]
    notes: list[Saying]


def rank_of(question: Question, category: Category) -> Number:
    """What a category is ranked by: its figures added up, what is not known at its least."""
    total = sum_of(question, category.cells)
    known = total.low if total.value is None else total.value
    return float("-inf") if known is None else known


def largest(question: Question, parts: Sequence[Category], top: int) -> Largest:
    """The `top` largest categories, those that tie with the last of them too."""
    ranks = sorted((rank_of(question, part) for part in parts), reverse=True)
    if len(ranks) <= top:
        return Largest([*parts], [], [])
    last = ranks[top - 1]
    kept = [part for part in parts if rank_of(question, part) >= last]
    rest = [part for part in parts if rank_of(question, part) < last]
    notes = [say("views.largest", top=top)]
    if len(kept) > top:
        notes.append(say("views.tied", top=top, number=len(kept)))
    larger = [part for part in rest if _may_be_above(question, part, last)]
    if larger:
        notes.append(say("views.may_be_larger", count=len(larger)))
    return Largest(kept, rest, notes)


def _may_be_above(question: Question, part: Category, rank: Number) -> bool:
    high = sum_of(question, part.cells).high
    return high is None or high > rank
