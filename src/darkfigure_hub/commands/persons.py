"""Commands on the persons of the repository: link their records, look at links in doubt, decide,
undo, show.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from darkfigure.basis.errors import UnknownName
from darkfigure.linkage import DecisionKind, Thresholds
from darkfigure.linkage.grave import words_of
from darkfigure.writing import registry
from darkfigure.writing.linkage import linkages
from darkfigure_hub.commands import given
from darkfigure_hub.commands.given import Listed
from darkfigure_hub.commands.waiting import counted
from darkfigure_hub.flows.decide_link import (
    Decided,
    agree_link,
    decide_link,
    show_person,
    waiting_links,
)
from darkfigure_hub.flows.link_records import link_records
from darkfigure_hub.flows.open_repository import open_repository
from darkfigure_hub.flows.review_links import review_links

Reason = Annotated[
    str, typer.Option("--reason", help="Why. Without a name: what is written here is shown again.")
]
On = Annotated[
    str | None,
    typer.Option("--on", help="The day from which it holds (YYYY-MM-DD). Default: today."),
]
Left = Annotated[str, typer.Argument(help="A record, by pseudonym: AGENCY:16 digits.")]
Right = Annotated[str, typer.Argument(help="Another record.")]


def link(
    on: On = None,
    anew: Annotated[
        bool, typer.Option("--anew", help="Link all records anew, not only those that came since.")
    ] = False,
    engine: Annotated[str, typer.Option("--engine", help="duckdb or spark.")] = "duckdb",
    memory: given.Memory = "",
    resume: given.Resume = None,
    automatic: Annotated[
        float, typer.Option("--automatic", help="Records are joined from this probability on.")
    ] = 0.5,
    clerical: Annotated[
        float, typer.Option("--clerical", help="From here on somebody should look.")
    ] = 0.1,
    certain: Annotated[
        float, typer.Option("--certain", help="From here on a join is beyond doubt.")
    ] = 0.99,
) -> None:
    """Link the records of all agencies: from that day figures count each person once."""
    open_repository()
    with counted("link") as bar:
        done = link_records(
            given.operator("link records"),
            given.day_or_today(on),
            anew=anew,
            engine=engine,
            memory=memory,
            keep=resume,
            thresholds=Thresholds(automatic, clerical, certain, min(0.05, clerical)),
            doing=bar.doing,
        )
    least, decided, most = done.persons
    typer.echo(
        f"L{done.run}: {done.records:,} records ({done.fresh:,} new), {done.pairs:,} pairs, "
        f"{decided:,} persons "
        f"({least:,} to {most:,}); "
        f"{done.changed:,} records changed their person, {done.for_review:,} links to be looked "
        f"at. Model {done.model}."
    )


def review(
    as_at: given.AsAt = None,
    number: Annotated[int, typer.Option("--number", help="How many to show.")] = 10,
    as_format: Annotated[str | None, given.form_option("review")] = None,
    out: given.Out = None,
) -> None:
    """Show links in doubt, both records side by side and why the model thinks so.

    Names are shown at the terminal alone.
    """
    form = registry.form_for("review", out, as_format).name
    if form == registry.TEXT and out is not None:
        raise UnknownName(
            "Names are shown at the terminal only. Written to a file, a review is html or "
            "json, "
            "without them."
        )
    open_repository()
    found = review_links(given.operator("review links"), given.day_or_today(as_at), number)
    review = linkages.Review(found.pairs, found.why, found.sides, found.more)
    given.deliver_as("review", form, review, out)


def merge(left: Left, right: Right, reason: Reason = "", on: On = None) -> None:
    """Decide that two records are one person's."""
    _decide(DecisionKind.MERGE, on, left=left, right=right, reason=reason)


def split(left: Left, right: Right, reason: Reason = "", on: On = None) -> None:
    """Decide that two records are not one person's."""
    _decide(DecisionKind.SPLIT, on, left=left, right=right, reason=reason)


def undo(
    decision: Annotated[str, typer.Argument(help="The decision, as D12.")],
    reason: Reason = "",
    on: On = None,
) -> None:
    """Undo a decision; figures of earlier days keep it.

    Who is whom is from that day as if it had not been made.
    """
    number = decision.removeprefix("D")
    if not (number.isascii() and number.isdigit()):
        raise UnknownName(
            f"{decision!r} is not the number of a decision. They are written D1, D2 ..."
        )
    _decide(DecisionKind.UNDO, on, undoes=int(number), reason=reason)


def _decide(
    kind: DecisionKind,
    on: str | None,
    *,
    left: str = "",
    right: str = "",
    undoes: int | None = None,
    reason: str,
) -> None:
    open_repository()
    day = given.day_or_today(on)
    done: Decided = decide_link(
        given.operator(f"{kind} links"),
        kind,
        day,
        left=left,
        right=right,
        undoes=undoes,
        reason=reason,
    )
    if done.waits is not None:
        why = "; ".join(words_of(rule) for rule in done.grave)
        typer.echo(f"PROPOSAL-{done.waits} waits until another person agrees: {why}.")
        return
    typer.echo(
        f"D{done.decision.id} of {day}: {kind}; {done.changed:,} records changed their person."
    )


def agree(
    number: Annotated[int, typer.Argument(help="The number of the proposal.")], on: On = None
) -> None:
    """Agree with a grave decision on a link that another person proposed."""
    open_repository()
    done = agree_link(given.operator("agree on links"), number, given.day_or_today(on))
    typer.echo(f"D{done.decision.id}: {done.changed:,} records changed their person.")


def waiting() -> None:
    """List the grave decisions on links that wait for another person."""
    open_repository()
    for each in waiting_links(given.operator("agree on links")):
        on_what = f"D{each.undoes}" if each.undoes else f"{each.left} and {each.right}"
        why = "; ".join(words_of(rule) for rule in each.grave)
        typer.echo(f"PROPOSAL-{each.number}  {each.kind} {on_what}, by {each.proposed_by}: {why}")


def show(
    record: Left, as_at: given.AsAt = None, as_format: given.ListedOption = Listed.TEXT
) -> None:
    """Show the records of the person that a record belonged to, and what was decided."""
    open_repository()
    found = show_person(given.operator("show a person"), record, given.day_or_today(as_at))
    if as_format is Listed.JSON:
        given.listing("person", asdict(found))
        return
    typer.echo(
        f"As at {found.as_at}, {record} is one person with {len(found.decided) - 1:,} other "
        "records."
    )
    for name in found.possibly:
        how = (
            "surely"
            if name in found.surely
            else "decided"
            if name in found.decided
            else "possibly, not decided"
        )
        typer.echo(f"  {name}  {how}")
    for each in found.decisions:
        on_what = f"D{each.undoes}" if each.undoes else f"{each.left} and {each.right}"
        typer.echo(
            f"  D{each.id} {each.decided_on} {each.kind} {on_what}, by {each.decided_by}: "
            f"{each.reason}"
        )
