"""Estimation: searches over all models and bootstraps with full reselection. Prints seconds, and
ratios where a peer is at hand.

Run with `make bench`. Compilation is told apart and excluded. Yardsticks: statsmodels' GLM fitting
the same models in the same run; R with MultipleSystemsEstimation and SparseMSE, where `Rscript`
with them is on the machine. TABLES=500 is the number of simulated tables for the coverage of the
95% interval.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from math import log

import numpy as np
from measuring import peak, row

from darkfigure.estimation import (
    best,
    best_estimator,
    bootstrap,
    example,
    profile_interval,
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
        last = [0]

        def progress(done: int, last: list[int] = last) -> None:
            if sys.stderr.isatty() and done != last[0]:
                print(f"\r   {done} replicates", end="", file=sys.stderr)
                last[0] = done

        start = time.perf_counter()
        run = bootstrap(table, estimator, number, 1, progress=progress)
        seconds, (low, high) = time.perf_counter() - start, run.intervals[0.95]
        print(
            f"{name}: {seconds:.2f} s (aim {aim}); 95% {low:,.0f} to {high:,.0f}; without "
            f"estimate {run.without}"
        )
        row(name[3:], f"{seconds:.2f} s", f"aim {aim} s; no peer can", seconds / aim, memory=peak())
    if not QUICK:
        peers()
        coverage(UK, TABLES)


if __name__ == "__main__":
    main()
