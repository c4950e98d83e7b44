"""A judgement as it stands in an edition: the claim with its term, what it rests on, what would
change the mind. The public has how many items and origins there are, never which.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from darkfigure.assessment.edition import JudgementTold
from darkfigure.assessment.shown import Part, Shown
from darkfigure.intelligence.judgements import CitedItem, Criterion, Judgement
from darkfigure.writing.words import ENGLISH, Words


def judgement_told(
    judgement: Judgement, words: Words = ENGLISH, *, public: bool = False, since: str = ""
) -> JudgementTold:
    """A judgement of an edition, for those who may see all or for anybody; `since` names the
    edition before where it was not judged anew.
    """
    term = words.text(f"judgement.term.{judgement.term}") if judgement.term else ""
    rating = words.text(f"edition.judged.rating.{judgement.confidence.rating}")
    direction = words.text(f"edition.judged.direction.{judgement.direction}")
    moved = words.text(f"judgement.moved.{judgement.change.kind}")
    reason = judgement.change.reason
    if since:
        moved, reason = words.text("edition.not_anew", previous=since), ""
    parts = (
        *_parts(judgement, moved, reason, words),
        *(() if public else _restricted(judgement, words)),
    )
    shown = Shown(
        said=judgement.claim,
        title=judgement.code,
        parts=(Part(words.text("edition.judged.summary"), tuple(_line(judgement, words))), *parts),
        sources=(_rests_on(judgement, words),),
        as_at=judgement.known,
        question=words.text("edition.judged.requirements", codes=", ".join(judgement.requirements)),
        basis=judgement.name,
        answer=judgement.name,
        marking=judgement.marking,
        synthetic=judgement.synthetic,
    )
    return JudgementTold(
        code=judgement.code,
        area=judgement.area,
        claim=judgement.claim,
        term=term,
        confidence=rating,
        direction=direction,
        change=moved,
        reason=reason,
        shown=shown,
        version=judgement.version,
    )


def _line(judgement: Judgement, words: Words) -> Iterator[str]:
    """What is said at a glance: how probable, how sure, where it goes, by when it can be told."""
    if judgement.term:
        yield words.text(
            "edition.judged.term",
            term=words.text(f"judgement.term.{judgement.term}"),
            low=judgement.term.low,
            high=judgement.term.high,
        )
    yield words.text(
        "edition.judged.confidence",
        rating=words.text(f"edition.judged.rating.{judgement.confidence.rating}"),
    )
    yield words.text(
        "edition.judged.going",
        direction=words.text(f"edition.judged.direction.{judgement.direction}"),
    )
    if judgement.horizon:
        yield words.text(
            "edition.judged.horizon", day=judgement.horizon, resolution=judgement.resolution
        )
    elif judgement.resolution:
        yield words.text("edition.judged.never_scored", why=judgement.resolution)


def _parts(judgement: Judgement, moved: str, reason: str, words: Words) -> Iterator[Part]:
    """What anybody may read of what it rests on."""
    yield Part(
        words.text("edition.judged.why_confident"),
        tuple(
            f"{words.text(f'judgement.criterion.{criterion}')}: "
            f"{judgement.confidence.line(criterion)}"
            for criterion in Criterion
        ),
    )
    yield Part(
        words.text("edition.judged.change"),
        (words.text("edition.judged.moved", moved=moved, reason=reason) if reason else moved,),
    )
    if judgement.figures:
        yield Part(
            words.text("edition.judged.figures"),
            tuple(
                words.text("edition.judged.figure", question=figure.question, day=figure.as_at)
                for figure in judgement.figures
            ),
        )
    if judgement.assumptions:
        yield Part(
            words.text("edition.judged.assumptions"),
            tuple(
                words.text(
                    "edition.judged.assumed", says=assumption.says, fails=assumption.fails_when
                )
                for assumption in judgement.assumptions
            ),
        )
    if judgement.dissent:
        yield Part(
            words.text("edition.judged.dissent"),
            tuple(f"{view.post}: {view.text}" for view in judgement.dissent),
        )


def _restricted(judgement: Judgement, words: Words) -> Iterator[Part]:
    """Which items, and how each stands to each hypothesis."""
    for name, items in (("for", judgement.items_for), ("against", judgement.items_against)):
        if items:
            yield Part(
                words.text(f"edition.judged.{name}"), tuple(_item(item, words) for item in items)
            )
    if judgement.hypotheses:
        yield Part(
            words.text("edition.judged.hypotheses"),
            tuple(
                words.text(
                    "edition.judged.hypothesis",
                    code=each.code,
                    says=each.says,
                    against=f"{total:.1f}",
                )
                for each, total in judgement.grid.ranked
            ),
        )
        yield Part(words.text("edition.judged.sensitive"), tuple(_sensitive(judgement, words)))
    if judgement.would_change:
        yield Part(words.text("edition.judged.would_change"), (judgement.would_change,))
    if judgement.comments:
        yield Part(
            words.text("edition.judged.comments"),
            tuple(f"{comment.agency}: {comment.text}" for comment in judgement.comments),
        )


def _sensitive(judgement: Judgement, words: Words) -> Iterator[str]:
    for turn in judgement.grid.turns:
        yield words.text(
            "edition.judged.turn", item=turn.item, codes=words.joined([*turn.leading], "comma")
        )
    if not judgement.grid.turns:
        yield words.text("edition.judged.no_turn")
    if useless := judgement.grid.undiagnostic:
        yield words.text("edition.judged.undiagnostic", items=words.joined([*useless], "comma"))


def _item(item: CitedItem, words: Words) -> str:
    grade = words.text("edition.judged.graded", grade=item.grade) if item.grade else ""
    day = f", {item.day}" if item.day else ""
    return f"{item.name}{day}{grade}"


def _rests_on(judgement: Judgement, words: Words) -> str:
    """How many items and origins it rests on, how they are graded, how many speak against it
    (ICD 206, source summary statement).
    """
    grades = Counter(item.grade for item in judgement.items if item.grade)
    graded = [
        words.text("edition.judged.so_many", number=number, grade=grade)
        for grade, number in sorted(grades.items())
    ]
    rests = words.text(
        "edition.judged.rests_on",
        items=len(judgement.items_for),
        against=len(judgement.items_against),
        origins=len(judgement.origins),
        figures=len(judgement.figures),
    )
    if not graded:
        return rests
    return f"{rests} {words.text('edition.judged.grades', grades=words.joined(graded, 'comma'))}"


def area_of(judgements: Sequence[JudgementTold], area: str) -> list[JudgementTold]:
    """The judgements of an area, by code."""
    return sorted(
        (judgement for judgement in judgements if judgement.area == area),
        key=lambda each: each.code,
    )
