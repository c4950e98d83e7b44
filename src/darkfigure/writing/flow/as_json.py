"""The flow of persons as JSON."""

from __future__ import annotations

from typing import Any

from darkfigure.tables.flow import Flow
from darkfigure.writing.documents.head import document
from darkfigure.writing.wording import condition_words
from darkfigure.writing.words import ENGLISH


def flow_data(found: Flow) -> dict[str, Any]:
    """A flow as plain data."""
    return {
        "as_at": found.as_at.isoformat(),
        "where": [str(condition) for condition in found.where],
        "conditions": list(map(condition_words, found.where)),
        "marking": found.marking.name.lower(),
        **{
            name: [
                {
                    "from": ENGLISH.say(step.start),
                    "to": ENGLISH.say(step.end),
                    "persons": step.persons,
                }
                for step in steps
            ]
            for name, steps in (("victims", found.victims), ("suspects", found.suspects))
        },
        "durations": [
            {
                "step": ENGLISH.say(each.name),
                "persons": each.persons,
                "ended": each.ended,
                "waiting": each.waiting,
                "median_days": each.median,
                "low": each.low,
                "high": each.high,
                "still_waiting": [
                    {"day": day, "share": round(share, 6)} for day, share in each.curve
                ],
            }
            for each in found.durations
        ],
        "unplaced": dict(found.unplaced),
    }


def write_flow(found: Flow) -> str:
    """A flow as JSON text."""
    return document("flow", flow_data(found), synthetic=bool(found.synthetic))
