"""Commands for the machine of an agency: they speak to a hub elsewhere (--hub), by a token."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from darkfigure.basis.errors import DarkfigureError
from darkfigure.client import Hub
from darkfigure_hub.commands import given
from darkfigure_hub.commands.endings import FAULTS
from darkfigure_hub.commands.entries import HUB
from darkfigure_hub.commands.given import Listed

if TYPE_CHECKING:
    from darkfigure.writing.documents.reporting import SubmissionDocument

#: What gives the token, or names a file with it.
TOKEN, TOKEN_FILE = "DARKFIGURE_TOKEN", "DARKFIGURE_TOKEN_FILE"
#: Faults that are printed; the rest are counted.
SHOWN = 20
Key = Annotated[
    str,
    typer.Option("--key", help="The key under which it is sent once. Default: by what is sent."),
]


def submit(
    file: Annotated[Path, typer.Argument(help="The file to send.")],
    kind: Annotated[
        str, typer.Option("--kind", help="return (figures, case records), report or replies.")
    ] = "return",
    marking: Annotated[
        str, typer.Option("--marking", help="How it is marked. Default: as the token.")
    ] = "",
    reading: Annotated[
        str, typer.Option("--as", help="The kind of file, where it cannot be recognised.")
    ] = "",
    key: Key = "",
) -> None:
    """Send a file to a hub as a draft, and print its receipt: for a timer.

    The token comes from DARKFIGURE_TOKEN, or from the file that DARKFIGURE_TOKEN_FILE names, which
    the user alone may read. The same file sent again within 8 days is drafted once.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise DarkfigureError(f"{file} cannot be read: {error.strerror}.") from None
    with _hub() as hub:
        own = key or _key_of("submit", kind, file.name, marking, reading, _hash(content))
        receipt = hub.submit(
            content, kind=kind, name=file.name, marking=marking, reading=reading, key=own
        )
    _print_receipt(receipt)


def asks(as_format: given.ListedOption = Listed.TEXT) -> None:
    """List what a hub asks of your agency and waits for, first due first."""
    with _hub() as hub:
        found = hub.asks()
    if as_format is Listed.JSON:
        given.listing("asks", {"asks": found, "next": None})
        return
    for each in found:
        late = "  overdue" if each["overdue"] else ""
        typer.echo(
            f"{each['ask']}  due {each['due']}{late}  {each['question']}, {each['area']}, "
            f"{each['period']}: {each['words']}"
        )


def reply(
    ask: Annotated[str, typer.Argument(help="The ask, as ASK-3.")],
    kind: Annotated[
        str,
        typer.Option(
            "--kind",
            help="nil_searched, nil_unsearched, not_held, not_recorded_in_unit or refused.",
        ),
    ],
    signed_off_by: Annotated[str, typer.Option("--signed-off-by", help="A post, not a name.")],
    effort: Annotated[str, typer.Option("--effort", help="Of a search: how thorough it was.")] = "",
    ground: Annotated[
        str, typer.Option("--ground", help="Of a refusal: cost, law or policy.")
    ] = "",
    key: Key = "",
) -> None:
    """Draft a reply to an ask of a hub, without items."""
    own = key or _key_of("reply", ask, kind, signed_off_by, effort, ground)
    with _hub() as hub:
        receipt = hub.reply(
            ask, kind, signed_off_by=signed_off_by, effort=effort, ground=ground, key=own
        )
    _print_receipt(receipt)


def _hub() -> Hub:
    url = os.environ.get(HUB, "")
    if not url:
        raise DarkfigureError(
            "Name the hub: darkfigure --hub https://darkfigure.example.org submit FILE, or with "
            f"{HUB}."
        )
    return Hub(url, _token())


def _token() -> str:
    """The token: of the environment, or of a file that the user alone may read."""
    if told := os.environ.get(TOKEN, ""):
        return told
    name = os.environ.get(TOKEN_FILE, "")
    if not name:
        raise DarkfigureError(f"Give the token with {TOKEN}, or name a file with {TOKEN_FILE}.")
    try:
        mode = os.stat(name).st_mode
        text = Path(name).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        raise DarkfigureError(f"{name}, with the token, cannot be read.") from None
    if stat.S_IMODE(mode) & 0o077:
        raise DarkfigureError(f"Others may read {name}, with the token: chmod 600 {name}.")
    return text.strip()


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _key_of(*said: str) -> str:
    return "cli-" + _hash("\n".join(said).encode())


def _print_receipt(receipt: SubmissionDocument) -> None:
    """The receipt; the exit status says whether there are faults."""
    held, checks = receipt["submission"], receipt["checks"]
    typer.echo(f"SUBMISSION-{held['number']}  {held['state']}  sha256 {held['sha256']}")
    log: Any = receipt.get("log")
    if log:
        typer.echo(f"log  {log['id']}  {log['hash']}")
    if checks is None:
        return
    if checks["whole"]:
        typer.echo(f"no faults, {checks['rows']} rows; it waits for its release")
    for said in checks["noticed"]:
        typer.echo(f"  {said}")
    if checks["refused"]:
        typer.echo(f"cannot be taken in: {checks['refused']}", err=True)
    for each in checks["listed"][:SHOWN]:
        place = f"line {each['line']}" if each["line"] else "file"
        column = f", column {each['column']}" if each["column"] else ""
        typer.echo(f"  {place}{column}: {each['wrong']}. {each['right']}", err=True)
    if checks["faults"] > SHOWN:
        typer.echo(f"  and {checks['faults'] - SHOWN} more.", err=True)
    if not checks["whole"]:
        raise typer.Exit(FAULTS)
