"""The commands gathered from the table: help, completion and refusals need no command's module."""

from __future__ import annotations

import os
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Annotated, Any, cast

from darkfigure import __version__
from darkfigure.basis.loading import extra
from darkfigure_hub.commands.endings import INTERRUPTED
from darkfigure_hub.commands.entries import HUB, SPEAK, SUBJECTS, Command, Group
from darkfigure_hub.commands.program import TRACEBACK
from darkfigure_hub.commands.table import under

with extra("hub"):
    import typer
    from typer._click.exceptions import ClickException
    from typer.core import TyperCommand, TyperGroup
    from typer.main import get_command

ABOUT = (
    "A repository for data and intelligence on human trafficking: figures as they stood on any "
    "day, why they changed, and what cannot be said."
)
EXAMPLES = ("measures", "ask victims_recovered --by operation --as-at 2008-12-17", "demo")


def epilog(examples: Sequence[str]) -> str:
    """Examples as they stand at the end of help; the mark keeps their lines as they are."""
    return "\n".join(("\b", "Examples:", *(f"  darkfigure {each}" for each in examples)))


def _typer(**given: Any) -> typer.Typer:
    return typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, **given)


def made(entry: Command) -> TyperCommand:
    """The command of an entry, its module imported."""
    app = _typer(add_completion=False)
    app.command(entry.name.split(" ")[-1], epilog=epilog(entry.examples))(entry.load())
    return cast(TyperCommand, get_command(app))


class Gathered(TyperGroup):
    """Commands of the table under a word; under none, the program's."""

    prefix = ""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]  # noqa: ARG002 - as the library calls it
        """The names."""
        return list(under(self.prefix))

    def get_command(self, ctx: typer.Context, cmd_name: str) -> Any:  # type: ignore[override]  # noqa: ARG002 - as the library calls it
        """The command of that name, its module imported now; None where there is none."""
        entry = under(self.prefix).get(cmd_name)
        return _group(entry) if isinstance(entry, Group) else entry and made(entry)

    def resolve_command(self, ctx: typer.Context, args: list[str]) -> Any:  # type: ignore[override]
        """The command named; a name that is none is refused with the nearest, from the table."""
        names = list(under(self.prefix))
        if args and args[0] not in names and not args[0].startswith("-"):
            near = get_close_matches(args[0], names, 1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            ctx.fail(f"There is no command {args[0]!r}.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: typer.Context, formatter: Any) -> None:  # type: ignore[override]  # noqa: ARG002 - as the library calls it
        """One line a command, by subject."""
        entries = under(self.prefix)
        width = max(map(len, entries))
        for subject in SUBJECTS:
            rows = [
                (name.ljust(width), each.help)
                for name, each in entries.items()
                if each.subject == subject
            ]
            if rows:
                with formatter.section("Commands" if self.prefix else subject):
                    formatter.write_dl(rows)

    def shell_complete(self, ctx: typer.Context, incomplete: str) -> Any:  # type: ignore[override]
        """Names that begin so, with their line of help."""
        found = [
            typer.core.CompletionItem(name, help=each.help)  # type: ignore[attr-defined]
            for name, each in under(self.prefix).items()
            if name.startswith(incomplete)
        ]
        return [*found, *super(TyperGroup, self).shell_complete(ctx, incomplete)]


def _group(entry: Group) -> TyperGroup:
    kind = type("Gathered", (Gathered,), {"prefix": entry.name})
    app = _typer(add_completion=False, name=entry.name, no_args_is_help=True, cls=kind)
    app.callback(help=entry.help, epilog=epilog(entry.examples))(lambda: None)
    return cast(TyperGroup, get_command(app))


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"darkfigure {__version__}")
        raise typer.Exit


def _traceback(wanted: bool) -> None:
    if wanted:
        os.environ[TRACEBACK] = "1"


def _elsewhere(ctx: typer.Context, url: str) -> str:
    """The hub that is spoken to. Raises a usage error for a command that is of this machine."""
    name = ctx.invoked_subcommand or ""
    if url and name not in SPEAK:
        ctx.fail(f"--hub is for {', '.join(SPEAK)}: {name!r} is done on this machine.")
    if url:
        os.environ[HUB] = url
    return url


def _program(
    ctx: typer.Context,
    version: Annotated[  # noqa: ARG001 - done where it is read
        bool, typer.Option("--version", help="Show the version.", callback=_version, is_eager=True)
    ] = False,
    where: Annotated[  # noqa: ARG001 - done where it is read
        bool,
        typer.Option(
            "--traceback",
            help="For developers: show where an error came from, and what it holds.",
            callback=_traceback,
            is_eager=True,
        ),
    ] = False,
    hub: Annotated[
        str,
        typer.Option("--hub", metavar="URL", help="Speak to the hub there: submit, asks, reply."),
    ] = "",
) -> None:
    """What every command shares."""
    _elsewhere(ctx, hub)


def program() -> TyperGroup:
    """The program with all its commands."""
    app = _typer(add_completion=True, name="darkfigure", no_args_is_help=True, cls=Gathered)
    app.callback(help=ABOUT, epilog=epilog(EXAMPLES))(_program)
    return cast(TyperGroup, get_command(app))


def run() -> int | None:
    """Run the command that was typed; gives the exit status where it is not that all went well."""
    try:
        status = program()(prog_name="darkfigure", standalone_mode=False)
    except ClickException as error:
        error.show()
        return error.exit_code
    if status == INTERRUPTED:
        raise KeyboardInterrupt
    return status if isinstance(status, int) else None
