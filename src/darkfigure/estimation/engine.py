"""The compiled engine: Poisson log-linear models of incomplete capture tables, fitted exactly and
fast.

A capture history is a set of lists, held as a bit mask; a table is an array of 2^k counts by mask,
of which that of the empty history is never looked at. A term is a mask too, and belongs to every
history that contains it: log mu_w is the sum of a_t over the terms t of the model inside w. For a
hierarchical model the entry (s, t) of X'WX is the sum of mu over the histories that contain both,
so that one superset sum of mu, k 2^k additions, gives them all (Silverman, Chan and Vincent 2024).

A term whose histories hold nobody has the estimate minus infinity: its histories leave the fit
(Chan, Silverman and Vincent 2021).
"""

from __future__ import annotations

from math import exp, inf, lgamma, log
from typing import Any, NamedTuple

import numpy as np
from numba import njit, prange

#: What became of a fit. Whatever has not been fitted is NOT_FITTED, so that room nobody filled
#: never passes for an estimate.
NOT_FITTED, OK, NOT_IDENTIFIABLE, NO_ESTIMATE, NOT_REACHED = -1, 0, 1, 2, 3
#: Newton stops when half the decrement, what the likelihood can still gain, is below this; that
#: step is still taken, after which about its square is left. SCREENING compares many models, EXACT
#: is for the figures of one.
SCREENING, EXACT = 1e-6, 1e-14
#: Where no estimate exists some coefficient drifts by about one a step for ever, while there is
#: nothing left to gain.
DRIFT = 0.5
MOST_STEPS = 60


class Observed(NamedTuple):
    """A table: counts by mask, their superset sums, and the number of lists."""

    counts: Any
    overlaps: Any
    lists: int


class Space(NamedTuple):
    """Arrays to work in while a model is fitted."""

    work: Any
    matrix: Any
    vector: Any
    active: Any
    kept: Any


class Fitted(NamedTuple):
    """What became of a fit: log likelihood without its constant, code, steps of Newton."""

    likelihood: float
    code: int
    steps: int


class Alone(NamedTuple):
    """One model fitted: log likelihood, code, steps, coefficients and fitted counts by mask."""

    likelihood: float
    code: int
    steps: int
    values: Any
    mean: Any


class Many(NamedTuple):
    """Many models fitted, an entry each: log likelihoods, codes, the unseen, steps."""

    likelihoods: Any
    codes: Any
    hidden: Any
    steps: Any


@njit(cache=True)
def blank(size):
    """Room for figures: not a number until it is filled."""
    return np.full(size, np.nan)


@njit(cache=True)
def blank_rows(rows, size):
    """Room for rows of figures: not a number until it is filled."""
    return np.full((rows, size), np.nan)


@njit(cache=True)
def blank_codes(size):
    """Room for codes, masks and numbers: NOT_FITTED until it is filled."""
    return np.full(size, NOT_FITTED, np.int64)


@njit(cache=True)
def superset_sums(values, lists):
    """For each mask, the sum of `values` over the masks that contain it, in place."""
    for bit in range(lists):
        step = 1 << bit
        for start in range(0, len(values), 2 * step):
            for mask in range(start, start + step):
                values[mask] += values[mask + step]


@njit(cache=True)
def subset_sums(values, lists):
    """For each mask, the sum of `values` over the masks inside it, in place."""
    for bit in range(lists):
        step = 1 << bit
        for start in range(0, len(values), 2 * step):
            for mask in range(start, start + step):
                values[mask + step] += values[mask]


@njit(cache=True)
def likelihood_constant(counts):
    """The part of the Poisson log likelihood that no parameter changes."""
    constant = 0.0
    for mask in range(1, len(counts)):
        constant -= lgamma(counts[mask] + 1.0)
    return constant


@njit(cache=True)
def start_values(overlaps, lists, start):
    """Independent lists catching a third of everybody: where Newton begins. `overlaps` are the
    superset sums of counts.
    """
    persons = max(overlaps[0], 1.0)
    start[:] = 0.0
    total = 3.0 * persons
    start[0] = log(total)
    for bit in range(lists):
        share = min(max(overlaps[1 << bit], 0.5) / total, 0.9)
        start[0] += log(1.0 - share)
        start[1 << bit] = log(share / (1.0 - share))


@njit(cache=True, fastmath={"reassoc", "contract"})
def factorise(matrix, size, small):
    """Cholesky factor in place of the lower triangle; False where a pivot falls below `small` of
    its diagonal entry.
    """
    for i in range(size):
        for j in range(i + 1):
            total = matrix[i, j]
            for m in range(j):
                total -= matrix[i, m] * matrix[j, m]
            if i == j:
                if total <= small * (1e-3 + abs(matrix[i, i])):
                    return False
                matrix[i, i] = total**0.5
            else:
                matrix[i, j] = total / matrix[j, j]
    return True


@njit(cache=True, fastmath={"reassoc", "contract"})
def cholesky_solve(matrix, vector, size):
    """Solve in place for a positive definite matrix (lower triangle given); False where it is not
    numerically so.
    """
    if not factorise(matrix, size, 1e-13):
        return False
    for i in range(size):
        total = vector[i]
        for m in range(i):
            total -= matrix[i, m] * vector[m]
        vector[i] = total / matrix[i, i]
    for i in range(size - 1, -1, -1):
        total = vector[i]
        for m in range(i + 1, size):
            total -= matrix[m, i] * vector[m]
        vector[i] = total / matrix[i, i]
    return True


@njit(cache=True)
def identifiable(kept, active, size, lists, sums, matrix):
    """Whether the design has full column rank on the histories kept."""
    cells = 0
    for mask in range(len(kept)):
        sums[mask] = 1.0 if kept[mask] else 0.0
        cells += kept[mask]
    if cells < size:
        return False
    superset_sums(sums, lists)
    for i in range(size):
        for j in range(i + 1):
            matrix[i, j] = sums[active[i] | active[j]]
    return factorise(matrix, size, 1e-8)


@njit(cache=True)
def _leave_out(terms, size, overlaps, active, kept):
    """Mark the histories kept and list the terms estimated; gives how many, fewer than `size` where
    some are minus infinity.
    """
    number = len(kept)
    for mask in range(number):
        kept[mask] = mask > 0
    used = 0
    for i in range(size):
        term = terms[i]
        if overlaps[term] > 0.0:
            active[used] = term
            used += 1
        else:
            for mask in range(number):
                if mask & term == term:
                    kept[mask] = False
    return used


@njit(cache=True)
def _newton_step(overlaps, lists, active, used, first, mean, kept, work, matrix, vector):
    """One Newton step into `vector`; gives the gain, the largest move, and whether a ridge had to
    keep it finite.
    """
    free = used - first
    ridge = False
    for attempt in range(2):
        for mask in range(len(mean)):
            work[mask] = mean[mask] if kept[mask] else 0.0
        superset_sums(work, lists)
        for i in range(first, used):
            for j in range(first, i + 1):
                matrix[i - first, j - first] = work[active[i] | active[j]]
            if attempt:
                matrix[i - first, i - first] = matrix[i - first, i - first] * (1.0 + 1e-6) + 1e-9
            vector[i - first] = overlaps[active[i]] - work[active[i]]
        for i in range(free):
            work[i] = vector[i]
        if cholesky_solve(matrix, vector, free):
            break
        ridge = True
        if attempt:
            return inf, inf, ridge
    gain, move = 0.0, 0.0
    for i in range(free):
        gain += 0.5 * work[i] * vector[i]
        move = max(move, abs(vector[i]))
    return gain, move, ridge


@njit(cache=True)
def fit(observed, terms, size, values, mean, fixed, small, space):
    """Fit a model by Newton's method; gives its log likelihood without the constant, code, steps.

    `terms[:size]` are the masks of the model, the empty one first. `values` holds start values by
    mask and receives the estimates (minus infinity where a term's histories hold nobody, and for
    terms not in the model nought); `mean` receives the fitted counts, nought where histories left
    the fit, and at 0 the fitted count of the unseen. With `fixed` the constant stays as it is;
    `small` is the gain at which to stop; `space` is room to work in.
    """
    counts, overlaps, lists = observed
    work, matrix, vector, active, kept = space
    used = _leave_out(terms, size, overlaps, active, kept)
    code = OK
    if used == 0:
        # A table of nobody.
        code = NOT_IDENTIFIABLE
    elif (used < size or size >= len(kept)) and not identifiable(
        kept, active, used, lists, work, matrix
    ):
        code = NOT_IDENTIFIABLE
    for i in range(size):
        if overlaps[terms[i]] <= 0.0:
            values[terms[i]] = 0.0
    first = 1 if fixed else 0
    best = _means(counts, lists, values, active, used, mean, kept)
    gain, move, steps, ridge = inf, inf, 0, False
    while steps < MOST_STEPS:
        gain, move, ridge = _newton_step(
            overlaps, lists, active, used, first, mean, kept, work, matrix, vector
        )
        if not move < inf:
            break
        steps += 1
        done = gain < small and (move < DRIFT or steps > 30)
        length = 1.0 if move < 8.0 else 8.0 / move
        for _ in range(30):
            for i in range(used - first):
                values[active[i + first]] += length * vector[i]
            reached = _means(counts, lists, values, active, used, mean, kept)
            if done or reached >= best - 1e-9 * (1.0 + abs(best)):
                break
            for i in range(used - first):
                values[active[i + first]] -= length * vector[i]
            length *= 0.5
        best = reached
        if done:
            break
    if code == OK and not gain < small:
        code = NOT_REACHED
    elif code == OK and (ridge or not move < DRIFT):
        code = NO_ESTIMATE
    for i in range(size):
        if overlaps[terms[i]] <= 0.0:
            values[terms[i]] = -inf
    return Fitted(best, code, steps)


@njit(cache=True)
def _means(counts, lists, values, active, used, mean, kept):
    """Fitted counts from coefficients, and the log likelihood without its constant."""
    for mask in range(len(mean)):
        mean[mask] = 0.0
    for i in range(used):
        mean[active[i]] = values[active[i]]
    subset_sums(mean, lists)
    total = 0.0
    for mask in range(1, len(mean)):
        if kept[mask]:
            if counts[mask] > 0.0:
                total += counts[mask] * mean[mask]
            mean[mask] = exp(min(mean[mask], 700.0))
            total -= mean[mask]
        else:
            mean[mask] = 0.0
    mean[0] = exp(min(mean[0], 700.0))
    return total


@njit(cache=True)
def table_of(counts, lists):
    """A table as the engine reads it: counts by mask, and their superset sums."""
    overlaps = counts.copy()
    overlaps[0] = 0.0
    superset_sums(overlaps, lists)
    return Observed(counts, overlaps, lists)


@njit(cache=True)
def room(cells, most):
    """Arrays to work in, for tables of `cells` histories and models of at most `most` terms."""
    return Space(
        blank(max(cells, most)),
        blank_rows(most, most),
        blank(most),
        blank_codes(most),
        np.zeros(cells, np.bool_),
    )


@njit(cache=True)
def fit_alone(counts, lists, terms, constant, fixed):
    """Fit one model from the usual start; with `fixed`, the constant is held at `constant`."""
    cells = len(counts)
    observed = table_of(counts, lists)
    values, mean = blank(cells), blank(cells)
    start_values(observed.overlaps, lists, values)
    if fixed:
        values[0] = constant
    space = room(cells, len(terms))
    best, code, steps = fit(observed, terms, len(terms), values, mean, fixed, EXACT, space)
    return Alone(best + likelihood_constant(counts), code, steps, values, mean)


@njit(cache=True)
def _whole_means(counts, lists, values, active, used, mean, kept):
    """Fitted counts of every history kept, the empty one too, and the log likelihood."""
    seen = _means(counts, lists, values, active, used, mean, kept)
    return seen + counts[0] * min(values[0], 700.0) - mean[0]


@njit(cache=True)
def fit_whole(counts, lists, terms, begin):
    """Fit one model to a table whose unseen are given, at 0, from coefficients by mask; gives the
    log likelihood without its constant.
    """
    overlaps = counts.copy()
    superset_sums(overlaps, lists)
    work, matrix, vector, active, kept = room(len(counts), len(terms))
    used = _leave_out(terms, len(terms), overlaps, active, kept)
    kept[0] = True
    values, mean = begin.copy(), blank(len(counts))
    best = _whole_means(counts, lists, values, active, used, mean, kept)
    for _ in range(MOST_STEPS):
        gain, move, _ = _newton_step(
            overlaps, lists, active, used, 0, mean, kept, work, matrix, vector
        )
        if not move < inf:
            break
        length = 1.0 if move < 8.0 else 8.0 / move
        for _ in range(30):
            for i in range(used):
                values[active[i]] += length * vector[i]
            reached = _whole_means(counts, lists, values, active, used, mean, kept)
            if gain < EXACT or reached >= best - 1e-9 * (1.0 + abs(best)):
                break
            for i in range(used):
                values[active[i]] -= length * vector[i]
            length *= 0.5
        best = reached
        if gain < EXACT:
            break
    return best


@njit(cache=True)
def model_terms(lists, optional, bits, terms, values):
    """List a model's terms; start values of the others, and of those far out, are set to nought.
    Gives how many terms.
    """
    terms[0] = 0
    for bit in range(lists):
        terms[bit + 1] = 1 << bit
    size = 1 + lists
    for i in range(len(optional)):
        if bits >> i & 1:
            terms[size] = optional[i]
            size += 1
        if not bits >> i & 1 or not abs(values[optional[i]]) < 20.0:
            values[optional[i]] = 0.0
    return size


@njit(cache=True)
def fit_bits(observed, optional, bits, begin, values, mean, terms, space):
    """Fit the model of these bits from the estimates in `values`; where they lead nowhere, from the
    usual start.
    """
    lists = observed.lists
    if not abs(values[0]) < 30.0:
        values[:] = begin
    size = model_terms(lists, optional, bits, terms, values)
    found, code, steps = fit(observed, terms, size, values, mean, False, SCREENING, space)
    if code >= NO_ESTIMATE:
        values[:] = begin
        size = model_terms(lists, optional, bits, terms, values)
        found, code, more = fit(observed, terms, size, values, mean, False, SCREENING, space)
        steps += more
    return Fitted(found, code, steps)


@njit(cache=True)
def _fit_run(counts, overlaps, lists, optional, members, begin, likelihoods, codes, hidden, steps):
    """Fit models one after another, each from the estimates of the one before; fills the last four.
    A table goes into a parallel loop by its parts.
    """
    observed, most = Observed(counts, overlaps, lists), 1 + lists + len(optional)
    space, terms = room(len(counts), most), blank_codes(most)
    values, mean = begin.copy(), blank(len(counts))
    for place in range(len(members)):
        fitted = fit_bits(observed, optional, members[place], begin, values, mean, terms, space)
        likelihoods[place], codes[place], steps[place] = fitted
        hidden[place] = mean[0]
        if fitted.code == NO_ESTIMATE:
            values[:] = begin


@njit(cache=True, parallel=True)
def fit_many(counts, lists, optional, members, chunk):
    """Fit many models of one table. `members[m]` has a bit for each of `optional` (masks of terms
    beyond the main effects).

    Neighbours in the list start from one another's estimates, in fixed runs of `chunk` models, so
    that the result is the same on one core or several. Gives log likelihoods, codes, fitted counts
    of the unseen, steps.
    """
    cells, number = len(counts), len(members)
    overlaps = table_of(counts, lists).overlaps
    constant = likelihood_constant(counts)
    likelihoods, hidden = blank(number), blank(number)
    codes, steps = blank_codes(number), blank_codes(number)
    begin = blank(cells)
    start_values(overlaps, lists, begin)
    for run in prange((number + chunk - 1) // chunk):
        first, last = run * chunk, min(number, (run + 1) * chunk)
        _fit_run(
            counts,
            overlaps,
            lists,
            optional,
            members[first:last],
            begin,
            likelihoods[first:last],
            codes[first:last],
            hidden[first:last],
            steps[first:last],
        )
    return Many(likelihoods + constant, codes, hidden, steps)
