"""Link lists given as files, outside the repository: nothing of them is kept."""

from __future__ import annotations

import resource
import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

import polars as pl

from darkfigure.basis.errors import Unreadable
from darkfigure.basis.saying import Saying, say
from darkfigure.linkage import (
    Linked,
    Thresholds,
    engine_named,
    link,
    overlaps,
    prepared,
    read_model,
)
from darkfigure.linkage.blocking import asked_rule
from darkfigure.linkage.encoding import encoded, link_encoded
from darkfigure.linkage.engine import Engine
from darkfigure.linkage.preparation import noticed
from darkfigure.linkage.quality import against_truth, calibration, expected
from darkfigure.linkage.waiting import Doing, quietly
from darkfigure.reading.agency_lists import read_lists
from darkfigure.reading.door import text_of
from darkfigure.reading.instructions import read_reading
from darkfigure.writing.linkage.linkages import Hidden, Report
from darkfigure_hub.flows.estimate_linked import estimate_linked

#: What is expected of a linkage is worked out over so many draws, even where none were asked for.
_LEAST_DRAWS = 40
ENCODED_RANGE = say("linkage.encoded")


def link_lists(
    paths: Sequence[Path],
    *,
    truth: str = "",
    engine: str = "duckdb",
    memory: str = "",
    keep: Path | None = None,
    model: Path | None = None,
    blocks: Sequence[str] = (),
    thresholds: Thresholds = Thresholds(),  # noqa: B008 - frozen
    draws: int = 0,
    estimate: bool = False,
    seed: int = 1,
    reading: Path | None = None,
    doing: Doing = quietly,
) -> Report:
    """Link lists and say how well, and with `estimate` how many are on none. What was compared is
    kept in the folder `keep` until the lists are linked: a run broken off goes on there.

    Raises Unreadable, UnknownName or BlockTooLarge where it cannot be done as asked.
    """
    start = time.perf_counter()
    remarks: list[Saying] = []
    records, is_encoded = read_lists(
        paths,
        truth=truth,
        remarks=remarks,
        reading=None if reading is None else read_reading(reading),
    )
    remarks += [] if is_encoded else noticed(records)
    if is_encoded:
        _refuse_for_encoded(engine, model, blocks, keep)
        # Of encodings nothing tells how many matches were not found: a range would say it is surer
        # than it is.
        draws, remarks = 0, [*remarks, ENCODED_RANGE]
        linked, name = (
            link_encoded(records, thresholds=thresholds, seed=seed, doing=doing),
            "encoded",
        )
    else:
        runner = engine_named(engine, memory, keep)
        linked, name = _plain(records, runner, model, blocks, thresholds, seed, doing), engine
    seconds = time.perf_counter() - start
    doing(say("linkage.doing.drawing"))
    drawn = linked.draws(draws or _LEAST_DRAWS, seed)
    missed = 0.0 if linked.missed is None else linked.missed.matches
    who = linked.records["truth"] if truth else None
    report = Report(
        linked,
        name,
        seconds,
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        expected(linked.found.decided, islice(drawn.each(), _LEAST_DRAWS)),
        against_truth(linked.found.decided, who) if who is not None else None,
        drawn.counts().tolist() if draws else (),
        overlaps(drawn, linked.records["list"].to_list()) if draws else (),
        calibration=calibration(linked.pairs, who, missed) if who is not None else (),
        known=who.drop_nulls().n_unique() if who is not None else None,
        synthetic=any("synthetic" in path.name for path in paths),
        remarks=tuple(remarks),
    )
    if not estimate:
        return report
    doing(say("linkage.doing.hidden"))
    if is_encoded:
        return replace(report, hidden=Hidden(why=say("linkage.for_encoded", encoded=ENCODED_RANGE)))
    return replace(report, hidden=estimate_linked(report, drawn if draws else None))


def _refuse_for_encoded(
    engine: str, model: Path | None, blocks: Sequence[str], keep: Path | None
) -> None:
    for told, option in (
        (engine != "duckdb", "--engine"),
        (model is not None, "--model"),
        (bool(blocks), "--block"),
        (keep is not None, "--resume"),
    ):
        if told:
            raise Unreadable(
                f"Encoded lists have a way of linking of their own: {option} has no say in it. "
                "Leave it out."
            )


def _plain(
    records: pl.DataFrame,
    runner: Engine,
    model: Path | None,
    blocks: Sequence[str],
    thresholds: Thresholds,
    seed: int,
    doing: Doing,
) -> Linked:
    try:
        held = text_of(model) if model else None
        frame = prepared(records) if blocks else None
        blocked = None if frame is None else [asked_rule(frame, each.split("+")) for each in blocks]
        linked = link(
            records,
            runner,
            model=read_model(held) if held else None,
            blocked=blocked,
            thresholds=thresholds,
            seed=seed,
            doing=doing,
        )
        runner.forget()
        return linked
    finally:
        runner.close()


def encode_list(path: Path, key_file: Path, *, keep: Sequence[str] = ()) -> pl.DataFrame:
    """A list encoded with the agencies' key, so that it can be linked by who may not see its
    names.
    """
    try:
        key = key_file.read_bytes().strip()
    except OSError as error:
        raise Unreadable(f"The key file {key_file} cannot be read: {error.strerror}.") from error
    records, is_encoded = read_lists([path])
    if is_encoded:
        raise Unreadable(f"{path.name} is encoded already.")
    kept = [read_lists([path], truth=name)[0]["truth"].alias(name) for name in keep]
    return encoded(records.with_columns(kept), key, keep=keep)
