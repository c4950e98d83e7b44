"""What every written form of an answer shares: headings, figures with bounds, footnotes, what
cannot be said; in a language.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from darkfigure.basis.marking import Marking
from darkfigure.basis.saying import Saying, Stated, Word, several
from darkfigure.basis.statement import TIME_CUTS
from darkfigure.basis.status import CellReason, Status
from darkfigure.codes import titles_of
from darkfigure.publication import Answer, Bridge, BridgeLine, Cannot
from darkfigure.publication.answer import SYNTHETIC
from darkfigure.publication.comparison import Compared, Comparison
from darkfigure.publication.series import SeriesEntry
from darkfigure.tables.cell import Cell
from darkfigure.tables.claims import cannot_bear
from darkfigure.tables.evidence import Number
from darkfigure.tables.question import Condition, Question
from darkfigure.writing.documents.head import says_made_up
from darkfigure.writing.words import ENGLISH, Words


def column_title(name: str, words: Words = ENGLISH) -> str:
    """A dimension as the heading of a column."""
    return words.word("dimension", name).capitalize()


def unit_title(unit: str, words: Words = ENGLISH) -> str:
    """A unit as the heading of the column of figures."""
    return words.word("unit", unit).capitalize()


def dim_words(name: str, value: str | None, words: Words = ENGLISH) -> str:
    """A breakdown value in words; a combination as its parts with "and"."""
    if value is None:
        return words.text("head.undivided")
    if name in TIME_CUTS:
        return value
    parts = titles_of(name, value)
    if len(parts) == 1:
        return parts[0]
    return words.joined([words.joined(parts[:-1], "comma"), parts[-1]], "and")


def label_in(cell: Cell, name: str, words: Words = ENGLISH) -> str:
    """What a cell stands under in a dimension or a cut of time, in words."""
    if name in TIME_CUTS:
        return cell.labelled(name) or words.text("head.undivided")
    return dim_words(name, cell.dims.get(name), words)


def number(value: Number) -> str:
    """A figure with thousands separated."""
    return f"{value:,}"


def figure(cell: Cell, words: Words = ENGLISH) -> str:
    """A cell's figure, its bounds, or the reason there is none. Never an empty string."""
    return amount(cell.value, cell.low, cell.high, cell.reasons, words)


def amount(
    value: Number | None,
    low: Number | None,
    high: Number | None,
    reasons: Sequence[CellReason],
    words: Words = ENGLISH,
) -> str:
    """A figure, its bounds, or the reason there is none."""
    if value is not None:
        if low is not None and high is not None and low != high:
            return words.text("figure.bounds", value=value, low=low, high=high)
        return number(value)
    if low is not None and high is not None:
        return words.text("figure.between", low=low, high=high)
    if low is not None and not reasons:
        return words.text("figure.at_least", low=low)
    if high is not None:
        return words.text("figure.up_to", high=high)
    why = words.joined(reasons, "and") or words.text("figure.no_figure")
    return words.text("figure.incomplete", reasons=why, low=low) if low else why


def number_held(value: Number | None, words: Words = ENGLISH) -> str:
    """A figure, or that none was held."""
    return words.text("figure.not_held") if value is None else number(value)


@dataclass(frozen=True)
class Footnotes:
    """The notes on cells, numbered once each, and the marks each cell carries."""

    texts: tuple[str, ...]
    marks: tuple[tuple[int, ...], ...]


def footnotes(cells: Sequence[Cell], words: Words = ENGLISH) -> Footnotes:
    """Number the notes of cells in order of appearance."""
    places: dict[Saying, int] = {}
    marks = []
    for cell in cells:
        marks.append(tuple(places.setdefault(note, len(places) + 1) for note in cell.notes))
    return Footnotes(tuple(map(words.say, places)), tuple(marks))


def cut_by_time(dims: Iterable[str]) -> bool:
    """Whether time is among the dimensions, so that no column of its own is needed for it."""
    return any(name in TIME_CUTS for name in dims)


def dims_of(answer: Answer) -> list[str]:
    """The dimensions of an answer's cells, in order."""
    return list(dict.fromkeys(name for cell in answer.cells for name in cell.dims))


def labelled(answer: Answer, words: Words = ENGLISH) -> tuple[list[str], list[list[str]]]:
    """What stands before the figures: headings, and for each cell its labels.

    Dimensions; before them the period where time is no dimension; after them, where cases are in
    progress, which cells are those.
    """
    dims = dims_of(answer)
    pending = any(cell.status == Status.IN_PROGRESS for cell in answer.cells)
    period = not cut_by_time(dims) and not pending
    heads = [
        *([words.text("head.period")] if period else []),
        *(column_title(name, words) for name in dims),
        *([words.text("head.cases")] if pending else []),
    ]
    state = {True: words.text("head.in_progress"), False: words.text("head.concluded")}
    labels = [
        [
            *([cell.period] if period else []),
            *(label_in(cell, name, words) for name in dims),
            *([state[cell.status == Status.IN_PROGRESS]] if pending else []),
        ]
        for cell in answer.cells
    ]
    return heads, labels


@dataclass(frozen=True)
class Written:
    """An answer's table as text. The column of figures is number `numeric`; after it stand the
    marks of notes, where there are any.
    """

    heads: list[str]
    rows: list[list[str]]
    numeric: int


def written(answer: Answer, words: Words = ENGLISH) -> Written:
    """The table of an answer: labels, figure, marks of notes."""
    heads, labels = labelled(answer, words)
    marks = footnotes(answer.cells, words).marks
    table = [
        [*label, figure(cell, words), " ".join(f"[{mark}]" for mark in found)]
        for label, cell, found in zip(labels, answer.cells, marks, strict=True)
    ]
    top = [*heads, unit_title(answer.unit, words)]
    if not any(row[-1] for row in table):
        return Written(top, [row[:-1] for row in table], len(heads))
    return Written([*top, words.text("head.note")], table, len(heads))


def source_lines(answer: Answer, words: Words = ENGLISH) -> list[str]:
    """The documents that the cells rest on, each once, oldest first."""
    used = {
        (source.stated_on, source.stated_by, source.source)
        for cell in answer.cells
        for source in cell.sources
        if source.used
    }
    how = {source.stated_on: source.precision for cell in answer.cells for source in cell.sources}
    return [
        words.text("page.document", by=by, day=Stated(day, how.get(day, "day")), source=source)
        for day, by, source in sorted(used)
    ]


def refusal_lines(refusal: Cannot, words: Words = ENGLISH) -> tuple[str, str]:
    """What cannot be said and why; what would close the gap."""
    needed = refusal.requirement
    asked = (
        words.text(
            "page.requirement",
            id=needed.id,
            edition=needed.edition,
            text=needed.text,
            closes=needed.closes_when,
        )
        if needed
        else words.text("page.no_requirement")
    )
    return words.text("page.cannot_said", reason=refusal.reason, detail=refusal.detail), asked


def condition_words(condition: Condition, words: Words = ENGLISH) -> str:
    """A condition as a reader should see it: the dimension and the value, by their titles."""
    code = "page.condition_combined" if condition.inclusive else "page.condition"
    return words.text(
        code,
        dimension=column_title(condition.dimension, words).lower(),
        value=dim_words(condition.dimension, condition.code, words),
    )


def kept_to(where: Iterable[Condition], words: Words = ENGLISH) -> str:
    """All conditions of a question; nothing where it has none."""
    conditions = [condition_words(condition, words) for condition in where]
    return words.joined(conditions, "semicolon")


def title_under(title: str, where: Iterable[Condition], words: Words = ENGLISH) -> str:
    """A title with the conditions that figures are kept to."""
    conditions = kept_to(where, words)
    return words.text("page.titled", title=title, conditions=conditions) if conditions else title


def title_of(question: Question, words: Words = ENGLISH) -> str:
    """What a question is about: its measure, with the conditions it keeps to."""
    return title_under(question.measure.title, question.where, words)


def as_at_words(answer: Answer, words: Words = ENGLISH) -> str:
    """The day the answer is given for."""
    return words.text("page.as_at", day=answer.question.as_at)


def warnings(notes: Iterable[Saying], words: Words = ENGLISH) -> list[str]:
    """The notes that a reader must not miss: that figures are made up."""
    return [words.say(note) for note in notes if note.code == SYNTHETIC]


def marked(marking: Marking, words: Words = ENGLISH) -> list[str]:
    """The marking of what is not public, as a line of its own; nothing where it is."""
    if marking <= Marking.PUBLIC:
        return []
    return [words.text("page.marked", marking=Word("marking", marking.name.lower()))]


def is_synthetic(*answers: Answer) -> bool:
    """Whether anything that answers rest on is made up, and says so."""
    return any(
        synthetic_share(each)
        or says_made_up(source.source for cell in each.cells for source in cell.sources)
        for each in answers
    )


def on_face(
    marking: Marking,
    notes: Iterable[Saying],
    answers: Iterable[Answer],
    words: Words = ENGLISH,
) -> list[str]:
    """What stands over everything else: the marking, and that figures are made up."""
    made_up = [*dict.fromkeys(warnings(notes, words))]
    if not made_up and is_synthetic(*answers):
        made_up = [words.text("page.made_up")]
    return [*marked(marking, words), *made_up]


def face_of(answer: Answer, words: Words = ENGLISH) -> list[str]:
    """What stands over everything else in an answer."""
    return on_face(answer.marking, answer.notes, [answer], words)


def face_of_several(
    marking: Marking, answers: Sequence[Answer], words: Words = ENGLISH
) -> list[str]:
    """What stands over everything else where answers stand together."""
    return on_face(marking, [note for each in answers for note in each.notes], answers, words)


def face_of_bridge(bridge: Bridge, words: Words = ENGLISH) -> list[str]:
    """What stands over everything else in a bridge."""
    return on_face(bridge.marking, bridge.notes, [bridge.at_start, bridge.at_end], words)


def claims_of(question: Question, unit: str = "", words: Words = ENGLISH) -> list[str]:
    """The claims that figures which answer a question cannot bear, in words."""
    return [words.text(f"claims.cannot.{code}") for code in cannot_bear(question, unit)]


def claims_beneath(answer: Answer, words: Words = ENGLISH) -> list[str]:
    """What the figures of an answer cannot say, each as a line; none where it tells no figure."""
    if not any(cell.value is not None or cell.low for cell in answer.cells):
        return []
    claims = claims_of(answer.question, answer.unit, words)
    return [words.text("claims.line", claim=claim) for claim in claims]


def synthetic_share(answer: Answer, words: Words = ENGLISH) -> str | None:
    """How many of the records that an answer counts are made up; None where none is."""
    made_up = [note for note in answer.notes if note.code == SYNTHETIC]
    return words.joined([note.values["share"] for note in made_up], "comma") or None


def step_name(line: BridgeLine, words: Words = ENGLISH) -> str:
    """A step of a bridge: its cell, where it has one, and its reason."""
    reason = words.reason(line.reason)
    return f"{line.cell}: {reason}" if line.cell else reason


def step_why(line: BridgeLine, words: Words = ENGLISH) -> str:
    """What a step of a bridge rests on, and who says so."""
    return words.say(several([line.detail, *line.sources], "semicolon"))


def ends_of(bridge: Bridge, words: Words = ENGLISH) -> tuple[tuple[str, str], tuple[str, str]]:
    """The first and the last row of a bridge: the day, and the figure on it."""
    return (
        (words.text("page.as_at", day=bridge.start), number_held(bridge.opening, words)),
        (words.text("page.as_at", day=bridge.end), number_held(bridge.closing, words)),
    )


def compared_figure(cell: Cell | None, words: Words = ENGLISH) -> str:
    """A figure among those compared, or that none was held."""
    return figure(cell, words) if cell else words.text("figure.not_held")


def compared_title(comparison: Comparison, words: Words = ENGLISH) -> str:
    """The title of what is compared: of the measure, or of every one."""
    titles = [answer.question.measure.title for answer in comparison.answers]
    where = [each for answer in comparison.answers for each in answer.question.where]
    return title_under(words.say(several(dict.fromkeys(titles))), dict.fromkeys(where), words)


def compared_heads(comparison: Comparison, words: Words = ENGLISH) -> list[str]:
    """The headings of figures that are compared; of different measures, with their units."""
    if not comparison.apart:
        return [words.word("compared", name) for name in comparison.names]
    return [measure_head(answer, words) for answer in comparison.answers]


def measure_head(answer: Answer, words: Words = ENGLISH) -> str:
    """A measure as the heading of its column, with the unit it is counted in."""
    unit = words.word("unit", answer.unit)
    return words.text("beside.head", title=answer.question.measure.title, unit=unit)


def apart_lines(comparison: Comparison, words: Words = ENGLISH) -> list[str]:
    """Why figures of different measures differ, under a heading; nothing where there is one."""
    if not comparison.apart:
        return []
    return [f"{words.text('compared.apart')}:", *map(words.say, comparison.apart)]


def verdict_on(row: Compared, words: Words = ENGLISH) -> str:
    """Whether the figures of a row are the same."""
    verdict = "same" if row.agrees else "within" if row.within else "differs"
    return words.text(f"compared.{verdict}")


def agreement(comparison: Comparison, words: Words = ENGLISH) -> str:
    """How many cells differ."""
    differing = sum(not row.agrees for row in comparison.rows)
    if not differing:
        return words.text("compared.all_same")
    return words.text("compared.some_differ", count=differing, whole=len(comparison.rows))


def estimate_figure(entry: SeriesEntry) -> str:
    """An estimate of the series in words: point with range, range, at least, or up to."""
    if entry.point is not None:
        around = (
            f" ({entry.low:,.0f} to {entry.high:,.0f})"
            if entry.low is not None and entry.high is not None
            else ""
        )
        return f"{entry.point:,.0f}{around}"
    if entry.low is not None and entry.high is not None:
        return f"{entry.low:,.0f} to {entry.high:,.0f}"
    return (
        f"at least {entry.low:,.0f}" if entry.low is not None else f"up to {entry.high or 0:,.0f}"
    )
