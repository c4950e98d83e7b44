"""What a check finds: where, of which check, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from darkfigure.assessment.text import Place
from darkfigure.basis.saying import Saying


class Level(StrEnum):
    """What follows from a finding: an edition with a fault is not released."""

    FAULT = "fault"
    WARNING = "warning"
    REPORT = "report"


@dataclass(frozen=True)
class Finding:
    """What a check found at a place."""

    check: str
    place: Place
    said: Saying
    level: Level = Level.FAULT
