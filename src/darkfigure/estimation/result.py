"""What one method says."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Result:
    """What one method says. `interval` is (low, high) at `level`, and `how` says of what sort; None where there is none."""

    method: str
    known: int
    total: float
    interval: tuple[float, float] | None
    how: str
    model: str
    bic: float | None
    checks: str
    seconds: float
    level: float = 0.95
    more: tuple[tuple[str, str], ...] = field(default=())

    @property
    def dark_figure(self) -> float:
        """Those on no list."""
        return self.total - self.known
