"""A reading: how the tables of a file become statements, records or lists, told once in a short
text.

It is written by a person, or proposed by `reading.proposal` and mended by one, and kept under
version control. It names columns by their headings, so that next month's file needs no more words.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

from darkfigure.basis.errors import DarkfigureError, ReturnRefused, Unreadable
from darkfigure.basis.period import parse_stated
from darkfigure.basis.problem import Problem
from darkfigure.basis.saying import Saying, Word, say, several
from darkfigure.basis.spoken import YearKind, spoken_period
from darkfigure.basis.statement import DIMENSIONS
from darkfigure.cases.records import COMMON, KINDS
from darkfigure.codes import codes_for, nearest
from darkfigure.reading.door import text_of
from darkfigure.reading.shorthand import MEANINGS, Shorthand, plain_mark

#: The ending of a reading that stands beside its file.
ENDING = ".reading.toml"


class Form(StrEnum):
    """What the rows of a file become."""

    FIGURES = "figures"
    CASES = "cases"
    LISTS = "lists"


#: What a column may be of figures, beside a dimension.
NOTHING, VALUE, PERIOD = "nothing", "value", "period"
HEAD_WORDS = ("measure", "unit", "population", "status", "role", "stated_on", "stated_by", "source")
FIGURE_WORDS = ("low", "high", "reason", "change_reason", "corrects", "note", "flag")
OF_FIGURES = (NOTHING, VALUE, PERIOD, "year", "quarter", *HEAD_WORDS, *FIGURE_WORDS, *DIMENSIONS)
#: What the columns of a list for estimation may be, beside a list.
OF_LISTS = (NOTHING, "list", "list_name", "count", "person", "stratum")
_OF = {Form.FIGURES: OF_FIGURES, Form.LISTS: OF_LISTS}
_CUTS = ["", "month", "quarter", "year"]
_DAYS = ["", "day first", "month first", "serial"]
_CODED = (*DIMENSIONS, *(word for word in HEAD_WORDS if word not in ("role", "source")), PERIOD)
#: A reading is no larger.
MOST_BYTES = 2 * 2**20
_KEYS = {
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
    value, a measure). `optional` may be missing from a file. `prefix` stands before each text where
    it is looked up: the space that its codes are of.
    """

    name: str
    is_: str
    down: bool = False
    given: Mapping[str, str] = field(default_factory=dict)
    optional: bool = False
    prefix: str = ""

    @property
    def is_ending(self) -> bool:
        """Whether it speaks of every column whose heading ends so: "*Rate per 100,000"."""
        return self.name.startswith("*") and len(self.name) > 1


@dataclass(frozen=True)
class Reading:
    """A reading, with the text it was read from.

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
    day stands for.
    """

    name: str
    text: str = ""
    form: Form = Form.FIGURES
    title: str = ""
    kind: str = ""
    sheet: str = ""
    always: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[Column, ...] = ()
    across: tuple[str, ...] = ()
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    shorthand: Shorthand = field(default_factory=Shorthand)
    scale: float = 1.0
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

    def needed(self) -> list[str]:
        """The headings that a file must have."""
        named = [
            column.name
            for column in self.columns
            if not column.optional and column.is_ != NOTHING and not column.is_ending
        ]
        return list(dict.fromkeys([*named, *self.only, *self.leave_out]))


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
    given = _Given(content)
    reading = replace(_reading(name, given), text=text)
    if given.problems:
        raise ReturnRefused(name, given.problems)
    return reading


class _Given:
    """What stands in a reading, taken key by key; what is not right is gathered."""

    def __init__(self, content: dict[str, Any]) -> None:
        self.content = content
        self.problems: list[Problem] = []
        self.of_figures = content.get("form", Form.FIGURES) == Form.FIGURES
        self.check_keys((), content, _KEYS)

    def fault(self, place: str, wrong: Saying, right: Saying) -> None:
        """Note what is wrong at a place."""
        self.problems.append(Problem(wrong, right, column=place, rule="reading"))

    def check_keys(
        self, under: Sequence[str], table: Mapping[str, Any], known: Iterable[str]
    ) -> None:
        """Note the keys of a table that are not known."""
        listed = sorted(known)
        for key in table:
            if key not in listed:
                place = ".".join((*under, key))
                self.fault(place, say("problems.wrong.reading_key"), nearest(key, listed))

    def one_of(self, place: str, value: object, known: Sequence[str], default: str) -> str:
        """A value that is one of several."""
        if value in known:
            return str(value)
        right = say("problems.right.one_of", known=several(filter(None, known), "comma"))
        self.fault(place, say("problems.wrong.reading_not_one_of"), right)
        return default

    def table(self, key: str, known: Iterable[str] | None = None) -> dict[str, Any]:
        """A table under a key, empty where there is none."""
        found = self.content.get(key, {})
        if not isinstance(found, dict):
            self.not_a(key, "table")
            return {}
        if known is not None:
            self.check_keys((key,), found, known)
        return found

    def not_a(self, place: str, what: str) -> None:
        """Note that something is not of the type it has to be."""
        wrong = say("problems.wrong.reading_not_a", what=Word("toml", what))
        self.fault(place, wrong, say("problems.right.as_toml"))

    def text(self, table: Mapping[str, Any], key: str, *under: str) -> str:
        """A text; a day or a number counts as one."""
        found = table.get(key, "")
        if isinstance(found, date | int | float) and not isinstance(found, bool):
            return str(found)
        if not isinstance(found, str):
            self.not_a(".".join((*under, key)), "text")
            return ""
        return found

    def flag(self, key: str) -> bool | None:
        """True, false or not said."""
        found = self.content.get(key)
        if found is not None and not isinstance(found, bool):
            self.not_a(key, "flag")
            return None
        return found


def _reading(name: str, given: _Given) -> Reading:
    content = given.content
    form = given.one_of("form", content.get("form", "figures"), list(Form), "figures")
    numbers = given.table("numbers", ("decimal", "least", "scale", "low_below"))
    periods = given.table("periods", ("year", "days", "stated", "dates"))
    days = given.one_of("periods.days", periods.get("days", ""), _DAYS, "")
    year = given.one_of("periods.year", periods.get("year", ""), ["", *YearKind], "")
    return Reading(
        name=name,
        form=Form(form),
        title=given.text(content, "title"),
        kind=given.text(content, "kind"),
        sheet=given.text(given.table("table", ("sheet",)), "sheet", "table"),
        always=_always(given),
        columns=_columns(given, form),
        across=_across(given),
        codes=_codes(given),
        shorthand=_shorthand(given, numbers),
        scale=_above_nought(given, numbers, "scale"),
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
        leave_lines=_lines(given),
        rank=int(given.one_of("rank", str(content.get("rank", 0)), ["0", "1"], "0")),
        whole=given.flag("whole"),
    )


def _rows_by(given: _Given, key: str) -> dict[str, tuple[str, ...]]:
    """Texts of columns by which rows are taken or left, as they are compared."""
    rows = {}
    for column, said in given.table(key).items():
        texts = said if isinstance(said, list) else [said]
        rows[column] = tuple(tidy_key(given.text({column: each}, column, key)) for each in texts)
    return rows


def _lines(given: _Given) -> tuple[int, ...]:
    found = given.content.get("leave_lines", [])
    if not isinstance(found, list) or not all(type(line) is int for line in found):
        given.not_a("leave_lines", "list")
        return ()
    return tuple(found)


def _above_nought(given: _Given, numbers: Mapping[str, Any], key: str) -> float:
    found = numbers.get(key, 1.0)
    if not isinstance(found, int | float) or isinstance(found, bool) or found <= 0:
        given.not_a(f"numbers.{key}", "number")
        return 1.0
    return float(found)


def _always(given: _Given) -> dict[str, str]:
    known: Sequence[str] | None = None
    if given.of_figures:
        known = (PERIOD, *HEAD_WORDS, "note", *DIMENSIONS)
    if given.content.get("form") == Form.CASES and given.content.get("kind") in KINDS:
        known = tuple(_fields(given))
    found = given.table("always", known)
    return {key: given.text(found, key, "always") for key in found}


def _columns(given: _Given, form: str) -> tuple[Column, ...]:
    found = given.table("columns")
    known = _fields(given) if form == Form.CASES else _OF[Form(form)]
    columns = []
    for name, said in found.items():
        entry = {"is": said} if isinstance(said, str) else said
        if not isinstance(entry, dict) or not isinstance(entry.get("is"), str):
            wrong = say("problems.wrong.reading_not_a", what=Word("toml", "text"))
            given.fault(f"columns.{name}", wrong, say("problems.right.say_what_column_is"))
            continue
        is_ = entry["is"]
        if is_ not in known:
            wrong = say("problems.wrong.reading_not_one_of")
            given.fault(f"columns.{name}", wrong, nearest(is_, known))
        facts = {
            key: entry[key] for key in entry if key not in ("is", "down", "optional", "prefix")
        }
        given.check_keys(("columns", name), facts, (PERIOD, *HEAD_WORDS, *DIMENSIONS, "scale"))
        columns.append(
            Column(
                name,
                is_,
                down=entry.get("down") is True,
                given={key: given.text(facts, key, "columns", name) for key in facts},
                optional=entry.get("optional") is True,
                prefix=given.text(entry, "prefix", "columns", name),
            )
        )
    return tuple(columns)


def _fields(given: _Given) -> Sequence[str]:
    """What a column of case records may be: a field of their kind."""
    kind = given.one_of("kind", given.content.get("kind", ""), list(KINDS), "")
    if not kind:
        return ()
    return (NOTHING, *(field.name for field in (*COMMON, *KINDS[kind].fields)))


def _across(given: _Given) -> tuple[str, ...]:
    found = given.content.get("across", [])
    levels = [found] if isinstance(found, str) else found
    if not isinstance(levels, list):
        given.not_a("across", "list")
        return ()
    known = (NOTHING, PERIOD, "measure", *DIMENSIONS)
    return tuple(given.one_of("across", level, known, NOTHING) for level in levels)


def _codes(given: _Given) -> dict[str, dict[str, str]]:
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
            _check_codes(given, dimension, codes[dimension].values())
    return codes


def _check_codes(given: _Given, dimension: str, listed: Iterable[str]) -> None:
    codes = codes_for(dimension)
    for code in listed:
        if code and codes.find(code) is None:
            what = Word("dimension", dimension)
            wrong = say("problems.wrong.reading_no_code", code=code, what=what)
            given.fault(f"codes.{dimension}", wrong, codes.suggest(code))


def _shorthand(given: _Given, numbers: Mapping[str, Any]) -> Shorthand:
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


def without_number(heading: str) -> str:
    """A heading without the number that tells it from an equal one."""
    return re.sub(r" \(\d{1,4}\)$", "", heading, flags=re.ASCII)


def tidy_key(text: str) -> str:
    """A text of a file as readings name it: single spaces, an underline as a space, whatever the
    case.
    """
    return " ".join(text.replace("_", " ").split()).casefold()


def day_of(text: str, reading: Reading) -> str:
    """A day as a file writes it, as YYYY-MM-DD (or YYYY-MM, YYYY). Raises Unreadable where it can
    be two days, and the reading does not say which comes first.
    """
    plain = " ".join(text.split())
    if reading.serial_days and re.fullmatch(r"\d{4,5}", plain):
        return _serial(int(plain)).isoformat()
    if found := re.fullmatch(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})", plain, re.ASCII):
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
