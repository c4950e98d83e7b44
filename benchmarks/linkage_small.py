"""Linkage of few records beside Splink with its own defaults; people who are alike and not one;
whether probabilities hold.

Run with `make bench`. Everything is SYNTHETIC, of seeds that were not looked at while the model was
made. Lists of two records are half of one person's, half not; of a size, many lists are linked each
by itself and their pairs counted together.
"""

from __future__ import annotations

import logging
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import polars as pl

from darkfigure.linkage import DuckEngine, Linked, as_list, link
from darkfigure.linkage.clusters import Thresholds
from darkfigure.synthetic.agency_lists import synthetic_lists

sys.path.insert(0, str(Path(__file__).parent))
from linkage_peers import splink_defaults

warnings.simplefilter("ignore")
logging.disable(logging.WARNING)
#: Records of a list, and how many lists.
SIZES = {2: 40, 10: 30, 30: 15, 100: 6, 300: 3}
CALIBRATED = {100: 20, 300: 10, 1000: 4, 5000: 2}
BANDS = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.97, 0.99, 0.999, 1.0)
FIRST_SEED = 9000


def linked(records: pl.DataFrame) -> Linked:
    """This project, settings as they come."""
    engine = DuckEngine()
    found = link(records, engine)
    engine.close()
    return found


def lists_of(size: int, number: int) -> Iterator[pl.DataFrame]:
    """Lists of a size with who is who."""
    if size > 2:
        for seed in range(number):
            yield as_list(synthetic_lists(size, FIRST_SEED + seed), "lists", truth="person")
        return
    whole = as_list(synthetic_lists(2000, FIRST_SEED), "lists", truth="person")
    several = [
        part
        for _, part in sorted(whole.partition_by("truth", as_dict=True).items())
        if part.height > 1
    ]
    for at in range(number):
        one = several[7 * at]
        yield one.head(2) if at % 2 else pl.concat([one.head(1), several[7 * at + 3].head(1)])


def right(persons: np.ndarray, truth: pl.Series) -> tuple[int, int, int]:
    """Pairs joined and right, joined, right."""
    who = truth.to_list()
    both = [
        (persons[a] == persons[b], who[a] == who[b]) for a, b in combinations(range(len(who)), 2)
    ]
    return sum(j and t for j, t in both), sum(j for j, _ in both), sum(t for _, t in both)


def few() -> None:
    """F1 and what goes to review by size, beside Splink."""
    print(
        f"{'records':>7} {'lists':>5} {'':22} {'precision':>9} {'recall':>7} {'F1':>7} "
        f"{'review':>8} {'no answer':>9} {'s each':>7}"
    )
    for size, number in SIZES.items():
        peers: dict[str, Callable[[pl.DataFrame], tuple[np.ndarray, float]]] = {
            "darkfigure": _ours,
            "Splink's defaults": lambda records: (splink_defaults(records), float("nan")),
        }
        for name, peer in peers.items():
            sums, review, failed, start = np.zeros(3), [], 0, time.perf_counter()
            for records in lists_of(size, number):
                try:
                    persons, looked = peer(records)
                    review.append(looked)
                except Exception:  # noqa: BLE001 - a peer that refuses has joined nobody
                    failed, persons = failed + 1, np.arange(records.height)
                sums += right(persons, records.sort("list", "record")["truth"])
            good, found, true = sums
            precision, recall = good / max(found, 1), good / max(true, 1)
            f1 = 2 * good / max(found + true, 1)
            shown = f"{np.mean(review):8.1%}" if name == "darkfigure" else f"{'-':>8}"
            each = (time.perf_counter() - start) / number
            print(
                (
                    f"{size:7} {number:5} {name:22} {precision:9.3f} {recall:7.3f} {f1:7.3f} "
                    f"{shown} "
                    f"{failed:9} {each:7.2f}"
                ),
                flush=True,
            )


def _ours(records: pl.DataFrame) -> tuple[np.ndarray, float]:
    found = linked(records)
    return found.found.decided, found.for_review().height / records.height


def alike(rest: int, seed: int) -> tuple[pl.DataFrame, dict[str, list[tuple[str, str]]]]:
    """Pairs that are alike and not one person, among `rest` records of made-up lists; by kind, the
    references of both.
    """
    random = np.random.default_rng(seed)
    rows: list[dict[str, str | None]] = []
    kinds: dict[str, list[tuple[str, str]]] = {}
    women, men = (
        ("Teodora", "Ruxandra", "Liana", "Sanda"),
        ("Valeriu", "Octavian", "Horia", "Sergiu"),
    )
    families = ("Cuzovschi", "Munteanca", "Balanescu", "Stoenescul", "Gherghinoiu")
    for kind in ("twins", "parent and child of one name", "shared address", "brothers or sisters"):
        for at in range(3):
            born = f"{1975 + int(random.integers(20))}-{int(random.integers(1, 13)):02d}-{int(random.integers(2, 28)):02d}"  # noqa: E501
            given = str(random.choice(women if at % 2 else men))
            other = str(
                random.choice([name for name in (women if at % 2 else men) if name != given])
            )
            base = {
                "list": f"list {at % 2}",
                "given_name": given,
                "family_name": f"{families[at]}{kind[0]}",
                "date_of_birth": born,
                "sex": "F" if at % 2 else "M",
                "nationality": "Romanian",
                "town": f"Alikeby {at}",
                "address": f"{at} Alike Road",
                "postcode": f"AL{at} 1KE",
                "met_on": "2018-05-05",
                "truth": f"{kind} {at}",
            }
            later = (
                f"{int(born[:4]) + 24}-{born[8:]}-1{at}"
                if int(born[8:]) <= 12
                else f"{int(born[:4]) + 24}-07-1{at}"
            )
            changed = {
                "twins": {"given_name": other},
                "parent and child of one name": {"date_of_birth": later},
                "shared address": {
                    "given_name": other,
                    "family_name": families[at + 1],
                    "date_of_birth": None,
                },
                "brothers or sisters": {
                    "given_name": other,
                    "date_of_birth": f"{int(born[:4]) + 2}{born[4:]}",
                },
            }[kind]
            pair = [
                {**base, "record": f"{kind} {at} a"},
                {**base, **changed, "record": f"{kind} {at} b"},
            ]
            pair[1]["truth"] = f"{kind} {at} other"
            rows += pair
            kinds.setdefault(kind, []).append(
                (f"{pair[0]['list']}:{pair[0]['record']}", f"{pair[1]['list']}:{pair[1]['record']}")
            )
    made = pl.DataFrame(rows, infer_schema_length=None)
    if rest:
        made = pl.concat(
            [made, as_list(synthetic_lists(rest, seed), "lists", truth="person")], how="diagonal"
        )
    return made, kinds


def never_beyond_doubt() -> None:
    """The highest probability of such a pair at each size, alone and among others."""
    certain = Thresholds().certain
    print(f"\n{'records':>7} " + " ".join(f"{kind:>30}" for kind in alike(0, 1)[1]))
    for rest in (0, 10, 30, 100, 300, 2000):
        highest: dict[str, list[float]] = {}
        for seed in (FIRST_SEED, FIRST_SEED + 1):
            whole, kinds = alike(rest, seed)
            for kind, pairs in kinds.items():
                for pair in pairs:
                    records = (
                        whole
                        if rest
                        else whole.filter(pl.concat_str("list", pl.lit(":"), "record").is_in(pair))
                    )
                    highest.setdefault(kind, []).extend(
                        _probabilities(records, [pair]) if not rest else []
                    )
            if rest:
                found = linked(whole)
                for kind, pairs in kinds.items():
                    highest.setdefault(kind, []).extend(_of(found, pairs))
        shown = [
            f"{max(each):.4f}{' BEYOND DOUBT' if max(each) >= certain else ''}"
            for each in highest.values()
        ]
        print(
            f"{rest + 24 if rest else 2:7} " + " ".join(f"{each:>30}" for each in shown), flush=True
        )


def _probabilities(records: pl.DataFrame, pairs: list[tuple[str, str]]) -> list[float]:
    return _of(linked(records), pairs)


def _of(found: Linked, pairs: list[tuple[str, str]]) -> list[float]:
    names = found.names
    held = {
        (names[left], names[right]): probability
        for left, right, _, probability in found.pairs.rows()
    }
    return [held.get(pair, held.get(pair[::-1], 0.0)) for pair in pairs]


def calibration() -> None:
    """Among pairs scored: what was said, and what share was right."""
    print(f"\n{'':13} " + " ".join(f"{f'{size:,} records':>26}" for size in CALIBRATED))
    print(
        f"{'probability':13} "
        + " ".join(f"{'pairs':>8} {'said':>8} {'true':>8}" for _ in CALIBRATED)
    )
    columns = []
    for size, number in CALIBRATED.items():
        said, true = [], []
        for records in lists_of(size, number):
            found = linked(records)
            who = found.records["truth"].to_numpy()
            said.append(found.pairs["probability"].to_numpy())
            true.append(who[found.pairs["left"].to_numpy()] == who[found.pairs["right"].to_numpy()])
        columns.append((np.concatenate(said), np.concatenate(true)))
    for low, high in pairwise(BANDS):
        cells = []
        for said, true in columns:
            within = (said >= low) & ((said < high) if high < 1 else (said <= 1))
            cells.append(
                f"{within.sum():8,} {said[within].mean():8.3f} {true[within].mean():8.3f}"
                if within.any()
                else f"{0:8} {'':17}"
            )
        print(f"{low:5.3f}-{high:5.3f}   " + " ".join(cells), flush=True)


def main() -> None:
    """Print the three tables."""
    few()
    never_beyond_doubt()
    calibration()


if __name__ == "__main__":
    main()
