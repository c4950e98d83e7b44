"""Link the repository's records: who is whom by the model, from a day on; a later return is
compared with what is held.

Combining is logged: which run, by which model, how many records and pairs, how many changed their
person.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from darkfigure.basis.errors import DarkfigureError
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.basis.saying import say
from darkfigure.linkage import (
    DecisionKind,
    Index,
    Linked,
    Thresholds,
    as_list,
    engine_named,
    link,
    read_model,
    standing,
)
from darkfigure.linkage.clusters import Partition
from darkfigure.linkage.engine import Engine
from darkfigure.linkage.linking import Pair, name_of
from darkfigure.linkage.model import Model
from darkfigure.linkage.waiting import Doing, quietly
from darkfigure.tables.people import people
from darkfigure_hub.access import record
from darkfigure_hub.store.queries import identity
from darkfigure_hub.store.queries import linkage as store
from darkfigure_hub.store.queries.case_records import StoreRecords
from darkfigure_hub.store.queries.linkage import HeldRun
from darkfigure_hub.store.queries.locks import LINKING, hold


@dataclass(frozen=True)
class LinkedRecords:
    """What a run did: its number, records and pairs looked at, records whose person changed,
    persons there are now.
    """

    run: int
    records: int
    fresh: int
    pairs: int
    changed: int
    persons: tuple[int, int, int]
    for_review: int
    model: str


def link_records(
    scope: Scope,
    as_at: date,
    *,
    anew: bool = False,
    engine: str = "duckdb",
    memory: str = "",
    keep: Path | None = None,
    thresholds: Thresholds = Thresholds(),  # noqa: B008 - frozen
    doing: Doing = quietly,
) -> LinkedRecords:
    """Link all records, or, where they were linked before and not `anew`, those that came since
    with all others. What was compared is kept in the folder `keep` until all is entered: a run
    broken off goes on there.

    Raises NotPermitted; Unreadable where there is nothing to link by; DarkfigureError where the day
    is before the last run's or nothing has come since.
    """
    scope.require(Permission.LINK_RECORDS)
    runner = engine_named(engine, memory, keep)
    try:
        with hold(LINKING):
            held = store.run_standing(date.max)
            if held and as_at < held.known_from:
                raise DarkfigureError(
                    f"Records were linked as at {held.known_from}; a later run cannot be dated "
                    f"{as_at}."
                )
            records = records_to_link(scope, as_at)
            before = store.looked_at()
            names = name_of(records)
            fresh = names.filter(
                pl.Series([name not in before for name in names.to_list()], dtype=pl.Boolean)
            )
            if held and not anew:
                linked, pairs = _added(held, records, fresh, runner, doing)
            else:
                linked = link(records, runner, thresholds=thresholds, doing=doing)
                pairs = linked.pairs
            linked = linked.decide(*_decided(as_at, linked))
            adds_to = held.ids[0] if held and not anew else None
            run = store.enter_run(
                linked, _by_name(linked, pairs), fresh, as_at, scope.who, adds_to=adds_to
            )
            changed = store.enter_links(assigned(linked), as_at)
            found = LinkedRecords(
                run.pk,
                linked.records.height,
                len(fresh),
                pairs.height,
                changed,
                linked.found.persons,
                linked.for_review().height,
                linked.model.id,
            )
            record(
                scope,
                "records combined",
                {
                    "run": run.pk,
                    "model": found.model,
                    "records": found.records,
                    "pairs": found.pairs,
                    "changed": changed,
                },
                touched=names.to_list(),
            )
        runner.forget()
        return found
    finally:
        runner.close()


def records_to_link(scope: Scope, as_at: date) -> pl.DataFrame:
    """Every person the repository knows on a day as a record of a list, names beside what open
    records say.
    """
    scope.require(Permission.READ_NAMES)
    known = people(StoreRecords(scope), as_at)
    names = identity.names_of(scope)
    whole = known.join(names, on="pseudonym", how="left")
    return as_list(whole.drop("pseudonym"), "repository")


def _decided(as_at: date, linked: Linked) -> tuple[frozenset[Pair], frozenset[Pair]]:
    """The pairs of these records that decisions standing on a day put together, and those they keep
    apart.
    """
    names = set(linked.names)
    made = [each for each in standing(store.decisions(), as_at) if {each.left, each.right} <= names]
    merged = frozenset((each.left, each.right) for each in made if each.kind is DecisionKind.MERGE)
    return merged, frozenset(
        (each.left, each.right) for each in made if each.kind is DecisionKind.SPLIT
    )


def linked_now(scope: Scope, as_at: date) -> Linked:
    """The linkage that stands on a day, from the store: pseudonyms, pairs, decisions. No name is
    read.

    Raises DarkfigureError where records were never linked by then.
    """
    scope.require(Permission.READ_LINKS)
    held = store.run_standing(as_at)
    if held is None:
        raise DarkfigureError(
            f"No records had been linked by {as_at}. Link them with `darkfigure persons link`."
        )
    pairs = store.pairs_of(held)
    named = {name for each in store.decisions() if each.left for name in (each.left, each.right)}
    ends = {*pairs["left"].to_list(), *pairs["right"].to_list(), *named}
    linked = as_linked(sorted(ends), pairs, read_model(held.model), held.thresholds)
    return linked.decide(*_decided(as_at, linked))


def as_linked(
    names: list[str], pairs: pl.DataFrame, model: Model, thresholds: Thresholds
) -> Linked:
    """Pairs of pseudonyms as a linkage of the records named."""
    frame = pl.DataFrame({"name": names}, schema={"name": pl.String}).select(
        list=pl.col("name").str.extract(r"^([^:]*):"), record=pl.col("name").str.extract(r":(.*)$")
    )
    frame = frame.sort("list", "record")
    place = (
        pl.DataFrame({"name": name_of(frame)})
        .with_row_index("place")
        .with_columns(pl.col("place").cast(pl.Int64))
    )
    made = pairs
    for side in ("left", "right"):
        made = made.join(place.rename({"name": side, "place": f"at_{side}"}), on=side)
    made = made.select(
        left=pl.min_horizontal("at_left", "at_right"),
        right=pl.max_horizontal("at_left", "at_right"),
        weight="weight",
        probability="probability",
    )
    alone = np.arange(frame.height)
    return Linked(
        frame, made.sort("left", "right"), Partition(alone, alone, alone), model, thresholds
    )


def _added(
    held: HeldRun,
    records: pl.DataFrame,
    fresh: pl.Series,
    runner: Engine,
    doing: Doing,
) -> tuple[Linked, pl.DataFrame]:
    """The linkage held with what came since compared with it, and the pairs found for that."""
    if fresh.is_empty():
        raise DarkfigureError(
            "No records have come since the last run. Link all of them anew with --anew."
        )
    is_new = name_of(records).is_in(fresh.to_list())
    old = records.filter(~is_new)
    mine = name_of(old).to_list()
    doing(say("linkage.doing.before"))
    pairs = store.pairs_of(held).filter(pl.col("left").is_in(mine) & pl.col("right").is_in(mine))
    before = as_linked(mine, pairs, read_model(held.model), held.thresholds)
    whole = replace(before, records=old.sort("list", "record")).decide()
    doing(say("linkage.doing.new"))
    made = Index(whole, runner).add(records.filter(is_new))
    came = name_of(made.records).is_in(fresh.to_list()).to_numpy()
    of_those = came[made.pairs["left"].to_numpy()] | came[made.pairs["right"].to_numpy()]
    return made, made.pairs.filter(pl.Series(of_those, dtype=pl.Boolean))


def _by_name(linked: Linked, pairs: pl.DataFrame) -> pl.DataFrame:
    """Pairs of places as pairs of pseudonyms in alphabetical order."""
    names = name_of(linked.records)
    named = pairs.with_columns(
        one=names[pairs["left"].to_list()], other=names[pairs["right"].to_list()]
    )
    return named.select(
        left=pl.min_horizontal("one", "other"),
        right=pl.max_horizontal("one", "other"),
        weight="weight",
        probability="probability",
    )


def assigned(linked: Linked) -> pl.DataFrame:
    """Who is whom, by pseudonym."""
    names = name_of(linked.records)
    return pl.DataFrame(
        {
            "record": names,
            "person": names[linked.found.decided.tolist()],
            "surely": names[linked.found.surely.tolist()],
            "possibly": names[linked.found.possibly.tolist()],
        }
    )
