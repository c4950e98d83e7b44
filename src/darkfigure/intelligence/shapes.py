"""The shape of what agencies send: which fields there are and what each holds, in one declaration.

Reports and replies are held to it before anything else is looked at: nothing is dropped without a
word, and a misspelt field is named by the one it is near to. What must be there, and what it must
say, `reporting` checks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from darkfigure import intelligence
from darkfigure.basis.problem import Problem
from darkfigure.basis.saying import Saying, say, several

_LONGEST = 80


def _fields(**fields: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": fields}


def _list(of: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": of}


_WORD = {"type": "string", "maxLength": _LONGEST}
#: AGENCY REPORT/NUMBER.
_NAME = {"type": "string", "maxLength": 2 * _LONGEST}
_CAVEAT = {"type": "string", "minLength": 1, "maxLength": 200}
_TEXT = {"type": "string", "maxLength": 20_000}
_YES = {"type": "boolean"}
_NUMBER = {"type": "integer", "minimum": 1, "maximum": 999_999}

#: Under handling C: who may have an item, for what, in which form and until when.
CONDITION = _fields(
    roles=_list(_WORD), agencies=_list(_WORD), purposes=_list(_WORD), sanitised=_YES, until=_WORD
)
LINK = _fields(question=_WORD, area=_WORD, period=_WORD, relation=_WORD)
ITEM = _fields(
    number=_NUMBER,
    kind=_WORD,
    text=_TEXT,
    grade=_WORD,
    condition=CONDITION,
    scheme=_WORD,
    on=_WORD,
    event_on=_WORD,
    origin=_WORD,
    corroborated_by=_NAME,
    corrects=_NAME,
    marking=_WORD,
    tlp=_WORD,
    caveat=_CAVEAT,
    caveats=_list(_CAVEAT),
    links=_list(LINK),
)
REPORT = _fields(
    form=_WORD,
    reference=_WORD,
    agency=_WORD,
    marking=_WORD,
    tlp=_WORD,
    caveat=_CAVEAT,
    caveats=_list(_CAVEAT),
    corrects=_NAME,
    source=_fields(kind=_WORD),
    origin=_WORD,
    submitted_on=_WORD,
    submitted_by=_WORD,
    graded_by=_WORD,
    synthetic=_YES,
    items=_list(ITEM),
)
REPLY = _fields(ask=_WORD, kind=_WORD, effort=_WORD, ground=_WORD)
REPLIES = _fields(
    form=_WORD,
    agency=_WORD,
    signed_off_by=_WORD,
    on=_WORD,
    marking=_WORD,
    synthetic=_YES,
    replies=_list(REPLY),
)

ASK = {
    **_fields(
        question=_WORD,
        agency=_WORD,
        area=_WORD,
        period=_WORD,
        due=_WORD,
        gateway=_TEXT,
        format=_WORD,
        cost={"type": ["number", "string"]},
    ),
    "required": ["question", "agency", "area", "period", "due", "gateway"],
}
ASKS = {**_fields(asks=_list(ASK)), "required": ["asks"]}


def misshapen(data: Any, shape: Mapping[str, Any]) -> Iterator[Problem]:
    """Every departure of data from a shape, with its place, in the order of places."""
    faults = intelligence.set_schema.faults(shape, data)
    for error in sorted(faults, key=lambda each: list(map(str, each.absolute_path))):
        wrong, right = worded(error)
        place = path_of(list(error.absolute_path))
        yield Problem(wrong, right, column=place or None, rule="shape")


def path_of(place: Sequence[Any]) -> str:
    """A place in a document: items[1].links[2].area, counted from 1."""
    words = [f"[{each + 1}]" if isinstance(each, int) else f".{each}" for each in place]
    return "".join(words).lstrip(".")


def worded(error: Any) -> tuple[Saying, Saying]:
    """A fault against a Schema, without anything that stands in the file but its place."""
    see, rule, wanted = say("problems.right.see_schema"), error.validator, error.validator_value
    if rule == "type":
        names = [wanted] if isinstance(wanted, str) else wanted
        what = several([say(f"problems.type.{name}") for name in names], "or")
        return say("problems.wrong.schema_type", what=what), see
    if rule == "required":
        missing = next(name for name in wanted if error.message.startswith(f"{name!r} is"))
        return say("problems.wrong.schema_required", name=missing), see
    if rule == "additionalProperties":
        known = list(error.schema.get("properties", {}))
        extra = [name for name in error.instance if name not in known]
        near = {name for each in extra for name in get_close_matches(str(each), known, 1, 0.6)}
        right = say("problems.right.near_fields", names=several(sorted(near), "comma"))
        all_known = say("problems.right.known_columns", names=several(known, "comma"))
        return say("problems.wrong.schema_unknown", count=len(extra)), right if near else all_known
    if rule in ("enum", "const"):
        choices = wanted if rule == "enum" else [wanted]
        known_words = several(list(map(str, choices)), "comma")
        return say("problems.wrong.schema_choice"), say("problems.right.known", known=known_words)
    if rule in ("minimum", "maximum"):
        low, high = error.schema.get("minimum"), error.schema.get("maximum")
        return say("problems.wrong.out_of_range"), say("problems.right.between", low=low, high=high)
    if rule == "maxLength":
        return say("problems.wrong.too_long"), say("problems.right.at_most", count=wanted)
    if rule in ("pattern", "format", "minLength"):
        return say("problems.wrong.schema_format"), see
    return say("problems.wrong.schema_other"), see
