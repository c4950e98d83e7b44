"""Type in what an agency sends, record by record or item by item: a draft that says all so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from darkfigure.basis.errors import DarkfigureError, UnknownName
from darkfigure.basis.marking import Marking, Scope
from darkfigure.basis.permission import Permission
from darkfigure.cases.records import KINDS
from darkfigure.intelligence import typed_report
from darkfigure.intelligence.requirement_sets import Question
from darkfigure.writing.forms.typed_records import TypedField, fields_of, typed_kind, with_record
from darkfigure_hub.access import record
from darkfigure_hub.flows.set_requirements import set_in_force
from darkfigure_hub.flows.submit import HeldSubmission, content_of, draft_submission

__all__ = ["KINDS", "TypedField", "fields_of"]


@dataclass(frozen=True)
class Typed:
    """A draft that was typed: of a return the kind of its records, of a report its document."""

    held: HeldSubmission
    kind: str = ""
    report: Mapping[str, Any] | None = None

    @property
    def items(self) -> list[Mapping[str, Any]]:
        """The items of the report so far."""
        return [dict(each) for each in (self.report or {}).get("items", ())]

    def item(self, number: int) -> Mapping[str, Any]:
        """An item of the report. Raises UnknownName."""
        for each in self.items:
            if each["number"] == number:
                return each
        raise UnknownName(f"{self.held.receipt} has no item {number}.")


def show_typed(scope: Scope, number: int) -> Typed:
    """A draft as it was typed, for who may draft. Raises NotPermitted, UnknownName.

    Of a file that was not typed neither kind nor report is given.
    """
    scope.require(Permission.DRAFT_SUBMISSION)
    held, content = content_of(scope, number)
    record(scope, "draft opened", {"submission": number})
    return typed_of(held, content)


def typed_of(held: HeldSubmission, content: bytes) -> Typed:
    """A draft that was opened, as it was typed."""
    if held.kind == "return":
        return Typed(held, typed_kind(content))
    try:
        return Typed(held, report=typed_report.read(content))
    except DarkfigureError:
        return Typed(held)


def type_record(
    scope: Scope, kind: str, values: Mapping[str, str], replaces: int | None = None
) -> int:
    """Draft a return of one record, or one more of a draft. Gives the number of the draft.

    Raises NotPermitted, UnknownName; Unreadable where the draft came as a file.
    """
    scope.require(Permission.DRAFT_SUBMISSION)
    if kind not in KINDS:
        raise UnknownName(f"A record is one of: {', '.join(KINDS)}.")
    held, before = content_of(scope, replaces) if replaces else (None, b"")
    head = {
        "stated_on": timezone.localdate().isoformat(),
        "reported_by": scope.agency or "",
        "synthetic": values.get("synthetic", ""),
    }
    text = with_record(kind, head, values, before)
    return _kept(scope, "return", f"typed-{kind}.csv", text, held)


def begin_report(scope: Scope, head: Mapping[str, str]) -> int:
    """Draft a report that has no item yet. Gives the number of the draft."""
    scope.require(Permission.DRAFT_SUBMISSION)
    text = typed_report.begun(scope.agency or "", scope.role, head)
    return _kept(scope, "report", f"typed-{head['reference']}.json", text, None)


def type_item(
    scope: Scope,
    number: int,
    item: Mapping[str, str],
    links: Sequence[Mapping[str, str]],
    place: int | None = None,
) -> int:
    """Add an item to a report that is typed, or put it in the place of another. Gives the draft."""
    scope.require(Permission.DRAFT_SUBMISSION)
    held, content = content_of(scope, number)
    text = typed_report.with_item(typed_report.read(content), item, links, place)
    return _kept(scope, "report", held.name, text, held)


def leave_out_item(scope: Scope, number: int, place: int) -> int:
    """Leave an item out of a report that is typed. Gives the draft."""
    scope.require(Permission.DRAFT_SUBMISSION)
    held, content = content_of(scope, number)
    text = typed_report.without_item(typed_report.read(content), place)
    return _kept(scope, "report", held.name, text, held)


def questions_in_force(scope: Scope) -> list[Question]:
    """The questions of the requirement in force, that an item can be linked to."""
    scope.require(Permission.READ_REQUIREMENTS)
    edition = set_in_force(scope)
    return [*edition.questions.values()] if edition else []


def _kept(scope: Scope, kind: str, name: str, text: str, held: HeldSubmission | None) -> int:
    marking = Marking(held.marking if held else min(Marking.OFFICIAL_SENSITIVE, scope.sees))
    return draft_submission(
        scope,
        kind,
        name,
        text.encode(),
        marking=marking,
        replaces=held.number if held else None,
        compartment=held.compartment if held else None,
    )
