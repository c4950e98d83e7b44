"""Dates as lists of people have them: in digits of any order, months in words, years of two digits,
a time behind them.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files

import polars as pl

from darkfigure.basis.loading import extra
from darkfigure.linkage.placeholders import is_no_date

with extra("linkage"):
    from anyascii import anyascii

_TIME = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?$")
_YEAR_FIRST = re.compile(r"^(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})$")
_YEAR_LAST = re.compile(r"^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})$")
_IN_WORDS = re.compile(r"[A-Z]+|\d+")
#: Two digits of a year up to this are of the present century. Nobody on these lists is ninety-six.
_THIS_CENTURY = 30
_LONGEST = 31


def read_dates(values: pl.Series, lists: pl.Series) -> pl.Series:
    """Each date as eight digits, or four where only a year is said; null where it is none that can
    be read, or says *not known*.

    Day before month, but for a list in which some date can only be month first and none can only be
    day first. `lists` names the list of each. Eight digits stay as written even where no such day
    exists: they were meant as a date, and a slip is compared.
    """
    frame = pl.DataFrame({"list": lists, "text": values})
    american = {
        name
        for (name,), part in frame.drop_nulls("text").unique().group_by("list")
        if _month_first(part["text"])
    }
    said = frame.unique().drop_nulls("text")
    read = [_read(text, name in american) for name, text in said.select("list", "text").rows()]
    made = said.with_columns(pl.Series("read", read, dtype=pl.String))
    return frame.join(
        made, on=["list", "text"], how="left", nulls_equal=True, maintain_order="left"
    )["read"]


def unread(values: pl.Series, read: pl.Series) -> int:
    """How many values say something that was not read as a date and is no way of saying *not
    known*.
    """
    texts = values.filter(values.is_not_null() & read.is_null()).to_list()
    return sum(1 for text in texts if text.strip() and not is_no_date(re.sub(r"\D", "", text)))


def _month_first(texts: pl.Series) -> bool:
    parts = texts.str.extract_groups(r"^\s*(\d{1,2})/(\d{1,2})/\d{2,4}\b").struct.unnest()
    first, second = (parts[name].cast(pl.Int32, strict=False) for name in parts.columns)
    return bool((second > 12).any()) and not bool((first > 12).any())


@lru_cache
def _months() -> dict[str, int]:
    text = (files("darkfigure") / "data" / "linkage" / "months.toml").read_text(encoding="utf-8")
    return {name: int(month) for month, names in tomllib.loads(text).items() for name in names}


def _read(text: str, month_first: bool) -> str | None:
    bare = _TIME.sub("", " ".join(text.split()))
    found = (
        _in_digits(bare, month_first)
        if not any(each.isalpha() for each in bare)
        else _in_words(bare)
    )
    return None if found is None or is_no_date(found) else found


def _in_digits(text: str, month_first: bool) -> str | None:
    if match := _YEAR_FIRST.match(text):
        year, month, day = match.groups()
    elif match := _YEAR_LAST.match(text):
        day, month, year = match.groups()
        if (month_first and "/" in text and int(day) <= 12) or (int(month) > 12 >= int(day)):
            day, month = month, day
    else:
        digits = re.sub(r"[-/. ]", "", text)
        return digits if digits.isascii() and digits.isdigit() and len(digits) in (4, 8) else None
    return _written(year, int(month), day)


def _in_words(text: str) -> str | None:
    """A date with its month in words, day or year first: 12 March 1999, March 12th, 1999,
    12-Mar-99, 1999 mars 12.
    """
    plain = re.sub(r"(?<=\d)(ST|ND|RD|TH|ER|E|O|A)\b", "", anyascii(text).upper())
    parts = _IN_WORDS.findall(plain)
    months = [_months()[each] for each in parts if each in _months()]
    numbers: list[str] = [each for each in parts if each.isdigit()]
    if len(months) != 1:
        return None
    if len(numbers) == 1 and len(numbers[0]) == 4:
        return numbers[0]
    if len(numbers) != 2:
        return None
    day, year = (numbers[1], numbers[0]) if len(numbers[0]) == 4 else (numbers[0], numbers[1])
    if len(year) not in (2, 4) or not 1 <= int(day) <= _LONGEST:
        return None
    return _written(year, months[0], day)


def _written(year: str, month: int, day: str) -> str:
    if len(year) == 2:
        year = f"{20 if int(year) < _THIS_CENTURY else 19}{year}"
    return f"{year}{month:02d}{int(day):02d}"
