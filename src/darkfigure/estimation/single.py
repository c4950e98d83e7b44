"""One method by name: a total with its interval past the gate, the model, the checks, what the
reader has to know.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from scipy.stats import chi2

from darkfigure.basis.errors import Unreadable
from darkfigure.estimation import bayesian, behaviour, closed, counts_of_counts, gate, methods
from darkfigure.estimation import thresholded as thresholding
from darkfigure.estimation.capture import CaptureTable
from darkfigure.estimation.closed import Estimate
from darkfigure.estimation.counts_of_counts import Times
from darkfigure.estimation.gate import NoEstimate
from darkfigure.estimation.loglinear import Fit, admitted, average, best, fit, stepwise
from darkfigure.estimation.methods import METHODS
from darkfigure.estimation.models import optional_terms, parse_model
from darkfigure.estimation.open_population import jolly_seber, known_within, open_estimator
from darkfigure.estimation.profile import averaged_interval, multinomial_interval, profile_interval
from darkfigure.estimation.resampling import (
    LEVELS,
    Bootstrap,
    Estimator,
    best_estimator,
    bootstrap,
    fixed_estimator,
    influence,
    replicates,
    stepwise_estimator,
    summed_up,
)
from darkfigure.estimation.result import Beside, Result

Progress = Callable[[int], None]
ORDER, SEED, REPLICATES = 2, 1, 1000
#: 40 replicates leave one beyond each limit of 95%.
FEWEST = 40
#: R-hat above this says that chains disagree.
MIXED = 1.05
#: Above this, or of fewer effective draws, the median of the chains is no figure.
APART_FROM, LEAST_EFFECTIVE = 1.3, 20
#: A model that fits this badly is said to: a deviance as large has a chance of one in ten thousand.
BAD_FIT = 1e-4
UNCHECKED = (
    "two lists: nothing in the table checks that being on one makes being on the other neither "
    "likelier nor less likely; were it "
    "so, the figure would be too low or too high by any amount"
)
APART = (
    "the chains have not come together: this is a sign of more than one explanation, not a "
    "figure to quote"
)
#: A weight above this leaves an average to one model.
ALL_WEIGHT = 0.95


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
    start = time.perf_counter()
    chosen, settings = methods.find(method), Settings(**asked)
    times = isinstance(table, Times)
    methods.check(
        chosen, settings.given, () if isinstance(table, Times) else table.lists, times=times
    )
    if isinstance(table, CaptureTable):
        gate.look(table)
    found = RUNS[method](table, chosen.name, settings)
    remarks = found.remarks
    if isinstance(table, CaptureTable) and table.size == 2:
        remarks = (UNCHECKED, *remarks)
    return replace(found, remarks=remarks, seconds=time.perf_counter() - start)


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


def _loglinear(table: CaptureTable, method: str, asked: Settings) -> Result:
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
    if found.degrees <= 0 or float(chi2.sf(found.deviance, found.degrees)) >= BAD_FIT:
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
    interval, how, more = _of_run(run, f"BCa, {number:,} replicates, {held}")
    return _of_fit(found, method, interval, how, more=more, replicates=number, without=run.without)


def _of_run(
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


def _average(table: CaptureTable, method: str, asked: Settings) -> Result:
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
    return _plain(table.known, method, figure, how, formula, remarks=remarks, more=more)


def _plain(
    known: int, method: str, figure: gate.Figure, how: str, model: str = "", **more: Any
) -> Result:
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


def _posterior(found: bayesian.Posterior, known: int, method: str, **more: Any) -> Result:
    """The median with its interval."""
    figure = gate.figure(known, found.median, found.low, found.high)
    if found.r_hat is not None and not (
        found.r_hat <= APART_FROM and (found.effective or 0) >= LEAST_EFFECTIVE
    ):
        raise NoEstimate(
            f"The chains have not come together (R-hat {found.r_hat:.2f}, {found.effective:,.0f} "
            "effective draws): what they say "
            "is no figure. Draw more with --draws; where that changes nothing, the table has more "
            "than one explanation.",
            gate.Reason.NOT_MIXED,
        )
    mixed, remarks = "", more.pop("remarks", ())
    if found.r_hat is not None:
        mixed = f"R-hat {found.r_hat:.3f}, effective draws {found.effective:,.0f}"
        if not found.r_hat <= MIXED:
            remarks = (
                *remarks,
                APART,
            )
    how = (
        "posterior quantiles; the total is the median"
        if figure.interval
        else f"no interval: {figure.why}"
    )
    if known and found.draws.size and float(np.mean(found.draws > gate.MOST_PERSONS)) > 0.005:
        raise NoEstimate(
            (
                "The posterior has weight beyond the number of all people: it says nothing of the "
                "total."
            ),
            gate.Reason.BEYOND_PEOPLE,
        )
    named = found.models[0][0] if found.models else ""
    tails = tuple(
        (f"{share:.1%}", f"{float(np.quantile(found.draws, share)):,.2f}")
        for share in (0.025, 0.1, 0.9, 0.975)
        if found.draws.size
    )
    return _plain(
        known,
        method,
        figure,
        how,
        named,
        checks=mixed,
        remarks=remarks,
        more=(*more.pop("more", ()), *tails),
        **more,
    )


def _thresholded(table: CaptureTable, method: str, asked: Settings) -> Result:
    options: dict[str, Any] = {
        name: getattr(asked, name)
        for name in ("threshold", "prior_variance", "order", "draws", "seed")
        if getattr(asked, name) is not None
    }
    found = thresholding.thresholded(table, **options)
    remarks = found.remarks
    if found.doubtful:
        remarks = (
            *remarks,
            (
                f"within Monte Carlo error of the threshold: {', '.join(found.doubtful)}; more "
                "--draws decide"
            ),
        )
    more = (
        ("retained", ", ".join(found.retained) or "no overlap"),
        ("minus infinity", ", ".join(found.infinite) or "none"),
    )
    return _posterior(
        found.posterior, table.known, method, remarks=remarks, more=more, infinite=found.infinite
    )


def _graphs(table: CaptureTable, method: str, _: Settings) -> Result:
    return _posterior(bayesian.graphs(table), table.known, method)


def _latent(table: CaptureTable, method: str, asked: Settings) -> Result:
    options = {"draws": asked.draws} if asked.draws is not None else {}
    return _posterior(
        bayesian.latent_classes(table, seed=SEED if asked.seed is None else asked.seed, **options),
        table.known,
        method,
    )


def _of_estimate(
    found: Estimate,
    known: int,
    method: str,
    how: str,
    others: Sequence[Estimate] = (),
    more: Any = (),
) -> Result:
    figure = gate.figure(known, found.total, found.low, found.high, found.why)
    return _plain(
        known,
        method,
        figure,
        how if figure.interval else f"no interval: {figure.why}",
        found.method,
        checks=found.assumes,
        bic=found.bic,
        aic=found.aic,
        deviance=found.deviance,
        degrees=found.degrees,
        beside=tuple(beside(each) for each in others),
        more=more,
    )


def beside(each: Estimate) -> Beside:
    """One of several models, for a row of its own."""
    fine = np.isfinite(each.total)
    interval = None if each.low is None or each.high is None else (each.low, each.high)
    words = each.assumes if fine else each.why
    if fine and interval is None:
        words = f"{words}; no interval: {each.why}" if each.why else words
    return Beside(
        each.method,
        each.total if fine else None,
        interval,
        words,
        each.aic,
        each.bic,
        each.deviance,
        each.degrees,
    )


def _times(table: CaptureTable | Times, method: str, _: Settings) -> Result:
    one = {
        "chao": counts_of_counts.chao,
        "zelterman": counts_of_counts.zelterman,
        "poisson": counts_of_counts.poisson,
        "negative-binomial": counts_of_counts.negative_binomial,
    }[method]
    return _of_estimate(one(table), table.known, method, METHODS[method].interval)


def _several(table: CaptureTable, method: str, _: Settings) -> Result:
    """The best by BIC among those that have an estimate stands for the method; all are shown."""
    found = closed.family(table) if method == "family" else behaviour.behaviour(table)
    able = [each for each in found if np.isfinite(each.total)]
    if not able:
        raise NoEstimate(
            "None of its models has an estimate. "
            + " ".join(f"{each.method}: {each.why}" for each in found)
        )
    chosen = min(able, key=lambda each: each.bic if each.bic is not None else float("inf"))
    result = _of_estimate(chosen, table.known, method, METHODS[method].interval, found)
    return replace(
        result, remarks=(f"{chosen.method} has the least BIC of those that have an estimate",)
    )


def _two_lists(table: CaptureTable, method: str, asked: Settings) -> Result:
    names = asked.lists or (table.lists if table.size == 2 else ())
    if len(names) != 2:
        raise methods.NotTaken(
            f"two-lists takes two of the {table.size} lists: say which with --lists A,B. They "
            "are "
            f"{', '.join(table.lists)}."
        )
    petersen, chapman = closed.two_lists(table, *names)
    first, second = (table.place(name) for name in names)
    masks = np.arange(len(table.counts))
    known = int(table.counts[(masks >> first & 1 | masks >> second & 1) == 1].sum())
    more: tuple[tuple[str, str], ...] = ((petersen.method, f"{petersen.total:,.1f}"),)
    if known < table.known:
        more = (
            *more,
            (
                "not counted",
                f"{table.known - known:,} persons of the table are on neither of the two",
            ),
        )
    result = _of_estimate(chapman, known, method, METHODS[method].interval, (), more)
    return result if table.size == 2 else replace(result, remarks=(UNCHECKED,))


def _open(table: CaptureTable, method: str, asked: Settings) -> Result:
    found = jolly_seber(table)
    known, number = known_within(table), asked.replicates or REPLICATES
    gate.total(known, found.total)
    estimator = open_estimator(table)
    drawn = replicates(table, number, SEED if asked.seed is None else asked.seed)
    run = summed_up(known, found.total, estimator(drawn), [influence(table, estimator)], LEVELS)
    interval, how, more = _of_run(run, f"BCa, {number:,} replicates")
    years = tuple(
        (year, f"{present:,.0f} present, {listed:.1%} of them listed")
        for year, present, listed in zip(found.years, found.present, found.listed, strict=True)
    )
    stayed = tuple(
        (f"{one} to {other}", f"{share:.1%} stayed")
        for one, other, share in zip(table.lists, table.lists[1:], found.stayed, strict=False)
    )
    return Result(
        method,
        known,
        found.total,
        interval,
        how,
        "Jolly-Seber",
        found.fit.bic,
        ("lists are years in order"),
        0.0,
        more=(*years, *stayed, *more),
        aic=found.fit.aic,
        deviance=found.fit.deviance,
        degrees=found.fit.degrees,
        replicates=number,
        without=run.without,
        remarks=found.remarks,
    )


#: How each method of the table is run.
RUNS: dict[str, Callable[[Any, str, Settings], Result]] = {
    **dict.fromkeys(("bic", "aic", "stepwise", "model"), _loglinear),
    "average": _average,
    "thresholded": _thresholded,
    "graphs": _graphs,
    "latent": _latent,
    **dict.fromkeys(("chao", "zelterman", "poisson", "negative-binomial"), _times),
    **dict.fromkeys(("family", "behaviour"), _several),
    "jolly-seber": _open,
    "two-lists": _two_lists,
}
