"""How long a step of the flow takes, those still waiting counted as far as they have waited."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import CensoredData, ecdf

from darkfigure.basis.saying import Saying


@dataclass(frozen=True)
class Duration:
    """Days from one stage to the next, those still waiting taken as censored on the day (Kaplan and
    Meier).

    `median` is None where fewer than half have got there; `low` and `high` are its 95% limits, None
    where not reached. `curve` holds (day, share still waiting).
    """

    name: Saying
    persons: int
    ended: int
    waiting: int
    median: int | None
    low: int | None
    high: int | None
    curve: tuple[tuple[int, float], ...]


def kaplan_meier(
    name: Saying,
    ended: Sequence[int] | np.ndarray[Any, Any],
    waiting: Sequence[int] | np.ndarray[Any, Any],
) -> Duration:
    """The share still waiting after each number of days, and the median with its 95% limits.

    `ended` holds waiting times that are over, `waiting` those so far of who still waits. Limits are
    on the log-log scale (Kalbfleisch and Prentice), as in scipy.stats.ecdf.
    """
    found = ecdf(
        CensoredData(
            uncensored=np.asarray(ended, dtype=float), right=np.asarray(waiting, dtype=float)
        )
    )
    days, share = found.sf.quantiles, found.sf.probabilities
    with warnings.catch_warnings():
        # Where everybody or nobody has got there the limits are not defined; the crossing then
        # reads as not reached.
        warnings.simplefilter("ignore", RuntimeWarning)
        limits = found.sf.confidence_interval(method="log-log")
    return Duration(
        name=name,
        persons=len(ended) + len(waiting),
        ended=len(ended),
        waiting=len(waiting),
        median=_crossing(days, share),
        low=_crossing(days, limits.low.probabilities),
        high=_crossing(days, limits.high.probabilities),
        curve=tuple((int(day), float(left)) for day, left in zip(days, share, strict=True)),
    )


def _crossing(days: np.ndarray[Any, Any], share: np.ndarray[Any, Any]) -> int | None:
    below = np.flatnonzero(np.nan_to_num(share, nan=1.0) <= 0.5)
    return int(days[below[0]]) if len(below) else None
