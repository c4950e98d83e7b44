"""What words mean: the words of `data/vocabulary`, and the names of measures and code lists."""

from __future__ import annotations

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from importlib.resources import files
from itertools import product
from typing import Any, NamedTuple

from darkfigure.basis.statement import DIMENSIONS
from darkfigure.codes import codes_for
from darkfigure.codes.following import follows_lists
from darkfigure.tables.measures import Measure, all_measures
from darkfigure.understanding.times import Lists
from darkfigure.understanding.words import keys

#: What most areas are that figures are held for; a smaller place is taken for the one it lies in.
HELD_FOR = "police force area"


class Kind(IntEnum):
    """What a phrase can be."""

    FILLER = 0
    MEASURE = 1
    HINT = 2
    VALUE = 3
    DIMENSION = 4
    UNIT = 5
    APART = 6
    WHOLE = 7
    RULED_OUT = 8
    SHARE = 9
    TOP = 10


class Meaning(NamedTuple):
    """One thing that a phrase can mean.

    `measure` is the one it speaks of, or for which alone it means this (`only` where several);
    `of` the one that it asks for a share of; `values` are dimensions with their codes; `rank` is
    higher the less likely it is meant; `place` names the place that a value was taken for; of
    `choices` any one may be meant, each for the place beside it in `places`; a value with a `name`
    asks by that dimension too; `any_age` is told of words that many take for adults, `nearest` of
    words for which no value stands, only one that is near.
    """

    kind: Kind
    measure: str = ""
    values: tuple[tuple[str, str], ...] = ()
    name: str = ""
    of: str = ""
    only: tuple[str, ...] = ()
    rank: int = 0
    place: str = ""
    any_age: bool = False
    nearest: bool = False
    choices: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


class Ages(NamedTuple):
    """How ages are said in numbers; one of the `marks` is among the words, and none of the `units`
    follows that makes a time of them.
    """

    said: re.Pattern[str]
    marks: frozenset[str]
    units: frozenset[str]


class Tops(NamedTuple):
    """How the largest rows alone are asked for, and numbers that are said in words."""

    said: tuple[re.Pattern[str], ...]
    counts: Mapping[str, int]


class Prior(NamedTuple):
    """How much likelier a measure is meant than others: where a text names a value of one of
    `only_with`, where it names none of `but_with`.
    """

    worth: float
    only_with: frozenset[str]
    but_with: frozenset[str]


@dataclass(frozen=True)
class Vocabulary:
    """Meanings by the words of their phrase; `same` are words for which others are put; `priors`
    say how much likelier a measure is meant than others; `together` are words that, apart in a
    text, are as a phrase of that measure; `lists` is how breakdowns are listed, `ages` how ages
    are said in numbers, `tops` how the largest rows are asked for; `words`
    are all that are known, `own_words` those that stand in no code list.
    """

    meanings: Mapping[tuple[str, ...], tuple[Meaning, ...]]
    same: Mapping[tuple[str, ...], tuple[str, ...]]
    priors: Mapping[str, Prior]
    together: Mapping[str, tuple[tuple[tuple[str, ...], ...], ...]]
    longest: int
    lists: Lists
    ages: Ages
    tops: Tops
    words: frozenset[str]
    own_words: frozenset[str]


@follows_lists()
def vocabulary(language: str = "en") -> Vocabulary:
    """The vocabulary of a language, with the names of all lists in use."""
    text = (files("darkfigure") / "data" / "vocabulary" / f"{language}.toml").read_text("utf-8")
    said = tomllib.loads(text)
    same = {keys(written): keys(meant) for written, meant in said["same"].items()}
    found: dict[tuple[str, ...], list[Meaning]] = defaultdict(list)
    for phrase, meaning in _all(said):
        for each in written_out(phrase):
            words = alike(keys(each), same)
            if words and meaning not in found[words]:
                found[words].append(meaning)
    measures = said["measures"]
    together = {
        code: tuple(tuple(alike(keys(part), same) for part in parts) for parts in entry["together"])
        for code, entry in measures.items()
        if "together" in entry
    }
    return Vocabulary(
        {words: tuple(_asked_which(each)) for words, each in found.items()},
        same,
        {code: _prior(entry) for code, entry in measures.items() if "prior" in entry},
        together,
        max(map(len, found)),
        Lists(
            tuple(said["lists"]["openers"]),
            frozenset(said["lists"]["joints"]),
            frozenset(said["lists"]["referring"]),
        ),
        Ages(
            re.compile(said["ages"]["said"]),
            frozenset(said["ages"]["marks"]),
            frozenset(said["ages"]["units"]),
        ),
        _tops(said),
        frozenset(word for words in (*found, *same) for word in words),
        frozenset(
            word
            for phrase, meaning in _of_language(said)
            if meaning.kind is not Kind.FILLER
            for word in keys(phrase)
        ),
    )


def _tops(said: Mapping[str, Any]) -> Tops:
    counts = {word: count for word, count in said["times"]["counts"].items() if len(word) > 2}
    number = rf"(?P<count>\d{{1,2}}|{'|'.join(counts)})"
    return Tops(
        tuple(re.compile(each.replace("{count}", number)) for each in said["tops"]["said"]), counts
    )


_CHOICE = re.compile(r"\(([^()]*\|[^()]*)\)")


def written_out(phrase: str) -> Iterator[str]:
    """Every phrase that one with choices stands for: "(by|for) each force"."""
    parts = _CHOICE.split(phrase)
    choices = (part.split("|") if place % 2 else [part] for place, part in enumerate(parts))
    yield from ("".join(each) for each in product(*choices))


def _prior(entry: Mapping[str, Any]) -> Prior:
    prior = entry["prior"]
    named = (frozenset(prior.get(name, ())) for name in ("with", "but_with"))
    return Prior(float(prior["worth"]), *named)


def alike(
    words: tuple[str, ...], same: Mapping[tuple[str, ...], tuple[str, ...]]
) -> tuple[str, ...]:
    """Words, with one way put for each way of writing the same."""
    for written, meant in same.items():
        for at in range(len(words) - len(written), -1, -1):
            if words[at : at + len(written)] == written:
                words = (*words[:at], *meant, *words[at + len(written) :])
    return words


def _of_language(said: Mapping[str, Any]) -> Iterator[tuple[str, Meaning]]:
    for kind, phrases in (
        (Kind.FILLER, said["fillers"]),
        (Kind.WHOLE, said["whole"]),
        (Kind.APART, said["apart"]["words"]),
        (Kind.RULED_OUT, said["ruled_out"]["words"]),
        (Kind.SHARE, said["shares"]["words"]),
    ):
        yield from ((phrase, Meaning(kind)) for phrase in phrases)
    for entry in said["apart_of"]:
        meaning = Meaning(Kind.APART, only=tuple(entry["only"]))
        yield from ((phrase, meaning) for phrase in entry["words"])
    for code, measure in all_measures().items():
        yield from _of_measure(measure, said["measures"].get(code, {}))
    for rate in said["rates"].values():
        meaning = Meaning(Kind.MEASURE, rate["measure"], of=rate["of"])
        yield from ((phrase, meaning) for phrase in rate["says"])
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


def _all(said: Mapping[str, Any]) -> Iterator[tuple[str, Meaning]]:
    yield from _of_language(said)
    settled = ("either", "values")
    asked_about = {
        keys(written)
        for each in settled
        for entry in said[each]
        for phrase in entry["words"]
        for written in written_out(phrase)
    }
    plain = {word for phrase in said["fillers"] for word in keys(phrase)}
    for dimension in DIMENSIONS:
        for phrase, meaning in _of_list(dimension, said["only"]):
            words = keys(phrase)
            if words not in asked_about and not (len(words) == 1 and words[0] in plain):
                yield phrase, meaning
    yield from ((name, each) for name, each in _of_places() if keys(name) not in asked_about)


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
            by, rank = entry.get("by", ""), entry.get("rank", 0)
            told = {name: entry.get(name, False) for name in ("any_age", "nearest")}
            yield (
                phrase,
                Meaning(Kind.VALUE, values=values, name=by, only=only, rank=rank, **told),
            )


def _of_list(dimension: str, kept: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, Meaning]]:
    """The names of a code list. One name of several codes is the likeliest; a place in a police
    area is taken for that area.
    """
    listed = codes_for(dimension).codes
    if dimension in _IN_OTHER_WORDS:
        return
    for entry in listed.values():
        code, place, rank = entry.code, "", 1
        if dimension == "area":
            rank = 0 if entry.group == HELD_FOR else 2
            if entry.parent in listed and listed[entry.parent].group == HELD_FOR:
                code, place, rank = entry.parent, entry.label, 1
        elif dimension == "organisation":
            rank = -1
        only = next(
            (
                tuple(each)
                for start, each in kept.items()
                if f"{dimension}={code}".startswith(start)
            ),
            (),
        )
        named = [*_names(dimension, entry.names)]
        if dimension == "area" and entry.group == HELD_FOR:
            # A force is a body too: what is "in" it is in its area.
            named += [(f"in {name}", less) for name, less in named if not less]
        for name, less in named:
            values = ((dimension, code),)
            yield (
                name,
                Meaning(Kind.VALUE, values=values, only=only, rank=rank + less, place=place),
            )


def _asked_which(meanings: Sequence[Meaning]) -> Iterator[Meaning]:
    """Meanings of one phrase, places of its name in several areas as one that asks which: places
    of that name, and apart from them those whose name begins so ("Newcastle").
    """
    places: dict[int, dict[object, Meaning]] = defaultdict(dict)
    for each in meanings:
        if not each.place:
            yield each
        else:
            places[each.rank].setdefault(each.values, each)
    for areas in places.values():
        first, *rest = areas.values()
        if not rest:
            yield first
            continue
        yield first._replace(
            choices=tuple(each.values[0][1] for each in (first, *rest)),
            places=tuple(each.place for each in (first, *rest)),
        )


def _of_places() -> Iterator[tuple[str, Meaning]]:
    """The names of towns, each taken for the area held that it lies in. Towns of one name are as
    likely one as the other: which is meant is asked.
    """
    areas = codes_for("area").codes
    for place in codes_for("place").codes.values():
        area = areas.get(place.parent)
        while area is not None and area.group != HELD_FOR:
            area = areas.get(area.parent)
        if area is not None:
            values = (("area", area.code),)
            meaning = Meaning(Kind.VALUE, values=values, rank=1, place=place.label)
            yield from ((name, meaning) for name in place.names if name != place.code)


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


def _names(dimension: str, names: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Names with what people leave out of them, each with how much less likely it is meant."""
    for name in dict.fromkeys(names):
        words = keys(name)
        plain = "|".join(words) in _TOO_PLAIN
        # A short code ("AF", "GB") is a word of the language as often as not.
        short = dimension == "nationality" and len(name) <= 3 and name.isupper()
        if words and not plain and not short and len(name) > 1 and not name.isdigit():
            yield name, 0
            if dimension == "nationality" and name.endswith("i"):
                yield f"{name}s", 0
            yield from (
                (each, 4 if dimension == "organisation" else 2)
                for each in _SHORTER.get(dimension, _as_it_is)(name)
            )


def _as_it_is(_name: str) -> Iterator[str]:
    return iter(())


_TOWN = re.compile(r"(?!North|South|East|West)[A-Z][a-z]{4,}")


def _shorter_place(name: str) -> Iterator[str]:
    """ "Glasgow" of "Glasgow City", "Bristol" of "City of Bristol", "Newcastle" of "Newcastle upon
    Tyne", "Brighton" of "Brighton and Hove".
    """
    bare = re.sub(r"^(City|County|Borough) of |,? City( of)?$|,? County of$", "", name)
    head = re.split(r" upon |-upon-|-on-| under |-under-", bare)[0]
    parts = bare.split(" and ")
    several = len(parts) == 2 and all(_TOWN.fullmatch(part) for part in parts)
    yield from {bare, head, *(parts if several else ())} - {name}


_INITIALS = re.compile(r"\b[A-Z]{3,}\b")


@follows_lists()
def _initials_of_one() -> frozenset[str]:
    """Initials that stand in the name of one body alone: "NSPCC"."""
    labels = (each.label for each in codes_for("organisation").codes.values())
    counted = Counter(each for label in labels for each in set(_INITIALS.findall(label)))
    return frozenset(each for each, count in counted.items() if count == 1)


def _shorter_body(name: str) -> Iterator[str]:
    """ "UK Border Force" and "UKBF" of "Home Office - UK Border Force UKBF"; "by" before any: who
    referred.
    """
    yield from _initials_of_one().intersection(_INITIALS.findall(name))
    yield f"by {name}"
    yield f"from {name}"
    bare = name.split(" - ")[-1]
    found = re.fullmatch(r"(.+?) ([A-Z]{2,6})", bare)
    named = {bare, *(found.groups() if found else ())} - {name}
    for each in (each for each in named if "|".join(keys(each)) not in _TOO_PLAIN):
        yield from (each, each.removeprefix("UK "), f"by {each}", f"by {each.removeprefix('UK ')}")


def _sections(name: str) -> Iterator[str]:
    """ "Section 57" and "s57" of "Sexual Offences Act 2003 s57"."""
    found = re.fullmatch(r"(.+ Act \d{4}) s(\S+)", name)
    if found:
        act, section = found.groups()
        yield from (f"s{section}", f"section {section}", f"s {section}")
        for said in ("s", "s ", "section ", "sections ", "sec "):
            yield from (f"{said}{section} of the {act}", f"{said}{section} {act}")
            yield from (f"{said}{section} of the {act[:-5]}", f"{said}{section} {act[:-5]}")
        yield f"{act} section {section}"
    if name.startswith("prc:"):
        yield from (f"class {name[4:]}", f"offence class {name[4:]}", f"offence code {name[4:]}")


_SHORTER = {"area": _shorter_place, "organisation": _shorter_body, "offence": _sections}
