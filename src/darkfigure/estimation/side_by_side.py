"""The panel: every method's figure and interval side by side, what they rest on, and sentences a statistician would sign."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from darkfigure.basis.errors import DarkfigureError
from darkfigure.estimation import bayesian, closed
from darkfigure.estimation.capture import CaptureTable, Counts
from darkfigure.estimation.loglinear import Fit, NoEstimate, average, best, profile_interval, stepwise
from darkfigure.estimation.models import ENUMERABLE
from darkfigure.estimation.resampling import best_estimator, bootstrap, fixed_estimator, stepwise_estimator

Progress = Callable[[str], None]
#: An R-hat above this says that chains disagree.
MIXED = 1.05


@dataclass(frozen=True)
class Line:
    """One method: total with its limits (95%), the model behind it, and a remark where its figure needs one."""

    method: str
    total: float
    low: float | None
    high: float | None
    model: str = ""
    remark: str = ""
    #: Whether it takes lists as they are and models their dependence; the others are bounds or take lists as alike.
    main: bool = True


@dataclass(frozen=True)
class Moved:
    """A total with a list omitted or two merged; None where there is no estimate."""

    change: str
    known: int
    total: float | None
    model: str


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
    """All of it. `rests` says by list which share of the known is on it alone, and by how much the total moves without it."""

    table: CaptureTable
    lines: tuple[Line, ...]
    omitted: tuple[Moved, ...]
    merged: tuple[Moved, ...]
    rests: dict[str, tuple[float, float | None]]
    fit: Fit
    fit_probability: float
    residuals: tuple[tuple[str, int, float, float], ...]
    simulated: tuple[Simulated, ...]
    posteriors: tuple[bayesian.Posterior, ...]
    sentences: tuple[str, ...]


def panel(
    table: CaptureTable,
    *,
    replicates: int = 1000,
    simulations: int = 100,
    seed: int = 1,
    progress: Progress = lambda doing: None,
) -> Panel:
    """Estimate by every method, and see how far the answer moves."""
    lines: list[Line] = []
    chosen = _loglinear(table, lines, replicates, seed, progress)
    posteriors = _bayesian(table, lines, seed, progress)
    progress("estimators beside")
    lines += [
        Line(each.method, each.total, each.low, each.high, "", each.assumes, main=False) for each in _others(table)
    ]
    progress("lists omitted and merged")
    omitted = [_moved(f"without {name}", partial(table.omit, name)) for name in table.lists if table.size > 2]
    merged = [_moved(f"{a} and {b} as one", partial(table.merge, [a, b])) for a, b in _pairs(table)]
    progress("simulated tables")
    simulated = _simulate(table, chosen, simulations, seed)
    probability = closed.saturated_loss(chosen.deviance, chosen.degrees)
    rests = {
        name: (_alone(table, name), None if moved.total is None else moved.total / chosen.total - 1)
        for name, moved in zip(table.lists, omitted, strict=False)
    }
    return Panel(
        table=table,
        lines=tuple(lines),
        omitted=tuple(omitted),
        merged=tuple(merged),
        rests=rests,
        fit=chosen,
        fit_probability=probability,
        residuals=_residuals(table, chosen),
        simulated=tuple(simulated),
        posteriors=tuple(posteriors),
        sentences=tuple(_sentences(table, lines, omitted, merged, simulated, posteriors, (chosen, probability))),
    )


def _loglinear(table: CaptureTable, lines: list[Line], replicates: int, seed: int, progress: Progress) -> Fit:
    progress("stepwise, bootstrap")
    found = stepwise(table)
    run = bootstrap(table, stepwise_estimator(table), replicates, seed) if table.size > 2 else None
    low, high = run.intervals[0.95] if run else profile_interval(found)
    lines.append(Line("stepwise (p < 0.02)", found.total, low, high, found.model.formula))
    chosen = found
    for order in (2, 3):
        if order >= table.size or (order == 3 and table.size > 5):
            continue
        progress(f"best BIC up to order {order}, bootstrap over all models")
        try:
            winner = best(table, order).fit
        except NoEstimate as error:
            lines.append(Line(f"best BIC, order {order}", float("nan"), None, None, "", str(error)))
            continue
        each = max(100, replicates if order == 2 else replicates // 5)
        run = bootstrap(table, best_estimator(table, order), each, seed)
        lines.append(Line(f"best BIC, order {order}", winner.total, *run.intervals[0.95], winner.model.formula))
        if order == 2:
            chosen = winner
            low, high = profile_interval(winner)
            remark = "limits as if the model had been known beforehand"
            lines.append(Line("the same, profile likelihood", winner.total, low, high, winner.model.formula, remark))
            aic = best(table, 2, "aic").fit
            lines.append(Line("best AIC, order 2", aic.total, *profile_interval(aic), aic.model.formula, remark))
    if table.size > 2 and 2 ** (table.size * (table.size - 1) // 2) <= ENUMERABLE // 8:
        progress("average over all models")
        mean = average(table, 2)
        remark = f"{mean.number:,} models; the heaviest has weight {mean.models[0][1]:.2f}; limits are between models"
        lines.append(
            Line("average by BIC weights, order 2", mean.total, mean.low, mean.high, mean.models[0][0], remark)
        )
    return chosen


def _bayesian(table: CaptureTable, lines: list[Line], seed: int, progress: Progress) -> list[bayesian.Posterior]:
    found = []
    progress("thresholded overlaps")
    found.append(bayesian.thresholded(table, seed=seed))
    if table.size <= bayesian.MOST_FOR_GRAPHS:
        progress("decomposable graphs")
        found.append(bayesian.graphs(table))
    progress("latent classes")
    found.append(bayesian.latent_classes(table, seed=seed))
    for each in found:
        remark = ""
        if each.r_hat is not None:
            remark = f"R-hat {each.r_hat:.2f}, effective draws {each.effective:,.0f}"
        lines.append(
            Line(each.method, each.median, each.low, each.high, each.models[0][0] if each.models else "", remark)
        )
    return found


def _others(table: CaptureTable) -> list[closed.Estimate]:
    found = [closed.chao(table)]
    if table.size > 2:
        found += closed.family(table)
    else:
        found += closed.two_lists(table, *table.lists)
    return found


def _pairs(table: CaptureTable) -> list[tuple[str, str]]:
    return list(itertools.combinations(table.lists, 2)) if table.size > 2 else []


def _moved(change: str, make: Callable[[], CaptureTable]) -> Moved:
    try:
        other = make()
        found = best(other, 2).fit if other.size > 2 else stepwise(other)
    except DarkfigureError:
        return Moved(change, 0, None, "no estimate")
    return Moved(change, other.known, found.total, found.model.formula)


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


def _simulate(table: CaptureTable, chosen: Fit, number: int, seed: int) -> list[Simulated]:
    """Draw tables from the fitted model, with the total it estimates as the truth, and see who finds it."""
    chance = np.random.default_rng(seed + 7)
    truth = round(chosen.total)
    share = chosen.fitted / chosen.fitted.sum()
    drawn = np.zeros((number, len(table.counts)))
    for place in range(number):
        drawn[place] = chance.multinomial(truth, share)
    drawn[:, 0] = 0
    methods: list[tuple[str, Counts, Callable[[CaptureTable], tuple[float, float]] | None]] = []
    if table.size > 2:
        methods.append(("stepwise", stepwise_estimator(table)(drawn), _stepwise_limits))
        methods.append(("best BIC, order 2", best_estimator(table)(drawn), _profile_limits))
    methods.append(("the true model", fixed_estimator(table, chosen.model)(drawn), None))
    methods.append(("Chao", np.array([closed.chao(table.with_counts(each)).total for each in drawn]), None))
    found = []
    for name, totals, limits in methods:
        held = totals[np.isfinite(totals)]
        covered = None
        if limits is not None:
            inside = [
                low <= truth <= high for low, high in (limits(table.with_counts(each)) for each in drawn[:number])
            ]
            covered = float(np.mean(inside))
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


def _stepwise_limits(table: CaptureTable) -> tuple[float, float]:
    return bootstrap(table, stepwise_estimator(table), 200, 3).intervals[0.95]


def _profile_limits(table: CaptureTable) -> tuple[float, float]:
    try:
        return profile_interval(best(table, 2).fit)
    except NoEstimate:
        return 0.0, 0.0


def _sentences(
    table: CaptureTable,
    lines: Sequence[Line],
    omitted: Sequence[Moved],
    merged: Sequence[Moved],
    simulated: Sequence[Simulated],
    posteriors: Sequence[bayesian.Posterior],
    chosen: tuple[Fit, float],
) -> list[str]:
    main = [line for line in lines if line.main and np.isfinite(line.total)]
    totals = [line.total for line in main]
    low, high = min(main, key=lambda line: line.total), max(main, key=lambda line: line.total)
    limits = [limit for line in main for limit in (line.low, line.high) if limit is not None and np.isfinite(limit)]
    said = [
        f"{table.known:,} persons are on at least one of {table.size} lists, {_overlapping(table):,} of them on two or more: "
        "all that is said of the others rests on these.",
        f"Methods that model how lists depend on one another put the total between {low.total:,.0f} ({low.method}) and "
        f"{high.total:,.0f} ({high.method}), a factor of {max(totals) / min(totals):.1f}; their 95% limits reach from "
        f"{min(limits):,.0f} to {max(limits):,.0f}. The choice of method matters "
        + ("more than" if max(totals) / min(totals) > 1.5 else "less than")
        + " sampling error within most of them.",
    ]
    found, probability = chosen
    fits = "fits the table" if probability > 0.05 else "does not fit the table well"
    said.append(
        f"The model chosen by BIC, {found.model.formula}, {fits} (deviance {found.deviance:.1f} on {found.degrees} degrees, "
        f"p = {probability:.2g}); many histories are rare, so that this is a rough guide."
    )
    said += _moves("Leaving out one list", found.total, omitted) + _moves(
        "Taking two lists as one", found.total, merged
    )
    for each in simulated:
        if each.coverage is not None:
            said.append(
                f"On {each.tables} tables drawn from that model, {each.method} is off by {each.median_error:.0%} in the median "
                f"(bias {each.bias:+.0%}); its 95% interval holds the truth in {each.coverage:.0%}."
            )
    for posterior in posteriors:
        if posterior.r_hat is not None and posterior.r_hat > MIXED:
            said.append(
                f"The chains of {posterior.method} have not come together (R-hat {posterior.r_hat:.2f}): its figure is a sign of "
                "more than one explanation of the table, not an estimate to quote."
            )
    said.append(
        "None of this can see who could be on no list at all, and all of it takes links between lists for right: a missed link "
        "raises the estimate, a false one lowers it."
    )
    return said


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
        f"{what} moves the BIC estimate of {total:,.0f} to between {low.total:,.0f} ({low.change}) and {high.total:,.0f} "
        f"({high.change}).{tail}"
    ]
