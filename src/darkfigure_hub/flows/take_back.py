"""Take back what was filed, asked, accepted or loaded, from a day on: with a reason, on record, and
to be undone in turn.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from darkfigure.basis.errors import DarkfigureError, UnknownName
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.basis.problem import Problem, told
from darkfigure.basis.saying import say
from darkfigure.codes import codes_for
from darkfigure.intelligence.reporting import IntelligenceReport
from darkfigure_hub.access import record
from darkfigure_hub.store.queries import editions, estimates, holdings, submissions, taken_back
from darkfigure_hub.store.queries import intelligence as store
from darkfigure_hub.store.queries.locks import RECEIVING, hold
from darkfigure_hub.store.queries.logged import logged_since

#: A reason is a sentence or two.
LONGEST = 500
#: What can be taken back, and how it is named.
KINDS = {
    "return": "its number, as `returns` lists it",
    "estimate": "E3",
    "report": "AGENCY REFERENCE",
    "item": "AGENCY REPORT/NUMBER",
    "link": "AGENCY REPORT/NUMBER, with its cell",
    "grade": "AGENCY REPORT/NUMBER: the grade that stands",
    "ask": "ASK-1",
    "reply": "REPLY-1",
    "answer": "ANSWER-1",
    "closure": "CLOSURE-1",
    "edition": "its code",
}


@dataclass(frozen=True)
class Withdrawn:
    """What was taken back, or stands again, from a day on; `told` names what rests on it and who
    is to be told.
    """

    reference: str
    named: str
    on: date
    told: tuple[str, ...]


@dataclass(frozen=True)
class TakenBackRow:
    """An entry of the history of what was taken back."""

    reference: str
    kind: str
    named: str
    on: date
    by: str
    reason: str
    corrected_by: str
    undoes: str


@dataclass(frozen=True)
class _Found:
    target: int | str
    named: str
    since: date


def withdraw(
    scope: Scope, kind: str, name: str, reason: str, on: date, *, cell: str = "", undo: bool = False
) -> Withdrawn:
    """Take something back from a day on, or with `undo` let it stand again.

    Raises UnknownName, DarkfigureError without a reason, for what is taken back already (or stands)
    and for a day before it was known: what was known is not changed.
    """
    scope.require(Permission.TAKE_BACK)
    _said(reason)
    with hold(RECEIVING):
        thing = _found(scope, kind, name, cell)
        event = taken_back.standing_event(kind, thing.target)
        since = event.known_from if event else thing.since
        if on < since:
            raise DarkfigureError(
                f"{thing.named} is so known from {since}: what was known before is not changed. "
                "Give that day or a later one with --on."
            )
        if bool(event) != undo:
            state = "taken back already" if event else "not taken back"
            raise DarkfigureError(f"{thing.named} is {state}.")
        if event:
            made = taken_back.undo(event, reason, scope.who, on)
        else:
            made = taken_back.take_back(kind, thing.target, thing.named, reason, scope.who, on)
        detail = {"kind": kind, "target": thing.target, "event": made, "undone": undo}
        record(scope, "taken back", detail)
    return Withdrawn(made, thing.named, on, tuple(_resting(scope, kind, name)))


def _said(reason: str) -> None:
    if not reason.strip():
        raise DarkfigureError("Say why, with --reason.")
    if len(reason) > LONGEST:
        raise DarkfigureError(f"A reason has at most {LONGEST} characters.")


def history(scope: Scope) -> list[TakenBackRow]:
    """Everything that was taken back, and what of it stands again, in order."""
    scope.require(Permission.READ_ASKS)
    return [
        TakenBackRow(
            str(each),
            each.kind,
            each.named,
            each.known_from,
            each.by,
            each.reason,
            each.corrected_by,
            str(each.undoes or ""),
        )
        for each in taken_back.events()
    ]


def _found(scope: Scope, kind: str, name: str, cell: str) -> _Found:
    if kind not in KINDS:
        raise UnknownName(f"{told(kind)} cannot be taken back. Known are {', '.join(KINDS)}.")
    if (kind == "link") != bool(cell):
        raise DarkfigureError("A link is named by its item and its cell (--cell), nothing else is.")
    found = _looked_up(scope, kind, name, cell)
    if found is None or not _is_own(scope, kind, found.target):
        raise UnknownName(f"{told(name)} is no {kind} held. Name it as {KINDS[kind]}.")
    return found


def _is_own(scope: Scope, kind: str, target: int | str) -> bool:
    """Whether a thing is the agency's of who asks, where they do nothing of others."""
    if not scope.bound:
        return True
    made = {"return": submissions.made_return, "report": submissions.made_report}
    return kind in made and made[kind](scope.agency or "", int(target))


def _looked_up(scope: Scope, kind: str, name: str, cell: str) -> _Found | None:
    if kind == "report":
        report = store.report_named(scope, name)
        return _Found(int(report.pk), name, store.received_on(report.pk)) if report else None
    if kind == "return":
        return _return(scope, name)
    if kind == "estimate":
        made = estimates.entered_on(name)
        return _Found(int(name.removeprefix("E")), name, made) if made else None
    if kind == "edition":
        loaded = editions.loaded_on(scope, name)
        return _Found(name, name, loaded) if loaded else None
    if kind in ("ask", "reply", "answer", "closure"):
        row = store.row_named(kind, name)
        return _Found(row[0], row[2], row[1]) if row else None
    item = store.item_named(scope, name)
    if item is None or kind == "item":
        return _Found(item.number, name, item.received_on) if item else None
    return _link(item, name, cell) if kind == "link" else _grade(item, name)


def _return(scope: Scope, name: str) -> _Found | None:
    """A return, known since the day it was received."""
    number = name.strip().removeprefix("#")
    found = holdings.returns(scope, ids=[int(number)]) if number.isdecimal() else []
    return next(
        (
            _Found(each.id, f"return {each.id}", timezone.localtime(each.received_at).date())
            for each in found
        ),
        None,
    )


def _link(item: store.HeldItem, name: str, cell: str) -> _Found | None:
    links = {"/".join(link[1:]): link[0] for link in item.links}
    return _Found(links[cell], f"{name} on {cell}", item.received_on) if cell in links else None


def _grade(item: store.HeldItem, name: str) -> _Found:
    """The grade that was taken back last and does not stand again, else the one that stands."""
    back = taken_back.last_of("grade", store.grades_of(item.number))
    if back:
        return _Found(int(back.target), back.named, back.known_from)
    if item.grade == store.grades_of(item.number)[0]:
        raise DarkfigureError(f"{name} has no grade before this one: take back the item.")
    return _Found(item.grade, f"{item.letters} of {name}", item.graded_on)


def _resting(scope: Scope, kind: str, name: str) -> Iterator[str]:
    """What rests on something: whoever relied on it is to be told."""
    if kind == "return":
        yield from _since_received(scope, name)
    if kind == "report":
        held = store.report_named(scope, name)
        names = [f"{name}/{each}" for each in store.item_numbers(held.pk)] if held else []
    else:
        names = [name] if kind in ("item", "link", "grade") else []
    for each in names:
        for rests in store.resting_on(each):
            yield f"{rests} rests on {each}"


def _since_received(scope: Scope, name: str) -> Iterator[str]:
    """How often what may rest on a return has left the repository since it came in."""
    found = _return(scope, name)
    if found is None:
        return
    for action, told_of in _LEAVING.items():
        number = logged_since(action, found.since)
        if number:
            yield f"{number:,} {told_of} since it was received, on {found.since}"


#: What leaves the repository, by the action it is logged under.
_LEAVING = {
    "snapshot taken": "snapshots were taken",
    "question answered": "questions were answered",
}


def correct_ask(
    scope: Scope, name: str, reason: str, on: date, *, due: date | None = None, agency: str = ""
) -> str:
    """Change an ask from a day on: due on another day, or put to another agency, as to the
    successor of one that has ended. Gives what changed, in words.

    Raises UnknownName, DarkfigureError without a reason or a change.
    """
    scope.require(Permission.RAISE_ASK)
    with hold(RECEIVING):
        ask = store.asks_of(scope, [name], on).get(name)
        if ask is None or on < ask.asked_on:
            raise UnknownName(f"{told(name)} is no ask that stands on {on}.")
        to = codes_for("agency").resolve(agency) if agency else ask.agency
        until = due or ask.due
        if (to, until) == (ask.agency, ask.due):
            raise DarkfigureError(f"{name} is due on {ask.due} from {ask.agency}: nothing changes.")
        _said(reason)
        store.change_ask(ask.number, to, until, reason, scope.who, on)
        record(scope, "ask changed", {"ask": ask.number, "agency": to, "due": until.isoformat()})
    was = [f"due {until}, was {ask.due}"] if until != ask.due else []
    was += [f"put to {to}, was to {ask.agency}"] if to != ask.agency else []
    return f"{name}: {'; '.join(was)}."


def corrected_faults(scope: Scope, report: IntelligenceReport, day: date) -> Iterator[Problem]:
    """Every item or report that a report says it corrects, and that is none held of its agency on
    the day.
    """
    scope.require(Permission.FILE_REPORT)
    wrong, right = say("problems.wrong.corrects_nothing"), say("problems.right.name_corrected")
    places = [(f"items[{item.number}].corrects", item.corrects) for item in report.items]
    for column, name in places:
        held = store.item_named(scope, name, day) if name else None
        if name and (held is None or held.agency != report.agency or held.received_on > day):
            yield Problem(wrong, right, column=column, value=name, rule="corrects")
    if report.corrects:
        whole = store.report_named(scope, report.corrects)
        if whole is None or whole.agency != report.agency:
            yield Problem(wrong, right, column="corrects", value=report.corrects, rule="corrects")


def take_corrected_back(scope: Scope, report: IntelligenceReport, day: date) -> list[str]:
    """What a report corrects is taken back from the day of the correction; gives it in words."""
    scope.require(Permission.FILE_REPORT)
    own = f"{report.agency} {report.reference}"
    corrected: list[tuple[str, int, str, str]] = []
    for item in report.items:
        before = store.item_named(scope, item.corrects, day) if item.corrects else None
        if before:
            corrected.append(("item", before.number, item.corrects, f"{own}/{item.number}"))
    whole = store.report_named(scope, report.corrects) if report.corrects else None
    if whole and not taken_back.standing_event("report", whole.pk):
        corrected.append(("report", int(whole.pk), report.corrects, own))
    for kind, target, name, by in corrected:
        taken_back.take_back(kind, target, name, "corrected", scope.who, day, corrected_by=by)
    return [
        note
        for kind, _, name, by in corrected
        for note in (f"{by} stands in place of {name} from {day}.", *_resting(scope, kind, name))
    ]
