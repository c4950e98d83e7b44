"""Links waiting for somebody to look: both records side by side and why the model thinks so. Each
record shown is logged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.linkage.explaining import Part, explained
from darkfigure.linkage.linking import name_of
from darkfigure_hub.access import record
from darkfigure_hub.flows.link_records import linked_now, records_to_link

#: What is shown of each record, where it says it.
SHOWN = (
    "given_name",
    "family_name",
    "date_of_birth",
    "birth_year",
    "sex",
    "nationality",
    "document_number",
    "met_on",
    "area",
    "age",
)


@dataclass(frozen=True)
class Waiting:
    """Pairs to look at: pseudonyms and probability, the parts of each weight, what each record
    says; how many more wait.
    """

    pairs: tuple[tuple[str, str, float], ...]
    why: tuple[tuple[Part, ...], ...]
    sides: tuple[tuple[Mapping[str, str], Mapping[str, str]], ...]
    more: int


def review_links(scope: Scope, as_at: date, number: int = 10) -> Waiting:
    """The pairs in most doubt. Raises NotPermitted, and DarkfigureError where nothing was
    linked.
    """
    scope.require(Permission.READ_NAMES)
    linked = linked_now(scope, as_at)
    waiting = linked.for_review()
    chosen = waiting.head(number)
    records = records_to_link(scope, as_at)
    names = linked.names
    ends = sorted({names[place] for side in ("left", "right") for place in chosen[side].to_list()})
    kept = (
        records.with_columns(name=name_of(records))
        .filter(pl.col("name").is_in(ends))
        .sort("list", "record")
    )
    place = {name: at for at, name in enumerate(kept["name"].to_list())}
    held = [pair for pair in chosen.rows() if names[pair[0]] in place and names[pair[1]] in place]
    local = pl.DataFrame(
        [
            (place[names[left]], place[names[right]], weight, share)
            for left, right, weight, share in held
        ],
        schema=chosen.schema,
        orient="row",
    )
    said = [
        {name: str(row[name]) for name in SHOWN if row.get(name)}
        for row in kept.iter_rows(named=True)
    ]
    record(scope, "records consulted", {"for": "review of links"}, touched=ends)
    return Waiting(
        tuple((names[left], names[right], share) for left, right, _, share in held),
        tuple(explained(kept.drop("name"), local, linked.model)),
        tuple((said[left], said[right]) for left, right, *_ in local.rows()),
        waiting.height - len(held),
    )
