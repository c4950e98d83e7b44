"""Reads police recorded crime open data: padded counts, -00 for nought, negatives for cancelled
crimes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl

from darkfigure.basis.errors import Unreadable
from darkfigure.basis.period import financial_quarter
from darkfigure.basis.saying import say
from darkfigure.cases.checks import check_numbers, clean_number, report_rows, resolve_codes
from darkfigure.cases.submission import BATCH_COLUMNS, Submission
from darkfigure.reading.delimited import batches, check_heading, heading
from darkfigure.reading.readings import head_for

COLUMNS = [
    "Financial Year",
    "Financial Quarter",
    "Force Name",
    "Offence Description",
    "Offence Group",
    "Offence Subgroup",
    "Offence Code",
    "Number of Offences",
]


def read(path: Path, stated_on: date | None = None) -> list[Submission]:
    """One submission. The file does not say when it was published: without `stated_on` that is for
    the caller to give.
    """
    check_heading(path, heading(path), COLUMNS)
    submission = Submission("recorded_crime", path.name, whole=True)
    if stated_on is None:
        raise Unreadable(
            f"{path.name} does not say when it was published. Give the day with --stated-on "
            "YYYY-MM-DD; a file whose day "
            "is not known counts as stated on the day it is received."
        )
    submission.batches = _batches(path, submission, stated_on)
    return [submission]


def _batches(path: Path, submission: Submission, stated_on: date) -> Iterator[pl.DataFrame]:
    base = {
        "stated_on": stated_on,
        "precision": "received",
        "stated_by": "HO",
        "stated_as": "Home Office",
        "population": "recording_bodies_2017_18",
        "source": "Police recorded crime, open data tables",
    }
    several = 0
    for rows in batches(path, submission, COLUMNS):
        rows = rows.with_columns(clean_number("Number of Offences").alias("value"))
        rows = check_numbers(
            submission, rows, "value", may_be_negative=pl.lit(True), named="Number of Offences"
        )
        rows = _with_heads(submission, rows, base)
        rows = rows.with_columns(offence="prc:" + pl.col("Offence Code").str.strip_chars())
        rows = resolve_codes(submission, rows, "Force Name", "area")
        rows = resolve_codes(submission, rows, "offence", "offence", named="Offence Code")
        rows = rows.rename({"Force Name": "area"})
        several += rows.height - rows.select("head", "area", "offence").n_unique()
        missing = [
            pl.lit(None, kind).alias(name)
            for name, kind in BATCH_COLUMNS.items()
            if name not in rows.columns
        ]
        yield rows.with_columns(*missing).select(list(BATCH_COLUMNS))
    if several:
        submission.remark(
            "several rows",
            say("problems.remark.several_rows", count=several),
        )


def _with_heads(
    submission: Submission, rows: pl.DataFrame, base: dict[str, object]
) -> pl.DataFrame:
    keys = rows.select("Financial Year", "Financial Quarter").unique(maintain_order=True)
    heads: list[int | None] = []
    for year, number in keys.iter_rows():
        found = re.fullmatch(r"((?:19|20)[0-9]{2})/([0-9]{2})", year or "")
        if (
            not found
            or int(found[2]) != (int(found[1]) + 1) % 100
            or (number or "") not in "1234"
            or not number
        ):
            faulty = rows.filter(
                pl.col("Financial Year").eq_missing(pl.lit(year))
                & pl.col("Financial Quarter").eq_missing(pl.lit(number))
            )
            report_rows(
                submission,
                faulty.select("row", value=pl.col("Financial Year")),
                "Financial Year",
                "date",
                say("problems.wrong.no_financial_year"),
                say("problems.right.financial_year"),
            )
            heads.append(None)
            continue
        period = financial_quarter(int(found[1]), int(number))
        head = head_for(
            base, measure="recorded_offences", dims={"area": "", "offence": ""}, period=period
        )
        heads.append(submission.head_number(head))
    keys = keys.with_columns(head=pl.Series(heads, dtype=pl.Int64))
    return rows.join(
        keys,
        on=["Financial Year", "Financial Quarter"],
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )
