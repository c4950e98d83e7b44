"""Histories of releases of the same records, with one mistake in a known place, and what of them
can be worked out: by trying every whole table, or by two integer programmes for each number where
there are too many. Everything is synthetic.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product
from pathlib import Path

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from darkfigure.basis.errors import Unreadable
from darkfigure.disclosure.check import Meets
from darkfigure.disclosure.cube import TOTAL, Cube, dimension
from darkfigure.disclosure.protect import Method, Protected, protect
from darkfigure.disclosure.published import PublishedCell, PublishedTable
from darkfigure.disclosure.rules import Rule
from darkfigure_hub.flows.protect_table import check_tables

RULE = Rule(threshold=4)
SHAPES = ((2, 3), (3, 3), (2, 2, 2), (2, 4))
COUNTS = (0, 1, 2, 3, 3, 4, 5, 7, 9, 14)
#: Nobody counts more here; of more whole tables than so many none are tried.
MOST, TABLES = 400, 20_000
#: What is planted; nothing at all is one of them.
KINDS = ("nothing", "total", "vintage", "rounding", "answer", "share")

Key = tuple[tuple[str, str], ...]


@dataclass
class Table:
    """A file as it is published: for each cell its number as told, and what that says of the people
    in it: weights of the base cells, the least and the most of their sum.
    """

    name: str
    dims: Sequence[str]
    cells: dict[Key, str] = field(default_factory=dict)
    says: list[tuple[np.ndarray, float, float]] = field(default_factory=list)
    #: Sums that are kept out, or told nearly.
    hidden: dict[Key, np.ndarray] = field(default_factory=dict)
    near: dict[Key, np.ndarray] = field(default_factory=dict)
    base: int = 0
    over: str = ""

    def write(self, folder: Path) -> Path:
        """The table as CSV."""
        path = folder / self.name
        with path.open("w", newline="") as out:
            rows = csv.writer(out)
            rows.writerow([*self.dims, "percent" if self.over else "count"])
            for key, told in self.cells.items():
                values = dict(key)
                rows.writerow([*(values.get(name, TOTAL) for name in self.dims), told])
        return path


@dataclass(frozen=True)
class People:
    """The records of a day: for each combination of values how many have it."""

    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    counts: np.ndarray

    def cube(self) -> Cube:
        """All margins of them."""
        sizes = [dict.fromkeys(row[at] for row in self.rows) for at in range(len(self.names))]
        axes = [dimension(name, own) for name, own in zip(self.names, sizes, strict=True)]
        places = [{value: at for at, value in enumerate(axis.levels[0])} for axis in axes]
        codes = [[own[value] for own, value in zip(places, row, strict=True)] for row in self.rows]
        return Cube(axes, np.array(codes, dtype=np.int64), self.counts)

    def over(self, dims: Sequence[str]) -> People:
        """The same records, by some dimensions alone."""
        keys = [*self.keys(dims, margins=False)]
        rows = tuple(tuple(value for _, value in key) for key in keys)
        return People(tuple(sorted(dims)), rows, np.array([self.count(key) for key in keys]))

    def within(self, key: Key) -> np.ndarray:
        """Who has some values, as noughts and ones."""
        at = {name: place for place, name in enumerate(self.names)}
        return np.array([all(row[at[name]] == v for name, v in key) for row in self.rows], float)

    def keys(self, dims: Sequence[str], *, margins: bool = True) -> Iterator[Key]:
        """Every cell of some dimensions, finest first."""
        for size in range(len(dims), -1 if margins else len(dims) - 1, -1):
            for kept in combinations(sorted(dims), size):
                values = [
                    sorted({row[self.names.index(name)] for row in self.rows}) for name in kept
                ]
                yield from (tuple(zip(kept, row, strict=True)) for row in product(*values))

    def count(self, key: Key) -> int:
        """How many have some values."""
        return int(self.within(key) @ self.counts)


def drawn(luck: random.Random) -> People:
    """Records of a day."""
    shape = luck.choice(SHAPES)
    names = tuple("abc"[: len(shape)])
    rows = [*product(*([f"{n}{v}" for v in range(s)] for n, s in zip(names, shape, strict=True)))]
    counts = np.array([luck.choice(COUNTS) for _ in rows])
    counts[luck.randrange(len(rows))] += 12
    return People(names, tuple(rows), counts)


def later(people: People, luck: random.Random) -> People:
    """The same records on a later day: some are counted otherwise."""
    counts = people.counts.copy()
    for place in luck.sample(range(len(counts)), luck.randint(1, 3)):
        counts[place] = max(0, counts[place] + luck.choice((-2, -1, 1, 2, 3, 11)))
    return People(people.names, people.rows, counts)


def hidden_in(people: People, earlier: Sequence[PublishedTable] = ()) -> dict[Key, bool]:
    """For each cell of all margins that holds somebody whether it is kept out."""
    made = protect(people.cube(), RULE, Method.SUPPRESS, earlier=earlier)
    assert made.safe
    return hidden_of(made)


def hidden_of(made: Protected) -> dict[Key, bool]:
    """For each cell of a protected table whether it is kept out."""
    return {
        tuple((name, v) for name, v in values.items() if v != TOTAL): bool(made.hidden[figure])
        for values, figure in made.cube.rows()
    }


def whole(
    name: str,
    people: People,
    dims: Sequence[str],
    hidden: Mapping[Key, bool],
    undivided: tuple[str, int] = ("", 0),
) -> Table:
    """A table with all its margins, as it was protected; a value may be divided by no more than so
    many dimensions.
    """
    made = Table(name, dims)
    value, most = undivided
    empty = []
    for key in people.keys(dims):
        if len(key) > most and value in (own for _, own in key):
            continue
        within, count = people.within(key), people.count(key)
        if not count:
            empty.append(key)
        elif hidden[key]:
            made.cells[key], made.hidden[key] = "*", within
            made.says.append((within, 1, np.inf))
        else:
            made.cells[key] = str(count)
            made.says.append((within, count, count))
    made.says += ((people.within(key), 0, 0) for key in empty if _says_nobody(key, made.cells))
    return made


def _says_nobody(key: Key, listed: Mapping[Key, str]) -> bool:
    """Whether every total that a cell is part of is divided, so that nobody is in it."""
    finer = [{*other} for other in listed if {n for n, _ in other} == {n for n, _ in key}]
    return all(any({*part} < other for other in finer) for part in listed if {*part} < {*key})


def shown(name: str, people: People, dims: Sequence[str], keys: Sequence[Key]) -> Table:
    """A part of the people, with their numbers."""
    made = Table(name, dims)
    for key in keys:
        count = people.count(key)
        made.cells[key] = str(count)
        made.says.append((people.within(key), count, count))
    return made


def near(people: People, dims: Sequence[str], base: int) -> Table:
    """A table of which each number is rounded to the nearest multiple by itself."""
    made = Table("rounded.csv", dims, base=base)
    for key in people.keys(dims):
        within, count = people.within(key), people.count(key)
        told = (count + base // 2) // base * base
        made.cells[key] = str(told)
        made.near[key] = within
        made.says.append((within, max(told - base + 1, 0), told + base - 1))
    return made


def shares(people: People, dims: Sequence[str], over: str, places: int) -> Table:
    """What percent of all who are alike but for one dimension have each value of it."""
    made = Table("shares.csv", dims, over=over)
    step = 10.0**-places
    for key in people.keys(dims, margins=False):
        part = people.within(key)
        every = people.within(tuple(pair for pair in key if pair[0] != over))
        if not (of := int(every @ people.counts)):
            continue
        told = f"{100 * people.count(key) / of:.{places}f}"
        made.cells[key], made.near[key] = told, part
        low, high = (
            round((float(told) - step / 2) / step * 2),
            round((float(told) / step + 0.5) * 2),
        )
        per = round(200 / step)
        made.says.append((per * part - max(low, 0) * every, 0, np.inf))
        made.says.append((min(high, per) * every - per * part, 0, np.inf))
    return made


def ends(says: Sequence[tuple[np.ndarray, float, float]], sought: Sequence[np.ndarray]):
    """The least and the most that sums of the base cells have in all whole tables."""
    tables = _every_table(says)
    if tables is not None:
        return [
            ((t := tables @ each).min(), t.max() if t.max() < MOST else np.inf) for each in sought
        ]
    rows = LinearConstraint(
        np.array([row for row, _, _ in says]),
        np.array([low for _, low, _ in says], float),
        np.array([high for _, _, high in says], float),
    )
    found = []
    for each in sought:
        both = []
        for sign in (1, -1):
            size = len(each)
            done = milp(
                sign * each, constraints=rows, bounds=Bounds(0, MOST), integrality=np.ones(size)
            )
            assert done.status == 0
            both.append(round(sign * done.fun))
        found.append((both[0], both[1] if both[1] < MOST else np.inf))
    return found


def _every_table(says: Sequence[tuple[np.ndarray, float, float]]) -> np.ndarray | None:
    """All whole tables that agree, one base cell after another; None where there are too many."""
    size = len(says[0][0])
    most = np.full(size, MOST)
    for row, _, high in says:
        # sums of people alone bound each of them
        if set(row) <= {0.0, 1.0} and high < MOST:
            most[row > 0] = np.minimum(most[row > 0], int(high))
    made = np.zeros((1, 0))
    for place in range(size):
        if len(made) * (most[place] + 1) > 20 * TABLES:
            return None
        made = np.hstack(
            [
                np.repeat(made, most[place] + 1, 0),
                np.tile(np.arange(most[place] + 1), len(made))[:, None],
            ]
        )
        for row, low, high in says:
            rest = row[place + 1 :]
            so_far = made @ row[: place + 1]
            if (rest >= 0).all():
                made, so_far = made[so_far <= high], so_far[so_far <= high]
            if not rest.any():
                made = made[so_far >= low]
        if len(made) > TABLES:
            return None
    return made


@dataclass
class Tried:
    """What became of one mistake: cells that can be worked out, those found, those accused though
    they cannot be.
    """

    recoverable: int
    found: int
    falsely: int


@dataclass(frozen=True)
class History:
    """Tables of one or two days by release, what is hidden of each day, and the records."""

    days: tuple[People, ...]
    hidden: tuple[Mapping[Key, bool], ...]
    tables: tuple[tuple[Table, ...], ...]


def history(luck: random.Random) -> History:
    """One to three releases on up to two days, each of several tables, all well protected."""
    while True:
        try:
            return _history(luck)
        except Unreadable:  # it holds too few for anything to be shown
            continue


def _history(luck: random.Random) -> History:
    first = drawn(luck)
    days, releases = [first], luck.randint(1, 3)
    if releases > 1 and luck.random() < 0.5:
        days.append(later(first, luck))
    hidden = [hidden_in(first)]
    for people in days[1:]:
        before = whole("", first, first.names, hidden[0])
        hidden.append(hidden_in(people, [as_published(before)]))
    tables: list[list[Table]] = [[] for _ in days]
    for release in range(releases):
        day = min(release, len(days) - 1)
        for number in range(luck.randint(1, 2)):
            names = first.names
            dims = names if not tables[day] else luck.sample(names, luck.randint(1, len(names)))
            name = f"release{release}_{number}.csv"
            value = luck.choice([v for row in first.rows for v in row if v[0] in dims])
            undivided = (value, luck.randint(1, len(dims))) if luck.random() < 0.3 else ("", 0)
            tables[day].append(whole(name, days[day], dims, hidden[day], undivided))
    return History(tuple(days), tuple(hidden), tuple(map(tuple, tables)))


def as_published(table: Table) -> PublishedTable:
    """The table, without its file."""
    cells = (
        PublishedCell(dict(key), *((1, 2**41) if told == "*" else (int(told), int(told))), place)
        for place, (key, told) in enumerate(table.cells.items())
    )
    return PublishedTable(table.name, tuple(table.dims), tuple(cells))


def planted(kind: str, made: History, luck: random.Random, folder: Path) -> Tried:
    """A mistake planted in a history, and what the check says of it."""
    if kind == "vintage":
        return _vintage(made, luck, folder)
    day = luck.randrange(len(made.days))
    people, hidden = made.days[day], made.hidden[day]
    if kind == "nothing":
        return _compared(made.tables[day], folder)
    kept = [key for key, out in hidden.items() if out]
    names = people.names
    dims = [*luck.sample(names, luck.randint(1, len(names)))]
    if kind == "rounding":
        more = near(people, dims, luck.choice((2, 3, 7)))
    elif kind == "share":
        more = shares(people, dims, luck.choice(dims), luck.choice((0, 1)))
    elif kind == "total":
        margins = [key for key in kept if len(key) < len(names)] or kept or [()]
        key = luck.choice(margins)
        more = shown("late.csv", people, [name for name, _ in key] or names[:1], [key])
    else:
        name = luck.choice(names)
        value = luck.choice([row[names.index(name)] for row in people.rows])
        others = [each for each in names if each != name]
        by = luck.sample(others, luck.randint(1, len(others)))
        rows = [tuple(sorted((*key, (name, value)))) for key in people.keys(by, margins=False)]
        rows = [key for key in rows if people.count(key)] or [((name, value),)]
        more = shown("answer.csv", people, [*by, name], rows)
    return _compared([*made.tables[day], more], folder)


def _compared(tables: Sequence[Table], folder: Path) -> Tried:
    """What the check finds among tables of one day, beside what there is."""
    says = [each for table in tables for each in table.says]
    public = {tuple(row) for row, low, high in says if low == high and set(row) <= {0.0, 1.0}}
    hidden = {(t.name, frozenset(k)): row for t in tables for k, row in t.hidden.items()}
    nearly = {(t.name, frozenset(k)): row for t in tables for k, row in t.near.items()}
    bounds = dict(zip(hidden | nearly, ends(says, [*(hidden | nearly).values()]), strict=True))
    rest = {tuple(row) for row in hidden.values()} | public
    recoverable = {cell for cell in hidden if bounds[cell][0] == bounds[cell][1]} | {
        cell
        for cell, row in nearly.items()
        if tuple(row) not in rest and 0 < bounds[cell][0] == bounds[cell][1] < RULE.threshold
    }
    found = check_tables(
        [table.write(folder) for table in tables],
        rule=str(RULE),
        bases={table.name: table.base for table in tables if table.base},
        shares={table.name: [table.over] for table in tables if table.over},
    )
    assert {(each.cell.table, frozenset(each.cell.values)) for each in found.checked[0].found} >= {
        *hidden
    }
    told: set[object] = set()
    for each in found.checked[0].found:
        cell = (each.cell.table, frozenset(each.cell.values))
        low, high = bounds[cell]
        if each.exact:
            assert each.low == low, each
            assert each.high == high or each.high > MOST, each
        if each.meets is Meets.TOLD:
            told.add(cell)
        else:
            assert each.meets is Meets.PROTECTED
    return Tried(len(recoverable), len(recoverable & told), len(told - recoverable))


def _vintage(made: History, luck: random.Random, folder: Path) -> Tried:
    """A later day's table, protected as if nothing had gone out before."""
    before = luck.choice(made.tables[0])
    people = later(made.days[0], luck)
    try:
        after = whole("later.csv", people, before.dims, hidden_in(people))
    except Unreadable:
        return Tried(0, 0, 0)
    keys = [*people.keys(before.dims)]
    sought = [people.within(key) for key in keys]
    ranges = [ends(table.says, sought) for table in (before, after)]
    recoverable = {
        frozenset(key)
        for key, (a, b), (c, d) in zip(keys, *ranges, strict=True)
        if a == b and c == d and 0 < abs(a - c) < RULE.threshold
    }
    found = check_tables([before.write(folder), after.write(folder)], rule=str(RULE), vintages=True)
    told = {frozenset(new.values.items()) for each in found.differences for _, new in each.cells}
    return Tried(len(recoverable), len(recoverable & told), len(told - recoverable))
