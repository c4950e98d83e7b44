"""Decide on a link: two records are one person's, or are not, or an earlier decision was wrong. It
holds from its day on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from darkfigure.basis.errors import DarkfigureError, UnknownName
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.linkage import Decision, DecisionKind, check_decision
from darkfigure.linkage.grave import Effect, grave_by
from darkfigure.linkage.linking import pair_of
from darkfigure.tables.question import CASES, Question, asked_again
from darkfigure_hub.access import record
from darkfigure_hub.flows.answer_question import answer_question
from darkfigure_hub.flows.everything_out import questions_published
from darkfigure_hub.flows.link_records import assigned, linked_now
from darkfigure_hub.store.queries import linkage as store
from darkfigure_hub.store.queries import outbox, subjects
from darkfigure_hub.store.queries.case_records import StoreRecords
from darkfigure_hub.store.queries.linkage import HeldProposal
from darkfigure_hub.store.queries.locks import LINKING, hold
from darkfigure_hub.store.queries.pseudonyms import current


@dataclass(frozen=True)
class Decided:
    """A decision as entered, and how many records it gave another person; where it is grave, the
    rules by which it is, and the number under which it waits for another person.
    """

    decision: Decision
    changed: int
    grave: tuple[str, ...] = ()
    waits: int | None = None


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
    """Enter a decision and who is whom from its day on; where it is grave, nothing of it holds
    until another person agrees.

    Raises NotPermitted; UnknownName for a record no run has looked at; DarkfigureError for a
    decision without a reason, against one that stands, or dated before one that was made.
    """
    scope.require(Permission.DECIDE_LINK)
    with hold(LINKING):
        left, right = pair_of(current(left), current(right))
        new = _checked(scope.who, kind, decided_on, left, right, undoes, reason)
        held = transaction.savepoint()
        before = _standing(new)
        questions = _published(scope, new.decided_on)
        told = [answer_question(scope, each).id for each in questions]
        entered, changed = _enter(scope, new)
        moved = bool(changed) and any(
            answer_question(scope, question).id != said
            for question, said in zip(questions, told, strict=True)
        )
        grave = grave_by(_effect(scope, new, before, _standing(new), published=moved))
        if not grave:
            transaction.savepoint_commit(held)
            record(scope, "link decided", _told(entered, changed))
            return Decided(entered, changed)
        transaction.savepoint_rollback(held)
        try:
            with transaction.atomic():
                waits = store.propose(new, grave)
        except IntegrityError:
            raise DarkfigureError("A decision on these records waits for another person.") from None
        others = outbox.holders(Permission.DECIDE_LINK, but=[scope.who])
        outbox.tell("link waits", f"proposal {waits}", others)
        record(scope, "grave link proposed", {"proposal": waits, "grave": grave})
        return Decided(new, 0, tuple(grave), waits)


def agree_link(scope: Scope, number: int, decided_on: date) -> Decided:
    """Agree with a grave decision that another proposed: it is made, and holds from its day on.

    Raises NotPermitted, UnknownName; DarkfigureError where one proposed it oneself, and where it
    cannot be made any more.
    """
    scope.require(Permission.DECIDE_LINK)
    with hold(LINKING):
        held = _waiting(number)
        if held.proposed_by == scope.who:
            raise DarkfigureError("You proposed it: another person agrees.")
        kind = DecisionKind(held.kind)
        pair = pair_of(current(held.left), current(held.right))
        new = _checked(held.proposed_by, kind, decided_on, *pair, held.undoes, held.reason)
        entered, changed = _enter(scope, new)
        store.agree(number, scope.who, entered.id)
        outbox.tell("link agreed", f"proposal {number}", outbox.account_in(held.proposed_by))
        record(scope, "link decided", {**_told(entered, changed), "proposal": number})
        return Decided(entered, changed, held.grave)


def withdraw_link(scope: Scope, number: int) -> None:
    """Do not go on with a grave decision that waits. Raises NotPermitted, UnknownName."""
    scope.require(Permission.DECIDE_LINK)
    with hold(LINKING):
        _waiting(number)
        store.withdraw(number, scope.who)
        record(scope, "grave link withdrawn", {"proposal": number})


def waiting_links(scope: Scope) -> list[HeldProposal]:
    """The grave decisions that wait for another person. Raises NotPermitted."""
    scope.require(Permission.READ_LINKS)
    return [each for each in store.proposals() if each.state == "waiting"]


def _waiting(number: int) -> HeldProposal:
    for held in store.proposals(number):
        if held.state == "waiting":
            return held
    raise UnknownName("There is no such decision that waits.")


def _checked(
    who: str,
    kind: DecisionKind,
    decided_on: date,
    left: str,
    right: str,
    undoes: int | None,
    reason: str,
) -> Decision:
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
                f"{name!r} is no record that was linked. Name records by pseudonym, as AGENCY:16 "
                "digits."
            )
    number = max((each.id for each in made), default=0) + 1
    new = Decision(number, kind, decided_on, who, reason, left, right, undoes)
    check_decision(made, new)
    return new


def _enter(scope: Scope, new: Decision) -> tuple[Decision, int]:
    entered = store.enter_decision(new)
    linked = linked_now(scope, new.decided_on)
    return entered, store.enter_links(assigned(linked), new.decided_on)


def _told(entered: Decision, changed: int) -> dict[str, object]:
    return {
        "decision": entered.id,
        "kind": str(entered.kind),
        "left": entered.left,
        "right": entered.right,
        "undoes": entered.undoes,
        "changed": changed,
    }


@dataclass(frozen=True)
class _Standing:
    """How two records stand at one moment: the records of the person of each."""

    left: frozenset[str]
    right: frozenset[str]

    @property
    def is_one(self) -> bool:
        return bool(self.left & self.right)


def _standing(new: Decision) -> _Standing:
    sides = [
        frozenset(store.person_of(name, new.decided_on)["person"]) if name else frozenset()
        for name in _of(new)
    ]
    return _Standing(sides[0], sides[1])


def _published(scope: Scope, day: date) -> list[Question]:
    """What was published of case records, asked as of a day: each question once."""
    asked = [asked_again(each, day) for each in questions_published(scope)]
    return [each for each in asked if each.evidence == CASES]


def _of(new: Decision) -> tuple[str, str]:
    """The two records that a decision is about; of an undoing, those of what it undoes."""
    made = {each.id: each for each in store.decisions()}
    while new.undoes is not None and new.undoes in made:
        new = made[new.undoes]
    return new.left, new.right


def _effect(
    scope: Scope, new: Decision, before: _Standing, after: _Standing, *, published: bool
) -> Effect:
    concerned = after.left | after.right | before.left | before.right
    rows = subjects.rows_of(scope, concerned) if concerned else []
    ends = set(_of(new))
    run = store.run_standing(new.decided_on)
    pairs = [] if run is None else store.pairs_of(run).rows()
    shares = [share for left, right, _, share in pairs if {left, right} == ends]
    return Effect(
        joins=after.is_one and not before.is_one,
        parts=before.is_one and not after.is_one,
        agencies=frozenset(each.partition(":")[0] for each in concerned),
        outcomes=frozenset(row.said.get("outcome", "") for row in rows),
        share=max(shares, default=0.0),
        published=published,
    )


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
