"""Linkage at scale: a million records on two cores with DuckDB, beside bare Splink with the same
rules; growth; encodings.

Run with `make bench`, after `linkage_peers.py` in the same command. RECORDS=1000000 is the largest
size. Each measurement runs in a process of its own, so that its peak of memory is its own. Making
the synthetic lists is not measured.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measuring import exponent, peak, row

LARGEST = int(os.environ.get("RECORDS", "1000000"))
THREADS = 2
#: Without encodings, to see that it goes.
QUICK = bool(os.environ.get("QUICK"))
#: Draws of who is whom after linking; none where linking alone is looked at.
DRAWS = int(os.environ.get("DRAWS", "50"))


def measured(what: str, *arguments: str) -> dict[str, float]:
    """Run one measurement in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, what, *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{what} {arguments} failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def _worked() -> float:
    """Seconds of work by all cores so far: other work on the machine does not count."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


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
    start, worked = time.perf_counter(), _worked()
    found = link(records, engine)
    times["all"], times["worked"] = time.perf_counter() - start, _worked() - worked
    most = peak()
    Path(model).write_text(found.model.to_json())
    start = time.perf_counter()
    if DRAWS:
        found.draws(DRAWS)
    times["draws"] = time.perf_counter() - start
    quality = against_truth(found.found.decided, found.records["truth"])
    return {
        **times,
        "peak": most,
        "f1": quality.f1,
        "precision": quality.precision,
        "recall": quality.recall,
        "pairs": found.pairs.height,
        "persons": found.found.persons[1],
    }


def bare(path: str, model: str) -> dict[str, float]:
    """Bare Splink by the model at hand: the same blocking and comparisons, nothing trained, no kin,
    no pair looked at that no rule found; pairs, then persons by connected components.
    """
    import logging

    import duckdb
    from splink import Linker
    from splink.backends.duckdb import DuckDBAPI

    from darkfigure.linkage import prepared, read_model

    frame, taught = prepared(_read(path)), read_model(Path(model).read_text())
    connection = duckdb.connect()
    connection.execute(f"SET threads = {THREADS}")
    api = DuckDBAPI(connection=connection)
    settings = taught.settings("duckdb", "jaro_winkler_similarity")
    linker = Linker(api.register(frame.to_arrow()), settings, log_level=logging.ERROR)
    start, worked = time.perf_counter(), _worked()
    found = linker.inference.predict(threshold_match_probability=0.01)
    pairs = found.as_duckdbpyrelation().select("id_l", "id_r", "match_probability").pl()
    scored = time.perf_counter() - start
    joined = linker.clustering.cluster_pairwise_predictions_at_threshold(found, 0.9)
    persons = joined.as_duckdbpyrelation().select("cluster_id", "id").pl()["cluster_id"].n_unique()
    seconds = time.perf_counter() - start
    return {
        "seconds": scored,
        "all": seconds,
        "worked": _worked() - worked,
        "peak": peak(),
        "pairs": pairs.height,
        "persons": persons,
    }


def incremental(path: str, model: str) -> dict[str, float]:
    """A hundredth more records against all others, linked before."""
    from darkfigure.linkage import DuckEngine, Index, link, read_model

    records = _read(path)
    engine = DuckEngine(threads=THREADS)
    more = records.height // 100
    held = link(records.slice(more), engine, model=read_model(Path(model).read_text()))
    start = time.perf_counter()
    index = Index(held, engine)
    ready = time.perf_counter() - start
    start, worked = time.perf_counter(), _worked()
    index.add(records.head(more))
    return {
        "ready": ready,
        "seconds": time.perf_counter() - start,
        "worked": _worked() - worked,
    }


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


MEASUREMENTS = {each.__name__: each for each in (make, ours, bare, incremental, encoded)}


def main() -> None:
    """Print seconds, megabytes and ratios."""
    with tempfile.TemporaryDirectory(prefix="df-bench-") as folder:
        path, model = f"{folder}/lists.parquet", f"{folder}/model.json"
        heads = ("all s", "ready s", "draws s", "peak MB", "pairs", "F1", "precision", "recall")
        print(f"{'records':>9} " + " ".join(f"{head:>9}" for head in heads))
        sizes: list[int] = []
        clock: list[float] = []
        for size in (10_000, 100_000, 1_000_000, 10_000_000):
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
            sizes.append(size)
            clock.append(found["all"])
            other = measured("bare", path, model)
            print(
                f"{'':9} bare Splink, same rules and comparisons, pairs and persons: "
                f"{other['all']:.1f} s, {other['peak']:,.0f} MB; ours, training too: "
                f"{found['all'] / other['all']:.2f} times its time, "
                f"{found['worked'] / other['worked']:.2f} times its work, "
                f"{found['peak'] / other['peak']:.2f} times its memory",
                flush=True,
            )
            row(
                f"linking {size:,} records",
                f"{found['all']:.1f} s",
                f"bare Splink, same rules and comparisons: {other['all']:.1f} s",
                found["all"] / other["all"],
                memory=found["peak"],
                grows=exponent(sizes, clock),
            )
            added = measured("incremental", path, model)
            row(
                f"{size // 100:,} new records against {size:,}",
                f"{added['seconds']:.1f} s",
                f"linking anew: {found['all']:.1f} s",
                added["seconds"] / found["all"],
            )
            print(
                (
                    f"{'':9} {size // 100:,} new records in {added['seconds']:.1f} s: "
                    f"{added['seconds'] / found['all']:.3f} of linking anew, "
                    f"{added['worked'] / found['worked']:.3f} of its work; the others held "
                    f"ready in {added['ready']:.1f} s"
                ),
                flush=True,
            )
        if QUICK:
            return
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
