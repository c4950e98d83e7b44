"""An edition as it is kept: its text, what every reference showed, its judgements. Every rendering
can be made of it again, byte by byte, on another machine and without a repository.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

import polars as pl

from darkfigure.assessment.comparison import Compared, Dated, FigureMoved, JudgementMoved
from darkfigure.assessment.conditions import Verdict
from darkfigure.assessment.edition import (
    Condition,
    Edition,
    JudgementTold,
    Rendering,
    Source,
)
from darkfigure.assessment.shown import as_data as shown_data
from darkfigure.assessment.shown import from_data as shown_from
from darkfigure.assessment.text import Place
from darkfigure.intelligence.coverage_change import CoverageChange


def as_data(edition: Edition, against: Compared | None = None) -> dict[str, Any]:
    """An edition as plain data, with what it is compared with. What is marked above the rendering
    is no part of it.
    """
    return {
        "texts": dict(edition.texts),
        "rendering": str(edition.rendering),
        "values": {
            key: shown_data(value)
            for key, value in sorted(edition.values.items())
            if key in edition.keys_told
        },
        "judgements": [_told(judgement) for judgement in edition.judgements],
        "conditions": [
            {
                "file": place.file,
                "line": place.line,
                "words": condition.words,
                "condition": condition.condition,
                "verdict": str(condition.verdict),
            }
            for condition in edition.conditions
            for place in (edition.place_told(condition.place),)
        ],
        "basis": dict(edition.basis),
        "against": _compared(against) if against else None,
    }


def _told(judgement: JudgementTold) -> dict[str, Any]:
    return {**asdict(judgement), "shown": shown_data(judgement.shown)}


def _told_from(data: Mapping[str, Any]) -> JudgementTold:
    return JudgementTold(**{**data, "shown": shown_from(data["shown"])})


def from_data(data: Mapping[str, Any], source: Source) -> Edition:
    """The edition that `as_data` wrote down; `source` is its text, read again."""
    return Edition(
        source,
        Rendering(data["rendering"]),
        {key: shown_from(value) for key, value in data["values"].items()},
        tuple(map(_told_from, data["judgements"])),
        tuple(
            Condition(
                Place(each["file"], each["line"]),
                each["words"],
                each["condition"],
                Verdict(each["verdict"]),
            )
            for each in data["conditions"]
        ),
        dict(data["basis"]),
    )


_SHARES = ("opening", "revision", "like_before", "closed", "lapsed", "like_after", "scope")


def _compared(against: Compared) -> dict[str, Any]:
    change = against.coverage
    return {
        "before": [against.before.name, against.before.as_at.isoformat()],
        "after": [against.after.name, against.after.as_at.isoformat()],
        "judgements": [
            {
                "code": judgement.code,
                "then": [_told(one) for one in judgement.then],
                "now": [_told(one) for one in judgement.now],
                "how": judgement.how,
                "reason": judgement.reason,
            }
            for judgement in against.judgements
        ],
        "figures": [_figure(figure) for figure in against.figures],
        "estimates": [_figure(estimate) for estimate in against.estimates],
        "coverage": {
            **{name: getattr(change, name) for name in (*_SHARES, "closing")},
            "added": list(change.added),
            "dropped": list(change.dropped),
        }
        if change
        else None,
        "opened": [list(question) for question in against.opened],
        "closed": [list(each) for each in against.closed],
        "synthetic": against.synthetic,
    }


def _figure(moved: FigureMoved) -> dict[str, Any]:
    return {
        "title": moved.title,
        "then": shown_data(moved.then),
        "now": shown_data(moved.now),
        "bridge": shown_data(moved.bridge) if moved.bridge else None,
    }


def _figure_from(data: Mapping[str, Any]) -> FigureMoved:
    bridge = shown_from(data["bridge"]) if data["bridge"] else None
    return FigureMoved(data["title"], shown_from(data["then"]), shown_from(data["now"]), bridge)


def comparison_from(data: Mapping[str, Any] | None) -> Compared | None:
    """The comparison that was written down with an edition; none where there was none."""
    if data is None:
        return None
    change = data["coverage"]
    return Compared(
        _dated(data["before"]),
        _dated(data["after"]),
        tuple(
            JudgementMoved(
                each["code"],
                tuple(map(_told_from, each["then"])),
                tuple(map(_told_from, each["now"])),
                each["how"],
                each["reason"],
            )
            for each in data["judgements"]
        ),
        tuple(map(_figure_from, data["figures"])),
        tuple(map(_figure_from, data["estimates"])),
        CoverageChange(
            **{
                **change,
                "added": tuple(change["added"]),
                "dropped": tuple(change["dropped"]),
                "moves": pl.DataFrame(),
            }
        )
        if change
        else None,
        tuple((code, text) for code, text in data["opened"]),
        tuple((code, text) for code, text in data["closed"]),
        data["synthetic"],
    )


def _dated(data: tuple[str, str]) -> Dated:
    name, day = data
    return Dated(name, date.fromisoformat(day))
