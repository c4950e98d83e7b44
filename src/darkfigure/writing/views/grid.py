"""A dimension across: every row of a view in the place of a grid, none lost and none twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from darkfigure.publication.views import Kind, View, ViewRow
from darkfigure.publication.views.adding import place_of


@dataclass(frozen=True)
class GridRow:
    """Rows of a view that stand beside one another; None where there is none of a column."""

    dims: Mapping[str, str | None]
    entries: tuple[ViewRow | None, ...]

    @property
    def first(self) -> ViewRow:
        """One of its rows."""
        return next(entry for entry in self.entries if entry is not None)

    @property
    def period(self) -> str:
        """The time that all of its figures are for; "" where it is not one."""
        periods = {period for entry in self.entries if entry for period in entry.periods}
        return periods.pop() if len(periods) == 1 else ""


@dataclass(frozen=True)
class Grid:
    """The dimension across and its values, the dimensions of labels, and the rows."""

    across: str
    columns: tuple[str | None, ...]
    labels: tuple[str, ...]
    rows: tuple[GridRow, ...]


_Key = tuple[Kind, bool, tuple[tuple[str, str | None], ...]]


def grid_of(view: View) -> Grid:
    """A view with a dimension across."""
    across = view.wishes.pivot
    values = {row.dims.get(across) for row in view.rows}
    columns = tuple(sorted(values, key=lambda value: place_of(across, value)))
    together: dict[_Key, dict[str | None, ViewRow]] = {}
    for row in view.rows:
        labels = tuple(pair for pair in row.dims.items() if pair[0] != across)
        together.setdefault((row.kind, row.in_progress, labels), {})[row.dims.get(across)] = row
    rows = [
        GridRow(dict(labels), tuple(placed.get(value) for value in columns))
        for (_, _, labels), placed in together.items()
    ]
    return Grid(across, columns, tuple(name for name in view.dims if name != across), tuple(rows))
