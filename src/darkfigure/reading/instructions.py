"""A reading: how the tables of a file become statements, records or lists, told once in a short
text.

It is written by a person, or proposed by `reading.proposal` and mended by one, and kept under
version control. It names columns by their headings, so that next month's file needs no more words.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from darkfigure.basis.errors import DarkfigureError, Unreadable
from darkfigure.basis.period import parse_stated
from darkfigure.basis.spoken import YearKind, spoken_period
from darkfigure.basis.statement import DIMENSIONS
from darkfigure.codes import codes_for, nearest
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
_DECIMALS = {"point": False, "comma": True}
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
    "whole",
    "totals",
}


@dataclass(frozen=True)
class Column:
    """What a column of a file is.

    `is_` is a dimension, a part of the heading of a statement, `value`, `period`, `note`, `flag`,
    or `nothing`; of case records a field of the kind. `down` says that an empty cell repeats the
    one above. `given` is what holds for the figures of this column alone (a period, a dimension's
    value, a measure). `optional` may be missing from a file.
    """

    name: str
    is_: str
    down: bool = False
    given: Mapping[str, str] = field(default_factory=dict)
    optional: bool = False


@dataclass(frozen=True)
class Reading:
    """A reading. `across` says what each row of the heading over columns of figures says (a period,
    a dimension, a measure); then every column that is not named holds figures.

    `codes` gives for a dimension the code of a text as it stands in the file, "" for the whole (a
    total over the dimension). `unknown` says what becomes of values that are no code: `refuse`, or
    `keep` as received until they are coded; where it says neither they are kept if most of the
    column is known.
    """

    name: str
    form: Form = Form.FIGURES
    title: str = ""
    kind: str = ""
    sheet: str = ""
    heading: tuple[str, ...] = ()
    always: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[Column, ...] = ()
    across: tuple[str, ...] = ()
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    shorthand: Shorthand = field(default_factory=Shorthand)
    scale: float = 1.0
    year: YearKind | None = None
    day_first: bool | None = None
    serial_days: bool = False
    unknown: str = ""
    whole: bool | None = None
    totals: bool = False

    @property
    def named(self) -> dict[str, Column]:
        """Columns by their headings."""
        return {column.name: column for column in self.columns}

    def needed(self) -> list[str]:
        """The headings that a file must have."""
        return [
            column.name for column in self.columns if not column.optional and column.is_ != NOTHING
        ]


def read_reading(path: Path) -> Reading:
    """A reading from its file. Raises Unreadable with every fault and what would be right."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise Unreadable(f"There is no reading at {path}.") from None
    except UnicodeDecodeError:
        raise Unreadable(f"{path.name} is not UTF-8 text.") from None
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror}.") from None
    return reading_of(text, path.name)


def reading_of(text: str, name: str) -> Reading:
    """A reading from its text (TOML). Raises Unreadable."""
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Unreadable(f"{name} is no reading: {_place(error)}.") from None
    faults: list[str] = []
    reading = _Reader(name, content, faults).read()
    if faults:
        raise Unreadable(f"{name}: " + " ".join(faults))
    return reading


def _place(error: Exception) -> str:
    found = re.search(r"at line (\d+)", str(error))
    return f"line {found[1]} is not written as TOML is" if found else "it is not written as TOML is"


class _Reader:
    """Reads the parts of a reading, and gathers what is wrong."""

    def __init__(self, name: str, content: dict[str, Any], faults: list[str]) -> None:
        self.name, self.content, self.faults = name, content, faults

    def read(self) -> Reading:
        for key in self.content:
            if key not in _KEYS:
                self.faults.append(f"{key!r} is not known here. {nearest(key, sorted(_KEYS))}")
        form = self._one_of("form", "figures", [each.value for each in Form])
        table = self._table("table", {"sheet", "heading"})
        numbers = self._table("numbers", {"decimal", "least", "scale", "low_below"})
        periods = self._table("periods", {"year", "days"})
        days = periods.get("days", "")
        if days not in ("", "day first", "month first", "serial"):
            self.faults.append("periods.days is one of: day first, month first, serial.")
        year = periods.get("year")
        if year is not None and year not in list(YearKind):
            self.faults.append(f"periods.year is one of: {', '.join(YearKind)}.")
            year = None
        return Reading(
            name=self.name,
            form=Form(form),
            title=self._text(self.content, "title"),
            kind=self._text(self.content, "kind"),
            sheet=self._text(table, "sheet"),
            heading=self._texts(table, "heading"),
            always=self._always(),
            columns=self._columns(form),
            across=self._across(),
            codes=self._codes(),
            shorthand=self._shorthand(numbers),
            scale=self._number(numbers, "scale", 1.0),
            year=None if year is None else YearKind(year),
            day_first=None if days in ("", "serial") else days == "day first",
            serial_days=days == "serial",
            unknown=self._one_of("unknown", "", ["", "keep", "refuse"]),
            whole=self._flag("whole"),
            totals=bool(self._flag("totals")),
        )

    def _table(self, key: str, known: set[str]) -> dict[str, Any]:
        found = self.content.get(key, {})
        if not isinstance(found, dict):
            self.faults.append(f"[{key}] is a table.")
            return {}
        for each in set(found) - known:
            self.faults.append(f"{key}.{each} is not known here. {nearest(each, sorted(known))}")
        return found

    def _text(self, table: Mapping[str, Any], key: str) -> str:
        found = table.get(key, "")
        if isinstance(found, date | datetime | int) and not isinstance(found, bool):
            return str(found)
        if not isinstance(found, str):
            self.faults.append(f"{key} is a text.")
            return ""
        return found

    def _texts(self, table: Mapping[str, Any], key: str) -> tuple[str, ...]:
        found = table.get(key, [])
        if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
            self.faults.append(f"{key} is a list of texts.")
            return ()
        return tuple(found)

    def _one_of(self, key: str, default: str, known: list[str]) -> str:
        found = self.content.get(key, default)
        if found not in known:
            self.faults.append(f"{key} is one of: {', '.join(known)}.")
            return default
        return str(found)

    def _flag(self, key: str) -> bool | None:
        found = self.content.get(key)
        if found is not None and not isinstance(found, bool):
            self.faults.append(f"{key} is true or false.")
            return None
        return found

    def _number(self, table: Mapping[str, Any], key: str, default: float) -> float:
        found = table.get(key, default)
        if not isinstance(found, int | float) or isinstance(found, bool) or found <= 0:
            self.faults.append(f"numbers.{key} is a number above nought.")
            return default
        return float(found)

    def _always(self) -> dict[str, str]:
        found = self.content.get("always", {})
        if not isinstance(found, dict):
            self.faults.append("[always] is a table.")
            return {}
        known = (PERIOD, *HEAD_WORDS, "note", *DIMENSIONS)
        if self.content.get("form") not in (None, "figures"):
            return {key: self._text(found, key) for key in found}
        for key in set(found) - set(known):
            self.faults.append(f"always.{key} is not known. {nearest(key, known)}")
        return {key: self._text(found, key) for key in found if key in known}

    def _columns(self, form: str) -> tuple[Column, ...]:
        found = self.content.get("columns", {})
        if not isinstance(found, dict):
            self.faults.append("[columns] is a table of headings.")
            return ()
        return tuple(self._column(name, given, form) for name, given in found.items())

    def _column(self, name: str, given: Any, form: str) -> Column:
        if isinstance(given, str):
            given = {"is": given}
        if not isinstance(given, dict) or not isinstance(given.get("is"), str):
            self.faults.append(
                'Of each column is said what it is: "Heading" = "area", or { is = "area" }.'
            )
            return Column(name, NOTHING)
        is_ = given["is"]
        if form == Form.FIGURES and is_ not in OF_FIGURES:
            self.faults.append(
                f"{is_!r} is nothing that a column of figures is. {nearest(is_, OF_FIGURES)}"
            )
        if form == Form.LISTS and is_ not in OF_LISTS:
            self.faults.append(
                f"{is_!r} is nothing that a column of a list is. {nearest(is_, OF_LISTS)}"
            )
        rest = {key: value for key, value in given.items() if key not in ("is", "down", "optional")}
        facts = {key: self._text(rest, key) for key in rest}
        for key in set(facts) - {PERIOD, *HEAD_WORDS, *DIMENSIONS, "scale"}:
            self.faults.append(f"{key!r} cannot be said of a column. {nearest(key, OF_FIGURES)}")
        return Column(
            name,
            is_,
            down=given.get("down") is True,
            given=facts,
            optional=given.get("optional") is True,
        )

    def _across(self) -> tuple[str, ...]:
        found = self.content.get("across", [])
        levels = [found] if isinstance(found, str) else found
        known = (NOTHING, PERIOD, "measure", *DIMENSIONS)
        if not isinstance(levels, list) or not all(level in known for level in levels):
            self.faults.append(
                "across names for each row of the heading what it says: "
                f"{', '.join(known[:3])}, or a dimension."
            )
            return ()
        return tuple(levels)

    def _codes(self) -> dict[str, dict[str, str]]:
        found = self.content.get("codes", {})
        known = (
            *DIMENSIONS,
            "stated_by",
            "population",
            "measure",
            "unit",
            "status",
            "period",
            "stated_on",
        )
        codes: dict[str, dict[str, str]] = {}
        if not isinstance(found, dict):
            self.faults.append("[codes] is a table for each dimension: [codes.area].")
            return {}
        for dimension, listed in found.items():
            if not isinstance(listed, dict) or not all(
                isinstance(each, str) for each in listed.values()
            ):
                self.faults.append(f'[codes.{dimension}] is a table: "as it stands" = "code".')
                continue
            if self.content.get("form") in (None, "figures") and dimension not in known:
                self.faults.append(
                    f"codes.{dimension} is of no dimension. {nearest(dimension, known)}"
                )
                continue
            codes[dimension] = {tidy_key(text): code for text, code in listed.items()}
            self._check_codes(dimension, listed)
        return codes

    def _check_codes(self, dimension: str, listed: Mapping[str, str]) -> None:
        if dimension not in DIMENSIONS or self.content.get("form") not in (None, "figures"):
            return
        codes = codes_for(dimension)
        for code in listed.values():
            if code and codes.find(code) is None:
                self.faults.append(f"codes.{dimension}: {code!r} is no code. {codes.suggest(code)}")

    def _shorthand(self, numbers: Mapping[str, Any]) -> Shorthand:
        marks = self.content.get("marks", {})
        if not isinstance(marks, dict):
            self.faults.append("[marks] is a table.")
            marks = {}
        read: dict[str, str] = {}
        for mark, meaning in marks.items():
            if meaning not in MEANINGS:
                self.faults.append(
                    f"marks: {meaning!r} is nothing that a mark means. "
                    f"{nearest(str(meaning), MEANINGS)}"
                )
            else:
                read[plain_mark(mark)] = meaning
        decimal = numbers.get("decimal", "point")
        if decimal not in _DECIMALS:
            self.faults.append("numbers.decimal is point or comma.")
        least = numbers.get("least", 0)
        if least not in (0, 1):
            self.faults.append("numbers.least is 0 or 1: the least that a suppressed count can be.")
        return Shorthand(
            read, _DECIMALS.get(decimal, False), int(least == 1), str(numbers.get("low_below", ""))
        )


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
            raise Unreadable(
                'can be two days: say periods.days = "day first" or "month first" in the reading'
            )
    day, month = (one, two) if first else (two, one)
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        raise Unreadable("is not a day that exists") from None


def _serial(number: int) -> date:
    return date.fromordinal(date(1899, 12, 30).toordinal() + number)
