"""An answer counted from case records: the same form as one taken from statements, with bounds and
pending cases.
"""

from __future__ import annotations

import json
from datetime import date
from hashlib import sha256

from darkfigure import intelligence
from darkfigure.basis.period import in_words
from darkfigure.basis.status import CellReason, Status
from darkfigure.publication.answer import Answer, Cannot, label_of
from darkfigure.tables.case_cells import CaseTabulation, tabulate_cases
from darkfigure.tables.casebook import CaseReturn, Records
from darkfigure.tables.cell import Cell, Source
from darkfigure.tables.question import Question


def answer_from_cases(question: Question, records: Records) -> Answer:
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
        for cell in table.cells
    )
    return Answer(
        question=question,
        unit=table.unit,
        basis=_basis(question, table, returns),
        cells=cells,
        notes=tuple(_notes(question, table, returns)),
        cannot=tuple(_cannot(question, cells)),
    )


def _basis(question: Question, table: CaseTabulation, returns: list[CaseReturn]) -> str:
    read = [
        json.dumps(question.canonical(), sort_keys=True),
        *sorted(each.sha256 for each in returns),
        repr(table.groups),
    ]
    return sha256("\n".join(read).encode()).hexdigest()


def _source(returns: list[CaseReturn], as_at: date) -> Source:
    agencies = {each.agency for each in returns}
    what = (
        f"Case records in {len(returns):,} returns"
        if len(returns) != 1
        else "Case records in one return"
    )
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


def _notes(question: Question, table: CaseTabulation, returns: list[CaseReturn]) -> list[str]:
    notes = []
    if table.synthetic:
        share = (
            "All"
            if table.synthetic == table.records
            else f"{table.synthetic:,} of {table.records:,}"
        )
        notes.append(
            f"SYNTHETIC: {share} of the records counted are made up. Their figures say nothing "
            "about real people."
        )
    notes.append(
        f"Counted from case records. Unit: {table.unit.replace('_', ' ')}. {table.rule.words}"
    )
    if table.linked:
        notes.append(
            "Persons are counted as their records were linked by that day. Bounds allow for every "
            "link in doubt: the lower takes "
            "all that could be one person as one, the upper only those that certainly are."
        )
    if any(cell.low != cell.high for cell in table.cells):
        notes.append(
            "Where a figure stands with bounds, the lower is what is certain from the records, "
            "the upper what it would be if "
            "every case that is open in this respect belonged there. Both can be reached, each "
            "cell for itself."
        )
    if any(cell.status == Status.IN_PROGRESS for cell in table.cells):
        notes.append("Cases still in progress are in rows of their own and in no other figure.")
    if table.rule == "persons" and len(table.cells) > 1:
        notes.append(
            "A person may be in several cells: cells need not add up to the number of persons."
        )
    if returns:
        notes.append(
            "The latest return counted became known on "
            f"{in_words(max(each.known_from for each in returns))}."
        )
    return notes


def _cannot(question: Question, cells: tuple[Cell, ...]) -> list[Cannot]:
    measure = question.measure.code
    found = []
    for cell in cells:
        if cell.value is not None or cell.status == Status.IN_PROGRESS:
            continue
        name = label_of(question, cell)
        if cell.reasons == (CellReason.NO_RETURN,):
            detail = (
                f"{name}: no records from which it could be counted had been returned by "
                f"{in_words(question.as_at)}."
            )
            found.append(
                Cannot(
                    CellReason.NO_RETURN,
                    detail,
                    intelligence.requirements.requirement_for(measure, CellReason.NO_RETURN),
                )
            )
            continue
        for reason in cell.reasons:
            count = cell.unknown[reason]
            detail = (
                f"{name}: {reason.words} for {count:,} that could belong here. It lies "
                f"between {cell.low:,} and {cell.high:,}."
            )
            found.append(
                Cannot(reason, detail, intelligence.requirements.requirement_for(measure, reason))
            )
    if not cells:
        day = in_words(question.as_at)
        detail = (
            f"No case records of {question.measure.title.lower()} for what is asked had been "
            f"returned by {day}."
        )
        found.append(
            Cannot(
                CellReason.NO_RETURN,
                detail,
                intelligence.requirements.requirement_for(measure, CellReason.NO_RETURN),
            )
        )
    return found
