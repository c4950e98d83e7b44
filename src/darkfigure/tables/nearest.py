"""The nearest questions that have an answer, to one that has none: which of the things asked must
be given up, and no fewer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations, islice

from darkfigure.basis.period import Period, day_after, day_before
from darkfigure.basis.statement import Block, Role
from darkfigure.tables.cell import Cell
from darkfigure.tables.evidence import Evidence, Total
from darkfigure.tables.gathering import gather_evidence
from darkfigure.tables.question import Condition, Question
from darkfigure.tables.selection import select
from darkfigure.tables.tabulate import tabulate

#: So many questions equally near are named.
SHOWN = 3


class Kind(StrEnum):
    """What can be given up of a question."""

    CUT = "cut"
    BY = "by"
    CONDITION = "condition"
    UNIT = "unit"
    PERIOD = "period"
    WHOLE = "whole"


@dataclass(frozen=True)
class GivenUp:
    """A thing asked that must be given up; of `CONDITION` which."""

    kind: Kind
    condition: Condition | None = None


@dataclass(frozen=True)
class Nearest:
    """A question that has an answer, and what of the one asked was given up for it.

    `divided` are the conditions given up whose dimension figures are broken down by, for all else
    that was asked: the value is in none of them. `crossing` is whether the period of `question` is
    longer than was asked, not another; `campaigns` are those that its figures are of, where it does
    not name them; `unit` is what its figures count.
    """

    question: Question
    given_up: tuple[GivenUp, ...]
    cells: tuple[Cell, ...]
    divided: tuple[Condition, ...] = ()
    crossing: bool = False
    campaigns: tuple[str, ...] = ()
    unit: str = ""

    @property
    def kinds(self) -> set[Kind]:
        """What sorts of things were given up."""
        return {each.kind for each in self.given_up}


def nearest(question: Question, evidence: Evidence) -> list[Nearest]:
    """The questions, at most three, that have an answer after the fewest things asked are given up;
    none where nothing stands of the measure on the day.
    """
    blocks = evidence.blocks(question.measure.code)
    question = _in_its_unit(question, blocks)
    asked = things_asked(question)
    for count in range(1, len(asked) + 1):
        tried = (
            near
            for given_up in combinations(asked, count)
            for near in _tried(question, given_up, blocks, evidence)
        )
        if found := list(islice(tried, SHOWN)):
            return found
    return list(islice(_parts(question, blocks, evidence), SHOWN))


def _parts(question: Question, blocks: Sequence[Block], evidence: Evidence) -> Iterator[Nearest]:
    """Questions by what figures are broken down by, where there is none of the whole: shares of
    several campaigns have no sum.
    """
    bare = replace(question, by=(), cut="", where=(), period=None)
    given_up = (*things_asked(question), GivenUp(Kind.WHOLE))
    shapes = {
        (block.unit, tuple(sorted(block.shape))): None
        for block in blocks
        if block.role is Role.FIGURE and block.stands_on(question.as_at) and block.shape
    }
    for unit, by in shapes:
        rest = replace(bare, by=by, unit=unit)
        yield from _answered(question, rest, given_up, blocks, evidence)


def _in_its_unit(question: Question, blocks: Sequence[Block]) -> Question:
    """A question in the unit that it is answered in, where figures meet its time; else as it is."""
    if question.unit or not any(_meets(question, block) for block in blocks):
        return question
    return replace(question, unit=select(question, blocks).unit)


def _meets(question: Question, block: Block) -> bool:
    standing = block.role is Role.FIGURE and block.stands_on(question.as_at)
    return standing and (question.period is None or block.period.meets(question.period))


def things_asked(question: Question) -> list[GivenUp]:
    """Everything that can be given up of a question, what is missed least first."""
    return [
        *([GivenUp(Kind.CUT)] if question.cut else []),
        *([GivenUp(Kind.BY)] if question.by else []),
        *(GivenUp(Kind.CONDITION, condition) for condition in question.where),
        *([GivenUp(Kind.UNIT)] if question.unit else []),
        *([GivenUp(Kind.PERIOD)] if question.period else []),
    ]


def _tried(
    question: Question, given_up: Sequence[GivenUp], blocks: Sequence[Block], evidence: Evidence
) -> Iterator[Nearest]:
    yield from _answered(question, without(question, given_up), given_up, blocks, evidence)


def _answered(
    question: Question,
    rest: Question,
    given_up: Sequence[GivenUp],
    blocks: Sequence[Block],
    evidence: Evidence,
) -> Iterator[Nearest]:
    """What is left of a question, where figures answer it; at the nearest time if it gave up its
    own.
    """
    usable = select(rest, blocks).usable
    periods = _with_figures(rest, usable, evidence)
    if not periods:
        return
    crossing = False
    if question.period and rest.period is None:
        rest, crossing = _at_the_nearest_time(rest, question.period, periods)
    gathered = gather_evidence(rest, evidence)
    cells = [cell for cell in tabulate(gathered).cells if _says(cell)]
    if cells:
        yield Nearest(
            rest,
            tuple(given_up),
            tuple(cells),
            tuple(_divided(rest, given_up, blocks, evidence)),
            crossing,
            gathered.campaigns,
            gathered.selection.unit,
        )


def without(question: Question, given_up: Iterable[GivenUp]) -> Question:
    """A question after things asked are given up."""
    for each in given_up:
        if each.kind is Kind.CUT:
            question = replace(question, cut="")
        elif each.kind is Kind.BY:
            question = replace(question, by=())
        elif each.kind is Kind.UNIT:
            question = replace(question, unit="")
        elif each.kind is Kind.PERIOD:
            question = replace(question, period=None)
        else:
            where = tuple(one for one in question.where if one != each.condition)
            question = replace(question, where=where)
    return question


def _says(cell: Cell) -> bool:
    """Whether a cell says anything of how many."""
    return cell.value is not None or bool(cell.low) or cell.high is not None


def _with_figures(question: Question, usable: Sequence[Block], evidence: Evidence) -> set[Period]:
    """The periods for which figures of a question are held, row by row."""
    if not usable:
        return set()
    totals = evidence.totals(usable, question.by, question.where, question.as_at, collapse=False)
    numbers = {number for total in totals if _any_figure(total) for number in total.blocks}
    return {block.period for block in usable if block.id in numbers}


def _any_figure(total: Total) -> bool:
    return bool(total.valued or total.low or total.highs)


def _at_the_nearest_time(
    question: Question, wanted: Period, periods: Iterable[Period]
) -> tuple[Question, bool]:
    """A question for the shortest period held that meets the one wanted, else for that nearest to
    it; and whether they meet.
    """
    if meeting := [period for period in periods if period.meets(wanted)]:
        shortest = min(meeting, key=lambda period: (period.days, period.start))
        return replace(question, period=shortest), True
    nearest_by = min(periods, key=lambda period: (_apart(period, wanted), period.days))
    return replace(question, period=nearest_by), False


def _apart(period: Period, other: Period) -> int:
    """How many days lie between two periods that do not meet."""
    first, second = sorted((period, other), key=lambda each: each.start)
    return (day_before(second.start) - day_after(first.end)).days


def _divided(
    rest: Question, given_up: Iterable[GivenUp], blocks: Sequence[Block], evidence: Evidence
) -> Iterator[Condition]:
    """The conditions given up by whose dimension some figure of the rest is broken down."""
    for each in given_up:
        if each.condition and _broken_down(rest, each.condition.dimension, blocks, evidence):
            yield each.condition


def _broken_down(rest: Question, name: str, blocks: Sequence[Block], evidence: Evidence) -> bool:
    """Whether some figure that answers is broken down by one dimension more."""
    cut = replace(rest, by=(*rest.by, name))
    usable = [block for block in select(cut, blocks).usable if name in block.shape]
    if rest.by:
        usable = [block for block in usable if block.shape.intersection(rest.by)]
    return bool(_with_figures(cut, usable, evidence))
