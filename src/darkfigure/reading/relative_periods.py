"""Periods that a row says by something else in it: the time of its operation, the year it was
published in, from a year to the day it was stated, the year so far.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, MutableMapping, Sequence

import polars as pl

from darkfigure.basis.errors import DarkfigureError, Unreadable
from darkfigure.basis.period import Period, in_words, parse_period, parse_stated
from darkfigure.basis.spoken import tidy_words
from darkfigure.codes import codes_for
from darkfigure.reading.readings import operation_period

#: How they are written, in a reading or a file.
OF_OPERATION, PER_YEAR, TO_STATED = "of the operation", "per year", "..stated"
#: What a quarter column may say of its totals.
YEAR_SO_FAR = "year so far"


#: Stands for the day of a row that says none, which is a fault by itself.
_NO_DAY = "2099"


def is_relative(text: str) -> bool:
    """Whether a period is told by something else in its row."""
    plain = tidy_words(text)
    return plain in (OF_OPERATION, PER_YEAR) or plain.endswith(TO_STATED)


def with_relative(
    rows: pl.DataFrame, plain: Callable[[str], str], periods: MutableMapping[str, Period]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows whose periods are texts of `periods` where something else in the row tells them, and
    those that name no operation with a time where it is that of one. `plain` gives the text that a
    file's text is read as.
    """
    texts = [text for text in rows["period"].unique().to_list() if is_relative(plain(text or ""))]
    if not texts:
        return rows, rows.clear()
    relative = pl.col("period").is_in(texts)
    keys = ["period", "stated_on", "operation"]
    named = []
    for text, stated, operation in rows.filter(relative).select(keys).unique().iter_rows():
        try:
            period = _period_of(tidy_words(plain(text)), stated or "", operation)
        except DarkfigureError:
            continue
        own = f"{text} {stated} {operation}"
        named.append((text, stated, operation, own, period is None))
        if period is not None:
            periods[own] = period
    table = pl.DataFrame(named, schema={**_TEXTS, "lost": pl.Boolean}, orient="row")
    rows = rows.join(table, on=keys, how="left", nulls_equal=True, maintain_order="left")
    rows = rows.with_columns(pl.coalesce("own", "period").alias("period")).drop("own")
    lost = pl.col("lost").fill_null(False)
    return rows.filter(~lost).drop("lost"), rows.filter(lost)


_TEXTS = dict.fromkeys(("period", "stated_on", "operation", "own"), pl.String)


def _period_of(text: str, stated: str, operation: str | None) -> Period | None:
    """The period that a text means in a row; nothing where the row names no operation that has a
    time. Raises Unreadable, UnknownName.
    """
    if text == OF_OPERATION:
        operations = codes_for("operation").codes
        if operation not in operations or not operations[operation].group:
            return None
        return operation_period(operation)
    day = parse_stated(stated or _NO_DAY).day
    if text == PER_YEAR:
        year = parse_period(str(day.year))
        return Period(year.start, year.end, f"{PER_YEAR} ({year.label})", exact=False)
    first = parse_period(text.removesuffix(TO_STATED))
    return Period(first.start, day, f"{first.label} to {in_words(day)}")


def with_year_so_far(
    rows: pl.DataFrame,
    together: Sequence[str],
    read: Callable[[str], Period],
    periods: MutableMapping[str, Period],
) -> pl.DataFrame:
    """Rows whose quarter is a total (`so_far`, with the year in `own_year`) as of the quarters that
    stand beside it, with the same measure and `together`; of the whole year where there are none.
    """
    if not rows["so_far"].any():
        return rows
    keys = [*together, "measure", "own_year"]
    spans: dict[tuple[str, ...], set[Period]] = defaultdict(set)
    for *key, text in rows.filter(~pl.col("so_far")).select(*keys, "period").unique().iter_rows():
        try:
            spans[tuple(key)].add(read(text))
        except Unreadable:
            continue  # told with its rows
    named = []
    for total in rows.filter("so_far").select(keys).unique().iter_rows():
        own = " ".join([total[-1], "so far", *total])
        try:
            periods[own] = _so_far(read(total[-1]), sorted(spans[total]))
        except Unreadable:
            own = total[-1]
        named.append((*total, True, own))
    overrides = {**dict.fromkeys((*keys, "own"), pl.String), "so_far": pl.Boolean}
    table = pl.DataFrame(
        named, schema=[*keys, "so_far", "own"], schema_overrides=overrides, orient="row"
    )
    on = [*keys, "so_far"]
    rows = rows.join(table, on=on, how="left", nulls_equal=True, maintain_order="left")
    return rows.with_columns(pl.coalesce("own", "period").alias("period")).drop("own")


def _so_far(year: Period, quarters: list[Period]) -> Period:
    if not quarters or sum(part.days for part in quarters) == year.days:
        return year
    first, last = quarters[0], quarters[-1]
    behind = last.label.removeprefix(f"{year.label} ")
    return Period(first.start, last.end, f"{first.label} to {behind}")
