"""What the words of tables say: a heading, what its column is; a text, which code or measure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.resources import files

from darkfigure.basis.errors import UnknownName
from darkfigure.basis.spoken import is_spoken_period
from darkfigure.basis.statement import DIMENSIONS
from darkfigure.codes import codes_for, read_combined
from darkfigure.codes.codelist import loosely
from darkfigure.reading.instructions import FIGURE_WORDS, HEAD_WORDS, NOTHING, PERIOD, VALUE
from darkfigure.tables.measures import all_measures, measure_named

#: Dimensions that a column is held against by its values alone, longest lists last.
BY_VALUES = tuple(
    name for name in DIMENSIONS if name not in ("operation", "victim_age_group", "location")
)


@lru_cache(1)
def _vocabulary() -> tuple[dict[str, str], tuple[tuple[str, str], ...], frozenset[str]]:
    text = (files("darkfigure") / "data" / "readings" / "columns.toml").read_text(encoding="utf-8")
    content = tomllib.loads(text)
    by_name = {
        plain_heading(name): is_ for is_, names in content["headings"].items() for name in names
    }
    for is_ in (*HEAD_WORDS, *FIGURE_WORDS, PERIOD, VALUE, *DIMENSIONS):
        by_name.setdefault(plain_heading(is_), is_)
    words = tuple((word, is_) for is_, words in content["words"].items() for word in words)
    return by_name, words, frozenset(plain_heading(name) for name in content["nothing"]["headings"])


def plain_heading(name: str) -> str:
    """A heading without case and signs."""
    return " ".join(re.sub(r"[^\w\s]|_", " ", name.casefold()).split())


def heading_says(name: str) -> str | None:
    """What a heading says that its column is; nothing where it is not known."""
    by_name, words, nothing = _vocabulary()
    plain = plain_heading(re.sub(r"\s*[\[(].*?[\])]\s*$", "", name))
    if any(map(is_spoken_period, name.split(" / "))):
        return None
    if plain not in by_name:
        plain = plain.rstrip("0123456789")  # the number of a footnote
    if plain in by_name:
        return by_name[plain]
    if plain in nothing:
        return NOTHING
    for word, is_ in words:
        if plain.startswith(plain_heading(word)):
            return is_
    return None


def code_of(dimension: str, text: str) -> str | None:
    """The code that a text is, as people spell it."""
    return read_combined(dimension, text) or codes_for(dimension).find_spelt(text)


def measure_of(text: str) -> str | None:
    """The measure that a text names."""
    try:
        return measure_named(text).code
    except UnknownName:
        pass
    plain = loosely(text)
    found = [each.code for each in all_measures().values() if loosely(each.title) == plain]
    return found[0] if len(found) == 1 else None


def share_of(values: Sequence[str], test: Callable[[str], bool]) -> float:
    """The share of filled cells that pass a test."""
    filled = [value for value in values if value]
    return sum(map(test, filled)) / len(filled) if filled else 0.0


#: Words of tables whose figures are no counts.
_NO_COUNTS = re.compile(
    r"(?i)%|per ?cent(?:age)?\b|\(000s?\)|\bthousands?\b|\bper (?:head|capita|[\d,]+|million)"
    r"|\brates?\b|\bcumulative\b|\bindex\b|\baverage\b|\bmedian\b"
)
#: The unit of measures that are shares.
PER_CENT = "percent"


def no_counts(text: str) -> str:
    """The word of a title or a heading that says its figures are no counts; empty where none
    does.
    """
    found = _NO_COUNTS.search(text)
    return found[0] if found else ""
