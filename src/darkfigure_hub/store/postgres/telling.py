"""What the server says of an error, without what it says it of: a row, or a value of one, stands in
its words, and may hold a name.
"""

from __future__ import annotations

from logging import LogRecord
from types import TracebackType

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import DatabaseErrorWrapper, InterfaceError, OperationalError

from darkfigure.basis.errors import StoreUnavailable
from darkfigure_hub.store.address import reason

#: The class of errors whose first sentence repeats the value.
_OF_VALUES = "22"
#: Marks an error that is bared: it has given up what it could be told from.
_BARED = "_is_bared"


class _InASentence(StoreUnavailable):
    """What is given is why; what is printed is a sentence."""

    def __str__(self) -> str:
        return f"The database broke off: {self.args[0]}. What was not finished is not kept."


class BrokenOff(_InASentence, OperationalError):
    """The server did not do what it was asked: it ended, was full, or was told to stop."""


class Closed(_InASentence, InterfaceError):
    """There is no connection any more."""


_OURS = ((psycopg.OperationalError, BrokenOff), (psycopg.InterfaceError, Closed))


class Telling(DatabaseErrorWrapper):
    """Django's way of raising the driver's errors as its own, once they are bared; those of the
    server's state are sentences.
    """

    def __init__(self, wrapper: BaseDatabaseWrapper) -> None:
        super().__init__(wrapper)
        self._of = wrapper

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """As Django's own."""
        bare(exc_value)
        for theirs, ours in _OURS:
            if isinstance(exc_value, theirs):
                self._of.errors_occurred = True
                raise ours(str(exc_value)).with_traceback(traceback) from exc_value
        super().__exit__(exc_type, exc_value, traceback)


class Bare:
    """A filter of the driver's log, which repeats errors that it passes over: they are bared."""

    def filter(self, record: LogRecord) -> bool:
        """The record stands, and so do its arguments but for the errors among them."""
        if record.exc_info:
            bare(record.exc_info[1])
        for given in record.args if isinstance(record.args, tuple) else ():
            if isinstance(given, BaseException):
                bare(given)
        return True


def bare(error: BaseException | None) -> None:
    """Take from an error, and from those it came of, all but what was wrong. One that is bared
    stays as it is.
    """
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, psycopg.Error) and not getattr(error, _BARED, False):
            psycopg.Error.__init__(error, told(error))
            setattr(error, _BARED, True)
        error = error.__cause__ or error.__context__


def told(error: psycopg.Error) -> str:
    """The first sentence of an error; of a value that is not taken, that it is not; of a connection
    that fails, why, without the address.
    """
    state = error.diag.sqlstate or ""
    if state.startswith(_OF_VALUES):
        return f"a value is not one that its column or function takes (SQLSTATE {state})"
    if state:
        return (error.diag.message_primary or "").strip().partition("\n")[0]
    return reason(error)
