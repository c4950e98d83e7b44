"""What is held, as a page: a grid of years for each measure, a row for each breakdown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from darkfigure.tables.holdings import Fill, HeldBreakdown, HeldMeasure
from darkfigure.writing.held.as_text import MARKS, MOST_YEARS, bodies, breakdown, lengths, newest
from darkfigure.writing.page import Entry, Head, entry, page, table
from darkfigure.writing.words import ENGLISH, Words

#: What stands before the address of a question, where breakdowns are links.
Link = Callable[[HeldMeasure, HeldBreakdown], str]


def write_held(found: Sequence[HeldMeasure], words: Words = ENGLISH) -> str:
    """A page by itself."""
    return page(words.text("holdings.title"), [held_part(found, words=words)], words)


def held_part(
    found: Sequence[HeldMeasure], link: Link | None = None, words: Words = ENGLISH
) -> str:
    """The grids of all measures, each folded beneath its summary where there are several; `link`
    gives the address at which a breakdown is asked.
    """
    folded = len(found) > 1
    held = [each for each in found if each.breakdowns]
    nothing = [each for each in found if not each.breakdowns]
    parts = [f'<div class="held"><p class="legend">{_legend(words)}</p>']
    parts += [_measure(each, link, words, folded=folded) for each in held]
    if nothing:
        listed = "".join(
            f'<li id="{escape(each.measure.code)}">{escape(each.measure.title)}</li>'
            for each in nothing
        )
        told = escape(words.text("holdings.nothing"))
        parts.append(f'<h2 class="none">{told[:1].upper()}{told[1:]}</h2><ul>{listed}</ul>')
    return "".join([*parts, "</div>"])


def _measure(found: HeldMeasure, link: Link | None, words: Words, *, folded: bool) -> str:
    """A measure with its grid, beneath a line that says how much is held."""
    told = words.text(
        "holdings.summary",
        count=len(found.breakdowns),
        years=_years(found.years, words),
    )
    if not folded:
        heading = escape(found.measure.title)
        return f'<h2 id="{escape(found.measure.code)}">{heading}</h2>{_grid(found, link, words)}'
    return (
        f'<details id="{escape(found.measure.code)}"><summary>'
        f"<strong>{escape(found.measure.title)}</strong>, {escape(told)}</summary>"
        f"{_grid(found, link, words)}</details>"
    )


def _years(years: range, words: Words) -> str:
    """The years that figures are of, as years are written: without a separator."""
    first, last = str(years[0]), str(years[-1])
    if first == last:
        return words.text("holdings.year", year=first)
    return words.text("holdings.years", first=first, last=last)


def _legend(words: Words) -> str:
    """What the marks of years mean, each as it looks in the table."""
    return ", ".join(
        f'<span class="year {fill}">{MARKS[fill]}</span> {escape(words.text(f"holdings.{fill}"))}'
        for fill in Fill
    )


def _grid(found: HeldMeasure, link: Link | None, words: Words) -> str:
    years = found.years if len(found.years) <= MOST_YEARS else range(0)
    first, *rest = (
        Head(words.text(f"holdings.{name}"))
        for name in ("breakdown", "asked_by", "stated_by", "newest_head")
    )
    heads = [first, *(Head(str(year), "year") for year in years), *rest]
    rows = [_row(found, each, years, link, words) for each in found.breakdowns]
    caption = words.text("holdings.caption", title=found.measure.title)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f"{table(caption, heads, rows, kind='held')}</div>"
    )


def _row(
    found: HeldMeasure, each: HeldBreakdown, years: range, link: Link | None, words: Words
) -> list[Entry]:
    label = escape(breakdown(each, words))
    if link is not None:
        label = f'<a href="{escape(link(found, each))}">{label}</a>'
    periods = escape(", ".join(period.label for period in each.periods))
    return [
        Entry(f"{label}<br><small>{periods}</small>"),
        *(_cell(each.filled(year), year, words) for year in years),
        entry(lengths(each, words)),
        entry(bodies(each)),
        entry(newest(each, words)),
    ]


def _cell(fill: Fill, year: int, words: Words) -> Entry:
    said = escape(f"{year}: {words.text(f'holdings.{fill}')}")
    return Entry(
        f'<span aria-hidden="true">{MARKS[fill]}</span><span class="df-unseen">{said}</span>',
        f"year {fill}",
    )
