"""A reading: how the tables of a file become statements, records or lists, told once in a short
text.

It is written by a person, or proposed by `reading.proposal` and mended by one, and kept under
version control. It names columns by their headings, so that next month's file needs no more words.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

from darkfigure.basis.errors import DarkfigureError, ReturnRefused, Unreadable
from darkfigure.basis.period import parse_stated
from darkfigure.basis.problem import Problem
from darkfigure.basis.saying import Word, say
from darkfigure.basis.spoken import YearKind, spoken_period
from darkfigure.basis.statement import DIMENSIONS
from darkfigure.cases.records import COMMON, KINDS
from darkfigure.codes import nearest
from darkfigure.reading.door import text_of
from darkfigure.reading.given import Given
from darkfigure.reading.means import Means, means_of
from darkfigure.reading.relative_periods import YEAR_SO_FAR
from darkfigure.reading.releases import Release, on_record, releases_of
from darkfigure.reading.said_numbers import above_nought, lines_said, place_said
from darkfigure.reading.shorthand import MEANINGS, Shorthand, plain_mark
from darkfigure.reading.terms import (
    DIMENSION,
    FIGURE_WORDS,
    HEAD_WORDS,
    NOTHING,
    OF_FIGURES,
    OF_LISTS,
    PERIOD,
    PLACE,
    RELEASE,
    VALUE,
    tidy_key,
    without_number,
)
from darkfigure.reading.together import (
    OF_COLUMNS,
    WITH_TOTALS,
    check_releases,
    check_together,
    column_told,
)
from darkfigure.reading.worded import headings_in, worded_of

__all__ = [
    "ENDING",
    "FIGURE_WORDS",
    "HEAD_WORDS",
    "NOTHING",
    "PERIOD",
    "VALUE",
    "Column",
    "Form",
    "Reading",
    "day_of",
    "read_reading",
    "reading_of",
    "tidy_key",
    "without_number",
]

#: The ending of a reading that stands beside its file.
ENDING = ".reading.toml"


class Form(StrEnum):
    """What the rows of a file become."""

    FIGURES = "figures"
    CASES = "cases"
    LISTS = "lists"


_OF = {Form.FIGURES: OF_FIGURES, Form.LISTS: OF_LISTS}
_CUTS = ["", "month", "quarter", "year"]
_DAYS = ["", "day first", "month first", "serial"]
_CODED = (
    *DIMENSIONS,
    DIMENSION,
    *(word for word in HEAD_WORDS if word not in ("role", "source")),
    PERIOD,
)
#: A reading is no larger.
MOST_BYTES = 2 * 2**20
_KEYS = {
    "means",
    "releases",
    "form",
    "title",
    "kind",
    "table",
    "always",
    "columns",
    "across",
    "codes",
    "marks",
    "numbers",
    "periods",
    "unknown",
    "empty",
    "only",
    "others",
    "leave_out",
    "leave_lines",
    "rank",
    "repeats",
    "whole",
}


@dataclass(frozen=True)
class Column:
    """What a column of a file is.

    `is_` is a dimension, a part of the heading of a statement, `value`, `period`, `note`, `flag`,
    or `nothing`; of case records a field of the kind. `down` says that an empty cell repeats the
    one above. `given` is what holds for the figures of this column alone (a period, a dimension's
    value, a measure). `optional` may be missing from a file, `filled` has no empty cell. `prefix`
    stands before each text where it is looked up: the space that its codes are of. `as_stated`
    keeps the words for who stated a figure; `total` says what a quarter column means by a total.
    Of releases `of` names the publication whose days are on record, and `headline` says that the
    figures of each are held against the one on record.
    """

    name: str
    is_: str
    down: bool = False
    given: Mapping[str, str] = field(default_factory=dict)
    optional: bool = False
    prefix: str = ""
    filled: bool = False
    as_stated: bool = False
    total: str = ""
    of: str = ""
    headline: bool = False

    @property
    def is_ending(self) -> bool:
        """Whether it speaks of every column whose heading ends so: "*Rate per 100,000"."""
        return self.name.startswith("*") and len(self.name) > 1


@dataclass(frozen=True)
class Reading:
    """A reading, with the text it was read from.

    `under` is a line over the table, `place` which it is from the top of its sheet, where several
    have the same headings.

    `across` says what each row of the heading over columns of figures says (a period,
    a dimension, a measure); then every column that is not named holds figures.

    `codes` gives for a dimension the code of a text as it stands in the file, "" for the whole (a
    total over the dimension). `unknown` says what becomes of values that are no code: `refuse`, or
    `keep` as received until they are coded; where it says neither they are kept if most of the
    column is known. `others` says what becomes of columns that are not named: they are
    not read, which is told, or refused. `empty` says what becomes of a row without a figure:
    `leave` it out and tell, or `refuse`. `only` takes the rows in which a column says one of some
    texts, `leave_out` leaves those out, and `leave_lines` lines by their number, where nothing in
    them says what they are; `rank` is 1 for a compilation. Of a cell that stands in several rows
    (`repeats`) the file is refused, or they are added up. `day_known` is false where the day that a
    file is given by hand is that of its receipt; `dates` the month, quarter or year that a first
    day stands for. `means` has what the words of a column say of a statement, `worded` texts made
    of several columns, `releases` the days on which releases were published.
    """

    name: str
    text: str = ""
    form: Form = Form.FIGURES
    title: str = ""
    kind: str = ""
    sheet: str = ""
    under: str = ""
    place: int = 0
    always: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[Column, ...] = ()
    across: tuple[str, ...] = ()
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    shorthand: Shorthand = field(default_factory=Shorthand)
    scale: float | None = None
    year: YearKind | None = None
    day_first: bool | None = None
    serial_days: bool = False
    dates: str = ""
    unknown: str = ""
    empty: str = "leave"
    others: str = "tell"
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    leave_out: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    leave_lines: tuple[int, ...] = ()
    rank: int = 0
    repeats: str = "refuse"
    day_known: bool = True
    whole: bool | None = None
    means: Means = field(default_factory=dict)
    worded: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    releases: Mapping[str, Release] = field(default_factory=dict)

    @property
    def release(self) -> Column | None:
        """The column that names the release of each row."""
        return next((column for column in self.columns if column.is_ == RELEASE), None)

    @cached_property
    def known_releases(self) -> dict[str, Release]:
        """Releases whose day is said or on record, by their names as they are compared."""
        column = self.release
        return {**(on_record(column.of) if column else {}), **self.releases}

    @property
    def held(self) -> bool:
        """Whether what a row says depends on others, so that the table is taken as a whole."""
        return self.release is not None or any(
            column.total == YEAR_SO_FAR for column in self.columns
        )

    @property
    def says_its_day(self) -> bool:
        """Whether the file, or the reading, says when its figures were stated."""
        return bool(self.always.get("stated_on")) or any(
            column.is_ == "stated_on" or "stated_on" in column.given for column in self.columns
        )

    @property
    def dated_by_release(self) -> bool:
        """Whether figures were stated on the day on which their release was published."""
        return self.release is not None and not self.says_its_day

    @property
    def tells_apart(self) -> bool:
        """Whether a column says where each statement stands, so that no two are one."""
        return any(column.is_ == PLACE for column in self.columns)

    def words_of(self, heading: str) -> list[str]:
        """The words of a column that the reading gives a meaning, as it writes them."""
        return list(self.means.get(heading, {}))

    @property
    def named(self) -> dict[str, Column]:
        """Columns by their headings."""
        return {column.name: column for column in self.columns}

    @cached_property
    def _by_key(self) -> dict[str, Column]:
        return {tidy_key(column.name): column for column in self.columns}

    def column_of(self, heading: str) -> Column | None:
        """What is said of the column under a heading, by its name or by how it ends."""
        key = tidy_key(heading)
        if key in self._by_key:
            return self._by_key[key]
        plain = without_number(key)
        for column in self.columns:
            if column.is_ending and plain.endswith(tidy_key(column.name[1:])):
                return column
        return None

    def things_of(self, heading: str) -> tuple[str, ...]:
        """All that the column under a heading is, where it is named: it may be several things."""
        column = self.column_of(heading)
        if column is None:
            return ()
        return tuple(each.is_ for each in self.columns if each.name == column.name)

    def needed(self) -> list[str]:
        """The headings that a file must have."""
        named = [
            column.name
            for column in self.columns
            if not column.optional and column.is_ != NOTHING and not column.is_ending
        ]
        worded = [name for texts in self.worded.values() for name in headings_in(texts)]
        return list(dict.fromkeys([*named, *self.only, *self.leave_out, *self.means, *worded]))


def read_reading(path: Path) -> Reading:
    """A reading from its file. Raises ReturnRefused with every fault and what would be right."""
    return reading_of(text_of(path, MOST_BYTES), path.name)


def reading_of(text: str, name: str) -> Reading:
    """A reading from its text (TOML). Raises ReturnRefused."""
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = re.search(r"at line (\d+)", str(error))
        problem = Problem(
            say("problems.wrong.reading_not_toml"),
            say("problems.right.as_toml"),
            line=int(found[1]) if found else None,
            rule="reading",
        )
        raise ReturnRefused(name, [problem]) from None
    given = Given(content, _KEYS)
    reading = replace(_reading(name, given), text=text)
    named = [(column.name, column.is_) for column in reading.columns]
    check_together(given, named, list(reading.means), reading.worded)
    if reading.release is not None:
        check_releases(given, reading.release.of, reading.releases)
    if given.problems:
        raise ReturnRefused(name, given.problems)
    return reading


def _reading(name: str, given: Given) -> Reading:
    content = given.content
    form = given.one_of("form", content.get("form", "figures"), list(Form), "figures")
    numbers = given.table("numbers", ("decimal", "least", "scale", "low_below"))
    periods = given.table("periods", ("year", "days", "stated", "dates"))
    days = given.one_of("periods.days", periods.get("days", ""), _DAYS, "")
    year = given.one_of("periods.year", periods.get("year", ""), ["", *YearKind], "")
    table = given.table("table", ("sheet", "under", "place"))
    worded = worded_of(given) if form == Form.FIGURES else {}
    return Reading(
        name=name,
        form=Form(form),
        title=given.text(content, "title"),
        kind=given.text(content, "kind"),
        sheet=given.text(table, "sheet", "table"),
        under=given.text(table, "under", "table"),
        place=place_said(given, table),
        always=_always(given, worded),
        columns=_columns(given, form),
        across=_across(given),
        codes=_codes(given),
        shorthand=_shorthand(given, numbers),
        scale=above_nought(given, numbers, "scale"),
        year=YearKind(year) if year else None,
        day_first=None if days in ("", "serial") else days == "day first",
        serial_days=days == "serial",
        dates=given.one_of("periods.dates", periods.get("dates", ""), _CUTS, ""),
        unknown=given.one_of("unknown", content.get("unknown", ""), ["", "keep", "refuse"], ""),
        empty=given.one_of("empty", content.get("empty", "leave"), ["leave", "refuse"], "leave"),
        repeats=given.one_of(
            "repeats", content.get("repeats", "refuse"), ["refuse", "add"], "refuse"
        ),
        day_known=periods.get("stated", "known") != "received",
        others=given.one_of("others", content.get("others", "tell"), ["tell", "refuse"], "tell"),
        only=_rows_by(given, "only"),
        leave_out=_rows_by(given, "leave_out"),
        leave_lines=lines_said(given),
        rank=int(given.one_of("rank", str(content.get("rank", 0)), ["0", "1"], "0")),
        whole=given.flag("whole"),
        means=means_of(given) if form == Form.FIGURES else {},
        worded=worded,
        releases=releases_of(given),
    )


def _rows_by(given: Given, key: str) -> dict[str, tuple[str, ...]]:
    """Texts of columns by which rows are taken or left, as they are compared."""
    rows = {}
    for column, said in given.table(key).items():
        texts = said if isinstance(said, list) else [said]
        rows[column] = tuple(tidy_key(given.text({column: each}, column, key)) for each in texts)
    return rows


def _always(given: Given, worded: Collection[str]) -> dict[str, str]:
    known: Sequence[str] | None = None
    if given.of_figures:
        known = (PERIOD, *HEAD_WORDS, "reason", "note", *DIMENSIONS)
    if given.content.get("form") == Form.CASES and given.content.get("kind") in KINDS:
        known = tuple(_fields(given))
    found = given.table("always", known)
    return {key: given.text(found, key, "always") for key in found if key not in worded}


def _columns(given: Given, form: str) -> tuple[Column, ...]:
    known = _fields(given) if form == Form.CASES else _OF[Form(form)]
    return tuple(
        column
        for name, said in given.table("columns").items()
        for column in _column(given, name, said, known)
    )


def _column(given: Given, name: str, said: object, known: Sequence[str]) -> Iterator[Column]:
    """What is said of one column: of one that is several things, each."""
    entry = said if isinstance(said, dict) else {"is": said}
    listed = entry.get("is")
    parts = listed if isinstance(listed, list) else [listed]
    texts = [is_ for is_ in parts if isinstance(is_, str)]
    if not parts or texts != parts:
        wrong = say("problems.wrong.reading_not_a", what=Word("toml", "text"))
        given.fault(f"columns.{name}", wrong, say("problems.right.say_what_column_is"))
        return
    for is_ in texts:
        if is_ not in known or (is_ == VALUE and len(texts) > 1):
            wrong = say("problems.wrong.reading_not_one_of")
            given.fault(f"columns.{name}", wrong, nearest(is_, known))
    facts = {key: entry[key] for key in entry if key not in ("is", *OF_COLUMNS)}
    given.check_keys(("columns", name), facts, (PERIOD, *HEAD_WORDS, *DIMENSIONS, "scale"))
    extras = column_told(given, name, entry, texts)
    for is_ in texts:
        yield Column(
            name,
            is_,
            down=entry.get("down") is True,
            given={key: given.text(facts, key, "columns", name) for key in facts},
            optional=entry.get("optional") is True,
            prefix=given.text(entry, "prefix", "columns", name),
            filled=extras.get("filled") is True,
            as_stated=extras.get("as_stated") is True and is_ == "stated_by",
            total=str(extras.get("total", "")) if is_ in WITH_TOTALS else "",
            of=str(extras.get("of", "")) if is_ == RELEASE else "",
            headline=extras.get("headline") is True and is_ == RELEASE,
        )


def _fields(given: Given) -> Sequence[str]:
    """What a column of case records may be: a field of their kind."""
    kind = given.one_of("kind", given.content.get("kind", ""), list(KINDS), "")
    if not kind:
        return ()
    return (NOTHING, *(field.name for field in (*COMMON, *KINDS[kind].fields)))


def _across(given: Given) -> tuple[str, ...]:
    found = given.content.get("across", [])
    levels = [found] if isinstance(found, str) else found
    if not isinstance(levels, list):
        given.not_a("across", "list")
        return ()
    known = (NOTHING, PERIOD, "measure", *DIMENSIONS)
    return tuple(given.one_of("across", level, known, NOTHING) for level in levels)


def _codes(given: Given) -> dict[str, dict[str, str]]:
    found = given.table("codes", _CODED if given.of_figures else None)
    codes: dict[str, dict[str, str]] = {}
    for dimension, listed in found.items():
        if not isinstance(listed, dict):
            given.not_a(f"codes.{dimension}", "table")
            continue
        codes[dimension] = {
            tidy_key(text): given.text(listed, text, "codes", dimension) for text in listed
        }
        if given.of_figures and dimension in DIMENSIONS:
            for code in codes[dimension].values():
                given.check_code(f"codes.{dimension}", dimension, code)
        if given.of_figures and dimension == DIMENSION:
            for code in codes[dimension].values():
                given.one_of(f"codes.{dimension}", code, ["", *DIMENSIONS], "")
    return codes


def _shorthand(given: Given, numbers: Mapping[str, Any]) -> Shorthand:
    marks = given.table("marks")
    meant = {
        plain_mark(mark): given.one_of(f"marks.{mark}", meaning, list(MEANINGS), "nothing")
        for mark, meaning in marks.items()
    }
    decimal = given.one_of(
        "numbers.decimal", numbers.get("decimal", "point"), ["point", "comma"], "point"
    )
    least = given.one_of("numbers.least", str(numbers.get("least", 0)), ["0", "1"], "0")
    return Shorthand(
        meant, decimal == "comma", int(least), given.text(numbers, "low_below", "numbers")
    )


def day_of(text: str, reading: Reading) -> str:
    """A day as a file writes it, as YYYY-MM-DD (or YYYY-MM, YYYY). Raises Unreadable where it can
    be two days, and the reading does not say which comes first.
    """
    plain = " ".join(text.split())
    if reading.serial_days and re.fullmatch(r"\d{4,5}", plain):
        return _serial(int(plain)).isoformat()
    slashed = r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?: \d{1,2}:\d\d(?::\d\d)?)?"
    if found := re.fullmatch(slashed, plain, re.ASCII):
        return _slashed(int(found[1]), int(found[2]), int(found[3]), reading.day_first)
    if found := re.fullmatch(r"(\d{4}-\d\d-\d\d)[ T]\d\d:\d\d(:\d\d(\.\d+)?)?Z?", plain, re.ASCII):
        plain = found[1]
    try:
        parse_stated(plain)
    except DarkfigureError:
        period = spoken_period(plain).period
        if period.start == period.end:
            return period.start.isoformat()
        if period.start.day == 1 and period.days <= 31:
            return f"{period.start:%Y-%m}"
        raise
    return plain


def _slashed(one: int, two: int, year: int, day_first: bool | None) -> str:
    first = day_first
    if first is None:
        if one == two or one > 12 >= two:
            first = True
        elif two > 12 >= one:
            first = False
        else:
            raise Unreadable("A day that can be two days.")
    day, month = (one, two) if first else (two, one)
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        raise Unreadable("No day that exists.") from None


def _serial(number: int) -> date:
    return date.fromordinal(date(1899, 12, 30).toordinal() + number)
