"""Files that hold a judgement, in YAML or JSON: what is claimed, on what it rests, what would
change the mind. What is wrong with it as a judgement is said by `judgements.faults`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from darkfigure.basis.errors import UnknownName, Unreadable
from darkfigure.basis.marking import Marking
from darkfigure.basis.period import parse_day
from darkfigure.basis.problem import told
from darkfigure.basis.truth import Truth
from darkfigure.codes import nearest
from darkfigure.intelligence.ach import Consistency, Hypothesis, Row
from darkfigure.intelligence.documents import read_document
from darkfigure.intelligence.grading import read_grade
from darkfigure.intelligence.indicators import Condition, read_condition
from darkfigure.intelligence.judgements import (
    Assumption,
    Change,
    CitedFigure,
    CitedItem,
    Comment,
    Confidence,
    Criterion,
    Direction,
    Dissent,
    Indicator,
    Judgement,
    Moved,
    Rating,
)
from darkfigure.intelligence.ledgers import Relation
from darkfigure.intelligence.yardstick import read_term
from darkfigure.reading.written_fields import word, yes_or_no

Chosen = TypeVar("Chosen", bound=StrEnum)
Read = TypeVar("Read")

MOST, MOST_LISTED, LONGEST = 200_000, 200, 4_000
_NEEDED = (
    *("code", "area", "requirements", "claim", "confidence", "direction", "resolution"),
    *("change", "marking", "known"),
)
_FIELDS = (
    *_NEEDED,
    *("term", "horizon", "if_unchanged", "places", "for", "against", "single_origin", "figures"),
    *("hypotheses", "grid", "would_change", "assumptions", "indicators", "dissent", "comments"),
    "synthetic",
)
_CODE = re.compile(r"[A-Z][A-Z0-9]*(?:[-.][A-Z0-9]+)+", re.ASCII)
_ITEM = re.compile(r"(\S+ [^/]+)/(\d{1,6})", re.ASCII)
_ORIGIN = re.compile(r"ORIGIN-\d{1,9}", re.ASCII)
_MARKINGS = {
    "PUBLIC": Marking.PUBLIC,
    "OFFICIAL": Marking.OFFICIAL,
    "OFFICIAL-SENSITIVE": Marking.OFFICIAL_SENSITIVE,
}


def read_judgement(text: str, name: str) -> Judgement:
    """A judgement from YAML or JSON, as drafted, without its people.

    Raises ReturnRefused with the line where it is neither, MarkedTooHigh where it may not be held,
    Unreadable or UnknownName for a field that it does not have or that is not as it should be: each
    says where.
    """
    if len(text) > MOST:
        raise Unreadable(f"{name} is longer than {MOST:,} characters: no judgement needs more.")
    fields = read_document(text, name)
    if not isinstance(fields, dict):
        raise Unreadable(f"{name} does not hold fields. Write code: ..., and claim: below it.")
    return judgement_of(fields, name)


def judgement_of(fields: Mapping[str, Any], name: str) -> Judgement:
    """A judgement of fields as they stand in a file."""
    _known(fields, _FIELDS, name)
    missing = [field for field in _NEEDED if fields.get(field) in (None, "", [], {})]
    if missing:
        raise Unreadable(f"{name} says nothing of {', '.join(missing)}.")
    at = _At(fields, name)
    term = at.text("term")
    return Judgement(
        code=_code(at.text("code"), f"{name}, code"),
        version=1,
        area=at.text("area"),
        requirements=at.words("requirements"),
        claim=at.text("claim"),
        term=_by(read_term, term, f"{name}, term") if term else None,
        confidence=_confidence(at.one("confidence", ("rating", *Criterion))),
        direction=at.choice("direction", Direction),
        horizon=at.day("horizon"),
        resolution=at.text("resolution"),
        places=at.words("places"),
        items_for=tuple(_item(*each) for each in at.listed("for")),
        items_against=tuple(_item(*each) for each in at.listed("against")),
        figures=tuple(map(_figure, at.each("figures", ("ask", "as_at", "answer", "role")))),
        hypotheses=tuple(map(_hypothesis, at.each("hypotheses", ("code", "says", "claimed")))),
        assumptions=tuple(
            map(_assumption, at.each("assumptions", ("says", "fails_when", "ask", "condition")))
        ),
        dissent=tuple(
            Dissent(each.needed("post"), each.needed("says"))
            for each in at.each("dissent", ("post", "says"))
        ),
        comments=tuple(
            Comment(each.needed("agency"), each.needed("says"))
            for each in at.each("comments", ("agency", "says"))
        ),
        change=_change(at.one("change", ("kind", "reason", "criterion", "item"))),
        marking=_marking(at.text("marking"), f"{name}, marking"),
        single_origin_said=at.yes("single_origin"),
        synthetic=at.yes("synthetic"),
        known=at.needed_day("known"),
        rows=_grid(fields.get("grid"), f"{name}, grid"),
        would_change=at.text("would_change"),
        indicators=tuple(map(_indicator, at.each("indicators", ("says", "ask", "condition")))),
        if_unchanged=_truth(at),
    )


class _At:
    """Fields and where they stand."""

    def __init__(self, fields: Mapping[str, Any], where: str) -> None:
        self.fields, self.where = fields, where

    def place(self, field: str) -> str:
        return f"{self.where}, {field}"

    def text(self, field: str) -> str:
        value = self.fields.get(field)
        text = "" if value is None else word(value, self.place(field))
        if len(text) > LONGEST:
            raise Unreadable(f"{self.place(field)}: write at most {LONGEST:,} characters.")
        return text

    def needed(self, field: str) -> str:
        if not (text := self.text(field)):
            raise Unreadable(f"{self.where} has no {field}.")
        return text

    def yes(self, field: str) -> bool:
        return yes_or_no(self.fields.get(field, False), self.place(field))

    def day(self, field: str) -> date | None:
        text = self.text(field)
        return _by(parse_day, text, self.place(field)) if text else None

    def needed_day(self, field: str) -> date:
        return _by(parse_day, self.needed(field), self.place(field))

    def choice(self, field: str, among: type[Chosen]) -> Chosen:
        return _choice(self.needed(field), among, self.place(field))

    def listed(self, field: str) -> list[tuple[object, str]]:
        value, place = self.fields.get(field), self.place(field)
        if value is None:
            return []
        if not isinstance(value, list):
            raise Unreadable(f"{place}: write a list.")
        if len(value) > MOST_LISTED:
            raise Unreadable(f"{place}: write at most {MOST_LISTED}.")
        return [(each, f"{place} {number}") for number, each in enumerate(value, 1)]

    def words(self, field: str) -> tuple[str, ...]:
        value = self.fields.get(field)
        if value is not None and not isinstance(value, list):
            return tuple(part.strip() for part in self.text(field).split(",") if part.strip())
        return tuple(word(each, place) for each, place in self.listed(field))

    def one(self, field: str, known: Sequence[str]) -> _At:
        return _fields(self.fields.get(field), known, self.place(field))

    def each(self, field: str, known: Sequence[str]) -> list[_At]:
        return [_fields(entry, known, place) for entry, place in self.listed(field)]


def _fields(entry: object, known: Sequence[str], where: str) -> _At:
    if not isinstance(entry, dict):
        raise Unreadable(f"{where} does not hold fields. Write {known[0]}: and below it the rest.")
    _known(entry, known, where)
    return _At(entry, where)


def _known(fields: Mapping[Any, Any], known: Sequence[str], where: str) -> None:
    for field in fields:
        if field not in known:
            raise Unreadable(f"{where}: {told(field)} is no field. {nearest(str(field), known)}")


def _by(reads: Callable[[str], Read], text: str, where: str) -> Read:
    """What is read of a text; what is said of it begins with where it stands."""
    try:
        return reads(text)
    except (UnknownName, Unreadable) as error:
        raise type(error)(f"{where}: {error}") from None


def _choice(text: str, among: type[Chosen], where: str) -> Chosen:
    written = text.strip().lower().replace(" ", "_").replace("-", "_")
    for each in among:
        if each.value.lower() == written:
            return each
    raise Unreadable(f"{where}: {told(text)} is none of {', '.join(among)}. Write one of these.")


def _code(text: str, where: str) -> str:
    if not _CODE.fullmatch(text) or len(text) > 40:
        raise Unreadable(
            f"{where}: {told(text)} is no code of a judgement. Write capital letters and digits "
            "in parts, as HT-J-01: it stays over the years."
        )
    return text


def _marking(text: str, where: str) -> Marking:
    written = text.upper().replace("_", "-").removeprefix("UK ").strip()
    if written not in _MARKINGS:
        raise Unreadable(f"{where}: {told(text)} is none of {', '.join(_MARKINGS)}. Write one.")
    return _MARKINGS[written]


def _confidence(at: _At) -> Confidence:
    lines = {each.value: at.text(each) for each in Criterion}
    return Confidence(at.choice("rating", Rating), **lines)


def _item(entry: object, where: str) -> CitedItem:
    at = (
        _fields(entry, ("item", "grade", "origin", "on"), where)
        if isinstance(entry, dict)
        else None
    )
    named = at.needed("item") if at else word(entry, where)
    matched = _ITEM.fullmatch(named)
    if matched is None:
        raise Unreadable(f"{where}: {told(named)} names no item. Write AGENCY REPORT/NUMBER.")
    cited = CitedItem(matched[1], int(matched[2]))
    if at is None:
        return cited
    grade, origin = at.text("grade"), at.text("origin")
    if grade:
        _by(_graded, grade, f"{where}, grade")
    if origin and not _ORIGIN.fullmatch(origin) and not re.fullmatch(r"[A-Z0-9_-]{1,40}", origin):
        raise Unreadable(
            f"{where}, origin: {told(origin)} names no origin. Write its number, as ORIGIN-3, or "
            "the code of an agency: what it is called stands in no judgement."
        )
    return CitedItem(cited.report, cited.number, grade, origin, at.day("on"))


def _graded(text: str) -> None:
    read_grade(text)


def _figure(at: _At) -> CitedFigure:
    role = at.choice("role", Relation) if at.text("role") else Relation.SUPPORTS
    return CitedFigure(at.needed("ask"), at.needed_day("as_at"), at.text("answer"), role)


def _hypothesis(at: _At) -> Hypothesis:
    return Hypothesis(at.needed("code"), at.needed("says"), at.yes("claimed"))


def _assumption(at: _At) -> Assumption:
    condition = _condition(at)
    return Assumption(at.needed("says"), at.text("fails_when"), at.text("ask"), condition)


def _indicator(at: _At) -> Indicator:
    condition = _condition(at)
    if condition is None:
        raise Unreadable(f"{at.where} has no condition. Write one on the figure, as > 500.")
    return Indicator(at.needed("says"), at.needed("ask"), condition)


def _condition(at: _At) -> Condition | None:
    text = at.text("condition")
    return _by(read_condition, text, at.place("condition")) if text else None


def _change(at: _At) -> Change:
    criterion = at.choice("criterion", Criterion) if at.text("criterion") else None
    return Change(at.choice("kind", Moved), at.text("reason"), criterion, at.text("item"))


def _truth(at: _At) -> Truth:
    if not at.text("if_unchanged"):
        return Truth.NOT_KNOWN
    return Truth.YES if at.yes("if_unchanged") else Truth.NO


def _grid(value: object, where: str) -> tuple[Row, ...]:
    if value is None:
        return ()
    if not isinstance(value, dict) or len(value) > 2 * MOST_LISTED:
        raise Unreadable(f"{where}: write each item with its marks, as NCA R-1/1: {{A: CC, B: I}}.")
    rows = []
    for item, marks in value.items():
        place = f"{where}, {told(item)}"
        if not isinstance(marks, dict):
            raise Unreadable(f"{place}: write a mark for each hypothesis, as {{A: CC, B: I}}.")
        read = tuple(
            (str(code), _choice(word(mark, place), Consistency, place))
            for code, mark in marks.items()
        )
        rows.append(Row(str(item), read))
    return tuple(rows)
