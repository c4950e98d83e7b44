"""The command that serves the pages."""

from __future__ import annotations

import logging
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Annotated

import typer
from granian import Granian
from granian.constants import Interfaces

from darkfigure.basis.errors import DarkfigureError
from darkfigure_hub.access.department import department
from darkfigure_hub.flows.open_repository import open_repository
from darkfigure_hub.settings import THREADS


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    worker: Annotated[
        bool,
        typer.Option("--worker/--no-worker", help="Do the long work asked for on pages, too."),
    ] = True,
) -> None:
    """Serve the pages and the interface for programs until interrupted."""
    _check_free(host, port)
    department()
    open_repository()
    shown = f"[{host}]" if ":" in host else host
    typer.echo(f"Darkfigure is served on http://{shown}:{port}/ (Ctrl-C ends it)")
    # most of the threads wait for a place: how many are in work is bounded by the queue
    logging.getLogger("_granian").addFilter(lambda said: "Python threads" not in said.getMessage())
    with _working() if worker else nullcontext():
        Granian(
            "darkfigure_hub.web.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=1,
            blocking_threads=THREADS,
        ).serve()


@contextmanager
def _working() -> Iterator[None]:
    """A worker beside the server, which ends with it."""
    program = [sys.executable, "-m", "darkfigure_hub.commands.program", "work", "--beside"]
    child = subprocess.Popen(program, stdin=subprocess.PIPE)  # noqa: S603 - this program itself
    try:
        yield
    finally:
        child.terminate()
        child.wait()


def _check_free(host: str, port: int) -> None:
    """Refuse an address that cannot be listened on, before anything is said of serving."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, kind, _, _, address in found:
            with socket.socket(family, kind) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
    except socket.gaierror:
        raise DarkfigureError(
            f"{host!r} is no address of this machine: give --host 127.0.0.1, or 0.0.0.0 for all."
        ) from None
    except OSError as error:
        raise DarkfigureError(
            f"Port {port} of {host} cannot be listened on: {error.strerror}. Name another with "
            "--port, or end what uses it."
        ) from None
