"""How the planner is told to go about rows of which it has no statistics, or an index that it
thinks nothing of.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

#: Rows are looked up one by one, by whatever index there is.
ONE_BY_ONE = ("enable_hashjoin", "enable_mergejoin", "enable_seqscan")
#: Rows are compared all together.
TOGETHER = ("enable_nestloop", "enable_mergejoin")


@contextmanager
def without(*settings: str) -> Iterator[None]:
    """A stretch within a transaction in which the planner does without some ways of its own."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("; ".join(f"SET LOCAL {each} = off" for each in settings))
        yield
        cursor.execute("; ".join(f"SET LOCAL {each} = on" for each in settings))
