"""What everything that went out tells together: counts that were kept out and can be worked out,
and small groups that two days' figures show by their difference.

Answers of one measure, unit and day count out of the same people, whenever they went out. What of a
count is hidden is settled in whole numbers (`disclosure.check`); the difference to what was known
on another day is protected as a count is. A share tells how
many its part is of: those counts are held together with what else is told of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import chain
from typing import Any

import numpy as np

from darkfigure.disclosure.check import Meets, Term, check
from darkfigure.disclosure.elementary import ENDLESS
from darkfigure.disclosure.exact import any_table, extent
from darkfigure.disclosure.published import Named
from darkfigure.disclosure.rules import Rule
from darkfigure.disclosure.together import Counted, known_together
from darkfigure.publication.answer import THRESHOLD, Answer, is_hidden, told_by
from darkfigure.publication.atoms import Atoms, atoms_of
from darkfigure.publication.small_counts import (
    PERCENT,
    WIDTH,
    guarded_together,
    recorded_in,
    whole_in,
)
from darkfigure.publication.worked_out import nested
from darkfigure.tables.case_cells import WHOLE_OF_SHARES
from darkfigure.tables.cell import Cell
from darkfigure.tables.counting import counting_for
from darkfigure.tables.measures import measure_named
from darkfigure.tables.question import CASES

RULE = Rule(threshold=THRESHOLD, width=WIDTH, noughts_shown=False)
#: Beyond so many atoms, what an earlier day's figures say of a sum is not settled one by one.
FEW = 3_000
#: What an answer leaves without anybody, as it is called.
NOT_LISTED = "not listed"


class Fault(StrEnum):
    """How what is protected comes out."""

    TOLD = "told"
    NARROW = "narrow"
    UNPROVED = "unproved"
    LEFT_OVER = "left_over"
    DIFFERENCE = "difference"


@dataclass(frozen=True)
class Out:
    """An answer that goes out or went out: where it stands, and what it says there; of whom it does
    not name, where it is `partial`, nothing.
    """

    where: str
    answer: Answer
    partial: bool = False

    @property
    def counts_people(self) -> tuple[object, ...] | None:
        """What it shares with answers that count out of the same people on other days too; nothing
        where it hides nothing and was stated by others.
        """
        asked = self.answer.question
        guarded = asked.evidence == CASES or any(map(is_hidden, self.answer.cells))
        return (asked.measure.code, self.answer.unit) if guarded else None


@dataclass(frozen=True)
class Given:
    """Something that comes out: the cell whose count, or the pair of whose counts, are told; the
    least and the most that are possible; by which published numbers.
    """

    fault: Fault
    cell: Named
    low: int
    high: int
    other: Named | None = None
    by: tuple[Term, ...] = ()


@dataclass(frozen=True)
class Attacked:
    """What an attacker who holds all that is out makes of it. `places` are the counts, by answer
    and cell of those that go out now, which would have to be hidden besides.
    """

    given: tuple[Given, ...]
    places: frozenset[tuple[int, int]]
    hidden: int
    shown: int
    out: int

    @property
    def passes(self) -> bool:
        """Whether nothing comes out."""
        return not self.given


#: What was worked out of answers that divide people alike, kept while they are guarded.
Once = dict[object, Any]


def attack(
    now: Sequence[Out], before: Sequence[Out], seconds: float = 60.0, once: Once | None = None
) -> Attacked:
    """Attack what is to go out, together with all that went out before. What follows from how
    answers divide people, or from an earlier day alone, is kept in `once` and used again.

    Raises Unreadable where answers cut one another into too many sets to be looked at.
    """
    once = {} if once is None else once
    given: list[Given] = []
    places: set[tuple[int, int]] = set()
    hidden = shown = 0
    for group in _same_people(now, before):
        same = [out for out in group.before if out.answer.question.as_at == group.day]
        others = _by_day([out for out in group.before if out.answer.question.as_at != group.day])
        held = _Held(group.now, same, once)
        hidden, shown = hidden + len(held.together.wanted), shown + held.together.shown
        found = [*held.worked_out(seconds), *held.left_over()]
        for earlier in others:
            found += _differences(group.now, same, earlier, once)
        given += (item for item, _ in found)
        places |= {(group.at[answer], cell) for _, by in found for answer, cell in by}
    return Attacked(tuple(given), frozenset(places), hidden, shown, len(before))


def guarded_with_all(
    where: Sequence[str],
    answers: Sequence[Answer],
    before: Sequence[Out],
    marked: Collection[int] = (),
    seconds: float = 60.0,
) -> tuple[list[Answer], Attacked]:
    """Answers that go out together, guarded so that nothing protected comes out of them and of all
    that went out before; what still does, where hiding more of them is no help.
    """
    hide: frozenset[tuple[int, int]] = frozenset()
    once: Once = {}
    while True:
        told = guarded_together(answers, marked, hide)
        outs = [Out(name, answer) for name, answer in zip(where, told, strict=True)]
        attacked = attack(outs, before, seconds, once)
        if attacked.places <= hide:
            return told, attacked
        hide |= attacked.places


@dataclass(frozen=True)
class _Group:
    """Answers of one measure, unit and day that go out now, with their places among all of them;
    what went out before of the same measure and unit.
    """

    day: date
    now: Sequence[Out]
    at: Sequence[int]
    before: Sequence[Out]


def _same_people(now: Sequence[Out], before: Sequence[Out]) -> Iterator[_Group]:
    groups: dict[tuple[tuple[object, ...], date], list[tuple[int, Out]]] = defaultdict(list)
    for place, given in enumerate(now):
        for out in _with_wholes(given):
            if shared := out.counts_people:
                groups[(shared, out.answer.question.as_at)].append((place, out))
    held = [out for given in before for out in _with_wholes(given)]
    for (key, day), found in groups.items():
        earlier = [out for out in held if out.counts_people == key]
        yield _Group(day, [out for _, out in found], [place for place, _ in found], earlier)


def _with_wholes(out: Out) -> Iterator[Out]:
    """An answer, and of one of shares the counts that they are of, as an answer of its own: what is
    told of each cell stands in the same place.
    """
    yield out
    asked = out.answer.question
    if out.answer.unit != PERCENT or asked.evidence != CASES:
        return
    _, way = counting_for(WHOLE_OF_SHARES)
    whole = replace(asked, measure=measure_named(WHOLE_OF_SHARES), unit="", rule="")
    cells = tuple(
        cell._replace(value=number, low=number, high=number, reasons=(), notes=())
        for cell in out.answer.cells
        for number in (whole_in(cell),)
    )
    made = replace(out.answer, question=whole, unit=way.unit, cells=cells)
    yield Out(out.where, made, partial=True)


def _by_day(before: Sequence[Out]) -> list[list[Out]]:
    days: dict[object, list[Out]] = defaultdict(list)
    for out in before:
        days[out.answer.question.as_at].append(out)
    return [*days.values()]


def _bounds(cell: Cell, unit: str) -> tuple[int, int] | None:
    """The least and the most that a cell says of the people it counts; nothing where it says
    nothing. What could belong to it besides is not among them.
    """
    if is_hidden(cell):
        share = unit == PERCENT
        most = ENDLESS if share or cell.high is None else int(cell.high)
        return 0 if share else int(cell.low or 0), most
    if told_by(cell) == (None, None, None):
        return None
    number = int(recorded_in(cell, unit))
    return number, number


#: What is told, and by which counts that go out now it could be kept from being told.
_Found = tuple[Given, tuple[tuple[int, int], ...]]


@dataclass(frozen=True)
class _Told:
    """A cell of an answer: the answer's place, the cell's in it, what it is called, and the least
    and the most that it says.
    """

    answer: int
    place: int
    name: Named
    bounds: tuple[int, int] | None

    @property
    def shown(self) -> int | None:
        """Its number, where that is told."""
        return self.bounds[0] if self.bounds and self.bounds[0] == self.bounds[1] else None


def _told(outs: Sequence[Out]) -> Iterator[_Told]:
    for at, out in enumerate(outs):
        for place, cell in enumerate(out.answer.cells):
            labels = tuple((name, str(value)) for name, value in cell.dims.items() if value)
            bounds = _bounds(cell, out.answer.unit)
            yield _Told(at, place, Named(out.where, labels, place), bounds)


def _counted(
    members: Sequence[tuple[int, ...]], cells: Sequence[_Told]
) -> dict[tuple[int, ...], Counted]:
    """What cells say of the sets of people that they count."""
    rows: dict[tuple[int, ...], Counted] = {}
    for within, cell in zip(members, cells, strict=True):
        if cell.bounds:
            row = rows.setdefault(within, Counted(np.array(within, dtype=np.int64)))
            row.tell(cell.name, *cell.bounds)
    return rows


class _Held:
    """What an attacker knows of one measure on one day: answers that go out now (`mine` of them),
    and those that went out.
    """

    def __init__(self, now: Sequence[Out], before: Sequence[Out], once: Once) -> None:
        outs = [*now, *before]
        self.atoms = _atoms(outs, once)
        self.cells = [*_told(outs)]
        self.mine = sum(len(out.answer.cells) for out in now)
        rows = _counted(self.atoms.members, self.cells)
        self.together = known_together([*rows.values()], self.atoms.count, noughts_shown=False)

    def worked_out(self, seconds: float) -> Iterator[_Found]:
        """Hidden counts that can be worked out, or are not proved not to be."""
        if not self.together.wanted and not self.together.given:
            return
        places = {cell.name: place for place, cell in enumerate(self.cells)}
        for item in check(self.together, RULE, seconds, exactly=True).found:
            if item.meets is Meets.PROTECTED:
                continue
            told = Given(Fault(str(item.meets)), item.cell, item.low, item.high, by=item.by)
            by = [places[term.cell] for term in item.by] or [*range(self.mine)]
            yield told, self._smallest_of(by)

    def left_over(self) -> Iterator[_Found]:
        """Small groups: what is left of a shown count where another, of a part of its people, went
        out in another place.
        """
        shown = [place for place, cell in enumerate(self.cells) if cell.shown is not None]
        members = [self.atoms.members[place] for place in shown]
        numbers = [float(self.cells[place].shown or 0) for place in shown]
        for (wide, _), (part, _) in nested(members, numbers, THRESHOLD - 1):
            pair = [shown[wide], shown[part]]
            one, other = (self.cells[place] for place in pair)
            if one.answer != other.answer and min(pair) < self.mine:
                left = int(numbers[wide] - numbers[part])
                told = Given(Fault.LEFT_OVER, one.name, left, left, other.name)
                yield told, self._smallest_of(pair)

    def _smallest_of(self, places: Sequence[int]) -> tuple[tuple[int, int], ...]:
        return _smallest([self.cells[place] for place in places if place < self.mine])


def _shape(outs: Sequence[Out]) -> tuple[object, ...]:
    """How answers divide people, whatever they count."""
    return tuple(
        (
            out.answer.question.id,
            out.partial,
            tuple((tuple(cell.dims.items()), cell.status) for cell in out.answer.cells),
        )
        for out in outs
    )


def _atoms(outs: Sequence[Out], once: Once, *, rests: bool = False) -> Atoms:
    key = (rests, _shape(outs))
    if key not in once:
        partial = [place for place, out in enumerate(outs) if out.partial]
        once[key] = atoms_of([out.answer for out in outs], rests=rests, partial=partial)
    made: Atoms = once[key]
    return made


def _differences(
    now: Sequence[Out], same: Sequence[Out], earlier: Sequence[Out], once: Once
) -> Iterator[_Found]:
    """Counts that differ by few from what was known on another day, where that can be known: those
    of the day of what goes out now against what is known of the other, and the other way round.
    """
    mine, others = [*_told([*now, *same])], [*_told(earlier)]
    outs = [*now, *same, *earlier]
    atoms = _atoms(outs, once, rests=True)
    of_mine, of_others = atoms.members[: len(mine)], atoms.members[len(mine) :]
    first = sum(len(out.answer.cells) for out in now)
    today = len(now) + len(same)
    nobody = [*zip(atoms.rests, (out.partial for out in outs), strict=True)]
    here = _Day(of_mine, mine, [at for at, part in nobody[:today] if not part], atoms.count)
    key = ("day", _shape(outs), tuple(cell.bounds for cell in others))
    if key not in once:
        there_nobody = [at for at, part in nobody[today:] if not part]
        once[key] = _Day(of_others, others, there_nobody, atoms.count)
    there: _Day = once[key]
    for cells, places, known, sign in (
        (mine, of_mine, there, 1),
        (others, of_others, here, -1),
    ):
        for place, (cell, members) in enumerate(zip(cells, places, strict=True)):
            if cell.shown is None or not members:
                continue
            low, high, name = known.range_of(members)
            less, more = sorted((sign * (cell.shown - high), sign * (cell.shown - low)))
            if high - low >= WIDTH or not 0 < max(abs(less), abs(more)) < THRESHOLD:
                continue
            goes_out = cells is mine and place < first
            own = [place] if goes_out else _meeting(of_mine[:first], members)
            by = _smallest([mine[at] for at in own])
            yield Given(Fault.DIFFERENCE, cell.name, less, more, name), by


def _meeting(places: Sequence[tuple[int, ...]], members: tuple[int, ...]) -> list[int]:
    """Which cells count any of some people."""
    sought = frozenset(members)
    return [place for place, within in enumerate(places) if sought.intersection(within)]


def _smallest(cells: Sequence[_Told]) -> tuple[tuple[int, int], ...]:
    """The smallest shown count among some, by answer and cell: hidden, it tells no more."""
    shown = [(cell.shown, cell.answer, cell.place) for cell in cells if cell.shown]
    return tuple((answer, place) for _, answer, place in sorted(shown)[:1])


class _Day:
    """What is known of the people of a day from what went out of it."""

    def __init__(
        self,
        members: Sequence[tuple[int, ...]],
        cells: Sequence[_Told],
        nobody: Sequence[tuple[int, ...]],
        count: int,
    ) -> None:
        empty = [_Told(0, 0, Named(NOT_LISTED, (), at), (0, 0)) for at in range(len(nobody))]
        self._rows = _counted([*members, *nobody], [*cells, *empty])
        self._count = count
        self._reached = frozenset(chain(*self._rows))
        self._known = known_together([*self._rows.values()], count, noughts_shown=False)
        self._truth = any_table(self._known.knowledge) if count <= FEW else None
        self._ranges: dict[tuple[int, ...], tuple[int, int, Named | None]] = {}

    def range_of(self, members: tuple[int, ...]) -> tuple[int, int, Named | None]:
        """The least and the most that a set of people held that day, and the cell that says so
        itself, where one does.
        """
        if members not in self._ranges:
            self._ranges[members] = self._range_of(members)
        return self._ranges[members]

    def _range_of(self, members: tuple[int, ...]) -> tuple[int, int, Named | None]:
        if (row := self._rows.get(members)) and row.low == row.high:
            return row.low, row.high, row.name
        if self._truth is None or not self._reached.issuperset(members):
            return 0, ENDLESS, None
        ones = np.zeros((1, self._count), dtype=np.int64)
        ones[0, list(members)] = 1
        sought = type(self._known.knowledge.rows)(ones)
        known = replace(
            self._known.knowledge,
            wanted=sought,
            beside=np.zeros(1, dtype=np.int64),
            wanted_name=np.zeros(1, dtype=np.int64),
        )
        low, high, sure = extent(known, self._truth, 0)
        return (low, high, None) if sure else (0, ENDLESS, None)
