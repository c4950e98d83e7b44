"""Texts made of several columns: "{producer}: {population}. Method: {method}."."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

import polars as pl

from darkfigure.basis.saying import say
from darkfigure.reading.given import Given

#: What may be worded so, as part of what is the same for every figure.
WORDED = ("note", "source")
_HEADING = re.compile(r"\{([^{}]{1,200})\}")


def worded_of(given: Given) -> dict[str, tuple[str, ...]]:
    """Texts made of columns, each the first of several of which all columns are filled."""
    always = given.table("always")
    worded: dict[str, tuple[str, ...]] = {}
    for key in WORDED:
        value = always.get(key, "")
        texts = value if isinstance(value, list) else [value]
        if not all(isinstance(text, str) for text in texts):
            given.not_a(f"always.{key}", "text")
            worded[key] = ()
        elif isinstance(value, list) or _HEADING.search(value):
            worded[key] = tuple(texts)
    return worded


def headings_in(texts: Sequence[str]) -> list[str]:
    """The headings that some texts name."""
    return list(dict.fromkeys(name for text in texts for name in _HEADING.findall(text)))


def check_worded(given: Given, texts: Mapping[str, Sequence[str]], known: Sequence[str]) -> None:
    """Note the headings in texts that the reading does not name."""
    for key, listed in texts.items():
        for name in headings_in(listed):
            if name not in known:
                wrong = say("problems.wrong.reading_no_heading", name=name)
                given.fault(f"always.{key}", wrong, say("problems.right.name_column"))


def filled_in(texts: Sequence[str], column: Callable[[str], pl.Expr]) -> pl.Expr:
    """The first of some texts of which all columns are filled; empty where there is none."""
    wording = pl.lit("", pl.String)
    for text in reversed(texts):
        names = headings_in([text])
        filled = pl.all_horizontal([column(name) != "" for name in names] or [pl.lit(True)])
        pieces = [
            column(piece) if at % 2 else pl.lit(piece, pl.String)
            for at, piece in enumerate(_HEADING.split(text))
        ]
        wording = pl.when(filled).then(pl.concat_str(pieces)).otherwise(wording)
    return wording
