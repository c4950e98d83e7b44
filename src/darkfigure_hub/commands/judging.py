"""Commands of judgements: drafted, reviewed, sent back, approved, withdrawn, commented on,
resolved, listed and shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any

import typer

from darkfigure.intelligence.judgement_fields import as_fields
from darkfigure.intelligence.judgements import Criterion, Direction, Judgement
from darkfigure.intelligence.scoring import Outcome
from darkfigure.reading.door import text_of
from darkfigure.reading.judgement_files import MOST, read_judgement
from darkfigure_hub.commands import given
from darkfigure_hub.commands.given import Listed
from darkfigure_hub.flows import judge
from darkfigure_hub.flows.judge import HeldJudgement
from darkfigure_hub.flows.open_repository import open_repository

PURPOSE = "judgements"
_Reference = Annotated[str, typer.Argument(help="A judgement, as HT-J-01, or HT-J-01/v2.")]
_Code = Annotated[str, typer.Argument(help="The code of a judgement, as HT-J-01.")]
_Reason = Annotated[str, typer.Option("--reason", help="Why, in a sentence.")]


def draft(
    file: given.File,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what is wrong with it; keep nothing.")
    ] = False,
) -> None:
    """Draft a judgement from its file: what it cites is looked up, and every fault is said."""
    judgement = read_judgement(text_of(given.file(file), MOST), file.name)
    open_repository()
    made = judge.draft_judgement(given.operator(PURPOSE), judgement, given.today(), dry_run=dry_run)
    typer.echo(f"{made.judgement.name}: {'drafted' if made.kept else 'sound; not kept'}")
    typer.echo(f"content {made.content}")
    for cited in made.judgement.items:
        typer.echo(f"  {cited.name}  {cited.grade}  {cited.origin}  {cited.day}")
    for figure in made.judgement.figures:
        typer.echo(f"  {figure.question} as at {figure.as_at}: answer {figure.says}")


def review(reference: _Reference, on: given.On = None) -> None:
    """Review a judgement that another drafted: it is fit to be approved."""
    open_repository()
    day, today = given.day_or_today(on), given.today()
    _said(judge.review_judgement(given.operator(PURPOSE), reference, day, today))


def send_back(reference: _Reference, reason: _Reason, on: given.On = None) -> None:
    """Send a judgement back that is not fit to be approved: it is drafted anew."""
    open_repository()
    day, today = given.day_or_today(on), given.today()
    _said(judge.send_back_judgement(given.operator(PURPOSE), reference, reason, day, today))


def approve(
    reference: _Reference,
    content: Annotated[
        str, typer.Option("--content", help="The hash of what was read, or its first digits.")
    ],
    on: given.On = None,
) -> None:
    """Approve a judgement that two others drafted and reviewed, by the hash of what was read."""
    open_repository()
    day, today = given.day_or_today(on), given.today()
    _said(judge.approve_judgement(given.operator(PURPOSE), reference, content, day, today))


def withdraw(reference: _Reference, reason: _Reason, on: given.On = None) -> None:
    """Withdraw a judgement: none of its code stands from then on. It is kept, and scored."""
    open_repository()
    day, today = given.day_or_today(on), given.today()
    _said(judge.withdraw_judgement(given.operator(PURPOSE), reference, reason, day, today))


def comment(
    reference: _Reference,
    agency: Annotated[str, typer.Option("--agency", help="Whose comment it is.")],
    says: Annotated[str, typer.Option("--says", help="What it says.")],
    on: given.On = None,
) -> None:
    """Enter what an agency says to a judgement before it is approved: it is frozen with it."""
    open_repository()
    day, today = given.day_or_today(on), given.today()
    _said(judge.comment_on_judgement(given.operator(PURPOSE), reference, agency, says, day, today))


def resolve(
    reference: _Reference,
    outcome: Annotated[Outcome, typer.Option("--outcome", help="What became of its claim.")],
    evidence: Annotated[str, typer.Option("--evidence", help="What shows it, in a sentence.")],
    direction: Annotated[
        Direction | None, typer.Option("--direction", help="Where it went, if that can be told.")
    ] = None,
    on: given.On = None,
) -> None:
    """Say what became of a judgement whose horizon passed, by its own criteria."""
    open_repository()
    day, today = given.day_or_today(on), given.today()
    scope = given.operator(PURPOSE)
    _said(
        judge.resolve_judgement(
            scope, reference, outcome, evidence, day, today, direction=direction
        )
    )


def _said(held: HeldJudgement) -> None:
    last = held.events[-1]
    typer.echo(f"{held.name}: {last.kind.replace('_', ' ')}, known of {last.on}")


def list_all(
    as_at: given.AsAt = None,
    drafts: Annotated[
        bool, typer.Option("--drafts", help="Every version, whether it stands or not.")
    ] = False,
    as_format: given.ListedOption = Listed.TEXT,
) -> None:
    """List the judgements that stand as at a day; what is marked above one's sight is counted."""
    open_repository()
    day = given.day_or_today(as_at)
    found, withheld = judge.judgements_as_at(given.operator(PURPOSE), day, drafts=drafts)
    if as_format is Listed.JSON:
        listed = [_entry(each) for each in found]
        synthetic = any(each.synthetic for each in found)
        told = {"as_at": day, "judgements": listed, "withheld": withheld}
        given.listing("judgements", told, synthetic=synthetic)
        return
    for each in found:
        marks = ", ".join(_marks(each))
        typer.echo(f"{each.name}  {each.status.value.replace('_', ' ')}  {marks}  {each.claim}")
    if not found:
        typer.echo(f"No judgement stands as at {day}.")
    if withheld:
        typer.echo(f"{withheld} withheld: marked above what you may see.")


def _marks(judgement: Judgement) -> Iterator[str]:
    """Term, confidence, direction, marking, and whether it is made up."""
    if judgement.term is not None:
        yield f"{judgement.term.label} ({judgement.term.low}-{judgement.term.high} %)"
    yield f"{judgement.confidence.rating} confidence"
    yield judgement.direction.value
    yield judgement.marking.name.replace("_", "-")
    if judgement.synthetic:
        yield "SYNTHETIC"


def _entry(judgement: Judgement) -> dict[str, Any]:
    return {
        "judgement": judgement.name,
        "code": judgement.code,
        "version": judgement.version,
        "standing": judgement.status.value,
        "area": judgement.area,
        "requirements": list(judgement.requirements),
        "claim": judgement.claim,
        "term": judgement.term.value if judgement.term else None,
        "confidence": judgement.confidence.rating.value,
        "direction": judgement.direction.value,
        "horizon": judgement.horizon,
        "marking": judgement.marking.name,
        "known": judgement.known,
        "synthetic": judgement.synthetic,
    }


def show(reference: _Reference, as_format: given.ListedOption = Listed.TEXT) -> None:
    """Show a judgement: what it says, on what it rests, its grid, and what was done with it."""
    open_repository()
    held = judge.judgement_named(given.operator(PURPOSE), reference)
    judged = held.judged()
    if as_format is Listed.JSON:
        told = {
            **_entry(judged),
            "content": held.content,
            "says": as_fields(judged),
            "grid": _grid(judged),
            "events": _events(held),
        }
        del told["synthetic"], told["version"]  # a document says both of itself
        given.listing("judgement", told, synthetic=judged.synthetic)
        return
    typer.echo(f"{held.name}: {judged.claim}")
    typer.echo(", ".join(_marks(judged)))
    for line in _lines(judged):
        typer.echo(line)
    for event in held.events:
        typer.echo(_event_line(event.kind, event.on, event.by, event.why))
    typer.echo(f"content {held.content}")


def _event_line(kind: str, on: date, by: str, why: str) -> str:
    return f"{on}  {kind.replace('_', ' ')} by {by}{f': {why}' if why else ''}"


def _lines(judged: Judgement) -> Iterator[str]:
    """What a judgement says, a line each."""
    for criterion in Criterion:
        yield f"{criterion.value.replace('_', ' ')}: {judged.confidence.line(criterion)}"
    yield f"answers {', '.join(judged.requirements)}; known of {judged.known}"
    if judged.resolvable:
        yield f"told by {judged.horizon}: {judged.resolution}"
    else:
        yield f"cannot be told, and is not scored: {judged.resolution}"
    for side, items in (("for", judged.items_for), ("against", judged.items_against)):
        for cited in items:
            yield f"{side}: {cited.name}  {cited.grade}  {cited.origin}  {cited.day}"
    if judged.single_origin:
        yield "All that is for it goes back to one origin."
    for figure in judged.figures:
        yield f"{figure.role}: {figure.question} as at {figure.as_at} (answer {figure.says})"
    if judged.hypotheses:
        yield from _grid_lines(judged)
    for assumption in judged.assumptions:
        yield f"assumes: {assumption.says} Fails when: {assumption.fails_when}"
    for indicator in judged.indicators:
        yield f"watched: {indicator.says} ({indicator.question} {indicator.condition})"
    for dissent in judged.dissent:
        yield f"dissent of {dissent.post}: {dissent.text}"
    for said in judged.comments:
        yield f"comment of {said.agency}: {said.text}"
    change = judged.change
    by = f" ({change.criterion}, {change.item})" if change.criterion else ""
    yield f"{change.kind.value.replace('_', ' ')}{by}: {change.reason}".rstrip(": ")


def _grid_lines(judged: Judgement) -> Iterator[str]:
    grid = judged.grid
    for hypothesis, against in grid.ranked:
        claimed = ", claimed" if hypothesis.claimed else ""
        yield f"{hypothesis.code}{claimed}: {hypothesis.says} Against it {against:.2f}"
    for row in grid.rows:
        marks = "  ".join(f"{code} {mark}" for code, mark in row.marks)
        yield f"  {row.item}  {marks}  tells apart {row.diagnosticity} of 4"
    for turn in grid.turns:
        yield f"  if {turn.item} is false, {' and '.join(turn.leading)} leads"
    yield f"would change the mind: {judged.would_change}"


def _grid(judged: Judgement) -> dict[str, Any]:
    grid = judged.grid
    return {
        "ranked": [
            {"hypothesis": each.code, "against": against, "claimed": each.claimed}
            for each, against in grid.ranked
        ],
        "leading": list(grid.leading()),
        "diagnosticity": {row.item: row.diagnosticity for row in grid.rows},
        "turns": [{"item": turn.item, "leading": list(turn.leading)} for turn in grid.turns],
    }


def _events(held: HeldJudgement) -> list[dict[str, Any]]:
    return [
        {
            "kind": each.kind,
            "on": each.on,
            "by": each.by,
            "at": each.at.isoformat(),
            "why": each.why,
            "said": dict(each.said),
        }
        for each in held.events
    ]


def history(code: _Code, as_format: given.ListedOption = Listed.TEXT) -> None:
    """Show every version of a judgement, what each said and what was done with it."""
    open_repository()
    versions = judge.judgement_history(given.operator(PURPOSE), code)
    judged = [each.judged() for each in versions]
    if as_format is Listed.JSON:
        told = [
            {**_entry(each), "content": held.content, "events": _events(held)}
            for held, each in zip(versions, judged, strict=True)
        ]
        synthetic = any(each.synthetic for each in judged)
        given.listing("judgement_history", {"versions": told}, synthetic=synthetic)
        return
    for held, each in zip(versions, judged, strict=True):
        change = each.change.kind.value.replace("_", " ")
        typer.echo(f"{held.name}: {each.claim}")
        typer.echo(f"  {', '.join(_marks(each))}; {change}  {each.change.reason}".rstrip())
        for event in held.events:
            typer.echo(f"  {_event_line(event.kind, event.on, event.by, event.why)}")
