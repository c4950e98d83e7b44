"""Words of capture tables: on a list or not, how many, how many at least and at most, as people
write them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from darkfigure.basis.errors import Unreadable

#: Pairs of words for on a list and not on it; a column keeps to one pair.
PAIRS = (
    ("1", "0"),
    ("true", "false"),
    ("t", "f"),
    ("yes", "no"),
    ("y", "n"),
    ("x", ""),
    ("x", "-"),
    ("oui", "non"),
    ("ja", "nein"),
    ("ja", "nee"),
    ("sí", "no"),
    ("si", "no"),
    ("да", "нет"),
)
NOTHING = frozenset({"", "na", "n/a", "nan", "null", "none", ".", "?", "-", "unknown", "not known"})
TOTALS = frozenset(
    {
        "total",
        "totals",
        "sum",
        "all",
        "grand total",
        "insgesamt",
        "gesamt",
        "somme",
        "totaal",
        "итого",
        "всего",
    }
)
#: Headings of the column of counts.
COUNTS = frozenset(
    {
        "count",
        "counts",
        "n",
        "freq",
        "frequency",
        "frequencies",
        "number",
        "persons",
        "people",
        "cases",
        "total",
        "obs",
        "observed",
    }
    | {"size", "value", "num", "nombre", "anzahl", "aantal", "effectif", "число", "количество"}
)
#: Headings of how often somebody was seen, in a table of counts of counts.
OFTEN = frozenset(
    {
        "nbcap",
        "times",
        "captures",
        "sightings",
        "seen",
        "how_often",
        "k",
        "times_seen",
        "number_of_captures",
        "number_of_lists",
    }
)
PERSONS = frozenset(
    {
        "person",
        "id",
        "person_id",
        "ref",
        "reference",
        "case",
        "case_id",
        "pseudonym",
        "individual",
        "identifier",
        "victim",
    }
    | {"subject", "key"}
)
#: Headings of what tells a person: such a column never names strata.
PERSONAL = PERSONS | frozenset(
    {
        "name",
        "names",
        "surname",
        "forename",
        "first_name",
        "first name",
        "last_name",
        "last name",
        "family_name",
        "family name",
    }
    | {
        "given_name",
        "given name",
        "full_name",
        "full name",
        "dob",
        "born",
        "date_of_birth",
        "date of birth",
        "birth_date",
    }
    | {"имя", "фамилия", "nom", "prénom", "vorname", "nachname"}
)
LISTS = frozenset(
    [
        "list",
        "lists",
        "source",
        "agency",
        "organisation",
        "organization",
        "register",
        "dataset",
        "body",
    ]
)
#: What a star or two dots stand for where nothing is said: publishers suppress counts below this.
SUPPRESSED_BELOW = 5
_SPACES = re.compile("[ \u00a0\u2009\u202f']")
_GROUPED = re.compile(r"\d{1,3}(,\d{3})+")
_BELOW = re.compile(r"(?:<|fewer than|less than|under|below)\s*([0-9]{1,10})")
_AT_MOST = re.compile(r"(?:<=|≤|at most|up to)\s*([0-9]{1,10})")
_BETWEEN = re.compile(r"([0-9]{1,10})\s*(?:-|–|to|\.\.)\s*([0-9]{1,10})")
_HARMLESS = re.compile(r"[\d.,<>≤*+\-–eE%/ ]{1,16}")


@dataclass(frozen=True)
class Count:
    """How many: the same twice where it is known, else the least and the most; None where nothing
    is said.
    """

    low: int
    high: int


def plain(text: str) -> str:
    """A word without case and outer space."""
    return text.strip().strip("\ufeff").strip().lower()


def shown(text: str) -> str:
    """A value as an error may show it: figures as they stand, never a text, which might be
    somebody's name.
    """
    stripped = text.strip()
    return repr(stripped) if _HARMLESS.fullmatch(stripped) or plain(text) in _KNOWN else "a text"


_KNOWN = {word for pair in PAIRS for word in pair} | NOTHING


def flags_of(values: set[str]) -> tuple[str, str] | None:
    """The pair of words a column keeps to, if it does; its values as `plain`, with 1.0 as 1."""
    values = {value.removesuffix(".0") for value in values}
    for pair in PAIRS:
        if values <= set(pair) and (pair[0] in values or pair[0] == "1" or len(pair[1]) > 1):
            return pair
    return None


def flag(text: str) -> int | None:
    """1 for on the list, 0 for not, None for neither."""
    word = plain(text).removesuffix(".0")
    for yes, no in PAIRS:
        if word == yes:
            return 1
        if word == no and word:
            return 0
    return None


def count(text: str, line: int) -> Count | None:
    """How many, or None where nothing is said. Raises Unreadable for what is no number of
    persons.
    """
    word = plain(text)
    if word in NOTHING:
        return None
    if word in ("*", "..", "c", "[c]", "s"):
        return Count(0, SUPPRESSED_BELOW - 1)
    for pattern, less in ((_BELOW, 1), (_AT_MOST, 0)):
        found = pattern.fullmatch(word)
        if found and int(found[1]) - less >= 0:
            return Count(0, int(found[1]) - less)
    found = _BETWEEN.fullmatch(word)
    if found:
        low, high = int(found[1]), int(found[2])
        if low > high:
            raise Unreadable(f"line {line}: {shown(text)} is a range from more to less.")
        return Count(low, high)
    return _exact(text, word, line)


def _exact(text: str, word: str, line: int) -> Count:
    bare = _SPACES.sub("", word)
    if _GROUPED.fullmatch(bare):
        bare = bare.replace(",", "")
    if bare.startswith("-") and re.fullmatch(r"-\d+(\.0*)?", bare):
        raise Unreadable(f"line {line}: a negative count ({bare[:16]}).")
    if not re.fullmatch(r"\d{1,15}(\.\d+)?(e\+?\d{1,2})?", bare):
        raise Unreadable(f"line {line}: {shown(text)} is not a whole number of persons.")
    value = float(bare)
    # 1.120 may be a thousand in one country and one in another: it is not guessed.
    if not value.is_integer() or value > 1e10 or re.fullmatch(r"\d{1,3}(\.\d{3})+", bare):
        raise Unreadable(f"line {line}: {shown(text)} is not a whole number of persons.")
    return Count(int(value), int(value))
