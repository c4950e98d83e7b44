"""What was counted from records, kept while nothing was done since: fifty who ask the same through
the same walls have it counted once.

A count is kept under its statement, which names all that is asked, what whoever asked sees, and the
last deed of the log: nothing of it is given through other walls, or once anything was entered,
corrected, linked, withdrawn or disposed of. It stays in the memory of the process that serves.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from django.db import connection

from darkfigure_hub.settings import COUNTING
from darkfigure_hub.store.logins import WEB
from darkfigure_hub.store.postgres.entering import login

#: So many counts are kept, each of at most so many groups: what is more is counted anew.
KEPT, GROUPS = 64, 2_000
Rows = list[tuple[Any, ...]]
Key = tuple[Any, ...]
#: What is seen of records, and what it is seen of. Whoever wrote something that is not ended sees
#: what nobody else does: nothing is kept then.
_SEEN = """
SELECT (SELECT oid FROM pg_database WHERE datname = current_database()), gate.last_deed(),
    gate.below(), gate.own_walls(), gate.sees(), gate.opened('return'), gate.broken('person')
WHERE gate.is_walled() AND pg_current_xact_id_if_assigned() IS NULL
"""
#: So much of a key says which deed was the last: what was counted before it is forgotten.
_DEED = 2
_lock = threading.Lock()
#: At most so many are counted at once as there are cores.
_counting = threading.BoundedSemaphore(COUNTING)
_kept: OrderedDict[Key, tuple[tuple[Any, ...], ...]] = OrderedDict()


def counted_once(query: str, count: Callable[[], Rows]) -> Rows:
    """The rows of a query as they were counted for who sees the same, else as they are now."""
    sees = _sees()
    if sees is None:
        return count()
    key = (*sees, query)
    found = _found(key)
    if found is not None:
        return found
    with _counting:
        found = _found(key)  # somebody may have counted the same meanwhile
        if found is None:
            found = count()
            _keep(key, found)
    return found


def forget() -> None:
    """Count all anew from now on."""
    with _lock:
        _kept.clear()


def _found(key: Key) -> Rows | None:
    with _lock:
        found = _kept.get(key)
        if found is None:
            return None
        _kept.move_to_end(key)
        return list(found)


def _keep(key: Key, found: Rows) -> None:
    if len(found) > GROUPS:
        return
    with _lock:
        for other in [each for each in _kept if each[:_DEED] != key[:_DEED]]:
            del _kept[other]
        _kept[key] = tuple(found)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)


def _sees() -> Key | None:
    """What whoever asks now sees of records; None where nothing is kept: of commands, which end
    with what they count, and amid what is being written.
    """
    if login() != WEB:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_SEEN)
        found = cursor.fetchone()
    return tuple(tuple(each) if isinstance(each, list) else each for each in found or ()) or None
