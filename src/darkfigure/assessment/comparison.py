"""Two editions side by side: each judgement by its code through the concordance, with what moved
it; each figure that both show; estimates; what is asked and no longer asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from darkfigure.assessment.edition import Edition, JudgementTold, key_of
from darkfigure.assessment.references import Kind
from darkfigure.assessment.shown import Shown
from darkfigure.basis.marking import Marking
from darkfigure.intelligence.coverage_change import CoverageChange
from darkfigure.intelligence.requirement_sets import RequirementSet, natural

#: Kinds of change that are no editor's but follow from the concordance.
ADDED, DROPPED = "added", "dropped"


@dataclass(frozen=True)
class JudgementMoved:
    """A judgement then and now; `how` is split, merged, moved, retired, or nothing where it goes on
    under its code. None where there was or is none.
    """

    code: str
    then: tuple[JudgementTold, ...]
    now: tuple[JudgementTold, ...]
    how: str = ""
    reason: str = ""

    @property
    def changed(self) -> bool:
        """Whether it says something else than before."""
        if len(self.then) != 1 or len(self.now) != 1:
            return True
        one, other = self.then[0], self.now[0]
        return (one.claim, one.term, one.confidence, one.direction) != (
            other.claim, other.term, other.confidence, other.direction,
        )  # fmt: skip


@dataclass(frozen=True)
class FigureMoved:
    """A figure that both editions show, with the bridge between them where it is another."""

    title: str
    then: Shown
    now: Shown
    bridge: Shown | None = None

    @property
    def changed(self) -> bool:
        """Whether it is another than before."""
        several = (None, None, None)
        if self.then.table and self.now.table and self.now.bounded == several:
            return self.then.table.rows != self.now.table.rows
        ends = [(each.value, each.low, each.high, figure_said(each)) for each in self.both]
        return ends[0] != ends[1]

    @property
    def both(self) -> tuple[Shown, Shown]:
        """Then and now."""
        return self.then, self.now


def figure_said(shown: Shown) -> str:
    """The figure that a reference shows, whatever sentence it stands in."""
    return shown.said if shown.value is None else f"{shown.value:,}"


@dataclass(frozen=True)
class Dated:
    """An edition by its name and its day."""

    name: str
    as_at: date


@dataclass(frozen=True)
class Compared:
    """An edition compared with the one before. `opened` and `closed` are questions asked now and
    not then, and the other way about.
    """

    before: Dated
    after: Dated
    judgements: tuple[JudgementMoved, ...]
    figures: tuple[FigureMoved, ...]
    estimates: tuple[FigureMoved, ...]
    coverage: CoverageChange | None
    opened: tuple[tuple[str, str], ...]
    closed: tuple[tuple[str, str], ...]
    synthetic: bool = False

    @property
    def moved(self) -> tuple[JudgementMoved, ...]:
        """The judgements that say something else than before."""
        return tuple(judgement for judgement in self.judgements if judgement.changed)


def judgements_moved(before: Edition, after: Edition) -> tuple[JudgementMoved, ...]:
    """Each judgement of two editions, by code through the concordance of the later: none of either
    is left out, and none stands twice.
    """
    then = {judgement.code: judgement for judgement in before.judgements}
    now = {each.code: each for each in after.judgements}
    found = []
    told: set[tuple[str, str]] = set()
    for entry in after.head.concordance:
        if entry.marking > after.sees:
            continue
        old = tuple(then[code] for code in entry.old if code in then)
        new = tuple(now[code] for code in entry.new if code in now)
        told |= {("then", each.code) for each in old} | {("now", each.code) for each in new}
        if old or new:
            code = "+".join(dict.fromkeys([*entry.old, *entry.new]))
            found.append(JudgementMoved(code, old, new, entry.kind, entry.reason))
    for code in dict.fromkeys([*then, *now]):
        old = (then[code],) if code in then and ("then", code) not in told else ()
        new = (now[code],) if code in now and ("now", code) not in told else ()
        if old and new:
            found.append(JudgementMoved(code, old, new, "", new[0].reason))
        elif old or new:
            found.append(JudgementMoved(code, old, new, ADDED if new else DROPPED))
    return tuple(sorted(found, key=lambda each: natural(each.code)))


def figures_in_both(before: Edition, after: Edition, *kinds: Kind) -> Iterator[tuple[str, str]]:
    """The keys of the references of some kinds in either edition that ask the same: as one has it,
    and as the other has it. How it is shown does not matter.
    """
    then, now = _by_question(before, kinds), _by_question(after, kinds)
    yield from ((then[asked], key) for asked, key in now.items() if asked in then)


def _by_question(edition: Edition, kinds: Sequence[Kind]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for chapter, live, _ in edition.figures():
        reference = live.reference
        if reference.kind in kinds and not reference.field("as_at"):
            fields = sorted(field for field in reference.fields if field[0] not in _NOT_ASKED)
            found.setdefault(repr((reference.subject, fields)), key_of(chapter, live))
    return found


#: What a reference says beside what it asks.
_NOT_ASKED = ("title", "from")


def questions_moved(
    before: RequirementSet, after: RequirementSet, sees: Marking
) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """The questions that are asked now and were not, and those that were and are not, each as its
    code and its words for who sees so much; what the concordance names as reworded goes on.
    """
    goes_on = {
        code
        for entry in after.concordance
        if entry.kind == "reworded"
        for code in (*entry.old, *entry.new)
    }
    opened = _only_in(after, before, goes_on, sees)
    return opened, _only_in(before, after, goes_on, sees)


def _only_in(
    one: RequirementSet, other: RequirementSet, goes_on: set[str], sees: Marking
) -> tuple[tuple[str, str], ...]:
    found: Sequence[tuple[str, str]] = [
        (code, text)
        for code in one.questions
        if code not in other.questions and code not in goes_on and (text := one.wording(code, sees))
    ]
    return tuple(sorted(found, key=lambda each: natural(each[0])))
