"""Case returns on their way in: rows of text become typed versions of records, or faults with line,
column and rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol

import polars as pl

from darkfigure.basis.problem import Problem
from darkfigure.basis.reference import LONGEST, REFERENCE, is_reference, pseudonym
from darkfigure.basis.saying import Saying, Word, quote, say, several
from darkfigure.basis.status import ChangeReason
from darkfigure.cases.checks import Doubles, report_rows, resolve
from darkfigure.cases.records import COMMON, Field, FieldType, RecordKind
from darkfigure.cases.sense import check_records
from darkfigure.cases.submission import Submission
from darkfigure.codes import codes_for, codes_of_records, read_combined

#: What every version of a record carries before its own fields, as it is stored.
VERSION: dict[str, pl.DataType | type[pl.DataType]] = {
    "record": pl.String,
    "agency": pl.String,
    "known_from": pl.Date,
    "reason": pl.String,
    "withdrawn": pl.Boolean,
    "synthetic": pl.Boolean,
    "row": pl.Int64,
}
#: Kinds of file that hold case records.
CASE_RETURNS = ("cases", "nrm_form")
_TYPES: dict[FieldType, type[pl.DataType]] = {
    FieldType.DATE: pl.Date,
    FieldType.WHOLE: pl.Int32,
    FieldType.FLAG: pl.Boolean,
}
_ACTIONS = {"": "report", "report": "report", "correct": "report", "withdraw": "withdraw"}
_FLAGS = {"yes": "true", "true": "true", "1": "true", "no": "false", "false": "false", "0": "false"}


def column_type(field: Field) -> type[pl.DataType]:
    """The type in which a field is kept."""
    return _TYPES.get(field.type, pl.String)


def columns_of(kind: RecordKind) -> dict[str, pl.DataType | type[pl.DataType]]:
    """The columns of a table of versions of one kind of record, in order."""
    return {**VERSION, **{each.name: column_type(each) for each in kind.kept}}


@dataclass(frozen=True)
class CaseBatch:
    """Versions of records of one kind; `identity` holds names and the like by pseudonym, and goes
    nowhere else.
    """

    kind: RecordKind
    versions: pl.DataFrame
    identity: pl.DataFrame


class Rule(Protocol):
    """What a fault says: the rule broken, what is wrong, what would be right."""

    @property
    def rule(self) -> str:
        """The rule's name."""

    @property
    def wrong(self) -> Saying:
        """What is wrong."""

    @property
    def right(self) -> Saying:
        """What would be right."""


@dataclass
class CaseSubmission(Submission):
    """A case return being read. `tables` is consumed once; problems and remarks fill while it
    is.
    """

    source: str = ""
    tables: Iterator[CaseBatch] = field(default_factory=lambda: iter(()))
    doubles: dict[str, Doubles] = field(default_factory=dict)
    #: What stands between agency and digits in a pseudonym made of a reference (`UNSEALED` for who
    #: seals it).
    colon: str = ":"

    as_json: bool = False
    _kind: str = ""

    def fault(self, problem: Problem) -> None:
        """Record a fault; in JSON a place is the number of the record among those of its kind."""
        if self.as_json and problem.line is not None and self._kind:
            column = f"{self._kind}[{problem.line}]" + (
                f".{problem.column}" if problem.column else ""
            )
            problem = replace(problem, line=None, column=column)
        super().fault(problem)

    def problem(self, kind: str, row: int, column: str, value: str | None, rule: Rule) -> Problem:
        """A fault of a rule between records, at its place."""
        self._kind = kind
        return Problem(rule.wrong, rule.right, line=row, column=column, value=value, rule=rule.rule)

    def place_of(self, kind: str, row: int) -> Saying:
        """Where a record stands in the file."""
        return quote(f"{kind}[{row}]") if self.as_json else say("problems.line", line=row)

    def place_of_row(self, row: int) -> Saying:
        """Where a record of the kind being read stands in the file."""
        return self.place_of(self._kind, row)

    def take(self, kind: RecordKind, rows: pl.DataFrame) -> CaseBatch:
        """Check rows of text of one kind and type them. `rows` has `row` and any of the kind's and
        the common columns.
        """
        self._kind = kind.name
        return _typed(self, kind, rows)


def _typed(submission: CaseSubmission, kind: RecordKind, rows: pl.DataFrame) -> CaseBatch:
    absent = [each.name for each in (*COMMON, *kind.fields) if each.name not in rows.columns]
    rows = rows.with_columns(pl.lit(None, pl.String).alias(name) for name in absent)
    rows = _common(submission, rows, kind)
    whole = pl.col("withdrawn").not_()
    for each in kind.fields:
        if each.required:
            _needed(submission, rows.filter(whole), each.name)
        rows = _READERS[each.type](submission, rows, each)
    again = submission.doubles.setdefault(kind.name, Doubles()).find(
        rows, ["agency", "record", "known_from"]
    )
    report_rows(
        submission,
        again,
        "record",
        "double",
        say("problems.wrong.record_twice"),
        say("problems.right.one_row_a_record"),
    )
    _reasoned(submission, rows.filter(whole), kind)
    check_records(submission, rows.filter(whole), kind)
    versions = rows.select([pl.col(name).cast(dtype) for name, dtype in columns_of(kind).items()])
    if not kind.identity:
        return CaseBatch(kind, versions, pl.DataFrame())
    names = [each.name for each in kind.identity]
    known = rows.filter(pl.any_horizontal(pl.col(name).is_not_null() for name in names))
    return CaseBatch(
        kind,
        versions,
        known.select(pl.col("record").alias("person"), "agency", "known_from", *names),
    )


def _reasoned(submission: CaseSubmission, rows: pl.DataFrame, kind: RecordKind) -> None:
    """A definition that is not known says what is missing; one that is known misses nothing."""
    if "definition" not in {each.name for each in kind.fields}:
        return
    unknown = pl.col("definition").eq_missing(pl.lit("not_known"))
    missing = pl.col("definition_missing").is_not_null()
    report_rows(
        submission,
        rows.filter(unknown & ~missing).select("row", value=pl.lit(None, pl.String)),
        "definition_missing",
        "definition",
        say("problems.wrong.nothing_missing"),
        say("problems.right.name_missing"),
    )
    report_rows(
        submission,
        rows.filter(missing & ~unknown).select("row", value="definition_missing"),
        "definition_missing",
        "definition",
        say("problems.wrong.missing_but_known"),
        say("problems.right.not_known_or_empty"),
    )


def _common(submission: CaseSubmission, rows: pl.DataFrame, kind: RecordKind) -> pl.DataFrame:
    for name in ("record", "stated_on", "reported_by"):
        _needed(submission, rows, name)
    rows = _read_date(submission, rows, COMMON[1])
    rows = _read_code(submission, rows, COMMON[2])
    rows = _read_words(submission, rows, "action", _ACTIONS.get, say("problems.action"))
    reasons = {str(reason): str(reason) for reason in ChangeReason}
    rows = _read_words(submission, rows, "change_reason", reasons.get, several(reasons, "comma"))
    rows = _read_flag(submission, rows, COMMON[5])
    rows = rows.with_columns(
        agency=pl.col("reported_by"),
        known_from=pl.col("stated_on"),
        reason=pl.col("change_reason"),
        withdrawn=(pl.col("action") == "withdraw").fill_null(False),
        synthetic=pl.col("synthetic").fill_null(False),
    )
    silent = rows.filter(pl.col("withdrawn") & pl.col("reason").is_null())
    report_rows(
        submission,
        silent.select("row", value=pl.lit(None, pl.String)),
        "change_reason",
        "reason",
        say("problems.wrong.no_reason"),
        say("problems.right.give_one_of", reasons=several(reasons, "comma")),
    )
    if kind.name == "operation":
        return _operations(submission, rows, COMMON[0])
    rows = _references(submission, rows, "record")
    return _pseudonyms(rows, "record", submission.colon) if kind.name == "person" else rows


def _needed(submission: CaseSubmission, rows: pl.DataFrame, name: str) -> None:
    missing = rows.filter(pl.col(name).is_null()).select("row", value=pl.lit(None, pl.String))
    report_rows(
        submission,
        missing,
        name,
        "required",
        say("problems.wrong.nothing_given"),
        say("problems.right.needed_on_rows"),
    )


def _references(submission: CaseSubmission, rows: pl.DataFrame, name: str) -> pl.DataFrame:
    # A reference that is no reference may be a name: the fault shows where it stands, not what it
    # says.
    bad = pl.col(name).is_not_null() & ~(
        pl.col(name).str.contains(REFERENCE) & (pl.col(name).str.len_chars() <= LONGEST)
    )
    report_rows(
        submission,
        rows.filter(bad).select("row", value=pl.lit(None, pl.String)),
        name,
        "reference",
        say("problems.wrong.no_reference"),
        (say("problems.right.reference", most=LONGEST)),
    )
    return rows.with_columns(pl.when(bad).then(None).otherwise(pl.col(name)).alias(name))


def _read_link(submission: CaseSubmission, rows: pl.DataFrame, each: Field) -> pl.DataFrame:
    if each.to == "operation":
        return _operations(submission, rows, each)
    return _references(submission, rows, each.name)


def _operations(submission: CaseSubmission, rows: pl.DataFrame, each: Field) -> pl.DataFrame:
    """An operation is named as figures name it, or by the reference under which a part of one is
    registered.
    """
    known = codes_for("operation")

    def find(text: str) -> str | None:
        return known.find(text) or (text if is_reference(text) else None)

    return resolve(
        submission,
        rows,
        each.name,
        find,
        each.name,
        say("problems.wrong.no_operation"),
        lambda text: say("problems.right.part_of_operation", nearest=known.suggest(text)),
    )


def _read_person(submission: CaseSubmission, rows: pl.DataFrame, each: Field) -> pl.DataFrame:
    plain = rows.with_columns(own=pl.col(each.name).str.replace(r"^[A-Za-z0-9_-]+:", ""))
    checked = _references(submission, plain, "own")
    rows = rows.with_columns(
        pl.when(checked["own"].is_null()).then(None).otherwise(pl.col(each.name)).alias(each.name)
    )
    return _pseudonyms(rows, each.name, submission.colon)


def _pseudonyms(rows: pl.DataFrame, name: str, colon: str) -> pl.DataFrame:
    pairs = rows.select("agency", name).unique().drop_nulls()
    made = pairs.with_columns(
        pseudonym=pl.Series(
            [pseudonym(agency, own, colon=colon) for agency, own in pairs.iter_rows()],
            dtype=pl.String,
        )
    )
    return (
        rows.join(made, on=["agency", name], how="left", maintain_order="left")
        .with_columns(pl.col("pseudonym").alias(name))
        .drop("pseudonym")
    )


def _read_date(submission: CaseSubmission, rows: pl.DataFrame, each: Field) -> pl.DataFrame:
    read = rows[each.name].str.to_date("%Y-%m-%d", strict=False)
    read = pl.select(
        pl.when((read.dt.year() >= 1880) & (read.dt.year() <= 2100)).then(read)
    ).to_series()
    bad = rows.filter(rows[each.name].is_not_null() & read.is_null()).select(
        "row", value=pl.col(each.name)
    )
    report_rows(
        submission,
        bad,
        each.name,
        "date",
        say("problems.wrong.no_such_day"),
        say("problems.right.iso_day"),
    )
    return rows.with_columns(read.alias(each.name))


def _read_whole(submission: CaseSubmission, rows: pl.DataFrame, each: Field) -> pl.DataFrame:
    read = rows[each.name].cast(pl.Int32, strict=False)
    fits = (read >= each.least) & (read <= each.most)
    bad = rows.filter(rows[each.name].is_not_null() & ~fits.fill_null(False)).select(
        "row", value=pl.col(each.name)
    )
    report_rows(
        submission,
        bad,
        each.name,
        "range",
        say("problems.wrong.out_of_range"),
        say("problems.right.range", least=each.least, most=each.most),
    )
    return rows.with_columns(read.alias(each.name))


def _read_words(
    submission: CaseSubmission,
    rows: pl.DataFrame,
    name: str,
    find: Callable[[str], str | None],
    known: object,
) -> pl.DataFrame:
    return resolve(
        submission,
        rows,
        name,
        find,
        name,
        say("problems.wrong.not_known", what=Word("dimension", name)),
        lambda _text: say("problems.right.known", known=known),
    )


def _read_flag(submission: CaseSubmission, rows: pl.DataFrame, each: Field) -> pl.DataFrame:
    rows = _read_words(
        submission, rows, each.name, lambda text: _FLAGS.get(text.casefold()), say("problems.flag")
    )
    return rows.with_columns((pl.col(each.name) == "true").alias(each.name))


def _read_code(submission: CaseSubmission, rows: pl.DataFrame, each: Field) -> pl.DataFrame:
    listed = codes_of_records(each.codes)
    return resolve(
        submission,
        rows,
        each.name,
        lambda text: (
            read_combined(each.codes, text) if each.type is FieldType.CODES else listed.find(text)
        ),
        each.name,
        say("problems.wrong.not_known", what=Word("dimension", each.codes)),
        listed.suggest,
    )


_READERS: dict[FieldType, Callable[[CaseSubmission, pl.DataFrame, Field], pl.DataFrame]] = {
    FieldType.DATE: _read_date,
    FieldType.WHOLE: _read_whole,
    FieldType.FLAG: _read_flag,
    FieldType.CODE: _read_code,
    FieldType.CODES: _read_code,
    FieldType.PERSON: _read_person,
    FieldType.LINK: _read_link,
    FieldType.NAME: lambda _submission, rows, _each: rows,
}
