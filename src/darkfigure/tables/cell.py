"""Cells: a figure with bounds, or the reason there is none, and where each came from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from darkfigure.basis.saying import Saying
from darkfigure.basis.status import CellReason
from darkfigure.tables.evidence import Number


class Source(NamedTuple):
    """One statement or sum of statements behind a cell. `used` is false for those the cell does not
    rest on; `instead` is then what is used in its place, with its bounds, where that is a part of
    the cell and not the whole of it.
    """

    used: bool
    value: Number | None
    stated_on: date
    precision: str
    stated_by: str
    source: str
    file: str
    return_sha256: str
    period: str
    rule: Saying | None = None
    low: Number | None = None
    high: Number | None = None
    instead: tuple[Number | None, Number | None, Number | None] | None = None


class Cell(NamedTuple):
    """One cell of an answer.

    `dims` maps each dimension asked by (and the cut of time, if any) to a code or label, None where
    the figure is not broken down by it. `low` and `high` bound the figure; `high` is None where it
    has no bound above. `reasons` say why `value` is missing or incomplete. `rule` says how the
    figure was chosen among several; `blocks` number what it rests on in the repository that gave
    it. `partly` says that figures are held for a part only of the time it is labelled with;
    `period` says for which. Where it was counted from records, `unknown` says for each reason how
    many could belong to the cell besides; `status` is "in_progress" for a row of cases not
    concluded.
    """

    id: str
    dims: Mapping[str, str | None]
    value: Number | None
    low: Number | None
    high: Number | None
    status: str
    reasons: tuple[CellReason, ...]
    notes: tuple[Saying, ...]
    sources: tuple[Source, ...]
    period: str
    rule: Saying | None = None
    blocks: tuple[int, ...] = ()
    unknown: Mapping[str, int] = MappingProxyType({})
    partly: bool = False

    def labelled(self, cut: str) -> str | None:
        """The stretch of time it stands under where time is cut so, with what of it figures are
        held for where that is a part: no label claims more.
        """
        label = self.dims.get(cut)
        return f"{label} ({self.period})" if self.partly and label else label

    @property
    def conflicts(self) -> tuple[Source, ...]:
        """The sources that say something else."""
        return tuple([source for source in self.sources if not source.used])
