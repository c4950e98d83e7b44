"""A judgement as plain fields, in the shape of its file, and the hash of what it says.

Who wrote, reviewed and released it, its version and how far it has come are no part of either.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from darkfigure.basis.truth import Truth
from darkfigure.intelligence.indicators import Condition
from darkfigure.intelligence.judgements import CitedItem, Criterion, Judgement


def as_fields(judgement: Judgement) -> dict[str, Any]:
    """The fields of its file; what it does not say is left out."""
    confidence = judgement.confidence
    fields: dict[str, Any] = {
        "code": judgement.code,
        "area": judgement.area,
        "requirements": list(judgement.requirements),
        "claim": judgement.claim,
        "term": judgement.term.label if judgement.term else "",
        "confidence": {
            "rating": confidence.rating.value,
            **{each.value: confidence.line(each) for each in Criterion},
        },
        "direction": judgement.direction.value,
        "horizon": judgement.horizon.isoformat() if judgement.horizon else "",
        "resolution": judgement.resolution,
        "if_unchanged": _said_of(judgement.if_unchanged),
        "places": list(judgement.places),
        "for": [_item(item) for item in judgement.items_for],
        "against": [_item(each) for each in judgement.items_against],
        "single_origin": _yes(judgement.single_origin_said),
        "figures": [
            _without_nothing(
                {
                    "ask": figure.question,
                    "as_at": figure.as_at.isoformat(),
                    "answer": figure.says,
                    "role": figure.role.value,
                }
            )
            for figure in judgement.figures
        ],
        "hypotheses": [
            {"code": hypothesis.code, "says": hypothesis.says, "claimed": _yes(hypothesis.claimed)}
            for hypothesis in judgement.hypotheses
        ],
        "grid": {
            row.item: {code: mark.value for code, mark in row.marks} for row in judgement.rows
        },
        "would_change": judgement.would_change,
        "assumptions": [
            {
                "says": assumption.says,
                "fails_when": assumption.fails_when,
                **_asked(assumption.question, assumption.condition),
            }
            for assumption in judgement.assumptions
        ],
        "indicators": [
            {"says": indicator.says, **_asked(indicator.question, indicator.condition)}
            for indicator in judgement.indicators
        ],
        "dissent": [{"post": view.post, "says": view.text} for view in judgement.dissent],
        "comments": [
            {"agency": comment.agency, "says": comment.text} for comment in judgement.comments
        ],
        "change": _without_nothing(
            {
                "kind": judgement.change.kind.value,
                "reason": judgement.change.reason,
                "criterion": judgement.change.criterion.value if judgement.change.criterion else "",
                "item": judgement.change.item,
            }
        ),
        "marking": judgement.marking.name.replace("_", "-"),
        "synthetic": _yes(judgement.synthetic),
        "known": judgement.known.isoformat(),
    }
    return _without_nothing(fields)


def content_of(judgement: Judgement) -> str:
    """The hash of all that it says (SHA-256, hexadecimal)."""
    plain = json.dumps(as_fields(judgement), sort_keys=True, ensure_ascii=False)
    return sha256(plain.encode()).hexdigest()


def _item(each: CitedItem) -> dict[str, Any]:
    day = each.day.isoformat() if each.day else ""
    return _without_nothing(
        {"item": each.name, "grade": each.grade, "origin": each.origin, "on": day}
    )


def _asked(question: str, condition: Condition | None) -> dict[str, Any]:
    asked = {"ask": question, "condition": str(condition) if condition else ""}
    return _without_nothing(asked)


def _without_nothing(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in ("", [], {})}


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _said_of(truth: Truth) -> str:
    return "" if truth == Truth.NOT_KNOWN else truth.value
