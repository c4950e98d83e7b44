"""What is held, as text: a line for each breakdown of each measure, and a grid of years."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from darkfigure.codes import codes_for
from darkfigure.tables.holdings import Fill, HeldBreakdown, HeldMeasure
from darkfigure.writing.wording import column_title
from darkfigure.writing.words import ENGLISH, Words

MARKS = {Fill.WHOLE: "●", Fill.PART: "◐", Fill.NONE: "·"}
#: So many years are drawn one by one.
MOST_YEARS = 40


def write_held(found: Sequence[HeldMeasure], words: Words = ENGLISH) -> str:
    """Every measure with what is held of it; the years drawn, a mark for each."""
    lines = [words.text("holdings.legend")]
    for each in found:
        lines += ["", *_measure(each, words)]
    return "\n".join(lines) + "\n"


def _measure(found: HeldMeasure, words: Words) -> Iterator[str]:
    years = found.years
    span = f" {found.span}" if years else ""
    yield f"{found.measure.title} [{found.measure.code}]{span}"
    if not found.breakdowns:
        yield f"  {words.text('holdings.nothing')}"
    for each in found.breakdowns:
        if 0 < len(years) <= MOST_YEARS:
            yield f"  {''.join(MARKS[each.filled(year)] for year in years)}  {_line(each, words)}"
        else:
            yield f"  {_line(each, words)}"
    if found.withheld:
        yield f"  {words.text('holdings.withheld', count=found.withheld)}"


def _line(each: HeldBreakdown, words: Words) -> str:
    return words.text(
        "holdings.line",
        by=breakdown(each, words),
        periods=", ".join(period.label for period in each.periods),
        lengths=lengths(each, words),
        stated_by=bodies(each),
        newest=newest(each, words, named=True),
    )


def newest(each: HeldBreakdown, words: Words = ENGLISH, *, named: bool = False) -> str:
    """The day of the newest statement, or that none is stated and when it was received."""
    if not each.dated:
        return words.text("holdings.undated", day=each.newest)
    return words.text("holdings.newest", day=each.newest) if named else words.day(each.newest)


def breakdown(each: HeldBreakdown, words: Words = ENGLISH) -> str:
    """By what figures are broken down, in words."""
    if not each.by:
        return words.text("holdings.not_divided")
    names = ", ".join(column_title(name, words).lower() for name in each.by)
    return words.text("holdings.by", dimensions=names)


def lengths(each: HeldBreakdown, words: Words = ENGLISH) -> str:
    """By which cuts of time figures can be asked."""
    if not each.lengths:
        return words.text("holdings.one_figure")
    names = ", ".join(column_title(name, words).lower() for name in each.lengths)
    return words.text("holdings.lengths", cuts=names)


def bodies(each: HeldBreakdown) -> str:
    """Who stated the figures."""
    return ", ".join(codes_for("agency").label(code) for code in each.stated_by)
