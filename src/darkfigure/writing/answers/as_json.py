"""Answers and bridges as JSON, and answers read back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from darkfigure.basis.marking import Marking
from darkfigure.basis.saying import Saying, quote, say
from darkfigure.basis.status import CellReason
from darkfigure.intelligence.requirements import Requirement
from darkfigure.publication import Answer, Bridge, Cannot, Comparison
from darkfigure.publication.answer import KEPT_OUT, SYNTHETIC
from darkfigure.tables.cell import Cell, Source
from darkfigure.tables.question import Question, asked_again
from darkfigure.writing.documents.head import document
from darkfigure.writing.wording import claims_of, condition_words, is_synthetic, synthetic_share
from darkfigure.writing.words import ENGLISH, Words

if TYPE_CHECKING:
    from darkfigure.intelligence.requirements import Requirement


def answer_data(answer: Answer, words: Words = ENGLISH) -> dict[str, Any]:
    """An answer as plain data."""
    return {
        "question": answer.question.canonical(),
        "title": answer.question.measure.title,
        "conditions": conditions_of(answer.question, words),
        "marking": answer.marking.name.lower(),
        "definition": answer.question.measure.definition,
        "unit": answer.unit,
        "as_at": answer.question.as_at.isoformat(),
        "answer": answer.id,
        "basis": answer.basis,
        "synthetic_records": synthetic_share(answer, words),
        "cells": [_cell(cell, words) for cell in answer.cells],
        "notes": [words.say(note) for note in answer.notes],
        "cannot_bear": claims_of(answer.question, answer.unit, words),
        "cannot": [
            {
                "reason": str(refusal.reason),
                **_detail(refusal.detail, words),
                "requirement": _requirement(refusal.requirement),
                "nearest": [near.canonical() for near in refusal.nearest],
            }
            for refusal in answer.cannot
        ],
    }


def conditions_of(question: Question, words: Words = ENGLISH) -> list[str]:
    """The conditions of a question by their titles."""
    return [condition_words(condition, words) for condition in question.where]


def write_several(answers: Iterable[Answer], bridges: Iterable[Bridge]) -> str:
    """Several answers and bridges, each by itself, as JSON text."""
    asked, spanned = list(answers), list(bridges)
    ends = [each for bridge in spanned for each in (bridge.at_start, bridge.at_end)]
    data = {
        "answers": [answer_data(each) for each in asked],
        "bridges": [bridge_data(each) for each in spanned],
    }
    return document("answers", data, synthetic=is_synthetic(*asked, *ends))


def _detail(detail: Saying, words: Words) -> dict[str, str]:
    """Why, and how it is told in the middle of an answer where that is shorter."""
    told, brief = words.say(detail), words.brief(detail)
    return {"detail": told} if told == brief else {"detail": told, "brief": brief}


def _requirement(requirement: Requirement | None) -> dict[str, Any] | None:
    return asdict(requirement) if requirement else None


def _read_requirement(entry: dict[str, Any] | None) -> Requirement | None:
    if entry is None:
        return None
    lists = {name: tuple(entry[name]) for name in ("measures", "reasons")}
    return Requirement(**{**entry, **lists})


def _cell(cell: Cell, words: Words) -> dict[str, Any]:
    return {
        "id": cell.id,
        "dims": dict(cell.dims),
        "value": cell.value,
        "low": cell.low,
        "high": cell.high,
        "status": cell.status,
        "reasons": [str(reason) for reason in cell.reasons],
        "notes": [words.say(note) for note in cell.notes],
        "period": cell.period,
        "partly_held": cell.partly,
        "rule": words.say(cell.rule),
        "unknown": dict(cell.unknown),
        "sources": [
            {
                **{k: v for k, v in source._asdict().items() if k != "instead" or v},
                "stated_on": source.stated_on.isoformat(),
                "rule": words.say(source.rule),
            }
            for source in cell.sources
        ],
    }


def write_answer(answer: Answer, words: Words = ENGLISH) -> str:
    """An answer as JSON text."""
    return document("answer", answer_data(answer, words), synthetic=is_synthetic(answer))


def packed_answer(answer: Answer) -> str:
    """An answer as JSON in a line, to be kept."""
    data = answer_data(answer)
    for entry, refusal in zip(data["cannot"], answer.cannot, strict=True):
        entry.update({"wider": True} if refusal.wider else {})
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def read_answer(text: str) -> Answer:
    """The answer that `write_answer` wrote. Its cells no longer point into a repository."""
    data = json.loads(text)
    asked = data["question"]
    question = asked_again(asked, date.fromisoformat(data["as_at"]))
    return Answer(
        question=question,
        unit=data["unit"],
        basis=data["basis"],
        notes=_read_notes(data),
        cells=tuple(_read_cell(entry) for entry in data["cells"]),
        cannot=tuple(
            Cannot(
                CellReason(entry["reason"]),
                quote(entry["detail"], entry.get("brief", "")),
                _read_requirement(entry["requirement"]),
                tuple(asked_again(near, question.as_at) for near in entry.get("nearest", ())),
                entry.get("wider", False),
            )
            for entry in data["cannot"]
        ),
        marking=Marking[data.get("marking", "public").upper()],
    )


def _read_notes(data: Mapping[str, Any]) -> tuple[Saying, ...]:
    """Notes as they were written; those of synthetic records and of counts kept out are known again
    for what they are.
    """
    known = {ENGLISH.say(KEPT_OUT): KEPT_OUT}
    share = data.get("synthetic_records") or _share_before(data)
    if not share:
        return tuple(known.get(text) or quote(text) for text in data["notes"])
    said = say(SYNTHETIC, share=share)
    rest = [text for text in data["notes"] if text != ENGLISH.say(said)]
    return (said, *(known.get(text) or quote(text) for text in rest))


def _share_before(data: Mapping[str, Any]) -> str | None:
    """The share of synthetic records where it was kept under the name it had at first."""
    share = data.get("synthetic")
    return share if isinstance(share, str) else None


def _read_cell(entry: dict[str, Any]) -> Cell:
    sources = tuple(
        Source(
            **{
                **source,
                "stated_on": date.fromisoformat(source["stated_on"]),
                "rule": _read_rule(source["rule"]),
                "instead": tuple(source["instead"]) if source.get("instead") else None,
            }
        )
        for source in entry["sources"]
    )
    return Cell(
        id=entry["id"],
        dims=entry["dims"],
        value=entry["value"],
        low=entry["low"],
        high=entry["high"],
        status=entry["status"],
        reasons=tuple(CellReason(reason) for reason in entry["reasons"]),
        notes=tuple(map(quote, entry["notes"])),
        sources=sources,
        period=entry["period"],
        rule=_read_rule(entry["rule"]),
        unknown=entry["unknown"],
        partly=entry.get("partly_held", False),
    )


def _read_rule(text: str) -> Saying | None:
    return quote(text) if text else None


def bridge_data(bridge: Bridge, words: Words = ENGLISH) -> dict[str, Any]:
    """A bridge as plain data."""
    return {
        "question": bridge.question.canonical(),
        "title": bridge.question.measure.title,
        "conditions": conditions_of(bridge.question, words),
        "marking": bridge.marking.name.lower(),
        "unit": bridge.unit,
        "from": bridge.start.isoformat(),
        "to": bridge.end.isoformat(),
        "explained_as_at": bridge.question.as_at.isoformat(),
        "opening": bridge.opening,
        "lines": [
            {
                "cell": line.cell,
                "reason": str(line.reason),
                "amount": line.amount,
                "detail": words.say(line.detail),
                "sources": [words.say(source) for source in line.sources],
            }
            for line in bridge.lines
        ],
        "closing": bridge.closing,
        "adds_up": bridge.adds_up,
        "cells": [
            {
                "cell": span.cell,
                "opening": span.opening,
                "closing": span.closing,
                "opening_id": span.opening_id,
                "closing_id": span.closing_id,
            }
            for span in bridge.spans
        ],
        "notes": [words.say(note) for note in bridge.notes],
    }


def write_bridge(bridge: Bridge, words: Words = ENGLISH) -> str:
    """A bridge as JSON text."""
    made_up = is_synthetic(bridge.at_start, bridge.at_end)
    return document("bridge", bridge_data(bridge, words), synthetic=made_up)


def comparison_data(comparison: Comparison, words: Words = ENGLISH) -> dict[str, Any]:
    """Answers side by side as plain data."""
    return {
        "names": list(comparison.names),
        "marking": comparison.marking.name.lower(),
        "agrees": comparison.agrees,
        **({"why_apart": list(map(words.say, comparison.apart))} if comparison.apart else {}),
        "cells": [
            {
                "label": row.label,
                "agrees": row.agrees,
                "within_bounds": row.within,
                "dims": dict(next(cell.dims for cell in row.cells if cell)),
                "figures": {
                    name: {"value": cell.value, "low": cell.low, "high": cell.high, "id": cell.id}
                    if cell
                    else None
                    for name, cell in zip(comparison.names, row.cells, strict=True)
                },
            }
            for row in comparison.rows
        ],
        "answers": [answer_data(found, words) for found in comparison.answers],
    }


def write_comparison(comparison: Comparison, words: Words = ENGLISH) -> str:
    """Answers side by side as JSON text."""
    made_up = is_synthetic(*comparison.answers)
    return document("comparison", comparison_data(comparison, words), synthetic=made_up)
