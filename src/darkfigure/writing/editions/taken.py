"""What a reference shows, taken from what it leads to: an answer, a bridge, estimates, coverage, a
flow. From here on it is words and drawings, the same in every form.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from darkfigure.assessment.references import Form
from darkfigure.assessment.shown import Drawn, Shown, Tabled
from darkfigure.basis.errors import Unreadable
from darkfigure.basis.marking import Marking
from darkfigure.intelligence.coverage import CellStatus, Coverage
from darkfigure.intelligence.requirement_sets import RequirementSet, is_under, natural
from darkfigure.publication import Answer, Bridge
from darkfigure.publication.answer import is_hidden
from darkfigure.publication.series import SeriesEntry
from darkfigure.tables.flow import Flow, Step
from darkfigure.tables.intervals import of_cell
from darkfigure.writing.charts.answer_charts import answer_picture, bridge_picture
from darkfigure.writing.charts.estimate_charts import range_said
from darkfigure.writing.charts.estimate_charts import series as series_picture
from darkfigure.writing.charts.flow_charts import steps_picture
from darkfigure.writing.charts.picture import Picture
from darkfigure.writing.wording import (
    claims_beneath,
    dim_words,
    ends_of,
    estimate_figure,
    face_of,
    face_of_bridge,
    figure,
    footnotes,
    is_synthetic,
    kept_to,
    refusal_lines,
    source_lines,
    step_name,
    step_why,
    title_of,
    unit_title,
    written,
)
from darkfigure.writing.words import ENGLISH, Words

#: Cells of coverage that are open: nothing yet says what they ask.
OPEN = (
    CellStatus.NOT_ASKED,
    CellStatus.NO_RETURN,
    CellStatus.NIL,
    CellStatus.CONTESTED,
    CellStatus.LAPSED,
)


def answer_shown(answer: Answer, form: Form, title: str = "", words: Words = ENGLISH) -> Shown:
    """An answer as a figure in a sentence, a table or a chart.

    Raises Unreadable where a sentence would have several figures to choose from.
    """
    cells = answer.cells
    if form in (Form.NUMBER, Form.NONE) and len(cells) > 1:
        raise Unreadable(
            f"{answer.question.measure.code} has {len(cells)} figures here, and a sentence has one."
            " Keep it to one with where= and period=, or show it as=table."
        )
    # The requirement that would close it is of today, and an edition holds what was known then.
    cannot = tuple(refusal_lines(each, words)[0] for each in answer.cannot)
    heading = title or title_of(answer.question, words)
    one = of_cell(cells[0], None) if len(cells) == 1 else None
    hidden = bool(cells) and all(map(is_hidden, cells))
    return Shown(
        said=_said(answer, words),
        title=heading,
        value=one.value if one else None,
        low=one.low if one else None,
        high=one.high if one else None,
        table=_answer_table(answer, heading, words) if form not in (Form.NUMBER,) else None,
        drawn=_drawn(answer_picture(answer, words)) if form is Form.CHART else None,
        sources=tuple(source_lines(answer, words)),
        notes=tuple(dict.fromkeys([*face_of(answer, words), *map(words.say, answer.notes)])),
        cannot=(*((words.text("edition.hidden"),) if hidden else ()), *cannot),
        claims=tuple(claims_beneath(answer, words)),
        as_at=answer.question.as_at,
        question=title_of(answer.question, words),
        basis=answer.basis,
        answer=answer.id,
        marking=answer.marking,
        synthetic=is_synthetic(answer),
    )


def _said(answer: Answer, words: Words) -> str:
    if len(answer.cells) == 1:
        return figure(answer.cells[0], words)
    if answer.cells:
        return words.text("edition.figures", number=len(answer.cells))
    return words.text("edition.no_figure")


def _answer_table(answer: Answer, title: str, words: Words) -> Tabled | None:
    if not answer.cells:
        return None
    table = written(answer, words)
    heads, rows, dims = list(table.heads), list(table.rows), table.numeric
    if not dims:  # a single figure: what it is of stands before it
        heads, rows, dims = [words.text("head.measure"), *heads], [[title, *rows[0]]], 1
    texts = footnotes(answer.cells, words).texts
    notes = [f"[{number}] {text}" for number, text in enumerate(texts, 1)]
    return Tabled(
        f"{title}. {words.text('edition.as_at', day=answer.question.as_at)}",
        tuple(heads),
        tuple(map(tuple, rows)),
        (dims,),
        tuple(notes),
    )


def _drawn(drawn: Picture) -> Drawn:
    table = [drawn.heads, *drawn.rows]
    told = "; ".join(", ".join(filter(None, row)) for row in table[1:])
    return Drawn(drawn.svg, f"{drawn.title}. {told}")


def bridge_shown(bridge: Bridge, form: Form, title: str = "", words: Words = ENGLISH) -> Shown:
    """A bridge as a sentence, a table or a chart."""
    first, last = ends_of(bridge, words)
    heading = title or words.text(
        "bridge.caption",
        title=title_of(bridge.question, words), start=bridge.start, end=bridge.end,
    )  # fmt: skip
    rows = [
        (first[0], first[1], ""),
        *((step_name(line, words), f"{line.amount:+,}", step_why(line, words))
          for line in bridge.lines),
        (last[0], last[1], ""),
    ]  # fmt: skip
    steps = [
        words.text("edition.step", amount=f"{line.amount:+,}", reason=words.reason(line.reason))
        for line in bridge.lines
    ]
    moved = words.text("edition.moved", opening=first[1], closing=last[1], start=bridge.start)
    same = words.text("edition.not_moved", closing=last[1], start=bridge.start)
    said = f"{moved} ({words.joined(steps, 'semicolon')})" if steps else same
    ends = (bridge.at_start, bridge.at_end)
    return Shown(
        said=said,
        title=heading,
        value=bridge.closing,
        low=bridge.closing,
        high=bridge.closing,
        table=Tabled(
            heading,
            (words.text("head.step"), unit_title(bridge.unit, words), words.text("edition.why")),
            tuple(rows),
            (1,),
        ),
        drawn=_drawn(bridge_picture(bridge, words)) if form is Form.CHART else None,
        sources=tuple(dict.fromkeys(line for end in ends for line in source_lines(end, words))),
        notes=tuple(dict.fromkeys([*face_of_bridge(bridge, words), *map(words.say, bridge.notes)])),
        claims=tuple(claims_beneath(bridge.at_end, words)),
        as_at=bridge.end,
        question=title_of(bridge.question, words),
        basis=bridge.at_end.basis,
        answer=bridge.at_end.id,
        marking=bridge.marking,
        synthetic=is_synthetic(*ends),
    )


def estimates_shown(
    entries: Sequence[SeriesEntry], population: str, day: date, form: Form, title: str = "",
    words: Words = ENGLISH,
) -> Shown:  # fmt: skip
    """Estimates of a population in order of their statement: the last one as a figure, all of them
    as a table or a chart.
    """
    name = dim_words("population", population, words)
    heading = title or words.text("edition.estimates", population=name)
    if not entries:
        return Shown(
            said=words.text("edition.no_estimate"),
            title=heading,
            cannot=(words.text("edition.none_estimated", population=name, day=day),),
            as_at=day,
        )
    last = entries[-1]
    rows = [
        (
            entry.period.label,
            entry.definition,
            entry.method,
            words.day(entry.stated_on, entry.precision),
            estimate_figure(entry),
        )
        for entry in entries
    ]
    heads = [words.text(f"edition.estimate.{each}") for each in _ESTIMATE]
    return Shown(
        said=estimate_figure(last),
        title=heading,
        value=last.point,
        low=last.low if last.low is not None else last.point,
        high=last.high if last.high is not None else last.point,
        table=Tabled(heading, tuple(heads), tuple(rows), (4,)),
        drawn=_drawn(series_picture(entries, words)) if form is Form.CHART else None,
        sources=tuple(
            dict.fromkeys(
                words.text(
                    "edition.estimate_source",
                    by=entry.stated_by,
                    source=entry.source,
                    day=words.day(entry.stated_on, entry.precision),
                )
                for entry in entries
            )
        ),
        notes=tuple(
            words.text("edition.range_of", range=range_said(entry, words), id=entry.id)
            for entry in (last,)
        ),
        as_at=day,
        question=heading,
        basis=last.basis,
        answer=last.id,
        synthetic=any("synthetic" in entry.source.lower() for entry in entries),
    )


_ESTIMATE = ("period", "definition", "method", "stated", "figure")


def coverage_shown(
    covered: Coverage,
    requirements: RequirementSet,
    code: str,
    title: str = "",
    words: Words = ENGLISH,
    sees: Marking = Marking.SECRET,
) -> Shown:
    """How much of what a requirement asks is answered: cells by status, as a sentence or a table.
    Who does not see so much as the set is marked reads its codes, and none of its words.

    Raises Unreadable where the set does not ask that.
    """
    cells = [row for row in covered.live.iter_rows(named=True) if is_under(row["question"], code)]
    if not cells:
        raise Unreadable(
            f"{requirements.edition} asks nothing under {code!r}. Its requirements are "
            f"{', '.join(requirements.requirements)}."
        )
    answered = sum(row["status"] == CellStatus.ANSWERED for row in cells)
    rows = [
        (
            status,
            words.text(f"coverage.status.{status}"),
            f"{number:,}",
            f"{number / len(cells):.0%}",
        )
        for status in CellStatus
        if (number := sum(row["status"] == status for row in cells))
    ]
    told = requirements.marking <= sees
    name = requirements.requirements.get(code) or requirements.threats.get(code) or code
    heading = title or words.text("edition.coverage", code=code, name=name if told else "")
    return Shown(
        said=words.text("edition.answered", answered=answered, cells=len(cells)),
        title=heading,
        value=answered / len(cells),
        low=answered / len(cells),
        high=answered / len(cells),
        table=Tabled(
            heading,
            tuple(words.text(f"edition.covered.{each}") for each in _COVERED),
            tuple(rows),
            (2, 3),
            (words.text("edition.not_knowledge"),),
        ),
        sources=(_set_named(requirements, sees, words),),
        as_at=covered.at,
        question=heading,
        basis=f"{covered.edition} {covered.at} {covered.known}",
        marking=Marking.PUBLIC,
        synthetic=covered.synthetic,
    )


_COVERED = ("status", "meaning", "cells", "share")


def gaps_shown(
    covered: Coverage, requirements: RequirementSet, code: str, since: Mapping[str, date],
    title: str = "", words: Words = ENGLISH, sees: Marking = Marking.SECRET,
) -> Shown:  # fmt: skip
    """What is not known of an area: each question with open cells, how many, why they are open, and
    since when; drafted from coverage, worst first. `since` says of a question from which edition on
    it has been asked. Each in the words for who sees so much; those that have none are counted.
    """
    rows, unworded = [], 0
    told = requirements.marking <= sees
    for question, cells in _by_question(covered, code):
        whole = len(cells)
        left = [row for row in cells if row["status"] in OPEN]
        if not left:
            continue
        asked = requirements.questions[question]
        text = requirements.wording(question, sees)
        if not text:
            unworded += 1
            continue
        why = [
            words.text("edition.gap_of", number=number, reason=words.text(f"edition.gap.{status}"))
            for status in OPEN
            if (number := sum(row["status"] == status for row in left))
        ]
        rows.append(
            (
                len(left) / whole,
                (
                    f"{question} {text}",
                    words.text("edition.open_of", open=len(left), cells=whole),
                    words.joined(why, "semicolon"),
                    str(since.get(question, requirements.valid.start).year),
                    (asked.closes_when or asked.accept) if told else "",
                ),
            )
        )
    rows.sort(key=lambda row: (-row[0], natural(row[1][0].partition(" ")[0])))
    name = requirements.threats.get(code, code) if told else code
    heading = title or words.text("edition.not_known", name=name)
    kept_out = words.text("edition.gaps_withheld", number=unworded) if unworded else ""
    return Shown(
        said=words.text("edition.gaps", number=len(rows)),
        title=heading,
        value=len(rows),
        low=len(rows),
        high=len(rows),
        table=Tabled(
            heading,
            tuple(words.text(f"edition.gap_head.{each}") for each in _GAPS),
            tuple(row for _, row in rows),
            (),
            tuple(filter(None, (words.text("edition.not_knowledge"), kept_out))),
        ),
        sources=(_set_named(requirements, sees, words),),
        as_at=covered.at,
        question=heading,
        basis=f"{covered.edition} {covered.at} {covered.known}",
        synthetic=covered.synthetic,
    )


def _set_named(requirements: RequirementSet, sees: Marking, words: Words) -> str:
    """A requirement set as a source: by its title, or by its code alone."""
    named = requirements.title if requirements.marking <= sees else requirements.edition
    return words.text("edition.requirement_set", title=named)


_GAPS = ("question", "open", "why", "since", "closes")


def _by_question(covered: Coverage, code: str) -> Iterable[tuple[str, list[Any]]]:
    cells: dict[str, list[Any]] = {}
    for row in covered.live.iter_rows(named=True):
        if code in ("", row["threat"]) or is_under(row["question"], code):
            cells.setdefault(row["question"], []).append(row)
    return sorted(cells.items(), key=lambda each: natural(each[0]))


def flow_shown(flow: Flow, form: Form, title: str = "", words: Words = ENGLISH) -> Shown:
    """Where persons stood from recovery and arrest to sentence."""
    kept = kept_to(flow.where) or words.text("edition.all_records")
    heading = title or words.text("edition.flow", kept=kept)
    groups = [("victims", flow.victims), ("suspects", flow.suspects)]
    rows = [
        (words.text(f"edition.{name}"), words.say(step.start), words.say(step.end),
         f"{step.persons:,}")
        for name, steps in groups
        for step in steps
    ]  # fmt: skip
    heads = tuple(words.text(f"edition.flow_head.{each}") for each in _FLOW)
    steps: tuple[Step, ...] = (*flow.victims, *flow.suspects)
    drawn = steps_picture(heading, steps, [words.text("edition.as_at", day=flow.as_at)])
    return Shown(
        said=words.text("edition.steps", number=len(rows)),
        title=heading,
        table=Tabled(
            f"{heading}. {words.text('edition.as_at', day=flow.as_at)}", heads, tuple(rows), (3,)
        ),
        drawn=_drawn(drawn) if form is Form.CHART and rows else None,
        sources=(words.text("edition.case_records"),),
        notes=tuple(
            words.text("edition.unplaced", what=what, number=number)
            for what, number in flow.unplaced.items()
        ),
        as_at=flow.as_at,
        question=heading,
        marking=flow.marking,
        synthetic=flow.synthetic,
    )


_FLOW = ("who", "from", "to", "persons")


def small_in(flow: Flow, most: int) -> bool:
    """Whether a flow tells counts of so few persons that it does not go out."""
    return any(0 < step.persons <= most for step in (*flow.victims, *flow.suspects))
