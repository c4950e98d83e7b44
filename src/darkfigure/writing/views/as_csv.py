"""A view of an answer as CSV: a line for each row, or for each row of the grid where a dimension
stands across.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

from darkfigure.basis.inert import InertRecords
from darkfigure.publication.views import Derived, View, ViewRow
from darkfigure.writing.answers.as_csv import BETWEEN
from darkfigure.writing.beside.as_csv import ABOUT
from darkfigure.writing.views.columns import note_lines
from darkfigure.writing.views.grid import grid_of
from darkfigure.writing.wording import condition_words, is_synthetic, refusal_lines, source_lines
from darkfigure.writing.words import ENGLISH, Words

_BOUNDS = ("value", "low", "high")
#: The column of what is not broken down by the dimension across.
UNDIVIDED = "not_broken_down"
_ENDS = ("", "_low", "_high", "_why")


def write_view(view: View, words: Words = ENGLISH) -> str:
    """The rows, then a line for each thing that cannot be said, each note and each source."""
    out = io.StringIO()
    target = InertRecords(out, column_names(view))
    target.writeheader()
    for record in records_of(view, words):
        target.writerow(record)
    return out.getvalue()


def figure_names(view: View) -> list[str]:
    """What is said of each figure."""
    derived = [
        *(["change", "change_per_cent"] if view.wishes.change else []),
        *(["share_per_cent"] if view.wishes.share or view.wishes.of else []),
    ]
    ends = [f"{name}{end}" for name in derived for end in _ENDS]
    return [*_BOUNDS, "reasons", "period", "notes", *ends, "cell", "added_up"]


def column_names(view: View) -> list[str]:
    """The columns of the view as data."""
    names, told = figure_names(view), ["measure", "unit", "said", *ABOUT]
    if not view.wishes.pivot:
        dims = [name for name in view.dims if name not in names]
        return ["line", *dims, "in_progress", *names, *told]
    grid = grid_of(view)
    heads = [f"{value or UNDIVIDED} {name}" for value in grid.columns for name in names]
    return ["line", *grid.labels, "in_progress", *heads, *told]


def records_of(view: View, words: Words = ENGLISH) -> Iterator[dict[str, object]]:
    """The view as data."""
    asked = view.answer.question
    about = {
        "measure": asked.measure.code,
        "unit": view.answer.unit,
        "as_at": asked.as_at.isoformat(),
        "conditions": BETWEEN.join(condition_words(condition, words) for condition in asked.where),
        "evidence": asked.evidence,
        "marking": view.marking.name.lower(),
        "synthetic": "yes" if is_synthetic(view.answer) else "no",
    }
    yield from _across(view, about, words) if view.wishes.pivot else _flat(view, about, words)
    for refusal in view.answer.cannot:
        yield {"line": "cannot be said", **about, "said": " ".join(refusal_lines(refusal, words))}
    for line in (*note_lines(view, words), *map(words.say, view.answer.notes)):
        yield {"line": "note", **about, "said": line}
    for line in source_lines(view.answer, words):
        yield {"line": "source", **about, "said": line}


def _flat(view: View, about: dict[str, str], words: Words) -> Iterator[dict[str, object]]:
    for row in view.rows:
        yield {
            "line": str(row.kind),
            **about,
            **figure_data(view, row, words),
            **row.dims,
            "in_progress": "yes" if row.in_progress else "",
        }


def _across(view: View, about: dict[str, str], words: Words) -> Iterator[dict[str, object]]:
    grid = grid_of(view)
    for row in grid.rows:
        figures = {
            f"{value or UNDIVIDED} {name}": given
            for value, entry in zip(grid.columns, row.entries, strict=True)
            if entry is not None
            for name, given in figure_data(view, entry, words).items()
        }
        pending = "yes" if row.first.in_progress else ""
        yield {"line": str(row.first.kind), **about, **row.dims, "in_progress": pending, **figures}


def figure_data(view: View, row: ViewRow, words: Words = ENGLISH) -> dict[str, object]:
    """What is said of a figure, by name."""
    derived = {
        **(
            {"change": row.change, "change_per_cent": row.change_per_cent}
            if view.wishes.change
            else {}
        ),
        **({"share_per_cent": row.share} if view.wishes.share or view.wishes.of else {}),
    }
    ends = {
        f"{name}{end}": value
        for name, each in derived.items()
        for end, value in zip(_ENDS, _ends(each, words), strict=True)
    }
    return {
        **dict(zip(_BOUNDS, row.figure, strict=True)),
        "reasons": BETWEEN.join(row.reasons),
        "period": BETWEEN.join(row.periods),
        "notes": BETWEEN.join(map(words.say, row.cell.notes)) if row.cell else "",
        **ends,
        "cell": row.cell.id if row.cell else "",
        "added_up": "" if row.cell else BETWEEN.join(row.of),
    }


def _ends(derived: Derived | None, words: Words) -> tuple[object, ...]:
    if derived is None:
        return ("",) * len(_ENDS)
    return (*derived.figure, words.say(derived.why))
