"""Behaviour: being on one list leads to, or away from, the next. Mb, Mbh and Mtb for lists in order
of time.

Mb: every person is first listed with one probability, listed again with another (Otis et al. 1978).
Mbh: persons differ, so that the first list takes the easiest (generalised removal, Otis et al.
1978). Mtb: lists differ, and who has been listed is so with odds that are all larger or smaller by
one factor (Chao, Chu and Hsu 2000).
"""

from __future__ import annotations

from math import exp, log

import numpy as np
from scipy.optimize import brentq, minimize
from scipy.special import expit, gammaln

from darkfigure.basis.saying import say
from darkfigure.estimation import gate
from darkfigure.estimation.capture import CaptureTable, Counts
from darkfigure.estimation.closed import Estimate, Fitted, made, refused
from darkfigure.estimation.counts_of_counts import profiled
from darkfigure.estimation.gate import NoEstimate, Reason

#: A fit with more hidden for each known than this has run off, and so has one whose likelihood
#: falls by less than FLAT where twenty times as many are hidden.
MOST_HIDDEN, FLAT = 1e3, 0.02
ASSUMES = {
    "Mb": say("estimates.assumes.Mb"),
    "Mbh": say("estimates.assumes.Mbh"),
    "Mtb": (say("estimates.assumes.Mtb")),
}


def behaviour(table: CaptureTable) -> list[Estimate]:
    """Mb, Mbh and Mtb; the lists stand in order of time. A model without an estimate says why.

    Raises NoEstimate where the table says nothing at all.
    """
    gate.look(table)
    found = []
    for name, one in (("Mb", _mb), ("Mbh", _mbh), ("Mtb", _mtb)):
        try:
            found.append(one(table))
        except NoEstimate as none:
            found.append(refused(name, none))
    return found


def first_seen(table: CaptureTable) -> Counts:
    """Persons by the first list they are on."""
    masks = np.arange(1, len(table.counts))
    return np.array(
        [table.counts[1:][masks & -masks == 1 << place].sum() for place in range(table.size)]
    )


def _again(table: CaptureTable) -> tuple[float, float]:
    """Listings after the first, and chances there were for them."""
    masks = np.arange(1, len(table.counts))
    first = np.array([int(mask & -mask).bit_length() - 1 for mask in masks])
    on = np.array([int(mask).bit_count() for mask in masks])
    counts = table.counts[1:]
    return float(counts @ (on - 1)), float(counts @ (table.size - 1 - first))


def removal(first: Counts, name: str) -> tuple[float, float, float, float]:
    """A population from which each pass removes the same share: hidden, its limits (as totals), and
    the share; conditional fit.

    Raises NoEstimate where later passes do not remove fewer (Seber and Whale 1970).
    """
    passes, seen = len(first), float(first.sum())
    waited = float(np.arange(passes) @ first)
    if not seen or waited >= seen * (passes - 1) / 2:
        raise NoEstimate(
            say("estimates.none.removal", name=name),
            Reason.NOT_FINITE,
        )
    if not waited:
        raise NoEstimate(
            say("estimates.none.first", name=name),
            Reason.BOUNDARY,
        )

    def tilt(kept: float) -> float:
        return kept / (1 - kept) - passes * kept**passes / (1 - kept**passes) - waited / seen

    kept = float(brentq(tilt, 1e-12, 1 - 1e-9))
    hidden = seen * kept**passes / (1 - kept**passes)

    def score(logged: float) -> float:
        missed = exp(logged)
        lost = waited + missed * passes
        share = seen / (seen + lost)
        whole = gammaln(seen + missed + 1) - gammaln(missed + 1)
        return float(whole + seen * log(share) + lost * log(1 - share))

    low, high = profiled(int(seen), hidden, score)
    return hidden, low, high, 1 - kept


def _mb(table: CaptureTable) -> Estimate:
    hidden, low, high, share = removal(first_seen(table), "Mb")
    told = _told(table, np.full(table.size, share), _share_again(table), table.known + hidden, 3)
    return made("Mb", table.known, table.known + hidden, low, high, ASSUMES["Mb"], fit=told)


def _mbh(table: CaptureTable) -> Estimate:
    first = first_seen(table)
    hidden, low, high, share = removal(first[1:], "Mbh")
    total = table.known + hidden
    shares = np.append(first[0] / total, np.full(table.size - 1, share))
    told = _told(table, shares, _share_again(table), total, 4)
    return made(
        "Mbh", table.known, total, low + first[0], high + first[0], ASSUMES["Mbh"], fit=told
    )


def _share_again(table: CaptureTable) -> Counts:
    listed, chances = _again(table)
    return np.full(table.size, listed / chances if chances else 0.0)


def _chances(size: int, shares: Counts, again: Counts) -> Counts:
    """The probability of each history, that of the empty one first."""
    masks = np.arange(1 << size)
    on = (masks[:, None] >> np.arange(size)) & 1
    before = (np.cumsum(on, axis=1) - on) > 0
    chance = np.where(before, again, shares)
    return np.asarray(np.prod(np.where(on == 1, chance, 1 - chance), axis=1))


def _told(table: CaptureTable, shares: Counts, again: Counts, total: float, terms: int) -> Fitted:
    means = np.maximum(total * _chances(table.size, shares, again)[1:], 1e-300)
    counts = table.counts[1:]
    held = counts > 0
    deviance = 2 * float(
        np.sum(counts[held] * np.log(counts[held] / means[held])) - np.sum(counts - means)
    )
    likelihood = float(np.sum(counts * np.log(means) - means - gammaln(counts + 1)))
    bic = terms * log(table.known) - 2 * likelihood
    return Fitted(2 * terms - 2 * likelihood, bic, max(deviance, 0.0), len(counts) - terms)


def _mtb(table: CaptureTable) -> Estimate:
    """By conditional likelihood; limits by profile of the whole likelihood over the number
    hidden.
    """
    size, counts = table.size, table.counts[1:]

    def logs(values: Counts) -> Counts:
        return np.log(
            np.maximum(
                _chances(size, expit(values[:size]), expit(values[:size] + values[size])), 1e-300
            )
        )

    def conditional(values: Counts) -> float:
        chances = logs(values)
        seen = -np.expm1(chances[0])
        return -float(counts @ chances[1:] - counts.sum() * log(max(seen, 1e-300)))

    on = np.array(list(table.totals.values()), dtype=float)
    share = np.clip(on / (2 * table.known), 0.01, 0.9)
    begin = np.append(np.log(share / (1 - share)), 0.0)
    found = minimize(conditional, begin, method="BFGS", options={"gtol": 1e-6})
    none = float(np.exp(logs(found.x)[0]))
    hidden = table.known * none / max(1 - none, 1e-300)

    def score(logged: float) -> float:
        missed = exp(logged)

        def lost(values: Counts) -> float:
            chances = logs(values)
            return -float(counts @ chances[1:] + missed * chances[0])

        best = minimize(lost, found.x, method="BFGS", options={"gtol": 1e-5})
        whole = gammaln(table.known + missed + 1) - gammaln(missed + 1)
        return float(whole - best.fun)

    run_off = not 0 < hidden < MOST_HIDDEN * table.known
    if run_off or score(log(hidden)) - score(log(20 * hidden)) < FLAT:
        raise NoEstimate(
            (say("estimates.none.mtb")),
            Reason.BOUNDARY,
        )
    low, high = profiled(table.known, hidden, score)
    shares, again = expit(found.x[:size]), expit(found.x[:size] + found.x[size])
    told = _told(table, shares, again, table.known + hidden, size + 2)
    return made("Mtb", table.known, table.known + hidden, low, high, ASSUMES["Mtb"], fit=told)
