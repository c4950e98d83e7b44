"""Log-linear estimates: a fixed model, stepwise, the best of all models, their average; with the
checks a fit must pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, log

import numpy as np

import darkfigure.estimation as mse
from darkfigure.basis.errors import UnknownName
from darkfigure.basis.saying import Saying, say, several
from darkfigure.estimation import engine, gate, search
from darkfigure.estimation.capture import CaptureTable, Counts
from darkfigure.estimation.gate import NoEstimate, Reason
from darkfigure.estimation.models import Masks, Model, all_models, from_bits, terms_up_to
from darkfigure.estimation.proof import Proof
from darkfigure.estimation.proving import best_proved

THRESHOLD = 0.02
#: Models of an average whose sampling is worked out.
HEAVY = 300
#: Models kept by the search, best first, so that one that fails a check has a successor.
KEPT = 40
#: Models kept where none of fewer passes: sparse tables have many models of which no estimate
#: exists.
WIDER = (KEPT, 400, 4000, 40_000)
#: Optional terms up to which every model can be kept; beyond, the 400 best are looked at.
MOST_FOR_ALL = 15
#: Optional terms up to which a search goes through all models; beyond, it proves what it can.
MOST_GONE_THROUGH = 28
#: Next best models told of.
NEXT = 9

#: A table whose smallest cell is above this is positive whatever rounding did to it.
CLEARLY = 1e-6
#: Histories up to which existence is decided by a programme over all of them: eight lists.
MOST_FOR_PROGRAMME = 255


@dataclass(frozen=True)
class Checks:
    """What a fit must pass before it counts.

    `exists`: a strictly positive table has the same sufficient statistics (Fienberg and Rinaldo
    2012); `margin` is its smallest cell, at best or in a table found. `identifiable`: the design
    has full rank on the histories kept. `infinite` names terms estimated minus infinity.
    """

    exists: bool
    identifiable: bool
    margin: float
    infinite: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether the fit counts."""
        return self.exists and self.identifiable

    @property
    def refused(self) -> Saying | None:
        """Why the fit does not count; nothing where it does."""
        if not self.identifiable:
            return say("estimates.refused.not_identifiable")
        return None if self.exists else say("estimates.refused.none_exists")

    @property
    def words(self) -> Saying | None:
        """The outcome in a sentence."""
        if not self.passed:
            return self.refused
        found = (
            say("estimates.checks.infinite", terms=several(self.infinite, "comma"))
            if self.infinite
            else None
        )
        return say("estimates.checks.passed", found=found)


@dataclass(frozen=True)
class Fit:
    """A model fitted: log likelihood (Poisson, whole), estimates by mask, fitted counts (that of
    the unseen at 0).
    """

    table: CaptureTable
    model: Model
    log_likelihood: float
    coefficients: Counts
    fitted: Counts
    checks: Checks

    @property
    def dark_figure(self) -> float:
        """The expected number on no list."""
        return float(self.fitted[0])

    @property
    def total(self) -> float:
        """Known and unknown."""
        return self.table.known + self.dark_figure

    @property
    def bic(self) -> float:
        """p log n - 2 log L, with n persons known and p terms, those at minus infinity among
        them.
        """
        return self.model.size * log(self.table.known) - 2 * self.log_likelihood

    @property
    def aic(self) -> float:
        """2 p - 2 log L."""
        return 2 * self.model.size - 2 * self.log_likelihood

    @property
    def deviance(self) -> float:
        """Twice the log likelihood lost against a model that fits every history."""
        counts, fitted = self.table.counts[1:], self.fitted[1:]
        held = counts > 0
        return float(
            2
            * (np.sum(counts[held] * np.log(counts[held] / fitted[held])) - np.sum(counts - fitted))
        )

    @property
    def degrees(self) -> int:
        """Histories kept, less terms estimated."""
        kept = int(np.sum(self.fitted[1:] > 0))
        return kept - (self.model.size - len(self.checks.infinite))


def fit(table: CaptureTable, fitted_model: Model) -> Fit:
    """Fit one model exactly, with its checks; a failed check is said, not raised. Raises NoEstimate
    for a table of nobody.
    """
    gate.somebody(table)
    terms = fitted_model.masks
    reached, _, _, values, mean = engine.fit_alone(table.counts, table.size, terms, 0.0, False)
    checks = check(table, fitted_model, mean)
    return Fit(table, fitted_model, float(reached), values, mean, checks)


def check(table: CaptureTable, fitted_model: Model, fitted: Counts | None = None) -> Checks:
    """Existence and identifiability, by linear programme and rank. Counts fitted by the model, if
    given, are looked at first: where they make a positive table, none need be looked for.
    """
    masks = np.arange(1, 1 << table.size)
    overlaps = {
        int(term): float(table.counts[1:][masks & term == term].sum())
        for term in fitted_model.terms
    }
    gone = [term for term, count in overlaps.items() if count == 0]
    left = np.zeros(len(masks), dtype=bool)
    for term in gone:
        left |= masks & term == term
    kept = masks[~left]
    infinite = tuple(table.label(term) for term in sorted(gone))
    active = np.array([term for term in fitted_model.masks if term not in gone], dtype=np.int64)
    if not len(active):
        return Checks(False, False, 0.0, infinite)
    design = (kept[:, None] & active[None, :] == active).astype(float)
    identifiable = len(kept) >= len(active) and int(np.linalg.matrix_rank(design)) == len(active)
    wanted = [overlaps[int(term)] for term in active]
    margin = 0.0 if fitted is None else _smallest(design, wanted, fitted[kept])
    if margin <= CLEARLY and len(kept) > MOST_FOR_PROGRAMME:
        exists = mse.existence.by_faces(design, table.counts[kept] > 0)
        return Checks(exists, identifiable, margin, infinite)
    if margin <= CLEARLY:
        margin = mse.existence.margin(design, wanted)
    return Checks(margin > 1e-7, identifiable, margin, infinite)


def _smallest(design: Counts, wanted: Sequence[float], cells: Counts) -> float:
    """The smallest cell of a table with the overlaps wanted, made of one that nearly has them by
    the least change; nought where that gives none.
    """
    if not np.all(np.isfinite(cells)):
        return 0.0
    lacking = np.array(wanted) - design.T @ cells
    made = cells + np.linalg.lstsq(design.T, lacking, rcond=None)[0]
    away = np.abs(np.array(wanted) - design.T @ made)
    return float(made.min()) if np.all(away <= 1e-9 * (1 + np.array(wanted))) else 0.0


def admitted(found: Fit) -> Fit:
    """The fit, if its total may be shown. Raises NoEstimate with the check it fails and its terms
    at minus infinity.
    """
    checks = found.checks
    if not checks.passed:
        gate.look(found.table)
        reason = Reason.NOT_EXISTING if checks.identifiable else Reason.NOT_IDENTIFIABLE
        raise NoEstimate(
            say("estimates.none.model", model=found.model.formula, refused=checks.refused),
            reason,
            checks.infinite,
        )
    gate.total(
        found.table.known, found.total, say("estimates.what.total", model=found.model.formula)
    )
    return found


def stepwise(table: CaptureTable, threshold: float = THRESHOLD) -> Fit:
    """Add overlaps of two lists to the main effects while the least likely has a p-value below
    `threshold`.

    Raises NoEstimate where the model it ends with has none.
    """
    gate.somebody(table)
    pairs = terms_up_to(table.size, 2)
    bits = 0
    if len(pairs):
        chosen = search.stepwise_of(table.counts, table.size, pairs, threshold, True).model
        bits = sum(1 << int(place) for place in np.flatnonzero(chosen))
    return admitted(fit(table, from_bits(table.size, pairs, bits)))


@dataclass(frozen=True)
class Best:
    """The best model by a criterion among all up to an order, how many had to be fitted, the next
    best of those looked at, what better ones were refused for, and how sure it is.
    """

    fit: Fit
    order: int
    fits: int
    next: tuple[tuple[str, float, float], ...]
    refused: tuple[str, ...]
    proof: Proof


def penalty_of(criterion: str, persons: float) -> float:
    """What a term costs: log n for bic, 2 for aic. Raises UnknownName."""
    if criterion not in ("bic", "aic"):
        raise UnknownName(f"{criterion!r} is not a criterion. Known are bic and aic.")
    return log(persons) if criterion == "bic" else 2.0


def best(table: CaptureTable, order: int = 2, criterion: str = "bic") -> Best:
    """The best of all hierarchical models up to an order that pass the checks; where there are too
    many to go through, the best found, with the proof or what could be better (`proving`). Raises
    NoEstimate where none passes.
    """
    gate.somebody(table)
    optional = terms_up_to(table.size, order)
    penalty = penalty_of(criterion, max(table.known, 1))
    if len(optional) > MOST_GONE_THROUGH:
        return _proved(table, order, optional, penalty)
    refused: list[NoEstimate] = []
    looked = 0
    for kept in WIDER if len(optional) <= MOST_FOR_ALL else WIDER[:2]:
        found = _search(table, optional, penalty, kept)
        chosen = _first(table, optional, found, looked, refused)
        looked = kept
        if chosen is not None:
            place, fitted = chosen
            others = _after(table, optional, found, place)
            least = float(found.criteria[place])
            proof = Proof(least, least, 0, found.fits, through=True)
            told = tuple(str(each) for each in refused)
            return Best(fitted, order, found.fits, others, told, proof)
        if found.models[-1] < 0:
            break
    gate.look(table)
    raise NoEstimate(
        say(
            "estimates.none.best",
            number=int(np.sum(found.models >= 0)),
            order=order,
            first=refused[0],
        ),
        refused[0].reason,
        refused[0].infinite,
    )


def _proved(table: CaptureTable, order: int, optional: Masks, penalty: float) -> Best:
    """The best found where there are too many models to go through."""
    refused: list[NoEstimate] = []
    fitted: dict[int, Fit] = {}

    def passes(bits: int) -> bool:
        try:
            fitted[bits] = admitted(fit(table, from_bits(table.size, optional, bits)))
        except NoEstimate as error:
            refused.append(error)
        return bits in fitted

    found = best_proved(table.counts, table.size, optional, penalty, passes=passes)
    if found.best is None:
        gate.look(table)
        number = len(found.looked)
        first = refused[0] if refused else say("estimates.refused.none_exists")
        raise NoEstimate(say("estimates.none.best", number=number, order=order, first=first))
    others = [
        each
        for each in found.looked
        if each.code == engine.OK and each.criterion > found.best.criterion
    ]
    return Best(
        fitted[found.best.bits],
        order,
        found.proof.fits,
        tuple(
            (
                from_bits(table.size, optional, each.bits).formula,
                each.criterion,
                table.known + each.hidden,
            )
            for each in others[:NEXT]
        ),
        tuple(str(each) for each in refused),
        found.proof,
    )


@dataclass(frozen=True)
class _Ranked:
    """Models best first, as bits, with their criterion, unseen and code; -1 where there are no
    more.
    """

    criteria: Counts
    models: Masks
    hidden: Counts
    codes: Masks
    fits: int


def _search(table: CaptureTable, optional: Masks, penalty: float, kept: int) -> _Ranked:
    room = (
        np.full(kept, inf),
        np.full(kept, -1, np.int64),
        np.full(kept, np.nan),
        np.full(kept, engine.NOT_FITTED, np.int64),
    )
    return _Ranked(
        *room, int(search.best_of_all(table.counts, table.size, optional, penalty, kept, *room))
    )


def _first(
    table: CaptureTable, optional: Masks, found: _Ranked, looked: int, refused: list[NoEstimate]
) -> tuple[int, Fit] | None:
    """The best model from place `looked` on that passes the checks, with its place; what does not
    goes to `refused`.

    Beyond the first KEPT only those are looked at that the compiled check lets pass.
    """
    for place in range(looked, len(found.models)):
        if found.models[place] < 0:
            return None
        if place >= KEPT and found.codes[place] != engine.OK:
            continue
        try:
            return place, admitted(
                fit(table, from_bits(table.size, optional, int(found.models[place])))
            )
        except NoEstimate as error:
            refused.append(error)
    return None


def _after(
    table: CaptureTable, optional: Masks, found: _Ranked, place: int, most: int = NEXT
) -> tuple[tuple[str, float, float], ...]:
    """The next best models that the compiled check lets pass: formula, criterion, total."""
    able = [
        each
        for each in range(place + 1, len(found.models))
        if found.models[each] >= 0 and found.codes[each] == engine.OK
    ]
    return tuple(
        (
            from_bits(table.size, optional, int(found.models[each])).formula,
            float(found.criteria[each]),
            table.known + float(found.hidden[each]),
        )
        for each in able[:most]
    )


@dataclass(frozen=True)
class Average:
    """All models of a space weighted by exp(-BIC/2).

    `total` is the weighted mean, `median` the weighted median of the models' totals; `models` the
    heaviest as (formula, weight, total), `heavy` those that have all but a thousandth of the weight
    between them, up to HEAVY of them, with their weights. Only models with an estimate have weight.
    `low` and `high` are limits between models; `profile.averaged_interval` has sampling too.
    """

    total: float
    median: float
    low: float
    high: float
    models: tuple[tuple[str, float, float], ...]
    number: int
    heavy: tuple[tuple[Model, float], ...] = ()


def average(table: CaptureTable, order: int = 2, level: float = 0.95) -> Average:
    """Model averaging over every hierarchical model up to an order, by BIC weights; the limits are
    quantiles over models.

    Only models with an estimate have weight. Raises NoEstimate where none has one.
    """
    gate.somebody(table)
    members, likelihoods, codes, hidden, optional = fit_all(table, order)
    sizes = 1 + table.size + np.array([int(bits).bit_count() for bits in members])
    totals = gate.replicate_totals(
        np.full(len(members), float(table.known)), hidden, codes == engine.OK
    )
    bics = np.where(np.isfinite(totals), sizes * log(max(table.known, 1)) - 2 * likelihoods, inf)
    _bar(table, optional, members, bics)
    if not np.isfinite(bics.min()):
        gate.look(table)
        raise NoEstimate(say("estimates.none.average", number=len(members), order=order))
    weights = np.exp(-0.5 * (bics - bics.min()))
    weights /= weights.sum()
    totals = np.where(weights > 0, totals, table.known)
    order_by_total = np.argsort(totals, kind="stable")
    cumulated = np.cumsum(weights[order_by_total])
    low, median, high = (
        float(totals[order_by_total][min(int(np.searchsorted(cumulated, share)), len(totals) - 1)])
        for share in ((1 - level) / 2, 0.5, (1 + level) / 2)
    )
    by_weight = np.argsort(-weights, kind="stable")
    heaviest = by_weight[:10]
    enough = min(int(np.searchsorted(np.cumsum(weights[by_weight]), 0.999)) + 1, HEAVY)
    return Average(
        total=float(weights @ totals),
        median=median,
        low=low,
        high=high,
        models=tuple(
            (
                from_bits(table.size, optional, int(members[each])).formula,
                float(weights[each]),
                float(totals[each]),
            )
            for each in heaviest
            if weights[each] > 0
        ),
        number=len(members),
        heavy=tuple(
            (from_bits(table.size, optional, int(members[each])), float(weights[each]))
            for each in by_weight[:enough]
        ),
    )


def _bar(
    table: CaptureTable, optional: Masks, members: Masks, bics: Counts, most: int = 60
) -> None:
    """Take weight from heavy models that the linear programme refuses though the compiled check let
    them pass, in place.
    """
    for _ in range(most):
        heaviest = int(np.argmin(bics))
        if not np.isfinite(bics[heaviest]):
            return
        near = np.flatnonzero(bics < bics[heaviest] + 2 * log(1000.0))
        near = near[np.argsort(bics[near], kind="stable")][:most]
        failing = [
            each
            for each in near
            if not check(table, from_bits(table.size, optional, int(members[each]))).passed
        ]
        bics[failing] = inf
        if not failing:
            return


def fit_all(table: CaptureTable, order: int) -> tuple[Masks, Counts, Masks, Counts, Masks]:
    """Every hierarchical model up to an order, fitted: (models, log likelihoods, codes, unseen,
    optional terms).
    """
    optional = terms_up_to(table.size, order)
    members = all_models(table.size, order)
    likelihoods, codes, hidden, _ = engine.fit_many(
        table.counts, table.size, optional, members, 256
    )
    return members, likelihoods, codes, hidden, optional
