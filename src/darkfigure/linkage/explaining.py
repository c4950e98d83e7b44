"""Why the model thinks what it thinks of a pair: each comparison's step and weight, and the way
from the prior to the sum.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import polars as pl

from darkfigure.basis.saying import Saying, quote, say
from darkfigure.linkage.model import Model
from darkfigure.linkage.places import both_sides, places_of
from darkfigure.linkage.preparation import prepared

PRIOR, RARITY = say("linkage.compared.prior"), say("linkage.compared.rarity")


@dataclass(frozen=True)
class Part:
    """One step on the way: what was compared, what was found, how many bits it weighs."""

    comparison: Saying
    words: Saying
    weight: float


def explained(records: pl.DataFrame, pairs: pl.DataFrame, model: Model) -> list[tuple[Part, ...]]:
    """For each pair (`left`, `right`, `weight`; places in `records`) the parts that add up to its
    weight.

    How rare values are, what the two lists share, and that kin and companions could be alike in
    this way, shows as one part of its own: the difference between the pair's weight and the sum of
    the steps.
    """
    if pairs.is_empty():
        return []
    places = sorted({*pairs["left"].to_list(), *pairs["right"].to_list()})
    kept = records[places].with_row_index("place")
    frame = prepared(kept).with_columns(
        place=pl.Series(places)[kept.sort("list", "record")["place"]].cast(pl.Int64)
    )
    declared = {name: model.declared(name) for name in model.comparisons}
    at = pl.Series(range(frame.height), dtype=pl.Int64)
    of = dict(zip(frame["place"].to_list(), at.to_list(), strict=True))
    ends = pl.DataFrame(
        {side: [of[place] for place in pairs[side].to_list()] for side in ("left", "right")}
    )
    met = places_of(both_sides(frame, ends, declared), declared)
    found = list(zip(*(met[name].tolist() for name in model.comparisons), strict=True))
    start = Part(PRIOR, say("linkage.part.prior"), math.log2(model.prior / (1 - model.prior)))
    made = []
    for steps, weight in zip(found, pairs["weight"].to_list(), strict=True):
        parts = [start]
        for name, place in zip(model.comparisons, steps, strict=True):
            if place >= 0:
                step = model.comparisons[name][place]
                parts.append(Part(quote(name), quote(step.words), step.weight))
        parts.append(
            Part(
                RARITY,
                (say("linkage.part.rarity")),
                weight - sum(part.weight for part in parts),
            )
        )
        made.append(tuple(parts))
    return made
