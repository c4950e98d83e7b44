"""The steps of the panel: which a table has, and what is told of them while they are made."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from darkfigure.basis.saying import Saying, say
from darkfigure.estimation.capture import CaptureTable

#: What is being done, which step that is, of how many.
Progress = Callable[[Saying, int, int], None]
Doing = Callable[[Saying], None]
#: Lists up to which models of order 3 are weighed too.
MOST_FOR_THREE = 5
#: From so many lists on a panel takes half a minute or more.
LONG = 4


def orders(table: CaptureTable) -> list[int]:
    """The orders up to which models of a table are weighed."""
    most = 3 if table.size <= MOST_FOR_THREE else 2
    return [order for order in (2, 3) if order <= min(most, table.size - 1)]


def steps(table: CaptureTable) -> int:
    """How many steps a panel of the table has: log-linear, Bayesian, and three for the rest."""
    return 1 + (len(orders(table)) + 1 if table.size > 2 else 0) + 3 + 3


def beforehand(table: CaptureTable, replicates: int) -> Saying | None:
    """What is to be said before a panel that takes long; None where it does not."""
    if table.size < LONG:
        return None
    return say("estimates.doing.long", lists=table.size, replicates=replicates, steps=steps(table))


def counted(table: CaptureTable, progress: Progress) -> Doing:
    """Tells what is being done with its number among the steps."""
    number, of = itertools.count(1), steps(table)
    return lambda doing: progress(doing, next(number), of)
