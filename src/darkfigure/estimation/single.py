"""One method by name: a total with its interval, the model, the checks, the time it took."""

from __future__ import annotations

import time
from collections.abc import Callable

from darkfigure.basis.errors import UnknownName
from darkfigure.estimation import bayesian, closed
from darkfigure.estimation.capture import CaptureTable
from darkfigure.estimation.loglinear import Fit, average, best, fit, profile_interval, stepwise
from darkfigure.estimation.models import parse_model
from darkfigure.estimation.resampling import Estimator, best_estimator, bootstrap, stepwise_estimator
from darkfigure.estimation.result import Result

LOGLINEAR = ("stepwise", "bic", "aic", "model")
METHODS = (*LOGLINEAR, "average", "thresholded", "graphs", "latent", "chao", "family", "two-lists")


def estimate(
    table: CaptureTable,
    method: str = "bic",
    *,
    order: int = 2,
    replicates: int = 0,
    seed: int = 1,
    model: str = "",
    progress: Callable[[int], None] = lambda done: None,
) -> Result:
    """Estimate by one method. Log-linear ones have a BCa interval where `replicates` are asked for, else a profile one.

    Raises UnknownName for a method, Unreadable for a model or order, NoEstimate where no model passes the checks.
    """
    start = time.perf_counter()
    if method in LOGLINEAR:
        found, estimator = _loglinear(table, method, order, model)
        if replicates and estimator is not None:
            run = bootstrap(table, estimator, replicates, seed, progress=progress)
            interval, how = run.intervals[0.95], f"BCa, {replicates:,} replicates, the model chosen anew in each"
            more = tuple(
                (f"BCa {level:.0%}", f"{low:,.0f} to {high:,.0f}") for level, (low, high) in run.intervals.items()
            )
        else:
            interval, how = profile_interval(found), "profile likelihood, the model taken as known"
            more = ()
        seconds = time.perf_counter() - start
        return Result(
            method,
            table.known,
            found.total,
            interval,
            how,
            found.model.formula,
            found.bic,
            found.checks.words,
            seconds,
            more=more,
        )
    if method not in METHODS:
        raise UnknownName(f"{method!r} is not a method. Known are {', '.join(METHODS)}.")
    return _other(table, method, order, seed, start)


def _loglinear(table: CaptureTable, method: str, order: int, model: str) -> tuple[Fit, Estimator | None]:
    if method == "model":
        return fit(table, parse_model(model, table.size)), None
    if method == "stepwise":
        return stepwise(table), stepwise_estimator(table) if table.size > 2 else None
    return best(table, order, method).fit, best_estimator(table, order, method) if table.size > 2 else None


def _other(table: CaptureTable, method: str, order: int, seed: int, start: float) -> Result:
    def result(
        total: float, low: float | None, high: float | None, how: str, model: str = "", checks: str = ""
    ) -> Result:
        interval = None if low is None or high is None else (low, high)
        return Result(method, table.known, total, interval, how, model, None, checks, time.perf_counter() - start)

    if method == "average":
        mean = average(table, order)
        return result(mean.total, mean.low, mean.high, "quantiles over models by BIC weight", mean.models[0][0])
    if method in ("thresholded", "graphs", "latent"):
        if method == "graphs":
            found = bayesian.graphs(table)
        elif method == "latent":
            found = bayesian.latent_classes(table, seed=seed)
        else:
            found = bayesian.thresholded(table, seed=seed)
        mixed = "" if found.r_hat is None else f"R-hat {found.r_hat:.3f}, effective draws {found.effective:,.0f}"
        named = found.models[0][0] if found.models else ""
        return result(found.mean, found.low, found.high, "posterior quantiles; the total is the mean", named, mixed)
    if method == "two-lists":
        each = closed.two_lists(table, *table.lists[:2])[1]
    elif method == "chao":
        each = closed.chao(table)
    else:
        each = next(one for one in closed.family(table) if one.method == "Mth Chao")
    return result(each.total, each.low, each.high, "asymptotic", each.method, each.assumes)
