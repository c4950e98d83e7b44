"""The command on the definition: what the UN Protocol says of a case."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from darkfigure.law.stated import FORMS
from darkfigure.law.statutes import PLACES
from darkfigure.reading.door import text_of
from darkfigure.reading.fact_files import MOST
from darkfigure_hub.commands import given
from darkfigure_hub.flows.apply_definition import apply_definition


def _forms(what: str) -> Any:
    """An option for the forms of an element."""
    return typer.Option(
        help=f"{', '.join(FORMS[what])}; or none, or any. NAME=no and NAME=not_known are said too. "
        "May be repeated."
    )


def define(
    file: Annotated[
        Path | None,
        typer.Argument(help="Facts in YAML or JSON; - reads them from standard input."),
    ] = None,
    act: Annotated[list[str] | None, _forms("act")] = None,
    means: Annotated[list[str] | None, _forms("means")] = None,
    purpose: Annotated[list[str] | None, _forms("purpose")] = None,
    age: Annotated[
        int | None, typer.Option(help="Age in years at the time of the act, not when found.")
    ] = None,
    child: Annotated[
        str | None, typer.Option(help="yes, no or not_known, where the age is not stated.")
    ] = None,
    consent: Annotated[
        str | None, typer.Option(help="yes, no or not_known. It decides nothing.")
    ] = None,
    reason: Annotated[
        str | None,
        typer.Option(
            help="Why a purpose the Protocol does not name is exploitation. Without any name."
        ),
    ] = None,
    day: Annotated[
        str | None, typer.Option(help="The day of the act, YYYY-MM-DD: for the statutes of it.")
    ] = None,
    place: Annotated[
        str | None, typer.Option(help=f"Where the act took place: {', '.join(PLACES)}.")
    ] = None,
    as_format: Annotated[str | None, given.form_option("definition")] = None,
    out: given.Out = None,
) -> None:
    """Say whether a case is trafficking under the UN Protocol, or what is missing to say so.

    Why, element by element, and the statutes of the day. Needs no repository; keeps nothing.
    """
    stated = {
        "act": act,
        "means": means,
        "purpose": purpose,
        "age": age,
        "child": child,
        "consent": consent,
        "reason": reason,
        "day": day,
        "place": place,
    }
    found = apply_definition(
        {name: value for name, value in stated.items() if value is not None},
        None if file is None else text_of(given.file(file), MOST),
        "" if file is None else file.name,
    )
    given.deliver_as("definition", as_format, found, out)
