"""Statements one after the other, in a connection of their own: it lasts as long as somebody reads,
whichever thread hands them out.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from typing import Any

import psycopg
from psycopg.rows import dict_row

from darkfigure.basis.marking import Scope
from darkfigure.basis.statement import DIMENSIONS, tidy
from darkfigure_hub.store import roles
from darkfigure_hub.store.logins import WEB, parameters
from darkfigure_hub.store.postgres import entering
from darkfigure_hub.store.postgres.entering import LetInNoMore
from darkfigure_hub.store.queries.withdrawn_returns import away_on, block_ended, numbers, row_closed

#: Rows of a batch; seconds after which it is asked again whether the reader is let in; seconds that
#: a batch may take.
BATCH, AGAIN, SECONDS = 2000, 30.0, 60
_NUMBERS = ("value", "low", "high", "corrects")
_KNOWN_TO = """least(CASE WHEN {ended} <= {day} THEN {ended} END,
    CASE WHEN {closed} <= {day} THEN {closed} END)"""
_STATEMENTS = f"""
SELECT b.of_id AS "return", s.row, b.measure, b.unit, b.population, b.role,
    b.period_label AS period, b.period_start, b.period_end, b.status, b.stated_on, b.stated_by,
    b.source, r.marking, lower(b.known) AS known_from, {_KNOWN_TO} AS known_to,
    {", ".join(f"s.{name}" for name in DIMENSIONS)},
    s.value, s.low, s.high, s.reason, s.change_reason, s.corrects, s.note
FROM store_statement s JOIN store_block b ON b.id = s.block_id
    JOIN store_return r ON r.id = b.of_id JOIN store_wall w ON w.id = r.wall
WHERE r.marking <= %(sees)s AND (r.marking = 0 OR w.agency = %(own)s OR NOT %(bound)s)
    AND r.id <> ALL({{away}}) AND lower(b.known) <= {{day}}
    AND (%(measure)s::text IS NULL OR b.measure = %(measure)s)
ORDER BY s.block_id, s.row
"""


def statements(scope: Scope, as_at: date, measure: str | None) -> Iterator[list[dict[str, Any]]]:
    """The statements known by a day that the reader may see, in batches."""
    away = away_on(as_at)
    query = _STATEMENTS.replace("{ended}", block_ended(away)).replace("{closed}", row_closed(away))
    day = f"DATE '{as_at.isoformat()}'"
    return _batches(
        _Connection(),
        query.format(day=day, away=numbers(sorted(away))),
        {
            "sees": int(scope.sees),
            "own": scope.agency or "",
            "bound": scope.bound,
            "measure": measure,
        },
    )


class _Connection:
    """How who asks now is connected, for later and in other threads."""

    def __init__(self) -> None:
        self._entry = entering.entry()
        self._login, self._server = entering.login(), roles.server()
        self._database = roles.database()

    def made(self) -> psycopg.Connection[Any]:
        """A connection, let in. Raises LetInNoMore."""
        given = parameters(self._server, self._login, self._database)
        made: psycopg.Connection[Any] = psycopg.connect(**given, autocommit=True)
        if self._login == WEB:
            (held,) = made.execute(*self._entry).fetchone() or (None,)
            if not held:
                made.close()
                raise LetInNoMore
        return made


def _batches(of: _Connection, query: str, given: dict[str, Any]) -> Iterator[list[dict[str, Any]]]:
    asked = time.monotonic()
    with of.made() as session:
        session.execute("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        session.execute(f"SET LOCAL statement_timeout = {SECONDS * 1000}")
        with session.cursor("statements", row_factory=dict_row) as cursor:
            cursor.execute(query, given)
            while rows := cursor.fetchmany(BATCH):
                yield [_plain(row) for row in rows]
                if time.monotonic() - asked > AGAIN:
                    of.made().close()
                    asked = time.monotonic()


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """A row without what it does not say; numbers as numbers."""
    return {
        name: tidy(value) if name in _NUMBERS else value
        for name, value in row.items()
        if value not in (None, "")
    }
