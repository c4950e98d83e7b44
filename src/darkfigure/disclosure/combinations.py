"""The combinations of values that can hold somebody, by all that some tables list: *atoms*.

What a table with a grand total does not list holds nobody, unless noughts are hidden or it leaves
a total undivided; a table without one is of a part of the people, and says nothing of others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, product
from math import prod
from typing import NoReturn

import polars as pl

from darkfigure.basis.errors import Unreadable
from darkfigure.disclosure.cube import TOTAL
from darkfigure.disclosure.elementary import ENDLESS
from darkfigure.disclosure.published import SOUGHT, UNLISTED, PublishedCell, PublishedTable
from darkfigure.disclosure.rules import Rule

#: So many combinations are looked at together.
MOST_ATOMS = 200_000
#: What a table of a part of the people leaves unnamed.
REST = "\x00"


def grouped(
    table: PublishedTable, within: Sequence[Mapping[str, Mapping[str, str]]]
) -> PublishedTable:
    """A table in whose cells a group that stands among its values is one of a dimension of its
    own.
    """
    held = values_of([table])
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


def listing_all(table: PublishedTable, values: Mapping[str, Sequence[str]]) -> PublishedTable:
    """A table with the cells that it does not list, where those may hold as many as it leaves
    out.
    """
    names = [name for name in table.dimensions if name in values]
    if not table.unlisted or not table.is_whole or table.unlisted >= ENDLESS:
        return table
    if prod(len(values[name]) for name in names) > MOST_ATOMS:
        _refuse_many()
    listed = {tuple(cell.values[name] for name in names) for cell in table.finest}
    listed.update(_undivided(table, names, values).rows())
    more = (
        PublishedCell(dict(zip(names, row, strict=True)), 0, table.unlisted, UNLISTED, near=True)
        for row in product(*(values[name] for name in names))
        if row not in listed
    )
    return replace(table, cells=(*table.cells, *more))


def atoms_of(
    tables: Sequence[PublishedTable],
    rule: Rule,
    within: Sequence[Mapping[str, Mapping[str, str]]],
) -> pl.DataFrame:
    """The combinations that can hold somebody: those that all whole tables list, with what lies
    within what; tables of a part of the people split them further, or add to them.
    """
    values = values_of(tables)
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


def _checked(atoms: pl.DataFrame, times: int = 1) -> None:
    if atoms.height * times > MOST_ATOMS:
        _refuse_many()


def _refuse_many() -> NoReturn:
    raise Unreadable(
        f"These tables cut one another into more than {MOST_ATOMS:,} combinations: check fewer of "
        "them together, or say what lies within what (--within)."
    )


def values_of(tables: Sequence[PublishedTable]) -> dict[str, list[str]]:
    """Every value of every dimension, as any table names it."""
    values: dict[str, dict[str, None]] = {}
    for table in tables:
        for cell in (cell for cell in table.cells if cell.place != SOUGHT):
            for name, value in cell.values.items():
                values.setdefault(name, {})[value] = None
    return {name: list(known) for name, known in values.items()}


def _listed(
    table: PublishedTable, noughts_shown: bool, values: Mapping[str, Sequence[str]]
) -> pl.DataFrame:
    """The combinations that a whole table lists; where noughts are hidden, all there can be."""
    names = [name for name in table.dimensions if name in values]
    if noughts_shown:
        rows = [cell.values for cell in table.finest if cell.high > 0]
        listed = pl.DataFrame(
            {name: [row[name] for row in rows] for name in names},
            schema=dict.fromkeys(names, pl.String),
        )
        return pl.concat([listed, _undivided(table, names, values)]).unique(maintain_order=True)
    return _every(names, values)


def _every(names: Sequence[str], values: Mapping[str, Sequence[str]]) -> pl.DataFrame:
    """All combinations that there can be."""
    atoms = pl.DataFrame(schema=dict.fromkeys(names, pl.String))
    for place, name in enumerate(names):
        column = pl.DataFrame({name: values[name]}, schema={name: pl.String})
        atoms = atoms.select(names[:place]).join(column, how="cross") if place else column
        _checked(atoms)
    return atoms


def _undivided(
    table: PublishedTable, names: Sequence[str], values: Mapping[str, Sequence[str]]
) -> pl.DataFrame:
    """Combinations that a whole table does not list, and that may hold somebody all the same: those
    of cells that it divides no further, but where another of its margins, which does divide them,
    leaves them out.
    """
    kinds = _kinds(table, names)
    every = frozenset(names)
    parts = [pl.DataFrame(schema=dict.fromkeys(names, pl.String))]
    for kind, cells in kinds.items():
        if kind != every and (whole := _not_in(cells, kinds.get(every))).height:
            names_left = [name for name in names if name not in kind]
            atoms = _every(names_left, values)
            _checked(whole, atoms.height)
            atoms = whole.join(atoms, how="cross") if kind else atoms
            parts.append(atoms.select(names))
    atoms = pl.concat(parts).unique(maintain_order=True)
    for kind in kinds.keys() - {every, frozenset()} if atoms.height else ():
        atoms = _divided_by(atoms, kind, kinds)
    return atoms


def _kinds(table: PublishedTable, names: Sequence[str]) -> dict[frozenset[str], pl.DataFrame]:
    """The cells that may hold somebody, by the dimensions of which they have a value."""
    kinds: dict[frozenset[str], list[PublishedCell]] = {}
    for cell in table.cells:
        if cell.high > 0 and cell.place != SOUGHT and cell.values.keys() <= {*names}:
            kinds.setdefault(frozenset(cell.values), []).append(cell)
    return {
        kind: pl.DataFrame(
            # a margin of everybody has a row, and no column of its own
            {TOTAL: [TOTAL]}
            if not kind
            else {name: [cell.values[name] for cell in cells] for name in names if name in kind}
        )
        for kind, cells in kinds.items()
    }


def _not_in(cells: pl.DataFrame, finer: pl.DataFrame | None) -> pl.DataFrame:
    """Cells of a margin that another, finer one does not divide."""
    if finer is None:
        return cells
    common = [name for name in cells.columns if name in finer.columns]
    return cells.join(finer, on=common, how="anti") if common else cells.clear()


def _divided_by(
    atoms: pl.DataFrame, kind: frozenset[str], kinds: Mapping[frozenset[str], pl.DataFrame]
) -> pl.DataFrame:
    """Of some combinations those that a margin lists, or of which it does not divide a total."""
    atoms = atoms.with_row_index("\x00")
    parts = [atoms.join(kinds[kind], on=[*kind], how="semi")]
    for coarser, cells in kinds.items():
        if coarser < kind and coarser:
            undivided = _not_in(cells, kinds[kind])
            parts.append(atoms.join(undivided, on=[*coarser], how="semi"))
    return pl.concat(parts).unique("\x00").sort("\x00").drop("\x00")


def _split(atoms: pl.DataFrame, table: PublishedTable, *, rests: bool) -> pl.DataFrame:
    """Combinations cut further by a table of a part of the people; what it lists and no other table
    has, besides, unless whole tables say that it holds nobody (`rests`).
    """
    rows = [cell.values for cell in table.finest]
    rows += [{**dict.fromkeys(table.dimensions, REST), **cell.values} for cell in _left_over(table)]
    listed = pl.DataFrame(
        {name: [row[name] for row in rows] for name in table.dimensions},
        schema=dict.fromkeys(table.dimensions, pl.String),
    ).unique(maintain_order=True)
    if not atoms.width:
        return listed.unique(maintain_order=True)
    divided = {name for cell in table.cells if cell.share for name in cell.share.over}
    for name in table.dimensions:
        if name not in atoms.columns:
            # shares are of all that they divide
            rest = [] if name in divided else [REST]
            values = dict.fromkeys([*listed[name], *rest])
            column = pl.DataFrame({name: [*values]}, schema={name: pl.String})
            atoms = atoms.join(column, how="cross")
    more = listed.join(atoms, on=list(table.dimensions), how="anti")
    if rests or not more.height:
        return atoms
    return pl.concat([atoms, more.unique(maintain_order=True)], how="diagonal").fill_null(REST)


def _left_over(table: PublishedTable) -> Iterator[PublishedCell]:
    """Cells of a part of the people that hold more than all that they are divided into."""
    every = len(table.dimensions)
    most: dict[frozenset[tuple[str, str]], int] = {}
    for cell in table.finest:
        for size in range(every):
            for part in combinations(cell.values.items(), size):
                most[frozenset(part)] = most.get(frozenset(part), 0) + cell.high
    for cell in table.cells:
        if len(cell.values) < every and cell.low > most.get(frozenset(cell.values.items()), 0):
            yield cell


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
