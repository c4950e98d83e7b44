"""Compiled samplers: decomposable graphs in closed form, latent classes, and log-linear terms with
a threshold.
"""

from __future__ import annotations

from math import exp, lgamma, log

import numpy as np
from numba import njit, prange

from darkfigure.estimation.engine import blank, blank_codes, blank_rows


@njit(cache=True)
def marginal_scores(counts, lists, unseen, delta):
    """For each set of lists and each number unseen, the log of the hyper-Dirichlet marginal
    likelihood of its margin.
    """
    number, sets = len(unseen), 1 << lists
    persons = counts.sum()
    scores = np.zeros((sets, number))
    whole = delta * sets
    for chosen in range(1, sets):
        size = 0
        for bit in range(lists):
            size += chosen >> bit & 1
        prior = delta * (1 << (lists - size))
        cells = np.zeros(sets)
        for mask in range(1, sets):
            cells[mask & chosen] += counts[mask]
        for i in range(number):
            total = lgamma(whole) - lgamma(persons + unseen[i] + whole)
            for mask in range(sets):
                if mask & chosen == mask:
                    held = cells[mask] + (unseen[i] if mask == 0 else 0.0)
                    total += lgamma(held + prior) - lgamma(prior)
            scores[chosen, i] = total
    return scores


@njit(cache=True)
def graph_score(edges, lists, scores, out):
    """Add up a decomposable graph's score by simplicial elimination; False where the graph is not
    decomposable.

    `edges[v]` is the mask of the neighbours of v.
    """
    left = (1 << lists) - 1
    out[:] = 0.0
    while left:
        found = -1
        for v in range(lists):
            if left >> v & 1:
                around = edges[v] & left
                simplicial = True
                for u in range(lists):
                    if around >> u & 1 and (around & ~(1 << u)) & ~edges[u]:
                        simplicial = False
                        break
                if simplicial:
                    found = v
                    break
        if found < 0:
            return False
        around = edges[found] & left
        for i in range(len(out)):
            out[i] += scores[around | (1 << found), i] - scores[around, i]
        left &= ~(1 << found)
    return True


@njit(cache=True)
def decomposable(counts, lists, unseen, widths, delta):
    """Posterior weight of each number unseen, averaged over all decomposable graphs; the graphs'
    own weights; how many.

    `unseen` is a grid; each point stands for `widths` numbers, in its own weight and in that of
    every graph.
    """
    pairs = lists * (lists - 1) // 2
    scores = marginal_scores(counts, lists, unseen, delta)
    number = len(unseen)
    persons = counts.sum()
    prior = blank(number)
    for i in range(number):
        total = persons + unseen[i]
        # The number of ways to arrange the whole table, and a prior of 1 / total on its size.
        prior[i] = lgamma(total + 1.0) - lgamma(unseen[i] + 1.0) - log(total)
    out, edges = blank(number), blank_codes(lists)
    best = -1e300
    for turn in range(2):
        posterior = np.zeros(number)
        weights = np.zeros(1 << pairs)
        graphs = 0
        for graph in range(1 << pairs):
            edges[:] = 0
            place = 0
            for i in range(lists):
                for j in range(i + 1, lists):
                    if graph >> place & 1:
                        edges[i] |= 1 << j
                        edges[j] |= 1 << i
                    place += 1
            if not graph_score(edges, lists, scores, out):
                continue
            graphs += 1
            for i in range(number):
                if turn == 0:
                    best = max(best, out[i] + prior[i])
                else:
                    value = widths[i] * exp(out[i] + prior[i] - best)
                    posterior[i] += value
                    weights[graph] += value
    return posterior / posterior.sum(), weights / weights.sum(), graphs


@njit(cache=True)
def latent_classes(histories, numbers, lists, classes, draws, burn, thin, shape, rate, seed):
    """Dirichlet-process mixture of independence (Manrique-Vallier 2016): draws of the number
    unseen, by Gibbs sampling.
    """
    np.random.seed(seed)
    persons = numbers.sum()
    held = len(histories)
    caught = blank_rows(classes, lists)
    for c in range(classes):
        for j in range(lists):
            caught[c, j] = np.random.beta(1.0, 3.0)
    cooled = numbers.copy()
    log_share = np.full(classes, -log(classes))
    sticks = blank(classes)
    alpha = 0.5
    chance, size = blank(classes), np.zeros(classes)
    on = np.zeros((classes, lists))
    found = blank(draws)
    for sweep in range(burn + draws * thin):
        size[:] = 0.0
        on[:] = 0.0
        none = 0.0
        # The first half of the burn-in counts the data at a sixteenth, rising to all of it, so that
        # no chain settles at once.
        heat = 16.0 ** max(0.0, 1.0 - 2.0 * sweep / burn) if burn else 1.0
        for h in range(held):
            cooled[h] = (
                numbers[h] if heat <= 1.0 else np.floor(numbers[h] / heat + np.random.random())
            )
        persons = cooled.sum()
        log_yes, log_no = np.log(caught), np.log1p(-caught)
        for c in range(classes):
            chance[c] = log_share[c]
            for j in range(lists):
                chance[c] += log_no[c, j]
            none += exp(chance[c])
        unseen = _negative_binomial(persons, min(none, 1.0 - 1e-12))
        _share_out(unseen, chance, classes, size, on, 0, lists)
        for h in range(held):
            for c in range(classes):
                chance[c] = log_share[c]
                for j in range(lists):
                    chance[c] += log_yes[c, j] if histories[h] >> j & 1 else log_no[c, j]
            _share_out(cooled[h], chance, classes, size, on, histories[h], lists)
        for c in range(classes):
            for j in range(lists):
                drawn = np.random.beta(1.0 + on[c, j], 1.0 + size[c] - on[c, j])
                caught[c, j] = min(max(drawn, 1e-12), 1.0 - 1e-12)
        after = size.sum()
        left = 0.0
        for c in range(classes - 1):
            after -= size[c]
            sticks[c] = min(max(np.random.beta(1.0 + size[c], alpha + after), 1e-12), 1.0 - 1e-12)
            log_share[c] = log(sticks[c]) + left
            left += log(1.0 - sticks[c])
        log_share[classes - 1] = left
        alpha = np.random.gamma(shape + classes - 1.0, 1.0 / (rate - left))
        if sweep >= burn and (sweep - burn) % thin == thin - 1:
            found[(sweep - burn) // thin] = unseen
    return found


@njit(cache=True, parallel=True)
def latent_chains(histories, numbers, lists, classes, draws, burn, thin, shape, rate, seeds):
    """`latent_classes` for each seed, a row each; the same on one core or several."""
    found = blank_rows(len(seeds), draws)
    for chain in prange(len(seeds)):
        found[chain] = latent_classes(
            histories, numbers, lists, classes, draws, burn, thin, shape, rate, seeds[chain]
        )
    return found


@njit(cache=True)
def _negative_binomial(persons, none):
    """How many were missed before so many were caught, each missed with probability `none`."""
    if persons <= 0.0:
        return 0.0
    return float(np.random.poisson(np.random.gamma(persons, none / (1.0 - none))))


@njit(cache=True)
def _share_out(number, logs, classes, size, on, history, lists):
    """Divide persons of one history among the classes."""
    top = logs[0]
    for c in range(1, classes):
        top = max(top, logs[c])
    total = 0.0
    for c in range(classes):
        logs[c] = exp(logs[c] - top)
        total += logs[c]
    left = int(number)
    for c in range(classes):
        if left <= 0:
            break
        share = logs[c] / total if total > 0.0 else 1.0
        taken = left if c == classes - 1 or share >= 1.0 else np.random.binomial(left, share)
        total -= logs[c]
        left -= taken
        size[c] += taken
        for j in range(lists):
            if history >> j & 1:
                on[c, j] += taken


@njit(cache=True)
def walk(design, counts, centre, root, spread, draws, thin, burn, seed):
    """Metropolis walk for a Poisson regression with normal priors of sd `spread` by term (infinite:
    flat).

    Gives every `thin`th of draws * thin steps after `burn`.
    """
    np.random.seed(seed)
    size = len(centre)
    values = centre.copy()
    scale = 2.4 / size**0.5
    here = _log_posterior(design, counts, values, spread)
    found = blank_rows(draws, size)
    for step in range(burn + draws * thin):
        noise = np.random.standard_normal(size)
        trial = values + scale * (root @ noise)
        there = _log_posterior(design, counts, trial, spread)
        if log(np.random.random()) < there - here:
            values, here = trial, there
        if step >= burn and (step - burn) % thin == thin - 1:
            found[(step - burn) // thin] = values
    return found


@njit(cache=True, parallel=True)
def walks(design, counts, centre, root, spread, draws, thin, burn, seeds):
    """`walk` for each seed, a block each; the same on one core or several."""
    found = np.full((len(seeds), draws, len(centre)), np.nan)
    for chain in prange(len(seeds)):
        found[chain] = walk(design, counts, centre, root, spread, draws, thin, burn, seeds[chain])
    return found


@njit(cache=True)
def _log_posterior(design, counts, values, spread):
    total = 0.0
    for i in range(len(counts)):
        at = 0.0
        for j in range(len(values)):
            at += design[i, j] * values[j]
        total += counts[i] * at - exp(min(at, 700.0))
    for j in range(len(values)):
        total -= 0.5 * (values[j] / spread[j]) ** 2
    return total
