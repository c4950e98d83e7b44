"""Score judgements: those that were approved, whose horizon passed and of which somebody said what
became of them. By author only for the author.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.intelligence.judgements import Direction
from darkfigure.intelligence.scoring import Closed, Outcome, Scores, scored
from darkfigure_hub.access import logging, record
from darkfigure_hub.store.queries import judgements as store
from darkfigure_hub.store.queries.judgements import HeldJudgement


@dataclass(frozen=True)
class ScoreCard:
    """The scores of versions that are closed by a day, None where none is; how many cannot be told
    after all, are not resolved though their horizon passed, are open, and never will be scored.
    """

    day: date
    own: bool
    scores: Scores | None
    untold: int
    overdue: int
    open: int
    never: int
    withheld: int
    synthetic: bool


def score_judgements(scope: Scope, day: date, *, own: bool = False) -> ScoreCard:
    """The scores of every version that was approved by a day, whatever became of it since; or of
    one's own alone.
    """
    scope.require(Permission.READ_JUDGEMENT)
    versions = [each for each in store.judgements(scope, day=day) if each.event("approved", day)]
    if own:
        versions = [each for each in versions if each.by("drafted") == scope.who]
    judged = [(each, each.judged(day)) for each in versions]
    may_close = [each for each, judgement in judged if judgement.resolvable]
    closed = [made for each in may_close if (made := _closed(each, day))]
    passed = [
        judgement.horizon is not None and judgement.horizon < day
        for each, judgement in judged
        if judgement.resolvable and not each.event("resolved", day)
    ]
    with logging(scope):
        record(scope, "judgements scored", {"closed": len(closed), "own": own})
    return ScoreCard(
        day,
        own,
        scored(closed),
        sum(each.outcome == Outcome.CANNOT_BE_TOLD for each in closed),
        sum(passed),
        len(passed) - sum(passed),
        len(versions) - len(may_close),
        store.withheld_judgements(scope, day),
        any(judgement.synthetic for _, judgement in judged),
    )


def _closed(held: HeldJudgement, day: date) -> Closed | None:
    """A version with the last word on what became of it, by a day."""
    word, judged = held.event("resolved", day), held.judged(day)
    if word is None or judged.term is None:
        return None
    seen = word.said.get("direction")
    return Closed(
        held.name,
        judged.term,
        Outcome(str(word.said["outcome"])),
        judged.direction,
        Direction(str(seen)) if seen else None,
        judged.if_unchanged,
    )
