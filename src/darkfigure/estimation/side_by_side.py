"""The panel: every method's figure and interval side by side, what they rest on, and sentences a
statistician would sign.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from darkfigure.basis.errors import DarkfigureError
from darkfigure.basis.saying import Saying, quote, say, several
from darkfigure.estimation import bayesian, closed, gate, methods
from darkfigure.estimation.bayesian import Posterior
from darkfigure.estimation.capture import CaptureTable, Counts
from darkfigure.estimation.counts_of_counts import chao
from darkfigure.estimation.loglinear import Fit, best, stepwise
from darkfigure.estimation.methods import METHODS
from darkfigure.estimation.profile import multinomial_interval
from darkfigure.estimation.resampling import (
    best_estimator,
    bootstrap,
    fixed_estimator,
    stepwise_estimator,
)
from darkfigure.estimation.result import Result, told
from darkfigure.estimation.sensitivity import Moved, sensitivity
from darkfigure.estimation.single import MIXED, estimate
from darkfigure.estimation.steps import Doing, Progress, counted, orders
from darkfigure.estimation.thresholded import thresholded


@dataclass(frozen=True)
class Line:
    """One method: total with its limits (95%), the model behind it, and a remark where its figure
    needs one.

    `total` is None where the method has no estimate of this table; the remark says why.
    """

    method: Saying
    total: float | None
    low: float | None
    high: float | None
    model: str = ""
    remark: Saying | None = None
    #: Whether it takes lists as they are and models their dependence; the others are bounds or take
    #: lists as alike.
    main: bool = True

    def __post_init__(self) -> None:
        if self.total is not None:
            gate.stand(
                0,
                self.total,
                None if self.low is None or self.high is None else (self.low, self.high),
            )


@dataclass(frozen=True)
class Simulated:
    """How a method does on tables drawn from a fitted model whose total is known."""

    truth: str
    method: Saying
    bias: float
    median_error: float
    coverage: float | None
    tables: int


@dataclass(frozen=True)
class Panel:
    """All of it. `rests` says by list which share of the known is on it alone, and by how much the
    total moves without it.

    `fit` is the model chosen by BIC, or stepwise where none passes the checks by BIC; None where
    neither has an estimate.
    """

    table: CaptureTable
    lines: tuple[Line, ...]
    omitted: tuple[Moved, ...]
    merged: tuple[Moved, ...]
    rests: dict[str, tuple[float, float | None]]
    fit: Fit | None
    fit_probability: float
    residuals: tuple[tuple[str, int, float, float], ...]
    simulated: tuple[Simulated, ...]
    posteriors: tuple[Posterior, ...]
    sentences: tuple[Saying, ...]


def panel(
    table: CaptureTable,
    *,
    replicates: int = 1000,
    simulations: int = 100,
    seed: int = 1,
    progress: Progress = lambda _doing, _step, _steps: None,
) -> Panel:
    """Estimate by every method, and see how far the answer moves. Raises NoEstimate where the table
    says nothing at all.
    """
    gate.look(table)
    doing = counted(table, progress)
    lines = _loglinear(table, replicates, seed, doing)
    posteriors = _bayesian(table, lines, seed, doing)
    doing(say("estimates.doing.beside"))
    lines += _others(table)
    doing(say("estimates.doing.moves"))
    moved = sensitivity(table, "bic")[1:]
    omitted, merged = moved[: table.size], moved[table.size :]
    doing(say("estimates.doing.simulated"))
    chosen = _chosen(table)
    simulated = _simulate(table, chosen, simulations, seed) if chosen else []
    probability = closed.saturated_loss(chosen.deviance, chosen.degrees) if chosen else float("nan")
    rests = {
        name: (
            _alone(table, name),
            None if each.total is None or not chosen else each.total / chosen.total - 1,
        )
        for name, each in zip(table.lists, omitted, strict=False)
    }
    return Panel(
        table=table,
        lines=tuple(lines),
        omitted=omitted,
        merged=merged,
        rests=rests,
        fit=chosen,
        fit_probability=probability,
        residuals=_residuals(table, chosen) if chosen else (),
        simulated=tuple(simulated),
        posteriors=tuple(posteriors),
        sentences=tuple(
            _sentences(table, lines, omitted, merged, simulated, posteriors, (chosen, probability))
        ),
    )


def _chosen(table: CaptureTable) -> Fit | None:
    for one in (best, stepwise):
        try:
            found = one(table)
        except DarkfigureError:
            continue
        return found if isinstance(found, Fit) else found.fit
    return None


def _line(
    name: Saying, method: str, table: CaptureTable, remark: Saying | None = None, **asked: Any
) -> Line:
    """The line of a method; where it has no estimate, why."""
    main = METHODS[method].main
    try:
        return _of(name, estimate(table, method, **asked), remark, main)
    except DarkfigureError as error:
        return Line(name, None, None, None, "", say("estimates.absent", why=error.said), main)


def _of(name: Saying, found: Result, remark: Saying | None, main: bool) -> Line:
    low, high = found.interval or (None, None)
    said = [remark, *found.remarks]
    if found.interval is None:
        said.append(found.how)
    elif found.without:
        said.append(say("estimates.remark.failed", without=found.without, number=found.replicates))
    if found.infinite:
        said.append(say("estimates.line.infinite", terms=several(found.infinite, "comma")))
    return Line(name, found.total, low, high, found.model, told(said), main)


def _loglinear(table: CaptureTable, replicates: int, seed: int, doing: Doing) -> list[Line]:
    drawn: dict[str, Any] = {"replicates": replicates, "seed": seed}
    doing(say("estimates.doing.stepwise"))
    lines = [_line(say("estimates.named.stepwise"), "stepwise", table, **drawn)]
    if table.size == 2:
        return [*lines, _line(say("estimates.named.same_two"), "bic", table)]
    known_before = say("estimates.line.known_before")
    for order in (2, 3):
        if order not in orders(table):
            lack = "nothing_to_check" if order >= table.size else "too_many"
            why = say(f"estimates.line.{lack}", order=order, lists=table.size)
            lines.append(
                Line(say("estimates.named.bic", order=order), None, None, None, "", why, main=False)
            )
            continue
        doing(say("estimates.doing.bic", order=order))
        each = {**drawn, "replicates": max(100, replicates if order == 2 else replicates // 5)}
        lines.append(
            _line(say("estimates.named.bic", order=order), "bic", table, order=order, **each)
        )
        if order == 2:
            lines.append(_line(say("estimates.named.same"), "bic", table, known_before, order=2))
            lines.append(
                _line(say("estimates.named.aic", order=2), "aic", table, known_before, order=2)
            )
    doing(say("estimates.doing.average"))
    return [*lines, _line(say("estimates.named.average", order=2), "average", table, order=2)]


def _bayesian(table: CaptureTable, lines: list[Line], seed: int, doing: Doing) -> list[Posterior]:
    """Bayesian lines, by the median everywhere; gives the posteriors."""
    found = []
    for method, name, one in (
        (
            "thresholded",
            say("estimates.named.thresholded"),
            lambda: thresholded(table, seed=seed).posterior,
        ),
        ("graphs", say("estimates.named.graphs"), lambda: bayesian.graphs(table)),
        (
            "latent",
            say("estimates.named.latent"),
            lambda: bayesian.latent_classes(table, seed=seed),
        ),
    ):
        doing(name)
        try:
            methods.check(METHODS[method], (), table.lists)
            posterior = one()
            figure = gate.figure(table.known, posterior.median, posterior.low, posterior.high)
        except DarkfigureError as error:
            lines.append(Line(name, None, None, None, "", say("estimates.absent", why=error.said)))
            continue
        found.append(posterior)
        low, high = figure.interval or (None, None)
        mixed = (
            say("estimates.line.mixed", r_hat=posterior.r_hat, effective=posterior.effective)
            if posterior.r_hat is not None
            else None
        )
        why = say("estimates.no_interval.for", why=figure.why) if figure.why else None
        formula = posterior.models[0][0] if posterior.models else ""
        lines.append(Line(name, figure.total, low, high, formula, told([mixed, why])))
    return found


def _others(table: CaptureTable) -> list[Line]:
    """Bounds, counts of counts, behaviour; of methods that need to be told more, that they do."""
    lines = [
        _line(METHODS[name].does, name, table)
        for name in ("chao", "zelterman", "poisson", "negative-binomial")
    ]
    for name in ("family", "behaviour"):
        try:
            found = estimate(table, name)
        except DarkfigureError as error:
            lines.append(
                Line(
                    METHODS[name].does,
                    None,
                    None,
                    None,
                    "",
                    say("estimates.absent", why=error.said),
                    main=False,
                )
            )
            continue
        for each in found.beside:
            low, high = each.interval or (None, None)
            words = (
                each.words if each.total is not None else say("estimates.absent", why=each.words)
            )
            lines.append(Line(quote(each.name), each.total, low, high, "", words, main=False))
    if table.size == 2:
        lines.append(_line(say("estimates.named.chapman"), "two-lists", table))
    else:
        lines.append(_asked("two-lists", say("estimates.line.which_two")))
        lines.append(_asked("jolly-seber", say("estimates.line.years")))
    lines.append(_asked("model", say("estimates.line.name_one")))
    return lines


def _asked(name: str, how: Saying) -> Line:
    return Line(
        METHODS[name].does, None, None, None, "", say("estimates.absent", why=how), main=False
    )


def _alone(table: CaptureTable, name: str) -> float:
    return float(table.counts[1 << table.place(name)] / table.known)


def _residuals(table: CaptureTable, found: Fit) -> tuple[tuple[str, int, float, float], ...]:
    """The histories that fit worst: label, observed, expected, Pearson residual."""
    rows = []
    for mask in range(1, len(table.counts)):
        expected = float(found.fitted[mask])
        if expected > 0:
            away = (table.counts[mask] - expected) / np.sqrt(max(expected, 0.1))
            rows.append((table.label(mask), int(table.counts[mask]), expected, float(away)))
    return tuple(sorted(rows, key=lambda row: -abs(row[3]))[:6])


def _chao(table: CaptureTable) -> float:
    try:
        return chao(table).total
    except gate.NoEstimate:
        return float("nan")


def _simulate(table: CaptureTable, chosen: Fit, number: int, seed: int) -> list[Simulated]:
    """Draw tables from the fitted model, with the total it estimates as the truth, and see who
    finds it.
    """
    chance = np.random.default_rng(seed + 7)
    truth = round(chosen.total)
    share = chosen.fitted / chosen.fitted.sum()
    drawn = np.zeros((number, len(table.counts)))
    for place in range(number):
        drawn[place] = chance.multinomial(truth, share)
    drawn[:, 0] = 0
    tried: list[
        tuple[Saying, Counts, Callable[[CaptureTable], tuple[float, float] | None] | None]
    ] = []
    if table.size > 2:
        tried.append(
            (
                say("estimates.named.stepwise_brief"),
                stepwise_estimator(table)(drawn),
                _stepwise_limits,
            )
        )
        tried.append(
            (say("estimates.named.bic", order=2), best_estimator(table)(drawn), _profile_limits)
        )
    tried.append((say("estimates.named.true"), fixed_estimator(table, chosen.model)(drawn), None))
    tried.append(
        (
            say("estimates.named.chao"),
            np.array([_chao(table.with_counts(each)) for each in drawn]),
            None,
        )
    )
    found = []
    for name, totals, limits in tried:
        held = totals[np.isfinite(totals)]
        covered = None
        if limits is not None:
            given = [limits(table.with_counts(each)) for each in drawn]
            # A table without an interval does not hold the truth.
            covered = float(
                np.mean([each is not None and each[0] <= truth <= each[1] for each in given])
            )
        if not len(held):
            continue
        found.append(
            Simulated(
                chosen.model.formula,
                name,
                float(np.median(held) / truth - 1),
                float(np.median(np.abs(held / truth - 1))),
                covered,
                number,
            )
        )
    return found


def _stepwise_limits(table: CaptureTable) -> tuple[float, float] | None:
    try:
        return bootstrap(table, stepwise_estimator(table), 200, 3).intervals[0.95]
    except gate.NoEstimate:
        return None


def _profile_limits(table: CaptureTable) -> tuple[float, float] | None:
    try:
        return multinomial_interval(best(table, 2).fit)
    except gate.NoEstimate:
        return None


def _sentences(
    table: CaptureTable,
    lines: Sequence[Line],
    omitted: Sequence[Moved],
    merged: Sequence[Moved],
    simulated: Sequence[Simulated],
    posteriors: Sequence[Posterior],
    chosen: tuple[Fit | None, float],
) -> list[Saying]:
    said = [
        say(
            "estimates.panel.known",
            known=table.known,
            lists=table.size,
            overlapping=_overlapping(table),
        ),
        *_spread(lines),
    ]
    found, probability = chosen
    if found is not None:
        fits = say("estimates.panel.fits") if probability > 0.05 else say("estimates.panel.misfits")
        said.append(
            say(
                "estimates.panel.model",
                model=found.model.formula,
                fits=fits,
                deviance=found.deviance,
                degrees=found.degrees,
                probability=probability,
            )
        )
        said += _moves(say("estimates.panel.leaving_out"), found.total, omitted) + _moves(
            say("estimates.panel.taking"), found.total, merged
        )
    for each in simulated:
        if each.coverage is not None:
            said.append(
                say(
                    "estimates.panel.drawn",
                    tables=each.tables,
                    method=each.method,
                    error=each.median_error,
                    bias=each.bias,
                    coverage=each.coverage,
                )
            )
    for posterior in posteriors:
        if posterior.r_hat is not None and posterior.r_hat > MIXED:
            said.append(
                say("estimates.panel.not_mixed", method=posterior.method, r_hat=posterior.r_hat)
            )
    said.append(say("estimates.panel.caution"))
    return said


def _spread(lines: Sequence[Line]) -> list[Saying]:
    """How far the methods that model dependence are apart, and which have no estimate."""
    main = [(line.total, line) for line in lines if line.main and line.total is not None]
    absent = [line.method for line in lines if line.main and line.total is None]
    tail = say("estimates.panel.no_estimate_by", methods=several(absent, "comma"))
    by = tail if absent else None
    if not main:
        return [(say("estimates.panel.none", tail=by))]
    (least, low), (most, high) = (
        min(main, key=lambda each: each[0]),
        max(main, key=lambda each: each[0]),
    )
    limits = [limit for _, line in main for limit in (line.low, line.high) if limit is not None]
    reach = say("estimates.panel.reach", low=min(limits), high=max(limits)) if limits else None
    weighs = (
        say("estimates.panel.more_than") if most / least > 1.5 else say("estimates.panel.less_than")
    )
    return [
        say(
            "estimates.panel.spread",
            least=least,
            low=low.method,
            most=most,
            high=high.method,
            factor=most / least,
            reach=reach,
            weighs=weighs,
            tail=by,
        )
    ]


def _overlapping(table: CaptureTable) -> int:
    return sum(int(count) for mask, count in enumerate(table.counts) if mask.bit_count() > 1)


def _moves(what: Saying, total: float, moved: Sequence[Moved]) -> list[Saying]:
    held = [each for each in moved if each.total is not None]
    if not held:
        return []
    low = min(held, key=lambda each: each.total or 0.0)
    high = max(held, key=lambda each: each.total or 0.0)
    none = len(moved) - len(held)
    tail = say("estimates.panel.no_cases", number=none) if none else None
    return [
        say(
            "estimates.panel.moves",
            what=what,
            total=total,
            least=low.total,
            low=low.change,
            most=high.total,
            high=high.change,
            tail=tail,
        )
    ]
