"""Check an edition of the assessment as before its release: collated, its text looked through for
names that are held, what judgements cite asked again, what it says nobody stated held against
everything that went out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from darkfigure.assessment.checks import check, holds_faults
from darkfigure.assessment.edition import Edition, EditionHead, Source, key_of
from darkfigure.assessment.findings import Finding, Level
from darkfigure.assessment.material import Material, finding
from darkfigure.assessment.text import Place
from darkfigure.assessment.typed import head_place, typed_in
from darkfigure.basis.errors import DarkfigureError, Unreadable
from darkfigure.basis.marking import Scope
from darkfigure.basis.period import Period, parse_period
from darkfigure.basis.permission import Permission
from darkfigure.intelligence.judgements import Judgement
from darkfigure.publication.all_released import Out
from darkfigure.tables.cell import Cell
from darkfigure.tables.question import Question
from darkfigure_hub.flows.answer_question import answered
from darkfigure_hub.flows.ask_in_words import question_written
from darkfigure_hub.flows.collate_edition import Collated, collate_edition
from darkfigure_hub.flows.everything_out import everything_out
from darkfigure_hub.store.queries import assessments as store
from darkfigure_hub.store.queries.assessments import HeldEdition
from darkfigure_hub.store.queries.identity import as_looked_for, names_among

_WORD = re.compile(r"[^\W\d_][\w'\u2019]*")
#: A name is of so many words at most: given names, then family names.
_WORDS = 5


@dataclass(frozen=True)
class Checked:
    """An edition collated, and everything that was found of it."""

    collated: Collated
    found: tuple[Finding, ...]

    @property
    def passes(self) -> bool:
        """Whether nothing keeps it from going out."""
        return not holds_faults(self.found)


def check_edition(
    scope: Scope,
    source: Source,
    day: date,
    doing: Callable[[str, int], None] = lambda _what, _number: None,
) -> Checked:
    """Collate an edition and check it as before a release on a day. Nothing is kept."""
    scope.require(Permission.PREPARE_RELEASE)
    collated = collate_edition(scope, source, doing)
    reads_names = scope.may(Permission.READ_NAMES)
    material = Material(
        collated.restricted,
        collated.public,
        collated.held,
        collated.coverage,
        collated.judgements,
        collated.before,
        collated.answers,
        (*collated.faults, *_of_itself(scope, source, day)),
        names=names_in(scope, collated.restricted) if reads_names else None,
        drifted=_drifted(scope, collated.judgements),
        published=tuple(published_after_all(scope, collated)),
        withheld=collated.held_back,
    )
    return Checked(collated, tuple(check(material)))


def _of_itself(scope: Scope, source: Source, day: date) -> Iterator[Finding]:
    """What an edition says of itself that is not so: days to come, an edition before that does not
    stand here.
    """
    head = source.head
    if head.as_at > day:
        at = head_place(source, "as_at", str(head.as_at))
        yield finding("head", at, day=head.as_at, today=day)
    for on, said in head.errata:
        if on > day:
            at = head_place(source, "errata", said)
            yield finding("head", at, Level.FAULT, "head_errata", day=on, today=day)
    if head.previous:
        try:
            standing_before(scope, head)
        except Unreadable as error:
            at = head_place(source, "previous", head.previous)
            yield finding("head", at, Level.FAULT, "named", fault=str(error))


def standing_before(scope: Scope, head: EditionHead) -> HeldEdition:
    """The last version of the edition before that is not withdrawn. Raises Unreadable where there
    is none, or it is as known on another day than said.
    """
    scope.require(Permission.READ_RELEASES)
    held = [each for each in store.editions(scope, name=head.previous) if each.state != "withdrawn"]
    if not held:
        raise Unreadable(
            f"The edition before, {head.previous}, was not released here: release it first, or "
            "leave previous out."
        )
    if held[-1].as_at != head.previous_as_at:
        raise Unreadable(
            f"{head.previous} is as known on {held[-1].as_at}, not on {head.previous_as_at}. Write "
            "its day in previous."
        )
    return held[-1]


def _drifted(scope: Scope, judgements: Sequence[Judgement]) -> tuple[tuple[str, str], ...]:
    """The figures that judgements cite and that would be answered otherwise as known on the day
    that was cited: by the judgement's code, and in the words of the question.
    """
    answers: dict[tuple[str, date], str] = {}
    moved = []
    for judgement in judgements:
        for cited in judgement.figures:
            asked = (cited.question, cited.as_at)
            if cited.says and asked not in answers:
                answers[asked] = answered(scope, question_written(*asked)).id
            if cited.says and answers[asked] != cited.says:
                moved.append((judgement.code, cited.question))
    return tuple(moved)


def names_in(scope: Scope, edition: Edition) -> tuple[Place, ...]:
    """Where a name that the repository holds of a person stands in what an edition shows, in any
    of its parts, and in its text as typed: addresses and what no page shows go out with that.
    Raises NotPermitted for who may not read names: another checks the edition.
    """
    scope.require(Permission.READ_NAMES)
    places: dict[str, list[Place]] = {}
    said = [(typed.place, typed.text) for typed in typed_in(edition)]
    for place, text in (*said, *_lines_typed(edition.source)):
        words = _WORD.findall(as_looked_for(text))
        for length in range(2, _WORDS + 1):
            for first in range(len(words) - length + 1):
                places.setdefault(" ".join(words[first : first + length]), []).append(place)
    found = names_among(scope, list(places)) if places else set()
    return tuple(dict.fromkeys(place for name in sorted(found) for place in places[name]))


def _lines_typed(source: Source) -> Iterator[tuple[Place, str]]:
    """The lines of chapters as typed, without what joins words in names of figures."""
    for chapter in source.chapters:
        for number, line in enumerate(source.texts[chapter.file].split("\n"), 1):
            yield Place(chapter.file, number), line.replace("_", " ")


def published_after_all(scope: Scope, collated: Collated) -> Iterator[tuple[Place, str]]:
    """What an edition says has no figure, and that went out with one by its day: where, and in what
    it went out.
    """
    scope.require(Permission.READ_RELEASES)
    lacking = [
        (live.place, question)
        for chapter, live, shown in collated.restricted.figures()
        if shown.cannot
        and shown.value is None
        and shown.table is None
        and (question := collated.questions.get(key_of(chapter, live)))
    ]
    if not lacking:
        return
    out = collated.out or everything_out(scope)
    for place, question in lacking:
        if where := next((one.where for one in out if answers(one, question)), ""):
            yield place, where


def answers(out: Out, question: Question) -> bool:
    """Whether what went out has a figure of what is asked."""
    asked = out.answer.question
    if asked.measure.code != question.measure.code or asked.as_at > question.as_at:
        return False
    if question.unit and question.unit != out.answer.unit:
        return False
    return any(
        cell.value is not None and _is_of(cell, asked, question) for cell in out.answer.cells
    )


def _is_of(cell: Cell, asked: Question, question: Question) -> bool:
    """Whether a cell of another question is of what is asked: the same values, the same time."""
    said = {str(condition) for condition in asked.where}
    said |= {f"{name}={code}" for name, code in cell.dims.items() if name != asked.cut and code}
    wanted = {str(condition) for condition in question.where}
    if not wanted <= said:
        return False
    beside = {condition.partition("=")[0] for condition in said - wanted}
    if beside != set(question.by):
        return False
    return question.period is None or question.period == _time_of(cell, asked)


def _time_of(cell: Cell, asked: Question) -> Period | None:
    try:
        return parse_period(cell.period)
    except DarkfigureError:
        return asked.period
