"""Releases and answers of the same records over two days, with one mistake in a known place: what
of them comes out by integer programmes over the whole table, beside what is said to. Synthetic.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from darkfigure.basis.saying import say
from darkfigure.publication.all_released import Fault, Out, attack, guarded_with_all
from darkfigure.publication.answer import Answer, is_hidden
from darkfigure.publication.small_counts import THRESHOLD, WIDTH, guarded_together
from darkfigure.tables.measures import measure_named
from histories_drawn import Tried
from tables_drawn import NAMES, THINKABLE, UNITS, VALUES, answered

DAYS = date(2009, 1, 12), date(2009, 2, 24)
COUNTS = (0, 0, 0, 1, 2, 3, 4, 5, 6, 9, 40)
KINDS = ("nothing", "total", "vintage", "answer", "share")
#: The least that a share, and what it leaves, is told of here.
ENOUGH = 5


@dataclass(frozen=True)
class Cells:
    """What an answer says of units, by cell; and whom it leaves without anybody."""

    where: str
    day: int
    answer: Answer
    members: Sequence[Sequence[int]]
    nobody: Sequence[int]

    def bounds(self) -> Iterator[tuple[int, frozenset[int], float, float]]:
        """For each cell its place, its units, and the least and the most that it says of them."""
        for place, (cell, units) in enumerate(zip(self.answer.cells, self.members, strict=True)):
            low = cell.low if cell.value is None else cell.value
            high = (
                (np.inf if cell.high is None else cell.high) if cell.value is None else cell.value
            )
            yield place, frozenset(units), float(low or 0), float(high)


def ends(said: Sequence[Cells], within: frozenset[int]) -> tuple[float, float]:
    """The least and the most that some units can hold together on the day of what is said."""
    cells = [each for one in said for each in one.bounds()]
    rows = np.array([np.isin(range(len(THINKABLE)), [*units]) for _, units, _, _ in cells], float)
    most = np.full(len(THINKABLE), 10_000.0)
    most[[unit for one in said for unit in one.nobody]] = 0
    aim = np.isin(range(len(THINKABLE)), [*within]).astype(float)
    low, high = [np.array([each[at] for each in cells]) for at in (2, 3)]
    made = []
    for sign in (1, -1):
        solved = milp(
            sign * aim,
            constraints=LinearConstraint(rows, low, high),
            bounds=Bounds(0, most),
            integrality=np.ones(len(THINKABLE)),
        )
        assert solved.status == 0
        made.append(round(sign * solved.fun))
    return made[0], made[1] if made[1] < 10_000 else np.inf


def _arrests(answer: Answer, measure: str = "arrests", unit: str = "arrests") -> Answer:
    question = replace(answer.question, measure=measure_named(measure))
    return replace(answer, question=question, unit=unit)


def _asked(luck: random.Random) -> tuple[list[str], dict[str, int]]:
    by = luck.sample(NAMES[:3], luck.randint(0, 2))
    where = {name: luck.randint(0, 1) for name in luck.sample(NAMES, luck.choice((0, 0, 1)))}
    return by, where


def _counted(table: Sequence[int], asked: tuple[list[str], dict[str, int]], day: int, where: str):
    made, members, nobody = answered([*table], *asked, DAYS[day], THINKABLE)
    return Cells(where, day, _arrests(made), members, nobody)


@dataclass(frozen=True)
class Released:
    """What was counted on two days, what went out, and how it was asked."""

    tables: tuple[list[int], list[int]]
    gone: tuple[Cells, ...]


def released(luck: random.Random) -> Released:
    """One to three releases of several tables on up to two days, each guarded with all before."""
    table = [luck.choice(COUNTS) for _ in UNITS]
    table[luck.randrange(len(table))] += 12
    later = [*table]
    for at in luck.sample(range(len(table)), luck.randint(1, 4)):
        later[at] = max(0, later[at] + luck.choice((-2, -1, 1, 2, 3, 12)))
    gone: list[Cells] = []
    for number in range(luck.randint(1, 3)):
        day = 0 if number < 2 else luck.randint(0, 1)
        new = [
            _counted((table, later)[day], _asked(luck), day, f"release {number}, table {place}")
            for place in range(luck.randint(1, 2))
        ]
        before = [Out(each.where, each.answer) for each in gone]
        told, attacked = guarded_with_all(
            [each.where for each in new], [each.answer for each in new], before
        )
        if attacked.passes:
            gone += [replace(each, answer=one) for each, one in zip(new, told, strict=True)]
    return Released((table, later), tuple(gone))


def planted(kind: str, made: Released, luck: random.Random) -> Tried:
    """A mistake that goes out after a history, guarded as if it were alone; and what the attack
    says of both.
    """
    if not made.gone:
        return Tried(0, 0, 0)
    first = luck.choice(made.gone)
    day, where = first.day, _kept_to(first.answer)
    by = [*first.answer.question.by]
    if kind == "nothing":
        return _compared(first, [each for each in made.gone if each is not first])
    if kind == "vintage":
        # the same table again, as it stood on the other day
        day = 1 - day
    else:
        # around something that is hidden: by itself, or with what lies beside it
        hidden = [cell for each in made.gone for cell in each.answer.cells if is_hidden(cell)] or [
            *first.answer.cells
        ]
        dims = luck.choice(hidden).dims
        by = [] if kind == "total" else luck.sample([*dims], luck.randint(0, len(dims)))
        where |= {n: VALUES[n].index(str(v)) for n, v in dims.items() if n not in by}
    asked = by, where
    new = _counted(made.tables[day], asked, day, "late")
    if kind == "share":
        return _compared(_shares(replace(new, where="shares")), made.gone)
    (told,) = guarded_together([new.answer])
    return _compared(replace(new, answer=told), made.gone)


def _kept_to(answer: Answer) -> dict[str, int]:
    """What an answer keeps to, by dimension and place."""
    asked = answer.question
    where = {each.dimension: VALUES[each.dimension].index(each.code) for each in asked.where}
    if asked.period:
        where["year"] = VALUES["year"].index(asked.period.label)
    return where


def _shares(new: Cells) -> Cells:
    """What share of each cell became of something, of such as are many."""
    many = [place for place, cell in enumerate(new.answer.cells) if (cell.value or 0) >= 2 * ENOUGH]
    cells = tuple(new.answer.cells[place] for place in many)
    return replace(
        new,
        answer=replace(new.answer, cells=cells),
        members=[new.members[place] for place in many],
        # nothing is said of whom no share is told of
        nobody=[],
    )


def _as_share(new: Cells) -> Answer:
    cells = []
    for cell in new.answer.cells:
        whole = int(cell.value or 0)
        note = say("cases.share", part=whole // 2, whole=whole)
        half = 100 * (whole // 2) / whole
        cells.append(cell._replace(value=half, low=half, high=half, notes=(note,)))
    made = replace(new.answer, cells=tuple(cells))
    return _arrests(made, "arrests_no_further_action", "percent")


def _compared(new: Cells, gone: Sequence[Cells]) -> Tried:
    shares = new.where == "shares"
    answer = _as_share(new) if shares else new.answer
    attacked = attack([Out(new.where, answer)], [Out(each.where, each.answer) for each in gone])
    told = {_named(given.fault, given.cell, given.other) for given in attacked.given}
    there = {*_comes_out(new, gone)}
    return Tried(len(there), len(there & told), len(told - there))


def _named(fault, cell, other):
    kind = "told" if fault in (Fault.TOLD, Fault.NARROW) else str(fault)
    beside = (other.table, other.place) if fault is Fault.LEFT_OVER else ()
    return kind, (cell.table, cell.place), beside


def _comes_out(new: Cells, gone: Sequence[Cells]):
    """What comes out of everything, cell by cell."""
    today = [new, *(each for each in gone if each.day == new.day)]
    other = [each for each in gone if each.day != new.day]
    shown = [*_shown(today)]
    for one in today:
        for place, units, _, _ in one.bounds():
            if units and is_hidden(one.answer.cells[place]):
                least, most = ends(today, units)
                if most - least < WIDTH:
                    yield "told", (one.where, place), ()
    for at, units, number in shown:
        for beside, part, less in shown:
            left = number - less if part < units and at[0] != beside[0] else 0
            if 0 < left < THRESHOLD and new.where in (at[0], beside[0]):
                yield str(Fault.LEFT_OVER), at, beside
    for one, others in ((today, other), (other, today)):
        for at, units, number in _shown(one) if others else ():
            least, most = ends(others, units)
            close = most - least < WIDTH
            if close and 0 < max(abs(number - least), abs(number - most)) < THRESHOLD:
                yield str(Fault.DIFFERENCE), at, ()


def _shown(said: Sequence[Cells]) -> Iterator[tuple[tuple[str, int], frozenset[int], float]]:
    """Every number that is told of somebody."""
    for one in said:
        for place, units, low, high in one.bounds():
            if units and low == high and not is_hidden(one.answer.cells[place]):
                yield (one.where, place), units, low
