"""A file taken by a reading: its table found, its cells read as the reading says, as figure
statements.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cached_property
from pathlib import Path

import polars as pl

from darkfigure.basis.errors import DarkfigureError, ReturnRefused, Unreadable
from darkfigure.basis.period import Period, StatedDate, parse_stated
from darkfigure.basis.place import letters, line_of, packed
from darkfigure.basis.problem import Problem
from darkfigure.basis.saying import say
from darkfigure.basis.spoken import are_first_days, spoken_period, whole_of
from darkfigure.basis.statement import DIMENSIONS
from darkfigure.basis.status import Status
from darkfigure.cases.submission import Submission
from darkfigure.reading.coding import Coding
from darkfigure.reading.figures import OPTIONAL, REQUIRED, Words, statements_from
from darkfigure.reading.grids import Grids
from darkfigure.reading.instructions import (
    HEAD_WORDS,
    NOTHING,
    PERIOD,
    VALUE,
    Form,
    Reading,
    day_of,
    tidy_key,
)
from darkfigure.reading.located import Located, locate
from darkfigure.reading.sheets import Workbook, open_workbook
from darkfigure.reading.shorthand import EMPTY, Cell, read_cell
from darkfigure.reading.table_checks import check_measure, tell_others
from darkfigure.reading.totals import is_total_word

_TEXTS = (*HEAD_WORDS, PERIOD)
_CELL = ("cell", "value", "low", "high", "reason", "cell_status", "cell_note")
#: A number that needs no looking at.
_PLAIN_NUMBER = r"^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,6})?$"
#: So many digits behind the point are kept.
DECIMALS = 6
_LONG = re.compile(rf"\.\d{{{DECIMALS + 1}}}")


def read_figures(
    path: Path, reading: Reading, *, stated_on: date | None = None, kind: str = "statements"
) -> list[Submission]:
    """The submissions that a file makes by a reading of figures: one for each table it is about.

    `stated_on` is the day the figures were stated where neither file nor reading says.

    Raises ReturnRefused where the table is not found, or no reading of figures.
    """
    if reading.form is not Form.FIGURES:
        raise Unreadable(f"{reading.name} is no reading of figures.")
    book = open_workbook(path)
    tables, told = locate(book, reading)
    if stated_on is not None:
        reading = replace(reading, always={**reading.always, "stated_on": stated_on.isoformat()})
    found = []
    for table in tables:
        part = f"#{table.sheet.name}" if table.sheet.name and len(book.sheets) > 1 else ""
        submission = Submission(
            kind, path.name + part, whole=bool(reading.whole), rank=reading.rank
        )
        for each in (*book.told, *told):
            submission.remark("file", each)
        tell_others(table, reading, submission)
        check_measure(table, reading, submission)
        taking = Taking(path, book, table, reading, submission)
        submission.batches = taking.batches()
        found.append(submission)
    return found


@dataclass(frozen=True)
class ValueColumn:
    """A column of figures: where it is, and what holds for its figures alone."""

    at: int
    name: str
    given: Mapping[str, str]


@dataclass
class Taking:
    """The rows of one table on their way to statements."""

    path: Path
    book: Workbook
    table: Located
    reading: Reading
    submission: Submission
    periods: dict[str, Period] = field(default_factory=dict)
    taken: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    totals: int = 0
    rounded: int = 0
    figureless: list[int] = field(default_factory=list)
    repeats: int = 0
    undated: set[str] = field(default_factory=set)

    @cached_property
    def coding(self) -> Coding:
        """How texts become codes."""
        return Coding(self.reading, self.submission, self._named)

    def batches(self) -> Iterator[pl.DataFrame]:
        """Batches of statements, faults reported on the way."""
        names = [*REQUIRED, *OPTIONAL]
        words = Words(
            period=self._period,
            stated=self._stated,
            named=self._named,
            coded=True,
            added=self._count_repeats if self.reading.repeats == "add" else None,
        )
        yield from statements_from(self._frames(), self.submission, names, words)
        self._tell()

    @cached_property
    def values(self) -> list[ValueColumn]:
        """The columns of figures: those said to be, and where the heading says something across,
        every other that is not named.
        """
        area, found = self.table.area, []
        for at, label, levels in zip(area.columns, area.labels, area.headings, strict=True):
            column = self.reading.column_of(label)
            if column is not None and column.is_ == VALUE:
                across = self._across(levels) if column.is_ending else {}
                found.append(ValueColumn(at, label, {**across, **column.given}))
            elif column is None and self.reading.across and any(levels):
                found.append(ValueColumn(at, label, self._across(levels)))
        return found

    def _across(self, levels: tuple[str, ...]) -> dict[str, str]:
        """What the rows of the heading say of a column. Levels that say periods are read together;
        a mark behind the heading says how settled its figures are.
        """
        given: dict[str, str] = {}
        marked = read_cell(f"1 {levels[-1][-4:].split(' ')[-1]}") if levels else EMPTY
        if marked.status:
            given["status"] = marked.status
        says = self.reading.across
        if len(says) > len(levels):
            levels = (*[""] * (len(says) - len(levels)), *levels)
        for what, text in zip(says, levels[-len(says) :], strict=True):
            if what != NOTHING and text:
                given[what] = f"{given[what]} {text}" if what in given and what == PERIOD else text
        return given

    def _frames(self) -> Iterator[pl.DataFrame]:
        """Frames of statements in text, column of figures after column of figures."""
        if not self.values:
            wrong, right = say("problems.wrong.no_value_column"), say("problems.right.value_column")
            problem = Problem(wrong, right, rule="file")
            raise ReturnRefused(self.submission.file_name, [problem])
        down = tuple(
            at
            for column in self.reading.columns
            if column.down and (at := self.table.column(column.name))
        )
        named = frozenset(
            at for column in self.reading.columns if (at := self.table.column(column.name))
        )
        for grid in Grids(self.path, self.book, self.table, self.submission, down, named):
            taken = self._only(grid)
            for value in self.values:
                frame = self._statements(taken, value)
                if frame.height:
                    yield frame

    def _only(self, grid: pl.DataFrame) -> pl.DataFrame:
        """The rows that the reading takes."""
        for name, texts in self.reading.only.items():
            if at := self.table.column(name):
                grid = grid.filter(_tidied(f"c{at}").is_in(list(texts)))
        if self.reading.leave_lines:
            grid = grid.filter(~pl.col("line").is_in(list(self.reading.leave_lines)))
        for name, texts in self.reading.leave_out.items():
            if at := self.table.column(name):
                grid = grid.filter(~_tidied(f"c{at}").is_in(list(texts)))
        return grid

    def _statements(self, grid: pl.DataFrame, value: ValueColumn) -> pl.DataFrame:
        """The statements of one column of figures."""
        single = len(self.values) == 1 and not self.table.sheet.name
        line = pl.col("line")
        start = packed(0, value.at, self.table.number)
        rows = grid.select(
            row=line if single else start + line * (packed(1, 0, 0) - packed(0, 0, 0)),
            place=pl.lit(None, pl.String) if single else self._place(value.at),
            cell=pl.col(f"c{value.at}"),
            **{name: self._source(name, value) for name in (*_TEXTS, *DIMENSIONS)},
            **{
                f"own_{name}": self._column_text(name)
                for name in ("low", "high", "reason", "change_reason", "corrects", "note")
            },
            own_flag=self._flag(value),
        )
        rows = self._without_totals(rows)
        rows = self._with_cells(rows, value)
        return self._with_words(self.coding.coded(rows))

    def _place(self, column: int) -> pl.Expr:
        sheet = f"{self.table.sheet.name} " if self.table.sheet.name else ""
        return pl.format("{}{}", pl.lit(f"{sheet}{letters(column)}"), pl.col("line"))

    def _column_text(self, is_: str) -> pl.Expr:
        for column in self.reading.columns:
            if column.is_ == is_ and (at := self.table.column(column.name)):
                return pl.col(f"c{at}")
        return pl.lit("", pl.String)

    def _flag(self, value: ValueColumn) -> pl.Expr:
        """What figures are marked as beside them: in a column of marks, or in the one to the right
        of a column of figures, where nothing stands over it.
        """
        if any(column.is_ == "flag" for column in self.reading.columns):
            return self._column_text("flag")
        area, beside = self.table.area, value.at + 1
        if beside in area.columns:
            place = area.columns.index(beside)
            if not area.names[place] and self.reading.column_of(area.labels[place]) is None:
                return pl.col(f"c{beside}")
        return pl.lit("", pl.String)

    def _source(self, is_: str, value: ValueColumn) -> pl.Expr:
        """Where a part of the statement comes from: the column of figures, a column, or what is
        always so.
        """
        if is_ in value.given:
            return pl.lit(value.given[is_], pl.String)
        if is_ == PERIOD and (parts := self._parts_of_period()):
            return pl.concat_str(parts, separator=" ", ignore_nulls=True)
        for column in self.reading.columns:
            if column.is_ == is_ and (at := self.table.column(column.name)):
                return pl.col(f"c{at}")
        return pl.lit(self.reading.always.get(is_, ""), pl.String)

    def _parts_of_period(self) -> list[pl.Expr]:
        """Year and quarter in columns of their own."""
        found = {
            column.is_: at
            for column in self.reading.columns
            if column.is_ in ("year", "quarter") and (at := self.table.column(column.name))
        }
        if "year" not in found:
            return []
        parts = [pl.col(f"c{found['year']}")]
        if "quarter" in found:
            text = pl.col(f"c{found['quarter']}")
            bare = text.str.contains(r"^[1-4]$")
            parts.append(pl.when(bare).then("Q" + text).otherwise(text))
        return parts

    def _without_totals(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows that are a total where a measure or a period stands, and rows without a cell, left
        out.
        """
        total = pl.lit(False)
        for name in ("measure", PERIOD):
            words = [text for text in rows[name].unique().to_list() if is_total_word(text or "")]
            total = total | pl.col(name).is_in(words)
        found = rows.filter(total)
        self.totals += found.height
        return rows.filter(~total)

    def _with_cells(self, rows: pl.DataFrame, value: ValueColumn) -> pl.DataFrame:
        """What each cell says: a figure, bounds, a reason, how settled it is. Rows without any are
        left out.
        """
        scale = float(value.given.get("scale", self.reading.scale))
        plain = pl.lit(False) if scale != 1.0 else pl.col("cell").str.contains(_PLAIN_NUMBER)
        texts = rows.filter(~plain)["cell"].unique().to_list()
        read = {text: read_cell(text, self.reading.shorthand) for text in texts}
        self._ask_about(rows, read)
        self._round(rows, read)
        bad = [text for text, cell in read.items() if cell.bad]
        self._refuse_numbers(rows.filter(pl.col("cell").is_in(bad)), value.name)
        table = pl.DataFrame(
            [_as_texts(text, cell, scale) for text, cell in read.items()],
            schema=dict.fromkeys(_CELL, pl.String),
            orient="row",
        )
        rows = rows.join(table, on="cell", how="left", maintain_order="left")
        rows = rows.with_columns(
            pl.when(plain).then(pl.col("cell")).otherwise(pl.col("value")).alias("value"),
            *(pl.col(name).fill_null("") for name in _CELL[2:]),
        )
        told = [*bad, *(text for text, cell in read.items() if cell.asked)]
        rows = rows.filter(~pl.col("cell").is_in(told))
        rows = self._with_own_bounds(rows.with_columns(pl.col("value").fill_null("")))
        return self._without_empty(rows)

    def _round(self, rows: pl.DataFrame, read: dict[str, Cell]) -> None:
        """Figures with more digits behind the point than are kept, as spreadsheets work them out,
        are rounded, and that is told.
        """
        long = {text: cell for text, cell in read.items() if _LONG.search(cell.value)}
        for text, cell in long.items():
            read[text] = replace(cell, value=f"{Decimal(cell.value):.{DECIMALS}f}")
        if long:
            self.rounded += rows.filter(pl.col("cell").is_in(list(long))).height

    def _without_empty(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows with a figure, bounds or a reason. A row without any is told, or a fault where the
        reading takes no such row.
        """
        empty = pl.all_horizontal(pl.col("value", "low", "high", "reason") == "")
        if self.reading.empty == "refuse":
            return rows
        self.figureless += rows.filter(empty & (pl.col("cell") == ""))["row"].to_list()
        return rows.filter(~empty)

    def _with_own_bounds(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Bounds and reasons from columns of their own, where the cell does not give them."""
        numbers = [self._own_number(rows, name) for name in ("low", "high", "corrects")]
        # Of several reasons of an answer the first is kept.
        rows = rows.with_columns(own_reason=pl.col("own_reason").str.split(" | ").list.first())
        given = pl.col("own_reason") != ""
        reason = pl.when(given).then("own_reason").otherwise("reason").alias("reason")
        return rows.with_columns(*numbers, reason, change_reason=pl.col("own_change_reason"))

    def _own_number(self, rows: pl.DataFrame, name: str) -> pl.Expr:
        own = f"own_{name}"
        read = {text: read_cell(text, self.reading.shorthand) for text in _texts(rows, own)}
        bad = [text for text, cell in read.items() if not cell.value]
        self._refuse_numbers(rows.filter(pl.col(own).is_in(bad)), self._named(name))
        numbers = {text: cell.value for text, cell in read.items()}
        without = pl.lit("") if name == "corrects" else pl.col(name)
        found = pl.col(own).replace(numbers)
        return pl.when(pl.col(own) != "").then(found).otherwise(without).alias(name)

    def _refuse_numbers(self, faulty: pl.DataFrame, named: str) -> None:
        if faulty.height:
            self.submission.fault_rows(
                "number",
                named,
                say("problems.wrong.not_a_number"),
                say("problems.right.figure_or_mark"),
                faulty["row"].to_list(),
            )

    def _ask_about(self, rows: pl.DataFrame, read: Mapping[str, Cell]) -> None:
        """A mark with several meanings is a fault, told once with how often it stands."""
        for text, cell in read.items():
            if cell.asked:
                self.asked[cell.asked] += rows.filter(pl.col("cell") == text).height

    def _with_words(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The parts of the heading of a statement, as the own form writes them."""
        for name in ("stated_by", "population", "measure", "unit", "status"):
            given = self.reading.codes.get(name, {})
            rows = self._mapped(
                rows, name, {text: given.get(tidy_key(text), text) for text in _texts(rows, name)}
            )
        days = {text: self._day(text, rows) for text in _texts(rows, "stated_on")}
        rows = rows.filter(~pl.col("stated_on").is_in(list(self.undated)))
        rows = self._mapped(rows, "stated_on", days)
        rows = self._with_status(rows)
        keep = ["row", "place", *REQUIRED, *OPTIONAL]
        blank = [name for name in keep if rows.schema[name] == pl.String and name not in DIMENSIONS]
        return rows.select(keep).with_columns(
            pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in blank
        )

    def _with_status(self, rows: pl.DataFrame) -> pl.DataFrame:
        """How settled figures are: what all figures of a period are marked as is their status; what
        some are marked as is noted beside them.
        """
        flags = {
            text: read_cell(f"1 {text}", self.reading.shorthand).status
            for text in _texts(rows, "own_flag")
        }
        rows = self._mapped(rows, "own_flag", flags)
        marked = pl.when(pl.col("own_flag") != "").then("own_flag").otherwise("cell_status")
        rows = rows.with_columns(marked=marked)
        alike = pl.col("marked").n_unique().over("measure", "period") == 1
        as_status = alike & (pl.col("marked") != "")
        words = {str(status): str(say(f"problems.mark.{status}")) for status in Status}
        beside = pl.when(as_status).then(pl.lit("")).otherwise(pl.col("marked").replace(words))
        texts = [pl.col("own_note"), beside, pl.col("cell_note")]
        spaced = pl.concat_str(texts, separator=" ").str.replace_all(r"\s+", " ").str.strip_chars()
        return rows.with_columns(
            status=pl.when(as_status).then("marked").otherwise("status"), note=spaced
        )

    def _mapped(self, rows: pl.DataFrame, name: str, words: Mapping[str, str]) -> pl.DataFrame:
        changed = {text: word for text, word in words.items() if text != word}
        return rows.with_columns(pl.col(name).replace(changed)) if changed else rows

    def _day(self, text: str, rows: pl.DataFrame) -> str:
        try:
            return day_of(text, self.reading)
        except DarkfigureError:
            wrong, right = say("problems.wrong.no_one_day"), say("problems.right.day_or_order")
            bad = rows.filter(pl.col("stated_on") == text)["row"].to_list()
            self.submission.fault_rows("date", self._named("stated_on"), wrong, right, bad)
            self.undated.add(text)
            return text

    def _period(self, text: str) -> Period:
        if text not in self.periods:
            given = self.reading.codes.get(PERIOD, {}).get(tidy_key(text), text)
            found = spoken_period(given, self.reading.year)
            if found.taken:
                self.taken[found.taken] += 1
            self.periods[text] = whole_of(found.period, self.reading.dates)
        return self.periods[text]

    def _stated(self, text: str) -> StatedDate:
        stated = parse_stated(text)
        return stated if self.reading.day_known else StatedDate(stated.day, "received")

    def _count_repeats(self, rows: int) -> None:
        self.repeats += rows

    def _named(self, is_: str) -> str:
        """The heading of the column that a part of a statement comes from."""
        sought = (is_, "year") if is_ == PERIOD else (is_,)
        for name in sought:
            for column in self.reading.columns:
                if column.is_ == name:
                    return column.name
        return is_

    def _tell(self) -> None:
        """What was taken to mean something, and what was left."""
        for mark, count in self.asked.items():
            self.submission.fault(
                Problem(
                    say("problems.wrong.mark_asked", mark=mark, count=count),
                    say("problems.right.mark_asked", mark=mark),
                    rule="mark",
                )
            )
        for code, count in sorted(self.taken.items()):
            if not code.startswith("total_"):
                self.submission.remark("taken", say(f"problems.taken.{code}", count=count))
        if are_first_days(self.periods.values()):
            self.submission.remark("first days", say("problems.remark.first_days"))
        if self.repeats:
            told = say("problems.remark.several_rows", count=self.repeats)
            self.submission.remark("several rows", told)
        if self.figureless:
            self.submission.remark(
                "no figure",
                say("problems.remark.figureless", count=len(self.figureless)),
                line_of(self.figureless[0]),
            )
        if self.rounded:
            rounded = say("problems.remark.rounded", count=self.rounded, digits=DECIMALS)
            self.submission.remark("rounded", rounded)
        if self.totals:
            self.submission.remark("totals", say("problems.remark.totals_left", count=self.totals))
        self.coding.tell()


def _as_texts(text: str, cell: Cell, scale: float) -> tuple[str, ...]:
    notes = " ".join(str(say(f"problems.mark.{note}")) for note in cell.notes)
    numbers = (_scaled(number, scale) for number in (cell.value, cell.low, cell.high))
    return (text, *numbers, cell.reason, cell.status, notes)


def _tidied(name: str) -> pl.Expr:
    """The texts of a column as readings name them."""
    plain = pl.col(name).str.replace_all("_", " ").str.replace_all(r"\s+", " ")
    return plain.str.strip_chars().str.to_lowercase()


def _texts(rows: pl.DataFrame, name: str) -> list[str]:
    return [text for text in rows[name].unique().to_list() if text]


def _scaled(text: str, scale: float) -> str:
    if not text or scale == 1.0:
        return text
    try:
        found = Decimal(text) * Decimal(str(scale))
    except InvalidOperation:
        return text
    return f"{found.normalize():f}"
