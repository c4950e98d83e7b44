"""Files that hold a request of several parts, in YAML or JSON: what a response is drafted from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

from darkfigure.basis.errors import DarkfigureError, ReturnRefused, UnknownName, Unreadable
from darkfigure.basis.problem import Problem
from darkfigure.basis.saying import say
from darkfigure.codes import nearest
from darkfigure.intelligence.documents import read_document
from darkfigure.publication.response import Authority
from darkfigure.reading.written_fields import ASKED, word, yes_or_no

#: No request needs more text than this; nor more parts than the alphabet has letters.
MOST, PARTS = 100_000, 26
#: How the names of such files end.
FILES = (".yaml", ".yml", ".json")
_HEAD = ("title", "request", "asked_by", "form", "text", "parts")
_REFUSED = (
    *("refuse", "section", "why", "public_interest", "body", "held_here", "although_held"),
    *("records", "minutes", "hours", "limit"),
)
#: What of a refusal is a number.
_NUMBERS = ("records", "minutes", "hours")
_AUTHORITY = ("name", "address", "review", "review_days")
#: A day may be none of an internal review.
MOST_DAYS = 365
#: What of a part is a list, or one word.
_LISTS = ("by", "where")


@dataclass(frozen=True)
class PartAsked:
    """A part as written: what it asks, how, and the refusal where the desk refuses it."""

    ask: str
    asked: Mapping[str, Any]
    refusal: Mapping[str, Any]


@dataclass(frozen=True)
class RequestFile:
    """A request as written: `given` is what stands at its head, `text` its words as they came."""

    given: Mapping[str, str]
    text: str
    parts: tuple[PartAsked, ...]


def read_request(text: str, name: str) -> RequestFile:
    """A request from YAML or JSON.

    Raises ReturnRefused with the line where it is neither, UnknownName for a field it does not
    have, Unreadable for one that is not as it should be: each says where.
    """
    if len(text) > MOST:
        raise Unreadable(f"{name} is longer than {MOST:,} characters: no request needs more.")
    fields = read_document(text, name)
    if not isinstance(fields, dict):
        raise Unreadable(f"{name} does not hold fields. Write title: ..., and parts: below it.")
    _known(fields, _HEAD, name)
    parts = fields.get("parts")
    if not isinstance(parts, list) or not 0 < len(parts) <= PARTS:
        raise Unreadable(f"{name} has no list of 1 to {PARTS} parts: write parts: and - ask: ...")
    given = {
        field: word(fields[field], f"{name}, {field}")
        for field in _HEAD[:4]
        if fields.get(field) is not None
    }
    words = word(fields["text"], f"{name}, text") if fields.get("text") else ""
    return RequestFile(given, words, tuple(_parts(parts, name)))


def _parts(parts: list[object], name: str) -> Iterator[PartAsked]:
    for number, part in enumerate(parts, 1):
        where = f"{name}, part {number}"
        if not isinstance(part, dict):
            raise Unreadable(f"{where} does not hold fields. Write - ask: and what is asked.")
        _known(part, ("ask", *ASKED, *_REFUSED), where)
        if not part.get("ask"):
            raise Unreadable(f"{where} does not say what it asks. Write ask: and a measure.")
        asked = {
            field: _listed(part[field], f"{where}, {field}")
            if field in _LISTS
            else word(part[field], f"{where}, {field}")
            for field in ASKED
            if part.get(field) is not None
        }
        refusal = {field: part[field] for field in _REFUSED if part.get(field) is not None}
        if refusal and "refuse" not in refusal:
            raise Unreadable(f"{where} has {', '.join(refusal)} and no refuse: say the reason.")
        yield PartAsked(word(part["ask"], f"{where}, ask"), asked, _refusal(refusal, where))


def _refusal(fields: Mapping[str, Any], where: str) -> dict[str, Any]:
    """What is said of a refusal: numbers as numbers, all else as words."""
    refusal: dict[str, Any] = {}
    for field, value in fields.items():
        if field == "held_here":
            refusal[field] = yes_or_no(value, f"{where}, {field}")
        elif field not in _NUMBERS:
            refusal[field] = word(value, f"{where}, {field}")
        elif isinstance(value, bool) or not isinstance(value, int | float):
            raise Unreadable(f"{where}, {field}: not a number.")
        elif not isfinite(value) or value < 0:
            raise Unreadable(f"{where}, {field}: not a number of records, minutes or hours.")
        elif field == "records" and value != int(value):
            raise Unreadable(f"{where}, {field}: not a whole number.")
        else:
            refusal[field] = value
    return refusal


def no_return(path: Path) -> ReturnRefused | None:
    """What is said of a file that is taken for a return, or for a table, and is a request; nothing
    of any other.
    """
    if path.suffix.lower() not in FILES or path.stat().st_size > MOST:
        return None
    if not is_request(path.read_text(encoding="utf-8", errors="replace"), path.name):
        return None
    wrong = say("problems.wrong.request")
    right = say("problems.right.register_request", file=path.name)
    return ReturnRefused(path.name, [Problem(wrong, right, rule="file")])


def is_request(text: str, name: str) -> bool:
    """Whether a text is a request by its fields: parts, each of which asks."""
    try:
        fields = read_document(text, name)
    except DarkfigureError:
        return False
    parts = fields.get("parts") if isinstance(fields, dict) else None
    return isinstance(parts, list) and any(
        isinstance(each, dict) and "ask" in each for each in parts
    )


def read_authority(text: str, name: str) -> Authority:
    """Whose responses these are, from YAML: name, address, review (where an internal review is
    asked for) and review_days (within how many working days). Raises as `read_request`.
    """
    fields = read_document(text, name) or {}
    if not isinstance(fields, dict):
        raise Unreadable(f"{name} does not hold fields. Write name: and the authority's name.")
    _known(fields, _AUTHORITY, name)
    days = fields.get("review_days")
    if days is not None and (type(days) is not int or not 0 < days <= MOST_DAYS):
        raise Unreadable(f"{name}, review_days: not a number of working days.")
    words = {
        field: word(fields[field], f"{name}, {field}")
        for field in _AUTHORITY[:3]
        if fields.get(field) is not None
    }
    return Authority(**words, review_days=days)


def _known(fields: Mapping[object, object], known: tuple[str, ...], where: str) -> None:
    for place, field in enumerate(fields, 1):
        if field not in known:
            close = nearest(str(field), known)
            raise UnknownName(f"{where}, field {place} is not one known here. {close}")


def _listed(value: object, where: str) -> list[str]:
    return [word(each, where) for each in (value if isinstance(value, list) else [value])]
