"""What the words of a column say of a statement, where one word says several things: its measure,
its unit, a value of a dimension, that the figure is the size of a change.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import polars as pl

from darkfigure.basis.saying import say
from darkfigure.basis.statement import DIMENSIONS, Role
from darkfigure.basis.status import CellReason, ChangeReason, Status
from darkfigure.reading.given import Given
from darkfigure.reading.terms import HEAD_WORDS, PERIOD, tidy_key

#: What each word says, under the heading of its column: texts of parts of the statement.
Means = Mapping[str, Mapping[str, Mapping[str, str]]]
#: What a word can say, beside a dimension. `sign` says that figures are written without their
#: minus, `corrects` in which words of the note the figure stands that is corrected (`pattern` as
#: part of a row).
SIGN, CORRECTS, PATTERN = "sign", "corrects", "pattern"
OF_WORDS = (PERIOD, *HEAD_WORDS, "note", "reason", "change_reason", CORRECTS, SIGN)
_CLOSED = {
    "role": Role,
    "status": Status,
    "reason": CellReason,
    "change_reason": ChangeReason,
    SIGN: ("minus",),
}
#: Where a number stands in the words of a note.
NUMBER = "{number}"
_NUMBER = r"(\d{1,3}(?:[ ,]\d{3})+|\d{1,15})"


def means_of(given: Given) -> dict[str, dict[str, dict[str, str]]]:
    """What a reading says that words mean, words as they are compared."""
    means: dict[str, dict[str, dict[str, str]]] = {}
    for heading, listed in given.table("means").items():
        words = listed if isinstance(listed, dict) else {}
        if not words:
            given.not_a(f"means.{heading}", "table")
        means[heading] = {
            tidy_key(word): _said(given, said, heading, word) for word, said in words.items()
        }
    return means


def _said(given: Given, entry: object, heading: str, word: str) -> dict[str, str]:
    place = ("means", heading, word)
    if not isinstance(entry, dict):
        given.not_a(".".join(place), "table")
        return {}
    given.check_keys(place, entry, (*OF_WORDS, *DIMENSIONS))
    texts = {key: given.text(entry, key, *place) for key in entry}
    for key, vocabulary in _CLOSED.items():
        if key in texts:
            given.one_of(
                ".".join((*place, key)), texts[key], [str(each) for each in vocabulary], ""
            )
    for key in DIMENSIONS:
        if key in texts:
            given.check_code(".".join((*place, key)), key, texts[key])
    if CORRECTS in texts and (texts[CORRECTS].count(NUMBER) != 1 or texts[CORRECTS] == NUMBER):
        wrong, right = say("problems.wrong.reading_pattern"), say("problems.right.pattern")
        given.fault(".".join((*place, CORRECTS)), wrong, right)
    return {PATTERN if key == CORRECTS else key: text for key, text in texts.items()}


def with_said(
    rows: pl.DataFrame, tidied: pl.Expr, words: Mapping[str, Mapping[str, str]]
) -> pl.DataFrame:
    """Rows with what the words of a column (an expression, as they are compared) say beside them,
    in columns `said_measure` ...; what another column said before it stands.
    """
    for key in dict.fromkeys(key for said in words.values() for key in said):
        texts = {word: said[key] for word, said in words.items() if key in said}
        saying = tidied.replace_strict(texts, default=None, return_dtype=pl.String)
        name = f"said_{key}"
        before = [pl.col(name)] if name in rows.columns else []
        rows = rows.with_columns(pl.coalesce([*before, saying]).alias(name))
    return rows


def number_in(note: str, words: str) -> str:
    """The number that stands in some words of a note ("of the {number} announced"), as it stands;
    empty where they do not stand there.
    """
    before, _, after = (re.escape(part) for part in words.partition(NUMBER))
    match = re.search(f"{before}{_NUMBER}{after}", note, re.ASCII)
    return match[1] if match else ""
