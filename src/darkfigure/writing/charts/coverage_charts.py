"""Charts of requirement coverage: the ladder over time, and the way from one day to another."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from darkfigure.intelligence.coverage import Coverage
from darkfigure.writing.charts.axes import Days, Scale, lay_amounts, lay_days
from darkfigure.writing.charts.canvas import LINE, WIDTH, Canvas
from darkfigure.writing.charts.picture import Picture, picture, titled
from darkfigure.writing.charts.rows import Row, lay_key, lay_rows
from darkfigure.writing.words import ENGLISH, Words

if TYPE_CHECKING:
    from darkfigure.intelligence.coverage_change import CoverageChange

#: Statuses from the foot of the columns up, with the look of each.
LADDER = {
    "N5": "shade5",
    "N4": "shade4",
    "N3": "shade3",
    "X": "down",
    "L": "hatch",
    "N2": "shade2",
    "N1": "shade1",
    "N0": "shade0",
    "W": "part",
}
_TALL = 190.0


def ladder_over_time(series: Sequence[Coverage], words: Words = ENGLISH) -> Picture:
    """Shares of weight by status at the end of each month, best known at the bottom."""
    title = words.text("charts.coverage.title")
    canvas = titled(title, [words.text("charts.coverage.share")])
    shares = [(found.at, found.shares().row(0, named=True)) for found in series]
    gaps = [(b - a).days for (a, _), (b, _) in itertools.pairwise(shares)] or [30]
    wide = min(gaps) * 0.7
    half = timedelta(days=max(1, round(wide / 2)))
    left, right = 44.0, WIDTH - 78
    days = Days(shares[0][0] - half, shares[-1][0] + half, left, right)
    top = canvas.height + 10
    scale = Scale(0, 1, top + _TALL, top)
    lay_amounts(canvas, scale, left, right, most=4, whole=False, percent=True)
    for at, row in shares:
        foot = 0.0
        x = days.at(at.toordinal() - wide / 2)
        for status, look in LADDER.items():
            if row[status]:
                _block(
                    canvas,
                    (x, days.at(at.toordinal() + wide / 2) - x),
                    scale,
                    foot,
                    row[status],
                    look,
                )
                foot += row[status]
    canvas.height = top + _TALL
    _ends(canvas, shares[-1][1], scale, right)
    lay_days(canvas, days, canvas.height, words)
    canvas.height += LINE + 12
    used = [name for name in LADDER if any(row[name] for _, row in shares)]
    named = {name: f"{name} {words.text(f'coverage.status.{name}')}" for name in LADDER}
    lay_key(canvas, [(LADDER[name], named[name]) for name in reversed(used)])
    heads = [words.text("charts.axis.day"), words.text("charts.axis.status")]
    table = [
        (words.day(at), named[name], f"{row[name]:.1%}") for at, row in shares for name in used
    ]
    return picture(title, [*heads, words.text("charts.axis.share")], table, canvas, words)


def _block(
    canvas: Canvas, across: tuple[float, float], scale: Scale, foot: float, share: float, look: str
) -> None:
    x, wide = across
    y, tall = scale(foot + share), scale(foot) - scale(foot + share)
    if look.startswith("shade"):
        canvas.shade(x, y, wide, tall, int(look[-1]))
    elif look == "part":
        canvas.rect(x, y, wide, tall, look)
    else:
        canvas.hatched(x, y, wide, tall, look)


def _ends(canvas: Canvas, row: dict[str, float], scale: Scale, right: float) -> None:
    """The shares of the last column beside it, moved apart where they would meet, each tied to its
    block.
    """
    foot, wanted = 0.0, []
    for status in LADDER:
        if row[status]:
            wanted.append((scale(foot + row[status] / 2), status, row[status]))
            foot += row[status]
    # From the foot up; what has no room is pushed further up, and all down again from the top.
    places = [y for y, _, _ in wanted]
    for at in range(1, len(places)):
        places[at] = min(places[at], places[at - 1] - LINE)
    limit = scale(1) + 4
    for at in reversed(range(len(places))):
        places[at] = max(places[at], limit)
        limit = places[at] + LINE
    for (y, status, share), place in zip(wanted, places, strict=True):
        canvas.path(f"M{right:.1f} {y:.1f}L{right + 10:.1f} {place:.1f}", "axis")
        canvas.write(f"{status} {share:.0%}", right + 13, place + 4.5)


def change_bridge(change: CoverageChange, words: Words = ENGLISH) -> Picture:
    """From the answered share published to that of now, a step for each reason."""
    steps = [
        (words.text("charts.change.late"), change.revision),
        (words.text("charts.change.closed"), change.closed),
        (words.text("charts.change.lapsed"), -change.lapsed),
        (words.text("charts.change.scope"), change.scope),
    ]
    at, opening = change.opening, words.text("charts.change.published")
    rows = [Row(opening, f"{at:.1%}", at, look="end", bold=True)]
    for name, value in steps:
        look = "bar" if value >= 0 else "down"
        rows.append(Row(name, f"{value * 100:+.1f}", at + value, start=at, look=look))
        at += value
    closing = words.text("charts.change.now")
    rows.append(Row(closing, f"{change.closing:.1%}", change.closing, look="end", bold=True))
    title = words.text("charts.change.title")
    canvas = titled(title, [words.text("charts.change.share")])
    lay_rows(canvas, rows)
    lay_key(canvas, [("down", words.text("charts.key.down"))])
    heads = [words.text("head.step"), words.text("charts.axis.share")]
    return picture(title, heads, [(row.label, row.told) for row in rows], canvas, words)
