"""Collate an edition of the yearly assessment: every reference of its text looked up as known on
its day, for those who may see all and for anybody; what is said by conditions, and what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from darkfigure.assessment.conditions import Verdict, holds, names_in, worked_out
from darkfigure.assessment.edition import (
    Condition,
    Edition,
    JudgementTold,
    Rendering,
    Source,
    key_of,
)
from darkfigure.assessment.findings import Finding
from darkfigure.assessment.references import Form, Kind, Reference
from darkfigure.assessment.shown import Shown, withheld
from darkfigure.assessment.text import Chapter, Live, Place
from darkfigure.basis.errors import DarkfigureError, UnknownName, Unreadable
from darkfigure.basis.marking import Marking, Scope
from darkfigure.basis.period import parse_day, parse_period
from darkfigure.basis.permission import Permission
from darkfigure.basis.saying import quote, say
from darkfigure.codes import codes_for
from darkfigure.intelligence.coverage import Coverage
from darkfigure.intelligence.coverage_change import CoverageChange
from darkfigure.intelligence.judgements import Judgement
from darkfigure.intelligence.requirement_sets import RequirementSet
from darkfigure.publication import Answer, Question
from darkfigure.publication.all_released import Out
from darkfigure.publication.answer import THRESHOLD
from darkfigure.publication.trends import Trend
from darkfigure.tables.intervals import Bounded
from darkfigure.tables.question import CASES, any_condition
from darkfigure.tables.unreturned import RETURNING
from darkfigure.writing import registry
from darkfigure.writing.editions import taken, wholes
from darkfigure.writing.editions.judged import judgement_told
from darkfigure.writing.editions.trends import trend_shown
from darkfigure_hub.flows.answer_guarded import answer_guarded
from darkfigure_hub.flows.answer_question import answered
from darkfigure_hub.flows.ask_of_reference import periods_of, question_of
from darkfigure_hub.flows.everything_out import everything_out
from darkfigure_hub.flows.explain_change import explain_change
from darkfigure_hub.flows.judge import judgements_as_at
from darkfigure_hub.flows.measure_coverage import compare_coverage, measure_coverage
from darkfigure_hub.flows.revise_estimate import estimate_series
from darkfigure_hub.flows.set_requirements import requirement_set
from darkfigure_hub.flows.show_flow import show_flow
from darkfigure_hub.flows.show_trend import show_trend

#: References that are built of a whole chapter.
_WHOLE = (Kind.KEY_JUDGEMENTS, Kind.CHANGES, Kind.SOURCES)


@dataclass(frozen=True)
class Collated:
    """An edition in both renderings, what it is collated from, and what was wrong on the way.

    `answers` are those that go out with the public rendering, by the keys of their references;
    `judgements` and `before` are the judgements of its day and of the edition before, `held_back`
    how many there are that are not seen; `questions` what references ask, by their keys; `out` what
    went out before, as far as it was looked at.
    """

    restricted: Edition
    public: Edition
    held: RequirementSet
    coverage: Coverage
    judgements: tuple[Judgement, ...]
    before: tuple[Judgement, ...]
    answers: Mapping[str, Answer]
    faults: tuple[Finding, ...]
    held_back: int = 0
    questions: Mapping[str, Question] = field(default_factory=dict)
    out: Sequence[Out] = ()


@dataclass
class _Found:
    """What was found so far."""

    restricted: dict[str, Shown] = field(default_factory=dict)
    public: dict[str, Shown] = field(default_factory=dict)
    questions: dict[str, tuple[Question, Form, str]] = field(default_factory=dict)
    faults: list[Finding] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    before: dict[Question, Answer] = field(default_factory=dict)
    out: Sequence[Out] = ()


def collate_edition(
    scope: Scope,
    source: Source,
    doing: Callable[[str, int], None] = lambda _what, _number: None,
    *,
    kept: Collated | None = None,
    public: bool = True,
) -> Collated:
    """Look up every reference of an edition as known on its day. What is wrong with one is a fault
    of its place; the others are shown all the same. What was `kept` of the edition a moment ago is
    not looked up again; where it is not for the `public`, nothing is guarded: a preview is quick.

    Raises UnknownName for a requirement set that is not loaded.
    """
    scope.require(Permission.PREPARE_RELEASE)
    return _Collating(scope, source, doing, kept, public=public).collated()


class _Collating:
    """An edition on its way through the references of its text."""

    def __init__(
        self,
        scope: Scope,
        source: Source,
        doing: Callable[[str, int], None],
        kept: Collated | None,
        *,
        public: bool,
    ) -> None:
        self._scope, self._source, self._doing, self._public = scope, source, doing, public
        self._head = source.head
        if kept is not None and kept.restricted.head != self._head:
            kept = None
        self._kept: Mapping[str, Shown] = kept.restricted.values if kept else {}
        self._words = registry.words_of("answer", self._head.language)
        self._held = requirement_set(scope, self._head.requirements)
        if self._held.valid.start > self._head.as_at:
            raise Unreadable(
                f"edition.yaml, requirements: {self._held.edition} begins on "
                f"{self._held.valid.start}, after {self._head.as_at}, the day of this edition."
            )
        self._found = _Found()
        self._trends: dict[str, Trend] = {}
        self._before: tuple[Judgement, ...] = ()
        if kept is not None:
            self._coverage, self._judged, self._before = kept.coverage, kept.judgements, kept.before
            self._hidden = kept.held_back
            return
        self._coverage = measure_coverage(scope, self._head.requirements, self._head.as_at)
        self._judged, self._hidden = judgements_as_at(scope, self._head.as_at)
        if self._head.previous_as_at:
            self._before, _ = judgements_as_at(scope, self._head.previous_as_at)

    def collated(self) -> Collated:
        """The edition, collated."""
        for number, (chapter, live, marking) in enumerate(self._source.lives):
            self._doing(f"{chapter.file}: {live.reference.kind}", number)
            if not live.reference.is_looked_up:
                continue
            try:
                self._look_up(chapter, live, marking)
            except DarkfigureError as error:
                self._fault(live.place, str(error))
                key = key_of(chapter, live)
                self._found.broken.add(key)
                missing = Shown(said="?", cannot=(str(error),))
                self._found.restricted.setdefault(key, missing)
                self._found.public.setdefault(key, missing)
        answers = self._guard() if self._public else {}
        told = tuple(self._told(each) for each in self._judged)
        public = tuple(self._public_judgement(each) for each in self._judged)
        self._wholes(told, public)
        restricted_says = tuple(self._conditions(self._found.restricted, self._head.marking))
        public_says = tuple(self._conditions(self._found.public, Marking.PUBLIC))
        basis = {"requirements": self._held.edition, "coverage": str(self._coverage.at)}
        restricted = Edition(
            self._source, Rendering.RESTRICTED, self._found.restricted, told, restricted_says, basis
        )
        return Collated(
            restricted,
            replace(
                restricted,
                rendering=Rendering.PUBLIC,
                values=self._found.public,
                judgements=public,
                conditions=public_says if self._public else (),
            ),
            self._held,
            self._coverage,
            self._judged,
            self._before,
            answers,
            tuple(self._found.faults),
            self._hidden,
            {key: question for key, (question, _, _) in self._found.questions.items()},
            self._found.out,
        )

    def _fault(self, place: Place, text: str, code: str = "reference") -> None:
        self._found.faults.append(Finding(code, place, quote(text)))

    def _look_up(self, chapter: Chapter, live: Live, marking: Marking) -> None:
        key, reference = key_of(chapter, live), live.reference
        if key not in self._found.restricted:
            shown = self._kept.get(key) or self._shown(key, chapter, reference)
            if shown is None:  # built from the whole edition when it is written
                shown = Shown(title=str(reference.kind), as_at=self._head.as_at)
            self._found.restricted[key] = shown
        if marking == Marking.PUBLIC and key not in self._found.public:
            shown = self._found.restricted[key]
            self._found.public[key] = self._for_public(chapter, reference, shown)

    def _shown(self, key: str, chapter: Chapter, reference: Reference) -> Shown | None:
        title = reference.field("title")
        if reference.kind is Kind.ASK:
            question = question_of(reference, self._head)
            answer = answered(self._scope, question)
            shown = taken.answer_shown(answer, reference.form, title, self._words)
            self._found.questions[key] = (question, reference.form, title)
            return shown
        if reference.kind is Kind.BRIDGE:
            return self._bridge(key, reference, title)
        if reference.kind is Kind.TREND:
            trend = self._trend(reference)
            self._keep_back(key, "cases" if trend.last.question.evidence == CASES else "")
            return trend_shown(trend, title, self._words)
        if reference.kind is Kind.ESTIMATE:
            return self._estimate(reference, title)
        if reference.kind is Kind.COVERAGE:
            return self._covered(reference, self._head.marking)
        if reference.kind is Kind.GAPS:
            return self._gaps(chapter, reference, self._head.marking)
        if reference.kind is Kind.FLOW:
            where = [any_condition(text) for text in reference.all("where")]
            found = show_flow(self._scope, self._head.as_at, where)
            shown = taken.flow_shown(found, reference.form, title, self._words)
            self._keep_back(key, "small" if taken.small_in(found, THRESHOLD - 1) else "")
            return shown
        if reference.kind is Kind.JUDGEMENT:
            return self._told(self._judgement(reference.subject)).shown
        return None

    def _covered(self, reference: Reference, sees: Marking) -> Shown:
        return taken.coverage_shown(
            self._coverage, self._held, reference.subject, reference.field("title"), self._words,
            sees,
        )  # fmt: skip

    def _gaps(self, chapter: Chapter, reference: Reference, sees: Marking) -> Shown:
        code = reference.subject or chapter.area
        if code not in (*self._held.threats, *self._held.requirements, *self._held.questions):
            raise Unreadable(f"{self._held.edition} has no {code!r} to say gaps of.")
        return taken.gaps_shown(
            self._coverage, self._held, code, self._asked_since(), reference.field("title"),
            self._words, sees,
        )  # fmt: skip

    def _asked_since(self) -> dict[str, date]:
        """The questions that an edition before asked already, and from when on."""
        if not self._head.previous_requirements:
            return {}
        before = requirement_set(self._scope, self._head.previous_requirements)
        return dict.fromkeys(before.questions, before.valid.start)

    def _bridge(self, key: str, reference: Reference, title: str) -> Shown:
        start = reference.field("from") or str(self._head.previous_as_at or "")
        if not start:
            raise Unreadable("There is no edition before: say from which day, from=YYYY-MM-DD.")
        question = question_of(reference, self._head)
        found = explain_change(self._scope, question, parse_day(start), self._head.as_at)
        self._keep_back(key, "cases" if question.evidence == CASES else "")
        return taken.bridge_shown(found, reference.form, title, self._words)

    def _trend(self, reference: Reference) -> Trend:
        """What a reference to a trend leads to; asked once, however often it is spoken of."""
        if reference.key not in self._trends:
            question, of = question_of(reference, self._head), reference.field("of") or RETURNING
            found = show_trend(self._scope, question, of, *periods_of(reference))
            self._trends[reference.key] = found
        return self._trends[reference.key]

    def _keep_back(self, key: str, why: str) -> None:
        """Keep what a reference shows out of the public rendering."""
        if why:
            self._found.public[key] = withheld(why)

    def _estimate(self, reference: Reference, title: str) -> Shown:
        population = codes_for("population").resolve(reference.subject)
        wanted = reference.field("period")
        period = parse_period(wanted) if wanted else None
        entries = [
            entry
            for entry in estimate_series(self._scope)
            if entry.population == population
            and entry.stated_on <= self._head.as_at
            and (entry.taken_back is None or entry.taken_back > self._head.as_at)
            and (period is None or entry.period == period)
        ]
        return taken.estimates_shown(
            entries, population, self._head.as_at, reference.form, title, self._words
        )

    def _judgement(self, code: str) -> Judgement:
        for judgement in self._judged:
            if judgement.code == code:
                return judgement
        known = ", ".join(judgement.code for judgement in self._judged) or "none"
        raise UnknownName(
            f"No judgement {code!r} was approved by {self._head.as_at}. Those that were: {known}."
        )

    def _told(self, judgement: Judgement, *, public: bool = False) -> JudgementTold:
        """A judgement, with what moved it since the edition before: nothing, where it was not
        judged anew.
        """
        said = (judgement.code, judgement.version)
        same = any((one.code, one.version) == said for one in self._before)
        since = self._head.previous if same else ""
        return judgement_told(judgement, self._words, public=public, since=since)

    def _public_judgement(self, judgement: Judgement) -> JudgementTold:
        """A judgement as the public has it: without its items, or its code and marking alone."""
        told = self._told(judgement, public=True)
        if judgement.marking == Marking.PUBLIC:
            return told
        return JudgementTold(
            told.code, told.area, "", "", "", "", "", "",
            withheld("marked", judgement.marking), told.version, "marked",
        )  # fmt: skip

    def _wholes(self, told: Sequence[JudgementTold], public: Sequence[JudgementTold]) -> None:
        """What references show that are of a whole chapter, once all the others are known."""
        for chapter, live, _ in self._source.lives:
            if live.reference.kind not in _WHOLE:
                continue
            key = key_of(chapter, live)
            for values, judged, anybody in (
                (self._found.restricted, told, False),
                (self._found.public, public, True),
            ):
                if key in values:
                    values[key] = self._whole(chapter, live.reference.kind, values, judged, anybody)

    def _whole(
        self,
        chapter: Chapter,
        kind: Kind,
        values: Mapping[str, Shown],
        judged: Sequence[JudgementTold],
        public: bool,
    ) -> Shown:
        area, day = chapter.area, self._head.as_at
        if kind is Kind.KEY_JUDGEMENTS:
            return wholes.key_judgements_shown(judged, area, day, self._words)
        if kind is Kind.CHANGES:
            before = [
                self._public_judgement(each) if public else judgement_told(each, self._words)
                for each in self._before
            ]
            return wholes.changes_shown(
                judged, before, area, self._change, self._head.previous, day, self._words
            )
        own = [
            values.get(key_of(chapter, live))
            for live, _ in chapter.lives
            if live.reference.kind is not Kind.JUDGEMENT
        ]
        figures = [shown for shown in own if shown is not None and shown.question]
        return wholes.sources_shown(figures, judged, area, day, self._words)

    @cached_property
    def _change(self) -> CoverageChange | None:
        """What became of coverage since the edition before."""
        head = self._head
        if not head.previous_requirements or head.previous_as_at is None:
            return None
        return compare_coverage(
            self._scope, head.previous_requirements, head.previous_as_at,
            head.requirements, head.as_at,
        )  # fmt: skip

    def _for_public(self, chapter: Chapter, reference: Reference, shown: Shown) -> Shown:
        """What the public has of a reference but a question: those are guarded together."""
        if reference.kind is Kind.GAPS and self._public:
            return self._gaps(chapter, reference, Marking.PUBLIC)
        if reference.kind is Kind.COVERAGE and self._public:
            return self._covered(reference, Marking.PUBLIC)
        if reference.kind is Kind.JUDGEMENT:
            return self._public_judgement(self._judgement(reference.subject)).shown
        if shown.marking > Marking.PUBLIC and reference.kind is not Kind.ASK:
            return withheld("marked", shown.marking)
        return shown

    def _guard(self) -> dict[str, Answer]:
        """Answer for the public what its text asks, guarded together and with all that is out."""
        asked = {
            key: self._found.questions[key]
            for key in self._found.public
            if key in self._found.questions
        }
        if not asked:
            return {}
        before = self._found.out = everything_out(self._scope)
        self._doing("what goes out", 0)
        told: dict[str, Answer] = {}
        questions = {key: question for key, (question, _, _) in asked.items()}
        keys, unlike = list(questions), dict.fromkeys(questions.values())
        guarded = answer_guarded(self._scope, list(unlike), before)
        by_question = dict(zip(unlike, zip(guarded.told, guarded.marked, strict=True), strict=True))
        for key in keys:
            answer, marked = by_question[questions[key]]
            _, form, title = asked[key]
            if marked:
                self._found.public[key] = withheld("marked", answer.marking)
                continue
            told[key] = answer
            self._found.public[key] = taken.answer_shown(answer, form, title, self._words)
        return told

    def _conditions(self, values: Mapping[str, Shown], sees: Marking) -> Iterator[Condition]:
        """What sentences of a rendering say that can be checked, each with whether it holds of the
        figures that this rendering shows, chapter by chapter: a name is known in its chapter.
        """
        for chapter in self._source.chapters:
            lives = [live for live, marking in chapter.lives if marking <= sees]
            known = self._known(chapter, lives, values, sees)
            for live in lives:
                if live.reference.kind is Kind.SAYS:
                    yield self._checked(live, known)

    def _checked(self, live: Live, known: Mapping[str, Bounded]) -> Condition:
        reference = live.reference
        try:
            if not names_in(reference.condition):
                raise Unreadable(f"{reference.condition!r} speaks of no figure: name one.")
            verdict, fault = holds(reference.condition, known), ""
        except DarkfigureError as error:
            verdict, fault = Verdict.NOT_SURE, str(error)
        return Condition(live.place, reference.subject, reference.condition, verdict, fault)

    def _known(
        self,
        chapter: Chapter,
        lives: Sequence[Live],
        values: Mapping[str, Shown],
        sees: Marking,
    ) -> dict[str, Bounded]:
        """The figures that have a name in a chapter; of those asked about as they were for the
        edition before, too.
        """
        known: dict[str, Bounded] = {}
        wanted = self._wanted(lives)
        for live in lives:
            reference = live.reference
            if reference.kind is Kind.LET:
                try:
                    known[reference.name] = worked_out(reference.condition, known)
                except DarkfigureError as error:
                    self._fault(live.place, str(error), "condition")
            elif reference.name:
                if reference.name in known:
                    self._fault(live.place, str(say("edition.check.twice", name=reference.name)))
                shown = values.get(key_of(chapter, live))
                known[reference.name] = shown.bounded if shown else Bounded(None, None, None)
                if f"{reference.name}.before" in wanted:
                    if key_of(chapter, live) in self._found.broken:
                        known[f"{reference.name}.before"] = Bounded(None, None, None)
                        continue
                    try:
                        known[f"{reference.name}.before"] = self._as_before(reference, sees)
                    except DarkfigureError as error:
                        self._fault(live.place, str(error), "condition")
        return known

    def _figure(self, question: Question, sees: Marking) -> Bounded:
        if question not in self._found.before:
            self._found.before[question] = answered(self._scope, question)
        answer = self._found.before[question]
        if sees == Marking.PUBLIC and (question.evidence == CASES or answer.marking > sees):
            return Bounded(None, None, None)
        return taken.answer_shown(answer, Form.NONE, words=self._words).bounded

    def _wanted(self, lives: Sequence[Live]) -> set[str]:
        found: set[str] = set()
        for live in lives:
            if live.reference.condition:
                try:
                    found.update(names_in(live.reference.condition))
                except DarkfigureError as error:
                    self._fault(live.place, str(error), "condition")
        return found

    def _as_before(self, reference: Reference, sees: Marking) -> Bounded:
        """The figure of a reference as it was known for the edition before, of a trend that of the
        earlier period; nothing of one that a rendering does not show: what counts records is
        guarded, and was not for this.
        """
        if reference.kind is Kind.TREND:
            trend = self._trend(reference)
            hidden = trend.last.question.evidence == CASES or trend.marking > sees
            return Bounded(None, None, None) if hidden else trend.before
        day = self._head.previous_as_at
        if day is None:
            raise Unreadable("There is no edition before (previous), so nothing was before.")
        if reference.kind is Kind.ASK:
            asked = question_of(reference, self._head)
            if asked.as_at < day:
                raise Unreadable(
                    f"{reference.name} is as known on {asked.as_at}, and before is {day}, later."
                )
            return self._figure(replace(asked, as_at=day), sees)
        if reference.kind is Kind.BRIDGE:
            start = parse_day(reference.field("from") or str(day))
            return self._figure(replace(question_of(reference, self._head), as_at=start), sees)
        if reference.kind is Kind.COVERAGE:
            edition = self._head.previous_requirements
            found = measure_coverage(self._scope, edition, day)
            held = requirement_set(self._scope, edition)
            shown = taken.coverage_shown(found, held, reference.subject)
            return shown.bounded
        raise Unreadable(f"What {reference.kind} said before is not known: ask a figure.")
