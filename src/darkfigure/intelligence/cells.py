"""Cells: atomic question x area x period, with the weight of each and the codes whose evidence it
reads.

The weight of a question is split over its cells, so that asking it finer changes no share. Where
questions were split, the parts share the weight of the whole and read its evidence; where they were
merged, the cells of the merged question remember what they were made of, so that no share changes
by the merger either.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl

from darkfigure.basis.period import Period
from darkfigure.codes.following import follows_lists
from darkfigure.intelligence.requirement_sets import Question, RequirementSet

CELLS = {
    "cell": pl.Int64,
    "threat": pl.String,
    "requirement": pl.String,
    "question": pl.String,
    "part": pl.String,
    "area": pl.String,
    "period": pl.String,
    "start": pl.Date,
    "end": pl.Date,
    "weight": pl.Float64,
    "half_life": pl.Float64,
    "existence": pl.Boolean,
}


@dataclass(frozen=True, eq=False)
class CellSet:
    """The cells of an edition, and which codes each reads: `reads` has a row for each cell and
    code. The same edition has the same cells, which what is worked out of them is kept by.
    """

    edition: str
    cells: pl.DataFrame
    reads: pl.DataFrame


@follows_lists(maxsize=16)
def cells_of(held: RequirementSet, before: RequirementSet | None = None) -> CellSet:
    """The cells of an edition, in order of code, area and period. `before` is the edition its
    concordance speaks of.
    """
    rows: list[tuple[object, ...]] = []
    reads: list[tuple[int, str]] = []
    for question in held.questions.values():
        for part, weight, codes in _parts(held, question, before):
            periods = list(periods_of(held.valid, question.cut))
            share = weight / (len(question.areas) * len(periods))
            for area in question.areas:
                for period in periods:
                    reads += [(len(rows), code) for code in codes]
                    rows.append(
                        (
                            len(rows),
                            question.threat,
                            question.requirement,
                            question.code,
                            part,
                            area,
                            period.label,
                            period.start,
                            period.end,
                            share,
                            question.half_life,
                            question.answer == "existence",
                        )
                    )
    return CellSet(
        held.edition,
        pl.DataFrame(rows, schema=CELLS, orient="row"),
        pl.DataFrame(reads, schema={"cell": pl.Int64, "question": pl.String}, orient="row"),
    )


def _parts(
    held: RequirementSet, question: Question, before: RequirementSet | None
) -> Iterator[tuple[str, float, tuple[str, ...]]]:
    """A question as what it was made of: name of the part, weight, codes read."""
    origin = held.came_from(question.code)
    old = (
        []
        if origin is None or before is None
        else [each for each in origin.old if each in before.questions]
    )
    if origin is None or before is None or not old:
        yield "", question.priority, (question.code,)
    elif origin.kind == "split":
        yield "", before.questions[old[0]].priority / len(origin.new), (question.code, old[0])
    else:
        for code in old:
            yield code, before.questions[code].priority, (question.code, code)


def periods_of(valid: Period, cut: str) -> Iterator[Period]:
    """The periods of an edition: its months or quarters from its first day on, or the whole of
    it.
    """
    months = {"month": 1, "quarter": 3}.get(cut)
    if months is None:
        yield Period(valid.start, valid.end, f"{valid.start.year}/{valid.end.year % 100:02d}")
        return
    start = valid.start
    while start <= valid.end:
        later = start.month - 1 + months
        end = date.fromordinal(date(start.year + later // 12, later % 12 + 1, 1).toordinal() - 1)
        label = f"{start:%Y-%m}" if months == 1 else f"{start.year} Q{(start.month - 1) // 3 + 1}"
        yield Period(start, min(end, valid.end), label)
        start = date.fromordinal(end.toordinal() + 1)
