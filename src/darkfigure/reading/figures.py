"""Rows of text as figure statements: numbers, codes, vocabularies and heads checked and read,
however they came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import polars as pl

from darkfigure.basis.errors import DarkfigureError
from darkfigure.basis.inert import plain
from darkfigure.basis.period import Period, StatedDate, parse_period, parse_stated
from darkfigure.basis.problem import unshown
from darkfigure.basis.saying import Saying, Word, say, several
from darkfigure.basis.statement import DIMENSIONS, EVERY, Head, Role
from darkfigure.basis.status import CellReason, ChangeReason, Status
from darkfigure.cases.checks import (
    Doubles,
    check_numbers,
    clean_number,
    report_rows,
    resolve,
    resolve_codes,
)
from darkfigure.cases.submission import BATCH_COLUMNS, Submission
from darkfigure.codes import codes_for
from darkfigure.tables.measures import Measure, all_measures, measure_named

Found = TypeVar("Found")
REQUIRED = ["measure", "period", "value", "stated_on", "stated_by", "source"]
NUMBERS = ["value", "low", "high", "corrects"]
OPTIONAL = [
    "unit",
    "population",
    "status",
    "role",
    *DIMENSIONS,
    "low",
    "high",
    "reason",
    "change_reason",
    "corrects",
    "note",
]
#: The words for who stated a figure, where they are kept beside the code.
STATED_AS = "stated_as"
HEAD = [
    "measure",
    "unit",
    "population",
    "period",
    "status",
    "role",
    "stated_on",
    "stated_by",
    "source",
    STATED_AS,
    "mask",
]


@dataclass(frozen=True)
class Words:
    """How the words of a head are read: as in the own form, unless a file has ways of its own.

    `named` gives a column's name in the file; `coded` says that dimensions hold codes already.
    `added` says that several rows of one cell are added up; how many they are is counted. `apart`
    are columns that tell statements of one cell apart, and so do those `kept`, which go with the
    statements.
    """

    period: Callable[[str], Period] = parse_period
    stated: Callable[[str], StatedDate] = parse_stated
    named: Callable[[str], str] = str
    coded: bool = False
    added: Callable[[int], None] | None = None
    apart: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def statements_from(
    frames: Iterable[pl.DataFrame], submission: Submission, names: list[str], words: Words = Words()
) -> Iterator[pl.DataFrame]:
    """Frames of text (columns of `REQUIRED` and of those of `OPTIONAL` in `names`, and `row`) as
    batches of a submission, faults reported to it.
    """
    optional = [*OPTIONAL, STATED_AS] if not words.coded else OPTIONAL
    absent = [pl.lit(None, pl.String).alias(name) for name in optional if name not in names]
    given = [name for name in DIMENSIONS if name in names]
    heads: dict[tuple[object, ...], int | None] = {}
    doubles = Doubles()
    for rows in frames:
        rows = rows.with_columns(
            *absent, *[clean_number(name) for name in NUMBERS if name in names]
        )
        typed = rows.select(given)
        rows = _checked(submission, rows, names, given, words)
        mask = pl.sum_horizontal(
            [
                pl.col(name).is_not_null().cast(pl.Int64) * (1 << DIMENSIONS.index(name))
                for name in given
            ]
            or [pl.lit(0)]
        )
        rows = _with_heads(submission, rows.with_columns(mask=mask), heads, words)
        again = doubles.find(
            rows.filter(_sound(rows, typed)),
            ["head", *given, "role", "change_reason", *words.apart, *words.kept],
        )
        if words.added is not None:
            words.added(again.height)
        else:
            wrong, right = say("problems.wrong.statement_twice"), say("problems.right.one_line")
            right = say("problems.right.one_line_or_add") if words.coded else right
            told_by = "place" if "place" in words.apart else "measure"
            report_rows(submission, again, words.named(told_by), "double", wrong, right)
        missing = [
            pl.lit(None, kind).alias(name)
            for name, kind in BATCH_COLUMNS.items()
            if name not in rows.columns
        ]
        yield rows.with_columns(*missing).select([*BATCH_COLUMNS, *words.kept])


def _sound(rows: pl.DataFrame, typed: pl.DataFrame) -> pl.Series:
    """Which rows say what they are about: only these can say it twice."""
    sound = rows["head"].is_not_null()
    for name in typed.columns:
        sound &= rows[name].is_not_null() | typed[name].is_null() | (typed[name] == "")
    return sound


def _checked(
    submission: Submission, rows: pl.DataFrame, names: list[str], given: list[str], words: Words
) -> pl.DataFrame:
    """Rows with numbers, codes and vocabularies that are such; what is none is a fault."""
    rows = _unmarked(rows)
    negative = pl.col("measure").is_in(
        [m.code for m in all_measures().values() if m.may_be_negative]
    )
    negative = (negative | (pl.col("role") == Role.CHANGE)).fill_null(False)
    for name in (name for name in NUMBERS if name in names):
        rows = check_numbers(
            submission, rows, name, may_be_negative=negative, named=words.named(name)
        )
    if not words.coded:
        for name in given:
            rows = resolve_codes(submission, rows, name, name)
    return check_words(submission, _with_breakdowns(rows, given), words)


def _with_breakdowns(rows: pl.DataFrame, given: list[str]) -> pl.DataFrame:
    """Rows with the role of those that speak of a breakdown as a whole."""
    starred = [name for name in given if (rows[name] == EVERY).any()]
    if not starred:
        return rows
    of_breakdown = pl.any_horizontal(pl.col(starred) == EVERY) & pl.col("role").is_null()
    role = pl.when(of_breakdown).then(pl.lit(str(Role.BREAKDOWN))).otherwise("role")
    return rows.with_columns(role=role)


def _unmarked(rows: pl.DataFrame) -> pl.DataFrame:
    """Words that were written so that no spreadsheet computes them, as they were."""
    for name in ("source", "note"):
        if rows[name].str.starts_with("'").any():
            texts = [text if text is None else plain(text) for text in rows[name].to_list()]
            rows = rows.with_columns(pl.Series(name, texts, dtype=pl.String))
    return rows


def _in_vocabulary(
    submission: Submission, rows: pl.DataFrame, column: str, words: Iterable[str]
) -> pl.DataFrame:
    known = {str(word) for word in words}
    return resolve(
        submission,
        rows,
        column,
        lambda text: text if text in known else None,
        column,
        say("problems.wrong.not_known", what=Word("dimension", column)),
        lambda _text: say("problems.right.known_are", known=several(sorted(known), "comma")),
    )


def check_words(submission: Submission, rows: pl.DataFrame, words: Words = Words()) -> pl.DataFrame:
    """Closed vocabularies, and which columns must stand together."""
    rows = _in_vocabulary(submission, rows, "reason", CellReason)
    rows = _in_vocabulary(submission, rows, "change_reason", ChangeReason)
    empty = pl.all_horizontal(pl.col("value", "low", "high", "reason").is_null())
    both = (
        pl.col("value").is_not_null()
        & pl.col("reason").is_not_null()
        & ~((pl.col("value") == "0") & pl.col("reason").str.starts_with("nil"))
    )
    starred = pl.any_horizontal((pl.col(name) == EVERY).fill_null(False) for name in DIMENSIONS)
    of_breakdown = (pl.col("role") == Role.BREAKDOWN).fill_null(False)
    counted = pl.any_horizontal(pl.col("value", "low", "high").is_not_null())
    unexplained = (
        pl.col("change_reason").is_not_null()
        & (pl.col("role").fill_null("figure") == "figure")
        & pl.col("corrects").is_null()
    )
    for bad, column, wrong, right in (
        (
            empty,
            "value",
            say("problems.wrong.no_figure_no_reason"),
            say("problems.right.figure_or_reason"),
        ),
        (
            both,
            "reason",
            say("problems.wrong.figure_and_reason"),
            say("problems.right.one_empty"),
        ),
        (
            starred & of_breakdown & counted,
            "value",
            say("problems.wrong.figure_of_breakdown"),
            say("problems.right.breakdown"),
        ),
        (
            starred != of_breakdown,
            "role",
            say("problems.wrong.role_of_breakdown"),
            say("problems.right.breakdown"),
        ),
        (
            unexplained,
            "corrects",
            say("problems.wrong.reason_no_figure"),
            say("problems.right.figure_corrected"),
        ),
    ):
        report_rows(
            submission,
            rows.filter(bad).select("row", value=pl.col(column)),
            words.named(column),
            "together",
            wrong,
            right,
        )
    return rows


def _with_heads(
    submission: Submission,
    rows: pl.DataFrame,
    heads: dict[tuple[object, ...], int | None],
    words: Words,
) -> pl.DataFrame:
    """Number each row's head; what its words mean is worked out once for each distinct set of
    them.
    """
    keys = rows.select(HEAD).unique(maintain_order=True)
    for key in keys.iter_rows():
        if key not in heads:
            head = _read_head(submission, rows, dict(zip(HEAD, key, strict=True)), words)
            heads[key] = submission.head_number(head) if head else None
    numbered = keys.with_columns(
        head=pl.Series([heads[key] for key in keys.iter_rows()], dtype=pl.Int64)
    )
    if keys.height == 1:
        return rows.with_columns(pl.lit(numbered["head"][0], pl.Int64).alias("head"))
    told_by = [name for name in HEAD if keys[name].n_unique() > 1]
    numbered = numbered.select(*told_by, "head")
    return rows.join(numbered, on=told_by, how="left", nulls_equal=True, maintain_order="left")


def _read_head(
    submission: Submission, rows: pl.DataFrame, key: dict[str, object], words: Words
) -> Head | None:
    faults: list[tuple[str, Saying, Saying]] = []

    def take(column: str, reader: Callable[[str], Found]) -> Found | None:
        text = str(key[column] or "")
        if not text:
            faults.append(
                (column, say("problems.wrong.empty_here"), say("problems.right.every_line"))
            )
            return None
        try:
            return reader(text)
        except (DarkfigureError, ValueError) as error:
            faults.append((column, say("problems.wrong.cannot_be_read"), unshown(error, text)))
            return None

    measure = take("measure", measure_named)
    period, stated = take("period", words.period), take("stated_on", words.stated)
    agency, source = take("stated_by", codes_for("agency").resolve), take("source", str)
    as_typed, key = (
        key,
        {
            **key,
            "role": key["role"] or "figure",
            "status": key["status"] or "provisional",
            "population": key["population"] or "not_stated",
        },
    )
    population = take("population", codes_for("population").resolve)
    role, status = take("role", Role), take("status", Status)
    shape = frozenset(
        name for place, name in enumerate(DIMENSIONS) if int(str(key["mask"])) >> place & 1
    )
    faults += misfits(measure, shape, str(key["unit"] or ""))
    if (
        faults
        or measure is None
        or period is None
        or stated is None
        or agency is None
        or source is None
        or population is None
        or role is None
        or status is None
    ):
        same = rows.filter(
            pl.all_horizontal(
                pl.col(name).eq_missing(pl.lit(given)) for name, given in as_typed.items()
            )
        )
        for column, wrong, right in faults:
            shown = (
                pl.col(column)
                if column in rows.columns and column != "source"
                else pl.lit(None, pl.String)
            )
            report_rows(
                submission,
                same.select("row", value=shown),
                words.named(column),
                "heading",
                wrong,
                right,
            )
        return None
    return Head(
        measure=measure.code,
        unit=str(key["unit"] or measure.units[0]),
        population=population,
        shape=shape,
        period=period,
        stated_on=stated.day,
        precision=stated.precision,
        stated_by=agency,
        stated_as=str(key[STATED_AS] or codes_for("agency").label(agency)),
        source=source,
        role=role,
        status=status,
    )


def _broken_down(measure: Measure, name: str) -> Saying:
    """By what a measure is broken down, and where what stands under `name` belongs instead."""
    if not measure.dimensions:
        return say("problems.right.not_broken_down")
    names = several(measure.dimensions, "comma")
    if name == "victim_age_group" and "age_group" in measure.dimensions:
        return say("problems.right.own_age", names=names)
    return say("problems.right.broken_down_by", names=names)


def misfits(
    measure: Measure | None, shape: frozenset[str], unit: str
) -> list[tuple[str, Saying, Saying]]:
    """What of a breakdown or a unit does not fit a measure: the part, what is wrong, and right."""
    if measure is None:
        return []
    faults = [
        (
            name,
            say("problems.wrong.not_broken_down", measure=measure.code),
            _broken_down(measure, name),
        )
        for name in sorted(shape - set(measure.dimensions))
    ]
    if unit and unit not in measure.units:
        faults.append(
            (
                "unit",
                say("problems.wrong.not_counted_in", measure=measure.code),
                say("problems.right.units", units=several(measure.units, "comma")),
            )
        )
    return faults
