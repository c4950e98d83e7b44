"""Tables as they were published, anybody's: what somebody knows who holds them all.

A published table is rows of values, one for each of its dimensions or the total, with a number, a
range or nothing. Several tables of the same people make one set of unknowns, *atoms*: the
combinations of values that all of them list. What a table with a grand total does not list holds
nobody, unless noughts are hidden; a table without one is of a part of the people, and says nothing
of others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from math import prod
from typing import NoReturn

import numpy as np
import polars as pl
from scipy import sparse

from darkfigure.basis.errors import Unreadable
from darkfigure.disclosure.cube import TOTAL, Whole
from darkfigure.disclosure.elementary import ENDLESS
from darkfigure.disclosure.knowledge import Knowledge, Rows
from darkfigure.disclosure.rules import Rule

#: So many combinations are looked at together.
MOST_ATOMS = 200_000
#: What a table of a part of the people leaves unnamed.
REST = "\x00"
#: Where a cell stands that a table does not list.
UNLISTED = -1


@dataclass(frozen=True)
class PublishedCell:
    """One number of a table: its values by dimension (totals are left out), the least and the most
    that the table says of it (equal where it is shown), and where it stands.
    """

    values: Mapping[str, str]
    low: int
    high: int
    place: int = 0

    @property
    def shown(self) -> bool:
        """Whether the number itself is said."""
        return self.low == self.high


@dataclass(frozen=True)
class PublishedTable:
    """A table: its name, its dimensions, its cells; whether what it does not list may be some."""

    name: str
    dimensions: tuple[str, ...]
    cells: tuple[PublishedCell, ...]
    #: The most that a cell may hold which is not listed: what rounds to nought is left out.
    unlisted: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether it says how many people there are in all: what it does not list holds nobody."""
        return any(not cell.values for cell in self.cells)

    @property
    def finest(self) -> list[PublishedCell]:
        """The cells that have a value for every dimension."""
        return [cell for cell in self.cells if cell.values.keys() >= {*self.dimensions}]


@dataclass(frozen=True)
class Named:
    """A cell of a table, to be told of: the table, its values, and where it stands."""

    table: str
    values: tuple[tuple[str, str], ...]
    place: int

    def __str__(self) -> str:
        told = ", ".join(value for _, value in self.values) or TOTAL
        return f"{told} ({self.table})"


@dataclass(frozen=True)
class Together:
    """What several tables say together: the knowledge, what its rows and wanted sums are called,
    how many figures are shown, and hidden cells whose people another cell shows, with its number;
    and cells that show a small count.
    """

    knowledge: Knowledge
    rows: tuple[Named, ...]
    wanted: tuple[Named, ...]
    shown: int
    given: tuple[tuple[Named, Named, int], ...] = ()
    small: tuple[tuple[Named, int], ...] = ()


def together(
    tables: Sequence[PublishedTable],
    rule: Rule,
    within: Sequence[Mapping[str, Mapping[str, str]]] = (),
) -> Together:
    """What tables of the same people say together.

    `within` says of a dimension's values which value of another each goes with:
    `{"region": {"Kent": "South East"}}` keyed by the other dimension. Groups may stand among the
    values that they hold, as margins do that were protected with their values. Raises Unreadable
    where the tables make too many combinations, or have no dimension in common with any other.
    """
    tables = [_grouped(table, within) for table in tables]
    values = _values(tables)
    tables = [_listing_all(table, values) for table in tables]
    atoms = _atoms(tables, rule, within)
    cells = _cells(tables, atoms)
    small = tuple(
        (name, row.low) for row in cells if 0 < row.low < rule.threshold for name in row.names
    )
    known = known_together(cells, atoms.height, noughts_shown=rule.noughts_shown)
    return replace(known, small=small)


def _grouped(
    table: PublishedTable, within: Sequence[Mapping[str, Mapping[str, str]]]
) -> PublishedTable:
    """A table in whose cells a group that stands among its values is one of a dimension of its
    own.
    """
    held = _values([table])
    moved: dict[tuple[str, str], str] = {}
    for coarse, pairs in (each for groups in within for each in groups.items()):
        for name in held.keys() - {coarse}:
            if {*held[name]} & pairs.keys():
                moved |= {(name, group): coarse for group in {*pairs.values()} - pairs.keys()}
    cells = (
        replace(cell, values={moved.get(each, each[0]): each[1] for each in cell.values.items()})
        for cell in table.cells
    )
    return replace(table, cells=tuple(cells)) if moved else table


def _listing_all(table: PublishedTable, values: Mapping[str, Sequence[str]]) -> PublishedTable:
    """A table with the cells that it does not list, where those may hold somebody."""
    names = [name for name in table.dimensions if name in values]
    if not table.unlisted or not table.is_whole or table.unlisted >= ENDLESS:
        return table
    if prod(len(values[name]) for name in names) > MOST_ATOMS:
        _refuse_many()
    listed = {tuple(cell.values[name] for name in names) for cell in table.finest}
    more = (
        PublishedCell(dict(zip(names, row, strict=True)), 0, table.unlisted, UNLISTED)
        for row in product(*(values[name] for name in names))
        if row not in listed
    )
    return replace(table, cells=(*table.cells, *more))


def _atoms(
    tables: Sequence[PublishedTable],
    rule: Rule,
    within: Sequence[Mapping[str, Mapping[str, str]]],
) -> pl.DataFrame:
    """The combinations that can hold somebody: those that all whole tables list, with what lies
    within what; tables of a part of the people split them further, or add to them.
    """
    values = _values(tables)
    whole = [table for table in tables if table.is_whole]
    parts = [
        _listed(table, rule.noughts_shown and table.unlisted < ENDLESS, values) for table in whole
    ]
    columns = {name for table in tables for name in table.dimensions}
    for groups in within:
        parts += [
            _pairs(coarse, pairs, values, apart=coarse in columns & values.keys())
            for coarse, pairs in groups.items()
        ]
    # the finest first, so that coarser ones only take away
    parts = sorted((part for part in parts if part.width), key=lambda part: -part.width)
    atoms = parts[0] if parts else pl.DataFrame()
    for part in parts[1:]:
        common = [name for name in part.columns if name in atoms.columns]
        atoms = atoms.join(part, on=common) if common else atoms.join(part, how="cross")
        _checked(atoms)
    for table in tables:
        if not table.is_whole:
            atoms = _split(atoms, table, rests=bool(whole))
            _checked(atoms)
    return atoms if atoms.width else pl.DataFrame({TOTAL: [TOTAL]})


def _checked(atoms: pl.DataFrame) -> None:
    if atoms.height > MOST_ATOMS:
        _refuse_many()


def _refuse_many() -> NoReturn:
    raise Unreadable(
        f"These tables cut one another into more than {MOST_ATOMS:,} combinations: check fewer of "
        "them together, or say what lies within what (--within)."
    )


def _values(tables: Sequence[PublishedTable]) -> dict[str, list[str]]:
    """Every value of every dimension, as any table names it."""
    values: dict[str, dict[str, None]] = {}
    for table in tables:
        for cell in table.cells:
            for name, value in cell.values.items():
                values.setdefault(name, {})[value] = None
    return {name: list(known) for name, known in values.items()}


def _listed(
    table: PublishedTable, noughts_shown: bool, values: Mapping[str, Sequence[str]]
) -> pl.DataFrame:
    """The combinations that a whole table lists; where noughts are hidden, all there can be."""
    names = [name for name in table.dimensions if name in values]
    if noughts_shown and table.finest:
        rows = [cell.values for cell in table.finest if cell.high > 0]
        return pl.DataFrame(
            {name: [row[name] for row in rows] for name in names},
            schema=dict.fromkeys(names, pl.String),
        ).unique(maintain_order=True)
    atoms = pl.DataFrame()
    for name in names:
        column = pl.DataFrame({name: values[name]})
        atoms = atoms.join(column, how="cross") if atoms.width else column
        _checked(atoms)
    return atoms


def _split(atoms: pl.DataFrame, table: PublishedTable, *, rests: bool) -> pl.DataFrame:
    """Combinations cut further by a table of a part of the people; what it lists and no other table
    has, besides, unless whole tables say that it holds nobody (`rests`).
    """
    listed = pl.DataFrame(
        {name: [cell.values.get(name) for cell in table.cells] for name in table.dimensions},
        schema=dict.fromkeys(table.dimensions, pl.String),
    ).drop_nulls()
    if not atoms.width:
        return listed.unique(maintain_order=True)
    for name in table.dimensions:
        if name not in atoms.columns:
            column = pl.DataFrame({name: [*listed[name].unique(maintain_order=True), REST]})
            atoms = atoms.join(column, how="cross")
    more = listed.join(atoms, on=list(table.dimensions), how="anti")
    if rests or not more.height:
        return atoms
    return pl.concat([atoms, more.unique(maintain_order=True)], how="diagonal").fill_null(REST)


def _pairs(
    coarse: str, groups: Mapping[str, str], values: Mapping[str, Sequence[str]], *, apart: bool
) -> pl.DataFrame:
    """What lies within what, for the dimension that has those values. A value of it that is not
    named may lie in any group of another column; among groups of its own it is a group by itself.
    """
    fine = next((name for name in values if name != coarse and {*values[name]} & {*groups}), None)
    if fine is None:
        raise Unreadable(f"--within {coarse}: no table has the values that it groups.")
    pairs = [*groups.items()]
    others = [value for value in values[fine] if value not in groups]
    pairs += [(value, group) for value in others for group in (values[coarse] if apart else [REST])]
    return pl.DataFrame(
        {fine: [value for value, _ in pairs], coarse: [group for _, group in pairs]}
    )


@dataclass
class Counted:
    """The same atoms, as one or more tables tell of them: what those call it where they show it,
    and where they hide it; the least and the most of it that they say.
    """

    atoms: Whole
    names: list[Named] = field(default_factory=list)
    hidden: list[Named] = field(default_factory=list)
    low: int = 0
    high: int = ENDLESS

    @property
    def name(self) -> Named:
        """What it is called where it says most."""
        return self.names[0] if self.names else self.hidden[0]

    def tell(self, name: Named, low: int, high: int) -> None:
        """Take in what a cell says. Raises Unreadable where both cannot be so."""
        (self.names if low == high else self.hidden).append(name)
        self.low, self.high = max(self.low, low), min(self.high, high)
        if self.low > self.high or (not len(self.atoms) and low > 0):
            both = " and ".join(str(other) for other in [*self.hidden, *self.names][-2:])
            raise Unreadable(
                f"{both} cannot both be so: these tables are not of the same people, or one of "
                "them is an earlier vintage (--vintages compares those)."
            )


def _cells(tables: Sequence[PublishedTable], atoms: pl.DataFrame) -> list[Counted]:
    """Every cell with the atoms it counts; cells of the same atoms are one."""
    places = {
        name: atoms[name].to_frame().with_row_index().group_by(name).agg("index")
        for name in atoms.columns
    }
    of = {
        name: {key: np.array(index) for key, index in zip(frame[name], frame["index"], strict=True)}
        for name, frame in places.items()
    }
    every, nothing = np.arange(atoms.height), np.zeros(0, dtype=np.int64)
    found: dict[bytes, Counted] = {}
    for table in tables:
        for cell in table.cells:
            among = every
            for name, value in cell.values.items():
                among = np.intersect1d(among, of[name].get(value, nothing), assume_unique=True)
            row = found.setdefault(among.tobytes(), Counted(among))
            row.tell(Named(table.name, tuple(cell.values.items()), cell.place), cell.low, cell.high)
    return list(found.values())


def known_together(found: Sequence[Counted], unknowns: int, *, noughts_shown: bool) -> Together:
    """What cells say together of so many atoms."""
    held = [row for row in found if len(row.atoms)]
    single = {int(row.atoms[0]): row for row in held if len(row.atoms) == 1}
    least = np.zeros(unknowns, dtype=np.int64)
    if noughts_shown and len(single) == unknowns:
        least[[place for place, row in single.items() if row.name.place != UNLISTED]] = 1
    most = np.full(unknowns, ENDLESS, dtype=np.int64)
    for place, row in single.items():
        least[place], most[place] = max(row.low, least[place]), row.high
    wide = [row for row in held if row.low > 0 or row.high < ENDLESS]
    wanted = [row for row in held if row.low != row.high]
    knowledge = Knowledge(
        _rows(wide, unknowns),
        np.array([row.low for row in wide], dtype=np.int64),
        np.array([row.high for row in wide], dtype=np.int64),
        least,
        most,
        np.arange(len(wide)),
        _rows(wanted, unknowns),
        np.zeros(len(wanted), dtype=np.int64),
        np.arange(len(wanted)),
    )
    return Together(
        knowledge,
        tuple(row.name for row in wide),
        tuple(row.name for row in wanted),
        sum(row.low == row.high for row in held),
        tuple(
            (hidden, row.name, row.low)
            for row in held
            if row.low == row.high
            for hidden in row.hidden
        ),
    )


def _rows(rows: Sequence[Counted], unknowns: int) -> Rows:
    start = np.cumsum([0, *(len(row.atoms) for row in rows)])
    indices = np.concatenate([np.zeros(0, dtype=np.int64), *(row.atoms for row in rows)])
    ones = np.ones(len(indices), dtype=np.int64)
    return sparse.csr_array((ones, indices, start), shape=(len(rows), unknowns))


def small_differences(
    earlier: PublishedTable, later: PublishedTable, rule: Rule
) -> list[tuple[PublishedCell, PublishedCell]]:
    """Cells of two vintages of a table whose difference is a small number of people."""
    before: dict[tuple[tuple[str, str], ...], PublishedCell] = {
        tuple(sorted(cell.values.items())): cell for cell in earlier.cells
    }
    nobody = PublishedCell({}, 0, 0) if rule.noughts_shown else None
    found = []
    for cell in later.cells:
        key = tuple(sorted(cell.values.items()))
        old = before.get(key, nobody)
        if old and old.shown and cell.shown and 0 < abs(cell.low - old.low) < rule.threshold:
            found.append((old, cell))
    return found
