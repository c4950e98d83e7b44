"""Facts as somebody states them, in words: forms of act, means and purpose, age, the day and place
of the act.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from darkfigure.basis.errors import UnknownName, Unreadable
from darkfigure.basis.period import parse_day
from darkfigure.basis.problem import told
from darkfigure.basis.truth import Truth
from darkfigure.codes import nearest
from darkfigure.codes.codelist import fold
from darkfigure.law.facts import ACTS, MEANS, OPEN_PURPOSES, PURPOSES, STATUTORY_ACTS, Facts
from darkfigure.law.statutes import PLACES

MAJORITY, OLDEST = 18, 120
#: The forms of each element by what it is stated as.
FORMS: dict[str, dict[str, str]] = {
    "act": {**ACTS, **STATUTORY_ACTS},
    "means": dict(MEANS),
    "purpose": {**PURPOSES, **OPEN_PURPOSES},
}
#: What can be stated of a case.
FIELDS = (*FORMS, "age", "child", "consent", "reason", "day", "place")
_TRUTHS = {
    **dict.fromkeys(("yes", "true"), Truth.YES),
    **dict.fromkeys(("no", "false"), Truth.NO),
    **dict.fromkeys(("not_known", "not known", "unknown", ""), Truth.NOT_KNOWN),
}
_NONE, _ANY = "none", "any"


@dataclass(frozen=True)
class Stated:
    """A case as stated: its facts, and the day and place of the act, where they are known."""

    facts: Facts
    day: date | None
    place: str


def read_stated(given: Mapping[str, object]) -> Stated:
    """A case from plain values, as a file or a command gives them.

    `act`, `means` and `purpose` are names, NAME=no and NAME=not_known among them, or names with
    such values; `none` says that there was no form of it, `any` that there was one. Raises
    UnknownName with the nearest word, Unreadable for what cannot be so.
    """
    for name in given:
        if name not in FIELDS:
            near = nearest(str(name), FIELDS)
            raise UnknownName(f"{_said(name)} is nothing that is stated. {near}")
    return Stated(
        Facts(
            acts=_forms("act", given.get("act")),
            means=_forms("means", given.get("means")),
            purposes=_forms("purpose", given.get("purpose")),
            child=_child(given.get("age"), _truth("child", given.get("child"))),
            consent=_truth("consent", given.get("consent")),
            open_purpose_reason=str(given.get("reason") or ""),
        ),
        _day(given.get("day")),
        _place(given.get("place")),
    )


def _said(given: object) -> str:
    """What was stated, as it may be printed: words that are known, else as `told` has it."""
    text = str(given)
    known = {*FIELDS, *_TRUTHS, *(code for forms in FORMS.values() for code in forms)}
    return repr(text) if text in known else told(text)


def _forms(what: str, given: object) -> dict[str, Truth]:
    found: dict[str, Truth] = {}
    for name, value in _pairs(what, given):
        code, truth = _form(what, name), _truth(what, value)
        if fold(name) == _NONE:
            truth = Truth.NO if truth is Truth.YES else Truth.NOT_KNOWN
        if found.setdefault(code, truth) is not truth:
            raise Unreadable(f"{what} {code!r} is stated as {found[code]} and as {truth}.")
    yes = [code for code, truth in found.items() if truth is Truth.YES and code != _ANY]
    if found.get(_ANY) is Truth.NO and yes:
        raise Unreadable(
            f"{what} is stated as none, and {yes[0]!r} as yes: one of them cannot be so."
        )
    return found


def _pairs(what: str, given: object) -> Iterable[tuple[str, object]]:
    """Names with their values: a mapping, or a list or line of names, which are yes."""
    if given is None:
        return []
    if isinstance(given, Mapping):
        return [(str(name), value) for name, value in given.items()]
    names = [given] if isinstance(given, str) else given
    if not isinstance(names, list | tuple) or not all(isinstance(each, str) for each in names):
        raise Unreadable(
            f"{what} cannot be read from {_said(given)}. Write a list of names, or names with "
            "yes, no or not_known."
        )
    parted = [name.partition("=") for each in names for name in each.split(",") if name.strip()]
    return [(name.strip(), value.strip() if sign else "yes") for name, sign, value in parted]


def _form(what: str, name: str) -> str:
    """The code of a form named by code or in words."""
    known = FORMS[what]
    by_name = {fold(words): code for code, words in known.items()} | {code: code for code in known}
    by_name |= {_NONE: _ANY, _ANY: _ANY}
    folded = fold(name)
    found = by_name.get(folded) or by_name.get(folded.replace(" ", "_").replace("-", "_"))
    if found is None:
        raise UnknownName(
            f"{_said(name)} is no {what} of the definition or the statutes. "
            f"{nearest(folded.replace(' ', '_'), [*known, _ANY, _NONE])}"
        )
    return found


def _truth(what: str, given: object) -> Truth:
    if isinstance(given, bool):
        return Truth.YES if given else Truth.NO
    text = fold(str("" if given is None else given))
    if text not in _TRUTHS:
        raise UnknownName(f"{what} cannot be {_said(given)}. Write yes, no or not_known.")
    return _TRUTHS[text]


def _child(age: object, child: Truth) -> Truth:
    """Whether the person was a child at the time of the act, from the age or as stated."""
    if age is None or age == "":
        return child
    text = str(age).strip()
    if isinstance(age, bool) or not (text.isascii() and text.isdigit()) or int(text) > OLDEST:
        raise Unreadable(
            f"age cannot be {_said(age)}. "
            f"Write the age in years at the time of the act, 0 to {OLDEST}."
        )
    found = Truth.YES if int(text) < MAJORITY else Truth.NO
    if child not in (Truth.NOT_KNOWN, found):
        raise Unreadable(f"age is stated as {text} and child as {child}: one of them cannot be so.")
    return found


def _day(given: object) -> date | None:
    if given is None or given == "":
        return None
    if type(given) is date:
        return given
    try:
        return parse_day(str(given))
    except Unreadable:
        raise Unreadable(f"{_said(given)} is not a day that exists. Write YYYY-MM-DD.") from None


def _place(given: object) -> str:
    text = fold(str(given or ""))
    known = {fold(name): name for name in PLACES}
    if text and text not in known:
        raise UnknownName(f"{_said(given)} is no place whose law is held. {nearest(text, PLACES)}")
    return known.get(text, "")
