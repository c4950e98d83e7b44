"""Propose how a file of tables is read, and find the readings of this installation."""

from __future__ import annotations

from pathlib import Path

from darkfigure.reading.proposal import Proposal, propose
from darkfigure.reading.request_files import no_return
from darkfigure_hub.store.folder import data_folder


def propose_reading(path: Path, *, sheet: str = "", table: int = 0) -> Proposal:
    """Look at a file and propose its reading. Needs no repository. Raises ReturnRefused."""
    if request := no_return(path):
        raise request
    return propose(path, sheet=sheet, table=table)


def readings_folder() -> Path:
    """Where the readings of this installation are kept."""
    return data_folder() / "readings"
