"""Commands on what is to be learnt: editions of the requirement, asks, what is due, gaps."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from darkfigure.basis.errors import DarkfigureError
from darkfigure.basis.period import parse_day
from darkfigure.intelligence.requirement_sets import RequirementSet, natural
from darkfigure.reading.ask_files import read_asks
from darkfigure.writing.forms import vocabularies
from darkfigure_hub.commands import given
from darkfigure_hub.commands.given import Listed
from darkfigure_hub.flows.close_gap import check_gaps, waiting_gaps
from darkfigure_hub.flows.give_time import HeldException, give_time, late_exceptions
from darkfigure_hub.flows.open_repository import open_repository
from darkfigure_hub.flows.plan_collection import propose_asks
from darkfigure_hub.flows.request_information import close_request, request_information, requests
from darkfigure_hub.flows.set_requirements import asks_due, load_set, put_asks, requirement_set


def load(
    name: Annotated[
        str,
        typer.Argument(
            help="A YAML file (- is standard input), or human_trafficking, other_threats."
        ),
    ],
) -> None:
    """Load an edition: checked in full, kept as it is, never changed."""
    open_repository()
    done = load_set(given.operator("load requirements"), str(given.file(Path(name))))
    already = " was there already" if done.already else " loaded"
    typer.echo(f"{done.edition}{already}: {done.questions} questions, {done.cells:,} cells.")
    for each in done.closed:
        typer.echo(f"  to be told: {each}")


def show(
    code: Annotated[str, typer.Argument(help="A code, to see one question in full.")] = "",
    edition: given.Edition = "",
    as_format: given.ListedOption = Listed.TEXT,
) -> None:
    """Show an edition, or one question of it."""
    open_repository()
    held = requirement_set(given.operator("show requirements"), edition)
    chosen = (
        [held.question(code)]
        if code
        else sorted(held.questions.values(), key=lambda each: natural(each.code))
    )
    if as_format is Listed.JSON:
        given.listing("questions", {"questions": [vars(each) for each in chosen]}, synthetic=False)
        return
    if code:
        for name, value in vars(chosen[0]).items():
            typer.echo(
                f"{name.replace('_', ' '):16} "
                f"{', '.join(map(str, value)) if isinstance(value, tuple) else value}"
            )
        return
    typer.echo(f"{held.title}, {held.valid.label}")
    for each in chosen:
        cells = len(each.areas)
        typer.echo(
            f"  {each.code:9} {each.text}  [{each.answer}, {cells} areas by {each.cut}, "
            "priority "
            f"{each.priority:g}, {each.owner}]"
        )


def export(edition: given.Edition = "", out: given.Out = None) -> None:
    """Write an edition held as STIX 2.1, its marking on every object."""
    open_repository()
    held = requirement_set(given.operator("give an edition away"), edition)
    given.deliver(json.dumps(vocabularies.as_stix(held), indent=2) + "\n", out)


def diff(
    earlier: Annotated[str, typer.Argument(help="Code of the earlier edition.")],
    later: Annotated[str, typer.Argument(help="Code of the later edition.")],
    as_format: given.ListedOption = Listed.TEXT,
) -> None:
    """Show what became of questions from one edition to another."""
    open_repository()
    scope = given.operator("compare requirements")
    before, after = requirement_set(scope, earlier), requirement_set(scope, later)
    spoken = {code for entry in after.concordance for code in (*entry.old, *entry.new)}
    old, new = set(before.questions), set(after.questions)
    added, dropped = (sorted(codes - spoken, key=natural) for codes in (new - old, old - new))
    changed = {
        code: names
        for code in sorted(old & new, key=natural)
        if (names := _changed(code, before, after))
    }
    if as_format is Listed.JSON:
        concordance = [asdict(entry) for entry in after.concordance]
        told = {"concordance": concordance, "added": added, "dropped": dropped, "changed": changed}
        given.listing("requirement_changes", told, synthetic=False)
        return
    for entry in after.concordance:
        typer.echo(
            f"  {entry.kind:9} {', '.join(entry.old)} -> {', '.join(entry.new) or 'nothing'}: "
            f"{entry.reason}"
        )
    for name, codes in (("added", added), ("dropped", dropped)):
        for code in codes:
            typer.echo(f"  {name:9} {code}")
    for code, names in changed.items():
        typer.echo(f"  changed   {code}: {', '.join(names)}")


def _changed(code: str, before: RequirementSet, after: RequirementSet) -> list[str]:
    old, new = vars(before.questions[code]), vars(after.questions[code])
    return [name for name in old if old[name] != new[name] and name != "latest_useful"]


def put(
    file: Annotated[
        Path,
        typer.Argument(
            help="CSV: question, agency, area, period, due, gateway; format and cost too. Or the "
            "same as a list `asks` in YAML or JSON. - is standard input.",
            allow_dash=True,
        ),
    ],
    edition: given.Edition = "",
    on: given.On = None,
) -> None:
    """Put questions to agencies."""
    open_repository()
    path = given.file(file)
    done = put_asks(
        given.operator("put asks"), edition, read_asks(path), given.day_or_today(on), path.name
    )
    typer.echo(f"{done.new:,} asks put.")
    for each in done.standing:
        typer.echo(f"  {each}")


def due(
    edition: given.Edition = "",
    agency: Annotated[str, typer.Option("--agency", help="One agency only.")] = "",
    as_at: given.AsAt = None,
    as_format: given.ListedOption = Listed.TEXT,
) -> None:
    """List asks without a reply, first due first: the calendar, and whom to remind."""
    open_repository()
    day = given.day_or_today(as_at)
    scope = given.operator("list asks due")
    rows, more = asks_due(scope, edition, day, agency), late_exceptions(scope, day)
    late = {row[0] for row in rows if _until(row, more) < day}
    if as_format is Listed.JSON:
        names = ("ask", "agency", "question", "area", "period", "due")
        asks = [
            {
                **dict(zip(names, row, strict=True)),
                "overdue": row[0] in late,
                "more_time": _more(more.get(row[0])),
            }
            for row in rows
        ]
        given.listing("due", {"asks": asks})
        return
    for row in rows[:200]:
        reference, who, question, area, period, when = row
        exception = more.get(reference)
        typer.echo(
            f"  {when} {'OVERDUE' if reference in late else '       '} {reference:9} {who:24} "
            f"{question:9} {area}, {period}"
            + (f"; until {exception.until} ({exception.reason})" if exception else "")
        )
    typer.echo(f"{len(rows):,} asks without a reply, {len(late):,} overdue.")


def _until(row: tuple[str, str, str, str, str, date], more: Mapping[str, HeldException]) -> date:
    """The last day on which a reply to an ask is in time."""
    exception = more.get(row[0])
    return max(row[5], exception.until) if exception else row[5]


def _more(exception: HeldException | None) -> dict[str, object] | None:
    """More time that was given, as a document says it."""
    if exception is None:
        return None
    return {
        "until": exception.until,
        "given_on": exception.given_on,
        "given_by": exception.given_by,
        "reason": exception.reason,
    }


def late(
    ask: Annotated[str, typer.Argument(help="The ask: ASK-12.")],
    until: Annotated[
        str, typer.Option("--until", help="The last day on which a reply is in time (YYYY-MM-DD).")
    ],
    reason: Annotated[str, typer.Option("--reason", help="Why more time is given.")],
    on: given.On = None,
) -> None:
    """Give more time for a reply to an ask: it stays due when it was, and who gave it is told."""
    open_repository()
    day = given.day_or_today(on)
    made = give_time(given.operator("give time"), ask, parse_day(until), reason, day)
    typer.echo(f"{made.ask}: a reply until {made.until} is in time.")


def propose(
    edition: given.Edition = "",
    budget: Annotated[
        float, typer.Option("--budget", help="Total cost of the asks to chase or put next.")
    ] = 20,
    as_at: given.AsAt = None,
    as_format: given.ListedOption = Listed.TEXT,
) -> None:
    """Propose which asks to press next: most weight of evidence gained for the cost."""
    open_repository()
    held, chosen = propose_asks(
        given.operator("plan collection"), edition, given.day_or_today(as_at), budget
    )
    if as_format is Listed.JSON:
        asks = [
            asdict(each.candidate) | {"gain": each.gain, "spent": each.spent} for each in chosen
        ]
        given.listing("plan", {"edition": held.edition, "asks": asks})
        return
    cells = {each.candidate.cell for each in chosen}
    for each in chosen:
        typer.echo(
            f"  {each.gain:7.4f}  {each.candidate.agency:24} cell {each.candidate.cell}  spent "
            f"{each.spent:g}"
        )
    typer.echo(
        f"{len(chosen)} asks over {len(cells)} cells of {held.edition}. For asks of one cost no "
        "plan gains more than "
        "1/(1 - 1/e) times as much."
    )


def gaps(
    check: Annotated[
        bool, typer.Option("--check", help="Ask each waiting question again.")
    ] = False,
    as_format: given.ListedOption = Listed.TEXT,
) -> None:
    """List questions of the data that could not be answered, and what each waits for."""
    open_repository()
    scope = given.operator("list gaps")
    if check:
        check_gaps(scope)
    waiting = waiting_gaps(scope)
    if as_format is Listed.JSON:
        rows = [
            {
                "gap": each.reference,
                "requirement": each.requirement,
                "measure": each.measure,
                "reason": each.reason,
                "owner": each.owner,
                "raised_on": each.raised_on,
                "filled_on": each.filled_on,
            }
            for each in waiting
        ]
        given.listing("gaps", {"gaps": rows})
        return
    for each in waiting:
        state = f"filled {each.filled_on}, ask again" if each.filled_on else "waits"
        raised = f"raised {each.raised_on} by {each.owner}"
        typer.echo(
            f"  {each.reference:7} {each.requirement:9} {each.measure} ({each.reason}), "
            f"{raised}: "
            f"{state}"
        )


def request(
    agency: Annotated[str, typer.Argument(help="The agency asked.")] = "",
    subject: Annotated[str, typer.Argument(help="One question, without a name.")] = "",
    reply_by: Annotated[
        str | None, typer.Option("--reply-by", help="The day a reply is wanted.")
    ] = None,
    urgency: Annotated[
        str, typer.Option("--urgency", help="routine, priority or immediate.")
    ] = "routine",
    close: Annotated[str, typer.Option("--close", help="RFI-1: it was replied to.")] = "",
    promote: Annotated[
        str, typer.Option("--promote", help="With --close: the question it became.")
    ] = "",
    edition: given.Edition = "",
    on: given.On = None,
    as_format: given.ListedOption = Listed.TEXT,
) -> None:
    """Request information once; without an agency, list requests.

    What is asked often is promoted to a question.
    """
    open_repository()
    scope, day = given.operator("request information"), given.day_or_today(on)
    if close and agency:
        raise DarkfigureError("Close a request or put one: leave out --close or the agency.")
    if promote and not close:
        raise DarkfigureError("--promote says what a request became: name it with --close.")
    if close:
        close_request(scope, close, day, promoted_to=promote, edition=edition)
    elif agency:
        if reply_by is None:
            raise DarkfigureError("Say by when a reply is wanted, with --reply-by.")
        typer.echo(request_information(scope, agency, subject, urgency, parse_day(reply_by), day))
        return
    listed = requests(scope)
    if as_format is Listed.JSON:
        given.listing("requests", {"requests": [asdict(each) for each in listed]})
        return
    for each in listed:
        state = (
            f"closed {each.closed_on}"
            if each.closed_on
            else "OVERDUE"
            if each.reply_by < day
            else "waits"
        )
        became = f", promoted to {each.promoted_to}" if each.promoted_to else ""
        typer.echo(
            f"  {each.reference:7} {each.agency:20} by {each.reply_by} {each.urgency:9} "
            f"{state}{became}: {each.subject}"
        )
