"""Decide on a link: two records are one person's, or are not, or an earlier decision was wrong. It
holds from its day on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from darkfigure.basis.errors import DarkfigureError, UnknownName
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.linkage import Decision, DecisionKind, check_decision
from darkfigure.linkage.linking import pair_of
from darkfigure_hub.access import record
from darkfigure_hub.flows.link_records import assigned, linked_now
from darkfigure_hub.store.queries import linkage as store
from darkfigure_hub.store.queries.case_records import StoreRecords
from darkfigure_hub.store.queries.locks import LINKING, hold
from darkfigure_hub.store.queries.pseudonyms import current


@dataclass(frozen=True)
class Decided:
    """A decision as entered, and how many records it gave another person."""

    decision: Decision
    changed: int


def decide_link(
    scope: Scope,
    kind: DecisionKind,
    decided_on: date,
    *,
    left: str = "",
    right: str = "",
    undoes: int | None = None,
    reason: str,
) -> Decided:
    """Enter a decision and who is whom from its day on.

    Raises NotPermitted; UnknownName for a record no run has looked at; DarkfigureError for a
    decision without a reason, against one that stands, or dated before one that was made.
    """
    scope.require(Permission.DECIDE_LINK)
    with hold(LINKING):
        left, right = pair_of(current(left), current(right))
        made = store.decisions()
        latest = max((each.decided_on for each in made), default=date.min)
        if decided_on < latest:
            raise DarkfigureError(
                f"A decision was made on {latest}; a later one cannot be dated {decided_on}."
            )
        known = store.looked_at()
        for name in (left, right) if kind is not DecisionKind.UNDO else ():
            if name not in known:
                raise UnknownName(
                    f"{name!r} is no record that was linked. Name records by pseudonym, as "
                    "AGENCY:16 digits."
                )
        new = Decision(
            max((each.id for each in made), default=0) + 1,
            kind,
            decided_on,
            scope.who,
            reason,
            left,
            right,
            undoes,
        )
        check_decision(made, new)
        entered = store.enter_decision(new)
        linked = linked_now(scope, decided_on)
        changed = store.enter_links(assigned(linked), decided_on)
        detail = {
            "decision": entered.id,
            "kind": str(kind),
            "left": left,
            "right": right,
            "undoes": undoes,
            "changed": changed,
        }
        record(scope, "link decided", detail)
        return Decided(entered, changed)


@dataclass(frozen=True)
class PersonRecords:
    """The records of one person on a day: as decided, those that surely are, and all that could
    be.
    """

    as_at: date
    decided: tuple[str, ...]
    surely: tuple[str, ...]
    possibly: tuple[str, ...]
    decisions: tuple[Decision, ...]


def show_person(scope: Scope, name: str, as_at: date) -> PersonRecords:
    """The records of the person that a record belonged to on a day, and every decision made on them
    by then. Raises UnknownName for a record that is not held.
    """
    scope.require(Permission.READ_LINKS)
    name = current(name)
    if name not in store.looked_at() and not _is_held(scope, name):
        raise UnknownName(
            f"{name!r} is no record of a person held. Name records by pseudonym, as AGENCY:16 "
            "digits."
        )
    found = store.person_of(name, as_at)
    among = set(found["possibly"])
    made = [each for each in store.decisions() if each.decided_on <= as_at]
    own = [each for each in made if each.left in among or each.right in among]
    ids = {each.id for each in own}
    own += [each for each in made if each.undoes in ids]
    record(
        scope,
        "person shown",
        {"record": name, "as_at": as_at.isoformat(), "records": len(found["person"])},
        touched={name, *among},
    )
    return PersonRecords(
        as_at,
        tuple(found["person"]),
        tuple(found["surely"]),
        tuple(found["possibly"]),
        tuple(sorted(own, key=lambda each: each.id)),
    )


def _is_held(scope: Scope, name: str) -> bool:
    """Whether a person of that pseudonym was reported."""
    records = StoreRecords(scope)
    person = records.table("person")
    return bool(records.fetch(person.filter(person.record == name).limit(1)))
