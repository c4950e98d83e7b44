"""The cost of finding something, in words."""

from __future__ import annotations

from darkfigure.publication.appropriate_limit import Cost
from darkfigure.writing.words import ENGLISH, Words


def cost_words(cost: Cost) -> dict[str, object]:
    """What sentences about a cost are filled with."""
    return {
        "records": cost.records,
        "minutes": f"{cost.minutes:g}",
        "hours": f"{cost.hours:,.4g}",
        "pounds": f"{cost.pounds:,.0f}",
        "limit": cost.limit,
        "limit_hours": f"{cost.limit_hours:g}",
    }


def cost_lines(cost: Cost, words: Words = ENGLISH) -> str:
    """What finding something would cost, and whether section 12 allows to refuse it."""
    given = cost_words(cost)
    lines = [words.text("responses.cost.told", **given)]
    verdict = "over" if cost.exceeds else "within"
    lines.append(words.text(f"responses.cost.{verdict}", **given))
    if cost.exceeds and cost.within:
        lines.append(words.text("responses.foi.cost_assist", count=cost.within))
    return "\n".join(lines) + "\n"
