"""One code list for each dimension, read from the data folder of the package."""

from __future__ import annotations

import csv
import difflib
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from importlib.resources import files

from darkfigure.basis.errors import UnknownName
from darkfigure.basis.saying import Saying, say, several
from darkfigure.codes.code import Code, code_from
from darkfigure.codes.following import follows_lists
from darkfigure.codes.packs import extended, packs_in_use
from darkfigure.codes.uncoded import as_received, is_uncoded

#: So many names near one that is none are offered.
CLOSE = 4
#: What is longer is no name that was misspelt.
LONGEST_NAME = 200


class CodeList:
    """The codes of one dimension, found by code, label or alias, whatever the case."""

    def __init__(self, dimension: str, codes: Iterable[Code]) -> None:
        self.dimension = dimension
        self.codes = {code.code: code for code in codes}
        self.order = {code: place for place, code in enumerate(self.codes)}
        self._found: dict[str, str] = {}
        for entry in self.codes.values():
            for name in entry.names:
                self._found.setdefault(fold(name), entry.code)

    def find(self, text: str) -> str | None:
        """The code that `text` names, or None."""
        return self._found.get(fold(text))

    @cached_property
    def _spelt(self) -> dict[str, str | None]:
        """Codes by their names as people spell them; nothing where two share a spelling."""
        found: dict[str, str | None] = {}
        for entry in self.codes.values():
            for name in {_in_any_order(name) for name in entry.names} - _TOO_PLAIN:
                other = found.get(name, entry.code)
                found[name] = entry.code if other == entry.code else None
        return found

    def find_spelt(self, text: str) -> str | None:
        """The one code whose name differs from `text` by no more than signs, accents, the order of
        words, "and" for "&" and the word that says what sort of body it is; or None.
        """
        return self._spelt.get(_in_any_order(text)) if len(text) <= LONGEST_NAME else None

    def resolve(self, text: str) -> str:
        """The code that `text` names. Raises UnknownName with the nearest codes."""
        found = self.find(text)
        if found is None:
            raise UnknownName(
                f"{text!r} is not a known {self.dimension.replace('_', ' ')}. {self.suggest(text)}"
            )
        return found

    def suggest(self, text: str) -> Saying:
        """A sentence naming what covers a place of that name, or the nearest codes, each by a name
        that finds it.
        """
        if covering := _covering(self.dimension, fold(text)):
            names = several([repr(self.label(code)) for code in covering], "and")
            return say("problems.covered_by", names=names)
        return nearest(text, [entry.label for entry in self.codes.values()], self._told_apart)

    @cached_property
    def _told_apart(self) -> dict[str, list[str]]:
        """Codes by a label that finds none of them, as several share it, or another has it."""
        shared: dict[str, list[str]] = {}
        for entry in self.codes.values():
            if self.find(entry.label) is None:
                shared.setdefault(fold(entry.label), []).append(entry.code)
        return shared

    def label(self, code: str) -> str:
        """How a code reads; a value that is not coded says so; another reads as itself."""
        if is_uncoded(code):
            return str(say("problems.not_coded", name=as_received(code)))
        entry = self.codes.get(code)
        return entry.label if entry else code


def fold(text: str) -> str:
    """A name without case and with single spaces, for comparing."""
    return " ".join(text.split()).casefold()


#: What is left of a name that could be anybody's.
_TOO_PLAIN = frozenset(
    {"", "central", "east", "eastern", "north", "northern", "south", "southern", "west", "western"}
)
#: Words that say what sort of body is meant, and are left out as often as not.
_SORT = re.compile(
    r"\b(the|police|constabulary|force|service|area|of|county|london borough|royal borough)\b"
)


def loosely(text: str) -> str:
    """A name without what people write one way or another: case, accents, signs, "&", and words as
    "police" and "constabulary".
    """
    plain = unicodedata.normalize("NFKD", text).casefold().replace("&", " and ")
    plain = "".join(
        sign if sign.isalnum() else " " for sign in plain if not unicodedata.combining(sign)
    )
    return " ".join(_SORT.sub(" ", plain).split()) or " ".join(plain.split())


def _in_any_order(name: str) -> str:
    """A name loosely, its words in order of the alphabet: "London, City of" is "City of London"."""
    return " ".join(sorted(loosely(name).split()))


@follows_lists()
def _covered() -> dict[str, dict[str, list[str]]]:
    text = (files("darkfigure") / "data" / "codes" / "covered.toml").read_text(encoding="utf-8")
    return {
        dimension: {fold(name): codes for name, codes in places.items()}
        for dimension, places in tomllib.loads(text).items()
    }


def _covering(dimension: str, name: str) -> list[str]:
    """The codes that together cover a place that has none of its own."""
    return _covered().get(dimension, {}).get(name, [])


def nearest(
    text: str, names: Iterable[str], told_apart: Mapping[str, Sequence[str]] | None = None
) -> Saying:
    """A sentence offering up to four names close to `text`, or the first few where none is
    close. `told_apart` gives the codes to be named in place of a name that finds none.
    """
    listed = list(names)
    folded = {fold(name): name for name in listed}
    wanted = fold(text) if len(text) <= LONGEST_NAME else ""
    close = [
        folded[found] for found in difflib.get_close_matches(wanted, folded, n=CLOSE, cutoff=0.5)
    ]
    if close:
        apart = told_apart or {}
        offered = [
            text
            for name in dict.fromkeys(close)
            for text in [f"{code!r} ({name})" for code in apart.get(fold(name), ())] or [repr(name)]
        ]
        return say("problems.did_you_mean", names=several(offered[:CLOSE], "or"))
    first = several(map(repr, listed[:6]), "comma")
    if len(listed) > 6:
        return say("problems.known_and_others", known=first)
    return say("problems.right.known_are", known=first)


@follows_lists()
def codes_for(dimension: str) -> CodeList:
    """The code list of a dimension (also `agency` and `population`), with what the packs in use add
    to it. Raises UnknownName where there is none.
    """
    if dimension == "court_offence":
        return CodeList(dimension, [*_court_codes(), *_cjs_codes()])
    listed = carried(dimension)
    for pack in packs_in_use():
        listed = extended(listed, pack.codes(dimension))
    return CodeList(dimension, listed)


def carried(dimension: str) -> list[Code]:
    """The codes of a list that the package carries, without any pack. Raises UnknownName."""
    path = files("darkfigure") / "data" / "codes" / f"{dimension}.csv"
    if not path.is_file():
        raise UnknownName(f"There is no code list for {dimension!r}.")
    listed = [code_from(entry) for entry in table(f"codes/{dimension}.csv")]
    if dimension == "outcome":
        listed += _crime_outcomes()
    if dimension == "offence":
        listed += codes_for("court_offence").codes.values()
    return listed


def table(name: str) -> list[dict[str, str]]:
    """The rows of a CSV file of the data folder."""
    text = (files("darkfigure") / "data" / name).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


#: The space of outcomes of recorded crimes.
CRIME = "crime"


def _crime_outcomes() -> list[Code]:
    """Outcomes of recorded crimes as outcomes: "15" alone says nothing of what it is."""
    return [
        replace(
            entry,
            code=f"{CRIME}:{entry.code}",
            aliases=(f"outcome {entry.code}", f"outcome type {entry.code}", *entry.aliases),
            namespace=CRIME,
        )
        for entry in carried("crime_outcome")
    ]


@follows_lists()
def codes_of_records(dimension: str) -> CodeList:
    """The code list of a field of case records: of outcomes those of decisions and of courts, as a
    record has a field of its own for that of a crime.
    """
    listed = codes_for(dimension)
    if dimension != "outcome":
        return listed
    return CodeList(dimension, [code for code in listed.codes.values() if code.namespace != CRIME])


def _court_codes() -> list[Code]:
    """Home Office (court) offence codes. Their numbers mean nothing among recorded-crime
    classes.
    """
    return [
        Code(
            code=f"court:{entry['code']}/{entry['subcode']}",
            label=" ".join(entry["offence"].split("[")[0].split()),
            namespace="court",
            group=entry["offence_class"],
            source="Home Office offence codes, Ministry of Justice",
            by_code_only=True,
        )
        for entry in table("offences/court.csv")
    ]


def _cjs_codes() -> list[Code]:
    return [
        Code(
            code=f"cjs:{entry['cjs_code']}",
            label=entry["description"],
            namespace="cjs",
            group=entry["legislation"],
            source="CJS offence codes, Ministry of Justice",
            by_code_only=True,
        )
        for entry in table("offences/cjs.csv")
    ]
