"""What every form of a view shares: its table as text, flat or with a dimension across, and the
lines that say what was derived and why something was not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

from darkfigure.basis.saying import several
from darkfigure.basis.statement import TIME_CUTS
from darkfigure.publication.views import Derived, Kind, View, ViewRow
from darkfigure.tables.cell import Cell
from darkfigure.tables.evidence import Number
from darkfigure.tables.intervals import Bounded
from darkfigure.writing.views.grid import Grid, GridRow, grid_of
from darkfigure.writing.wording import (
    amount,
    column_title,
    dim_words,
    figure,
    footnotes,
    label_in,
    on_face,
    unit_title,
)
from darkfigure.writing.words import ENGLISH, Words

#: Figures are told in per cent to one place; bounds away from the figure.
PLACES = Decimal("0.1")
#: So many rows are named that something is not told of; of the rest, how many they are.
SHOWN = 6


@dataclass(frozen=True)
class Entry:
    """A figure as it is written, what is derived beside it, the numbers of its notes, and its row;
    no row where there is none.
    """

    text: str
    derived: tuple[str, ...]
    marks: tuple[int, ...]
    row: ViewRow | None


@dataclass(frozen=True)
class Columns:
    """The table as text: headings of labels, of figures, of what is derived beside each; rows."""

    labels: list[str]
    figures: list[str]
    derived: list[str]
    rows: list[tuple[list[str], list[Entry]]]


def cells_of(view: View) -> tuple[Cell, ...]:
    """Every cell that a view shows or hides: those of the answer, and those held undivided."""
    beside = (row.members for row in view.rows if row.kind is Kind.UNDIVIDED)
    return (*view.answer.cells, *(cell for members in beside for cell in members))


def columns_of(view: View, words: Words = ENGLISH) -> Columns:
    """The table of a view."""
    marked = zip(cells_of(view), footnotes(cells_of(view), words).marks, strict=True)
    marks = {cell.id: numbers for cell, numbers in marked}
    return (_across if view.wishes.pivot else _flat)(view, marks, words)


def face(view: View, words: Words = ENGLISH) -> list[str]:
    """What stands over everything else: the marking, and that figures are made up."""
    return on_face(view.marking, view.answer.notes, [view.answer], words)


def derived_heads(view: View, words: Words) -> list[str]:
    """The headings of what is derived."""
    wishes = view.wishes
    return [
        *(
            [words.text("views.change"), words.text("views.change_per_cent")]
            if wishes.change
            else []
        ),
        *([words.text("views.share")] if wishes.share or wishes.of else []),
    ]


def _flat(view: View, marks: dict[str, tuple[int, ...]], words: Words) -> Columns:
    pending = any(row.in_progress for row in view.rows)
    by_row = not view.cut_by_time and not pending
    heads = [
        *([words.text("head.period")] if by_row else []),
        *(column_title(name, words) for name in view.dims),
        *([words.text("head.cases")] if pending else []),
    ]
    rows = []
    for row in view.rows:
        labels = [
            *([_periods(row, words)] if by_row else []),
            *_labels(view.dims, row, words),
            *([_state(row, words)] if pending else []),
        ]
        rows.append((labels, [_entry(view, row, row_text(row, words), marks, words)]))
    return Columns(heads, [unit_title(view.answer.unit, words)], derived_heads(view, words), rows)


def _state(row: ViewRow, words: Words) -> str:
    return words.text("head.in_progress" if row.in_progress else "head.concluded")


def _periods(row: ViewRow, words: Words) -> str:
    return row.periods[0] if len(row.periods) == 1 else words.text("views.different")


def _labels(dims: Sequence[str], row: ViewRow, words: Words) -> list[str]:
    """What a row stands under; of one that adds up, what it is in place of the first dimension that
    it adds over.
    """
    told = iter([kind_said(row, words)])
    return [_label(name, row, words) if name in row.dims else next(told, "") for name in dims]


def _label(name: str, row: ViewRow, words: Words) -> str:
    if row.cell is not None:
        return label_in(row.cell, name, words)
    label = dim_words(name, row.dims[name], words)
    if name in TIME_CUTS and any(cell.partly for cell in row.members):
        return f"{label} ({_periods(row, words)})"
    return label


def kind_said(row: ViewRow, words: Words = ENGLISH) -> str:
    """What a row is that shows no cell of the answer."""
    if row.kind is Kind.OTHERS:
        return words.text("views.others", count=row.added_over)
    if row.kind is Kind.CELL:
        return ""
    return words.text("views.total" if row.kind is Kind.TOTAL else "views.undivided")


def row_text(row: ViewRow, words: Words = ENGLISH) -> str:
    """The figure of a row, its bounds, or why there is none."""
    if row.cell is not None:
        return figure(row.cell, words)
    return amount(*row.figure, row.reasons, words)


def _entry(
    view: View, row: ViewRow, text: str, marks: dict[str, tuple[int, ...]], words: Words
) -> Entry:
    numbers = marks.get(row.cell.id, ()) if row.cell else ()
    return Entry(text, derived_texts(view, row, words), numbers, row)


def derived_texts(view: View, row: ViewRow, words: Words = ENGLISH) -> tuple[str, ...]:
    """What is derived of a row, under the headings of `derived_heads`."""
    texts: list[str] = []
    if view.wishes.change:
        texts += [signed(row.change, words), per_cent(row.change_per_cent, words, sign="+")]
    if view.wishes.share or view.wishes.of:
        texts.append(per_cent(row.share, words))
    return tuple(texts)


def signed(derived: Derived | None, words: Words = ENGLISH) -> str:
    """A difference with its sign and bounds."""
    if derived is None or derived.why:
        return words.text("views.none")
    parts = (None if each is None else f"{each:+,}" for each in derived.figure)
    return _bounded(*parts, exact=derived.figure.exact, words=words)


def per_cent(derived: Derived | None, words: Words = ENGLISH, sign: str = "") -> str:
    """A figure in per cent to one place, its bounds rounded away from it."""
    if derived is None or derived.why:
        return words.text("views.none")
    ways = (ROUND_HALF_EVEN, ROUND_FLOOR, ROUND_CEILING)
    parts = (
        None if each is None else f"{_rounded(each, way):{sign},}"
        for each, way in zip(derived.figure, ways, strict=True)
    )
    return _bounded(*parts, exact=derived.figure.exact, words=words)


def _rounded(value: Number, way: str) -> Decimal:
    return Decimal(str(value)).quantize(PLACES, rounding=way)


def _bounded(
    value: str | None, low: str | None, high: str | None, *, exact: bool, words: Words
) -> str:
    if value is not None:
        if exact or low is None or high is None:
            return value
        return words.text("figure.bounds", value=value, low=low, high=high)
    if low is not None and high is not None:
        return words.text("figure.between", low=low, high=high)
    if low is not None:
        return words.text("figure.at_least", low=low)
    return words.text("figure.up_to", high=high) if high is not None else words.text("views.none")


def _across(view: View, marks: dict[str, tuple[int, ...]], words: Words) -> Columns:
    grid = grid_of(view)
    pending = any(row.in_progress for row in view.rows)
    by_row = not view.cut_by_time and not pending
    heads = [
        *([words.text("head.period")] if by_row else []),
        *(column_title(name, words) for name in grid.labels),
        *([words.text("head.cases")] if pending else []),
    ]
    rows = []
    for row in grid.rows:
        labels = [
            *([row.period or words.text("views.different")] if by_row else []),
            *_grid_labels(grid, row, words),
            *([_state(row.first, words)] if pending else []),
        ]
        entries = [_placed(view, row, each, marks, words) for each in row.entries]
        rows.append((labels or [kind_said(row.first, words)], entries))
    figures = [dim_words(grid.across, value, words) for value in grid.columns]
    return Columns(heads or [""], figures, derived_heads(view, words), rows)


def _grid_labels(grid: Grid, row: GridRow, words: Words) -> list[str]:
    told = iter([kind_said(row.first, words)])
    return [
        dim_words(name, row.dims[name], words) if name in row.dims else next(told, "")
        for name in grid.labels
    ]


def _placed(
    view: View,
    line: GridRow,
    row: ViewRow | None,
    marks: dict[str, tuple[int, ...]],
    words: Words,
) -> Entry:
    """A figure in the grid, with the time it is for where neither row nor column says it."""
    if row is None:
        return Entry("", tuple("" for _ in derived_heads(view, words)), (), None)
    text, own = row_text(row, words), ""
    if view.cut_by_time:
        own = _periods(row, words) if any(cell.partly for cell in row.members) else ""
    elif not line.period:
        own = ", ".join(row.periods)
    if own:
        text = words.text("views.figure_for", figure=text, period=own)
    return _entry(view, row, text, marks, words)


def said_of(view: View, entry: Entry, words: Words = ENGLISH) -> list[str]:
    """What is derived of a figure, as lines to stand beneath it."""
    texts, lines = iter(entry.derived), []
    if entry.row is None:
        return []
    if view.wishes.change:
        change, share = next(texts), next(texts)
        if _told(entry.row.change_per_cent):
            lines.append(words.text("views.change_both", change=change, per_cent=share))
        else:
            lines.append(words.text("views.change_of", change=change))
    if view.wishes.share or view.wishes.of:
        text = next(texts)
        lines.append(words.text("views.share_of", share=text) if _told(entry.row.share) else text)
    return lines


def _told(derived: Derived | None) -> bool:
    return derived is not None and not derived.why and derived.figure != Bounded(None, None, None)


def note_lines(view: View, words: Words = ENGLISH) -> list[str]:
    """What is said of the view: how it was derived, and of which rows something was not."""
    return [*map(words.say, view.notes), *_why_lines(view, words)]


def _why_lines(view: View, words: Words) -> Iterator[str]:
    """Why something is not told, with the rows it is not told of."""
    rows: dict[tuple[str, str], list[str]] = {}
    for row in view.rows:
        told = (
            (words.text("views.a_change"), row.change),
            (words.text("views.a_share"), row.share),
        )
        for what, derived in told:
            if derived is not None and derived.why:
                key = (what, words.say(derived.why))
                rows.setdefault(key, []).append(row_label(view, row, words))
        part = row.change_per_cent
        if part is not None and part.why and part.why != (row.change and row.change.why):
            key = (words.text("views.change_per_cent").lower(), words.say(part.why))
            rows.setdefault(key, []).append(row_label(view, row, words))
    for (what, why), labels in rows.items():
        more = len(labels) - SHOWN
        named = [*labels[:SHOWN], *([words.text("views.more", count=more)] if more > 0 else [])]
        yield words.text("views.why", what=what, why=why, rows=several(named, "semicolon"))


def row_label(view: View, row: ViewRow, words: Words = ENGLISH) -> str:
    """A row in words."""
    return ", ".join(filter(None, _labels(view.dims, row, words)))
