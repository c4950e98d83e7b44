"""How often each person was seen, where that is all there is to go by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from darkfigure.basis.errors import Unreadable
from darkfigure.estimation.capture import CaptureTable, Counts


@dataclass(frozen=True)
class Times:
    """Persons by how often each was seen: `seen[k - 1]` were seen k times."""

    seen: Counts

    @property
    def known(self) -> int:
        """Persons seen at least once."""
        return int(self.seen.sum())

    @property
    def sightings(self) -> float:
        """All sightings together."""
        return float(np.arange(1, len(self.seen) + 1) @ self.seen)

    def of(self, times: int) -> float:
        """Persons seen exactly so often."""
        return float(self.seen[times - 1]) if times <= len(self.seen) else 0.0


def times_of(given: CaptureTable | Mapping[int, int]) -> Times:
    """How often each person was seen: on how many lists, or as given (times seen: persons). Raises
    Unreadable.
    """
    if isinstance(given, CaptureTable):
        on = np.array([mask.bit_count() for mask in range(len(given.counts))])
        return Times(
            np.array([given.counts[on == times].sum() for times in range(1, given.size + 1)])
        )
    if not given or min(given) < 1 or min(given.values()) < 0 or not sum(given.values()):
        raise Unreadable(
            "Times seen must be 1 or more, each with a number of persons, and somebody must "
            "have "
            "been seen."
        )
    return Times(np.array([float(given.get(times, 0)) for times in range(1, max(given) + 1)]))
