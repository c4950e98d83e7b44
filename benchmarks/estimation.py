"""Estimation: searches over all models and bootstraps with full reselection. Prints seconds, and
ratios where a peer is at hand.

Run with `make bench`. Compilation is told apart and excluded. How time grows is told by three
sizes: models, replicates or histories. Yardsticks: statsmodels' GLM fitting the same models in the
same run; going through all models, where lists are ten; R with MultipleSystemsEstimation and
SparseMSE, where `Rscript` with them is on the machine. TABLES=500 is the number of simulated tables
for the coverage of the 95% interval.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
import warnings
from collections.abc import Callable
from math import log

import numpy as np
from measuring import exponent, peak, row

from darkfigure.estimation import (
    best,
    best_estimator,
    bootstrap,
    example,
    profile_interval,
    search,
    stepwise_estimator,
)
from darkfigure.estimation.capture import CaptureTable
from darkfigure.estimation.engine import fit_many
from darkfigure.estimation.loglinear import NoEstimate, fit_all
from darkfigure.estimation.models import all_models, from_bits, optional_terms

#: A look that it goes, in seconds.
QUICK = bool(os.environ.get("QUICK"))
TABLES = int(os.environ.get("TABLES", "500"))
UK, ORLEANS = example("uk_2013_list_overlaps"), example("new_orleans")
FIVE = UK.merge(["PF", "NCA"])
GLM_MODELS = 5 if QUICK else 200


def timed(doing: Callable[[], object], repeats: int = 5) -> float:
    """The least of some runs, in seconds."""
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        doing()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def flops(table: CaptureTable, order: int) -> tuple[float, float]:
    """Floating-point operations that fitting every model needs, and steps taken on average.

    A step costs two transforms of k 2^k additions, 2^k exponentials (taken as 20 operations), p^2 /
    2 gathers and p^3 / 6 for the factorisation, each multiply-add as two.
    """
    optional, members = optional_terms(table.size, order), all_models(table.size, order)
    _, _, _, steps = fit_many(table.counts, table.size, optional, members, 256)
    cells = 1 << table.size
    sizes = 1 + table.size + np.array([int(bits).bit_count() for bits in members])
    each = 2 * table.size * cells + 20 * cells + sizes**2 / 2 + sizes**3 / 3 + 2 * sizes**2
    return float(np.sum(each * steps)), float(np.mean(steps))


def glm_seconds(table: CaptureTable, order: int) -> float:
    """Seconds for statsmodels' GLM on a sample of the same models, scaled to all of them."""
    import statsmodels.api as sm

    optional, members = optional_terms(table.size, order), all_models(table.size, order)
    masks = np.arange(1, 1 << table.size)
    chosen = np.random.default_rng(1).choice(members, GLM_MODELS, replace=False)
    designs = [
        np.array(
            [
                [
                    float(mask & term == term)
                    for term in from_bits(table.size, optional, int(bits)).masks
                ]
                for mask in masks
            ]
        )
        for bits in chosen
    ]
    start = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for design in designs:
            sm.GLM(table.counts[1:], design, family=sm.families.Poisson()).fit()
    return (time.perf_counter() - start) / GLM_MODELS * len(members)


def coverage(table: CaptureTable, number: int) -> None:
    """How often 95% intervals hold the truth, on tables drawn from a fitted model with a known
    total.
    """
    chosen = best(table, 2).fit
    truth, share = round(chosen.total), chosen.fitted / chosen.fitted.sum()
    chance = np.random.default_rng(2024)
    held = {
        "stepwise, BCa": 0,
        "BIC, model taken as known": 0,
        "the true model, profile likelihood": 0,
    }
    for _ in range(number):
        counts = chance.multinomial(truth, share).astype(float)
        counts[0] = 0
        drawn = table.with_counts(counts)
        low, high = bootstrap(drawn, stepwise_estimator(drawn), 400, 1).intervals[0.95]
        held["stepwise, BCa"] += low <= truth <= high
        try:
            low, high = profile_interval(best(drawn, 2).fit)
            held["BIC, model taken as known"] += low <= truth <= high
        except NoEstimate:
            pass
        from darkfigure.estimation import fit

        low, high = profile_interval(fit(drawn, chosen.model))
        held["the true model, profile likelihood"] += low <= truth <= high
    for name, times in held.items():
        print(
            f"coverage of 95% intervals on {number} tables from {chosen.model.formula}: {name} "
            f"{times / number:.1%}"
        )


def peers() -> None:
    """The R packages in the same run, where they are."""
    if not shutil.which("Rscript"):
        print("peers: no Rscript on this machine, so no ratio to the R packages")
        return
    script = (
        "library(SparseMSE); data(UKdat); print(system.time(estimatepopulation(UKdat, nboot=1000)))"
    )
    done = subprocess.run(["Rscript", "-e", script], capture_output=True, text=True, check=False)
    print("peers:", (done.stdout or done.stderr).strip().splitlines()[-1])


def grown(table: CaptureTable, order: int) -> float | None:
    """The exponent of the number of models by which fitting all of them grows: with two lists
    fewer, one fewer, and all.
    """
    sizes, seconds = [], []
    for fewer in (2, 1, 0):
        smaller = table.omit(*table.lists[:fewer]) if fewer else table
        most = min(order, smaller.size - 1)
        optional, members = optional_terms(smaller.size, most), all_models(smaller.size, most)
        sizes.append(float(len(members)))
        seconds.append(
            timed(lambda t=smaller, o=optional, m=members: fit_many(t.counts, t.size, o, m, 256), 9)
        )
    return exponent(sizes, seconds)


def reselected(
    name: str, table: CaptureTable, estimator: Callable[..., object], number: int, aim: float
) -> None:
    """Replicates with the model chosen anew, a quarter, half and all of them."""
    sizes, seconds = [number // 4, number // 2, number], []
    for size in sizes:
        start = time.perf_counter()
        run = bootstrap(table, estimator, size, 1)
        seconds.append(time.perf_counter() - start)
    low, high = run.intervals[0.95] or (float("nan"), float("nan"))
    print(
        f"{name}: {seconds[-1]:.2f} s (aim {aim}); 95% {low:,.0f} to {high:,.0f}; without "
        f"estimate {run.without}; {', '.join(f'{each:.2f}' for each in seconds)} s for "
        f"{', '.join(map(str, sizes))} replicates"
    )
    row(
        name[3:],
        f"{seconds[-1]:.2f} s",
        f"aim {aim} s; no peer can",
        seconds[-1] / aim,
        memory=peak(),
        grows=exponent(sizes, seconds),
    )


def drawn(lists: int, persons: int, seed: int, most: float) -> CaptureTable:
    """A synthetic table: persons on lists by chance, as many pairs of lists as there are lists
    drawing them together or apart.
    """
    chance = np.random.default_rng(seed)
    rate = chance.uniform(most / 8, most, lists)
    pulls = np.zeros((lists, lists))
    pairs = [(a, b) for a in range(lists) for b in range(a + 1, lists)]
    for place in chance.choice(len(pairs), lists, replace=False):
        a, b = pairs[place]
        pulls[a, b] = pulls[b, a] = 1.5 * chance.choice([1, 1, 1, -1]) * chance.uniform(0.5, 1.2)
    on = (chance.random((persons, lists)) < rate).astype(float)
    for _ in range(30):
        for one in range(lists):
            logit = np.log(rate[one] / (1 - rate[one])) + on @ pulls[:, one]
            on[:, one] = chance.random(persons) < 1 / (1 + np.exp(-logit))
    masks = (on.astype(int) << np.arange(lists)).sum(axis=1)
    counts = np.bincount(masks, minlength=1 << lists).astype(float)
    counts[0] = 0
    return CaptureTable(tuple(f"L{one + 1}" for one in range(lists)), counts)


def many_lists(aim: float = 60.0) -> None:
    """The best of all models of ten to sixteen lists, with its proof or the gap; ten lists chosen
    anew in replicates.
    """
    best(drawn(9, 3000, 1, 0.15), 2)
    for kind, persons, most in (("many overlaps", 30_000, 0.15), ("few overlaps", 8_000, 0.08)):
        sizes, seconds = [], []
        for lists in (10, 12) if QUICK else (10, 12, 13, 14, 16):
            table = drawn(lists, persons, 1, most)
            start, begun = time.perf_counter(), time.process_time()
            found = best(table, 2)
            sizes.append(1 << lists)
            seconds.append(time.perf_counter() - start)
            proof = found.proof
            said = "proved" if proof.proved else f"gap {proof.gap:.1f}, under 2^{proof.doublings}"
            print(
                f"g  {lists} lists, {kind}, {table.known:,} known: {seconds[-1]:.2f} s "
                f"(aim {aim:.0f}), "
                f"processors {time.process_time() - begun:.1f} s; {said}; {found.fit.model.formula}"
            )
        row(
            f"best of all, {lists} lists, {kind}: {said}",
            f"{seconds[-1]:.2f} s",
            f"aim {aim:.0f} s; no peer can",
            seconds[-1] / aim,
            memory=peak(),
            grows=exponent(sizes, seconds),
        )
    ten = drawn(10, 20_000, 1, 0.15)
    ours = timed(lambda: best(ten, 2), 3)
    if QUICK:
        return
    through = timed(lambda: gone_through(ten), 1)
    print(f"g  ten lists: {ours:.2f} s, going through all models {through:.2f} s")
    row(
        "best of all, 10 lists",
        f"{ours:.2f} s",
        f"going through all: {through:.2f} s",
        ours / through,
        memory=peak(),
    )
    reselected("h  ten lists, 1,000 with reselection", ten, best_estimator(ten, 2), 1000, aim)


def gone_through(table: CaptureTable) -> None:
    """The best forty of all models, by the search that leaves none out."""
    kept = 40
    search.best_of_all(
        table.counts,
        table.size,
        optional_terms(table.size, 2),
        log(table.known),
        kept,
        np.full(kept, np.inf),
        np.full(kept, -1, np.int64),
        np.full(kept, np.nan),
        np.full(kept, -1, np.int64),
    )


def main() -> None:
    """Print every measure."""
    start = time.perf_counter()
    best(UK, 2)
    best(FIVE, 3)
    fit_all(UK, 2)
    fit_all(FIVE, 3)
    bootstrap(UK, stepwise_estimator(UK), 4, 1)
    bootstrap(UK, best_estimator(UK, 2), 4, 1)
    print(
        f"compiling or loading what was compiled: {time.perf_counter() - start:.1f} s, "
        "excluded "
        f"below; {os.cpu_count()} cores"
    )
    for name, table, order, aim in (
        ("a  UK, order 2", UK, 2, 0.15),
        ("b  five lists, order 3", FIVE, 3, 0.03),
    ):
        optional, members = optional_terms(table.size, order), all_models(table.size, order)
        seconds = timed(
            lambda t=table, o=optional, m=members: fit_many(t.counts, t.size, o, m, 256), 9
        )
        operations, steps = flops(table, order)
        searched = best(table, order)
        search_seconds = timed(lambda t=table, o=order: best(t, o))
        glm = glm_seconds(table, order)
        row(
            f"all {len(members):,} models of {name[3:]} fitted",
            f"{seconds:.3f} s",
            f"statsmodels GLM: {glm:,.0f} s",
            seconds / glm,
            memory=peak(),
            grows=grown(table, order),
        )
        print(
            f"{name}: all {len(members):,} models fitted in {seconds:.3f} s (aim {aim}), "
            f"{steps:.1f} steps each, "
            f"{operations / seconds / 1e9:.1f} GFLOP/s; statsmodels GLM {glm:,.0f} s, ratio "
            f"{glm / seconds:,.0f}\n"
            f"   the best of them found in {search_seconds:.4f} s by fitting {searched.fits:,}: "
            f"{searched.fit.model.formula}, "
            f"total {searched.fit.total:,.5f}"
        )
    members, likelihoods, _, _, _ = fit_all(UK, 2)
    sizes = 7 + np.array([int(bits).bit_count() for bits in members])
    assert abs(np.min(sizes * log(UK.known) - 2 * likelihoods) - best(UK, 2).fit.bic) < 1e-6
    for name, table, estimator, number, aim in (
        ("c  UK, stepwise, 1,000 BCa", UK, stepwise_estimator(UK), 1000, 0.5),
        ("d  New Orleans, stepwise, 1,000 BCa", ORLEANS, stepwise_estimator(ORLEANS), 1000, 3),
        (
            "e  five lists, order 3, 1,000 with reselection over all models",
            FIVE,
            best_estimator(FIVE, 3),
            1000,
            10,
        ),
        (
            "f  UK, order 2, 1,000 with reselection over all 32,768 models",
            UK,
            best_estimator(UK, 2),
            1000,
            90,
        ),
    )[: 1 if QUICK else None]:
        reselected(name, table, estimator, number, aim)
    many_lists()
    if not QUICK:
        peers()
        coverage(UK, TABLES)


if __name__ == "__main__":
    main()
