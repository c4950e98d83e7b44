"""The closed vocabularies: status of a figure, why a cell is empty, why a figure changed."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """How settled a figure is, as its publisher says."""

    FINAL = "final"
    PROVISIONAL = "provisional"
    REVISED = "revised"
    IN_PROGRESS = "in_progress"


class CellReason(StrEnum):
    """Why a cell holds no figure, or not a whole one. Never the same as nought.

    NO_RETURN says what has reached the repository; NOT_HELD is what a body says of itself, under
    section 1 of the Freedom of Information Act 2000; COST_LIMIT is its section 12.
    """

    NOT_COLLECTED = "not_collected"
    NO_RETURN = "no_return"
    NOT_DIVIDED = "not_divided"
    NIL_SEARCHED = "nil_searched"
    NIL_UNSEARCHED = "nil_unsearched"
    NOT_LINKED = "not_linked"
    NOT_CONCLUDED = "not_concluded"
    NOT_KNOWN = "not_known"
    WITHHELD = "withheld"
    SUPPRESSED = "suppressed"
    REFUSED = "refused"
    NOT_APPLICABLE = "not_applicable"
    NOT_AVAILABLE = "not_available"
    NOT_HELD = "not_held"
    HELD_ELSEWHERE = "held_elsewhere"
    CASE_NOTES = "case_notes"
    COST_LIMIT = "cost_limit"
    EXEMPT = "exempt"
    PARTIAL_RETURNS = "partial_returns"


class ChangeReason(StrEnum):
    """Why a figure for the same thing changed between two days."""

    LATE_RETURN = "late_return"
    RECLASSIFIED = "reclassified"
    DUPLICATE = "duplicate"
    RECORDED_IN_ERROR = "recorded_in_error"
    DECISION_CHANGED = "decision_changed"
    DEFINITION_CHANGED = "definition_changed"
    CLERICAL = "clerical"
    NOT_EXPLAINED = "not_explained"
