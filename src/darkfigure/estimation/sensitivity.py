"""How an estimate moves: each list left out, every two lists taken as one; by any method of the
table.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from darkfigure.basis.errors import DarkfigureError
from darkfigure.basis.saying import Saying, say
from darkfigure.estimation.capture import CaptureTable
from darkfigure.estimation.single import estimate


@dataclass(frozen=True)
class Moved:
    """An estimate of a changed table; `total` is None where there is none, and `why` says why."""

    change: Saying
    known: int
    total: float | None
    model: str
    interval: tuple[float, float] | None = None
    why: Saying | None = None


def sensitivity(table: CaptureTable, method: str = "bic", **asked: Any) -> tuple[Moved, ...]:
    """The table as it is, without each list, and with every two lists as one; `asked` as for
    `single.estimate`.

    For two lists, the table as it is alone: one list says nothing.
    """
    changes: list[tuple[Saying, Callable[[], CaptureTable]]] = [
        (say("estimates.change.none"), lambda: table)
    ]
    if table.size > 2:
        changes += [
            (say("estimates.change.without", list=name), partial(table.omit, name))
            for name in table.lists
        ]
        changes += [
            (say("estimates.change.as_one", first=a, second=b), partial(table.merge, [a, b]))
            for a, b in itertools.combinations(table.lists, 2)
        ]
    return tuple(_moved(change, make, method, asked) for change, make in changes)


def _moved(
    change: Saying, make: Callable[[], CaptureTable], method: str, asked: dict[str, Any]
) -> Moved:
    known = 0
    try:
        changed = make()
        known = changed.known
        found = estimate(changed, method, **asked)
    except DarkfigureError as error:
        return Moved(change, known, None, "no estimate", None, error.said)
    return Moved(change, found.known, found.total, found.model, found.interval)
