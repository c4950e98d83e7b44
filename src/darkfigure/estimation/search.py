"""Compiled searches over models: the best by an information criterion among all hierarchical ones,
and stepwise by p-value.

The search over all models leaves none out: a branch is cut only when even its largest model, with
the penalty of its smallest, is worse than the worst model kept, so that what comes back is what
fitting every single model would give.
"""

from __future__ import annotations

from math import exp, lgamma, log
from typing import Any, NamedTuple

import numpy as np
from numba import njit, prange

from darkfigure.estimation.engine import (
    EXACT,
    NO_ESTIMATE,
    NOT_FITTED,
    OK,
    SCREENING,
    Fitted,
    blank,
    blank_codes,
    blank_rows,
    fit,
    likelihood_constant,
    room,
    start_values,
    superset_sums,
    table_of,
)

UNDECIDED, IN, OUT = 0, 1, 2


class Stepped(NamedTuple):
    """What stepwise ends with: which pairs are in, the unseen, the log likelihood without its
    constant, the code, and how many terms were passed over.
    """

    model: Any
    hidden: float
    likelihood: float
    code: int
    passed: int


class SteppedEach(NamedTuple):
    """Stepwise for each table: fitted counts of the unseen, codes."""

    hidden: Any
    codes: Any


@njit(cache=True)
def _fit_state(observed, optional, state, values, mean, terms, space):
    """Fit the model of every optional term that is not out."""
    lists = observed.lists
    size = 1 + lists
    terms[0] = 0
    for bit in range(lists):
        terms[bit + 1] = 1 << bit
    for i in range(len(optional)):
        if state[i] != OUT:
            terms[size] = optional[i]
            size += 1
            if not abs(values[optional[i]]) < 20.0:
                values[optional[i]] = 0.0
        else:
            values[optional[i]] = 0.0
    found, code, steps = fit(observed, terms, size, values, mean, False, SCREENING, space)
    if code >= NO_ESTIMATE:
        # Where a neighbour's estimates lead nowhere, the usual start decides.
        start_values(observed.overlaps, lists, values)
        again, code, more = fit(observed, terms, size, values, mean, False, SCREENING, space)
        found, steps = max(found, again), steps + more
    return Fitted(found, code, steps)


@njit(cache=True, nogil=True)
def fit_decided(counts, lists, optional, state, values, mean):
    """Fit one model by its state (a term is in unless it is OUT), from `values`, to be compared
    with others; fitted counts into `mean`, that of the unseen at 0.
    """
    number = 1 + lists + len(optional)
    observed = table_of(counts, lists)
    return _fit_state(
        observed,
        optional,
        state,
        values,
        mean,
        blank_codes(number),
        room(len(counts), number),
    )


@njit(cache=True)
def _take_out(state, optional, place):
    """A term out takes every term that contains it out."""
    for i in range(len(optional)):
        if optional[i] & optional[place] == optional[place]:
            state[i] = OUT


@njit(cache=True)
def _take_in(state, optional, place):
    """A term in brings every optional term inside it in; gives how many came in."""
    came = 0
    for i in range(len(optional)):
        if optional[i] & optional[place] == optional[i] and state[i] == UNDECIDED:
            state[i] = IN
            came += 1
    return came


@njit(cache=True)
def _by_weight(observed, optional, values, mean, terms, space, full):
    """Places of optional terms, those first whose absence costs most likelihood."""
    number = len(optional)
    loss = blank(number)
    state = np.zeros(number, np.int8)
    own = blank(len(values))
    for i in range(number):
        state[:] = UNDECIDED
        _take_out(state, optional, i)
        own[:] = values
        found, _, _ = _fit_state(observed, optional, state, own, mean, terms, space)
        loss[i] = full - found
    return np.argsort(-loss)


@njit(cache=True)
def _keep(criteria, models, hidden, codes, criterion, model, unseen, code):
    """Put a model among the best, if it is; the last is dropped."""
    last = len(criteria) - 1
    if criterion >= criteria[last]:
        return
    place = last
    while place > 0 and criteria[place - 1] > criterion:
        criteria[place], models[place] = criteria[place - 1], models[place - 1]
        hidden[place], codes[place] = hidden[place - 1], codes[place - 1]
        place -= 1
    criteria[place], models[place], hidden[place], codes[place] = criterion, model, unseen, code


@njit(cache=True)
def _stack(depth, number, cells):
    """Room for a search so deep: at each level a state of the terms, its fit, and the fit without
    the term decided on there.
    """
    fitted = blank_rows(depth, cells), blank(depth), blank(depth), blank_codes(depth)
    without = blank_rows(depth, cells), blank(depth), blank(depth), blank_codes(depth)
    counters = (
        np.zeros(depth, np.int64),
        np.zeros(depth, np.int64),
        np.zeros(depth, np.int64),
        np.zeros(depth, np.int64),
    )
    return np.zeros((depth, number), np.int8), fitted, without, counters


@njit(cache=True)
def _descend(stack, level, optional, place, goes_out):
    """Prepare the level below, with a term taken out or in."""
    (
        state,
        (values, likelihood, unseen, code),
        (other, lost, hidden, answer),
        (least, phase, _, at),
    ) = stack
    below = level + 1
    state[below] = state[level]
    least[below] = least[level]
    if goes_out:
        _take_out(state[below], optional, place)
        values[below] = other[level]
        likelihood[below], unseen[below], code[below] = lost[level], hidden[level], answer[level]
    else:
        least[below] += _take_in(state[below], optional, place)
        values[below] = values[level]
        likelihood[below], unseen[below], code[below] = (
            likelihood[level],
            unseen[level],
            code[level],
        )
    at[below] = at[level] + 1
    phase[below] = 0


@njit(cache=True)
def best_of_all(counts, lists, optional, penalty, keep, criteria, models, hidden, codes):
    """The `keep` best models by penalty * terms - 2 log likelihood among all hierarchical ones;
    gives how many were fitted.

    `models` have a bit for each place in `optional`, of which there are at most 62; models without
    an estimate are kept too, with their code. Where fewer models than `keep` exist, the places left
    have criterion infinity, model -1, unseen not a number and code NOT_FITTED.
    """
    cells, number = len(counts), len(optional)
    observed = table_of(counts, lists)
    constant = likelihood_constant(counts)
    space = room(cells, 1 + lists + number)
    terms, mean = blank_codes(1 + lists + number), blank(cells)
    criteria[:], models[:] = np.inf, -1
    hidden[:], codes[:] = np.nan, NOT_FITTED
    stack = _stack(number + 1, number, cells)
    (
        state,
        (values, likelihood, unseen, code),
        (other, lost, left, answer),
        (least, phase, cheap, at),
    ) = stack
    start_values(observed.overlaps, lists, values[0])
    likelihood[0], code[0], _ = _fit_state(
        observed, optional, state[0], values[0], mean, terms, space
    )
    unseen[0], least[0] = mean[0], 1 + lists
    order = _by_weight(observed, optional, values[0], mean, terms, space, likelihood[0])
    fits, level = 1 + number, 0
    while level >= 0:
        if phase[level] == 0:
            # What this level's largest model reaches, at the price of its smallest, is the best any
            # below can do.
            bound = penalty * least[level] - 2.0 * (likelihood[level] + constant)
            if bound >= criteria[keep - 1]:
                level -= 1
                continue
            while at[level] < number and state[level, order[at[level]]] != UNDECIDED:
                at[level] += 1
            if at[level] == number:
                _keep(
                    criteria,
                    models,
                    hidden,
                    codes,
                    bound,
                    _bits(state[level]),
                    unseen[level],
                    code[level],
                )
                level -= 1
                continue
            state[level + 1] = state[level]
            _take_out(state[level + 1], optional, order[at[level]])
            other[level] = values[level]
            lost[level], answer[level], _ = _fit_state(
                observed, optional, state[level + 1], other[level], mean, terms, space
            )
            left[level] = mean[0]
            fits += 1
            cheap[level] = 2.0 * (likelihood[level] - lost[level]) < penalty
        if phase[level] == 2:
            level -= 1
            continue
        # First the likelier of the two: out where that costs less than it saves.
        goes_out = (phase[level] == 0) == bool(cheap[level])
        phase[level] += 1
        _descend(stack, level, optional, order[at[level]], goes_out)
        level += 1
    return fits


@njit(cache=True)
def _bits(state):
    model = 0
    for i in range(len(state)):
        if state[i] == IN:
            model |= 1 << i
    return model


@njit(cache=True, parallel=True)
def best_of_all_each(tables, lists, optional, penalties, keep):
    """`best_of_all` for each table. Gives criteria, models, unseen, codes (table by rank) and the
    fits made.
    """
    number = len(tables)
    criteria, hidden = blank_rows(number, keep), blank_rows(number, keep)
    models, codes = (
        np.full((number, keep), -1, np.int64),
        np.full((number, keep), NOT_FITTED, np.int64),
    )
    fits = blank_codes(number)
    for i in prange(number):
        fits[i] = best_of_all(
            tables[i],
            lists,
            optional,
            penalties[i],
            keep,
            criteria[i],
            models[i],
            hidden[i],
            codes[i],
        )
    return criteria, models, hidden, codes, fits


@njit(cache=True)
def poisson_tails(observed, mean):
    """P(X <= observed) and P(X >= observed) for X Poisson of that mean, summed from the nearer
    end.
    """
    if mean <= 0.0:
        return 1.0, 1.0 if observed == 0 else 0.0
    at = exp(observed * log(mean) - mean - lgamma(observed + 1.0))
    term, below = at, 0.0
    x = observed
    while x > 0 and term > 1e-18 * (at + below):
        term *= x / mean
        below += term
        x -= 1
    term, above = at, 0.0
    x = observed + 1
    while True:
        term *= mean / x
        above += term
        if term < 1e-18 * (at + above) and x > mean:
            break
        x += 1
    if below < above:
        return at + below, max(0.0, 1.0 - below)
    return max(0.0, 1.0 - above), at + above


@njit(cache=True)
def _least_likely(overlaps, lists, pairs, model, barred, mean, expected):
    """The pair whose overlap is least likely under fitted counts, and its p-value: min of P(X <= n)
    and P(X >= n).
    """
    expected[:] = mean
    expected[0] = 0.0
    superset_sums(expected, lists)
    best, least = -1, 2.0
    for i in range(len(pairs)):
        if not model[i] and not barred[i]:
            below, above = poisson_tails(overlaps[pairs[i]], expected[pairs[i]])
            if min(below, above) < least:
                best, least = i, min(below, above)
    return best, least


@njit(cache=True)
def stepwise_of(counts, lists, pairs, threshold, exact):
    """Add pairs to the main effects by the smallest p-value of the overlap while it is below the
    threshold.

    A pair whose model has no estimate or is not identifiable is passed over; ties go to the first.
    Gives which of `pairs` are in the model, the fitted count of the unseen, the log likelihood
    without its constant, the code, and how many were passed over.
    """
    cells, number = len(counts), len(pairs)
    observed = table_of(counts, lists)
    space = room(cells, 1 + lists + number)
    values, trial, mean, trial_mean = blank(cells), blank(cells), blank(cells), blank(cells)
    terms = blank_codes(1 + lists + number)
    terms[0] = 0
    for bit in range(lists):
        terms[bit + 1] = 1 << bit
    size = 1 + lists
    start_values(observed.overlaps, lists, values)
    small = EXACT if exact else 1e-9
    found, code, _ = fit(observed, terms, size, values, mean, False, small, space)
    passed = 0
    model, barred = np.zeros(number, np.bool_), np.zeros(number, np.bool_)
    while True:
        best, p_value = _least_likely(observed.overlaps, lists, pairs, model, barred, mean, trial)
        if best < 0 or not p_value < threshold:
            break
        terms[size] = pairs[best]
        trial[:] = values
        trial[pairs[best]] = 0.0
        for i in range(size):
            if not abs(trial[terms[i]]) < 1e3:
                trial[terms[i]] = 0.0
        reached, answer, _ = fit(observed, terms, size + 1, trial, trial_mean, False, small, space)
        if answer == OK:
            size += 1
            model[best] = True
            values[:], mean[:] = trial, trial_mean
            found, code = reached, answer
        else:
            barred[best] = True
            passed += 1
    return Stepped(model, mean[0], found, code, passed)


@njit(cache=True, parallel=True)
def stepwise_each(tables, lists, pairs, threshold):
    """`stepwise_of` for each table: fitted counts of the unseen, codes."""
    number = len(tables)
    hidden, codes = blank(number), blank_codes(number)
    for i in prange(number):
        _, hidden[i], _, codes[i], _ = stepwise_of(tables[i], lists, pairs, threshold, False)
    return SteppedEach(hidden, codes)


__all__ = [
    "best_of_all",
    "best_of_all_each",
    "poisson_tails",
    "stepwise_each",
    "stepwise_of",
]
