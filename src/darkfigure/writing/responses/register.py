"""The register as text: lines of it, one response beside what would be said today, what was said
before, and letters to whom a change touches.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from darkfigure.publication.response import (
    Earlier,
    Move,
    Outcome,
    Part,
    Response,
    ResponseNow,
)
from darkfigure.tables.cell import Cell
from darkfigure.writing.answers.as_hansard import wrapped, write_bridge
from darkfigure.writing.responses.as_text import write_response
from darkfigure.writing.responses.letter import question_line, told_briefly
from darkfigure.writing.wording import figure
from darkfigure.writing.words import ENGLISH, Words


def write_lines(register: Sequence[Response], words: Words = ENGLISH) -> str:
    """A line for each response, and one for each of its parts."""
    lines = [line for response in register for line in _entry(response, words)]
    return "\n".join(lines or [words.text("responses.register.none")]) + "\n"


def _entry(response: Response, words: Words) -> Iterator[str]:
    yield words.text(
        "responses.register.line",
        reference=response.reference,
        day=response.sent_on.isoformat(),
        form=words.text(f"responses.form.{response.form}"),
        asked_by=words.text(f"responses.asked_by.{response.asked_by}"),
        title=response.title,
    )
    for part in response.parts:
        yield "  " + words.text(
            "responses.register.part",
            letter=part.letter,
            question=question_line(part.answer.question, words),
            outcome=words.text(f"responses.outcome.{part.outcome}") + told_briefly(part, words),
        )
    if response.corrected_by:
        told = {"reference": response.reference, "by": response.corrected_by}
        yield "  " + words.text("responses.corrected", **told)


def beside_today(today: ResponseNow, words: Words = ENGLISH) -> str:
    """A response as it was said, then for each part whether it would be said today."""
    response = today.response
    head = [*_entry(response, words)]
    head.append("  " + words.text("responses.register.released", by=response.released_by))
    if today.text:
        head.append("  " + words.text("responses.register.words", text=today.text))
    parts = [
        "\n".join(head),
        words.text("responses.register.given"),
        write_response(response, words),
    ]
    return "\n\n".join(part.rstrip("\n") for part in [*parts, *_moved(today, words)]) + "\n"


def changed_lines(register: Sequence[ResponseNow], words: Words = ENGLISH) -> str:
    """Responses that would say something else today, each with what and why."""
    return _listed(register, "unmoved", words)


def _listed(register: Sequence[ResponseNow], none: str, words: Words) -> str:
    if not register:
        return words.text(f"responses.register.{none}") + "\n"
    parts = ([*_entry(today.response, words), *_moved(today, words)] for today in register)
    return "\n\n".join(map("\n".join, parts)) + "\n"


def _moved(today: ResponseNow, words: Words) -> Iterator[str]:
    for part in today.parts:
        if part.part.outcome is Outcome.REFUSED:
            continue
        if not part.moved:
            yield f"({part.part.letter}) {words.text('responses.register.now_same')}"
            continue
        lines = [f"({part.part.letter}) {words.text('responses.register.now_moved')}"]
        told = [_move(move, words) for move in (*part.late, *part.since)]
        lines += [f"  - {line}" for line in dict.fromkeys(told)]
        if part.bridge is not None and part.bridge.lines:
            lines += [words.text("responses.register.because"), write_bridge(part.bridge, words)]
        yield "\n".join(line.rstrip("\n") for line in lines)


def _move(move: Move, words: Words) -> str:
    return words.text(
        "responses.register.moved",
        label=move.label,
        was=_shown(move.given, words),
        now=_shown(move.now, words),
    )


def _shown(cell: Cell | None, words: Words) -> str:
    return words.text("responses.register.nothing") if cell is None else figure(cell, words)


def before_lines(before: Sequence[Earlier], words: Words = ENGLISH) -> str:
    """What was said before on the matter of a part; nothing where nothing was."""
    lines = [line for each in before for line in _before(each, words)]
    return "\n".join([words.text("responses.register.before"), *lines]) + "\n" if lines else ""


def _before(each: Earlier, words: Words) -> Iterator[str]:
    given = {
        "reference": each.reference,
        "day": each.sent_on,
        "letter": each.part.letter,
        "outcome": words.text(f"responses.outcome.{each.part.outcome}"),
        "figure": told_briefly(each.part, words),
    }
    if each.same:
        yield "- " + words.text("responses.register.same", **given)
    else:
        asked = question_line(each.part.answer.question, words)
        yield "- " + words.text("responses.register.meets", question=asked, **given)
    if each.against:
        yield "  " + words.text(f"responses.register.{each.against}")


def letter_about(today: ResponseNow, now: Response, words: Words = ENGLISH) -> str:
    """A letter to whoever was given a response whose figures have changed: what changed, and the
    response as it would be given now.
    """
    response = today.response
    told = {"day": response.sent_on, "reference": response.reference}
    lines = [wrapped(words.text("responses.letter.affected", **told))]
    lines += ["\n".join(_moved(today, words))]
    lines += [wrapped(words.text("responses.letter.sorry")), write_response(now, words)]
    return "\n\n".join(line.rstrip("\n") for line in lines) + "\n"


def kept_line(response: Response, words: Words = ENGLISH) -> str:
    """That a response was entered."""
    told = {"reference": response.reference, "title": response.title}
    return words.text("responses.register.kept", **told) + "\n"


def held_line(part: Part, words: Words = ENGLISH) -> str:
    """That what a part refuses as not held is held."""
    shown = [figure(cell, words) for cell in part.answer.cells if cell.value is not None]
    told = words.text("responses.register.held", figure="; ".join(shown[:3]))
    return f"({part.letter}) {told}\n"


def affected_lines(register: Sequence[ResponseNow], words: Words = ENGLISH) -> str:
    """Responses that a return touches, those unmoved among them said to be."""
    return _listed(register, "affected_none", words)


def reason_of(response: Response, words: Words = ENGLISH) -> str:
    """Why a response is written anew where a return changed its figures."""
    return words.text("responses.letter.reason", reference=response.reference)
