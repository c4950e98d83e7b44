"""Commands on what is to be learnt: requirement sets, asks, reports, replies, coverage, gaps,
vocabularies.
"""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from darkfigure.basis.errors import DarkfigureError, UnknownName
from darkfigure.basis.period import parse_day
from darkfigure.intelligence.requirement_sets import RequirementSet, natural, schema
from darkfigure.writing.coverage import coverage_views
from darkfigure.writing.forms import vocabularies
from darkfigure_hub.commands import given
from darkfigure_hub.commands.casework import Shown, ShownOption
from darkfigure_hub.flows.close_gap import check_gaps, waiting_gaps
from darkfigure_hub.flows.file_report import (
    Filed,
    accept_answer,
    regrade_item,
    submit_replies,
    submit_report,
)
from darkfigure_hub.flows.measure_coverage import (
    compare_coverage,
    measure_coverage,
    open_cell,
    open_cells,
)
from darkfigure_hub.flows.open_repository import open_repository
from darkfigure_hub.flows.plan_collection import propose_asks
from darkfigure_hub.flows.request_information import close_request, request_information, requests
from darkfigure_hub.flows.set_requirements import asks_due, load_set, put_asks, requirement_set

requirements = typer.Typer(
    no_args_is_help=True,
    help="The National Intelligence Requirement: editions, asks, what is due, gaps.",
)
report = typer.Typer(no_args_is_help=True, help="Intelligence reports against the requirement.")
reply = typer.Typer(no_args_is_help=True, help="Returns against asks: items, nil, refused.")
Edition = Annotated[
    str, typer.Option("--edition", help="Code of the edition. Default: the latest.")
]
On = Annotated[
    str | None,
    typer.Option("--on", help="The day from which it is known (YYYY-MM-DD). Default: today."),
]


def register(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.add_typer(requirements, name="requirements")
    app.add_typer(report, name="report")
    app.add_typer(reply, name="return")
    app.command()(coverage)
    app.command(name="vocabularies")(write_vocabularies)


@requirements.command()
def load(
    name: Annotated[str, typer.Argument(help="A YAML file, or human_trafficking, other_threats.")],
) -> None:
    """Load an edition: checked in full, kept as it is, never changed."""
    open_repository()
    done = load_set(given.operator("load requirements"), name)
    already = " was there already" if done.already else " loaded"
    typer.echo(f"{done.edition}{already}: {done.questions} questions, {done.cells:,} cells.")


@requirements.command()
def show(
    code: Annotated[str, typer.Argument(help="A code, to see one question in full.")] = "",
    edition: Edition = "",
    as_format: ShownOption = Shown.TEXT,
) -> None:
    """Show an edition, or one question of it."""
    open_repository()
    held = requirement_set(given.operator("show requirements"), edition)
    chosen = (
        [held.question(code)]
        if code
        else sorted(held.questions.values(), key=lambda each: natural(each.code))
    )
    if as_format is Shown.JSON:
        typer.echo(json.dumps([vars(each) for each in chosen], indent=2, default=str))
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


@requirements.command()
def diff(earlier: str, later: str) -> None:
    """Show what became of questions from one edition to another."""
    open_repository()
    scope = given.operator("compare requirements")
    before, after = requirement_set(scope, earlier), requirement_set(scope, later)
    for entry in after.concordance:
        typer.echo(
            f"  {entry.kind:9} {', '.join(entry.old)} -> {', '.join(entry.new) or 'nothing'}: "
            f"{entry.reason}"
        )
    spoken = {code for entry in after.concordance for code in (*entry.old, *entry.new)}
    for name, codes in (
        ("added", set(after.questions) - set(before.questions)),
        ("dropped", set(before.questions) - set(after.questions)),
    ):
        for code in sorted(codes - spoken, key=natural):
            typer.echo(f"  {name:9} {code}")
    for code in sorted(set(before.questions) & set(after.questions), key=natural):
        typer.echo(_changed(code, before, after), nl=False)


def _changed(code: str, before: RequirementSet, after: RequirementSet) -> str:
    old, new = vars(before.questions[code]), vars(after.questions[code])
    names = [name for name in old if old[name] != new[name] and name != "latest_useful"]
    return f"  changed   {code}: {', '.join(names)}\n" if names else ""


@requirements.command(name="ask")
def put(
    file: Annotated[
        Path,
        typer.Argument(
            help="CSV: question, agency, area, period, due, gateway; format and cost too."
        ),
    ],
    edition: Edition = "",
    on: On = None,
) -> None:
    """Put questions to agencies."""
    open_repository()
    with file.open(encoding="utf-8", newline="") as content:
        rows = list(csv.DictReader(content))
    number = put_asks(given.operator("put asks"), edition, rows, given.day_or_today(on))
    typer.echo(f"{number:,} asks put.")


@requirements.command()
def due(
    edition: Edition = "",
    agency: Annotated[str, typer.Option("--agency", help="One agency only.")] = "",
    as_at: given.AsAt = None,
) -> None:
    """List asks without a reply, first due first: the calendar, and whom to remind."""
    open_repository()
    day = given.day_or_today(as_at)
    rows = asks_due(given.operator("list asks due"), edition, day, agency)
    for reference, who, question, area, period, when in rows[:200]:
        typer.echo(
            f"  {when} {'OVERDUE' if when < day else '       '} {reference:9} {who:24} "
            f"{question:9} {area}, {period}"
        )
    typer.echo(
        f"{len(rows):,} asks without a reply, {sum(row[5] < day for row in rows):,} overdue."
    )


@requirements.command(name="plan")
def propose(
    edition: Edition = "",
    budget: Annotated[
        float, typer.Option("--budget", help="Total cost of the asks to chase or put next.")
    ] = 20,
    as_at: given.AsAt = None,
) -> None:
    """Propose which asks to press next: most weight of evidence gained for the cost."""
    open_repository()
    held, chosen = propose_asks(
        given.operator("plan collection"), edition, given.day_or_today(as_at), budget
    )
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


@requirements.command()
def gaps(
    check: Annotated[
        bool, typer.Option("--check", help="Ask each waiting question again.")
    ] = False,
) -> None:
    """List questions of the data that could not be answered, and the requirement each waits for."""
    open_repository()
    scope = given.operator("list gaps")
    if check:
        check_gaps(scope)
    for each in waiting_gaps(scope):
        state = f"filled {each.filled_on}, ask again" if each.filled_on else "waits"
        raised = f"raised {each.raised_on} by {each.owner}"
        typer.echo(
            f"  {each.reference:7} {each.requirement:9} {each.measure} ({each.reason}), "
            f"{raised}: "
            f"{state}"
        )


@requirements.command()
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
    edition: Edition = "",
    on: On = None,
) -> None:
    """Request information once; without an agency, list requests. What is asked often is promoted
    to a question.
    """
    open_repository()
    scope, day = given.operator("request information"), given.day_or_today(on)
    if close:
        close_request(scope, close, day, promoted_to=promote, edition=edition)
    elif agency:
        if reply_by is None:
            raise DarkfigureError("Say by when a reply is wanted, with --reply-by.")
        typer.echo(request_information(scope, agency, subject, urgency, parse_day(reply_by), day))
        return
    for each in requests(scope):
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


@requirements.command(name="schema")
def write_schema(out: given.Out = None) -> None:
    """Write the JSON Schema of requirement sets."""
    given.deliver(json.dumps(schema(), indent=2) + "\n", out)


@report.command(name="submit")
def submit(file: Path, edition: Edition = "", on: On = None) -> None:
    """File an intelligence report: one source, numbered items, each graded and linked."""
    open_repository()
    _filed(submit_report(given.operator("file a report"), file, edition, _day(on)), "items")


@report.command()
def regrade(
    item: Annotated[str, typer.Argument(help="AGENCY REPORT/NUMBER.")],
    grade: Annotated[str, typer.Argument(help="The new grade, as 2CP.")],
    reason: Annotated[str, typer.Option("--reason", help="Why.")] = "",
    on: On = None,
) -> None:
    """Grade an item anew; the grade before stays on record."""
    open_repository()
    before = regrade_item(
        given.operator("regrade an item"), item, grade, reason, given.day_or_today(on)
    )
    typer.echo(f"{item}: {before} to {grade}.")


@report.command()
def answer(
    cell: Annotated[str, typer.Argument(help="QUESTION/AREA/PERIOD.")],
    stated_by: Annotated[
        str, typer.Option("--stated-by", help="The analyst who states it; you accept it.")
    ],
    confidence: Annotated[str, typer.Option("--confidence", help="high, moderate or low.")],
    low: Annotated[float | None, typer.Option("--low", help="Lower bound of a quantity.")] = None,
    high: Annotated[float | None, typer.Option("--high", help="Upper bound of a quantity.")] = None,
    rests_on: Annotated[
        list[str] | None,
        typer.Option("--rests-on", help="An item or estimate (E3). May be repeated."),
    ] = None,
    lapses_on: Annotated[str | None, typer.Option("--lapses-on", help="The day it lapses.")] = None,
    edition: Edition = "",
    on: On = None,
) -> None:
    """Accept an analyst's answer to a cell."""
    open_repository()
    question, area, period = _place(cell)
    made = accept_answer(
        given.operator("accept an answer"),
        edition,
        (question, area, period),
        stated_by=stated_by,
        confidence=confidence,
        on=given.day_or_today(on),
        lapses_on=_day(lapses_on),
        low=low,
        high=high,
        rests_on=tuple(rests_on or ()),
    )
    typer.echo(f"Accepted: {made}.")


def _place(cell: str) -> tuple[str, str, str]:
    parts = cell.split("/", 2)
    if len(parts) < 3:
        raise UnknownName(
            f"{cell!r} is no cell. Write QUESTION/AREA/PERIOD, as HT.6.4/Kent/2026 Q2."
        )
    return parts[0], parts[1], parts[2]


@reply.command(name="submit")
def submit_return(file: Path, on: On = None) -> None:
    """File replies to asks: items, nil after a search, nil, not held, refused."""
    open_repository()
    _filed(submit_replies(given.operator("file replies"), file, _day(on)), "replies")


def _day(text: str | None) -> date | None:
    return parse_day(text) if text else None


def _filed(done: Filed, what: str) -> None:
    already = "was filed before; nothing changed" if done.already else "filed"
    links = f", {done.links} links" if done.links else ""
    typer.echo(f"{done.name} {already}: {done.rows} {what}{links}.")


def coverage(
    edition: Edition = "",
    by: given.By = None,
    as_at: given.AsAt = None,
    known: Annotated[
        str | None, typer.Option("--known", help="Read the ledgers as known on another day.")
    ] = None,
    compare: Annotated[
        str, typer.Option("--compare", help="EDITION@DAY: show what changed since, like for like.")
    ] = "",
    cell: Annotated[
        str,
        typer.Option("--cell", help="Open QUESTION/AREA/PERIOD: asks, replies, items, graders."),
    ] = "",
    as_format: ShownOption = Shown.TEXT,
    out: given.Out = None,
) -> None:
    """Show requirement coverage: where each question stands, by requirement, area or period, and
    what changed.
    """
    open_repository()
    scope, day, cuts = given.operator("coverage"), given.day_or_today(as_at), given.names(by)
    for name in cuts:
        if name not in coverage_views.CUTS:
            raise UnknownName(
                f"Coverage is not cut by {name!r}. Known are {', '.join(coverage_views.CUTS)}."
            )
    held = requirement_set(scope, edition)
    if cell:
        rows = open_cell(scope, held.edition, cell, day)
        shown = (
            json.dumps(rows, indent=2, default=str) + "\n"
            if as_format is Shown.JSON
            else coverage_views.write_opened(rows)
        )
        given.deliver(shown, out)
        return
    change = None
    if compare:
        earlier, _, then = compare.partition("@")
        if not then:
            raise DarkfigureError(
                "--compare names an edition and the day it was published: nir-2025@2026-04-01."
            )
        change = compare_coverage(scope, earlier, parse_day(then), held.edition, day)
    found = measure_coverage(scope, held.edition, day, parse_day(known) if known else None)
    if as_format is Shown.JSON:
        data = coverage_views.coverage_data(found, cuts)
        data |= {"change": coverage_views.change_data(change)} if change else {}
        given.deliver(json.dumps(data, indent=2, default=str) + "\n", out)
    elif as_format is Shown.HTML:
        opened = open_cells(scope, held.edition)
        words = coverage_views.write_change(change) if change else ""
        given.deliver(coverage_views.coverage_page(found, held, opened, words), out)
    else:
        words = "\nSince " + compare + ":\n" + coverage_views.write_change(change) if change else ""
        given.deliver(coverage_views.write_coverage(found, held, cuts) + words, out)


def write_vocabularies(
    out: Annotated[Path, typer.Option("--out", help="Folder to write them into.")],
) -> None:
    """Write 3x5x2, the PHIA yardstick and analytical confidence as MISP taxonomies; requirement
    sets as STIX.
    """
    from darkfigure.intelligence.requirement_sets import example_set  # noqa: PLC0415 - only here

    out.mkdir(parents=True, exist_ok=True)
    for name, made in vocabularies.taxonomies().items():
        folder = out / "misp" / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "machinetag.json").write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8")
        typer.echo(f"  {folder / 'machinetag.json'}")
    for name in ("human_trafficking", "other_threats"):
        path = out / f"{name}.stix.json"
        path.write_text(
            json.dumps(vocabularies.as_stix(example_set(name)), indent=2) + "\n", encoding="utf-8"
        )
        typer.echo(f"  {path}")
