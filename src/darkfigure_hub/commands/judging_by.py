"""Commands on what judgements rest on and what they were worth: gather, scores."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated, Any

import typer

from darkfigure.basis.period import parse_day
from darkfigure.intelligence.scoring import Rate, Scores, Spread
from darkfigure.writing.wording import step_name, step_why
from darkfigure_hub.commands import given
from darkfigure_hub.commands.given import Listed
from darkfigure_hub.flows.gather_judgement import Gathered, MovedFigure, gather_judgement
from darkfigure_hub.flows.open_repository import open_repository
from darkfigure_hub.flows.score_judgements import ScoreCard, score_judgements

PURPOSE = "judgements"


def gather(
    requirement: Annotated[
        str, typer.Argument(help="A question, or a group of them, as HT.6.4 or HT.6.")
    ],
    since: Annotated[str, typer.Option("--since", help="The day after which items are new.")],
    as_at: given.AsAt = None,
    as_format: given.ListedOption = Listed.TEXT,
) -> None:
    """Gather what bears on a question, and say which judgement may no longer hold, and why."""
    open_repository()
    day = given.day_or_today(as_at)
    found = gather_judgement(given.operator(PURPOSE), requirement, parse_day(since), day)
    if as_format is Listed.JSON:
        given.listing("gathered", _gathered(found), synthetic=found.synthetic)
        return
    for line in _gathered_lines(found):
        typer.echo(line)


def _gathered(found: Gathered) -> dict[str, Any]:
    return {
        "requirement": found.requirement,
        "edition": found.edition,
        "since": found.since,
        "as_at": found.day,
        "items": [asdict(each) for each in found.items],
        "contested": list(found.contested),
        "lapsed": list(found.lapsed),
        "judgements": list(found.judgements),
        "moved": [
            {
                "judgement": each.judgement,
                "question": each.question,
                "as_at": each.as_at,
                "was": str(each.was),
                "now": str(each.now),
                "bridge": list(_bridge_lines(each)),
            }
            for each in found.moved
        ],
        "doubts": [{"judgement": each.judgement, "why": str(each.why)} for each in found.doubts],
        "withheld": found.withheld,
    }


def _gathered_lines(found: Gathered) -> Iterator[str]:
    yield f"{found.requirement} of {found.edition}, after {found.since}, as at {found.day}"
    if found.synthetic:
        yield "SYNTHETIC: made-up reports or judgements are among what this rests on."
    yield f"{len(found.items):,} new items"
    for each in found.items:
        place = f"{each.area}, {each.period}"
        yield f"  {each.known}  {each.name}  {each.grade}  {each.relation}  {place}"
    for kind, cells in (("contested", found.contested), ("lapsed", found.lapsed)):
        yield f"{len(cells):,} cells {kind}"
        yield from (f"  {cell}" for cell in cells)
    yield f"{len(found.moved):,} figures say something else by now"
    for moved in found.moved:
        yield f"  {moved.judgement}: {moved.question}: {moved.was} as at {moved.as_at}, {moved.now}"
        yield from (f"    {line}" for line in _bridge_lines(moved))
    named = ", ".join(found.judgements) or "none"
    yield f"judgements that answer it: {named}"
    for doubt in found.doubts:
        yield f"  {doubt.judgement} may no longer hold: {doubt.why}"
    if found.judgements and not found.doubts:
        yield "  nothing is known that speaks against one"
    if found.withheld:
        yield f"{found.withheld} judgements withheld: marked above what you may see"


def _bridge_lines(moved: MovedFigure) -> Iterator[str]:
    if moved.bridge is None:
        return
    for line in moved.bridge.lines:
        yield f"{line.amount:+,}  {step_name(line)}: {step_why(line)}"


def scores(
    as_at: given.AsAt = None,
    own: Annotated[
        bool, typer.Option("--own", help="Of what you drafted; nobody else is shown that.")
    ] = False,
    as_format: given.ListedOption = Listed.TEXT,
) -> None:
    """Score the judgements that are closed: over the whole band, by term, beside no change."""
    open_repository()
    card = score_judgements(given.operator(PURPOSE), given.day_or_today(as_at), own=own)
    if as_format is Listed.JSON:
        given.listing("judgement_scores", _card(card), synthetic=card.synthetic)
        return
    for line in _card_lines(card):
        typer.echo(line)


def _card(card: ScoreCard) -> dict[str, Any]:
    counts = ("untold", "overdue", "open", "never", "withheld")
    return {
        "as_at": card.day,
        "own": card.own,
        **{name: getattr(card, name) for name in counts},
        "scores": _scores(card.scores) if card.scores else None,
    }


def _scores(found: Scores) -> dict[str, Any]:
    return {
        "number": found.number,
        "brier": asdict(found.brier),
        "log": asdict(found.log),
        "bands": [
            {
                "term": band.term.value,
                "low": band.term.low,
                "high": band.term.high,
                "came_true": _rate(band.came_true),
                "holds": band.holds,
                "resolution": band.resolution,
            }
            for band in found.bands
        ],
        "reliability": found.reliability,
        "resolution": found.resolution,
        "uncertainty": found.uncertainty,
        "by_chance": found.by_chance,
        "directions": _rate(found.directions),
        "unchanged": {
            "number": found.unchanged.number,
            "brier": found.unchanged.brier,
            "brier_unchanged": found.unchanged.brier_unchanged,
            "directions": _rate(found.unchanged.directions),
        },
    }


def _rate(rate: Rate) -> dict[str, Any]:
    low, high = rate.limits
    return {"hits": rate.hits, "number": rate.number, "low": low, "high": high}


def _card_lines(card: ScoreCard) -> Iterator[str]:
    whose = "Your judgements" if card.own else "Judgements"
    yield f"{whose} approved and closed as at {card.day}"
    if card.synthetic:
        yield "SYNTHETIC: made-up judgements are among them."
    if card.scores is None:
        yield "No judgement is closed yet: there is nothing to score."
    else:
        yield from _score_lines(card.scores)
    yield (
        f"{card.open} open, {card.overdue} past their horizon and not resolved, {card.untold} that "
        f"cannot be told after all, {card.never} that say so and are never scored"
    )
    if card.withheld:
        yield f"{card.withheld} judgements withheld: marked above what you may see"


def _score_lines(found: Scores) -> Iterator[str]:
    yield f"n = {found.number}. Less is better; best and worst are over the whole bands of terms."
    for name, spread in (("Brier", found.brier), ("log", found.log)):
        yield f"{name}: {_spread(spread)}"
    for band in found.bands:
        rate = band.came_true
        holds = "agrees" if band.holds else "does not agree"
        yield (
            f"  {band.term.label} ({band.term.low}-{band.term.high} %): {_of(rate)} came true, "
            f"{holds} with the band"
        )
    yield (
        f"reliability {found.reliability:.3f}, resolution {found.resolution:.3f} (by chance alone "
        f"{found.by_chance:.3f}), uncertainty {found.uncertainty:.3f}"
    )
    beside = found.unchanged
    yield f"direction hit: {_of(found.directions)}; by saying stable: {_of(beside.directions)}"
    if beside.number and beside.brier is not None and beside.brier_unchanged is not None:
        yield (
            f"beside a forecast that nothing changes (n = {beside.number}): Brier "
            f"{beside.brier:.3f}, that forecast {beside.brier_unchanged:.3f}"
        )
    else:
        yield "beside a forecast that nothing changes: no judgement says what would be so then"


def _spread(spread: Spread) -> str:
    worst = "without bound" if spread.worst is None else f"{spread.worst:.3f}"
    return f"{spread.best:.3f} at best, {spread.midpoint:.3f} at midpoints, {worst} at worst"


def _of(rate: Rate) -> str:
    low, high = rate.limits
    shown = f"{rate.hits} of {rate.number}"
    return f"{shown} ({low:.0%} to {high:.0%})" if rate.number else shown
