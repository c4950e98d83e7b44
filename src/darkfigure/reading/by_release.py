"""A table in which each row is of a release: every release a return of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import polars as pl

from darkfigure.basis.errors import ReturnRefused, Unreadable
from darkfigure.basis.problem import Problem, unshown
from darkfigure.basis.saying import say
from darkfigure.basis.statement import tidy
from darkfigure.cases.checks import report_rows
from darkfigure.cases.submission import BATCH_COLUMNS, Submission
from darkfigure.reading.instructions import Column
from darkfigure.reading.readings import StatedOn
from darkfigure.reading.releases import (
    MOST_RELEASES,
    Wrong,
    hold_against_headline,
    published,
)
from darkfigure.reading.taking import Taking
from darkfigure.reading.terms import PERIOD, RELEASE, tidy_key

#: A release without a day is refused; until then it is read on like the others.
_ANY_DAY = date(2000, 1, 1)


def by_release(taking: Taking, column: Column, stated_on: StatedOn) -> list[Submission]:
    """A submission for each release in a table, oldest first, dated by the day it was published;
    one with all faults where its rows have any. What is noticed of the file is told with the first.
    """
    reading, whole = taking.reading, taking.submission
    rows = taking.whole_table()
    if whole.problem_total:
        return [whole]
    rows = _with_release(taking, rows, column)
    names: list[str] = sorted(rows[RELEASE].unique().to_list())
    if not names:
        return [whole]
    faults: dict[str, Problem] = {}
    if not reading.says_its_day:
        days = published(names, reading.known_releases, stated_on)
        rows, faults = _with_days(rows, days)
    batches = list(replace(taking, rows=rows).batches())
    if whole.problem_total:
        whole.faults(faults.values(), len(faults))
        return [whole]
    statements = pl.concat(batches) if batches else pl.DataFrame(schema=_SCHEMA)
    submissions = [_of_release(taking, column, name, statements) for name in names]
    submissions[0].remarks[:0] = whole.remarks
    for name, submission in zip(names, submissions, strict=True):
        if name in faults:
            submission.fault(faults[name])
            submission.batches = iter(())
    return submissions


_SCHEMA: dict[str, type[pl.DataType]] = {**BATCH_COLUMNS, RELEASE: pl.String}


def _with_release(taking: Taking, rows: pl.DataFrame, column: Column) -> pl.DataFrame:
    """Rows with the release that each is of; those that name none are faults. Raises ReturnRefused
    where there are more than a file holds.
    """
    rows = rows.with_columns(pl.col(f"c{taking.table.column(column.name)}").alias(RELEASE))
    rows = _without_unnamed(taking.submission, rows, column.name)
    names = rows[RELEASE].unique()
    if len(names) > MOST_RELEASES:
        wrong = say("problems.wrong.many_releases", count=len(names))
        problem = Problem(wrong, say("problems.right.few_releases"), column=column.name)
        raise ReturnRefused(taking.submission.file_name, [problem])
    if any(each.is_ == PERIOD and each.name == column.name for each in taking.reading.columns):
        rows = _without_misspelt(taking, rows, sorted(names), column.name)
    return rows


def _without_unnamed(submission: Submission, rows: pl.DataFrame, heading: str) -> pl.DataFrame:
    """Rows without those that name no release, which are faults."""
    unnamed = rows.filter(pl.col(RELEASE) == "").select(row="line", value=RELEASE)
    wrong, right = say("problems.wrong.empty_here"), say("problems.right.every_line")
    report_rows(submission, unnamed, heading, "code", wrong, right)
    return rows.filter(pl.col(RELEASE) != "")


def _without_misspelt(
    taking: Taking, rows: pl.DataFrame, names: Sequence[str], heading: str
) -> pl.DataFrame:
    """Rows without those whose release, which is their period at once, is none: faults."""
    for text in names:
        try:
            taking.period(text)
        except Unreadable as error:
            faulty = rows.filter(pl.col(RELEASE) == text).select(row="line", value=RELEASE)
            wrong, right = say("problems.wrong.cannot_be_read"), unshown(error, text)
            report_rows(taking.submission, faulty, heading, "date", wrong, right)
            rows = rows.filter(pl.col(RELEASE) != text)
    return rows


def _with_days(
    rows: pl.DataFrame, days: Mapping[str, date | Wrong]
) -> tuple[pl.DataFrame, dict[str, Problem]]:
    """Rows with the day on which their release was published, and a fault for each release that has
    none, at its first line.
    """
    lines = dict(rows.group_by(RELEASE).agg(pl.col("line").min()).iter_rows())
    faults = {
        name: Problem(*day, line=lines[name], value=name[:20], rule="release")
        for name, day in days.items()
        if not isinstance(day, date)
    }
    texts = {
        name: (day if isinstance(day, date) else _ANY_DAY).isoformat() for name, day in days.items()
    }
    day = pl.col(RELEASE).replace_strict(texts, return_dtype=pl.String)
    return rows.with_columns(published_on=day), faults


def _of_release(taking: Taking, column: Column, name: str, statements: pl.DataFrame) -> Submission:
    """The submission of one release, its figures held against its headline."""
    whole = taking.submission
    submission = Submission(
        whole.kind, f"{whole.file_name}#{name}", whole=whole.whole, rank=whole.rank
    )
    rows = statements.filter(pl.col(RELEASE) == name).drop(RELEASE)
    heads = rows["head"].unique(maintain_order=True).to_list()
    numbers = {head: submission.head_number(whole.heads[head]) for head in heads}
    rows = rows.with_columns(pl.col("head").replace_strict(numbers, return_dtype=pl.Int64))
    release = taking.reading.known_releases.get(tidy_key(name))
    if release is not None and (column.headline or tidy_key(name) in taking.reading.releases):
        total = tidy(rows["value"].cast(pl.Float64, strict=False).sum())
        hold_against_headline(submission, name, release.headline, total)
    submission.batches = iter([rows])
    return submission
