"""The rows of one table on their way to statements: cells read as the reading says, texts as codes,
words as parts of a heading.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from functools import cached_property
from pathlib import Path

import polars as pl

from darkfigure.basis.errors import DarkfigureError, ReturnRefused
from darkfigure.basis.period import Period, StatedDate, parse_stated
from darkfigure.basis.place import line_of, packed
from darkfigure.basis.problem import Problem
from darkfigure.basis.saying import say
from darkfigure.basis.spoken import are_first_days, spoken_period, whole_of
from darkfigure.basis.statement import DIMENSIONS
from darkfigure.basis.status import Status
from darkfigure.cases.submission import Submission
from darkfigure.codes import codes_for
from darkfigure.reading.coding import Coding
from darkfigure.reading.figures import OPTIONAL, REQUIRED, STATED_AS, Words, statements_from
from darkfigure.reading.grids import Grids
from darkfigure.reading.instructions import Reading, day_of
from darkfigure.reading.located import Located
from darkfigure.reading.means import number_in
from darkfigure.reading.parts import Parts, ValueColumn
from darkfigure.reading.percentages import as_shown
from darkfigure.reading.relative_periods import with_relative, with_year_so_far
from darkfigure.reading.sheets import Workbook
from darkfigure.reading.sheets.workbook import refuse
from darkfigure.reading.shorthand import EMPTY, Cell, read_cell
from darkfigure.reading.terms import HEAD_WORDS, NOTHING, PERIOD, RELEASE, VALUE, tidy_key
from darkfigure.reading.totals import is_total_word
from darkfigure.reading.written_days import as_day, is_two_days

_TEXTS = (*HEAD_WORDS, PERIOD)
_OWN = ("low", "high", "reason", "change_reason", "corrects", "note", "sign", "pattern")
_CELL = ("cell", "value", "low", "high", "reason", "cell_status", "cell_note")
#: A number that needs no looking at.
_PLAIN_NUMBER = r"^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,6})?$"
#: So many digits behind the point are kept.
DECIMALS = 6
#: What stands in brackets behind a name.
_ADDITION = re.compile(r"\s*\(.*\)$", re.DOTALL)
_LONG = re.compile(rf"\.\d{{{DECIMALS + 1}}}")


@dataclass
class Taking:
    """The rows of one table on their way to statements; `rows` where they are held already."""

    path: Path
    book: Workbook
    table: Located
    reading: Reading
    submission: Submission
    rows: pl.DataFrame | None = None
    periods: dict[str, Period] = field(default_factory=dict)
    taken: Counter[str] = field(default_factory=Counter)
    asked: dict[str, list[int]] = field(default_factory=dict)
    shares: int = 0
    totals: int = 0
    rounded: int = 0
    figureless: list[int] = field(default_factory=list)
    repeats: int = 0
    undated: set[str] = field(default_factory=set)

    @cached_property
    def parts(self) -> Parts:
        """Where each part of a statement comes from."""
        return Parts(self.table, self.reading, self.submission)

    @cached_property
    def coding(self) -> Coding:
        """How texts become codes."""
        return Coding(self.reading, self.submission, self.parts.named)

    def batches(self) -> Iterator[pl.DataFrame]:
        """Batches of statements, faults reported on the way."""
        names = [*REQUIRED, *OPTIONAL]
        words = Words(
            period=self.period,
            stated=self._stated,
            named=self.parts.named,
            coded=True,
            added=self._count_repeats if self.reading.repeats == "add" else None,
            apart=("place",) if self.reading.tells_apart else (),
            kept=self._kept,
        )
        yield from statements_from(self._frames(), self.submission, names, words)
        self._tell()

    @cached_property
    def values(self) -> list[ValueColumn]:
        """The columns of figures: those said to be, and where the heading says something across,
        every other that is not named.
        """
        area, columns = self.table.area, []
        for at, label, levels in zip(area.columns, area.labels, area.headings, strict=True):
            column = self.reading.column_of(label)
            if column is not None and column.is_ == VALUE:
                across = self._across(levels) if column.is_ending else {}
                columns.append(ValueColumn(at, label, {**across, **column.given}))
            elif column is None and self.reading.across and any(levels):
                columns.append(ValueColumn(at, label, self._across(levels)))
        return columns

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
        for grid in self._taken():
            rows = self.parts.told(grid)
            for value in self.values:
                frame = self._statements(
                    self.parts.without_misspelt(rows, value, self._days_of), value
                )
                if frame.height:
                    yield frame

    def _taken(self) -> Iterator[pl.DataFrame]:
        """The rows that the reading takes: all at once where what one says depends on others."""
        if self.rows is not None:
            yield self.rows
        elif self.reading.held:
            yield self.whole_table()
        else:
            yield from map(self.parts.taken, self._grids())

    def whole_table(self) -> pl.DataFrame:
        """All rows that the reading takes. Raises ReturnRefused where there is none."""
        grids = [self.parts.taken(grid) for grid in self._grids()]
        if not any(grid.height for grid in grids) and not self.submission.problem_total:
            refuse(self.path.name, "no_rows", "send_rows")
        return pl.concat(grids) if grids else pl.DataFrame()

    @property
    def _kept(self) -> tuple[str, ...]:
        """Columns that go with the statements: of which release they are."""
        return () if self.reading.release is None else (RELEASE,)

    def _grids(self) -> Grids:
        """The rows of the table as they stand."""
        headed = [(column, self.table.column(column.name)) for column in self.reading.columns]
        down = tuple(at for column, at in headed if column.down and at)
        named = frozenset(at for _, at in headed if at)
        return Grids(self.path, self.book, self.table, self.submission, down, named)

    def _statements(self, grid: pl.DataFrame, value: ValueColumn) -> pl.DataFrame:
        """The statements of one column of figures."""
        single = len(self.values) == 1 and not self.table.sheet.name
        line = pl.col("line")
        start = packed(0, value.at, self.table.number)
        rows = grid.select(
            row=line if single else start + line * (packed(1, 0, 0) - packed(0, 0, 0)),
            place=self.parts.place(value, single=single),
            cell=pl.col(f"c{value.at}"),
            **{name: self.parts.source(name, value) for name in (*_TEXTS, *DIMENSIONS)},
            **{f"own_{name}": self.parts.own(name) for name in _OWN},
            own_flag=self._flag(value),
            stated_as=self.parts.stated_as(),
            **{name: pl.col(name) for name in self._kept},
            **self.parts.so_far(grid),
        )
        if "so_far" in rows.columns:
            rows = with_year_so_far(rows, self._kept, self.period, self.periods)
        rows = self._without_totals(rows)
        rows = self._with_cells(rows, value)
        return self._with_words(self.coding.coded(rows))

    def _flag(self, value: ValueColumn) -> pl.Expr:
        """What figures are marked as beside them: in a column of marks, or in the one to the right
        of a column of figures, where nothing stands over it.
        """
        if any(column.is_ == "flag" for column in self.reading.columns):
            return self.parts.own("flag")
        area, beside = self.table.area, value.at + 1
        if beside in area.columns:
            place = area.columns.index(beside)
            if not area.names[place] and self.reading.column_of(area.labels[place]) is None:
                return pl.col(f"c{beside}")
        return pl.lit("", pl.String)

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
        scale = self._scale(value) or 1.0
        if self.table.sheet.shares:
            rows, shares = as_shown(rows, self.reading, as_kept=self._scale(value) is not None)
            self.shares += shares
        plain = pl.lit(False) if scale != 1.0 else pl.col("cell").str.contains(_PLAIN_NUMBER)
        rows = rows.with_columns(plain=plain)
        texts = rows.filter(~pl.col("plain"))["cell"].unique().to_list()
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
            pl.when("plain").then(pl.col("cell")).otherwise(pl.col("value")).alias("value"),
            *(pl.col(name).fill_null("") for name in _CELL[2:]),
        )
        told = [*bad, *(text for text, cell in read.items() if cell.asked)]
        rows = self._signed(rows.filter(~pl.col("cell").is_in(told)), value.name)
        rows = self._with_own_bounds(rows.with_columns(pl.col("value").fill_null("")))
        return self._without_empty(rows)

    def _signed(self, rows: pl.DataFrame, named: str) -> pl.DataFrame:
        """Figures that are written without their minus with it. One that has it is a fault."""
        minus = pl.col("own_sign") == "minus"
        if not rows.select(minus.any()).item():
            return rows
        bad = minus & pl.any_horizontal(pl.col("value", "low", "high").str.starts_with("-"))
        wrong, right = say("problems.wrong.negative"), say("problems.right.without_minus")
        faulty = rows.filter(bad)["row"].to_list()
        self.submission.fault_rows("not-negative", named, wrong, right, faulty)
        negated = {
            name: pl.when(minus & (pl.col(of) != "")).then("-" + pl.col(of)).otherwise(of)
            for name, of in (("value", "value"), ("low", "high"), ("high", "low"))
        }
        signed = {name: pl.when(minus).then(text).otherwise(name) for name, text in negated.items()}
        return rows.filter(~bad).with_columns(**signed)

    def _scale(self, value: ValueColumn) -> float | None:
        """By what the figures of a column are multiplied, where the reading says so."""
        return float(value.given["scale"]) if "scale" in value.given else self.reading.scale

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
        rows = self._corrected(rows)
        for name in ("low", "high", "corrects"):
            rows = self._with_own_number(rows, name)
        # Of several reasons of an answer the first is kept.
        rows = rows.with_columns(own_reason=pl.col("own_reason").str.split(" | ").list.first())
        given = pl.col("own_reason") != ""
        reason = pl.when(given).then("own_reason").otherwise("reason").alias("reason")
        return rows.with_columns(reason, change_reason=pl.col("own_change_reason"))

    def _corrected(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows with the figure that is corrected, where words of the note name it."""
        patterned = rows.filter(pl.col("own_pattern") != "").select("own_note", "own_pattern")
        if patterned.is_empty():
            return rows
        keys = ["own_note", "own_pattern"]
        numbers = [(*pair, number_in(*pair)) for pair in patterned.unique().iter_rows()]
        schema = dict.fromkeys((*keys, "named"), pl.String)
        table = pl.DataFrame(numbers, schema=schema, orient="row")
        rows = rows.join(table, on=keys, how="left", maintain_order="left")
        return rows.with_columns(own_corrects=pl.coalesce("named", "own_corrects")).drop("named")

    def _with_own_number(self, rows: pl.DataFrame, name: str) -> pl.DataFrame:
        """Rows with a number from a column of its own; those in which it is none are faults."""
        own = f"own_{name}"
        without = pl.lit("") if name == "corrects" else pl.col(name)
        if not (texts := _texts(rows, own)):
            return rows.with_columns(without.alias(name))
        read = {text: read_cell(text, self.reading.shorthand) for text in texts}
        bad = pl.col(own).is_in([text for text, cell in read.items() if not cell.value])
        self._refuse_numbers(rows.filter(bad), self.parts.named(name))
        found = pl.col(own).replace({text: cell.value for text, cell in read.items()})
        number = pl.when(pl.col(own) != "").then(found).otherwise(without)
        return rows.filter(~bad).with_columns(number.alias(name))

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
        """A mark with several meanings is a fault, told once with how often it stands, and where
        first.
        """
        for text, cell in read.items():
            if cell.asked:
                self.asked.setdefault(cell.asked, [])
                self.asked[cell.asked] += rows.filter(pl.col("cell") == text)["row"].to_list()

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
        rows, lost = with_relative(rows, self._plain_period, self.periods)
        self._refuse_timeless(lost)
        rows = self._by_code(self._with_status(rows))
        keep = ["row", "place", *REQUIRED, *OPTIONAL, STATED_AS, *self._kept]
        texts = [name for name in keep if rows.schema[name] == pl.String]
        blank = [name for name in texts if name not in DIMENSIONS and name not in self._kept]
        return rows.select(keep).with_columns(
            pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in blank
        )

    def _refuse_timeless(self, rows: pl.DataFrame) -> None:
        """Report rows of no operation whose time is known, unless it is refused as no code."""
        if self.reading.unknown == "refuse":
            rows = rows.filter(pl.col("operation").is_null())
        wrong, right = say("problems.wrong.no_operation_time"), say("problems.right.operation_time")
        named, faulty = self.parts.named("operation"), rows["row"].to_list()
        self.submission.fault_rows("period", named, wrong, right, faulty)

    def _by_code(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows with the code of who stated them, where their words are kept as they stand: an
        addition in brackets belongs to the words.
        """
        agencies = codes_for("agency")
        texts = _texts(rows.filter(pl.col(STATED_AS) != ""), "stated_by")
        plain = {text: _ADDITION.sub("", text) for text in texts if agencies.find(text) is None}
        return self._mapped(rows, "stated_by", plain)

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
        if not any(rows.select((pl.col("own_note", "marked", "cell_note") != "").any()).row(0)):
            return rows.with_columns(note=pl.lit(""))
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
            two = is_two_days(text)
            wrong = say("problems.wrong.two_days" if two else "problems.wrong.no_one_day")
            right = say("problems.right.day_order" if two else "problems.right.day_or_order")
            bad = rows.filter(pl.col("stated_on") == text)["row"].to_list()
            self.submission.fault_rows("date", self.parts.named("stated_on"), wrong, right, bad)
            self.undated.add(text)
            return text

    def _plain_period(self, text: str) -> str:
        """A text of a period as the reading says it is read."""
        said = self.reading.codes.get(PERIOD, {}).get(tidy_key(text), text)
        return as_day(said, self.reading)

    def period(self, text: str) -> Period:
        """The period that a text says. Raises Unreadable."""
        if text not in self.periods:
            found = spoken_period(self._plain_period(text), self.reading.year)
            if found.taken:
                self.taken[found.taken] += 1
            self.periods[text] = whole_of(found.period, self.reading.dates)
        return self.periods[text]

    def _days_of(self, text: str) -> int:
        """How long a period is; nought where a text is none."""
        try:
            return spoken_period(self._plain_period(text), self.reading.year).period.days
        except DarkfigureError:
            return 0

    def _stated(self, text: str) -> StatedDate:
        stated = parse_stated(text)
        return stated if self.reading.day_known else StatedDate(stated.day, "received")

    def _count_repeats(self, rows: int) -> None:
        self.repeats += rows

    def _tell(self) -> None:
        """What was taken to mean something, and what was left."""
        for mark, places in self.asked.items():
            self.submission.fault(
                Problem(
                    say("problems.wrong.mark_asked", mark=mark, count=len(places)),
                    say("problems.right.mark_asked", mark=mark),
                    line=line_of(min(places)),
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
        if self.shares:
            self.submission.remark("shares", say("problems.remark.shares", count=self.shares))
        if self.totals:
            self.submission.remark("totals", say("problems.remark.totals_left", count=self.totals))
        self.coding.tell()


def _as_texts(text: str, cell: Cell, scale: float) -> tuple[str, ...]:
    notes = " ".join(str(say(f"problems.mark.{note}")) for note in cell.notes)
    numbers = (_scaled(number, scale) for number in (cell.value, cell.low, cell.high))
    return (text, *numbers, cell.reason, cell.status, notes)


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
