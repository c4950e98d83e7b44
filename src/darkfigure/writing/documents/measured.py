"""What can be asked about, as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from darkfigure.codes import codes_for
from darkfigure.tables.counted import RULES
from darkfigure.tables.measures import all_measures

if TYPE_CHECKING:
    from darkfigure.writing.documents.listings import MeasureData


def measures_data() -> list[MeasureData]:
    """Every measure: its units, what it is, by what it can be broken down, who holds it."""
    return [
        {
            "measure": each.code,
            "title": each.title,
            "units": list(each.units),
            "definition": each.definition,
            "dimensions": list(each.dimensions),
            "holders": [codes_for("agency").label(holder) for holder in each.holders],
            "aliases": list(each.aliases),
            "counting_rules": [str(rule) for rule in RULES.get(each.code, ())],
        }
        for each in all_measures().values()
    ]
