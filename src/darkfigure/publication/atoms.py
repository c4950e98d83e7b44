"""What the cells of several answers are made of: the smallest sets of units that they tell apart.

Cells of one measure, unit, rule and day count out of the same units. Each cell takes some values of
some dimensions, some stretch of time and cases concluded or not; where two cells cut across one
another the units fall into smaller sets, *atoms*, and every count is a sum of atoms. What an answer
lists is all there is: an atom that meets its conditions and is in none of its cells holds nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, combinations

from darkfigure.basis.errors import Unreadable
from darkfigure.basis.period import Period, day_after, parse_period
from darkfigure.basis.statement import TIME_CUTS
from darkfigure.basis.status import Status
from darkfigure.codes import SEPARATOR, codes_for
from darkfigure.codes.nationality_groups import group_of, unions
from darkfigure.publication.answer import Answer
from darkfigure.tables.cell import Cell
from darkfigure.tables.question import Condition, Question

#: Beside dimensions, units differ by time and by whether their case is concluded.
TIME, STATE = "@time", "@state"
OPEN, DONE = "open", "done"
GROUP, OF = "nationality_group", "nationality"
#: Any value that nobody names.
OTHER = "\x00"
#: So many atoms are looked at; parts that cut one another into more are for several responses.
MOST = 20_000

Value = str | int | None
#: The values that units of a set have, by dimension; any where a dimension is not named.
Box = Mapping[str, frozenset[Value]]


@dataclass(frozen=True)
class Atoms:
    """For each cell, in the order given, the atoms that it counts; `count` are the atoms. `rests`
    are, where they were asked for, those of each answer that it leaves without anybody.
    """

    members: tuple[tuple[int, ...], ...]
    count: int
    rests: tuple[tuple[int, ...], ...] = ()


def atoms_of(
    answers: Sequence[Answer], *, rests: bool = False, partial: Collection[int] = ()
) -> Atoms:
    """The atoms of answers that count out of the same units: cells in the order of the answers.

    With `rests`, of answers for several days: what one leaves without anybody may hold somebody on
    another. Of whom the cells of `partial` answers do not name those say nothing.

    Raises Unreadable where there are more than can be looked at.
    """
    universe = _Universe(answers)
    boxes: list[tuple[Box, tuple[int, ...]]] = [({}, ())]
    first = 0
    for place, answer in enumerate(answers):
        conditions = universe.kept(answer.question)
        cells = [universe.box(answer.question, cell) for cell in answer.cells]
        own = _Cut(conditions, cells, first, universe)
        said = (own.first + len(cells),) if rests else ()
        left = rests or place in partial
        boxes = [
            made
            for box in boxes
            for made in (*own.of(box), *(own.rest_of(box, said) if left else ()))
        ]
        if len(boxes) > MOST:
            raise Unreadable(
                "The parts divide the same persons in too many ways for small counts to be kept "
                "safe. Ask for fewer breakdowns in one response."
            )
        first += len(cells) + rests
    signatures = [*dict.fromkeys(within for _, within in boxes if within)]
    members: list[list[int]] = [[] for _ in range(first)]
    for atom, within in enumerate(signatures):
        for cell in within:
            members[cell].append(atom)
    if not rests:
        return Atoms(tuple(map(tuple, members)), len(signatures))
    ends = [*accumulate(len(answer.cells) + 1 for answer in answers)]
    return Atoms(
        tuple(tuple(within) for place, within in enumerate(members, 1) if place not in ends),
        len(signatures),
        tuple(tuple(members[end - 1]) for end in ends),
    )


@dataclass(frozen=True)
class _Cut:
    """An answer that cuts boxes: what it keeps to, what its cells hold, the first one's number."""

    conditions: Box
    cells: Sequence[Box]
    first: int
    universe: _Universe

    def of(self, box_within: tuple[Box, tuple[int, ...]]) -> Iterator[tuple[Box, tuple[int, ...]]]:
        """What the conditions leave out of a box, and what of it each cell holds."""
        box, within = box_within
        yield from ((out, within) for out in _without(box, self.conditions, self.universe))
        inside = _met(box, self.conditions, self.universe)
        if inside is None:
            return
        for place, cell in enumerate(self.cells, self.first):
            met = _met(inside, cell, self.universe)
            if met is not None:
                yield met, (*within, place)

    def rest_of(
        self, box_within: tuple[Box, tuple[int, ...]], said: tuple[int, ...]
    ) -> Iterator[tuple[Box, tuple[int, ...]]]:
        """What of a box meets the conditions and is in no cell, as a cell of its own or none."""
        box, within = box_within
        inside = _met(box, self.conditions, self.universe)
        left = [inside] if inside is not None else []
        for cell in self.cells:
            left = [out for part in left for out in _without(part, cell, self.universe)]
            if len(left) > MOST:
                raise Unreadable(
                    "The parts divide the same persons in too many ways to be compared with what "
                    "went out before."
                )
        yield from ((part, (*within, *said)) for part in left)


def _without(box: Box, other: Box, universe: _Universe) -> Iterator[Box]:
    """What of a box is not in another, in boxes."""
    inside: Box | None = box
    for name, values in other.items():
        if inside is None:
            return
        out = universe.values(inside, name) - values
        if out:
            yield {**inside, name: out}
        inside = _met(inside, {name: values}, universe)


def _met(one: Box, other: Box, universe: _Universe) -> Box | None:
    """What two boxes have in common, if anything."""
    made = dict(one)
    for name, values in other.items():
        both = universe.values(one, name) & values
        if not both:
            return None
        made[name] = both
    return made


class _Universe:
    """The values that units may have, of everything that some answers speak of."""

    def __init__(self, answers: Sequence[Answer]) -> None:
        questions = [answer.question for answer in answers]
        self._bounds = _segments(answers)
        named: dict[str, set[str | None]] = {}
        for answer in answers:
            for name, value in (pair for cell in answer.cells for pair in _dimensions(cell)):
                named.setdefault(name, {None}).add(value)
            for condition in answer.question.where:
                named.setdefault(condition.dimension, {None}).add(condition.code)
        if GROUP in named:
            named.setdefault(OF, {None})
        inclusive = {
            answer for question in questions for answer in question.where if answer.inclusive
        }
        self._values: dict[str, frozenset[Value]] = {
            name: frozenset([*values, *codes_for(name).codes, *_others(name, inclusive)])
            for name, values in named.items()
        }
        self._values[TIME] = frozenset(range(len(self._bounds) + 1))
        self._values[STATE] = frozenset((OPEN, DONE))

    def values(self, box: Box, name: str) -> frozenset[Value]:
        """The values of a dimension in a box."""
        return box[name] if name in box else self._values[name]

    def kept(self, question: Question) -> Box:
        """What a question keeps to."""
        box: dict[str, frozenset[Value]] = {}
        for condition in question.where:
            name, met = self._meeting(condition)
            box[name] = box.get(name, self._values[name]) & met
        if question.period:
            box[TIME] = self._during(question.period)
        return box

    def box(self, question: Question, cell: Cell) -> Box:
        """What a cell counts, of what its question keeps to."""
        box: dict[str, frozenset[Value]] = {
            STATE: frozenset([OPEN if cell.status == Status.IN_PROGRESS else DONE])
        }
        for name, value in _dimensions(cell):
            if name == GROUP:
                box[OF] = box.get(OF, self._values[OF]) & self._of_group(value)
            else:
                box[name] = box.get(name, self._values[name]) & {value}
        if period := _stretch(question, cell):
            box[TIME] = self._during(period)
        return box

    def _meeting(self, condition: Condition) -> tuple[str, frozenset[Value]]:
        if condition.dimension == GROUP:
            return OF, self._of_group(condition.code)
        met = frozenset(
            value
            for value in self._values[condition.dimension]
            if isinstance(value, str) and condition.holds_for(value)
        )
        return condition.dimension, met

    def _of_group(self, group: str | None) -> frozenset[Value]:
        if group in (states := unions()):
            return frozenset(value for value in self._values[OF] if value in states[str(group)])
        return frozenset(
            value
            for value in self._values[OF]
            if (group_of(value) if isinstance(value, str) else None) == group
        )

    def _during(self, period: Period) -> frozenset[Value]:
        """The stretches of time, between any two days that something begins or ends, of a
        period.
        """
        return frozenset(
            place + 1
            for place, (first, after) in enumerate(
                zip(self._bounds, self._bounds[1:], strict=False)
            )
            if period.start <= first and after <= day_after(period.end)
        )


def _segments(answers: Sequence[Answer]) -> list[date]:
    """The days on which anything asked about, or a stretch of a cell, begins or is over."""
    periods = [answer.question.period for answer in answers]
    periods += [_stretch(answer.question, cell) for answer in answers for cell in answer.cells]
    days = {day for answer in periods if answer for day in (answer.start, day_after(answer.end))}
    return sorted(days)


def _dimensions(cell: Cell) -> Iterator[tuple[str, str | None]]:
    return ((name, value) for name, value in cell.dims.items() if name not in TIME_CUTS)


def _stretch(question: Question, cell: Cell) -> Period | None:
    """The stretch of time that a cell is for, where time is cut."""
    label = cell.dims.get(question.cut) if question.cut else None
    if not label:
        return None
    # 2007-08 by itself is two years
    return parse_period(f"{label}..{label}" if question.cut == "month" else label)


def _others(name: str, inclusive: Iterable[Condition]) -> Iterator[str]:
    """Values that nobody names: one that meets no condition, and combinations of those met."""
    yield OTHER
    codes = sorted({each.code for each in inclusive if each.dimension == name})[:4]
    for many in range(1, len(codes) + 1):
        for some in combinations(codes, many):
            yield SEPARATOR.join([*some, OTHER])
