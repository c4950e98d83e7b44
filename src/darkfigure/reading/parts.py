"""Where each part of a statement comes from in a row of a table: a column, the words of one, the
column of figures it stands in, or what is the same for every figure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from darkfigure.basis.place import letters
from darkfigure.basis.saying import Saying, Word, say
from darkfigure.basis.statement import DIMENSIONS
from darkfigure.cases.checks import report_rows
from darkfigure.cases.submission import Submission
from darkfigure.codes import codes_for, nearest
from darkfigure.reading.instructions import Column, Reading
from darkfigure.reading.located import Located
from darkfigure.reading.means import with_said
from darkfigure.reading.relative_periods import YEAR_SO_FAR
from darkfigure.reading.terms import (
    CATEGORY,
    DIMENSION,
    NOTHING,
    PERIOD,
    PLACE,
    REFUSE,
    tidy_key,
)
from darkfigure.reading.totals import is_total_word, is_whole
from darkfigure.reading.worded import filled_in, headings_in


@dataclass(frozen=True)
class ValueColumn:
    """A column of figures: where it is, and what holds for its figures alone."""

    at: int
    name: str
    given: Mapping[str, str]


@dataclass
class Parts:
    """The parts of statements in the rows of one table."""

    table: Located
    reading: Reading
    submission: Submission

    def taken(self, grid: pl.DataFrame) -> pl.DataFrame:
        """The rows that the reading takes."""
        for name, texts in self.reading.only.items():
            if at := self.table.column(name):
                grid = grid.filter(tidied(f"c{at}").is_in(list(texts)))
        if self.reading.leave_lines:
            grid = grid.filter(~pl.col("line").is_in(list(self.reading.leave_lines)))
        for name, texts in self.reading.leave_out.items():
            if at := self.table.column(name):
                grid = grid.filter(~tidied(f"c{at}").is_in(list(texts)))
        return grid

    def told(self, grid: pl.DataFrame) -> pl.DataFrame:
        """Rows with what the words of columns say beside them; rows with a word that says nothing,
        or an empty cell where one has to be filled, are faults.
        """
        for column in self.reading.columns:
            if column.filled and (at := self.table.column(column.name)):
                wrong, right = say("problems.wrong.empty_here"), say("problems.right.every_line")
                grid = self._without(grid, at, "", column.name, wrong, right)
            if column.total == REFUSE and (at := self.table.column(column.name)):
                grid = self._without_whole(grid, at, column)
        for name, words in self.reading.means.items():
            if at := self.table.column(name):
                if not self._says_by_itself(name):
                    grid = self._without_unsaid(grid, at, name, list(words))
                grid = with_said(grid, tidied(f"c{at}"), words)
        return self._with_dimension(grid)

    def _without_whole(self, grid: pl.DataFrame, at: int, column: Column) -> pl.DataFrame:
        """Rows without those in which a column says the whole, which are faults where it has no
        totals.
        """
        dimension = column.is_ if column.is_ in DIMENSIONS else ""
        codes = codes_for(dimension) if dimension else None
        coded = self.reading.codes.get(column.is_, {})
        for text in grid[f"c{at}"].unique().to_list():
            has_code = tidy_key(text) in coded or (codes is not None and codes.find(text))
            if has_code or not (_says_all(text) if codes else is_total_word(text)):
                continue
            wrong = say(f"problems.wrong.{'total' if text else 'empty'}_here")
            right = say("problems.right.no_total") if codes is None else codes.suggest(text)
            grid = self._without(grid, at, text, column.name, wrong, right)
        return grid

    def _says_by_itself(self, name: str) -> bool:
        """Whether a column is something by itself, where its words say no more."""
        columns = (
            column for column in self.reading.columns if tidy_key(column.name) == tidy_key(name)
        )
        return any(column.is_ != NOTHING for column in columns)

    def _without_unsaid(
        self, grid: pl.DataFrame, at: int, name: str, words: list[str]
    ) -> pl.DataFrame:
        """Rows without those of which a word says nothing, which are faults."""
        unsaid = grid.filter(~tidied(f"c{at}").is_in(words))
        for text in unsaid[f"c{at}"].unique().to_list()[: self.submission.limit]:
            wrong = say("problems.wrong.no_meaning")
            right = nearest(text, self.reading.words_of(name))
            grid = self._without(grid, at, text, name, wrong, right)
        return grid.filter(tidied(f"c{at}").is_in(words))

    def _without(
        self, grid: pl.DataFrame, at: int, text: str, name: str, wrong: Saying, right: Saying
    ) -> pl.DataFrame:
        """Rows without those in which a text stands, which are faults."""
        bad = pl.col(f"c{at}") == text
        faulty = grid.filter(bad).select(row="line", value=f"c{at}")
        report_rows(self.submission, faulty, name, "code", wrong, right)
        return grid.filter(~bad)

    def _with_dimension(self, grid: pl.DataFrame) -> pl.DataFrame:
        """Rows with the dimension that their category is of (`of_dimension`); what is none, and a
        category of none, are faults.
        """
        places = [self._at(DIMENSION), self._at(CATEGORY)]
        if places[0] is None or places[1] is None:
            return grid
        at, category = places[0], places[1]
        name = self.named(DIMENSION)
        dimensions = self._dimensions
        texts = {text: dimensions.get(tidy_key(text)) for text in grid[f"c{at}"].unique().to_list()}
        for text in [text for text, dimension in texts.items() if dimension is None]:
            wrong = say("problems.wrong.not_known", what=Word("toml", "dimension"))
            grid = self._without(grid, at, text, name, wrong, nearest(text, sorted(DIMENSIONS)))
        of = pl.col(f"c{at}").replace_strict(texts, default=None, return_dtype=pl.String)
        grid = grid.with_columns(of_dimension=of)
        alone = grid.filter(of_none := pl.col("of_dimension") == "")
        whole = [text for text in alone[f"c{category}"].unique().to_list() if _says_all(text)]
        bad = of_none & ~pl.col(f"c{category}").is_in(whole)
        wrong, right = say("problems.wrong.of_no_dimension"), say("problems.right.of_no_dimension")
        faulty = grid.filter(bad).select(row="line", value=f"c{category}")
        report_rows(self.submission, faulty, self.named(CATEGORY), "code", wrong, right)
        return grid.filter(~bad)

    @cached_property
    def _dimensions(self) -> dict[str, str]:
        """Dimensions by the texts that name them, "" for none, as texts are compared."""
        own = {tidy_key(name): name for name in DIMENSIONS}
        none = dict.fromkeys(("", "none", "total", "all"), "")
        return {**own, **none, **self.reading.codes.get(DIMENSION, {})}

    def _at(self, is_: str) -> int | None:
        """The column (from 1) of a part."""
        for column in self.reading.columns:
            if column.is_ == is_ and (at := self.table.column(column.name)):
                return at
        return None

    def place(self, value: ValueColumn, *, single: bool) -> pl.Expr:
        """Where a figure stands: by a column that says so, else its cell; nothing where its line is
        enough.
        """
        if at := self._at(PLACE):
            return pl.col(f"c{at}")
        if single:
            return pl.lit(None, pl.String)
        sheet = f"{self.table.sheet.name} " if self.table.sheet.name else ""
        return pl.format("{}{}", pl.lit(f"{sheet}{letters(value.at)}"), pl.col("line"))

    def own(self, is_: str) -> pl.Expr:
        """What a column says beside the figure, or the words of one."""
        at = self._at(is_)
        text = self._always(is_) if at is None else pl.col(f"c{at}")
        return self._said(is_, text)

    def _said(self, is_: str, otherwise: pl.Expr) -> pl.Expr:
        """What the words of columns say of a part, else what is said otherwise."""
        if any(is_ in keys for words in self.reading.means.values() for keys in words.values()):
            return pl.coalesce(pl.col(f"said_{is_}"), otherwise)
        return otherwise

    def _always(self, is_: str) -> pl.Expr:
        if is_ in self.reading.worded:
            return filled_in(self.reading.worded[is_], self._named_column)
        return pl.lit(self.reading.always.get(is_, ""), pl.String)

    def _named_column(self, name: str) -> pl.Expr:
        at = self.table.column(name)
        return pl.lit("", pl.String) if at is None else pl.col(f"c{at}")

    def stated_as(self) -> pl.Expr:
        """The words for who stated a figure, where they are kept as they stand."""
        for column in self.reading.columns:
            if column.as_stated and (at := self.table.column(column.name)):
                return pl.col(f"c{at}")
        return pl.lit("", pl.String)

    def source(self, is_: str, value: ValueColumn) -> pl.Expr:
        """Where a part of the statement comes from: the column of figures, the words of a column, a
        column, or what is always so.
        """
        if is_ == "stated_on" and self.reading.dated_by_release:
            return pl.col("published_on")
        if is_ in value.given:
            return pl.lit(value.given[is_], pl.String)
        return self._said(is_, self._categorised(is_, self._plainly(is_)))

    def _plainly(self, is_: str) -> pl.Expr:
        if is_ == PERIOD and (parts := self._parts_of_period()):
            return pl.concat_str(parts, separator=" ", ignore_nulls=True)
        at = self._at(is_)
        return self._always(is_) if at is None else pl.col(f"c{at}")

    def _categorised(self, is_: str, otherwise: pl.Expr) -> pl.Expr:
        """The category of a row whose dimension this is."""
        at = self._at(CATEGORY)
        if is_ not in DIMENSIONS or at is None or self._at(DIMENSION) is None:
            return otherwise
        return pl.when(pl.col("of_dimension") == is_).then(pl.col(f"c{at}")).otherwise(otherwise)

    def _parts_of_period(self) -> list[pl.Expr]:
        """Year and quarter in columns of their own."""
        year, quarter = self._at("year"), self._at("quarter")
        if year is None:
            return []
        if quarter is None:
            return [pl.col(f"c{year}")]
        text = pl.col(f"c{quarter}")
        bare = text.str.contains(r"^[1-4]$")
        return [pl.col(f"c{year}"), pl.when(bare).then("Q" + text).otherwise(text)]

    def without_misspelt(
        self, grid: pl.DataFrame, value: ValueColumn, days: Callable[[str], int]
    ) -> pl.DataFrame:
        """Rows without those whose year is one and whose quarter is none, which are faults of the
        column of quarters. `days` says how long a period is: nought where it is none.
        """
        at, year = self._at("quarter"), self._at("year")
        if at is None or year is None:
            return grid
        period = self.source(PERIOD, value)
        texts = grid.select(whole=period, year=f"c{year}", quarter=f"c{at}").unique().rows()
        bad = [
            (first, last)
            for whole, first, last in texts
            if last
            and days(first)
            and not is_total_word(last)
            and not 0 < days(whole) < days(first)
        ]
        wrong, right = say("problems.wrong.no_quarter"), say("problems.right.quarters")
        for first, last in sorted(bad):
            misspelt = (pl.col(f"c{year}") == first) & (pl.col(f"c{at}") == last)
            faulty = grid.filter(misspelt).select(row="line", value=f"c{at}")
            report_rows(self.submission, faulty, self.named("quarter"), "date", wrong, right)
            grid = grid.filter(~misspelt)
        return grid

    def so_far(self, grid: pl.DataFrame) -> dict[str, pl.Expr]:
        """Whether the quarter of a row is the year so far, and its year."""
        column = self._so_far_column
        at, year = self._at("quarter"), self._at("year")
        if column is None or at is None or year is None:
            return {}
        totals = [text for text in grid[f"c{at}"].unique().to_list() if is_total_word(text)]
        return {"so_far": pl.col(f"c{at}").is_in(totals), "own_year": pl.col(f"c{year}")}

    @property
    def _so_far_column(self) -> Column | None:
        return next(
            (column for column in self.reading.columns if column.total == YEAR_SO_FAR), None
        )

    def named(self, is_: str) -> str:
        """The heading of the column that a part of a statement comes from."""
        sought = (is_, "year") if is_ == PERIOD else (is_,)
        for name in sought:
            for column in self.reading.columns:
                if column.is_ == name:
                    return column.name
        for heading, words in self.reading.means.items():
            if any(is_ in keys for keys in words.values()):
                return heading
        if is_ in self.reading.worded:
            return next(iter(headings_in(self.reading.worded[is_])), is_)
        return self.named(CATEGORY) if is_ in DIMENSIONS and self._at(CATEGORY) else is_


def _says_all(text: str) -> bool:
    return not text or is_whole(text)


def tidied(name: str) -> pl.Expr:
    """The texts of a column as readings name them."""
    plain = pl.col(name).str.replace_all("_", " ").str.replace_all(r"\s+", " ")
    return plain.str.strip_chars().str.to_lowercase()
