"""Intelligence reports and replies as agencies send them: read and checked in full, every fault
with its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from darkfigure.basis.errors import DarkfigureError, ReturnRefused, UnknownName, Unreadable
from darkfigure.basis.marking import Marking
from darkfigure.basis.problem import Problem
from darkfigure.basis.saying import Saying, quote, say, several
from darkfigure.codes import codes_for
from darkfigure.intelligence.cells import periods_of
from darkfigure.intelligence.documents import read_document
from darkfigure.intelligence.grading import SCHEME, Condition, Grade, converted, grading, read_grade
from darkfigure.intelligence.ledgers import Relation, ReplyKind
from darkfigure.intelligence.requirement_sets import RequirementSet
from darkfigure.intelligence.shapes import REPLIES, REPORT, misshapen

__all__ = [
    "IntelligenceReport",
    "Item",
    "Link",
    "Reply",
    "read_document",
    "read_replies",
    "read_report",
]

#: Markings a report or an item may come with.
MARKINGS = {"OFFICIAL": Marking.OFFICIAL, "OFFICIAL-SENSITIVE": Marking.OFFICIAL_SENSITIVE}
TLP = ("RED", "AMBER+STRICT", "AMBER", "GREEN", "CLEAR")
KINDS = (
    "victim",
    "informant",
    "officer",
    "database",
    "statistics",
    "open source",
    "technical",
    "partner",
)


@dataclass(frozen=True)
class Link:
    """What an item says of a cell."""

    question: str
    area: str
    period: str
    relation: Relation


@dataclass(frozen=True)
class Item:
    """One item of a report, graded and marked by itself. `text` is for readers with clearance and
    goes nowhere else. `corrects` names the item in whose place it stands.
    """

    number: int
    kind: str
    text: str
    grade: Grade
    lost: str
    event_on: date | None
    on: date
    origin: str
    corroborated_by: str
    links: tuple[Link, ...]
    marking: Marking
    tlp: str
    caveats: tuple[str, ...]
    corrects: str
    condition: Condition | None = None


@dataclass(frozen=True)
class IntelligenceReport:
    """A report of one source, with numbered items; `corrects` names the report it stands in place
    of.
    """

    reference: str
    agency: str
    source_kind: str
    marking: Marking
    tlp: str
    submitted_by: str
    graded_by: str
    submitted_on: date
    items: tuple[Item, ...]
    synthetic: bool
    caveats: tuple[str, ...] = ()
    corrects: str = ""


@dataclass(frozen=True)
class Reply:
    """An agency's answer to an ask: items, nil, refusal, and what effort a search took."""

    ask: str
    agency: str
    kind: ReplyKind
    effort: str
    ground: str
    on: date
    signed_off_by: str
    synthetic: bool


def _of_shape(data: Any, shape: Mapping[str, Any], name: str) -> None:
    if problems := list(misshapen(data, shape)):
        raise ReturnRefused(name, problems)


def read_report(data: Any, held: RequirementSet, name: str) -> IntelligenceReport:
    """A report against a requirement set. Raises ReturnRefused with every fault."""
    faults = _Faults(name)
    if not isinstance(data, dict):
        raise ReturnRefused(
            name,
            [Problem(say("problems.wrong.no_report"), say("problems.right.report"), rule="form")],
        )
    _of_shape(data, REPORT, name)
    marking = _marking(data.get("marking"), "marking", faults)
    agency = faults.code("agency", data.get("agency"), "agency")
    kind = (
        str(data.get("source", {}).get("kind", "")) if isinstance(data.get("source"), dict) else ""
    )
    if kind not in KINDS:
        faults.add(
            "source.kind",
            kind,
            say("problems.wrong.one_source"),
            say("problems.right.one_of", known=several(KINDS, "comma")),
        )
    tlp = _tlp(data, "tlp", faults)
    for field in ("reference", "submitted_by", "graded_by"):
        if not data.get(field):
            faults.add(
                field, None, say("problems.wrong.nothing_given"), say("problems.right.needed_here")
            )
    if data.get("submitted_by") and data.get("submitted_by") == data.get("graded_by"):
        faults.add(
            "graded_by",
            None,
            say("problems.wrong.own_grade"),
            say("problems.right.other_grader"),
        )
    listed = data.get("items") or []
    if not listed:
        faults.add(
            "items",
            None,
            say("problems.wrong.no_items"),
            say("problems.right.items"),
        )
    submitted = faults.day("submitted_on", data.get("submitted_on"))
    whole = _Whole(
        held, str(agency), str(data.get("reference", "")), str(data.get("origin", "") or ""),
        marking, tlp, submitted,
    )  # fmt: skip
    items = [_item(entry, at, whole, faults) for at, entry in enumerate(listed, 1)]
    numbers = [item.number for item in items if item]
    for twice in sorted({number for number in numbers if numbers.count(number) > 1}):
        faults.add(
            "items",
            str(twice),
            say("problems.wrong.same_number"),
            say("problems.right.number_items"),
        )
    faults.refuse()
    return IntelligenceReport(
        str(data["reference"]),
        str(agency),
        kind,
        marking,
        tlp,
        str(data["submitted_by"]),
        str(data["graded_by"]),
        submitted or date.min,
        tuple(item for item in items if item),
        bool(data.get("synthetic", False)),
        _caveats(data),
        _named(str(data.get("corrects", "") or ""), str(agency)),
    )


@dataclass(frozen=True)
class _Whole:
    """What a report says for all its items."""

    held: RequirementSet
    agency: str
    reference: str
    origin: str
    marking: Marking
    tlp: str
    submitted: date | None


def _named(written: str, agency: str) -> str:
    """A report or item with the agency before it: an agency's own needs none."""
    return written if not written or " " in written.strip() else f"{agency} {written}"


def _caveats(data: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(filter(None, [str(data.get("caveat", "") or ""), *data.get("caveats", [])]))


def _tlp(data: Mapping[str, Any], column: str, faults: _Faults) -> str:
    tlp = str(data.get("tlp", "") or "").upper().removeprefix("TLP:").replace("WHITE", "CLEAR")
    if tlp and tlp not in TLP:
        faults.add(
            column,
            tlp,
            say("problems.wrong.no_tlp"),
            say("problems.right.one_of_or_none", known=several(TLP, "comma")),
        )
    return tlp


def _marking(mark: object, column: str, faults: _Faults) -> Marking:
    written = str(mark or "").upper().strip().removeprefix("UK ")
    if written not in MARKINGS:
        faults.add(
            column,
            written or None,
            say("problems.wrong.no_marking"),
            say("problems.right.one_of", known=several(MARKINGS, "comma")),
        )
    return MARKINGS.get(written, Marking.OFFICIAL_SENSITIVE)


def _item(entry: Mapping[str, Any], at: int, of: _Whole, faults: _Faults) -> Item | None:
    where = f"items[{at}]"
    try:
        scheme = str(entry.get("scheme", SCHEME))
        given = read_grade(str(entry.get("grade", "")), scheme)
        on = faults.day(f"{where}.on", entry.get("on"))
        grade, lost = converted(given, on or date.max)
    except Unreadable as error:
        faults.add(f"{where}.grade", None, *_told(error, say("problems.right.grade_each")))
        return None
    if entry.get("kind", "fact") not in ("fact", "assessment"):
        faults.add(
            f"{where}.kind",
            str(entry.get("kind")),
            say("problems.wrong.no_item_kind"),
            say("problems.right.item_kind"),
        )
    number = int(entry.get("number", at))
    corroborated = str(entry.get("corroborated_by", "") or "")
    _corroboration(corroborated, f"{of.agency} {of.reference}/", grade, where, faults)
    links = tuple(link for link in _links(entry, where, of.held, faults) if link)
    if not entry.get("links"):
        faults.add(
            f"{where}.links",
            None,
            say("problems.wrong.no_link"),
            say("problems.right.say_question"),
        )
    _one_thing_of_a_cell(links, where, faults)
    event = faults.day(f"{where}.event_on", entry["event_on"]) if entry.get("event_on") else None
    faults.in_order(f"{where}.event_on", event, on, "learnt")
    faults.in_order(f"{where}.on", on, of.submitted, "submitted")
    return Item(
        number,
        str(entry.get("kind", "fact")),
        str(entry.get("text", "")),
        grade,
        lost,
        event,
        on or date.min,
        str(entry.get("origin", "") or of.origin),
        corroborated,
        links,
        _item_marking(entry, where, of.marking, faults),
        _tlp(entry, f"{where}.tlp", faults) or of.tlp,
        _caveats(entry),
        _named(str(entry.get("corrects", "") or ""), of.agency),
        _condition(entry, where, grade, faults),
    )


def _condition(
    entry: Mapping[str, Any], where: str, grade: Grade, faults: _Faults
) -> Condition | None:
    """What an item is shared under, where it says so. Which roles and purposes there are is not
    known here.
    """
    given, column = entry.get("condition"), f"{where}.condition"
    if not given:
        return None
    if grade.letters[2] != "C":
        wrong = say("problems.wrong.condition_with_p")
        faults.add(column, None, wrong, say("problems.right.grade_c"))
    named = given.get("agencies", [])
    agencies = [faults.code(f"{column}.agencies", each, "agency") for each in named]
    until = faults.day(f"{column}.until", given["until"]) if given.get("until") else None
    return Condition(
        tuple(sorted(given.get("roles", []))),
        tuple(sorted(filter(None, agencies))),
        tuple(sorted(given.get("purposes", []))),
        bool(given.get("sanitised", False)),
        until,
    )


def _corroboration(name: str, own: str, grade: Grade, where: str, faults: _Faults) -> None:
    """What confirms an item is named in full, AGENCY REPORT/NUMBER, and is of another report."""
    column = f"{where}.corroborated_by"
    if grade.information == "B" and not name:
        wrong = say("problems.wrong.corroborated_by_nothing")
        faults.add(column, None, wrong, say("problems.right.name_corroboration"))
    elif name and not re.fullmatch(r"\S+ [^/]+/\d{1,6}", name.strip()):
        wrong = say("problems.wrong.no_item_name")
        faults.add(column, name, wrong, say("problems.right.name_corroboration"))
    elif name.strip().casefold().startswith(own.casefold()):
        wrong = say("problems.wrong.confirms_itself")
        faults.add(column, name, wrong, say("problems.right.not_own_item"))


def _one_thing_of_a_cell(links: Sequence[Link], where: str, faults: _Faults) -> None:
    places = [(link.question, link.area, link.period) for link in links]
    for at, place in enumerate(places, 1):
        if place in places[: at - 1]:
            wrong = say("problems.wrong.cell_twice")
            faults.add(f"{where}.links[{at}]", None, wrong, say("problems.right.one_relation"))


def _item_marking(
    entry: Mapping[str, Any], where: str, report: Marking, faults: _Faults
) -> Marking:
    """An item's own marking, the report's where it has none; a report is marked as its highest
    item at least.
    """
    if not entry.get("marking"):
        return report
    own = _marking(entry["marking"], f"{where}.marking", faults)
    if own > report:
        wrong = say("problems.wrong.above_report")
        faults.add(f"{where}.marking", None, wrong, say("problems.right.mark_report"))
    return own


def _links(
    entry: Mapping[str, Any], where: str, held: RequirementSet, faults: _Faults
) -> Iterator[Link | None]:
    for number, link in enumerate(entry.get("links") or [], 1):
        place = f"{where}.links[{number}]"
        try:
            question = held.question(str(link.get("question", "")))
        except UnknownName as error:
            faults.add(
                f"{place}.question",
                None,
                *_told(error, say("problems.right.see_set")),
            )
            continue
        area, period, relation = (
            str(link.get(name, "")) for name in ("area", "period", "relation")
        )
        periods = [each.label for each in periods_of(held.valid, question.cut)]
        if area not in question.areas:
            faults.add(
                f"{place}.area",
                area,
                say("problems.wrong.no_area", question=question.code),
                say("problems.right.for_example", area=question.areas[0]),
            )
        if period not in periods:
            faults.add(
                f"{place}.period",
                period,
                say("problems.wrong.no_period", question=question.code),
                say("problems.right.one_of", known=several(periods, "comma")),
            )
        if relation not in list(Relation):
            faults.add(
                f"{place}.relation",
                relation,
                say("problems.wrong.no_relation"),
                say("problems.right.relation"),
            )
            continue
        yield Link(question.code, area, period, Relation(relation))


def read_replies(data: Any, name: str) -> list[Reply]:
    """Replies to asks, all of one agency. Raises ReturnRefused with every fault. Whose the asks are
    is not known here.
    """
    faults = _Faults(name)
    if not isinstance(data, dict) or not data.get("replies"):
        raise ReturnRefused(
            name,
            [
                Problem(
                    say("problems.wrong.no_replies"),
                    say("problems.right.replies"),
                    rule="form",
                )
            ],
        )
    _of_shape(data, REPLIES, name)
    agency = str(faults.code("agency", data.get("agency"), "agency") or "")
    on = faults.day("on", data.get("on"))
    if not data.get("signed_off_by"):
        faults.add(
            "signed_off_by",
            None,
            say("problems.wrong.nobody_signed"),
            say("problems.right.signed_off"),
        )
    efforts = ", ".join(grading()["effort"])
    made: list[Reply] = []
    for at, entry in enumerate(data["replies"], 1):
        where, kind = f"replies[{at}]", str(entry.get("kind", ""))
        if kind not in list(ReplyKind):
            faults.add(
                f"{where}.kind",
                kind,
                say("problems.wrong.no_reply_kind"),
                say("problems.right.one_of", known=several(ReplyKind, "comma")),
            )
            continue
        effort, ground = str(entry.get("effort", "") or ""), str(entry.get("ground", "") or "")
        if kind == ReplyKind.NIL_SEARCHED and effort not in grading()["effort"]:
            faults.add(
                f"{where}.effort",
                effort or None,
                say("problems.wrong.no_effort"),
                say("problems.right.one_of", known=efforts),
            )
        if kind == ReplyKind.REFUSED and ground not in ("cost", "law", "policy"):
            faults.add(
                f"{where}.ground",
                ground or None,
                say("problems.wrong.no_ground"),
                say("problems.right.ground"),
            )
        if not entry.get("ask"):
            faults.add(
                f"{where}.ask",
                None,
                say("problems.wrong.no_ask"),
                say("problems.right.give_ask"),
            )
        elif str(entry["ask"]) in [reply.ask for reply in made]:
            wrong = say("problems.wrong.ask_twice")
            faults.add(f"{where}.ask", str(entry["ask"]), wrong, say("problems.right.reply_once"))
        made.append(
            Reply(
                str(entry.get("ask", "")),
                agency,
                ReplyKind(kind),
                effort,
                ground,
                on or date.min,
                str(data.get("signed_off_by", "")),
                bool(data.get("synthetic", False)),
            )
        )
    faults.refuse()
    return made


class _Faults:
    """Collects faults; refuses once all are known."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._found: list[Problem] = []

    def add(self, column: str, value: str | None, wrong: Saying, right: Saying) -> None:
        self._found.append(Problem(wrong, right, column=column, value=value, rule="intelligence"))

    def code(self, column: str, value: Any, codes: str) -> str | None:
        listed = codes_for(codes)
        found = listed.find(str(value or ""))
        if found is None:
            self.add(
                column,
                str(value) if value else None,
                say("problems.wrong.not_known", what=codes),
                listed.suggest(str(value or "")),
            )
        return found

    def day(self, column: str, value: Any) -> date | None:
        try:
            return value if isinstance(value, date) else date.fromisoformat(str(value))
        except ValueError:
            self.add(column, None, say("problems.wrong.no_day"), say("problems.right.iso_day"))
            return None

    def in_order(self, column: str, earlier: date | None, later: date | None, what: str) -> None:
        """A day that cannot lie after another of which is said `what` happened on it."""
        if earlier and later and earlier > later:
            right = say("problems.right.not_after", what=what, day=later.isoformat())
            self.add(column, earlier.isoformat(), say("problems.wrong.too_late"), right)

    def refuse(self) -> None:
        if self._found:
            raise ReturnRefused(self.name, self._found)


def _told(error: DarkfigureError, otherwise: Saying) -> tuple[Saying, Saying]:
    """What an error says is wrong, and what would be right, where it says that too."""
    wrong, _, right = str(error).partition(". ")
    return quote(wrong), quote(right) if right else otherwise
