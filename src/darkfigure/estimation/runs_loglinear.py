"""Runs of the log-linear methods: one model, stepwise, the best of all, their average."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.special import chdtrc

from darkfigure.estimation import gate
from darkfigure.estimation.capture import CaptureTable
from darkfigure.estimation.loglinear import Fit, admitted, average, best, fit, stepwise
from darkfigure.estimation.models import parse_model
from darkfigure.estimation.profile import averaged_interval, multinomial_interval, profile_interval
from darkfigure.estimation.resampling import (
    Bootstrap,
    bootstrap,
)
from darkfigure.estimation.result import Result
from darkfigure.estimation.single import REPLICATES, SEED, Settings, chooser

#: A model that fits this badly is said to: a deviance as large has a chance of one in ten thousand.
BAD_FIT = 1e-4
#: A weight above this leaves an average to one model.
ALL_WEIGHT = 0.95

_READY = np.array([0.0, 30.0, 30.0, 10.0, 30.0, 10.0, 10.0, 3.0])


@lru_cache(maxsize=1)
def make_ready() -> None:
    """Have the compiled code loaded, by a fit of three lists."""
    fit(best(CaptureTable(("A", "B", "C"), _READY), 1).fit.table, parse_model("[1,2,3]", 3))


def by_loglinear(table: CaptureTable, method: str, asked: Settings) -> Result:
    """One model: given, found stepwise, or the best of all."""
    if method == "stepwise":
        found = stepwise(table)
    elif method == "model":
        found = admitted(fit(table, parse_model(asked.model, table.size)))
    else:
        found = best(table, asked.order_for(table), method).fit
    if asked.replicates:
        return _with_bootstrap(found, method, asked)
    figure = gate.figure(table.known, found.total, *multinomial_interval(found))
    how = (
        "multinomial profile likelihood, the model taken as known"
        if figure.interval
        else f"no interval: {figure.why}"
    )
    low, high = profile_interval(found)
    other, why = gate.limits(table.known, found.total, low, high)
    said = f"{other[0]:,.0f} to {other[1]:,.0f}" if other else f"none: {why}"
    return _of_fit(
        found, method, figure.interval, how, more=(("95% by Poisson profile likelihood", said),)
    )


def _misfit(found: Fit) -> tuple[str, ...]:
    """What is to be said of a model that does not fit its table."""
    if found.degrees <= 0 or float(chdtrc(found.degrees, found.deviance)) >= BAD_FIT:
        return ()
    return (
        f"{found.model.formula} does not fit the table (deviance {found.deviance:,.0f} on "
        f"{found.degrees} degrees): the figure "
        "rests on what the table does not bear out",
    )


def _of_fit(
    found: Fit, method: str, interval: tuple[float, float] | None, how: str, **more: Any
) -> Result:
    return Result(
        method=method,
        known=found.table.known,
        total=gate.total(found.table.known, found.total),
        interval=interval,
        how=how,
        model=found.model.formula,
        bic=found.bic,
        checks=found.checks.words,
        seconds=0.0,
        aic=found.aic,
        deviance=found.deviance,
        degrees=found.degrees,
        infinite=found.checks.infinite,
        remarks=(*more.pop("remarks", ()), *_misfit(found)),
        **more,
    )


def _with_bootstrap(found: Fit, method: str, asked: Settings) -> Result:
    number, seed = asked.replicates or REPLICATES, SEED if asked.seed is None else asked.seed
    estimator = chooser(method, replace(asked, seed=None, replicates=None))(found.table)
    run = bootstrap(found.table, estimator, number, seed, progress=asked.progress)
    held = "the model held" if method == "model" else "the model chosen anew in each"
    interval, how, more = of_run(run, f"BCa, {number:,} replicates, {held}")
    return _of_fit(found, method, interval, how, more=more, replicates=number, without=run.without)


def of_run(
    run: Bootstrap, how: str
) -> tuple[tuple[float, float] | None, str, tuple[tuple[str, str], ...]]:
    """The 95% interval, how it was made or why there is none, and those of every level in words."""
    interval = run.intervals[0.95]
    more = tuple(
        (
            f"BCa {level:.0%}",
            f"{found[0]:,.0f} to {found[1]:,.0f}" if found else f"none: {run.why[level]}",
        )
        for level, found in run.intervals.items()
    )
    if run.without:
        more = (*more, ("replicates", run.words))
    return interval, how if interval else f"no interval: {run.why[0.95]}", more


def by_average(table: CaptureTable, method: str, asked: Settings) -> Result:
    """All models by their weight."""
    mean = average(table, asked.order_for(table))
    figure = gate.figure(table.known, mean.total, *averaged_interval(table, mean))
    formula, weight, _ = mean.models[0]
    how = (
        f"tail areas of {mean.number:,} models by BIC weight"
        if figure.interval
        else f"no interval: {figure.why}"
    )
    between = gate.limits(table.known, mean.median, mean.low, mean.high)[0]
    remarks: tuple[str, ...] = ()
    if weight > ALL_WEIGHT or not between:
        remarks = (
            (
                f"one model, {formula}, has {weight:.3f} of all weight: the average is that model, "
                "and says little beside it"
            ),
        )
    said = (
        f"{between[0]:,.0f} to {between[1]:,.0f}"
        if between
        else "none, as one model has the weight"
    )
    more = (
        ("weighted median over models", f"{mean.median:,.0f}"),
        ("quantiles between models, without sampling", said),
        ("heaviest model", f"{formula}, weight {weight:.3f}"),
    )
    return plain(table.known, method, figure, how, formula, remarks=remarks, more=more)


def plain(
    known: int, method: str, figure: gate.Figure, how: str, model: str = "", **more: Any
) -> Result:
    """A figure past the gate, as a result."""
    checks = more.pop("checks", "")
    return Result(
        method,
        known,
        figure.total,
        figure.interval,
        how,
        model,
        more.pop("bic", None),
        checks,
        0.0,
        **more,
    )
