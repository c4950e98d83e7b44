"""A response as what goes out of the door: its headings, paragraphs and tables, in the form asked
for. How they look is for those who write them out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from darkfigure.basis.period import Period, of_days
from darkfigure.basis.saying import several
from darkfigure.basis.status import CellReason
from darkfigure.publication import Answer
from darkfigure.publication.answer import KEPT_OUT, says_something
from darkfigure.publication.response import LetterForm, Outcome, Part, Refused, Response
from darkfigure.tables.question import Question
from darkfigure.writing.answers.as_hansard import is_table, lead
from darkfigure.writing.responses.limit import cost_words
from darkfigure.writing.responses.plain_words import in_plain_words
from darkfigure.writing.wording import (
    column_title,
    face_of,
    figure,
    footnotes,
    kept_to,
    refusal_lines,
    source_lines,
    title_of,
    written,
)
from darkfigure.writing.words import ENGLISH, Words


class Heading(NamedTuple):
    """A heading; the first of a letter is its title."""

    text: str


class Paragraph(NamedTuple):
    """A paragraph."""

    text: str


class Bullets(NamedTuple):
    """Lines one beneath the other."""

    lines: tuple[str, ...]


class Table(NamedTuple):
    """A table of text; `numeric` is the column of figures."""

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: int


Block = Heading | Paragraph | Bullets | Table


def letter(response: Response, words: Words = ENGLISH) -> list[Block]:
    """What a response says, in its form."""
    head: list[Block] = [Heading(words.text(f"responses.form.{response.form}"))]
    told = [line for part in response.parts for line in face_of(part.answer, words)]
    draft = words.text("page.draft")
    head += [Paragraph(line) for line in dict.fromkeys([*([draft] if draft else []), *told])]
    if response.withdrawn:
        head.append(Paragraph(withdrawn_line(response, words)))
    if not response.parts:
        return head
    head += [Paragraph(line) for line in addressed(response, words)]
    if response.corrects:
        given = {"reference": response.corrects, "reason": response.reason}
        head.append(Paragraph(words.text("responses.corrects", **given)))
    return [*head, *_FORMS[response.form](response, words)]


def withdrawn_line(response: Response, words: Words = ENGLISH) -> str:
    """That a response is withdrawn, and why; nothing where it is not."""
    if response.withdrawn is None:
        return ""
    values = {"day": response.withdrawn.on, "because": response.withdrawn.because}
    return words.text("responses.withdrawn", reference=response.reference, **values)


def addressed(response: Response, words: Words) -> Iterator[str]:
    """The day, whose response it is, and to what kind of person."""
    whose = response.authority
    name = whose.name or words.text("responses.head.no_name")
    address = [whose.address] if whose.address else []
    yield words.text("responses.head.day", day=response.sent_on)
    yield words.text("responses.head.from", authority=several([name, *address], "comma"))
    yield words.text("responses.head.to", asked_by=_asked_by(response, words))


def _asked_by(response: Response, words: Words) -> str:
    return words.text(f"responses.asked_by.{response.asked_by}")


def question_line(question: Question, words: Words = ENGLISH) -> str:
    """A question in a line, every part by its title, values with their dimension."""
    kept = kept_to(question.where, words)
    names = [*question.by, *([question.cut] if question.cut else [])]
    shown = [column_title(name, words).lower() for name in names]
    return words.text(
        "responses.at",
        measure=question.measure.title,
        conditions=words.text("responses.with", conditions=kept) if kept else "",
        by=words.text("responses.by", names=several(shown, "and")) if shown else "",
        period=_time(question.period, words),
        day=question.as_at,
    )


def _time(period: Period | None, words: Words) -> str:
    """The time asked about, by its days alone: as a year, a quarter or a month where it is one."""
    if period is None:
        return words.text("responses.any_time")
    return of_days(period.start, period.end).label


def told_briefly(part: Part, words: Words = ENGLISH) -> str:
    """The figure of a part that has one only, for a line about it."""
    cells = [cell for cell in part.answer.cells if says_something(cell)]
    if part.refused or len(cells) != 1:
        return ""
    return words.text("responses.register.figure", figure=figure(cells[0], words))


def _written(response: Response, words: Words) -> Iterator[Block]:
    """A written answer: each part under its letter where there are several, then what belongs to
    all.
    """
    for part in response.parts:
        yield from _lettered(response, part, words)
        yield from _told(response, part, words)
    yield from _beneath(response, words)


def _foi(response: Response, words: Words) -> Iterator[Block]:
    """A letter under the Act: each part, its refusal notice, advice, and how to complain."""
    for code, value in (("reference", response.reference), ("request", response.request)):
        if value:
            yield Paragraph(words.text(f"responses.foi.{code}", **{code: value}))
    yield Paragraph(words.text("responses.foi.opening", count=len(response.parts)))
    for part in response.parts:
        named = words.text(
            "responses.part",
            letter=part.letter,
            question=question_line(part.answer.question, words),
        )
        yield Heading(named)
        if part.refused and part.refused.is_noticed:
            yield Paragraph(words.text("responses.foi.refusal"))
        yield from _told(response, part, words)
        if _is_guarded(part):
            yield Paragraph(words.text("responses.foi.refusal_of_counts"))
    if advice := [line for part in response.parts for line in _advice(part, words)]:
        yield Heading(words.text("responses.foi.assistance"))
        yield Bullets(tuple(dict.fromkeys(advice)))
    yield from _beneath(response, words)
    yield Heading(words.text("responses.foi.review"))
    yield Paragraph(_review(response, words))
    yield Paragraph(words.text("responses.foi.commissioner"))


def _review(response: Response, words: Words) -> str:
    """Where an internal review is asked for, and within which time where the authority says one."""
    whose = response.authority
    where = whose.review or words.text("responses.foi.no_review")
    if whose.review_days is None:
        return words.text("responses.foi.review_text", where=where)
    return words.text("responses.foi.review_within", where=where, days=whose.review_days)


def _press(response: Response, words: Words) -> Iterator[Block]:
    """A line for each part, and notes to editors."""
    lines: list[str] = []
    tables: list[Block] = []
    for part in response.parts:
        title = title_of(part.answer.question, words)
        cells = [cell for cell in part.answer.cells if says_something(cell)]
        if part.outcome in (Outcome.REFUSED, Outcome.NOT_ANSWERED):
            why = _why(response, part, words)
            lines.append(words.text("responses.press.none", title=title, why=why))
        elif is_table(part.answer):
            lines.append(words.text("responses.press.table", title=title))
            tables += [_table(part.answer, words), *_footnotes(part.answer, words)]
        else:
            shown = figure(cells[0], words)
            period = cells[0].period or words.text("responses.any_time")
            told = {"title": title, "figure": shown, "period": period}
            lines.append(words.text("responses.press.one", **told))
    yield Bullets(tuple(lines))
    yield from tables
    notes = [*_notes(response, words), *_sources(response, words)]
    if notes:
        yield Heading(words.text("responses.press.editors"))
        yield Bullets(tuple(notes))


def _plain(response: Response, words: Words) -> Iterator[Block]:
    """A card for each part: the figure first, what it counts, from where, what is not known."""
    for part in response.parts:
        asked = part.answer.question
        yield Heading(title_of(asked, words))
        yield from _told(response, part, words)
        if _is_guarded(part):
            yield Paragraph(words.say(KEPT_OUT))
        yield Paragraph(words.text("responses.plain.counts", definition=asked.measure.definition))
        yield Paragraph(words.text("responses.plain.known", day=asked.as_at))
        for line in source_lines(part.answer, words):
            yield Paragraph(words.text("responses.plain.source", source=line))
        why = _why(response, part, words) if part.outcome is Outcome.IN_PART else ""
        if why:
            yield Paragraph(words.text("responses.plain.unknown", why=why))


_FORMS = {
    LetterForm.WRITTEN: _written,
    LetterForm.FOI: _foi,
    LetterForm.PRESS: _press,
    LetterForm.PLAIN: _plain,
}


def _is_guarded(part: Part) -> bool:
    """Whether small counts are kept out of what a part gives."""
    return not part.refused and KEPT_OUT in part.answer.notes


def _lettered(response: Response, part: Part, words: Words) -> Iterator[Block]:
    if len(response.parts) > 1:
        question = question_line(part.answer.question, words)
        yield Heading(words.text("responses.part", letter=part.letter, question=question))


def _told(response: Response, part: Part, words: Words) -> Iterator[Block]:
    """What is said of a part: refused and why, or its sentence, its table and its footnotes."""
    if part.refused:
        yield Paragraph(_refusal(response.form, part.refused, words))
        return
    if said := _without_warnings(part.answer, words):
        yield Paragraph(said)
    if is_table(part.answer):
        yield _table(part.answer, words)
        yield from _footnotes(part.answer, words)


def _footnotes(answer: Answer, words: Words) -> Iterator[Block]:
    """What the marks beside the figures of a table say."""
    if texts := footnotes(answer.cells, words).texts:
        yield Bullets(tuple(f"[{number}] {text}" for number, text in enumerate(texts, 1)))


def _without_warnings(answer: Answer, words: Words) -> str:
    """The sentences of an answer; what warns of all of it stands at the head of a letter."""
    said = lead(answer, words)
    for line in face_of(answer, words):
        said = said.replace(line, "", 1)
    # a count that is kept out has no days of its own
    return in_plain_words(said.replace(" ()", "").strip())


def _table(answer: Answer, words: Words) -> Table:
    table, caption = written(answer, words), question_line(answer.question, words)
    dateless = table.heads[0] == words.text("head.period") and not any(row[0] for row in table.rows)
    if dateless:
        rows = [row[1:] for row in table.rows]
        return Table(caption, table.heads[1:], rows, table.numeric - 1)
    return Table(caption, table.heads, table.rows, table.numeric)


def _refusal(form: LetterForm, refused: Refused, words: Words) -> str:
    """Why a part is refused, by the law that the form goes by: a letter under the Act cites its
    sections, other forms name the Act, and an answer to Parliament speaks of disproportionate cost.
    """
    before = "responses.foi" if form is LetterForm.FOI else "responses.refusal"
    sentences = []
    if refused.reason in (CellReason.CASE_NOTES, CellReason.NOT_HELD):
        sentences.append(words.text(f"{before}.{refused.reason}", why=refused.why))
    elif refused.reason is CellReason.HELD_ELSEWHERE:
        held = "held_here_too" if refused.held_here else "held_elsewhere"
        sentences.append(words.text(f"{before}.{held}", body=refused.body, why=refused.why))
    if refused.cost:
        cost = "disproportionate" if form is LetterForm.WRITTEN else "cost"
        sentences.append(words.text(f"{before}.{cost}", **cost_words(refused.cost)))
    if refused.section:
        why = "" if sentences else refused.why
        sentences.append(words.text(f"{before}.exempt", section=refused.section, why=why))
    if refused.public_interest:
        interest = refused.public_interest
        sentences.append(words.text("responses.foi.interest", interest=interest))
    return " ".join(each.strip() for each in sentences)


def _why(response: Response, part: Part, words: Words) -> str:
    """Why there is no figure, or not all of it."""
    if part.refused:
        return _refusal(response.form, part.refused, words)
    told = dict.fromkeys(words.brief(each.detail) for each in part.answer.cannot)
    return in_plain_words(" ".join(told))


def _advice(part: Part, words: Words) -> Iterator[str]:
    """What can be answered near a part that cannot."""
    cost = part.refused.cost if part.refused else None
    if cost is not None and cost.within:
        yield words.text("responses.foi.cost_assist", count=cost.within)
    exempt = part.refused is not None and bool(part.refused.section)
    # near what is exempt is as like as not exempt itself
    for each in () if exempt else part.answer.cannot:
        for near in each.nearest:
            yield words.text("responses.foi.nearest", question=question_line(near, words))


def _beneath(response: Response, words: Words) -> Iterator[Block]:
    """Notes, sources, and what would close the gaps: each once."""
    needed = [
        refusal_lines(each, words)[1]
        for part in _answering(response)
        for each in part.answer.cannot
    ]
    sections = {
        "responses.foi.notes": _notes(response, words),
        "responses.foi.sources": _sources(response, words),
        "reply.needed": [*dict.fromkeys(needed)],
    }
    for title, lines in sections.items():
        if lines:
            yield Heading(words.text(title).removesuffix(":"))
            yield Bullets(tuple(lines))


def _answering(response: Response) -> list[Part]:
    return [part for part in response.parts if not part.refused]


def _notes(response: Response, words: Words) -> list[str]:
    notes = [words.say(note) for part in _answering(response) for note in part.answer.notes]
    return [*dict.fromkeys(map(in_plain_words, notes))]


def _sources(response: Response, words: Words) -> list[str]:
    lines = [line for part in _answering(response) for line in source_lines(part.answer, words)]
    return [*dict.fromkeys(lines)]
