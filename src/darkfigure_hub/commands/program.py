"""The `darkfigure` program: where errors become sentences, and each end has its exit status."""

from __future__ import annotations

import errno
import os
import stat
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module

import darkfigure
from darkfigure.basis.errors import DarkfigureError, ReturnRefused, StoreUnavailable
from darkfigure.basis.unforeseen import place_of
from darkfigure_hub.commands.endings import (
    DONE,
    FAULTS,
    INTERRUPTED,
    NOBODY_READS,
    REFUSED,
    UNFORESEEN,
    UNREACHABLE,
)

#: Set in the environment, or by --traceback, for who develops: where an error came from.
TRACEBACK = "DARKFIGURE_TRACEBACK"
#: Classes of PostgreSQL's conditions: connection, shut down by the operator; resources.
_GONE, _NO_ROOM = ("08", "57"), "53"


def main() -> None:
    """Run the program; whatever goes wrong is said in a sentence, with its own exit status."""
    keep_compiled()
    status = ended(_run)
    if status in (INTERRUPTED, NOBODY_READS) or not _flushed():
        # Nothing more can be written: what is left in buffers goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = status or REFUSED
    sys.exit(status)


def _run() -> int:
    return int(import_module("darkfigure_hub.commands.gathered").run() or DONE)


def _flushed() -> bool:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        return False
    except OSError as error:
        tell(f"The output cannot be written: {error.strerror}.")
        return False
    return True


def ended(work: Callable[[], int]) -> int:
    """The exit status of a piece of work; what goes wrong in it is said in a sentence."""
    try:
        return work()
    except (SystemExit, GeneratorExit) as error:
        # The library of commands ends so itself where nobody reads on.
        if isinstance(error.__context__, BrokenPipeError):
            return NOBODY_READS
        raise
    except BaseException as error:  # noqa: BLE001 - the one place where every error ends
        return ending(error)


def ending(error: BaseException) -> int:
    """Say what went wrong, without a value that may be a name; gives the exit status."""
    if os.environ.get(TRACEBACK):
        traceback.print_exception(error)
    if isinstance(error, KeyboardInterrupt):
        tell("Interrupted. What was not finished is not kept.")
        return INTERRUPTED
    if isinstance(error, BrokenPipeError):
        return NOBODY_READS
    if isinstance(error, DarkfigureError):
        refuse(error)
        return UNREACHABLE if isinstance(error, StoreUnavailable) else REFUSED
    if said := _of_the_database(error):
        tell(said)
        return UNREACHABLE
    if isinstance(error, OSError) and error.strerror:
        tell(_of_the_system(error))
        return REFUSED
    tell(unforeseen(error))
    return UNFORESEEN


def of_check(error: BaseException) -> int:
    """The exit status of a check that ended so: faults found, where the file could be read."""
    status = ending(error)
    read = isinstance(error, ReturnRefused) and any(e.rule != "file" for e in error.problems)
    return FAULTS if read else status


def _of_the_database(error: BaseException) -> str:
    """What is to be said of a database that is gone or full; nothing for any other error."""
    database = sys.modules.get("django.db")
    if database is None or not isinstance(
        error, (database.OperationalError, database.InterfaceError)
    ):
        return ""
    state = getattr(error.__cause__, "sqlstate", None) or _GONE[0]
    if state.startswith(_GONE):
        return (
            "The repository cannot be reached, or the connection to it was lost. What was not "
            "finished is not kept: try again."
        )
    if state.startswith(_NO_ROOM):
        return "The database has no room left. What was not finished is not kept."
    return ""


def _of_the_system(error: OSError) -> str:
    what = f"{error.filename} cannot be used" if error.filename else "It cannot be done"
    full = " Free space and try again." if error.errno == errno.ENOSPC else ""
    return f"{what}: {error.strerror}.{full}"


def unforeseen(error: BaseException) -> str:
    """One sentence on an error that nobody foresaw: its type and its place in our code."""
    return (
        f"This was not foreseen: {place_of(error)}. Nothing of what was read is shown; please "
        f"report it. For developers: {TRACEBACK}=1 shows where it came from."
    )


def keep_compiled() -> None:
    """Name a folder for what Numba compiles, where it may write neither beside the package nor in
    the user's home: it stops without one.
    """
    beside = os.path.join(os.path.dirname(darkfigure.__file__), "estimation", "__pycache__")
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~")
    if "NUMBA_CACHE_DIR" in os.environ or os.access(beside, os.W_OK) or os.access(home, os.W_OK):
        return
    folder = os.path.join(os.environ.get("TMPDIR", "/tmp"), f"darkfigure-{os.getuid()}-compiled")  # noqa: S108
    with suppress(FileExistsError):
        os.mkdir(folder, 0o700)
    held = os.lstat(folder)
    if stat.S_ISDIR(held.st_mode) and held.st_uid == os.getuid() and not held.st_mode & 0o077:
        os.environ["NUMBA_CACHE_DIR"] = folder  # nobody else can have put anything into it
    else:
        os.environ["NUMBA_DISABLE_JIT"] = "1"  # slow, and safe


def refuse(error: DarkfigureError) -> None:
    """Print what was said no to, in red on a terminal."""
    tell(str(error))


def tell(sentence: str) -> None:
    """Print a sentence on what went wrong, in red on a terminal."""
    coloured = sys.stderr.isatty() and not os.environ.get("NO_COLOR")
    red, plain = ("\033[31m", "\033[0m") if coloured else ("", "")
    print(f"{red}{sentence}{plain}", file=sys.stderr)  # noqa: T201 - nothing else may be installed


if __name__ == "__main__":
    main()
