"""How sure it is that the best model found is the best of all."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Proof:
    """The best model's criterion, and the least that any model could have; how many models are
    neither looked at nor ruled out, none where the best is proved; how many problems were solved;
    whether every model was gone through, or ruled out by a larger one.
    """

    criterion: float
    least: float
    left: int
    fits: int
    through: bool = False

    @property
    def proved(self) -> bool:
        """Whether no model is better."""
        return not self.left

    @property
    def gap(self) -> float:
        """How much better by the criterion a model could be at most."""
        return max(self.criterion - self.least, 0.0) if self.left else 0.0

    @property
    def doublings(self) -> int:
        """The least power of two that there are fewer models left than."""
        return self.left.bit_length()
