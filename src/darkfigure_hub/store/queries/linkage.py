"""Links in the store: runs and the pairs they found, decisions, who is whom from which day on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import polars as pl
from django.db import connection
from django.utils import timezone

from darkfigure.linkage import Decision, DecisionKind, Thresholds
from darkfigure_hub.store.models import (
    LinkDecision,
    LinkedRecord,
    LinkProposal,
    LinkRun,
    PersonLink,
)
from darkfigure_hub.store.queries.copying import copy_rows

if TYPE_CHECKING:
    from darkfigure.linkage import Linked

_PAIRS = 'SELECT "left", "right", weight, probability FROM store_linkpair WHERE run_id = ANY(%s)'
_LINKS = "SELECT record, person, surely, possibly FROM person_link WHERE known_to IS NULL"
_CLOSE = "UPDATE person_link SET known_to = %s WHERE known_to IS NULL AND record = ANY(%s)"
#: What names persons one of whom was disposed of, in place of that one's pseudonym.
DISPOSED = "disposed:"
PAIRS = dict.fromkeys(("left", "right"), pl.String) | dict.fromkeys(
    ("weight", "probability"), pl.Float64
)
LINKS = dict.fromkeys(("record", "person", "surely", "possibly"), pl.String)


@dataclass(frozen=True)
class HeldRun:
    """The linkage that stands on a day: its model and thresholds, the run and those that added to
    it, their day.
    """

    ids: tuple[int, ...]
    model: str
    thresholds: Thresholds
    known_from: date


def run_standing(as_at: date) -> HeldRun | None:
    """The latest linkage of all records made by a day, with what was added to it by then."""
    whole = (
        LinkRun.objects.filter(adds_to=None, known_from__lte=as_at)
        .order_by("-known_from", "-id")
        .first()
    )
    if whole is None:
        return None
    added = LinkRun.objects.filter(adds_to=whole, known_from__lte=as_at).order_by("id")
    ids = (whole.pk, *added.values_list("id", flat=True))
    return HeldRun(ids, whole.model["text"], Thresholds(**whole.thresholds), whole.known_from)


def pairs_of(run: HeldRun) -> pl.DataFrame:
    """The pairs a linkage rests on: two pseudonyms, weight and probability."""
    with connection.cursor() as cursor:
        cursor.execute(_PAIRS, [list(run.ids)])
        return pl.DataFrame(cursor.fetchall(), schema=PAIRS, orient="row")


def looked_at() -> set[str]:
    """The pseudonyms that some run has looked at."""
    return set(LinkedRecord.objects.values_list("record", flat=True))


def decisions() -> list[Decision]:
    """Every decision ever made, in order."""
    return [
        Decision(
            each.pk,
            DecisionKind(each.kind),
            each.decided_on,
            each.decided_by,
            each.reason,
            each.left,
            each.right,
            each.undoes_id,
        )
        for each in LinkDecision.objects.order_by("id")
    ]


def enter_decision(made: Decision) -> Decision:
    """Enter a decision; gives it with its number."""
    entered = LinkDecision.objects.create(
        kind=made.kind,
        left=made.left,
        right=made.right,
        decided_on=made.decided_on,
        decided_by=made.decided_by,
        recorded_at=timezone.now(),
        reason=made.reason,
        undoes_id=made.undoes,
    )
    return Decision(
        entered.pk,
        made.kind,
        made.decided_on,
        made.decided_by,
        made.reason,
        made.left,
        made.right,
        made.undoes,
    )


def enter_run(
    linked: Linked,
    pairs: pl.DataFrame,
    fresh: pl.Series,
    known_from: date,
    made_by: str,
    *,
    adds_to: int | None = None,
) -> LinkRun:
    """Enter a run with the pairs it found, named by pseudonym; `fresh` are the pseudonyms no run
    had looked at.
    """
    run = LinkRun.objects.create(
        made_at=timezone.now(),
        known_from=known_from,
        made_by=made_by,
        model={"text": linked.model.to_json()},
        model_id=linked.model.id,
        thresholds=vars(linked.thresholds),
        records=linked.records.height,
        pairs=pairs.height,
        adds_to_id=adds_to,
    )
    numbered = pl.lit(run.pk).alias("run_id")
    copy_rows("store_linkedrecord", fresh.to_frame("record").with_columns(numbered))
    rows = pairs.select(numbered, "left", "right", "weight", "probability")
    copy_rows("store_linkpair", rows)
    return run


def enter_links(found: pl.DataFrame, known_from: date) -> int:
    """Enter who is whom from a day on: what changed is closed and entered anew, all else stays.
    Gives how many changed.

    `found` has record, person, surely, possibly for every record looked at.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LINKS)
        before = pl.DataFrame(cursor.fetchall(), schema=LINKS, orient="row")
    joined = _named_as_held(found, before).join(before, on="record", how="left", suffix="_before")
    known = pl.col("person_before").is_not_null()
    was = [pl.coalesce(f"{name}_before", "record") for name in ("person", "surely", "possibly")]
    same = pl.all_horizontal(
        old == pl.col(name) for old, name in zip(was, ("person", "surely", "possibly"), strict=True)
    )
    changed = joined.with_columns(known=known).filter(~same)
    if changed.is_empty():
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE, [known_from, changed.filter("known")["record"].to_list()])
    alone = pl.col("person") == pl.col("record")
    apart = (
        pl.col("person_before").is_not_null()
        & (pl.col("person_before") != pl.col("person"))
        & alone
    )
    rows = changed.with_columns(
        reason=pl.when(apart).then(pl.lit("decision_changed")).otherwise(pl.lit("duplicate")),
        known_from=pl.lit(known_from),
    )
    links = ("record", "person", "surely", "possibly", "reason", "known_from")
    copy_rows("person_link", rows.select(links))
    return changed.height


def _named_as_held(found: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """Who is whom, each person named as its first record's was, if that record is still its own: a
    name given anew under another key need not be the first of them.
    """
    held = pl.DataFrame({"record": found["record"]}).join(before, on="record", how="left")
    named = found
    for name in ("person", "surely", "possibly"):
        kept = held.select(
            pl.col("record").alias("first"), pl.coalesce(name, "record").alias("record")
        ).join(found.select("record", pl.col(name).alias("first")), on=["record", "first"])
        kept = kept.select(pl.col("first").alias(name), pl.col("record").alias("kept"))
        named = named.join(kept, on=name, how="left", maintain_order="left")
        named = named.with_columns(pl.coalesce("kept", name).alias(name)).drop("kept")
    return named


def person_of(record: str, as_at: date) -> Mapping[str, list[str]]:
    """The records of the person a record belonged to on a day, in each of the readings."""
    standing = PersonLink.objects.filter(known_from__lte=as_at).exclude(known_to__lte=as_at)
    mine = standing.filter(record=record).first()
    found = {}
    for name in ("person", "surely", "possibly"):
        # Who names a person, being the first of its records, may have no row of its own.
        person = getattr(mine, name) if mine else record
        those = {
            record,
            person,
            *standing.filter(**{name: person}).values_list("record", flat=True),
        }
        found[name] = sorted(each for each in those if not each.startswith(DISPOSED))
    return found


@dataclass(frozen=True)
class HeldProposal:
    """A grave decision that waits for another person, or what became of it."""

    number: int
    kind: str
    left: str
    right: str
    undoes: int | None
    reason: str
    grave: tuple[str, ...]
    proposed_by: str
    proposed_at: datetime
    agreed_by: str
    decision: int | None
    withdrawn_by: str

    @property
    def state(self) -> str:
        """What follows from its events."""
        if self.decision is not None:
            return "agreed"
        return "withdrawn" if self.withdrawn_by else "waiting"


def propose(new: Decision, grave: Sequence[str]) -> int:
    """Enter a grave decision that waits. Gives its number; raises IntegrityError where one on the
    same records waits already.
    """
    made = LinkProposal.objects.create(
        kind=new.kind,
        left=new.left,
        right=new.right,
        undoes_id=new.undoes,
        reason=new.reason,
        grave=list(grave),
        proposed_by=new.decided_by,
    )
    return int(made.pk)


def proposals(number: int | None = None) -> list[HeldProposal]:
    """Grave decisions that were proposed, the oldest first; or the one of a number, locked."""
    found = LinkProposal.objects.order_by("id")
    if number is not None:
        found = found.filter(pk=number).select_for_update()
    return [
        HeldProposal(
            each.pk,
            each.kind,
            each.left,
            each.right,
            each.undoes_id,
            each.reason,
            tuple(each.grave),
            each.proposed_by,
            each.proposed_at,
            each.agreed_by,
            each.decision_id,
            each.withdrawn_by,
        )
        for each in found
    ]


def agree(number: int, by: str, decision: int) -> None:
    """Another person agrees, and a decision was made of it."""
    LinkProposal.objects.filter(pk=number).update(
        agreed_by=by, agreed_at=timezone.now(), decision_id=decision
    )


def withdraw(number: int, by: str) -> None:
    """A proposal is not gone on with."""
    LinkProposal.objects.filter(pk=number).update(withdrawn_by=by, withdrawn_at=timezone.now())
