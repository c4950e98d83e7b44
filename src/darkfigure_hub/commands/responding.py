"""Commands of the answers desk: responses drafted, registered, looked up, checked, corrected."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from darkfigure.basis.period import parse_day
from darkfigure.publication.response import AskedBy, LetterForm, Response
from darkfigure.reading.door import text_of
from darkfigure.reading.request_files import FILES, MOST
from darkfigure.tables.question import STATEMENTS, past_day
from darkfigure.writing import registry
from darkfigure.writing.responses import register as written
from darkfigure.writing.words import FALLBACK
from darkfigure_hub.commands import given
from darkfigure_hub.flows import request_asked, respond, show_responses
from darkfigure_hub.flows.ask_in_words import questions_asked
from darkfigure_hub.flows.open_repository import open_repository
from darkfigure_hub.flows.request_asked import Wanted
from darkfigure_hub.flows.respond import Drafted, Request

Reference = Annotated[str, typer.Argument(help="A response, as RESPONSE-1.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would go out; nothing is kept.")]
Private = Annotated[
    bool, typer.Option("--private", help="Leave it out of the public disclosure log.")
]
Public = Annotated[
    bool | None,
    typer.Option(
        "--public/--private",
        help="In the public disclosure log, or not. Default: as the one that is corrected.",
    ),
]
ReleaseMarked = Annotated[
    str,
    typer.Option(
        "--release-marked",
        help="Why what rests on marked returns may be released; kept, and the release logged.",
    ),
]
AlthoughHeld = Annotated[
    str,
    typer.Option(
        "--although-held",
        help="Why parts are refused as not held though figures are held; kept with them.",
    ),
]
Language = Annotated[str | None, given.language_option("response")]
Since = Annotated[
    str | None, typer.Option("--since", help="Sent on this day (YYYY-MM-DD) or later.")
]
By = Annotated[
    str | None, typer.Option("--asked-by", help=f"Who asks: {', '.join(AskedBy)}. No name.")
]


def register(
    asked: Annotated[
        str,
        typer.Argument(
            help="A measure, several with commas between, a question in plain words in quotes, or "
            "a request in a file (.yaml, .json) with a part for each question."
        ),
    ],
    by: given.By = None,
    where: given.Where = None,
    period: given.PeriodOption = None,
    unit: given.Unit = None,
    as_at: given.AsAt = None,
    evidence: given.Evidence = STATEMENTS,
    asked_by: By = None,
    form: Annotated[
        str | None, typer.Option("--form", help=f"What it is written as: {', '.join(LetterForm)}.")
    ] = None,
    title: Annotated[
        str | None, typer.Option("--title", help="Its subject, published. Default: the measures.")
    ] = None,
    request: Annotated[
        str | None, typer.Option("--request", help="The desk's own reference of the request.")
    ] = None,
    on: given.On = None,
    private: Private = False,
    release_marked: ReleaseMarked = "",
    although_held: AlthoughHeld = "",
    language: Language = None,
    dry_run: DryRun = False,
    as_format: Annotated[str | None, given.form_option("response")] = None,
    out: given.Out = None,
) -> None:
    """Answer a request in the form it goes out in, and keep it in the register.

    What was said before on the same matter is told first. What is kept stays as it was said.
    """
    day = given.day_or_today(on)
    text = ""
    head: dict[str, str] = {}
    if Path(asked).suffix.lower() in FILES:
        wanted, head, text, said = _request_in(Path(asked))
    else:
        questions, said = questions_asked(
            asked,
            given.today(),
            by=by,
            where=where,
            period=period,
            unit=unit,
            as_at=as_at,
            evidence=evidence,
        )
        wanted = [Wanted(question) for question in questions]
    for line in said:
        typer.echo(line, err=True)
    open_repository()
    drafted = respond.draft_response(
        given.operator("answers desk"),
        request_asked.with_reason(wanted, although_held),
        Request(
            asked_by=asked_by or head.get("asked_by", AskedBy.PUBLIC),
            form=form or head.get("form", LetterForm.FOI),
            sent_on=day,
            title=title or head.get("title", ""),
            reference=request or head.get("request", ""),
            text=text,
            language=language or FALLBACK,
        ),
        given.today(),
    )
    response = _entered(
        drafted, text=text, public=not private, release_marked=release_marked, dry_run=dry_run
    )
    given.deliver_as("response", as_format, response, out, language=response.language)


def _request_in(path: Path) -> tuple[list[Wanted], dict[str, str], str, list[str]]:
    """The parts of a file, what stands at its head, its words, and how plain words were
    understood.
    """
    file = given.file(path)
    return request_asked.wanted_in(text_of(file, MOST), file.name, given.today())


def _entered(
    drafted: Drafted, *, text: str = "", public: bool, release_marked: str, dry_run: bool
) -> Response:
    """What goes out: what was said before is told, and it is entered unless it is a dry run."""
    for letter, before in drafted.before.items():
        if told := written.before_lines(before):
            typer.echo(f"({letter}) {told}", err=True, nl=False)
    for part in drafted.response.parts:
        if part.letter in drafted.held:
            typer.echo(written.held_line(part), err=True, nl=False)
        if part.letter in drafted.open_here:
            typer.echo(written.open_line(part), err=True, nl=False)
        if part.letter in drafted.not_here:
            typer.echo(written.not_here_line(part), err=True, nl=False)
    if dry_run:
        return drafted.response
    scope = given.operator("answers desk")
    response = respond.register_response(
        scope, drafted, public=public, text=text, release_marked=release_marked
    )
    typer.echo(written.kept_line(response), err=True, nl=False)
    return response


def show(
    reference: Reference,
    show_values: Annotated[
        bool,
        typer.Option("--show-values", help="Print the words of the request too; this is logged."),
    ] = False,
    language: Language = None,
    as_format: Annotated[str | None, given.form_option("response")] = None,
    out: given.Out = None,
) -> None:
    """Show a response as it went out, beside what would be said today and why.

    In a form that is written to a file, or in a language, the response alone.
    """
    open_repository()
    scope = given.operator("answers desk")
    if as_format or out or language:
        found = show_responses.response_named(scope, reference)
        given.deliver_as("response", as_format, found, out, language=language or found.language)
        return
    beside = show_responses.show_response(scope, reference, words_too=show_values)
    typer.echo(written.beside_today(beside), nl=False)


def search(
    words: Annotated[
        str, typer.Argument(help="Words that the subject or a question holds; none: all.")
    ] = "",
    asked_by: By = None,
    since: Since = None,
    language: Language = None,
    as_format: Annotated[str | None, given.form_option("register")] = None,
    out: given.Out = None,
) -> None:
    """List responses whose subject or questions hold some words.

    The latest comes first.
    """
    open_repository()
    found = show_responses.search_responses(
        given.operator("answers desk"),
        words,
        asked_by=asked_by or "",
        since=parse_day(since) if since else None,
    )
    given.deliver_as("register", as_format, found, out, language=language or FALLBACK)


def changed(since: Since = None) -> None:
    """List every response that would say something else today, with what and why.

    For the day that was asked about, where returns arrived since or were taken back; and as known
    today.
    """
    open_repository()
    found = show_responses.changed_responses(
        given.operator("answers desk"), parse_day(since) if since else None
    )
    typer.echo(written.changed_lines(found), nl=False)


def affected(
    number: Annotated[str, typer.Argument(help="A return, by its number in `returns`.")],
    letters: Annotated[
        Path | None,
        typer.Option("--letters", help="Write the draft of a letter to each into this folder."),
    ] = None,
) -> None:
    """List every response that a return touches, and write the letter to each."""
    open_repository()
    scope = given.operator("answers desk")
    found = show_responses.affected_responses(scope, number)
    typer.echo(written.affected_lines(found), nl=False)
    moved = show_responses.to_be_written_to(scope, found, number)
    folder = given.folder(letters) if letters and moved else None
    for each in moved if folder else ():
        words = registry.words_of("response", each.response.language)
        reason = written.reason_of(each.response, words)
        now = respond.correct_response(scope, each.response.reference, reason, given.today())
        path = Path(str(folder)) / f"{each.response.reference}.txt"
        given.deliver(written.letter_about(each, now.response, words), path)
        typer.echo(f"  {path}")


def correct(
    reference: Reference,
    reason: Annotated[str, typer.Option("--reason", help="Why; it stands in the letter.")] = "",
    request: Annotated[
        Path | None,
        typer.Option("--request", help="A request in a file: other parts, other refusals."),
    ] = None,
    as_at: Annotated[
        list[str] | None,
        typer.Option(
            "--as-at",
            help="Another day as known on which it is asked (YYYY-MM-DD); of one part "
            "LETTER=YYYY-MM-DD. Default: the days it was asked for.",
        ),
    ] = None,
    on: given.On = None,
    public: Public = None,
    release_marked: ReleaseMarked = "",
    although_held: AlthoughHeld = "",
    language: Language = None,
    dry_run: DryRun = False,
    as_format: Annotated[str | None, given.form_option("response")] = None,
    out: given.Out = None,
) -> None:
    """Register a response in the place of one that no longer stands.

    Its parts are asked again, for the same days. The one before stays as it was said, and names the
    one in its place.
    """
    wanted: list[Wanted] = []
    head: dict[str, str] = {}
    text = ""
    if request is not None:
        wanted, head, text, said = _request_in(request)
        for line in said:
            typer.echo(line, err=True)
    open_repository()
    drafted = respond.correct_response(
        given.operator("answers desk"),
        reference,
        reason,
        given.today(),
        _days(as_at),
        wanted=request_asked.with_reason(wanted, although_held),
        head=head,
        sent_on=given.day_or_today(on),
    )
    response = _entered(
        drafted,
        text=text,
        public=drafted.response.public if public is None else public,
        release_marked=release_marked,
        dry_run=dry_run,
    )
    wanted_in = language or response.language
    given.deliver_as("response", as_format, response, out, language=wanted_in)


def _days(given_so: list[str] | None) -> dict[str, date]:
    """Days by the letter of a part; "" for all."""
    pairs = (each.rpartition("=") for each in given_so or ())
    return {letter.strip().lower(): past_day(day, given.today()) for letter, _, day in pairs}


def withdraw(
    reference: Reference,
    reason: Annotated[
        str, typer.Option("--reason", help="Why; it stands in the disclosure log.")
    ] = "",
    on: given.On = None,
) -> None:
    """Withdraw a response: of what is public stays that it is withdrawn, and why.

    It stays in the register as it was said.
    """
    open_repository()
    done = respond.withdraw_response(
        given.operator("answers desk"), reference, reason, given.day_or_today(on)
    )
    typer.echo(written.withdrawn_now(done), nl=False)


def log(
    language: Language = None,
    as_format: Annotated[str | None, given.form_option("disclosure")] = None,
    out: given.Out = None,
) -> None:
    """Write the public disclosure log: a page, a table, an Atom or JSON feed."""
    open_repository()
    found: list[Response] = show_responses.disclosures(given.operator("disclosure log"))
    given.deliver_as("disclosure", as_format, found, out, language=language or FALLBACK)
