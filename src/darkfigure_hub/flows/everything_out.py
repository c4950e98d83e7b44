"""Tell all that went out: tables of releases, answers of responses, whatever became of them; and
what of it was asked.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.publication.all_released import Out
from darkfigure.writing.answers.as_json import packed_answer, read_answer
from darkfigure.writing.releases.ledger import Gone
from darkfigure_hub.access import logging, record
from darkfigure_hub.flows.show_responses import answered, disclosures
from darkfigure_hub.store.queries import releases as store


def everything_out(scope: Scope, besides: str = "") -> list[Out]:
    """Every table and every answer that went out or is approved to, whatever became of it since:
    what an attacker may hold. One release may be left out, by what names it in its address.
    """
    scope.require(Permission.READ_RELEASES)
    tables = [
        Out(f"{release}, {code}", read_answer(kept.content))
        for release, code, kept in store.everything_out(scope)
        if kept.content and release != besides
    ]
    return tables + [
        Out(f"{response.reference} ({part.letter})", part.answer)
        for response in answered(scope)
        for part in response.parts
        if not part.refused
    ]


def questions_published(scope: Scope) -> list[Mapping[str, Any]]:
    """The questions, as plain data and each once, that tables of releases which are out and
    responses of the disclosure log answered.
    """
    scope.require(Permission.READ_DISCLOSURES)
    out = [held.number for held in store.releases(scope) if held.published_at]
    asked = [
        table["question"] for said in store.said(scope, out).values() for table in said["tables"]
    ]
    asked += [
        part.answer.question.canonical()
        for response in disclosures(scope)
        for part in response.parts
        if not part.refused
    ]
    return [*{json.dumps(each, sort_keys=True): each for each in asked}.values()]


def ledger(scope: Scope) -> list[Gone]:
    """Everything that went out, oldest first, with the hash of each: every file of every release,
    every answer of every response, whatever became of them.
    """
    scope.require(Permission.READ_RELEASES)
    held = {one.number: one for one in store.releases(scope) if one.published_at}
    gone = [
        Gone(
            "release",
            held[number].name,
            held[number].address,
            name,
            held[number].published_at,
            held[number].state,
            "",
            sha256,
        )
        for number, name, sha256 in store.file_hashes(scope)
        if number in held
    ]
    gone += [
        Gone(
            "response",
            response.reference,
            "",
            part.letter,
            response.registered_at,
            "withdrawn" if response.withdrawn else "out",
            part.answer.question.measure.code,
            hashlib.sha256(packed_answer(part.answer).encode()).hexdigest(),
        )
        for response in answered(scope)
        for part in response.parts
        if not part.refused
    ]
    with logging(scope):
        record(scope, "ledger exported", {"entries": len(gone)})
    return sorted(gone, key=lambda one: (one.out_at is not None, str(one.out_at)))
