"""Linkage at scale: a million records on two cores with DuckDB, beside bare Splink with the same
rules; growth; encodings.

Run with `make bench`, after `linkage_peers.py` in the same command. RECORDS=1000000 is the largest
size. Each measurement runs in a process of its own, so that its peak of memory is its own. Making
the synthetic lists is not measured.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LARGEST = int(os.environ.get("RECORDS", "1000000"))
THREADS = 2


def measured(what: str, *arguments: str) -> dict[str, float]:
    """Run one measurement in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, what, *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{what} {arguments} failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def _peak() -> float:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def make(path: str, size: str, seed: str) -> dict[str, float]:
    """Synthetic lists in a file."""
    from darkfigure.synthetic.agency_lists import synthetic_lists

    synthetic_lists(int(size), int(seed)).write_parquet(path)
    return {}


def _read(path: str):
    import polars as pl

    from darkfigure.linkage import as_list

    return as_list(pl.read_parquet(path), "lists", truth="person")


def ours(path: str, model: str) -> dict[str, float]:
    """Everything: names made ready, training, pairs, persons, draws."""
    from darkfigure.linkage import DuckEngine, link
    from darkfigure.linkage.preparation import prepared
    from darkfigure.linkage.quality import against_truth

    records = _read(path)
    times = {}
    start = time.perf_counter()
    prepared(records)
    times["ready"] = time.perf_counter() - start
    engine = DuckEngine(threads=THREADS)
    start = time.perf_counter()
    found = link(records, engine)
    times["all"] = time.perf_counter() - start
    peak = _peak()
    Path(model).write_text(found.model.to_json())
    start = time.perf_counter()
    found.draws(50)
    times["draws"] = time.perf_counter() - start
    quality = against_truth(found.found.decided, found.records["truth"])
    return {
        **times,
        "peak": peak,
        "f1": quality.f1,
        "precision": quality.precision,
        "recall": quality.recall,
        "pairs": found.pairs.height,
        "persons": found.found.persons[1],
    }


def scoring(path: str, model: str) -> dict[str, float]:
    """Our pairs by a model at hand, as far as `bare` goes: from prepared records to scored
    pairs.
    """
    from darkfigure.linkage import DuckEngine, prepared, read_model
    from darkfigure.linkage.model import score

    frame, engine = prepared(_read(path)), DuckEngine(threads=THREADS)
    start = time.perf_counter()
    pairs = score(frame, read_model(Path(model).read_text()), engine)
    return {"seconds": time.perf_counter() - start, "peak": _peak(), "pairs": pairs.height}


def bare(path: str, model: str) -> dict[str, float]:
    """Bare Splink: the same blocking on the same columns, its library's plain comparisons, trained
    parameters not counted; pairs, then persons by connected components.
    """
    import logging

    import duckdb
    import splink.comparison_library as cl
    from splink import Linker, SettingsCreator
    from splink.backends.duckdb import DuckDBAPI

    from darkfigure.linkage import prepared, read_model

    frame, rules = prepared(_read(path)), read_model(Path(model).read_text()).rules
    connection = duckdb.connect()
    connection.execute(f"SET threads = {THREADS}")
    api = DuckDBAPI(connection=connection)
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="id",
        comparisons=[
            cl.NameComparison("given"),
            cl.NameComparison("family"),
            cl.LevenshteinAtThresholds("dob", [1, 2]),
            cl.ExactMatch("sex"),
            cl.ExactMatch("nationality"),
            cl.LevenshteinAtThresholds("document", [1, 2]),
            cl.ExactMatch("town"),
            cl.ExactMatch("area"),
        ],
        blocking_rules_to_generate_predictions=[rule.sql for rule in rules],
        retain_matching_columns=False,
    )
    linker = Linker(api.register(frame.to_arrow()), settings, log_level=logging.ERROR)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    start = time.perf_counter()
    found = linker.inference.predict(threshold_match_probability=0.01)
    pairs = found.as_duckdbpyrelation().select("id_l", "id_r", "match_probability").pl()
    scored = time.perf_counter() - start
    joined = linker.clustering.cluster_pairwise_predictions_at_threshold(found, 0.9)
    persons = joined.as_duckdbpyrelation().select("cluster_id", "id").pl()["cluster_id"].n_unique()
    seconds = time.perf_counter() - start
    return {
        "seconds": scored,
        "all": seconds,
        "peak": _peak(),
        "pairs": pairs.height,
        "persons": persons,
    }


def incremental(path: str, model: str) -> dict[str, float]:
    """A return of 1,000 records against all others, linked before."""
    from darkfigure.linkage import DuckEngine, Index, link, read_model

    records = _read(path)
    engine = DuckEngine(threads=THREADS)
    held = link(records.slice(1000), engine, model=read_model(Path(model).read_text()))
    start = time.perf_counter()
    index = Index(held, engine)
    ready = time.perf_counter() - start
    start = time.perf_counter()
    index.add(records.head(1000))
    return {"ready": ready, "seconds": time.perf_counter() - start}


def encoded(path: str, model: str) -> dict[str, float]:  # noqa: ARG001 - measured as the others
    """Encoded lists beside plain ones with the same fields."""
    from darkfigure.linkage import DuckEngine, link
    from darkfigure.linkage.encoding import encoded as encode
    from darkfigure.linkage.encoding import link_encoded
    from darkfigure.linkage.quality import against_truth

    records = _read(path)
    start = time.perf_counter()
    made = encode(records, b"a key for the benchmark", keep=["truth"])
    encoding = time.perf_counter() - start
    start = time.perf_counter()
    found = link_encoded(made)
    seconds = time.perf_counter() - start
    wanted = [
        "given_name",
        "family_name",
        "date_of_birth",
        "birth_year",
        "age",
        "met_on",
        "sex",
        "nationality",
        "document_number",
    ]
    same = records.select("list", "record", "truth", *wanted)
    start = time.perf_counter()
    plain = link(same, DuckEngine(threads=THREADS))
    return {
        "encoding": encoding,
        "seconds": seconds,
        "f1": against_truth(found.found.decided, found.records["truth"]).f1,
        "plain_seconds": time.perf_counter() - start,
        "plain_f1": against_truth(plain.found.decided, plain.records["truth"]).f1,
    }


MEASUREMENTS = {each.__name__: each for each in (make, ours, scoring, bare, incremental, encoded)}


def main() -> None:
    """Print seconds, megabytes and ratios."""
    with tempfile.TemporaryDirectory(prefix="df-bench-") as folder:
        path, model = f"{folder}/lists.parquet", f"{folder}/model.json"
        heads = ("all s", "ready s", "draws s", "peak MB", "pairs", "F1", "precision", "recall")
        print(f"{'records':>9} " + " ".join(f"{head:>9}" for head in heads))
        for size in (10_000, 100_000, 1_000_000):
            if size > LARGEST:
                break
            measured("make", path, str(size), "101")
            found = measured("ours", path, model)
            numbers = [
                found[name]
                for name in ("all", "ready", "draws", "peak", "pairs", "f1", "precision", "recall")
            ]
            shown = [
                f"{number:9,.{digits}f}"
                for number, digits in zip(numbers, (1, 1, 1, 0, 0, 4, 4, 4), strict=True)
            ]
            print(f"{size:9,} " + " ".join(shown), flush=True)
            mine, other = measured("scoring", path, model), measured("bare", path, model)
            print(
                f"{'':9} pairs scored in {mine['seconds']:.1f} s, bare Splink with the same rules "
                f"{other['seconds']:.1f} s: "
                f"{mine['seconds'] / other['seconds']:.2f} times its time, "
                f"{mine['peak'] / other['peak']:.2f} times its memory",
                flush=True,
            )
            added = measured("incremental", path, model)
            print(
                (
                    f"{'':9} 1,000 new records in {added['seconds']:.1f} s, the others held ready "
                    "in "
                    f"{added['ready']:.1f} s"
                ),
                flush=True,
            )
        measured("make", path, str(min(20_000, LARGEST)), "101")
        found = measured("encoded", path, model)
        share = found["f1"] / found["plain_f1"]
        print(
            f"encoded: {found['encoding']:.1f} s to encode, {found['seconds']:.1f} s to link, "
            "F1 "
            f"{found['f1']:.4f}"
        )
        print(
            f"plain, the same fields: {found['plain_seconds']:.1f} s, F1 "
            f"{found['plain_f1']:.4f}; "
            f"encoded keeps {share:.2f} of it"
        )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(MEASUREMENTS[sys.argv[1]](*sys.argv[2:])))
    else:
        main()
