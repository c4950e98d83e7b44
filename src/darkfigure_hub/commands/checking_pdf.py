"""The command that says whether PDFs can be read by everybody: accessible."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from darkfigure_hub.commands import given
from darkfigure_hub.commands.endings import FAULTS
from darkfigure_hub.commands.waiting import progress
from darkfigure_hub.flows.check_pdf import check_pdfs


def accessible(
    files: given.Files,
    pdf_ua: Annotated[
        bool, typer.Option("--pdf-ua", help="By PDF/UA-1 alone: not contrast, wording, layout.")
    ] = False,
    withheld: Annotated[
        Path | None,
        typer.Option(
            "--withheld", help="A file of texts, one a line, of which none may be in the PDF."
        ),
    ] = None,
    as_format: Annotated[str | None, given.form_option("accessible")] = None,
    out: given.Out = None,
) -> None:
    """Say whether PDFs can be read by everybody: every fault, by PDF/UA-1 and WCAG 2.2.

    Needs no repository; keeps nothing. Ends with status 1 where there is a fault.
    """
    with progress("accessible") as report:
        found = check_pdfs(
            [given.file(each) for each in files],
            withheld=given.file(withheld) if withheld is not None else None,
            standard_alone=pdf_ua,
            watch=lambda name: report(name, 0),
        )
    given.deliver_as("accessible", as_format, found, out)
    if not all(each.passes for each in found):
        raise typer.Exit(FAULTS)
