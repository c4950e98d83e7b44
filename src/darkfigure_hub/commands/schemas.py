"""The command that lists the documents written as JSON, and prints their Schemas."""

from __future__ import annotations

from typing import Annotated

import typer

from darkfigure.writing.documents.head import listed, schema_text
from darkfigure_hub.commands import given
from darkfigure_hub.commands.given import Listed


def schemas(
    name: Annotated[str, typer.Argument(help="A document, as answer: its Schema.")] = "",
    as_format: given.ListedOption = Listed.TEXT,
    out: given.Out = None,
) -> None:
    """List the documents that are written as JSON, or print the JSON Schema of one."""
    if name:
        given.deliver(schema_text(name), out)
    elif as_format is Listed.JSON:
        given.listing("schemas", {"schemas": listed()}, synthetic=False)
    else:
        lines = [f"{each['name']:20} {each['schema']:34} {each['about']}\n" for each in listed()]
        given.deliver("".join(lines), out)
