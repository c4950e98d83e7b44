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
    PartNow,
    Response,
    ResponseNow,
)
from darkfigure.tables.cell import Cell
from darkfigure.tables.question import CASES
from darkfigure.writing.answers.as_hansard import wrapped, write_bridge
from darkfigure.writing.responses.as_text import write_response
from darkfigure.writing.responses.letter import (
    addressed,
    question_line,
    told_briefly,
    withdrawn_line,
)
from darkfigure.writing.responses.plain_words import in_plain_words
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
        title=response.title or words.text("responses.outcome.withdrawn"),
    )
    if response.withdrawn:
        yield "  " + withdrawn_line(response, words)
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
    if response.release_reason:
        head.append("  " + words.text("responses.register.marked", why=response.release_reason))
    if not response.public:
        head.append("  " + words.text("responses.register.private"))
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
        letter = part.part.letter
        if not part.moved:
            yield f"({letter}) {words.text('responses.register.now_same')}"
            continue
        lines = []
        if part.late:
            lines += [words.text("responses.register.late"), *_moves(part.late, words)]
        if part.since and part.now:
            day = part.now.question.as_at
            lines += [words.text("responses.register.since", day=day), *_moves(part.since, words)]
        if part.bridge is not None and part.bridge.lines:
            lines += [words.text("responses.register.because"), write_bridge(part.bridge, words)]
        lines[0] = f"({letter}) {lines[0]}"
        yield "\n".join(line.rstrip("\n") for line in lines)


def _moves(moves: Sequence[Move], words: Words) -> Iterator[str]:
    return (f"  - {line}" for line in move_lines(moves, words))


def move_lines(moves: Sequence[Move], words: Words = ENGLISH) -> Iterator[str]:
    """A line for each cell that does not say what it said: both figures."""
    for move in moves:
        values = {"was": _shown(move.given, words), "now": _shown(move.now, words)}
        yield words.text("responses.register.moved", label=move.label, **values)


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
    if each.withdrawn:
        told = {"day": each.withdrawn.on, "because": each.withdrawn.because}
        yield "  " + words.text("responses.withdrawn", reference=each.reference, **told)
    if each.corrected_by:
        by = {"reference": each.reference, "by": each.corrected_by}
        yield "  " + words.text("responses.corrected", **by)
    if each.against:
        meets = "" if each.same else "_meets"
        yield "  " + words.text(f"responses.register.{each.against}{meets}")
    if not each.same and not each.part.refused and each.part.answer.question.evidence == CASES:
        yield "  " + words.text("responses.register.together")


def letter_about(today: ResponseNow, now: Response, words: Words = ENGLISH) -> str:
    """A letter to whoever was given a response that a return touches: which figures of the day
    asked about are others now that it has come, with the response as it would be given now; and
    what has become known later.
    """
    response = today.response
    values = {"day": response.sent_on, "reference": response.reference}
    late = [part for part in today.parts if part.late]
    since = [part for part in today.parts if part.since]
    lines = [*addressed(now, words), wrapped(words.text("responses.letter.opening", **values))]
    if late:
        lines += [wrapped(words.text("responses.letter.late"))]
        lines += [_changes(part, part.late, "now", words) for part in late]
    else:
        lines += [wrapped(words.text("responses.letter.stands"))]
    if since:
        lines += [wrapped(words.text("responses.letter.since"))]
        lines += [_changes(part, part.since, "later", words) for part in since]
    if late:
        lines += [wrapped(words.text("responses.letter.sorry")), write_response(now, words)]
    return "\n\n".join(line.rstrip("\n") for line in lines) + "\n"


def _changes(part: PartNow, moves: Sequence[Move], when: str, words: Words) -> str:
    """The changes of a part, a line each, under its question."""
    asked = part.part.answer.question
    lines = [wrapped(_part_line(part, words))]
    for move in moves:
        values: dict[str, object] = {
            "was": _shown(move.given, words),
            "now": _shown(move.now, words),
        }
        if when == "later" and part.now:
            values |= {"first": asked.as_at, "last": part.now.question.as_at}
        said = words.text(f"responses.letter.{_how(move, when)}", label=move.label, **values)
        lines.append(wrapped(f"- {in_plain_words(said)}", "  "))
    return "\n".join(lines)


def _how(move: Move, when: str) -> str:
    """Which sentence tells a change: one of figures, or that there is none any more or as yet."""
    if when == "later":
        return when
    return "gone" if move.now is None else "new" if move.given is None else when


def _part_line(part: PartNow, words: Words) -> str:
    asked = question_line(part.part.answer.question, words)
    return words.text("responses.part", letter=part.part.letter, question=asked)


def kept_line(response: Response, words: Words = ENGLISH) -> str:
    """That a response was entered."""
    told = {"reference": response.reference, "title": response.title}
    return words.text("responses.register.kept", **told) + "\n"


def held_line(part: Part, words: Words = ENGLISH) -> str:
    """That what a part refuses as not held is held."""
    shown = [figure(cell, words) for cell in part.answer.cells if cell.value is not None]
    told = words.text("responses.register.held", figure="; ".join(shown[:3]))
    return f"({part.letter}) {told}\n"


def open_line(part: Part, words: Words = ENGLISH) -> str:
    """That the public sees a figure here of what a part refuses."""
    return f"({part.letter}) {words.text('responses.register.open_here')}\n"


def not_here_line(part: Part, words: Words = ENGLISH) -> str:
    """That what a part refuses on a ground of the Act is held nowhere here."""
    return f"({part.letter}) {words.text('responses.register.not_here')}\n"


def withdrawn_now(response: Response, words: Words = ENGLISH) -> str:
    """That a response was withdrawn."""
    return withdrawn_line(response, words) + "\n"


def affected_lines(register: Sequence[ResponseNow], words: Words = ENGLISH) -> str:
    """Responses that a return touches, those unmoved among them said to be."""
    return _listed(register, "affected_none", words)


def reason_of(response: Response, words: Words = ENGLISH) -> str:
    """Why a response is written anew where a return changed its figures."""
    return words.text("responses.letter.reason", reference=response.reference)
