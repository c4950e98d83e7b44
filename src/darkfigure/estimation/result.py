"""What one method says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from darkfigure.basis.saying import Saying, say, several
from darkfigure.estimation import gate
from darkfigure.estimation.proof import Proof

#: Further figures by name.
More = tuple[tuple[Saying | str, Saying | str], ...]


@dataclass(frozen=True)
class Beside:
    """One of several models a method lays side by side; `total` is None where it has no estimate,
    and `words` say why.

    `aic`, `bic`, `deviance` and `degrees` (of freedom) are None where the model has no likelihood
    of its own.
    """

    name: str
    total: float | None
    interval: tuple[float, float] | None
    words: Saying | None = None
    aic: float | None = None
    bic: float | None = None
    deviance: float | None = None
    degrees: int | None = None


@dataclass(frozen=True)
class Result:
    """What one method says, past the gate. `interval` is (low, high) at `level`, and `how` says of
    what sort.

    Where there is no interval it is None and `how` says why. `infinite` names the terms at minus
    infinity; `seconds` are those of the fit, `loading` those it took to have the compiled code
    ready; of `replicates`, `without` had no estimate. `more` holds further figures by name,
    `remarks` what the reader has to know, `beside` other models of the same method. Raises
    NoEstimate if made of a figure that may not be shown.
    """

    method: str
    known: int
    total: float
    interval: tuple[float, float] | None
    how: Saying
    model: str
    bic: float | None
    checks: Saying | None
    seconds: float
    level: float = 0.95
    more: More = ()
    aic: float | None = None
    deviance: float | None = None
    degrees: int | None = None
    infinite: tuple[str, ...] = ()
    replicates: int = 0
    without: int = 0
    remarks: tuple[Saying, ...] = ()
    beside: tuple[Beside, ...] = ()
    loading: float = 0.0
    #: Of the best of all models: how sure it is.
    proof: Proof | None = None

    def __post_init__(self) -> None:
        gate.stand(self.known, self.total, self.interval)

    @property
    def dark_figure(self) -> float:
        """Those on no list."""
        return self.total - self.known


def told(things: Iterable[Saying | None]) -> Saying | None:
    """Several things said of one figure, as one; nothing where there are none."""
    said = [each for each in things if each]
    if len(said) < 2:
        return said[0] if said else None
    return say("estimates.told", told=several(said, "semicolon"))
