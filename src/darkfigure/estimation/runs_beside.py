"""Runs of the methods beside the log-linear ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from darkfigure.basis.saying import Saying, say, several
from darkfigure.estimation import bayesian, behaviour, closed, counts_of_counts, gate, methods
from darkfigure.estimation import thresholded as thresholding
from darkfigure.estimation.capture import CaptureTable
from darkfigure.estimation.closed import Estimate
from darkfigure.estimation.gate import NoEstimate
from darkfigure.estimation.methods import METHODS
from darkfigure.estimation.open_population import jolly_seber, known_within, open_estimator
from darkfigure.estimation.resampling import (
    LEVELS,
    influence,
    replicates,
    summed_up,
)
from darkfigure.estimation.result import Beside, More, Result
from darkfigure.estimation.runs_loglinear import make_ready, of_run, plain
from darkfigure.estimation.single import MIXED, REPLICATES, SEED, UNCHECKED, Settings
from darkfigure.estimation.times_seen import Times

__all__ = [
    "beside",
    "by_graphs",
    "by_jolly_seber",
    "by_latent_classes",
    "by_several",
    "by_thresholding",
    "by_times_seen",
    "by_two_lists",
    "make_ready",
]
#: Above this, or of fewer effective draws, the median of the chains is no figure.
APART_FROM, LEAST_EFFECTIVE = 1.3, 20
APART = say("estimates.remark.not_mixed")


def _posterior(found: bayesian.Posterior, known: int, method: str, **more: Any) -> Result:
    """The median with its interval."""
    figure = gate.figure(known, found.median, found.low, found.high)
    if found.r_hat is not None and not (
        found.r_hat <= APART_FROM and (found.effective or 0) >= LEAST_EFFECTIVE
    ):
        raise NoEstimate(
            say("estimates.none.not_mixed", r_hat=found.r_hat, effective=found.effective),
            gate.Reason.NOT_MIXED,
        )
    mixed, remarks = None, more.pop("remarks", ())
    if found.r_hat is not None:
        mixed = say("estimates.checks.mixed", r_hat=found.r_hat, effective=found.effective)
        if not found.r_hat <= MIXED:
            remarks = (
                *remarks,
                APART,
            )
    how = (
        say("estimates.how.posterior")
        if figure.interval
        else say("estimates.no_interval.for", why=figure.why)
    )
    if known and found.draws.size and float(np.mean(found.draws > gate.MOST_PERSONS)) > 0.005:
        raise NoEstimate(
            (say("estimates.none.posterior")),
            gate.Reason.BEYOND_PEOPLE,
        )
    named = found.models[0][0] if found.models else ""
    tails = tuple(
        (f"{share:.1%}", f"{float(np.quantile(found.draws, share)):,.2f}")
        for share in (0.025, 0.1, 0.9, 0.975)
        if found.draws.size
    )
    return plain(
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


def by_thresholding(table: CaptureTable, method: str, asked: Settings) -> Result:
    """Overlaps dropped that are near nought."""
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
            (say("estimates.remark.doubtful", terms=several(found.doubtful, "comma"))),
        )
    more = (
        (
            say("estimates.more.retained"),
            ", ".join(found.retained) or say("estimates.more.no_overlap"),
        ),
        (
            say("estimates.more.infinite"),
            ", ".join(found.infinite) or say("estimates.more.nothing"),
        ),
    )
    return _posterior(
        found.posterior, table.known, method, remarks=remarks, more=more, infinite=found.infinite
    )


def by_graphs(table: CaptureTable, method: str, _: Settings) -> Result:
    """All decomposable graphs by their weight."""
    return _posterior(bayesian.graphs(table), table.known, method)


def by_latent_classes(table: CaptureTable, method: str, asked: Settings) -> Result:
    """Classes of persons, drawn by chains."""
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
    how: Saying,
    others: Sequence[Estimate] = (),
    more: Any = (),
) -> Result:
    figure = gate.figure(known, found.total, found.low, found.high, found.why)
    return plain(
        known,
        method,
        figure,
        how if figure.interval else say("estimates.no_interval.for", why=figure.why),
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
        words = say("estimates.words.no_interval", words=words, why=each.why) if each.why else words
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


def by_times_seen(table: CaptureTable | Times, method: str, _: Settings) -> Result:
    """From how often each person was seen."""
    one = {
        "chao": counts_of_counts.chao,
        "zelterman": counts_of_counts.zelterman,
        "poisson": counts_of_counts.poisson,
        "negative-binomial": counts_of_counts.negative_binomial,
    }[method]
    return _of_estimate(one(table), table.known, method, METHODS[method].interval)


def by_several(table: CaptureTable, method: str, _: Settings) -> Result:
    """The best by BIC among those that have an estimate stands for the method; all are shown."""
    found = closed.family(table) if method == "family" else behaviour.behaviour(table)
    able = [each for each in found if np.isfinite(each.total)]
    if not able:
        raise NoEstimate(
            say(
                "estimates.none.several",
                each=several(
                    (say("estimates.none.each", name=each.method, why=each.why) for each in found),
                    "space",
                ),
            )
        )
    chosen = min(able, key=lambda each: each.bic if each.bic is not None else float("inf"))
    result = _of_estimate(chosen, table.known, method, METHODS[method].interval, found)
    return replace(result, remarks=(say("estimates.remark.least_bic", model=chosen.method),))


def by_two_lists(table: CaptureTable, method: str, asked: Settings) -> Result:
    """Two lists alone."""
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
    more: More = ((petersen.method, f"{petersen.total:,.1f}"),)
    if known < table.known:
        more = (
            *more,
            (
                say("estimates.more.not_counted"),
                say("estimates.more.neither", number=table.known - known),
            ),
        )
    result = _of_estimate(chapman, known, method, METHODS[method].interval, (), more)
    return result if table.size == 2 else replace(result, remarks=(UNCHECKED,))


def by_jolly_seber(table: CaptureTable, method: str, asked: Settings) -> Result:
    """Lists as years of a population that people join and leave."""
    found = jolly_seber(table)
    known, number = known_within(table), asked.replicates or REPLICATES
    gate.total(known, found.total)
    estimator = open_estimator(table)
    drawn = replicates(table, number, SEED if asked.seed is None else asked.seed)
    run = summed_up(known, found.total, estimator(drawn), [influence(table, estimator)], LEVELS)
    interval, how, more = of_run(run, say("estimates.how.bca", number=number))
    years = tuple(
        (year, say("estimates.more.present", present=present, listed=listed))
        for year, present, listed in zip(found.years, found.present, found.listed, strict=True)
    )
    stayed = tuple(
        (
            say("estimates.more.from_to", one=one, other=other),
            say("estimates.more.stayed", share=share),
        )
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
        (say("estimates.checks.years")),
        0.0,
        more=(*years, *stayed, *more),
        aic=found.fit.aic,
        deviance=found.fit.deviance,
        degrees=found.fit.degrees,
        replicates=number,
        without=run.without,
        remarks=found.remarks,
    )
