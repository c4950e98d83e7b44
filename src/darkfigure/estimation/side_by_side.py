"""The panel: every method's figure and interval side by side, what they rest on, and sentences a
statistician would sign.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from darkfigure.basis.errors import DarkfigureError
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
from darkfigure.estimation.result import Result
from darkfigure.estimation.sensitivity import Moved, sensitivity
from darkfigure.estimation.single import MIXED, estimate
from darkfigure.estimation.thresholded import thresholded

Progress = Callable[[str], None]
#: Lists up to which models of order 3 are weighed too.
MOST_FOR_THREE = 5


@dataclass(frozen=True)
class Line:
    """One method: total with its limits (95%), the model behind it, and a remark where its figure
    needs one.

    `total` is None where the method has no estimate of this table; the remark says why.
    """

    method: str
    total: float | None
    low: float | None
    high: float | None
    model: str = ""
    remark: str = ""
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
    method: str
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
    sentences: tuple[str, ...]


def panel(
    table: CaptureTable,
    *,
    replicates: int = 1000,
    simulations: int = 100,
    seed: int = 1,
    progress: Progress = lambda _doing: None,
) -> Panel:
    """Estimate by every method, and see how far the answer moves. Raises NoEstimate where the table
    says nothing at all.
    """
    gate.look(table)
    lines = _loglinear(table, replicates, seed, progress)
    posteriors = _bayesian(table, lines, seed, progress)
    progress("estimators beside")
    lines += _others(table)
    progress("lists omitted and merged")
    moved = sensitivity(table, "bic")[1:]
    omitted, merged = moved[: table.size], moved[table.size :]
    progress("simulated tables")
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


def _line(name: str, method: str, table: CaptureTable, remark: str = "", **asked: Any) -> Line:
    """The line of a method; where it has no estimate, why."""
    main = METHODS[method].main
    try:
        return _of(name, estimate(table, method, **asked), remark, main)
    except DarkfigureError as error:
        return Line(name, None, None, None, "", f"absent: {error}", main)


def _of(name: str, found: Result, remark: str, main: bool) -> Line:
    low, high = found.interval or (None, None)
    told = [remark, *found.remarks]
    if found.interval is None:
        told.append(found.how)
    elif found.without:
        told.append(
            f"{found.without:,} of {found.replicates:,} replicates have no estimate; they "
            "count "
            "as above every other"
        )
    if found.infinite:
        told.append(f"minus infinity: {', '.join(found.infinite)}")
    return Line(name, found.total, low, high, found.model, "; ".join(filter(None, told)), main)


def _loglinear(table: CaptureTable, replicates: int, seed: int, progress: Progress) -> list[Line]:
    drawn: dict[str, Any] = {"replicates": replicates, "seed": seed}
    progress("stepwise, bootstrap")
    lines = [_line("stepwise (p < 0.02)", "stepwise", table, **drawn)]
    if table.size == 2:
        return [*lines, _line("profile likelihood of the same", "bic", table)]
    known_before = "limits as if the model had been known beforehand"
    for order in (2, 3):
        if order >= table.size or (order == 3 and table.size > MOST_FOR_THREE):
            why = f"absent: order {order} with {table.size} lists " + (
                "would leave nothing to check by"
                if order >= table.size
                else "has too many models to draw replicates of"
            )
            lines.append(Line(f"best BIC, order {order}", None, None, None, "", why, main=False))
            continue
        progress(f"best BIC up to order {order}, bootstrap over all models")
        each = {**drawn, "replicates": max(100, replicates if order == 2 else replicates // 5)}
        lines.append(_line(f"best BIC, order {order}", "bic", table, order=order, **each))
        if order == 2:
            lines.append(_line("the same, profile likelihood", "bic", table, known_before, order=2))
            lines.append(_line("best AIC, order 2", "aic", table, known_before, order=2))
    progress("average over all models")
    return [*lines, _line("average by BIC weights, order 2", "average", table, order=2)]


def _bayesian(
    table: CaptureTable, lines: list[Line], seed: int, progress: Progress
) -> list[Posterior]:
    """Bayesian lines, by the median everywhere; gives the posteriors."""
    found = []
    for method, name, one in (
        ("thresholded", "thresholded overlaps", lambda: thresholded(table, seed=seed).posterior),
        ("graphs", "decomposable graphs", lambda: bayesian.graphs(table)),
        ("latent", "latent classes", lambda: bayesian.latent_classes(table, seed=seed)),
    ):
        progress(name)
        try:
            methods.check(METHODS[method], (), table.lists)
            posterior = one()
            figure = gate.figure(table.known, posterior.median, posterior.low, posterior.high)
        except DarkfigureError as error:
            lines.append(Line(name, None, None, None, "", f"absent: {error}"))
            continue
        found.append(posterior)
        low, high = figure.interval or (None, None)
        mixed = (
            f"R-hat {posterior.r_hat:.2f}, effective draws {posterior.effective:,.0f}"
            if posterior.r_hat is not None
            else ""
        )
        why = f"no interval: {figure.why}" if figure.why else ""
        formula = posterior.models[0][0] if posterior.models else ""
        lines.append(
            Line(name, figure.total, low, high, formula, "; ".join(filter(None, [mixed, why])))
        )
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
                Line(METHODS[name].does, None, None, None, "", f"absent: {error}", main=False)
            )
            continue
        for each in found.beside:
            low, high = each.interval or (None, None)
            words = each.words if each.total is not None else f"absent: {each.words}"
            lines.append(Line(each.name, each.total, low, high, "", words, main=False))
    if table.size == 2:
        lines.append(_line("two lists, Chapman", "two-lists", table))
    else:
        lines.append(_asked("two-lists", "say which two with --method two-lists --lists A,B"))
        lines.append(
            _asked("jolly-seber", "it takes lists that are years in order: --method jolly-seber")
        )
    lines.append(_asked("model", "name one with --method model --model [12,13]"))
    return lines


def _asked(name: str, how: str) -> Line:
    return Line(METHODS[name].does, None, None, None, "", f"absent: {how}", main=False)


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
        tuple[str, Counts, Callable[[CaptureTable], tuple[float, float] | None] | None]
    ] = []
    if table.size > 2:
        tried.append(("stepwise", stepwise_estimator(table)(drawn), _stepwise_limits))
        tried.append(("best BIC, order 2", best_estimator(table)(drawn), _profile_limits))
    tried.append(("the true model", fixed_estimator(table, chosen.model)(drawn), None))
    tried.append(("Chao", np.array([_chao(table.with_counts(each)) for each in drawn]), None))
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
) -> list[str]:
    said = [
        f"{table.known:,} persons are on at least one of {table.size} lists, "
        f"{_overlapping(table):,} of them on two or more: "
        "all that is said of the others rests on these.",
        *_spread(lines),
    ]
    found, probability = chosen
    if found is not None:
        fits = "fits the table" if probability > 0.05 else "does not fit the table well"
        said.append(
            f"The model chosen by BIC, {found.model.formula}, {fits} (deviance "
            f"{found.deviance:.1f} on {found.degrees} degrees, "
            f"p = {probability:.2g}); many histories are rare, so that this is a rough guide."
        )
        said += _moves("Leaving out one list", found.total, omitted) + _moves(
            "Taking two lists as one", found.total, merged
        )
    for each in simulated:
        if each.coverage is not None:
            said.append(
                f"On {each.tables} tables drawn from that model, {each.method} is off by "
                f"{each.median_error:.0%} in the median "
                f"(bias {each.bias:+.0%}); its 95% interval holds the truth in {each.coverage:.0%}."
            )
    for posterior in posteriors:
        if posterior.r_hat is not None and posterior.r_hat > MIXED:
            said.append(
                f"The chains of {posterior.method} have not come together (R-hat "
                f"{posterior.r_hat:.2f}): its figure is a sign of "
                "more than one explanation of the table, not an estimate to quote."
            )
    said.append(
        "None of this can see who could be on no list at all, and all of it takes links between "
        "lists for right: a missed link "
        "raises the estimate, a false one lowers it."
    )
    return said


def _spread(lines: Sequence[Line]) -> list[str]:
    """How far the methods that model dependence are apart, and which have no estimate."""
    main = [(line.total, line) for line in lines if line.main and line.total is not None]
    absent = [line.method for line in lines if line.main and line.total is None]
    tail = f" No estimate by: {', '.join(absent)}." if absent else ""
    if not main:
        return [
            (
                "No method that models how lists depend on one another has an estimate of this "
                f"table.{tail}"
            )
        ]
    (least, low), (most, high) = (
        min(main, key=lambda each: each[0]),
        max(main, key=lambda each: each[0]),
    )
    limits = [limit for _, line in main for limit in (line.low, line.high) if limit is not None]
    reach = (
        f"; their 95% limits reach from {min(limits):,.0f} to {max(limits):,.0f}" if limits else ""
    )
    weighs = "more than" if most / least > 1.5 else "less than"
    return [
        f"Methods that model how lists depend on one another put the total between {least:,.0f} "
        f"({low.method}) and {most:,.0f} "
        f"({high.method}), a factor of {most / least:.1f}{reach}. The choice of method matters "
        f"{weighs} sampling error within most "
        f"of them.{tail}"
    ]


def _overlapping(table: CaptureTable) -> int:
    return sum(int(count) for mask, count in enumerate(table.counts) if mask.bit_count() > 1)


def _moves(what: str, total: float, moved: Sequence[Moved]) -> list[str]:
    held = [each for each in moved if each.total is not None]
    if not held:
        return []
    low = min(held, key=lambda each: each.total or 0.0)
    high = max(held, key=lambda each: each.total or 0.0)
    none = len(moved) - len(held)
    tail = f" In {none} cases there is no estimate." if none else ""
    return [
        f"{what} moves the BIC estimate of {total:,.0f} to between {low.total:,.0f} "
        f"({low.change}) and {high.total:,.0f} "
        f"({high.change}).{tail}"
    ]
