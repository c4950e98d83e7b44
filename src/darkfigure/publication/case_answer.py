"""An answer counted from case records: the same form as one taken from statements, with bounds and
pending cases.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from hashlib import sha256

from darkfigure.basis.saying import Saying, Word, say, several
from darkfigure.basis.status import CellReason, Status
from darkfigure.codes import codes_for
from darkfigure.codes.code import Code
from darkfigure.intelligence.requirements import NOTHING_ASKED, Needs
from darkfigure.publication.answer import (
    COUNTED,
    SYNTHETIC,
    Answer,
    Cannot,
    held_to,
    label_of,
    named_by_content,
)
from darkfigure.publication.marked import highest
from darkfigure.tables.case_cells import CaseTabulation, tabulate_cases
from darkfigure.tables.case_succession import by_successor
from darkfigure.tables.casebook import CaseReturn, Records
from darkfigure.tables.cell import Cell, Source
from darkfigure.tables.question import Question
from darkfigure.tables.succession import histories


def answer_from_cases(question: Question, records: Records, needs: Needs = NOTHING_ASKED) -> Answer:
    """Answer a question by counting case records as known on its day.

    Raises UnknownName where the measure is not counted from records, or not by the rule asked for.
    """
    table = tabulate_cases(question, records)
    returns = [each for each in records.returns() if each.known_from <= question.as_at]
    source = _source(returns, question.as_at)
    cells = tuple(
        cell._replace(
            sources=(
                source._replace(value=cell.value, low=cell.low, high=cell.high, period=cell.period),
            )
        )
        for cell in held_to(question, table.cells)
    )
    found = Answer(
        question=question,
        unit=table.unit,
        basis=_basis(question, table, returns),
        cells=cells,
        notes=(*_notes(table, returns), *_asked_by_name(question), *_gone_over(question, table)),
        cannot=tuple(
            Cannot(reason, detail, needs.closing(question.measure.code, reason))
            for reason, detail in _cannot(question, cells)
        ),
        marking=highest(each.marking for each in returns),
    )
    return named_by_content(found)


def _basis(question: Question, table: CaseTabulation, returns: list[CaseReturn]) -> str:
    read = [
        json.dumps(question.canonical(), sort_keys=True),
        *sorted(each.sha256 for each in returns),
        repr(table.groups),
    ]
    return sha256("\n".join(read).encode()).hexdigest()


def _source(returns: list[CaseReturn], as_at: date) -> Source:
    agencies = {each.agency for each in returns}
    what = str(say("records.source", count=len(returns)))
    made_up = " (synthetic)" if any("SYNTHETIC" in each.source for each in returns) else ""
    return Source(
        used=True,
        value=None,
        stated_on=max((each.known_from for each in returns), default=as_at),
        precision="day",
        stated_by=f"{len(agencies):,} agencies" if len(agencies) != 1 else next(iter(agencies)),
        source=what + made_up,
        file="",
        return_sha256="",
        period="",
    )


def _asked_by_name(question: Question) -> list[Saying]:
    """What else than its own records a body asked about has, and what of others it may have."""
    found = []
    for condition, line in histories(question):
        listed, code = codes_for(condition.dimension), condition.code
        name = listed.label(code)
        if line.parts[1:]:
            found.append(_counted_at(condition.dimension, code, [p.code for p in line.parts[1:]]))
        for each in line.shared:
            names = several([listed.label(part) for part in each.successors], "and")
            found.append(say("succession.may_be", name=name, other=each.label, names=names))
        found += [_joined(name, each) for each in line.joined]
    return found


def _gone_over(question: Question, table: CaseTabulation) -> list[Saying]:
    """At which body records of those that went over into others are counted, and which stand by
    themselves.
    """
    found = [
        _counted_at(dimension, into, codes)
        for (dimension, into), codes in by_successor(table.gone).items()
    ]
    for each in table.gone:
        listed = codes_for(each.dimension)
        code = listed.codes[each.counted_at]
        if not code.valid_to or code.valid_to >= question.as_at:
            continue
        if len(code.successors) == 1:
            found.append(_joined(listed.label(code.successors[0]), code))
        elif code.successors:
            names = several([listed.label(part) for part in code.successors], "and")
            found.append(say("succession.stands_alone", name=code.label, names=names))
    return found


def _counted_at(dimension: str, into: str, codes: Sequence[str]) -> Saying:
    listed = codes_for(dimension)
    names = several([listed.label(code) for code in codes], "and")
    return say("succession.counted_at", name=listed.label(into), names=names)


def _joined(name: str, other: Code) -> Saying:
    return say("succession.joined_records", name=name, other=other.label)


def _notes(table: CaseTabulation, returns: list[CaseReturn]) -> list[Saying]:
    notes = []
    if table.synthetic:
        share = (
            say("all")
            if table.synthetic == table.records
            else say("some_of", number=table.synthetic, whole=table.records)
        )
        notes.append(say(SYNTHETIC, share=share))
    notes.append(say(COUNTED, unit=Word("unit", table.unit), rule=say(f"counting.{table.rule}")))
    if table.linked:
        notes.append(say("cases.linked"))
    if any(cell.low != cell.high for cell in table.cells):
        notes.append(say("cases.bounds"))
    if any(cell.status == Status.IN_PROGRESS for cell in table.cells):
        notes.append(say("cases.apart"))
    if table.rule == "persons" and len(table.cells) > 1:
        notes.append(say("cases.overlap"))
    if returns:
        notes.append(say("cases.latest", day=max(each.known_from for each in returns)))
    if gone := [each.disposed_on for each in returns if each.disposed_on]:
        notes.append(say("cases.disposed", count=len(gone), day=max(gone)))
    return notes


def _cannot(question: Question, cells: tuple[Cell, ...]) -> list[tuple[CellReason, Saying]]:
    found = []
    for cell in cells:
        if cell.value is not None or cell.status == Status.IN_PROGRESS:
            continue
        name = label_of(question, cell)
        if cell.reasons == (CellReason.NO_RETURN,):
            detail = say("cases.no_return", where=name, day=question.as_at)
            found.append((CellReason.NO_RETURN, detail))
            continue
        for reason in cell.reasons:
            count = cell.unknown[reason]
            detail = say(
                "cases.open", where=name, reason=reason, count=count, low=cell.low, high=cell.high
            )
            found.append((reason, detail))
    if not cells:
        detail = say("cases.none", title=question.measure.title, day=question.as_at)
        found.append((CellReason.NO_RETURN, detail))
    return found
