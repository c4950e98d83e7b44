"""The standing requirements, read from data/requirements.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from darkfigure.basis.status import CellReason


@dataclass(frozen=True)
class Requirement:
    """Something we want to learn, in one question, with what would have to happen for it to be known."""

    id: str
    text: str
    closes_when: str
    measures: tuple[str, ...]
    reasons: tuple[str, ...]

    def serves(self, measure: str, reason: CellReason) -> bool:
        """Whether meeting this requirement would close the gap."""
        return _fits(self.measures, measure) and _fits(self.reasons, reason)


def _fits(accepted: tuple[str, ...], value: str) -> bool:
    return "*" in accepted or value in accepted


@lru_cache
def requirements() -> tuple[Requirement, ...]:
    """Every requirement, the particular before the general."""
    text = (files("darkfigure") / "data" / "requirements.toml").read_text(encoding="utf-8")
    return tuple(
        Requirement(key, entry["text"], entry["closes_when"], tuple(entry["measures"]), tuple(entry["reasons"]))
        for key, entry in tomllib.loads(text).items()
    )


def requirement_for(measure: str, reason: CellReason) -> Requirement:
    """The first requirement that would close a gap of this reason in this measure; the last fits every gap."""
    return next(found for found in requirements() if found.serves(measure, reason))
