"""Give a program every statement that it may see, one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure_hub.access import record
from darkfigure_hub.store.postgres.entering import LetInNoMore
from darkfigure_hub.store.queries import statement_stream as store

__all__ = ["LetInNoMore", "stream_statements"]


def stream_statements(
    scope: Scope, as_at: date, measure: str | None = None
) -> Iterator[list[dict[str, Any]]]:
    """The statements known by a day, what is public and one's own, in batches, as of one moment.
    The batches raise LetInNoMore where the reader is let in no more meanwhile.

    Raises NotPermitted.
    """
    scope.require(Permission.READ_FIGURES)
    record(scope, "statements streamed", {"known_on": as_at.isoformat(), "measure": measure or ""})
    return store.statements(scope, as_at, measure)
