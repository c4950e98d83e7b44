"""What words mean: the words of `data/vocabulary`, and the names of measures and code lists."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from importlib.resources import files
from typing import Any, NamedTuple

from darkfigure.basis.statement import DIMENSIONS
from darkfigure.codes import codes_for
from darkfigure.codes.following import follows_lists
from darkfigure.tables.measures import Measure, all_measures
from darkfigure.understanding.words import keys

#: What most areas are that figures are held for; a smaller place is taken for the one it lies in.
_HELD_FOR = "police force area"


class Kind(IntEnum):
    """What a phrase can be."""

    FILLER = 0
    MEASURE = 1
    HINT = 2
    VALUE = 3
    DIMENSION = 4
    UNIT = 5
    APART = 6


class Meaning(NamedTuple):
    """One thing that a phrase can mean.

    `measure` is the one it speaks of, or for which alone it means this (`only` where several);
    `values` are dimensions with their codes; `rank` is higher the less likely it is meant; `within`
    names the place that a value was taken for; of `choices` any one may be meant.
    """

    kind: Kind
    measure: str = ""
    values: tuple[tuple[str, str], ...] = ()
    name: str = ""
    only: tuple[str, ...] = ()
    rank: int = 0
    place: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Vocabulary:
    """Meanings by the words of their phrase; `together` are words that, apart in a text, are as a
    phrase of that measure.
    """

    meanings: Mapping[tuple[str, ...], tuple[Meaning, ...]]
    together: Mapping[str, tuple[tuple[tuple[str, ...], ...], ...]]
    longest: int


@follows_lists()
def vocabulary(language: str = "en") -> Vocabulary:
    """The vocabulary of a language, with the names of all lists in use."""
    text = (files("darkfigure") / "data" / "vocabulary" / f"{language}.toml").read_text("utf-8")
    said = tomllib.loads(text)
    found: dict[tuple[str, ...], list[Meaning]] = defaultdict(list)
    for phrase, meaning in _all(said):
        words = keys(phrase)
        if words and meaning not in found[words]:
            found[words].append(meaning)
    together = {
        code: tuple(tuple(keys(part) for part in parts) for parts in entry.get("together", ()))
        for code, entry in said["measures"].items()
    }
    longest = max(map(len, found))
    return Vocabulary({words: tuple(each) for words, each in found.items()}, together, longest)


def _all(said: Mapping[str, Any]) -> Iterator[tuple[str, Meaning]]:
    yield from ((phrase, Meaning(Kind.FILLER)) for phrase in said["fillers"])
    yield from ((phrase, Meaning(Kind.APART)) for phrase in said["apart"]["words"])
    for code, measure in all_measures().items():
        yield from _of_measure(measure, said["measures"].get(code, {}))
    for entry in said["values"]:
        yield from _of_values(entry)
    for entry in said["either"]:
        values = tuple((entry["dimension"], code) for code in entry["codes"])
        meaning = Meaning(Kind.VALUE, values=values[:1], choices=tuple(entry["codes"]))
        yield from ((phrase, meaning) for phrase in entry["words"])
    for dimension, phrases in said["dimensions"].items():
        yield from ((phrase, Meaning(Kind.DIMENSION, name=dimension)) for phrase in phrases)
    for unit, phrases in said["units"].items():
        yield from ((phrase, Meaning(Kind.UNIT, name=unit)) for phrase in phrases)
    asked_about = {keys(phrase) for entry in said["either"] for phrase in entry["words"]}
    for dimension in DIMENSIONS:
        for phrase, meaning in _of_list(dimension):
            if keys(phrase) not in asked_about:
                yield phrase, meaning


def _of_measure(measure: Measure, entry: Mapping[str, Any]) -> Iterator[tuple[str, Meaning]]:
    names = (measure.code, measure.title, *measure.aliases, *entry.get("says", ()))
    yield from ((phrase, Meaning(Kind.MEASURE, measure.code)) for phrase in names)
    yield from ((phrase, Meaning(Kind.HINT, measure.code)) for phrase in entry.get("hints", ()))


def _of_values(entry: Mapping[str, Any]) -> Iterator[tuple[str, Meaning]]:
    values = tuple((name, entry[name]) for name in DIMENSIONS if name in entry)
    only = tuple(entry.get("only", ()))
    for phrase in entry["words"]:
        if "measure" in entry:
            # It says both what is counted and a value of it.
            yield phrase, Meaning(Kind.MEASURE, entry["measure"], values)
        else:
            yield phrase, Meaning(Kind.VALUE, values=values, only=only)


def _of_list(dimension: str) -> Iterator[tuple[str, Meaning]]:
    """The names of a code list. One name of several codes is the likeliest; a place in a police
    area is taken for that area.
    """
    listed = codes_for(dimension).codes
    if dimension in _IN_OTHER_WORDS:
        return
    for entry in listed.values():
        code, place, rank = entry.code, "", 1
        if dimension == "area":
            rank = 0 if entry.group == _HELD_FOR else 2
            if entry.parent in listed and listed[entry.parent].group == _HELD_FOR:
                code, place, rank = entry.parent, entry.label, 1
        elif dimension == "organisation":
            rank = 3
        for name in _names(dimension, entry.names):
            yield name, Meaning(Kind.VALUE, values=((dimension, code),), rank=rank, place=place)


#: Lists whose names mean something else in a sentence ("UK", "Police").
_IN_OTHER_WORDS = frozenset({"definition", "location", "organisation_kind"})
_TOO_PLAIN = frozenset(
    [
        "unknown",
        "other",
        "total",
        "all",
        "police",
        "positive",
        "negative",
        "none",
        "not|known",
        "not|specified",
    ]
)


def _names(dimension: str, names: Iterable[str]) -> Iterator[str]:
    for name in dict.fromkeys(names):
        words = keys(name)
        plain = "|".join(words) in _TOO_PLAIN
        # A short code ("AF", "GB") is a word of the language as often as not.
        short = dimension == "nationality" and len(name) <= 3 and name.isupper()
        if words and not plain and not short and not name.isdigit():
            yield name
