"""Tables as they were published, anybody's: rows of values, one for each of its dimensions or the
total, with a number, a range or nothing; or with the share that its people are of others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from darkfigure.disclosure.cube import TOTAL
from darkfigure.disclosure.elementary import ENDLESS
from darkfigure.disclosure.rules import Rule

#: Where a cell stands that a table does not list.
UNLISTED = -1
#: And one that a table does not list, and another vintage of it does.
SOUGHT = -2
#: What a cell is known by: its values by dimension.
Values = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Share:
    """What part of a whole the people of a cell are: `low / per` at least, `high / per` at most.
    The whole is all of those who have the cell's values of other dimensions than `over`.
    """

    over: tuple[str, ...]
    low: int
    high: int
    per: int


@dataclass(frozen=True)
class PublishedCell:
    """One number of a table: its values by dimension (totals are left out), the least and the most
    that the table says of it (equal where it is shown), and where it stands.

    `near` is one that is told nearly, rounded or with noise, and not kept out; or as a `share`.
    """

    values: Mapping[str, str]
    low: int
    high: int
    place: int = 0
    near: bool = False
    share: Share | None = None

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
    #: The rule that it says it was protected by.
    rule: Rule | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it says how many people there are in all: what it does not list holds nobody."""
        return any(not cell.values for cell in self.cells)

    @property
    def finest(self) -> list[PublishedCell]:
        """The cells that it lists and that have a value for every dimension."""
        return [
            cell
            for cell in self.cells
            if cell.place != SOUGHT and cell.values.keys() >= {*self.dimensions}
        ]


@dataclass(frozen=True)
class Named:
    """A cell of a table, to be told of: the table, its values, and where it stands."""

    table: str
    values: tuple[tuple[str, str], ...]
    place: int

    def __str__(self) -> str:
        told = ", ".join(value for _, value in self.values) or TOTAL
        return f"{told} ({self.table})" if self.table else told


def seeking(table: PublishedTable, others: Sequence[PublishedTable]) -> PublishedTable:
    """A table with the cells that only others list, of which it says nothing itself: what follows
    of them may be compared with those.
    """
    listed = {_key(cell) for cell in table.cells}
    more = {_key(cell): cell for other in others for cell in other.cells}
    cells = [
        replace(cell, low=0, high=ENDLESS, place=SOUGHT, near=True, share=None)
        for key, cell in more.items()
        if key not in listed and cell.values.keys() <= {*table.dimensions}
    ]
    return replace(table, cells=(*table.cells, *cells)) if cells else table


def small_differences(
    earlier: PublishedTable,
    later: PublishedTable,
    rule: Rule,
    known: tuple[Mapping[Values, int], Mapping[Values, int]] = ({}, {}),
) -> list[tuple[PublishedCell, PublishedCell]]:
    """Cells of two vintages of a table whose difference is a small number of people. `known` are
    hidden numbers of either that can be worked out.
    """
    before, after = (
        {key: _told(cell, told.get(key)) for cell in table.cells for key in [_key(cell)]}
        for table, told in zip((earlier, later), known, strict=True)
    )
    lists = [_Listing([*cells_of]) for cells_of in (before, after)]
    for numbers, cells_of, like in ((known[0], before, after), (known[1], after, before)):
        for key in numbers.keys() & like.keys() - cells_of.keys():
            cells_of[key] = _told(replace(like[key], place=SOUGHT), numbers[key])
    pairs = []
    for key in {**after, **before}:
        old, new = before.get(key), after.get(key)
        if rule.noughts_shown:
            old = old or (_nobody(new) if lists[0].says_nobody(key) else None)
            new = new or (_nobody(old) if lists[1].says_nobody(key) else None)
        if not (old and new and old.shown and new.shown):
            continue
        if 0 < abs(new.low - old.low) < rule.threshold:
            pairs.append((old, new))
    return pairs


class _Listing:
    """What a table that shows what is empty says of cells that it does not list."""

    def __init__(self, keys: Sequence[Values]) -> None:
        self._kinds: dict[frozenset[str], set[Values]] = {}
        for key in keys:
            self._kinds.setdefault(frozenset(name for name, _ in key), set()).add(key)
        self._divided: dict[tuple[frozenset[str], frozenset[str]], set[Values]] = {}

    def says_nobody(self, key: Values) -> bool:
        """Whether nobody is in a cell that is not listed: one of a margin of the table, which
        divides every total that the cell is part of.
        """
        names = frozenset(name for name, _ in key)
        if names not in self._kinds or frozenset() not in self._kinds:
            return False
        return all(
            part not in cells or part in self._divided_into(coarser, names)
            for coarser, cells in self._kinds.items()
            if coarser < names
            for part in [_part(key, coarser)]
        )

    def _divided_into(self, coarser: frozenset[str], names: frozenset[str]) -> set[Values]:
        pair = coarser, names
        if pair not in self._divided:
            self._divided[pair] = {_part(key, coarser) for key in self._kinds[names]}
        return self._divided[pair]


def _part(key: Values, names: frozenset[str]) -> Values:
    return frozenset(pair for pair in key if pair[0] in names)


def _key(cell: PublishedCell) -> Values:
    return frozenset(cell.values.items())


def _told(cell: PublishedCell, number: int | None) -> PublishedCell:
    return cell if number is None else replace(cell, low=number, high=number)


def _nobody(like: PublishedCell | None) -> PublishedCell | None:
    return like and replace(like, low=0, high=0, place=UNLISTED)
