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
    """The grids of all measures; `link` gives the address at which a breakdown is asked."""
    parts = [f'<div class="held"><p>{escape(words.text("holdings.legend"))}</p>']
    for each in found:
        parts.append(f'<h2 id="{escape(each.measure.code)}">{escape(each.measure.title)}</h2>')
        parts.append(_grid(each, link, words) if each.breakdowns else _nothing(words))
    return "".join([*parts, "</div>"])


def _nothing(words: Words) -> str:
    return f'<p class="none">{escape(words.text("holdings.nothing"))}</p>'


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
