"""Checks on batches of rows, column at a time, naming line, column, value and rule for each
fault.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from darkfigure.basis.place import line_of
from darkfigure.basis.problem import Problem
from darkfigure.basis.saying import Saying, Word, say
from darkfigure.cases.submission import Submission
from darkfigure.codes import codes_for, read_combined

NUMBER = r"^-?[0-9]{1,15}(\.[0-9]{1,6})?$"
_NOUGHT = r"^-?0+(\.0+)?$"
_LEADING = r"^(-?)0+([0-9])"


def clean_number(column: str) -> pl.Expr:
    """A number as text without padding, needless noughts or a minus before nought ("-00" is
    nought).
    """
    text = pl.col(column).str.strip_chars()
    return (
        pl.when(text == "")
        .then(pl.lit(None, pl.String))
        .when(text.str.contains(_NOUGHT))
        .then(pl.lit("0"))
        .otherwise(text.str.replace(_LEADING, "$1$2"))
        .alias(column)
    )


def check_numbers(
    submission: Submission,
    rows: pl.DataFrame,
    column: str,
    *,
    may_be_negative: pl.Expr,
    named: str = "",
) -> pl.DataFrame:
    """Report values that are not numbers, and negatives where none can be; give back the faulty
    ones emptied.

    `may_be_negative` is a true-or-false expression over the rows; `named` is the column's name in
    the file.
    """
    if rows[column].null_count() == rows.height:
        return rows
    filled = pl.col(column).is_not_null()
    number = pl.col(column).str.contains(NUMBER)
    negative = pl.col(column).str.starts_with("-")
    marked = rows.select(
        "row",
        pl.col(column).alias("value"),
        bad=filled & ~number,
        minus=filled & number & negative & ~may_be_negative,
    )
    bad, minus = marked.filter("bad"), marked.filter("minus")
    name = named or column
    report_rows(
        submission,
        bad,
        name,
        "number",
        say("problems.wrong.not_a_number"),
        say("problems.right.digits_or_reason"),
    )
    report_rows(
        submission,
        minus,
        name,
        "not-negative",
        say("problems.wrong.negative"),
        (say("problems.right.not_below_nought")),
    )
    return rows.with_columns(
        pl.when(marked["bad"] | marked["minus"]).then(None).otherwise(pl.col(column)).alias(column)
    )


def report_rows(
    submission: Submission,
    faulty: pl.DataFrame,
    column: str,
    rule: str,
    wrong: Saying,
    right: Saying,
) -> None:
    """Record one fault for each row of `faulty`, a frame with columns row and value."""
    if faulty.is_empty():
        return
    shown = faulty.head(submission.limit)
    problems = [
        Problem(
            wrong,
            right,
            line=line_of(row),
            column=column,
            value=None if value is None else str(value)[:60],
            rule=rule,
        )
        for row, value in shown.select("row", "value").iter_rows()
    ]
    submission.faults(problems, faulty.height)


def resolve_codes(
    submission: Submission, rows: pl.DataFrame, column: str, dimension: str, named: str = ""
) -> pl.DataFrame:
    """Replace the texts of `column` by codes of `dimension`; report those that are no code.

    Each distinct text is looked up once.
    """
    return resolve(
        submission,
        rows,
        column,
        lambda text: read_combined(dimension, text),
        named or column,
        say("problems.wrong.not_known", what=Word("dimension", dimension)),
        lambda text: codes_for(dimension).suggest(text),
    )


def resolve(
    submission: Submission,
    rows: pl.DataFrame,
    column: str,
    find: Callable[[str], str | None],
    named: str,
    wrong: Saying,
    suggest: Callable[[str], Saying],
) -> pl.DataFrame:
    """Replace each distinct text of `column` by what `find` gives; report the rows for which it
    gives nothing.
    """
    texts = [text for text in rows[column].unique().to_list() if text is not None]
    found = {text: find(text) for text in texts}
    bad = [text for text, code in found.items() if code is None]
    for text in bad[: submission.limit]:
        faulty = rows.filter(pl.col(column) == text).select("row", value=pl.col(column))
        report_rows(submission, faulty, named, "code", wrong, suggest(text))
    if more := bad[submission.limit :]:
        submission.faults([], rows.filter(pl.col(column).is_in(more)).height)
    if all(text == code for text, code in found.items()):
        return rows
    return rows.with_columns(
        pl.col(column).replace_strict(found, default=None, return_dtype=pl.String).alias(column)
    )


class Doubles:
    """Remembers which statements a file has made, to find one made twice.

    Keeps eight bytes a statement, in sorted runs that are merged as they grow alike.
    """

    def __init__(self) -> None:
        self._runs: list[pl.Series] = []

    def find(self, rows: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
        """The rows whose `columns` have been seen before, in this batch or an earlier one (columns
        row, value).
        """
        keys = rows.select(
            "row", value=pl.lit(None, pl.String), key=pl.struct(columns).hash(seed=7)
        )
        again = ~keys["key"].is_first_distinct()
        for run in self._runs:
            place = run.search_sorted(keys["key"], side="left").clip(upper_bound=len(run) - 1)
            again |= run.gather(place) == keys["key"]
        self._keep(keys["key"].filter(~again).sort())
        return keys.filter(again).select("row", "value")

    def _keep(self, new: pl.Series) -> None:
        while self._runs and len(self._runs[-1]) < 2 * len(new):
            new = pl.concat([self._runs.pop(), new]).sort()
        if len(new):
            self._runs.append(new)
