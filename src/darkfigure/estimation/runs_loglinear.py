"""Runs of the log-linear methods: one model, stepwise, the best of all, their average."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.special import chdtrc

from darkfigure import __version__
from darkfigure.basis.parts import Parts
from darkfigure.basis.saying import Saying, say
from darkfigure.estimation import gate
from darkfigure.estimation.capture import CaptureTable
from darkfigure.estimation.loglinear import Fit, admitted, average, best, fit, stepwise
from darkfigure.estimation.models import parse_model
from darkfigure.estimation.profile import averaged_interval, multinomial_interval, profile_interval
from darkfigure.estimation.proof import Proof
from darkfigure.estimation.resampling import (
    PORTION,
    Bootstrap,
    bootstrap,
    climbed_beside_proof,
)
from darkfigure.estimation.result import More, Result
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
    proof = None
    if method == "stepwise":
        found = stepwise(table)
    elif method == "model":
        found = admitted(fit(table, parse_model(asked.model, table.size)))
    else:
        chosen = best(table, asked.order_for(table), method)
        found, proof = chosen.fit, chosen.proof
    if asked.replicates:
        return _with_bootstrap(found, method, asked, proof)
    figure = gate.figure(table.known, found.total, *multinomial_interval(found))
    how = (
        say("estimates.how.profile")
        if figure.interval
        else say("estimates.no_interval.for", why=figure.why)
    )
    low, high = profile_interval(found)
    other, why = gate.limits(table.known, found.total, low, high)
    said = (
        say("estimates.range", low=other[0], high=other[1])
        if other
        else say("estimates.more.none", why=why)
    )
    return _of_fit(
        found,
        method,
        figure.interval,
        how,
        proof,
        more=((say("estimates.more.poisson"), said),),
    )


def _misfit(found: Fit) -> tuple[Saying, ...]:
    """What is to be said of a model that does not fit its table."""
    if found.degrees <= 0 or float(chdtrc(found.degrees, found.deviance)) >= BAD_FIT:
        return ()
    return (
        say(
            "estimates.remark.misfit",
            model=found.model.formula,
            deviance=found.deviance,
            degrees=found.degrees,
        ),
    )


def _of_search(proof: Proof | None) -> tuple[More, tuple[Saying, ...]]:
    """What is to be said of a search: that it proved its model, or what could be better."""
    if proof is None:
        return (), ()
    if proof.proved:
        return (
            (say("estimates.more.search"), say("estimates.search.proved", fits=proof.fits)),
        ), ()
    left = say("estimates.search.open", gap=proof.gap, doublings=proof.doublings)
    return (), (left,)


def _of_fit(
    found: Fit,
    method: str,
    interval: tuple[float, float] | None,
    how: Saying,
    proof: Proof | None = None,
    **more: Any,
) -> Result:
    told, warned = _of_search(proof)
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
        remarks=(*more.pop("remarks", ()), *warned, *_misfit(found)),
        more=(*more.pop("more", ()), *told),
        proof=proof,
        **more,
    )


def _with_bootstrap(found: Fit, method: str, asked: Settings, proof: Proof | None) -> Result:
    number, seed = asked.replicates or REPLICATES, SEED if asked.seed is None else asked.seed
    estimator = chooser(method, replace(asked, seed=None, replicates=None))(found.table)
    chosen_by = repr((__version__, PORTION, method, asked.order, asked.model, seed)).encode()
    parts = Parts(asked.resume, found.table.counts.tobytes(), chosen_by)
    run = bootstrap(found.table, estimator, number, seed, progress=asked.progress, parts=parts)
    held = say("estimates.how.held") if method == "model" else say("estimates.how.anew")
    interval, how, more = of_run(run, say("estimates.how.bca_held", number=number, held=held))
    if proof is not None and not proof.through:
        order = asked.order_for(found.table)
        tried = climbed_beside_proof(found.table, order, method, number, seed)
        if tried:
            told = say("estimates.search.climbed", tried=tried[0], proved=tried[1], same=tried[2])
            more = (*more, (say("estimates.more.climbed"), told))
    return _of_fit(
        found, method, interval, how, proof, more=more, replicates=number, without=run.without
    )


def of_run(run: Bootstrap, how: Saying) -> tuple[tuple[float, float] | None, Saying, More]:
    """The 95% interval, how it was made or why there is none, and those of every level in words."""
    interval = run.intervals[0.95]
    more: More = tuple(
        (
            say("estimates.more.bca", level=level),
            say("estimates.range", low=found[0], high=found[1])
            if found
            else say("estimates.more.none", why=run.why[level]),
        )
        for level, found in run.intervals.items()
    )
    if run.words:
        more = (*more, (say("estimates.more.replicates"), run.words))
    return interval, how if interval else say("estimates.no_interval.for", why=run.why[0.95]), more


def by_average(table: CaptureTable, method: str, asked: Settings) -> Result:
    """All models by their weight."""
    mean = average(table, asked.order_for(table))
    figure = gate.figure(table.known, mean.total, *averaged_interval(table, mean))
    formula, weight, _ = mean.models[0]
    how = (
        say("estimates.how.average", number=mean.number)
        if figure.interval
        else say("estimates.no_interval.for", why=figure.why)
    )
    between = gate.limits(table.known, mean.median, mean.low, mean.high)[0]
    remarks: tuple[Saying, ...] = ()
    if weight > ALL_WEIGHT or not between:
        remarks = ((say("estimates.remark.one_model", model=formula, weight=weight)),)
    said = (
        say("estimates.range", low=between[0], high=between[1])
        if between
        else say("estimates.more.one_model")
    )
    more = (
        (say("estimates.more.median"), f"{mean.median:,.0f}"),
        (say("estimates.more.between"), said),
        (
            say("estimates.more.heaviest"),
            say("estimates.more.weight", model=formula, weight=weight),
        ),
    )
    return plain(table.known, method, figure, how, formula, remarks=remarks, more=more)


def plain(
    known: int, method: str, figure: gate.Figure, how: Saying, model: str = "", **more: Any
) -> Result:
    """A figure past the gate, as a result."""
    checks = more.pop("checks", None)
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
