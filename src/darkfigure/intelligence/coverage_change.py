"""What is covered now that was not: between two editions like for like, with scope and revision
told apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from darkfigure.intelligence.coverage import Coverage

#: What makes a cell the same in two editions.
KEY = ["question", "part", "area", "place"]


@dataclass(frozen=True)
class CoverageChange:
    """The way from one published headline to the next; it adds up: opening + revision + closed -
    lapsed + scope = closing.

    All are shares of weight. `like_before` and `like_after` are the headlines over cells live in
    both, by the later weights; `revision` is what late replies and changed grades did to the
    earlier day. `added` and `dropped` are questions.
    """

    opening: float
    revision: float
    like_before: float
    closed: float
    lapsed: float
    like_after: float
    scope: float
    closing: float
    added: tuple[str, ...]
    dropped: tuple[str, ...]
    moves: pl.DataFrame


def coverage_change(published: Coverage, revised: Coverage, now: Coverage) -> CoverageChange:
    """Compare editions. `published` is the earlier as known then, `revised` the same day as known
    now, `now` the later.

    Periods are matched by their place in the edition: the first quarter of one year with the first
    of the next.
    """
    before, after = _keyed(revised), _keyed(now)
    both = after.join(before, on=KEY, suffix="_before", how="inner")
    whole = float(both["weight"].sum()) or 1.0
    was, is_now = pl.col("status_before") == "N5", pl.col("status") == "N5"

    def share(condition: pl.Expr) -> float:
        return float(both.filter(condition)["weight"].sum()) / whole if both.height else 0.0

    closed, lapsed, like_before, like_after = (
        share(~was & is_now),
        share(was & ~is_now),
        share(was),
        share(is_now),
    )
    revision = revised.headline - published.headline
    questions_before, questions_now = set(published.live["question"]), set(now.live["question"])
    moves = both.group_by("status_before", "status").agg(
        cells=pl.len(), weight=pl.col("weight").sum() / whole
    )
    return CoverageChange(
        opening=published.headline,
        revision=revision,
        like_before=like_before,
        closed=closed,
        lapsed=lapsed,
        like_after=like_after,
        scope=now.headline - published.headline - revision - closed + lapsed,
        closing=now.headline,
        added=tuple(sorted(questions_now - questions_before)),
        dropped=tuple(sorted(questions_before - questions_now)),
        moves=moves.sort("status_before", "status"),
    )


def _keyed(found: Coverage) -> pl.DataFrame:
    return found.live.with_columns(
        place=pl.col("start").rank("dense").over("question", "part", "area")
    ).select(*KEY, "weight", "status")
