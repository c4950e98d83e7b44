"""What is held, as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from darkfigure.tables.holdings import HeldBreakdown, HeldMeasure
from darkfigure.writing.documents.head import document
from darkfigure.writing.words import ENGLISH, Words


def write_held(found: Sequence[HeldMeasure], words: Words = ENGLISH) -> str:
    """Every measure with its breakdowns, the days held and how much of each year."""
    del words  # codes and days alone
    data = {"held": [_measure(each) for each in found]}
    return document("held", data, synthetic=None)


def _measure(found: HeldMeasure) -> dict[str, Any]:
    return {
        "measure": found.measure.code,
        "title": found.measure.title,
        "withheld": found.withheld,
        "breakdowns": [
            {
                "by": list(each.by),
                "unit": each.unit,
                "periods": [
                    {"from": f"{period.start}", "to": f"{period.end}", "label": period.label}
                    for period in each.periods
                ],
                "years": _years(each, found.years),
                "time": list(each.lengths),
                "stated_by": list(each.stated_by),
                "newest": each.newest.isoformat(),
                **({} if each.dated else {"newest_is": "received"}),
                "documents": each.documents,
            }
            for each in found.breakdowns
        ],
    }


def _years(each: HeldBreakdown, years: range) -> dict[str, str]:
    return {str(year): str(each.filled(year)) for year in years}
