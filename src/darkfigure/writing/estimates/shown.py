"""What is written of estimates: a figure with what it rests on and what must be said beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from darkfigure.basis.saying import Saying

if TYPE_CHECKING:
    from darkfigure.estimation.result import Result
    from darkfigure.estimation.sensitivity import Moved
    from darkfigure.estimation.side_by_side import Panel
    from darkfigure.estimation.strata import Stratified


@dataclass(frozen=True)
class Estimated:
    """One method's figure, and the lists it rests on."""

    result: Result
    lists: Sequence[str] = ()


@dataclass(frozen=True)
class ByStratum:
    """Strata and their sum by one method, and what was found of the file."""

    found: Stratified
    method: str
    remarks: tuple[Saying, ...] = ()


@dataclass(frozen=True)
class Moves:
    """How the figure of one method moves when lists are left out or merged."""

    rows: Sequence[Moved]
    method: str
    remarks: tuple[Saying, ...] = ()


@dataclass(frozen=True)
class SideBySide:
    """Every method beside the others, and the name of what they are methods on."""

    found: Panel
    of: str
