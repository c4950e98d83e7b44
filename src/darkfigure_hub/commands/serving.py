"""The command that serves the pages."""

from __future__ import annotations

from typing import Annotated

import typer
from granian import Granian
from granian.constants import Interfaces

from darkfigure_hub.flows.open_repository import open_repository


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
) -> None:
    """Serve the pages and the interface for programs until interrupted."""
    open_repository()
    typer.echo(f"Darkfigure is served on http://{host}:{port}/ (Ctrl-C ends it)")
    Granian(
        "darkfigure_hub.web.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
    ).serve()
