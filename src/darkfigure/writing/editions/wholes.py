"""What references show that are of a whole chapter: its judgements, what changed in it, what it
rests on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from darkfigure.assessment.edition import JudgementTold
from darkfigure.assessment.shown import Part, Shown, Tabled
from darkfigure.intelligence.coverage_change import CoverageChange
from darkfigure.writing.charts.coverage_charts import change_bridge
from darkfigure.writing.editions.judged import area_of
from darkfigure.writing.words import ENGLISH, Words


def key_judgements_shown(
    judgements: Sequence[JudgementTold], area: str, day: date, words: Words = ENGLISH
) -> Shown:
    """The judgements of an area, a line each; those that are withheld by their marking alone."""
    lines = [judgement_line(judgement, words) for judgement in area_of(judgements, area)]
    return Shown(
        title=words.text("edition.key_judgements"),
        parts=(Part("", tuple(lines or [words.text("edition.none_judged")])),),
        as_at=day,
        synthetic=any(each.shown.synthetic for each in judgements),
    )


def judgement_line(told: JudgementTold, words: Words = ENGLISH, *, coded: bool = True) -> str:
    """A judgement in a line: its claim, how probable, how sure, where it goes; its code, but where
    the line is led by that already.
    """
    if told.withheld:
        return withheld_line(told, words)
    term = words.text("edition.line_term", term=told.term) if told.term else ""
    return words.text(
        f"edition.{'judgement_line' if coded else 'led_line'}",
        code=told.code, claim=told.claim, term=term, confidence=told.confidence,
        direction=told.direction,
    )  # fmt: skip


def withheld_line(told: JudgementTold, words: Words) -> str:
    """What stands in place of a judgement that is withheld."""
    return words.text(
        "edition.judgement_withheld", code=told.code, marking=marking_said(told, words)
    )


def marking_said(told: JudgementTold, words: Words) -> str:
    """The marking of a judgement as it is written."""
    return words.text(f"edition.marking.{told.shown.marking.name}")


def changes_shown(
    now: Sequence[JudgementTold],
    before: Sequence[JudgementTold],
    area: str,
    change: CoverageChange | None,
    previous: str,
    day: date,
    words: Words = ENGLISH,
) -> Shown:  # fmt: skip
    """What of an area is judged otherwise than in the edition before, each with its reason, and
    what became of the share of its requirements that is answered.
    """
    if not previous:
        return Shown(
            title=words.text("edition.changes"),
            parts=(Part("", (words.text("edition.first_edition"),)),),
            as_at=day,
        )
    then = {judgement.code: judgement for judgement in before}
    rows = [
        (each.code, _was(then.get(each.code), words), _is(each, words), each.change, each.reason)
        for each in area_of(now, area)
    ]
    gone = [each for each in area_of(before, area) if each.code not in {one.code for one in now}]
    rows += [
        (each.code, _was(each, words), words.text("edition.not_judged"), "", "") for each in gone
    ]
    heads = tuple(words.text(f"edition.change_head.{each}") for each in _CHANGES)
    drawn = change_bridge(change, words) if change else None
    parts = []
    if change and drawn:
        lines = [words.text("edition.step_of", step=row[0], share=row[-1]) for row in drawn.rows]
        parts.append(Part(words.text("edition.coverage_change"), tuple(lines)))
    return Shown(
        title=words.text("edition.changes_since", previous=previous),
        table=Tabled(words.text("edition.changes_since", previous=previous), heads, tuple(rows))
        if rows
        else None,
        parts=tuple(parts),
        as_at=day,
        synthetic=any(each.shown.synthetic for each in (*now, *before)),
    )


_CHANGES = ("code", "then", "now", "kind", "reason")


def _was(told: JudgementTold | None, words: Words) -> str:
    return words.text("edition.not_judged") if told is None else _is(told, words)


def _is(told: JudgementTold, words: Words) -> str:
    if told.withheld:
        return withheld_line(told, words)
    return ", ".join(filter(None, (told.term, told.confidence, told.direction)))


def sources_shown(
    figures: Iterable[Shown], judgements: Sequence[JudgementTold], area: str, day: date,
    words: Words = ENGLISH,
) -> Shown:  # fmt: skip
    """What a chapter rests on: every document behind its figures, how often it is used; a source
    summary statement for each judgement; what its figures cannot say.
    """
    used: dict[str, int] = {}
    claims: dict[str, None] = {}
    made_up = False
    for shown in figures:
        made_up = made_up or shown.synthetic
        claims |= dict.fromkeys(shown.claims)
        for source in shown.sources:
            used[source] = used.get(source, 0) + 1
    rows = tuple((source, f"{number:,}") for source, number in sorted(used.items()))
    lines = [
        words.text("edition.rests", code=judgement.code, said=source)
        for judgement in area_of(judgements, area)
        for source in judgement.shown.sources
    ]
    title = words.text("edition.sources_of")
    heads = (words.text("edition.source"), words.text("edition.used"))
    return Shown(
        title=title,
        table=Tabled(title, heads, rows, (1,)) if rows else None,
        parts=tuple(
            Part(words.text(head), tuple(said))
            for head, said in (("edition.judgements_rest", lines), ("claims.title", claims))
            if said
        ),
        as_at=day,
        synthetic=made_up,
    )


def by_code(judgements: Iterable[JudgementTold]) -> Mapping[str, JudgementTold]:
    """Judgements by their codes."""
    return {judgement.code: judgement for judgement in judgements}
