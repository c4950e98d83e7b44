"""Judgements of a threat assessment: what is claimed and how probably, what speaks for and against,
what would change the mind, and why it differs from the last.

`faults` says what is wrong with one by itself; whether it came true is for `scoring`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from darkfigure.basis.errors import Unreadable
from darkfigure.basis.marking import Marking
from darkfigure.basis.saying import Saying, Word, say, several
from darkfigure.basis.truth import Truth
from darkfigure.intelligence.ach import Grid, Hypothesis, Row
from darkfigure.intelligence.grading import SCHEME, read_grade, weight
from darkfigure.intelligence.indicators import Condition
from darkfigure.intelligence.ledgers import Relation
from darkfigure.intelligence.yardstick import Term


class Rating(StrEnum):
    """How open to change a judgement is held to be, apart from how probable it is."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"


class Criterion(StrEnum):
    """What confidence rests on, each with a line of its own."""

    SOURCE_BASE = "source_base"
    COVERAGE = "coverage"
    AGREEMENT = "agreement"
    TIME_SINCE = "time_since"


@dataclass(frozen=True)
class Confidence:
    """Analytical confidence: a rating and the line that each criterion is met by."""

    rating: Rating
    source_base: str
    coverage: str
    agreement: str
    time_since: str

    def line(self, criterion: Criterion) -> str:
        """What is said of a criterion."""
        return str(getattr(self, criterion))


class Direction(StrEnum):
    """Where what is judged is going."""

    INCREASING = "increasing"
    DECREASING = "decreasing"
    STABLE = "stable"
    UNCLEAR = "unclear"


class Moved(StrEnum):
    """Why a judgement is, or is not, what it was in the last edition."""

    WORLD_CHANGED = "world_changed"
    KNOW_MORE = "know_more"
    DEFINITION_CHANGED = "definition_changed"
    CORRECTION = "correction"
    NO_CHANGE = "no_change"
    FIRST = "first"


class Standing(StrEnum):
    """How far a version of a judgement has come."""

    DRAFTED = "drafted"
    SENT_BACK = "sent_back"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class CitedItem:
    """An item of a report (AGENCY REFERENCE), with its grade, the number of its origin and its day
    as they were known when the judgement was written; empty where that is not said.
    """

    report: str
    number: int
    grade: str = ""
    origin: str = ""
    day: date | None = None

    @property
    def name(self) -> str:
        """The item in full: AGENCY REFERENCE/NUMBER."""
        return f"{self.report}/{self.number}"

    @property
    def weighs(self) -> float:
        """What it weighs as evidence by its grade; 1 where it has none that can be read."""
        try:
            grade = read_grade(self.grade.partition("/")[0][:2] + "P", SCHEME)
        except Unreadable:
            return 1.0
        return weight(grade.source, grade.information)


@dataclass(frozen=True)
class CitedFigure:
    """A figure or estimate, by its question in the words of `darkfigure ask`, as it stood on a day.

    `says` is the answer's identity, empty where it is not known; `role` what it does for the claim.
    """

    question: str
    as_at: date
    says: str = ""
    role: Relation = Relation.SUPPORTS


@dataclass(frozen=True)
class Assumption:
    """What is taken to be so, and how it would be seen to fail: in words, and where it can be, by a
    question and a condition on its figure.
    """

    says: str
    fails_when: str
    question: str = ""
    condition: Condition | None = None


@dataclass(frozen=True)
class Indicator:
    """What opens a judgement anew once its figure meets a condition."""

    says: str
    question: str
    condition: Condition


@dataclass(frozen=True)
class Dissent:
    """Who sees it otherwise, by post, and how."""

    post: str
    text: str


@dataclass(frozen=True)
class Comment:
    """What an agency replied to it before it was approved."""

    agency: str
    text: str


@dataclass(frozen=True)
class Change:
    """Against the last version approved: which kind of change, why, by which criterion of
    confidence, and which item or figure.
    """

    kind: Moved
    reason: str = ""
    criterion: Criterion | None = None
    item: str = ""


@dataclass(frozen=True)
class Judgement:
    """One version of a judgement. `code` stays over the years; `resolution` says how it will be
    told whether it came true by `horizon`, or, where there is no horizon, why that cannot be told.

    `if_unchanged` says whether the claim would come true if nothing changed: what it is scored
    beside. `author`, `reviewer` and `releaser` are posts or accounts and stand in nothing that is
    public.
    """

    code: str
    version: int
    area: str
    requirements: tuple[str, ...]
    claim: str
    term: Term | None
    confidence: Confidence
    direction: Direction
    horizon: date | None
    resolution: str
    places: tuple[str, ...]
    items_for: tuple[CitedItem, ...]
    items_against: tuple[CitedItem, ...]
    figures: tuple[CitedFigure, ...]
    hypotheses: tuple[Hypothesis, ...]
    assumptions: tuple[Assumption, ...]
    dissent: tuple[Dissent, ...]
    comments: tuple[Comment, ...]
    change: Change
    marking: Marking
    single_origin_said: bool
    synthetic: bool
    known: date
    author: str = ""
    reviewer: str = ""
    releaser: str = ""
    status: Standing = Standing.DRAFTED
    rows: tuple[Row, ...] = ()
    would_change: str = ""
    indicators: tuple[Indicator, ...] = ()
    if_unchanged: Truth = Truth.NOT_KNOWN

    @property
    def name(self) -> str:
        """The version in full: CODE/v2."""
        return f"{self.code}/v{self.version}"

    @property
    def items(self) -> tuple[CitedItem, ...]:
        """Every item cited, those for it first."""
        return (*self.items_for, *self.items_against)

    @property
    def origins(self) -> frozenset[str]:
        """The origins of what is for it, as far as they are named."""
        return frozenset(item.origin for item in self.items_for if item.origin)

    @property
    def single_origin(self) -> bool:
        """Whether all that is for it goes back to one origin: no figure supports it either."""
        supported = any(figure.role == Relation.SUPPORTS for figure in self.figures)
        named = all(item.origin for item in self.items_for)
        return bool(self.items_for) and not supported and named and len(self.origins) == 1

    @property
    def resolvable(self) -> bool:
        """Whether it can be told one day if it came true, so that it is scored."""
        return self.term is not None and self.horizon is not None

    @cached_property
    def grid(self) -> Grid:
        """Its hypotheses against the items cited, each weighed by its grade."""
        return Grid(self.hypotheses, self.rows, {item.name: item.weighs for item in self.items})

    @property
    def cited(self) -> frozenset[str]:
        """The names of items and the questions of figures that it rests on."""
        return frozenset(item.name for item in self.items) | {
            figure.question for figure in self.figures
        }

    @property
    def figures_asked(self) -> tuple[str, ...]:
        """Every question whose figure bears on it: cited, and watched for."""
        asked = [figure.question for figure in self.figures]
        asked += [assumption.question for assumption in self.assumptions if assumption.question]
        asked += [indicator.question for indicator in self.indicators]
        return tuple(dict.fromkeys(asked))


def faults(judgement: Judgement, before: Judgement | None) -> tuple[Saying, ...]:
    """What is wrong with a judgement, each as a saying; nothing where it is sound. `before` is the
    last version approved of the same code, None where there is none.
    """
    found = [
        *_of_claim(judgement),
        *_of_items(judgement),
        *_of_figures(judgement),
        *_of_confidence(judgement),
        *_of_hypotheses(judgement),
        *_of_assumptions(judgement),
        *_of_voices(judgement),
        *_of_people(judgement),
        *_of_change(judgement, before),
    ]
    return tuple(found)


def _of_claim(judgement: Judgement) -> Iterator[Saying]:
    if not judgement.claim.strip():
        yield say("judgement.fault.no_claim")
        if judgement.term is not None:
            yield say("judgement.fault.term_without_claim", term=_word("term", judgement.term))
    if not judgement.requirements:
        yield say("judgement.fault.no_requirement")
    if not judgement.resolution.strip():
        yield say("judgement.fault.no_resolution")
    if judgement.horizon is not None and judgement.horizon <= judgement.known:
        yield say("judgement.fault.horizon_passed", day=judgement.horizon, known=judgement.known)
    if judgement.horizon is not None and judgement.term is None:
        yield say("judgement.fault.horizon_without_term")


def _of_items(judgement: Judgement) -> Iterator[Saying]:
    if not judgement.items and not judgement.figures:
        yield say("judgement.fault.nothing_cited")
    for name, times in Counter(each.name for each in judgement.items).items():
        if times > 1:
            yield say("judgement.fault.item_twice", item=name)
    for item in judgement.items:
        if item.day is not None and item.day > judgement.known:
            yield say("judgement.fault.item_later", item=item.name, known=judgement.known)
    if judgement.single_origin and not judgement.single_origin_said:
        yield say("judgement.fault.single_origin_unsaid")
    origins = len(judgement.origins)
    if judgement.single_origin_said and origins > 1:
        yield say("judgement.fault.single_origin_untrue", number=origins)


def _of_figures(judgement: Judgement) -> Iterator[Saying]:
    for question, times in Counter(each.question for each in judgement.figures).items():
        if times > 1:
            yield say("judgement.fault.figure_twice", question=question)
    for figure in judgement.figures:
        if figure.as_at > judgement.known:
            yield say(
                "judgement.fault.figure_later", question=figure.question, known=judgement.known
            )


def _of_confidence(judgement: Judgement) -> Iterator[Saying]:
    unsaid = [each for each in Criterion if not judgement.confidence.line(each).strip()]
    if unsaid:
        named = several([_word("criterion", criterion) for criterion in unsaid], "comma")
        yield say("judgement.fault.criterion_unsaid", criteria=named)
    if judgement.confidence.rating == Rating.HIGH and judgement.single_origin:
        yield say("judgement.fault.high_on_one_origin")


def _of_hypotheses(judgement: Judgement) -> Iterator[Saying]:
    codes = [hypothesis.code for hypothesis in judgement.hypotheses]
    if len(codes) == 1:
        yield say("judgement.fault.one_hypothesis")
    for code, times in Counter(codes).items():
        if times > 1:
            yield say("judgement.fault.hypothesis_twice", code=code)
    if codes and sum(each.claimed for each in judgement.hypotheses) != 1:
        yield say("judgement.fault.claimed_unclear")
    if codes and not judgement.would_change.strip():
        yield say("judgement.fault.would_change_unsaid")
    if codes:
        in_grid = {row.item for row in judgement.rows}
        for item in judgement.items:
            if item.name not in in_grid:
                yield say("judgement.fault.item_not_in_grid", item=item.name)
    yield from _of_rows(judgement, codes)


def _of_rows(judgement: Judgement, codes: Sequence[str]) -> Iterator[Saying]:
    cited = judgement.cited
    for row in judgement.rows:
        if row.item not in cited:
            yield say("judgement.fault.row_not_cited", item=row.item)
        for code, _ in row.marks:
            if code not in codes:
                yield say("judgement.fault.mark_of_none", item=row.item, code=code)
        if missing := [code for code in codes if code not in dict(row.marks)]:
            named = several(missing, "comma")
            yield say("judgement.fault.mark_missing", item=row.item, codes=named)
    for item, times in Counter(row.item for row in judgement.rows).items():
        if times > 1:
            yield say("judgement.fault.row_twice", item=item)


def _of_assumptions(judgement: Judgement) -> Iterator[Saying]:
    for number, each in enumerate(judgement.assumptions, 1):
        if not each.says.strip() or not each.fails_when.strip():
            yield say("judgement.fault.assumption_unseen", number=number)
        if bool(each.question) != (each.condition is not None):
            yield say("judgement.fault.assumption_half", number=number)


def _of_voices(judgement: Judgement) -> Iterator[Saying]:
    for number, dissent in enumerate(judgement.dissent, 1):
        if not dissent.post.strip() or not dissent.text.strip():
            yield say("judgement.fault.dissent_empty", number=number)
    for number, comment in enumerate(judgement.comments, 1):
        if not comment.agency.strip() or not comment.text.strip():
            yield say("judgement.fault.comment_empty", number=number)


def _of_people(judgement: Judgement) -> Iterator[Saying]:
    people = [judgement.author, judgement.reviewer, judgement.releaser]
    named = [person for person in people if person]
    if len(set(named)) < len(named):
        yield say("judgement.fault.same_person")


def _of_change(judgement: Judgement, before: Judgement | None) -> Iterator[Saying]:
    change = judgement.change
    if before is None:
        if change.kind != Moved.FIRST:
            yield say("judgement.fault.nothing_before", kind=_word("moved", change.kind))
        return
    if change.kind == Moved.FIRST:
        yield say("judgement.fault.not_first", version=before.version)
        return
    if judgement.code != before.code or judgement.version <= before.version:
        yield say("judgement.fault.not_after", name=judgement.name, before=before.name)
    if judgement.known < before.known:
        yield say("judgement.fault.known_before", known=judgement.known, before=before.known)
    if not change.reason.strip():
        yield say("judgement.fault.reason_unsaid")
    yield from _of_difference(judgement, before)


def differences(judgement: Judgement, before: Judgement) -> tuple[str, ...]:
    """What of a judgement is another than before: claim, term, confidence, direction."""
    compared = {
        "claim": (judgement.claim.split(), before.claim.split()),
        "term": (judgement.term, before.term),
        "confidence": (judgement.confidence.rating, before.confidence.rating),
        "direction": (judgement.direction, before.direction),
    }
    return tuple(name for name, (now, then) in compared.items() if now != then)


def _of_difference(judgement: Judgement, before: Judgement) -> Iterator[Saying]:
    change, changed = judgement.change, differences(judgement, before)
    named = several([_word("part", part) for part in changed], "and")
    if change.kind == Moved.NO_CHANGE:
        if changed:
            yield say("judgement.fault.changed_all_the_same", parts=named)
        return
    if not changed:
        yield say("judgement.fault.nothing_changed", kind=_word("moved", change.kind))
        return
    if change.criterion is None:
        yield say("judgement.fault.criterion_of_change", parts=named)
    if not change.item:
        yield say("judgement.fault.item_of_change", parts=named)
    elif change.item not in judgement.cited | before.cited:
        yield say("judgement.fault.item_of_change_uncited", item=change.item)


def _word(kind: str, code: str) -> Word:
    return Word(f"judgement.{kind}", code)
