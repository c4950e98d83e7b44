"""The command that stops the embedded server."""

from __future__ import annotations

import typer

from darkfigure_hub.flows.stop_server import stop_server


def stop() -> None:
    """Stop the embedded PostgreSQL of this data folder."""
    typer.echo("stopped" if stop_server() else "it was not running")
