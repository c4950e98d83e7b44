"""A view of an answer as JSON: the answer as it is, and beside it the rows of the view, which name
the cells that each figure was worked out from.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from darkfigure.publication.views import Derived, View, ViewRow
from darkfigure.tables.intervals import Bounded
from darkfigure.writing.answers.as_json import answer_data
from darkfigure.writing.documents.head import document
from darkfigure.writing.views.columns import note_lines
from darkfigure.writing.views.grid import grid_of
from darkfigure.writing.wording import is_synthetic
from darkfigure.writing.words import ENGLISH, Words


def view_data(view: View, words: Words = ENGLISH) -> dict[str, Any]:
    """A view as plain data: an answer, and under `view` what was wanted of it."""
    return {
        **answer_data(view.answer, words),
        "marking": view.marking.name.lower(),
        "view": {
            "wanted": {k: v for k, v in asdict(view.wishes).items() if k != "of" or v},
            "rows": [_row(view, row, words) for row in view.rows],
            **(
                {"wholes": {time: list(of) for time, of in view.wholes.items()}}
                if view.wholes
                else {}
            ),
            **({"across": _across(view)} if view.wishes.pivot and view.rows else {}),
            "notes": note_lines(view, words),
        },
    }


def _row(view: View, row: ViewRow, words: Words) -> dict[str, Any]:
    wishes = view.wishes
    return {
        "kind": str(row.kind),
        "dims": dict(row.dims),
        "in_progress": row.in_progress,
        **_bounds(row.figure),
        "reasons": [str(reason) for reason in row.reasons],
        "periods": list(row.periods),
        "cell": row.cell.id if row.cell else None,
        **({} if row.cell else {"added_up": list(row.of), "rows_added": row.added_over}),
        **(
            {
                "change": _derived(row.change, words),
                "change_per_cent": _derived(row.change_per_cent, words),
            }
            if wishes.change
            else {}
        ),
        **({"share_per_cent": _derived(row.share, words)} if wishes.share or wishes.of else {}),
    }


def _derived(derived: Derived | None, words: Words) -> dict[str, Any] | None:
    if derived is None:
        return None
    why = {"why": words.say(derived.why)} if derived.why else {}
    whole = {} if derived.whole is None else {"whole": derived.whole}
    return {**_bounds(derived.figure), **why, "of": list(derived.of), **whole}


def _bounds(figure: Bounded) -> dict[str, Any]:
    return {"value": figure.value, "low": figure.low, "high": figure.high}


def _across(view: View) -> dict[str, Any]:
    """The grid: for each of its rows, the numbers of rows of the view, by column."""
    grid, numbers = grid_of(view), {id(row): number for number, row in enumerate(view.rows)}
    return {
        "dimension": grid.across,
        "columns": list(grid.columns),
        "rows": [
            {
                "dims": dict(row.dims),
                "kind": str(row.first.kind),
                "rows": [numbers[id(entry)] if entry else None for entry in row.entries],
            }
            for row in grid.rows
        ],
    }


def write_view(view: View, words: Words = ENGLISH) -> str:
    """A view as JSON text."""
    return document("view", view_data(view, words), synthetic=is_synthetic(view.answer))
