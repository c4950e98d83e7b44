"""What is held, as a page: a grid of years for each measure, a row for each breakdown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from darkfigure.tables.holdings import Fill, HeldBreakdown, HeldMeasure
from darkfigure.writing.answers.as_html import page
from darkfigure.writing.held.as_text import MARKS, MOST_YEARS, bodies, breakdown, lengths, newest
from darkfigure.writing.words import ENGLISH, Words

#: What stands before the address of a question, where breakdowns are links.
Link = Callable[[HeldMeasure, HeldBreakdown], str]
STYLE = """
.held td.year{text-align:center;padding:.2rem;min-width:1.6rem}.held .scroll{overflow-x:auto}
.held td.whole{background:#0b0c0c;color:#fff}
.held td.part{background:#b1b4b6}.held td.none{color:#505a5f}
.govuk-visually-hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.held th.year{text-align:center;padding:.2rem;font-weight:400;writing-mode:vertical-rl}
"""


def write_held(found: Sequence[HeldMeasure], words: Words = ENGLISH) -> str:
    """A page by itself."""
    parts = [f"<style>{STYLE}</style>", held_part(found, words=words)]
    return page(words.text("holdings.title"), parts, words)


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
    heads = "".join(f'<th scope="col" class="year">{year}</th>' for year in years)
    names = ("breakdown", "asked_by", "stated_by", "newest_head")
    named = [f'<th scope="col">{escape(words.text(f"holdings.{name}"))}</th>' for name in names]
    rows = "".join(_row(found, each, years, link, words) for each in found.breakdowns)
    caption = escape(words.text("holdings.caption", title=found.measure.title))
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{caption}"><table>'
        f"<caption>{caption}</caption><thead><tr>{named[0]}{heads}{''.join(named[1:])}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )


def _row(
    found: HeldMeasure, each: HeldBreakdown, years: range, link: Link | None, words: Words
) -> str:
    label = escape(breakdown(each, words))
    if link is not None:
        label = f'<a href="{escape(link(found, each))}">{label}</a>'
    periods = escape(", ".join(period.label for period in each.periods))
    cells = "".join(_cell(each.filled(year), year, words) for year in years)
    return (
        f'<tr><th scope="row">{label}<br><small>{periods}</small></th>{cells}'
        f"<td>{escape(lengths(each, words))}</td><td>{escape(bodies(each))}</td>"
        f"<td>{escape(newest(each, words))}</td></tr>"
    )


def _cell(fill: Fill, year: int, words: Words) -> str:
    said = escape(f"{year}: {words.text(f'holdings.{fill}')}")
    return (
        f'<td class="year {fill}"><span aria-hidden="true">{MARKS[fill]}</span>'
        f'<span class="govuk-visually-hidden">{said}</span></td>'
    )
