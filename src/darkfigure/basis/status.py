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
    """Why a cell holds no figure, or not a whole one. Never the same as nought."""

    NOT_COLLECTED = "not_collected"
    NO_RETURN = "no_return"
    NIL_SEARCHED = "nil_searched"
    NIL_UNSEARCHED = "nil_unsearched"
    NOT_LINKED = "not_linked"
    NOT_CONCLUDED = "not_concluded"
    NOT_KNOWN = "not_known"
    WITHHELD = "withheld"
    SUPPRESSED = "suppressed"
    REFUSED = "refused"

    @property
    def words(self) -> str:
        """The reason as a reader should see it."""
        return _CELL_WORDS[self]


_CELL_WORDS = {
    CellReason.NOT_COLLECTED: "not collected",
    CellReason.NO_RETURN: "no return received",
    CellReason.NIL_SEARCHED: "nil after a search",
    CellReason.NIL_UNSEARCHED: "nil, no search stated",
    CellReason.NOT_LINKED: "not linked",
    CellReason.NOT_CONCLUDED: "not concluded",
    CellReason.NOT_KNOWN: "not known",
    CellReason.WITHHELD: "withheld",
    CellReason.SUPPRESSED: "suppressed",
    CellReason.REFUSED: "refused",
}


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

    @property
    def words(self) -> str:
        """The reason as a reader should see it."""
        return self.value.replace("_", " ")
