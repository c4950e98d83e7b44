"""From which probability on records are joined, looked at, or out of the question."""

from __future__ import annotations

from dataclasses import dataclass

from darkfigure.basis.errors import Unreadable


@dataclass(frozen=True)
class Thresholds:
    """Probabilities: from `automatic` on records are joined; from `clerical` up to `certain`
    somebody should look.

    From `certain` on a join is beyond doubt for bounds; below `possible` it is out of the question.
    """

    automatic: float = 0.5
    clerical: float = 0.1
    certain: float = 0.99
    possible: float = 0.05

    def __post_init__(self) -> None:
        if not 0 < self.possible <= self.clerical <= self.automatic <= self.certain < 1:
            raise Unreadable(
                f"Thresholds must rise from possible ({self.possible}) over clerical "
                f"({self.clerical}) and automatic "
                f"({self.automatic}) to certain ({self.certain}), all between 0 and 1."
            )


#: The usual ones.
USUAL = Thresholds()
