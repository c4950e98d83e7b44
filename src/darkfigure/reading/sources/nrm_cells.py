"""Reads the non-zero cells of National Referral Mechanism referrals, each quarter a return of its
own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import polars as pl

from darkfigure.basis.period import quarter
from darkfigure.basis.saying import say
from darkfigure.cases.checks import check_numbers, clean_number, report_rows, resolve_codes
from darkfigure.cases.submission import BATCH_COLUMNS, Submission
from darkfigure.reading.delimited import batches, check_heading, heading
from darkfigure.reading.readings import StatedOn, head_for, readings
from darkfigure.reading.sources.nrm_releases import Wrong, dated, published

#: Column in the file and the dimension it holds.
DIMS = {
    "first_responder_type": "organisation_kind",
    "first_responder": "organisation",
    "exploitation_type": "exploitation",
    "age_at_exploitation": "age_group",
    "gender": "sex",
    "nationality": "nationality",
}
_QUARTER = r"^(19|20)[0-9]{2}Q[1-4]$"
COLUMNS = ["quarter", *DIMS, "people"]


def read(path: Path, stated_on: StatedOn = None) -> list[Submission]:
    """One submission for each quarter in the file, oldest first."""
    check_heading(path, heading(path), COLUMNS)
    gauge = Submission("nrm_cells", path.name, whole=True)
    rows = list(batches(path, gauge, COLUMNS))
    table = (
        pl.concat(rows)
        if rows
        else pl.DataFrame(schema=dict.fromkeys([*COLUMNS, "row"], pl.String))
    )
    bad = table.filter(~pl.col("quarter").fill_null("").str.contains(_QUARTER)).select(
        "row", value="quarter"
    )
    report_rows(
        gauge,
        bad,
        "quarter",
        "date",
        say("problems.wrong.no_quarter"),
        say("problems.right.quarter"),
    )
    if gauge.problem_total:
        return [gauge]
    names = sorted(table["quarter"].unique().to_list())
    days = published(names, stated_on)
    return [_release(path, name, table.filter(pl.col("quarter") == name), days) for name in names]


def _release(
    path: Path, name: str, table: pl.DataFrame, days: Mapping[str, date | Wrong]
) -> Submission:
    submission = Submission("nrm_cells", f"{path.name}#{name}", whole=True)
    day = dated(submission, name, days, int(table["row"][0]))
    if day is None:
        return submission
    year, _, number = name.partition("Q")
    base = {
        "stated_on": day,
        "precision": "day",
        "stated_by": "HO",
        "stated_as": "Home Office",
        "population": "uk",
        "source": f"National Referral Mechanism data tables, release {name}",
    }
    head = head_for(
        base,
        measure="nrm_referrals",
        dims=dict.fromkeys(DIMS.values(), ""),
        period=quarter(int(year), int(number)),
    )
    submission.head_number(head)
    submission.batches = _batches(submission, table, name)
    return submission


def _batches(submission: Submission, table: pl.DataFrame, release: str) -> Iterator[pl.DataFrame]:
    """The one batch of a quarter, checked and coded."""
    rows = table.with_columns(clean_number("people").alias("value")).drop("people")
    rows = check_numbers(submission, rows, "value", may_be_negative=pl.lit(False), named="people")
    empty = rows.filter(pl.col("value").is_null()).select("row", "value")
    if not submission.problem_total:
        report_rows(
            submission,
            empty,
            "people",
            "number",
            say("problems.wrong.count_missing"),
            say("problems.right.every_cell"),
        )
    for column, dimension in DIMS.items():
        rows = resolve_codes(submission, rows, column, dimension)
    rows = rows.rename(DIMS)
    _hold_against_headline(submission, rows, release)
    missing = [
        pl.lit(None, kind).alias(name)
        for name, kind in BATCH_COLUMNS.items()
        if name not in [*rows.columns, "head"]
    ]
    yield rows.with_columns(pl.lit(0, pl.Int64).alias("head"), *missing).select(list(BATCH_COLUMNS))


def _hold_against_headline(submission: Submission, rows: pl.DataFrame, release: str) -> None:
    headline = readings("releases").get(release, {}).get("headline")
    total = rows["value"].cast(pl.Int64, strict=False).sum()
    if headline is not None and total != headline:
        submission.remark(
            "headline",
            say(
                "problems.remark.headline",
                release=release,
                total=total,
                headline=headline,
                off=total - headline,
            ),
        )
