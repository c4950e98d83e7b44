"""The embedded PostgreSQL: found running, or started on demand, in the data folder. The one place
that knows how.

A server once started is left running for the commands that follow. Whether one runs is asked of the
server itself: the process number in its lock file may be that of a dead process not yet reaped, or
of another program, where the lock file is a copy.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pwd
import re
import secrets
import shutil
import stat
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
from psycopg import pq
from psycopg.conninfo import make_conninfo

from darkfigure.basis.errors import StoreUnavailable
from darkfigure_hub import store
from darkfigure_hub.store.folder import data_folder

WAIT_SECONDS = 60
ATTEMPTS = 5
#: Whom the server runs as where the program runs as root, which PostgreSQL refuses.
SYSTEM_USER = "embedded_postgres"
#: What a path of a socket may be long: 107 bytes, of which the socket's own name takes 15.
_SOCKET_ROOM = 90
_HEADER = "# Written by Darkfigure at each start: nobody is let in without a password.\n"
_ALLOWED = "postgres,darkfigure_service,darkfigure_identity,darkfigure_web"
WALLED = f"{_HEADER}local all {_ALLOWED} scram-sha-256\n"
_OPEN = f"{_HEADER}local all postgres trust\n"


def postgres_folder() -> Path:
    """Where the embedded server keeps its files."""
    return data_folder() / "postgres"


def ensure_running() -> str:
    """The socket folder of the embedded server, started if need be.

    Raises StoreUnavailable, saying what is in the way.
    """
    folder = postgres_folder()
    socket = _running(folder)
    if socket is None:
        with alone():
            socket = _running(folder) or _start(folder)
    return socket


def stop() -> bool:
    """Stop the embedded server if it runs; whether it did."""
    folder = postgres_folder()
    if _running(folder) is None:
        return False
    _end(folder, int(_lock_lines(folder)[0]))
    return True


def _end(folder: Path, pid: int) -> None:
    with suppress(psutil.NoSuchProcess):
        psutil.Process(pid).send_signal(2)
    wait(lambda: _server_process(folder) is None, "stop")


_held = threading.local()


@contextmanager
def alone() -> Iterator[None]:
    """Only one process at a time prepares what is in the data folder; who does may say so again.

    Raises StoreUnavailable where the folder cannot be used.
    """
    if getattr(_held, "alone", False):
        yield
        return
    folder = data_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _of_another(folder)
        with (folder / ".starting").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            _held.alone = True
            yield
    except OSError as error:
        raise StoreUnavailable(
            f"The data folder {folder} cannot be used: {error.strerror or error}. "
            "Free space or correct its rights, or name another in DARKFIGURE_HOME."
        ) from error
    finally:
        _held.alone = False


def _of_another(folder: Path) -> None:
    """Refuse, as root, a folder of somebody else: what root writes there they could not read."""
    owner = folder.stat().st_uid
    if os.geteuid() == 0 and owner not in (0, _system_uid()):
        with suppress(KeyError):
            name = pwd.getpwuid(owner).pw_name
            raise StoreUnavailable(
                f"The data folder {folder} belongs to {name}, and this is root. Run the program as "
                f"{name}, or name another folder in DARKFIGURE_HOME."
            )


def _system_uid() -> int:
    with suppress(KeyError):
        return pwd.getpwnam(SYSTEM_USER).pw_uid
    return 0


def _lock_lines(folder: Path) -> list[str]:
    try:
        return (folder / "postmaster.pid").read_text(errors="replace").splitlines()
    except OSError:
        return []


def _running(folder: Path) -> str | None:
    """The socket folder of the server of `folder` if it takes connections."""
    lines = _lock_lines(folder)
    socket = lines[4].strip() if len(lines) > 4 else ""
    if not socket.startswith("/") or "\0" in socket:
        return None
    return socket if _answers(socket) else None


def _answers(socket: str) -> bool:
    address = make_conninfo(host=socket, user="postgres", dbname="postgres", connect_timeout=5)
    end = time.monotonic() + WAIT_SECONDS
    while (said := pq.PGconn.ping(address.encode())) == pq.Ping.REJECT:
        if time.monotonic() > end:
            return False
        time.sleep(0.05)  # it is starting up, recovering or shutting down
    return said == pq.Ping.OK


def _server_process(folder: Path) -> psutil.Process | None:
    """The living server of `folder` that its lock file names; None where the file names another
    process, or none.
    """
    with suppress(psutil.NoSuchProcess, ValueError, IndexError, OSError):
        process = psutil.Process(int(_lock_lines(folder)[0]))
        if process.status() != psutil.STATUS_ZOMBIE and "postgres" in process.name():
            try:
                here = Path(process.cwd())  # the server works in its own folder
            except psutil.AccessDenied:
                return process  # somebody else's: not to be taken for dead
            return process if here.samefile(folder) else None
    return None


def _start(folder: Path) -> str:
    _of_root(folder)
    programs = store.embedding.programs_for(folder)
    user = _user()
    for attempt in range(ATTEMPTS):
        _forget_dead_server(folder)
        if found := _running(folder):
            return found
        if not (folder / "PG_VERSION").is_file():
            _make(folder, programs.path("initdb"), user)
        write_access(folder, WALLED)
        socket = _socket_folder(folder, user)
        done = _launch(folder, programs.path("postgres"), socket, user)
        if done is None:
            return socket
        if attempt + 1 == ATTEMPTS or "No space left" in done:
            raise StoreUnavailable(
                f"The embedded PostgreSQL in {folder} did not start: {done} Is the disk full or "
                "the folder not yours? DARKFIGURE_HOME names another folder, DATABASE_URL "
                "another server."
            )
        time.sleep(1)  # processes of a server that was killed may take a moment to end
    return socket


def _user() -> pwd.struct_passwd | None:
    """Whom the server runs as: None where that is who runs the program."""
    if os.geteuid() != 0:
        return None
    with suppress(KeyError):
        return pwd.getpwnam(SYSTEM_USER)
    made = subprocess.run(  # noqa: S603 - a fixed command
        ["useradd", "--system", "--shell", "/usr/sbin/nologin", SYSTEM_USER],  # noqa: S607
        capture_output=True,
        check=False,
    )
    if made.returncode:
        raise StoreUnavailable(
            f"PostgreSQL does not run as root, and no user {SYSTEM_USER} can be made for it. Run "
            "the program as another user."
        )
    return pwd.getpwnam(SYSTEM_USER)


def _as(user: pwd.struct_passwd | None) -> dict[str, object]:
    """How a program of the server is run: as its user, nowhere in particular, in plain English."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
    given: dict[str, object] = {"env": {**kept, "LC_ALL": "C"}, "cwd": "/"}
    if user:
        given |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    return given


def _make(folder: Path, initdb: str, user: pwd.struct_passwd | None) -> None:
    """Make the files of a server. Its superuser's password is not known: who needs it sets one."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if user:
        os.chown(folder, user.pw_uid, user.pw_gid)
    _reachable(folder, user)
    _reachable(Path(initdb), user)
    with tempfile.NamedTemporaryFile("w", dir=folder.parent, prefix=".initial-") as secret:
        secret.write(secrets.token_urlsafe(24))
        secret.flush()
        if user:
            os.chown(secret.name, user.pw_uid, user.pw_gid)
        arguments = ["--encoding=UTF8", "--locale=C", "--username=postgres"]
        arguments += ["--auth=scram-sha-256", f"--pwfile={secret.name}", f"--pgdata={folder}"]
        done = subprocess.run(  # type: ignore[call-overload]  # noqa: S603 - a program of PostgreSQL
            [initdb, *arguments], capture_output=True, text=True, check=False, **_as(user)
        )
    if done.returncode:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        last = (lines or ["no reason was given"])[-1]
        why = next((line for line in lines if "error:" in line or "FATAL:" in line), last)
        raise StoreUnavailable(
            f"The embedded PostgreSQL in {folder} cannot be made: "
            f"{re.split('error:|FATAL:', why)[-1].strip()}. Free space or correct the rights "
            "of the folder, or name another in DARKFIGURE_HOME."
        )


def _reachable(path: Path, user: pwd.struct_passwd | None) -> None:
    """Let the server's user come as far as a path, where the program is root: to pass through the
    folders above it, not to see what is in them.
    """
    for above in path.parents if user else ():
        mode = above.stat().st_mode
        if not mode & stat.S_IXOTH:
            above.chmod(mode | stat.S_IXOTH)


def write_access(folder: Path, text: str) -> None:
    """Write who is let in, as the server reads it at its start and when it is told to."""
    target, part = folder / "pg_hba.conf", folder / "pg_hba.conf.part"
    with suppress(FileNotFoundError):
        if target.read_text(errors="replace") == text:
            return
        before = folder / "pg_hba.conf.before-darkfigure"
        if not before.exists() and not target.read_text(errors="replace").startswith(_HEADER):
            shutil.copy2(target, before)
    owner = folder.stat()
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(text)
    if os.geteuid() == 0:
        os.chown(part, owner.st_uid, owner.st_gid)
    part.replace(target)


@contextmanager
def open_to_owner() -> Iterator[None]:
    """A moment in which the superuser needs no password, so that it can be given a new one: who
    may write the server's files may have that.
    """
    folder = postgres_folder()
    try:
        _let_in(folder, _OPEN)
        yield
    finally:
        _let_in(folder, WALLED)


def wall_in() -> None:
    """Let in the logins of the program alone, on a server that runs as well."""
    _let_in(postgres_folder(), WALLED)


def _let_in(folder: Path, text: str) -> None:
    write_access(folder, text)
    if process := _server_process(folder):
        process.send_signal(1)


def _socket_folder(folder: Path, user: pwd.struct_passwd | None) -> str:
    """Where the socket stands: with the data, or, where that path is too long for a socket or holds
    signs that PostgreSQL takes for something else, in a short one of its own.
    """
    text = folder.as_posix()
    if len(os.fsencode(text)) <= _SOCKET_ROOM and re.fullmatch(r"[\w/.+-]+", text, re.ASCII):
        return text
    above = Path(os.environ.get("XDG_RUNTIME_DIR", ""))
    usable = user is None and above.is_absolute() and os.access(above, os.W_OK)
    if not usable or len(os.fsencode(above)) > _SOCKET_ROOM - 30:
        above = Path("/tmp")  # noqa: S108 - a folder of mode 700 whose owner is looked at
    owner = os.geteuid() if user is None else user.pw_uid
    name = hashlib.sha256(os.fsencode(text)).hexdigest()[:12]
    short = above / f"darkfigure-{owner}-{name}"
    with suppress(FileExistsError):
        short.mkdir(mode=0o700)
        if user:
            os.chown(short, user.pw_uid, user.pw_gid)
    held = short.lstat()
    if not stat.S_ISDIR(held.st_mode) or held.st_uid != owner or held.st_mode & 0o077:
        raise StoreUnavailable(
            f"{short} is needed for the socket of the embedded PostgreSQL and is somebody else's. "
            "Remove it, or name a data folder with a short path in DARKFIGURE_HOME."
        )
    return short.as_posix()


#: What returns hold must not reach the server's log, with the statement or row that failed or with
#: one that did not.
QUIET = {
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_duration_sample": "-1",
    "log_transaction_sample_rate": "0",
}


def _launch(folder: Path, postgres: str, socket: str, user: pwd.struct_passwd | None) -> str | None:
    """Start the server and wait for it; its last words where it ended."""
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": socket,
        "unix_socket_permissions": "0700",
        # What a large return brought is reckoned with by the question after it.
        "autovacuum_naptime": "15s",
        **QUIET,
    }
    given = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    _reachable(folder, user)
    _reachable(Path(postgres), user)
    log = folder / "log"
    with os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as out:
        if user:
            os.chown(log, user.pw_uid, user.pw_gid)
        started = out.tell()
        process = subprocess.Popen(  # type: ignore[call-overload]  # noqa: S603 - a program of PostgreSQL
            [postgres, "-D", str(folder), *given],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
            **_as(user),
        )
    end = time.monotonic() + WAIT_SECONDS
    while not _running(folder):
        if process.poll() is not None:
            return _last_words(log, started)
        if time.monotonic() > end:
            raise StoreUnavailable(
                f"The embedded PostgreSQL did not start within {WAIT_SECONDS} seconds; {log} says "
                "what it does."
            )
        time.sleep(0.02)
    process.returncode = 0  # it is left running: nobody waits for it
    return None


def _of_root(folder: Path) -> None:
    """Refuse a folder whose server was copied by root: PostgreSQL runs as no root and may not read
    it.
    """
    version = folder / "PG_VERSION"
    if os.geteuid() == 0 and version.is_file() and version.stat().st_uid == 0:
        raise StoreUnavailable(
            f"What is in {folder} belongs to root, and PostgreSQL does not run as root: it was "
            f"copied by root. Give it back: chown -R {SYSTEM_USER}, or name another folder in "
            "DARKFIGURE_HOME."
        )


def _answers_yet(folder: Path, lines: list[str]) -> bool:
    """Whether a server that lives answers, if not at once: a machine may have much else to do. One
    whose socket is gone never will.
    """
    end = time.monotonic() + PATIENCE
    while _running(folder) is None:
        place = lines[4].strip() if len(lines) > 4 else ""
        held = place and any(each.is_socket() for each in Path(place).glob(".s.PGSQL.*"))
        if not held or time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


#: So many seconds a server that lives is waited for before it is ended.
PATIENCE = 20


def _forget_dead_server(folder: Path) -> None:
    """Remove the lock files of a server that is not there: killed, or of a folder this one was
    copied from. One that lives and has lost its socket is ended.
    """
    if not (folder / "postmaster.pid").exists():
        return
    lines = _lock_lines(folder)
    if process := _server_process(folder):
        if not _answers_yet(folder, lines):
            _end(folder, process.pid)
        return
    if len(lines) > 4 and lines[4].strip():
        for lock in Path(lines[4].strip()).glob(".s.PGSQL.*.lock"):
            if lock.read_text(errors="replace").splitlines()[:1] == lines[:1]:
                lock.unlink(missing_ok=True)
    (folder / "postmaster.pid").unlink(missing_ok=True)


def _last_words(log: Path, started: int) -> str:
    with suppress(OSError), log.open("rb") as source:
        source.seek(started)
        lines = source.read().decode(errors="replace").splitlines()
        fatal = [line for line in lines if "FATAL:" in line or "PANIC:" in line]
        said = fatal[-1:] or [line for line in lines if line.strip()][-1:]
        if said:
            return re.split("FATAL:|PANIC:", said[0])[-1].strip() + "."
    return "no reason was given."


def wait(ready: Callable[[], bool], doing: str) -> None:
    """Wait until something is so. Raises StoreUnavailable where it does not come to be."""
    end = time.monotonic() + WAIT_SECONDS
    while not ready():
        if time.monotonic() > end:
            raise StoreUnavailable(
                f"The embedded PostgreSQL did not {doing} within {WAIT_SECONDS} seconds."
            )
        time.sleep(0.05)


def free_bytes() -> int | None:
    """Free space of the data folder; None where it does not exist, as with a server elsewhere."""
    try:
        return shutil.disk_usage(data_folder()).free
    except OSError:
        return None
