"""Claims that figures cannot bear: what readers conclude from them and they do not carry. Which
figure cannot bear which stands in data, by measure, unit and evidence.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from darkfigure.tables.question import Question

EVERY = "every"


@dataclass(frozen=True)
class Claim:
    """A claim by its code, and the figures that cannot bear it: of measures (none named: of every
    one but some), and where a unit or an evidence is named, of that one alone.
    """

    code: str
    measures: frozenset[str]
    but: frozenset[str] = frozenset()
    unit: str = ""
    evidence: str = ""

    def is_beyond(self, measure: str, unit: str, evidence: str) -> bool:
        """Whether figures of a measure, in a unit and from an evidence, cannot bear it."""
        named = measure in self.measures if self.measures else measure not in self.but
        return named and self.unit in ("", unit) and self.evidence in ("", evidence)


@cache
def all_claims() -> tuple[Claim, ...]:
    """Every claim, in the order in which they are told."""
    text = (files("darkfigure") / "data" / "claims.toml").read_text(encoding="utf-8")
    return tuple(
        Claim(
            code,
            frozenset() if said["measures"] == EVERY else frozenset(said["measures"]),
            frozenset(said.get("but", ())),
            said.get("unit", ""),
            said.get("evidence", ""),
        )
        for code, said in tomllib.loads(text).items()
    )


def cannot_bear(question: Question, unit: str = "") -> tuple[str, ...]:
    """The claims, by code, that figures which answer a question cannot bear; `unit` is the one that
    they are in, the question's own where none is given.
    """
    unit = unit or question.unit or question.measure.units[0]
    return tuple(
        claim.code
        for claim in all_claims()
        if claim.is_beyond(question.measure.code, unit, question.evidence)
    )
