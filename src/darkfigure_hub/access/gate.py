"""The gate on record: what is marked too high is turned away, and the refusal stands in the log; so
is what an agency sends of another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from darkfigure.basis.errors import DarkfigureError
from darkfigure.basis.marking import Scope
from darkfigure.codes import codes_for
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


def own(scope: Scope, agencies: Collection[str]) -> None:
    """Raise DarkfigureError where what an agency sends is of others, or of nobody named."""
    if scope.bound and set(agencies) != {scope.agency}:
        mine = codes_for("agency").label(scope.agency or "")
        raise DarkfigureError(
            f"What you send is of {mine} alone: this file states what other bodies say, or does "
            "not say whose it is."
        )
