"""Who replied, and in time: when a reply that stands was first given, until when it was in time,
and of whom none is expected any more.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from darkfigure.codes import codes_for

_KEY = ["ask", "agency"]


def first_given(replies: pl.DataFrame, known: date) -> pl.DataFrame:
    """The day on which the reply that stands to each ask was first known, as `ask`, `agency`,
    `first`: one that was corrected without a gap counts from its first statement, one that was
    taken back and given anew from the later. `replies` are all rows of the ledger.
    """
    follows = (pl.col("known_to") == pl.col("known_from").shift(-1).over(_KEY)).fill_null(
        value=False
    )
    stands = pl.col("known_to").is_null() | (pl.col("known_to") > known)
    rows = replies.filter(pl.col("known_from") <= known).sort(*_KEY, "known_from")
    linked = rows.with_columns(linked=(follows | stands).cast(pl.Int8)).with_columns(
        unbroken=pl.col("linked").reverse().cum_min().reverse().over(_KEY)
    )
    return (
        linked.filter(pl.col("unbroken") == 1).group_by(_KEY).agg(first=pl.col("known_from").min())
    )


def due_until(asks: pl.DataFrame, exceptions: pl.DataFrame) -> pl.DataFrame:
    """Asks with the last day on which a reply is in time (`until`): the day it is due, or the later
    one that was given. `exceptions` are those that stand.
    """
    given = exceptions.group_by("ask").agg(given=pl.col("until").last())
    until = pl.max_horizontal("due", "given")
    return asks.join(given, on="ask", how="left").with_columns(until=until).drop("given")


def expected(asks: pl.DataFrame) -> pl.DataFrame:
    """The asks whose agency was there on the day they are due: of one that is closed no reply is
    expected.
    """
    held = codes_for("agency").codes
    ends = {name: held[name].valid_to for name in asks["agency"].unique() if name in held}
    closed = pl.DataFrame(
        [(name, day) for name, day in ends.items() if day],
        schema={"agency": pl.String, "closed_on": pl.Date},
        orient="row",
    )
    found = asks.join(closed, on="agency", how="left")
    there = pl.col("closed_on").is_null() | (pl.col("closed_on") >= pl.col("due"))
    return found.filter(there).drop("closed_on")
