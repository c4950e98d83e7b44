"""What somebody knows who holds several published tables.

Tables of the same people make one set of unknowns, *atoms*: the combinations of values that all of
them list (`combinations`). Each of their cells says something of a sum of atoms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl
from scipy import sparse

from darkfigure.basis.errors import Unreadable
from darkfigure.disclosure.combinations import atoms_of, grouped, listing_all, values_of
from darkfigure.disclosure.cube import Whole
from darkfigure.disclosure.elementary import ENDLESS
from darkfigure.disclosure.knowledge import Knowledge, Rows
from darkfigure.disclosure.published import UNLISTED, Named, PublishedTable, Share
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
    tables = [grouped(table, within) for table in tables]
    values = values_of(tables)
    tables = [listing_all(table, values) for table in tables]
    atoms = atoms_of(tables, rule, within)
    cells, shares = _cells(tables, atoms)
    small = tuple(
        (name, row.low) for row in cells if 0 < row.low < rule.threshold for name in row.names
    )
    known = known_together(cells, atoms.height, noughts_shown=rule.noughts_shown, shares=shares)
    return replace(known, small=small)


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
                else f"{both} cannot be so: other tables say that nobody is in it. These tables "
                "are not of the same people, or one of them is an earlier vintage (--vintages "
                "compares those)."
            )


@dataclass(frozen=True)
class Shared:
    """What part some atoms are of others, as a table tells it."""

    name: Named
    part: Whole
    whole: Whole
    share: Share


def _cells(
    tables: Sequence[PublishedTable], atoms: pl.DataFrame
) -> tuple[list[Counted], list[Shared]]:
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
    shares: list[Shared] = []
    for table in tables:
        for cell in table.cells:
            among = within(cell.values)
            name = Named(table.name, tuple(cell.values.items()), cell.place)
            row = rows.setdefault(among.tobytes(), Counted(among))
            row.tell(name, cell.low, cell.high, near=cell.near)
            if share := cell.share:
                of_whole = {key: one for key, one in cell.values.items() if key not in share.over}
                shares.append(Shared(name, among, within(of_whole), share))
    return list(rows.values()), shares


def known_together(
    found: Sequence[Counted],
    unknowns: int,
    *,
    noughts_shown: bool,
    shares: Sequence[Shared] = (),
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
    sums, above = _rows_of_shares(shares, unknowns)
    knowledge = Knowledge(
        sparse.vstack([_rows(wide, unknowns), sums], format="csr"),
        np.array([row.low for row in wide] + [0] * len(above), dtype=np.int64),
        np.array([row.high for row in wide] + [ENDLESS] * len(above), dtype=np.int64),
        least,
        most,
        np.arange(len(wide) + len(above)),
        _rows(wanted, unknowns),
        np.zeros(len(wanted), dtype=np.int64),
        np.arange(len(wanted)),
    )
    return Together(
        knowledge,
        (*(row.name for row in wide), *above),
        tuple(Wanted(tuple(row.hidden or row.near), not row.hidden) for row in wanted),
        sum(bool(row.names) for row in held),
        tuple((hidden, row.name, row.low) for row in held if row.names for hidden in row.hidden),
    )


def _is_listed(row: Counted) -> bool:
    """Whether it is known to hold somebody, as a table lists it that shows what is empty."""
    if row.names or row.hidden:
        return row.name.place != UNLISTED
    return row.low > 0


def _rows(rows: Sequence[Counted], unknowns: int) -> Rows:
    start = np.cumsum([0, *(len(row.atoms) for row in rows)])
    indices = np.concatenate([np.zeros(0, dtype=np.int64), *(row.atoms for row in rows)])
    ones = np.ones(len(indices), dtype=np.int64)
    return sparse.csr_array((ones, indices, start), shape=(len(rows), unknowns))


def _rows_of_shares(shares: Sequence[Shared], unknowns: int) -> tuple[Rows, list[Named]]:
    """Two sums of each share that are no less than nought: the part is not less of the whole, and
    not more.
    """
    made = np.zeros((2 * len(shares), unknowns), dtype=np.int64)
    for place, each in enumerate(shares):
        low, high, per = each.share.low, each.share.high, each.share.per
        made[2 * place, each.whole] -= low
        made[2 * place, each.part] += per
        made[2 * place + 1, each.whole] += high
        made[2 * place + 1, each.part] -= per
    return sparse.csr_array(made), [each.name for each in shares for _ in range(2)]
