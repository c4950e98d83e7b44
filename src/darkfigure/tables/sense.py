"""What cannot be of a figure, or is seldom so: checks of sense on statements, declared here alone.

They hold for every kind of file of figures. A fault refuses the return; what is noticed is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import polars as pl

from darkfigure.basis.errors import UnknownName
from darkfigure.basis.statement import Head, Role
from darkfigure.cases.sense import RECORDS, Sense, Severity, sense, settle
from darkfigure.cases.submission import Submission
from darkfigure.codes import nearest
from darkfigure.tables.measures import all_measures

#: A count of persons is of people alive or dead within memory.
MOST_PERSONS = 10**10
#: A source is cited in fewer characters than these, and a note says what it has to.
LONGEST_SOURCE, LONGEST_NOTE = 1_000, 10_000
_FRACTION = r"\.[0-9]*[1-9]"


def _number(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.Float64, strict=False)


_NUMBERS = ("value", "low", "high")
_COUNT, _UNIT = pl.col("counted"), pl.col("unit")
#: Head and row; `counted` is false of estimates and shares, `stated_first` is the first day that
#: the day of the statement can mean.
FIGURES: tuple[Sense, ...] = (
    *(
        sense(
            "not-whole",
            (name,),
            name,
            _COUNT & pl.col(name).str.contains(_FRACTION),
            Severity.FAULT,
        )
        for name in (*_NUMBERS, "corrects")
    ),
    *(
        sense(
            "above-hundred",
            (name,),
            name,
            (_UNIT == "percent") & pl.col("is_figure") & (_number(name) > 100),
            Severity.FAULT,
        )
        for name in _NUMBERS
    ),
    *(
        sense(
            "more-than-live",
            (name,),
            name,
            (_UNIT == "persons") & (_number(name) > MOST_PERSONS),
            Severity.FAULT,
        )
        for name in _NUMBERS
    ),
    sense(
        "low-above-high",
        ("low", "high"),
        "low",
        _number("low") > _number("high"),
        Severity.FAULT,
        final=True,
    ),
    sense(
        "outside-its-bounds",
        _NUMBERS,
        "value",
        (_number("value") < _number("low")) | (_number("value") > _number("high")),
        Severity.FAULT,
        final=True,
    ),
    sense(
        "before-its-period",
        ("stated_on", "period"),
        "stated_on",
        _COUNT & (pl.col("stated_on") < pl.col("period_start")),
        Severity.FAULT,
    ),
    sense(
        "projected",
        ("stated_on", "period"),
        "stated_on",
        ~_COUNT & (pl.col("stated_on") < pl.col("period_start")),
        Severity.NOTICED,
    ),
    sense(
        "within-its-period",
        ("stated_on", "period"),
        "stated_on",
        _COUNT
        & pl.col("exact")
        & (pl.col("stated_on") >= pl.col("period_start"))
        & (pl.col("stated_on") < pl.col("period_end")),
        Severity.NOTICED,
    ),
    sense(
        "stated-ahead",
        ("stated_on",),
        "stated_on",
        pl.col("stated_first") > pl.col("received_on"),
        Severity.FAULT,
    ),
    sense(
        "source-too-long",
        ("source",),
        "source",
        pl.col("source_length") > LONGEST_SOURCE,
        Severity.FAULT,
        final=True,
    ),
    sense(
        "note-too-long",
        ("note",),
        "note",
        pl.col("note").str.len_chars() > LONGEST_NOTE,
        Severity.FAULT,
        final=True,
    ),
)
_HEAD = {
    "unit": pl.String,
    "counted": pl.Boolean,
    "is_figure": pl.Boolean,
    "stated_on": pl.Date,
    "stated_first": pl.Date,
    "period_start": pl.Date,
    "period_end": pl.Date,
    "exact": pl.Boolean,
    "source_length": pl.Int64,
}


def acceptable(rule: str) -> bool:
    """Whether somebody may say that a file is right against a check. Raises UnknownName for none
    there is.
    """
    known = {each.rule: each.final for each in (*FIGURES, *RECORDS)}
    if rule not in known:
        raise UnknownName(f"{rule!r} is no check of sense. {nearest(rule, sorted(known))}")
    return not known[rule]


def sensible(submission: Submission, batches: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """The batches of a submission of figures, each held against every check."""
    heads = pl.DataFrame(schema=_HEAD)
    for batch in batches:
        new = submission.heads[heads.height :]
        if new:
            heads = heads.vstack(pl.DataFrame([_plain(head) for head in new], schema=_HEAD))
        if heads.height and batch.height:
            _check(submission, batch, heads)
        yield batch


def _plain(head: Head) -> dict[str, object]:
    measure = all_measures().get(head.measure)
    return {
        "unit": head.unit,
        "counted": measure is None or measure.additive,
        "is_figure": head.role is Role.FIGURE,
        "stated_on": head.stated_on,
        "stated_first": _first(head.stated_on, head.precision),
        "period_start": head.period.start,
        "period_end": head.period.end,
        "exact": head.period.exact,
        "source_length": len(head.source),
    }


def _first(day: date, precision: str) -> date:
    """The first day that a day stated so exactly can mean."""
    if precision == "year":
        return day.replace(month=1, day=1)
    return day.replace(day=1) if precision == "month" else day


def _check(submission: Submission, batch: pl.DataFrame, heads: pl.DataFrame) -> None:
    rows = batch.filter(pl.col("head").is_not_null())
    about = heads.select(pl.all().gather(rows["head"]))
    rows = rows.select("row", *_NUMBERS, "corrects", "note").hstack(about)
    rows = rows.with_columns(received_on=pl.lit(submission.received_on, pl.Date))
    failed = rows.select(
        each.bad.fill_null(False).alias(f"{at}") for at, each in enumerate(FIGURES)
    )
    for at, each in enumerate(FIGURES):
        if failed[f"{at}"].any():
            found = rows["row"].filter(failed[f"{at}"]).to_list()
            # The columns of other files have names of their own.
            named = each if submission.kind == "statements" else replace(each, column="")
            settle(submission, named, found)
