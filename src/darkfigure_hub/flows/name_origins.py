"""Name origins: one for each from whom something comes, however agencies spell it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from darkfigure.basis.errors import DarkfigureError, UnknownName
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.basis.problem import Problem, told
from darkfigure.basis.saying import say, several
from darkfigure.codes import codes_for
from darkfigure.intelligence.reporting import IntelligenceReport
from darkfigure_hub.access import logging, record
from darkfigure_hub.store.queries import origins as store
from darkfigure_hub.store.queries.locks import RECEIVING, hold

_REFERENCE = re.compile(r"ORIGIN-(\d{1,15})", re.IGNORECASE)


@dataclass(frozen=True)
class NamedOrigin:
    """An origin: its reference, spellings, how many items came from it, and what it was joined
    into.
    """

    reference: str
    spellings: tuple[str, ...]
    items: int
    joined_into: str


def known_origins(scope: Scope, report: IntelligenceReport) -> dict[str, int | None]:
    """The origins of a report as written, with their numbers; None for one to be registered. The
    agency's own name is no origin beside it.
    """
    scope.require(Permission.FILE_REPORT)
    written = dict.fromkeys(item.origin for item in report.items if item.origin)
    agencies = codes_for("agency")
    numbers: dict[str, int | None] = {}
    for spelling in written:
        if agencies.find(spelling) == report.agency:
            continue
        numbered = _REFERENCE.fullmatch(spelling.strip())
        numbers[spelling] = int(numbered.group(1)) if numbered else store.found(spelling)
    return numbers


def origin_faults(scope: Scope, report: IntelligenceReport) -> Iterator[Problem]:
    """Every origin that is no number registered, or spelt so nearly as another that a person has
    to say which is meant.
    """
    scope.require(Permission.FILE_REPORT)
    known = known_origins(scope, report)
    for item in report.items:
        column = f"items[{item.number}].origin"
        if item.origin not in known:
            continue
        number = known[item.origin]
        if _REFERENCE.fullmatch(item.origin.strip()) and not store.held(number or 0):
            wrong, right = say("problems.wrong.no_origin"), say("problems.right.see_origins")
            yield Problem(wrong, right, column=column, value=item.origin, rule="origin")
        elif number is None and (meant := store.nearly(item.origin)):
            near = several([f"ORIGIN-{each}" for each in meant[:3]], "or")
            right = say("problems.right.which_origin", near=near)
            wrong = say("problems.wrong.near_origin")
            yield Problem(wrong, right, column=column, value=item.origin, rule="origin")


def same_origin(scope: Scope, one: tuple[int | None, str], other: tuple[int | None, str]) -> bool:
    """Whether two items, by origin and agency, come from one origin: nobody confirms their own."""
    scope.require(Permission.FILE_REPORT)
    if one[0] is None or other[0] is None:
        return one[0] is None and other[0] is None and one[1] == other[1]
    return store.root(one[0]) == store.root(other[0])


def list_origins(scope: Scope) -> list[NamedOrigin]:
    """Every origin with its spellings. Raises NotPermitted for who may not read names."""
    scope.require(Permission.READ_NAMES)
    spelt = store.spellings(scope)
    record(scope, "origins listed", {"origins": len(spelt)})
    return [
        NamedOrigin(
            str(each),
            tuple(spelt.get(each.pk, ())),
            len(each.items.all()),
            ", ".join(f"ORIGIN-{join.into_id}" for join in each.joined_to.all()),
        )
        for each in store.listed()
    ]


def add_origin(scope: Scope, written: str, day: date, of: str = "") -> str:
    """Register an origin, or another spelling of one; gives its reference.

    Raises DarkfigureError for a spelling that is held already, UnknownName for an origin that is
    not.
    """
    scope.require(Permission.FILE_REPORT)
    if not written.strip() or len(written) > 80:
        raise DarkfigureError("An origin is called by something, of at most 80 characters.")
    with hold(RECEIVING):
        registered = store.found(written)
        if registered is not None:
            raise DarkfigureError(
                f"This spelling is registered already: it is ORIGIN-{registered}."
            )
        agency = codes_for("agency").find(written) or ""
        if of:
            number = _number(of)
            store.add_spelling(number, written, day)
        else:
            number = store.register(written, day, scope.who, agency)
        record(scope, "origin named", {"origin": number})
    return f"ORIGIN-{number}"


def join_origins(scope: Scope, origin: str, into: str, reason: str, day: date) -> None:
    """Two origins are one from a day on. Raises UnknownName, DarkfigureError without a reason or
    for one with itself.
    """
    scope.require(Permission.FILE_REPORT)
    one, other = _number(origin), _number(into)
    if not reason.strip():
        raise DarkfigureError("Say why the two are one, with --reason.")
    if store.root(one) == store.root(other):
        raise DarkfigureError(f"{origin} and {into} are one already.")
    with logging(scope):
        store.join(store.root(one), store.root(other), reason, scope.who, day)
        record(scope, "origins joined", {"origin": one, "into": other})


def _number(reference: str) -> int:
    numbered = _REFERENCE.fullmatch(reference.strip())
    if numbered is None or not store.held(int(numbered.group(1))):
        raise UnknownName(
            f"{told(reference)} is no origin registered. darkfigure origins lists them."
        )
    return int(numbered.group(1))
