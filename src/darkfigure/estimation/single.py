"""One method by name: a total with its interval past the gate, the model, the checks, what the
reader has to know.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import darkfigure.estimation as mse
from darkfigure.basis.errors import Unreadable
from darkfigure.basis.saying import say
from darkfigure.estimation import gate, methods
from darkfigure.estimation.capture import CaptureTable
from darkfigure.estimation.loglinear import admitted, fit
from darkfigure.estimation.models import optional_terms, parse_model
from darkfigure.estimation.resampling import (
    Estimator,
    best_estimator,
    fixed_estimator,
    stepwise_estimator,
)
from darkfigure.estimation.result import Result
from darkfigure.estimation.times_seen import Times

Progress = Callable[[int], None]
ORDER, SEED, REPLICATES = 2, 1, 1000
#: 40 replicates leave one beyond each limit of 95%.
FEWEST = 40
#: R-hat above this says that chains disagree.
MIXED = 1.05
UNCHECKED = say("estimates.remark.unchecked")


@dataclass(frozen=True)
class Settings:
    """What was asked of a method; None is what was not given. See `methods.OPTIONS`."""

    order: int | None = None
    replicates: int | None = None
    seed: int | None = None
    model: str = ""
    lists: tuple[str, ...] = ()
    threshold: float | None = None
    prior_variance: float | None = None
    draws: int | None = None
    progress: Progress = field(default=lambda _done: None, compare=False)
    #: Where parts of replicates are kept until all are made, so that they go on where they were.
    resume: Path | None = field(default=None, compare=False)

    @property
    def given(self) -> tuple[str, ...]:
        """The options that were given. Raises Unreadable for numbers that make no sense."""
        for name, least in (("seed", 0), ("replicates", 0), ("order", 1), ("draws", 1)):
            value = getattr(self, name)
            if value is not None and value < least:
                raise Unreadable(f"{methods.OPTIONS[name]} is {least} or more; {value} was given.")
        if self.replicates is not None and 0 < self.replicates < FEWEST:
            few = f"{self.replicates} leave nothing beyond the limits of 95%"
            raise Unreadable(
                f"{methods.OPTIONS['replicates']} is {FEWEST} or more, better 1000: {few}."
            )
        named = [name for name in methods.OPTIONS if getattr(self, name) not in (None, "", ())]
        # No replicates asked for is none asked for.
        return tuple(name for name in named if not (name == "replicates" and self.replicates == 0))

    def order_for(self, table: CaptureTable) -> int:
        """The order asked for, or as much of the usual one as the table allows. Raises Unreadable
        for one it does not.
        """
        if self.order is None:
            return min(ORDER, table.size - 1)
        optional_terms(table.size, self.order)
        return self.order


def estimate(table: CaptureTable | Times, method: str = "bic", **asked: Any) -> Result:
    """Estimate by one method; `asked` are fields of Settings. Log-linear ones have a BCa interval
    where `replicates` are asked for, else a profile one.

    Raises UnknownName for a method, NotTaken for an option it does not take, Unreadable for a
    model, order or number that makes no sense, NoEstimate where there is no figure to show.
    """
    chosen, settings = methods.find(method), Settings(**asked)
    times = isinstance(table, Times)
    methods.check(
        chosen, settings.given, () if isinstance(table, Times) else table.lists, times=times
    )
    if isinstance(table, CaptureTable):
        gate.look(table)
    home, run = RUNS[method]
    begun = time.perf_counter()
    module = getattr(mse, home)
    module.make_ready()
    start = time.perf_counter()
    found: Result = getattr(module, run)(table, chosen.name, settings)
    remarks = found.remarks
    if isinstance(table, CaptureTable) and table.size == 2:
        remarks = (UNCHECKED, *remarks)
    ended = time.perf_counter()
    return replace(found, remarks=remarks, seconds=ended - start, loading=start - begun)


def chooser(method: str, settings: Settings) -> Callable[[CaptureTable], Estimator]:
    """For strata: how the method estimates many tables at once. Raises NotTaken where it does not
    work by stratum.
    """
    chosen = methods.find(method)
    if not chosen.strata:
        raise methods.NotTaken(
            f"{method} does not work with strata, whose interval comes from replicates. Choose "
            f"{', '.join(methods.that('strata'))}."
        )

    def estimator(table: CaptureTable) -> Estimator:
        methods.check(chosen, settings.given, table.lists)
        if method == "stepwise":
            return stepwise_estimator(table)
        if method == "model":
            return fixed_estimator(
                table, admitted(fit(table, parse_model(settings.model, table.size))).model
            )
        return best_estimator(table, settings.order_for(table), method)

    return estimator


#: How each method of the table is run: a module, loaded when the method is asked for, and a
#: function of it.
RUNS: dict[str, tuple[str, str]] = {
    **dict.fromkeys(("bic", "aic", "stepwise", "model"), ("runs_loglinear", "by_loglinear")),
    "average": ("runs_loglinear", "by_average"),
    "thresholded": ("runs_beside", "by_thresholding"),
    "graphs": ("runs_beside", "by_graphs"),
    "latent": ("runs_beside", "by_latent_classes"),
    **dict.fromkeys(
        ("chao", "zelterman", "poisson", "negative-binomial"), ("runs_beside", "by_times_seen")
    ),
    **dict.fromkeys(("family", "behaviour"), ("runs_beside", "by_several")),
    "jolly-seber": ("runs_beside", "by_jolly_seber"),
    "two-lists": ("runs_beside", "by_two_lists"),
}
