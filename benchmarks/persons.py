"""How many persons several lists name, and how many there are: made-up populations whose truth is
known, against the ranges given.

Usage: python benchmarks/persons.py [populations, default 100] [most records, default 10000]
"""

from __future__ import annotations

import random
import sys
import time
from concurrent.futures import ProcessPoolExecutor

import numpy as np

LEAST = 300
QUALITIES = ("good", "usual", "poor")
LEVEL = (0.025, 0.975)


def plan(populations: int, most: int) -> list[tuple[int, int, int, str]]:
    """Seed, records, lists and quality of each population: sizes spread evenly by their
    logarithm.
    """
    chance = random.Random(20)
    sizes = [round(LEAST * (most / LEAST) ** chance.random()) for _ in range(populations)]
    return [(7000 + at, sizes[at], 2 + at % 5, QUALITIES[at // 5 % 3]) for at in range(populations)]


def one(asked: tuple[int, int, int, str]) -> dict[str, float]:
    """Link one population and estimate it; what was found beside the truth."""
    from darkfigure.estimation import best, best_estimator, over_draws
    from darkfigure.estimation.capture import CaptureTable
    from darkfigure.linkage import DuckEngine, as_list, link, overlaps
    from darkfigure.linkage.quality import against_truth
    from darkfigure.synthetic.agency_lists import synthetic_population

    seed, size, lists, quality = asked
    made = synthetic_population(size, seed, lists=lists, quality=quality)
    start = time.perf_counter()
    linked = link(as_list(made.records, "made-up", truth="person"), DuckEngine(threads=1))
    drawn = linked.draws(200)
    counts = drawn.counts()
    tables = [
        CaptureTable(each.lists, each.counts)
        for each in overlaps(drawn, linked.records["list"].to_list())[::4]
    ]
    order = min(2, lists - 1)
    estimate = over_draws(
        tables,
        lambda table: best_estimator(table, order),
        lambda table: best(table, order=order).fit,
    )
    found = against_truth(linked.found.decided, linked.records["truth"])
    least, decided, most = linked.found.persons
    return {
        "seed": seed,
        "records": size,
        "lists": lists,
        "quality": QUALITIES.index(quality),
        "persons": linked.records["truth"].n_unique(),
        "mean": float(counts.mean()),
        "decided": decided,
        "low": float(np.quantile(counts, LEVEL[0])),
        "high": float(np.quantile(counts, LEVEL[1])),
        "least": least,
        "most": most,
        "people": made.people,
        "total": estimate.total,
        "total_low": estimate.intervals[0.95][0],
        "total_high": estimate.intervals[0.95][1],
        "linkage": estimate.shares["linkage"],
        "precision": found.precision,
        "recall": found.recall,
        "f1": found.f1,
        "seconds": time.perf_counter() - start,
    }


def main() -> None:
    """Print a line for each population and what holds over all of them."""
    populations, most = (
        int(each) for each in (*sys.argv[1:], *("100", "10000")[len(sys.argv) - 1 :])
    )
    print(
        "records lists quality  persons     mean           range in   people    total          "
        "interval in     F1"
    )
    rows = []
    with ProcessPoolExecutor(2) as pool:
        for row in pool.map(one, plan(populations, most)):
            rows.append(row)
            inside = "yes" if row["low"] <= row["persons"] <= row["high"] else " no"
            covered = "yes" if row["total_low"] <= row["people"] <= row["total_high"] else " no"
            print(
                f"{row['records']:7,} {row['lists']:5} {QUALITIES[int(row['quality'])]:7} "
                f"{row['persons']:8,} {row['mean']:8,.0f} "
                f"{row['low']:7,.0f}-{row['high']:7,.0f} {inside} {row['people']:8,} "
                f"{row['total']:8,.0f} "
                f"{row['total_low']:8,.0f}-{row['total_high']:8,.0f} {covered} {row['f1']:6.3f} "
                f"{row['seconds']:5.1f} s",
                flush=True,
            )
    table = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    print()
    for words, chosen in (
        ("all", table["seed"] > 0),
        *((q, table["quality"] == at) for at, q in enumerate(QUALITIES)),
    ):
        if not chosen.any():
            continue
        part = {name: values[chosen] for name, values in table.items()}
        within = (part["low"] <= part["persons"]) & (part["persons"] <= part["high"])
        outer = (part["least"] <= part["persons"]) & (part["persons"] <= part["most"])
        covered = (part["total_low"] <= part["people"]) & (part["people"] <= part["total_high"])
        error = part["mean"] / part["persons"] - 1
        off = part["total"] / part["people"] - 1
        print(
            f"{words:6} {len(within):3} populations: range of persons holds the truth "
            f"{within.sum()} times, "
            f"outer readings {outer.sum()}; mean error {error.mean():+.2%} (absolute "
            f"{np.abs(error).mean():.2%})\n"
            f"{'':6} interval of the total {covered.sum()}, mean error {off.mean():+.2%} "
            f"(absolute {np.abs(off).mean():.2%}); "
            f"linkage {part['linkage'].mean():.0%} of the doubt; "
            f"precision {part['precision'].mean():.3f}, recall {part['recall'].mean():.3f}"
        )


if __name__ == "__main__":
    main()
