"""What an edition is checked by, and how what is found is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from darkfigure.assessment.edition import Edition
from darkfigure.assessment.findings import Finding, Level
from darkfigure.assessment.text import Chapter, Place
from darkfigure.assessment.typed import place_in
from darkfigure.basis.saying import say
from darkfigure.intelligence.coverage import Coverage
from darkfigure.intelligence.judgements import Judgement
from darkfigure.intelligence.requirement_sets import RequirementSet
from darkfigure.publication import Answer


@dataclass(frozen=True)
class Material:
    """What an edition is checked by: both renderings, the requirement set and its coverage, the
    judgements of its day and of the edition before, the answers that go out by the keys of their
    references, what was wrong on the way, where names stand (None where nobody looked for them),
    which cited figures say something else by now (judgement and question), what is said to have no
    figure and went out with one (where, and in what), and how many judgements are not seen.
    """

    restricted: Edition
    public: Edition
    held: RequirementSet
    coverage: Coverage
    judgements: Sequence[Judgement] = ()
    before: Sequence[Judgement] = ()
    answers: Mapping[str, Answer] | None = None
    faults: Sequence[Finding] = ()
    names: Sequence[Place] | None = ()
    drifted: Sequence[tuple[str, str]] = ()
    published: Sequence[tuple[Place, str]] = ()
    withheld: int = 0

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """Its chapters."""
        return self.restricted.source.chapters

    def place_of(self, code: str) -> Place:
        """Where a judgement stands in the text; the head of the edition where it does not."""
        return place_in(self.restricted, code)


def finding(
    check: str, place: Place, level: Level = Level.FAULT, code: str = "", /, **given: object
) -> Finding:
    """Something found, said by the catalogue: by the check's code, or another one of its words."""
    return Finding(check, place, say(f"edition.check.{code or check}", **given), level)
