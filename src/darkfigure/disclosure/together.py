"""What somebody knows who holds several published tables.

Tables of the same people make one set of unknowns, *atoms*: the combinations of values that all of
them list (`combinations`). Each of their cells says something of a sum of atoms.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import polars as pl
from scipy import sparse

from darkfigure.basis.errors import Unreadable
from darkfigure.disclosure.combinations import atoms_of, grouped, listing_all, values_of
from darkfigure.disclosure.cube import Whole
from darkfigure.disclosure.elementary import ENDLESS
from darkfigure.disclosure.knowledge import Knowledge, Rows
from darkfigure.disclosure.published import SOUGHT, UNLISTED, Named, PublishedTable, Share
from darkfigure.disclosure.rules import Rule


@dataclass(frozen=True)
class Wanted:
    """A sum that is sought: what the cells are called that keep it out; where it is only told
    nearly, what those are called that do.
    """

    names: tuple[Named, ...]
    near: bool = False


@dataclass(frozen=True)
class Together:
    """What several tables say together: the knowledge, what its rows and wanted sums are called,
    how many figures are shown, and hidden cells whose people another cell shows, with its number;
    and cells that show a small count.
    """

    knowledge: Knowledge
    rows: tuple[Named, ...]
    wanted: tuple[Wanted, ...]
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
    said = _said(tables, rule, within)
    known = known_together(
        said.cells, said.atoms, noughts_shown=rule.noughts_shown, relations=said.relations
    )
    return replace(known, small=said.small(rule))


def vintages_together(
    tables: Sequence[PublishedTable],
    rule: Rule,
    within: Sequence[Mapping[str, Mapping[str, str]]] = (),
) -> Together:
    """What vintages of one table say together, earliest first, to somebody who takes it that no
    finest cell was revised by more than `rule.moves` people from one to the next.

    Each has atoms of its own: without that nothing of one follows from another.
    """
    cells: list[Counted] = []
    relations: list[Relation] = []
    small: list[tuple[Named, int]] = []
    first, before = 0, None
    for table in tables:
        said = _said([table], rule, within).moved(first)
        finest = {frozenset(cell.values.items()) for cell in table.finest}
        atoms = {
            frozenset(name.values): (name, row.atoms)
            for row in said.cells
            for name in (*row.names, *row.hidden, *row.near)
        }
        if before is not None:
            relations += _revised(before, (finest, atoms), rule.moves)
        cells += said.cells
        relations += said.relations
        small += said.small(rule)
        before, first = (finest, atoms), first + said.atoms
    known = known_together(cells, first, noughts_shown=rule.noughts_shown, relations=relations)
    return replace(known, small=tuple(small))


_Finest = tuple[set[frozenset[tuple[str, str]]], dict[frozenset[tuple[str, str]], Any]]


def _revised(earlier: _Finest, later: _Finest, moves: int) -> Iterator[Relation]:
    """That the finest cells of two vintages differ by no more than so many people."""
    nobody = np.zeros(0, dtype=np.int64)
    for key in sorted(earlier[0] | later[0], key=sorted):
        sides = [atoms.get(key) for _, atoms in (earlier, later)]
        (old, new) = [side[1] if side else nobody for side in sides]
        name = next(side[0] for side in reversed(sides) if side)
        weights = np.repeat([-1, 1], [len(old), len(new)])
        yield Relation(name, np.concatenate([old, new]), weights, -moves, moves)


@dataclass(frozen=True)
class _Said:
    """What tables say of so many atoms: cells, and how sums of them stand to one another."""

    cells: list[Counted]
    relations: list[Relation]
    atoms: int

    def moved(self, by: int) -> _Said:
        """The same of atoms that are numbered from elsewhere on."""
        return replace(
            self,
            cells=[replace(row, atoms=row.atoms + by) for row in self.cells],
            relations=[replace(row, atoms=row.atoms + by) for row in self.relations],
        )

    def small(self, rule: Rule) -> tuple[tuple[Named, int], ...]:
        """Small counts that are shown."""
        return tuple(
            (name, row.low)
            for row in self.cells
            if 0 < row.low < rule.threshold
            for name in row.names
        )


def _said(
    tables: Sequence[PublishedTable],
    rule: Rule,
    within: Sequence[Mapping[str, Mapping[str, str]]],
) -> _Said:
    tables = [grouped(table, within) for table in tables]
    values = values_of(tables)
    tables = [listing_all(table, values) for table in tables]
    atoms = atoms_of(tables, rule, within)
    return _Said(*_cells(tables, atoms), atoms.height)


@dataclass
class Counted:
    """The same atoms, as one or more tables tell of them: what those call it where they show it,
    where they hide it, and where they tell it nearly; the least and the most of it that they say.
    """

    atoms: Whole
    names: list[Named] = field(default_factory=list)
    hidden: list[Named] = field(default_factory=list)
    near: list[Named] = field(default_factory=list)
    low: int = 0
    high: int = ENDLESS

    @property
    def name(self) -> Named:
        """What it is called where it says most."""
        return [*self.names, *self.hidden, *self.near][0]

    def tell(self, name: Named, low: int, high: int, *, near: bool = False) -> None:
        """Take in what a cell says. Raises Unreadable where both cannot be so."""
        (self.near if near else self.names if low == high else self.hidden).append(name)
        self.low, self.high = max(self.low, low), min(self.high, high)
        if self.low > self.high or (not len(self.atoms) and low > 0):
            known = [*self.near, *self.hidden, *self.names]
            both = " and ".join(str(other) for other in known[-2:])
            raise Unreadable(
                f"{both} cannot both be so: these tables are not of the same people, or one of "
                "them is an earlier vintage (--vintages compares those)."
                if len(known) > 1
                else f"{both} cannot be so: by what else these tables list nobody is in it. They "
                "are not of the same people, or one of them is an earlier vintage (--vintages "
                "compares those), or what a total is called was not understood (--total WORD)."
            )


@dataclass(frozen=True)
class Relation:
    """That a weighted sum of atoms lies between two numbers, as a cell tells it."""

    name: Named
    atoms: Whole
    weights: Whole
    low: int
    high: int


def _of_share(name: Named, part: Whole, whole: Whole, share: Share) -> Iterator[Relation]:
    """That a part is not less of a whole than its share says, and not more."""
    others = np.setdiff1d(whole, part, assume_unique=True)
    atoms = np.concatenate([part, others])
    sizes = [len(part), len(others)]
    for times, end in ((1, share.low), (-1, share.high)):
        weights = np.repeat([times * (share.per - end), -times * end], sizes)
        yield Relation(name, atoms, weights, 0, ENDLESS)


def _cells(
    tables: Sequence[PublishedTable], atoms: pl.DataFrame
) -> tuple[list[Counted], list[Relation]]:
    """Every cell with the atoms it counts, cells of the same atoms as one; and shares."""
    places = {
        name: atoms[name].to_frame().with_row_index().group_by(name).agg("index")
        for name in atoms.columns
    }
    of = {
        name: {key: np.array(index) for key, index in zip(frame[name], frame["index"], strict=True)}
        for name, frame in places.items()
    }
    every, nothing = np.arange(atoms.height), np.zeros(0, dtype=np.int64)

    def within(values: Mapping[str, str]) -> Whole:
        among = every
        for name, value in values.items():
            among = np.intersect1d(among, of[name].get(value, nothing), assume_unique=True)
        return among

    rows: dict[bytes, Counted] = {}
    shares: list[Relation] = []
    for table in tables:
        for cell in table.cells:
            among = within(cell.values)
            name = Named(table.name, tuple(cell.values.items()), cell.place)
            row = rows.setdefault(among.tobytes(), Counted(among))
            row.tell(name, cell.low, cell.high, near=cell.near)
            if share := cell.share:
                of_whole = {key: one for key, one in cell.values.items() if key not in share.over}
                shares += _of_share(name, among, within(of_whole), share)
    return list(rows.values()), shares


def known_together(
    found: Sequence[Counted],
    unknowns: int,
    *,
    noughts_shown: bool,
    relations: Sequence[Relation] = (),
) -> Together:
    """What cells say together of so many atoms."""
    held = [row for row in found if len(row.atoms)]
    single = {int(row.atoms[0]): row for row in held if len(row.atoms) == 1}
    least = np.zeros(unknowns, dtype=np.int64)
    if noughts_shown and len(single) == unknowns:
        listed = [place for place, row in single.items() if _is_listed(row)]
        least[listed] = 1
    most = np.full(unknowns, ENDLESS, dtype=np.int64)
    for place, row in single.items():
        least[place], most[place] = max(row.low, least[place]), row.high
    wide = [row for row in held if row.low > 0 or row.high < ENDLESS]
    wanted = [row for row in held if not row.names]
    knowledge = Knowledge(
        sparse.vstack(
            [
                _rows([row.atoms for row in wide], unknowns),
                _rows([row.atoms for row in relations], unknowns, [r.weights for r in relations]),
            ],
            format="csr",
        ),
        np.array([row.low for row in wide] + [row.low for row in relations], dtype=np.int64),
        np.array([row.high for row in wide] + [row.high for row in relations], dtype=np.int64),
        least,
        most,
        np.arange(len(wide) + len(relations)),
        _rows([row.atoms for row in wanted], unknowns),
        np.zeros(len(wanted), dtype=np.int64),
        np.arange(len(wanted)),
    )
    return Together(
        knowledge,
        (*(row.name for row in wide), *(row.name for row in relations)),
        tuple(Wanted(tuple(row.hidden or row.near), not row.hidden) for row in wanted),
        sum(bool(row.names) for row in held),
        tuple((hidden, row.name, row.low) for row in held if row.names for hidden in row.hidden),
    )


def _is_listed(row: Counted) -> bool:
    """Whether it is known to hold somebody, as a table lists it that shows what is empty."""
    if not row.high or (
        all(name.place == SOUGHT for name in row.near) and not row.names + row.hidden
    ):
        return False
    if row.names or row.hidden:
        return row.name.place != UNLISTED
    return row.low > 0


def _rows(rows: Sequence[Whole], unknowns: int, weights: Sequence[Whole] | None = None) -> Rows:
    none = np.zeros(0, dtype=np.int64)
    start = np.cumsum([0, *map(len, rows)])
    indices = np.concatenate([none, *rows])
    data = np.ones(len(indices), dtype=np.int64)
    if weights is not None:
        data = np.concatenate([none, *weights])
    return sparse.csr_array((data, indices, start), shape=(len(rows), unknowns))
