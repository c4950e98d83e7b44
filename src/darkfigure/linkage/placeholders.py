"""What is written where something is not known: Unknown, N/A, 1900-01-01, 0000000, no fixed abode.
It is no value.

The words are data (`data/linkage/placeholders.toml`, dated). Only whole values are struck: a name
that holds such a word stays.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any

import polars as pl

from darkfigure.basis.loading import extra

with extra("linkage"):
    from anyascii import anyascii

_AROUND = " \t.,;:-_()[]{}<>\"'*!?/\\|~"
_RUN = "123456789012345"
_LEAST_RUN = 4


@lru_cache
def _data() -> dict[str, Any]:
    text = (files("darkfigure") / "data" / "linkage" / "placeholders.toml").read_text(
        encoding="utf-8"
    )
    return tomllib.loads(text)


@lru_cache(maxsize=200_000)
def _plainly(text: str) -> str:
    """In lower case and Latin letters, nothing around it, spaces single."""
    return " ".join(anyascii(" ".join(text.split())).casefold().strip(_AROUND).split())


@lru_cache
def _words(*lists: str) -> frozenset[str]:
    return frozenset(_plainly(word) for name in lists for word in _data()[name])


def without_placeholders(records: pl.DataFrame) -> pl.DataFrame:
    """Records as `fields.as_list` makes them, null where a value only says that it is not known."""
    frame = records
    for column, lists in _LISTS.items():
        if column in frame.columns:
            frame = frame.with_columns(
                _struck(frame[column], _words("anywhere", *lists)).alias(column)
            )
    for column in ("document_number", "reference"):
        if column in frame.columns:
            frame = frame.with_columns(_struck_document(frame[column]).alias(column))
    if "postcode" in frame.columns:
        pseudo = tuple(each.casefold() for each in _data()["pseudo_postcodes"])
        postcode = pl.col("postcode").str.strip_chars().str.to_lowercase()
        there = pl.any_horizontal(postcode.str.starts_with(each) for each in pseudo)
        frame = frame.with_columns(postcode=pl.when(~there).then(pl.col("postcode")))
    for column in ("birth_year", "age"):
        if column in frame.columns:
            number = pl.col(column).cast(pl.Float64, strict=False)
            stands = ~number.is_in(
                [float(each) for each in _data()["year" if column == "birth_year" else "age"]]
            )
            frame = frame.with_columns(
                pl.when(stands.fill_null(True)).then(pl.col(column)).alias(column)
            )
    return _without_nobodies(frame)


_LISTS: dict[str, tuple[str, ...]] = {
    "given_name": ("name",),
    "family_name": ("name",),
    "name": ("name", "whole", "together"),
    "alias": ("name", "whole", "together"),
    "date_of_birth": (),
    "met_on": (),
    "sex": ("sex",),
    "nationality": ("nationality",),
    "address": ("place",),
    "town": ("place",),
    "postcode": ("place",),
    "area": ("place",),
}


def is_no_date(digits: str) -> bool:
    """Whether a date, as eight digits, stands for one that is not known."""
    return digits in _dates()


@lru_cache
def _dates() -> frozenset[str]:
    return frozenset(_data()["date"])


def _struck(values: pl.Series, words: frozenset[str]) -> pl.Series:
    said = values.drop_nulls().unique()
    stands = pl.Series(
        [None if _plainly(each) in words else each for each in said.to_list()], dtype=pl.String
    )
    return values.replace_strict(said, stands, default=None, return_dtype=pl.String)


def _struck_document(values: pl.Series) -> pl.Series:
    words = _words("anywhere", "document")
    said = values.drop_nulls().unique()
    bare = {each: _plainly(each) for each in said.to_list()}
    stands = [
        None if text in words or _is_filling(re.sub(r"\W", "", text), words) else each
        for each, text in bare.items()
    ]
    return values.replace_strict(
        said, pl.Series(stands, dtype=pl.String), default=None, return_dtype=pl.String
    )


def _is_number(text: str) -> bool:
    """A letter or a number that tells unnamed people of one list apart: Victim A, Female 1."""
    return len(text) == 1 or text.isdigit()


def _is_filling(text: str, words: frozenset[str]) -> bool:
    """One character repeated, digits that run up from one, or a word that says there is none."""
    if text in words or not text:
        return True
    repeated = len(text) >= _LEAST_RUN and len(set(text)) == 1
    return repeated or (
        len(text) >= _LEAST_RUN and (_RUN.startswith(text) or text in ("0123456789", "987654321"))
    )


def _without_nobodies(frame: pl.DataFrame) -> pl.DataFrame:
    """Names that stand for nobody: whole ones (Jane Doe), and words that are names only beside a
    name (Baby, Nil).
    """
    if not {"given_name", "family_name"} <= set(frame.columns):
        return frame
    together, whole = _words("together"), _words("whole")
    pairs = frame.select("given_name", "family_name").unique()
    struck = []
    for given, family in pairs.rows():
        one, other = _plainly(given or ""), _plainly(family or "")
        both = all(
            not each or each in together or _is_number(each) for each in (one, other)
        ) and bool({one, other} & together)
        struck.append(both or " ".join((one, other)) in whole or " ".join((other, one)) in whole)
    marked = pairs.with_columns(pl.Series("nobody", struck, dtype=pl.Boolean))
    joined = frame.join(
        marked,
        on=["given_name", "family_name"],
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )
    named = [
        pl.when(~pl.col("nobody")).then(pl.col(name)).alias(name)
        for name in ("given_name", "family_name")
    ]
    return joined.with_columns(named).drop("nobody")
