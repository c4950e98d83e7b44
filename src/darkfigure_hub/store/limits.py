"""How much who reads published figures may ask at once: so many cells, for so long. Who may read
records asks as they like.
"""

from __future__ import annotations

from collections.abc import Iterator, Sized
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from psycopg.errors import QueryCanceled

from darkfigure.basis.errors import DarkfigureError
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission

#: Cells of an answer; groups they are made of; seconds that one statement may take.
CELLS, GROUPS, SECONDS = 20_000, 200_000, 20
LESS = "Ask by fewer dimensions, for a shorter period, or for one value of a dimension."


class TooMuch(DarkfigureError):
    """A question that is too large to be answered while others wait."""


def is_limited(scope: Scope) -> bool:
    """Whether somebody is kept to the limits."""
    return Permission.READ_RECORDS not in scope.permissions | scope.waits


def at_most(scope: Scope, found: Sized, most: int | None = None) -> None:
    """Refuse what gives more than so many cells; groups, where no number is given."""
    most = GROUPS if most is None else most
    if is_limited(scope) and len(found) > most:
        raise TooMuch(f"This gives more than {most:,} figures at once. {LESS}")


@contextmanager
def reading(scope: Scope) -> Iterator[None]:
    """A stretch in which no statement takes longer than it may. Raises TooMuch where one does."""
    if not is_limited(scope):
        yield
        return
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL statement_timeout = {int(SECONDS * 1000)}")
            yield
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise TooMuch(f"This takes longer than {SECONDS} seconds. {LESS}") from None
        raise
