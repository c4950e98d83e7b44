"""How the planner is told to go about rows of which it has no statistics, or an index that it
thinks nothing of.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

#: By whatever index there is. What is left is reckoned as dear as can be, which is no reason to
#: compile it or to start other processes.
LOOKED_UP = {"enable_seqscan": "off", "jit": "off", "max_parallel_workers_per_gather": "0"}
#: Rows beside one another one by one, or all together.
ONE_BY_ONE = {**LOOKED_UP, "enable_hashjoin": "off", "enable_mergejoin": "off"}
TOGETHER = {"enable_nestloop": "off", "enable_mergejoin": "off", "work_mem": "'128MB'"}


@contextmanager
def planned(settings: dict[str, str]) -> Iterator[None]:
    """A stretch within a transaction in which the planner goes about it so."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("; ".join(f"SET LOCAL {name} = {value}" for name, value in settings.items()))
        yield
        cursor.execute("; ".join(f"SET LOCAL {name} TO DEFAULT" for name in settings))
