"""The texts of a table as codes: by the reading, by the lists, as totals; and what is no code."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from darkfigure.basis.saying import Word, say, several
from darkfigure.basis.statement import DIMENSIONS, EVERY
from darkfigure.cases.submission import Submission
from darkfigure.codes import codes_for, read_combined
from darkfigure.codes.bands import group_of
from darkfigure.codes.uncoded import is_uncoded, uncoded
from darkfigure.reading.instructions import Reading, tidy_key
from darkfigure.reading.totals import is_whole

_AGES = ("age_group", "victim_age_group")
#: So many values without a code are named.
_NAMED = 20
_FOOTNOTE = re.compile(r"(?<=[^\W\d_])\s?(?:\d{1,2}(?:, ?\d{1,2})*|[*†‡^]+|\[[^\]]{1,12}\])$")


@dataclass
class Coding:
    """Turns the texts of dimensions into codes. `named` gives the heading of a dimension's column;
    `kept` counts values that were kept as received.
    """

    reading: Reading
    submission: Submission
    named: Callable[[str], str]
    kept: Counter[tuple[str, str]] = field(default_factory=Counter)
    known: dict[tuple[str, str], str | None] = field(default_factory=dict)
    bands: set[str] = field(default_factory=set)

    def coded(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Each dimension's texts as codes; a total over a dimension as nothing."""
        said = rows.select((pl.col(name) != "").any() for name in DIMENSIONS).row(0)
        coded = [pl.lit(None, pl.String).alias(name) for name in DIMENSIONS]
        for at, dimension in enumerate(DIMENSIONS):
            if not said[at]:
                continue
            texts = [text for text in rows[dimension].unique().to_list() if text]
            codes = {text: self._code(dimension, text) for text in texts}
            self._check(rows, dimension, codes)
            if all(text == code for text, code in codes.items()):
                filled = pl.when(pl.col(dimension) != "").then(pl.col(dimension))
                coded[at] = filled.alias(dimension)
                continue
            replaced = pl.col(dimension).replace_strict(codes, default=None, return_dtype=pl.String)
            coded[at] = replaced.alias(dimension)
        return rows.with_columns(coded)

    def _code(self, dimension: str, text: str) -> str | None:
        """The code of a text; nothing for the whole."""
        key = (dimension, text)
        if key not in self.known:
            self.known[key] = self._find(dimension, text)
        return self.known[key]

    def _find(self, dimension: str, text: str) -> str | None:
        given = self.reading.codes.get(dimension, {})
        if (key := tidy_key(text)) in given:
            told = given[key]
            return told if told == EVERY else codes_for(dimension).find(told) if told else None
        if key == EVERY:
            return EVERY
        before = self.prefixes.get(dimension, "")
        for spelt in (text, _without_footnote(text)):
            code = read_combined(dimension, before + spelt) or codes_for(dimension).find_spelt(
                spelt
            )
            if code is None and dimension in _AGES and (code := group_of(spelt)) is not None:
                self.bands.add(text)
            if code is not None:
                return code
        return None if is_whole(text) else uncoded(before + text)

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """What stands before the texts of a dimension where they are looked up."""
        return {column.is_: column.prefix for column in self.reading.columns if column.prefix}

    def _check(self, rows: pl.DataFrame, dimension: str, codes: dict[str, str | None]) -> None:
        """What is no code is kept as it came where the reading says so, or most of the column is
        known; else each is a fault.
        """
        unknown = [text for text, code in codes.items() if code is not None and is_uncoded(code)]
        if not unknown:
            return
        faulty = rows.filter(pl.col(dimension).is_in(unknown))
        coded = rows.filter(pl.col(dimension) != "").height - faulty.height
        rule = self.reading.unknown
        if rule == "keep" or (not rule and coded >= faulty.height):
            for text, count in faulty.group_by(dimension).len().iter_rows():
                self.kept[(dimension, text)] += count
            return
        for text in unknown:
            self.submission.fault_rows(
                "code",
                self.named(dimension),
                say("problems.wrong.not_known", what=Word("dimension", dimension)),
                codes_for(dimension).suggest(text),
                rows.filter(pl.col(dimension) == text)["row"].to_list(),
            )

    def tell(self) -> None:
        """Remark which values were kept without a code, and what bands of age were taken for."""
        if self.bands:
            told_bands = several(sorted(self.bands)[:_NAMED], "comma")
            self.submission.remark("bands", say("problems.remark.bands", bands=told_bands))
        listed: dict[str, list[tuple[str, int]]] = {}
        for (dimension, text), count in self.kept.items():
            listed.setdefault(dimension, []).append((text, count))
        for dimension, values in sorted(listed.items()):
            told = [
                say("problems.remark.uncoded_value", value=text, count=count)
                for text, count in sorted(values, key=lambda each: (-each[1], each[0]))
            ]
            remark = say(
                "problems.remark.uncoded",
                dimension=Word("dimension", dimension),
                count=len(values),
                values=several(told[:_NAMED], "comma"),
            )
            self.submission.remark("not coded", remark)


def _without_footnote(text: str) -> str:
    """A name without the number of a footnote behind it: "Wiltshire1"."""
    name = _FOOTNOTE.sub("", text)
    return text if any(map(str.isdigit, name)) else name
