"""How well chains of draws agree with one another."""

from __future__ import annotations

import numpy as np
from arviz_stats.base.array import array_stats

from darkfigure.estimation.capture import Counts


def agreement(chains: Counts) -> tuple[float, float]:
    """R-hat and the number of effective draws; of chains that do not move, infinity and nought."""
    stuck = not np.isfinite(chains).all() or bool((np.ptp(chains, axis=1) == 0).any())
    if stuck:
        return float("inf"), 0.0
    return (
        float(array_stats.rhat(chains, chain_axis=0, draw_axis=1)),
        float(array_stats.ess(chains, chain_axis=0, draw_axis=1)),
    )
