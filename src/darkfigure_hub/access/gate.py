"""The gate on record: what is marked too high is turned away, and the refusal stands in the log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from darkfigure.basis.marking import Scope
from darkfigure.intelligence.markings import MarkedTooHigh
from darkfigure_hub.access.log import record


@contextmanager
def on_record(scope: Scope, what: str, digest: str) -> Iterator[None]:
    """Around the reading of something received: a refusal by the gate is logged with its hash."""
    try:
        yield
    except MarkedTooHigh:
        why = "marked higher than OFFICIAL-SENSITIVE"
        record(scope, f"{what} refused", {"file": digest, "why": why})
        raise
