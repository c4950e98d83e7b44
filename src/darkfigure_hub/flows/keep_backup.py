"""Back the repository up, names included, and restore it where nothing is yet."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from django.db.migrations.loader import MigrationLoader

from darkfigure import __version__
from darkfigure.basis.errors import DarkfigureError
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure_hub.access import record, verify
from darkfigure_hub.flows.open_repository import connect, open_repository, refuse_newer
from darkfigure_hub.flows.own_packs import follow_packs
from darkfigure_hub.store import age, backups, heads, kept_folders, roles
from darkfigure_hub.store.logins import write_private
from darkfigure_hub.store.queries.files import hash_of


@dataclass(frozen=True)
class Kept:
    """A backup as written or restored: its hash, how many tables and rows, which packs, and how
    many files of readings.
    """

    path: Path
    sha256: str
    tables: int
    rows: int
    packs: tuple[str, ...] = ()
    readings: int = 0


def back_up(
    scope: Scope,
    path: Path,
    progress: Callable[[str, int], None] = lambda _doing, _rows: None,
    to: Sequence[str] = (),
) -> Kept:
    """Write a backup into a new file, which its owner alone may read; whole or not at all. `to` are
    the public keys, or files of them, that it is locked to.

    Raises DarkfigureError where the file exists or cannot be written, or a key is none.
    """
    scope.require(Permission.BACK_UP)
    keys = age.recipients(to)
    try:
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise DarkfigureError(f"{path} exists, and no file is overwritten: name another.") from None
    except OSError as error:
        raise DarkfigureError(f"{path} cannot be written: {error.strerror}.") from error
    try:
        with os.fdopen(opened, "wb") as target:
            with age.locking(target, keys) if keys else nullcontext(target) as within:
                made = backups.write(within, __version__, progress)
            os.fsync(target.fileno())
        kept = _kept(path, made)
        told = {"file": kept.sha256, "rows": kept.rows, "locked_to": len(keys)}
        record(scope, "backup made", told)
    except BaseException as error:
        path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise DarkfigureError(f"{path} cannot be written: {error.strerror}.") from error
        raise
    return kept


def restore(
    scope: Scope,
    path: Path,
    progress: Callable[[str, int], None] = lambda _doing, _rows: None,
    identity: Path | None = None,
) -> Kept:
    """Restore a backup into a database in which nothing is yet, and bring it up to date.
    `identity` is a file with the secret key of one that is locked.

    Raises Unreadable where the file is no whole backup, StoreUnavailable where a newer program
    wrote it, DarkfigureError where the database holds something; then nothing of it is kept.
    """
    scope.require(Permission.RESTORE)
    with backups.opened(path, identity) as (file, backup):
        refuse_newer("The backup", backup.migrations, MigrationLoader(None))
        connect()
        if not backups.is_empty():
            raise DarkfigureError(
                "The repository holds something already, and a backup is restored where nothing "
                "is: name a new data folder in DARKFIGURE_HOME, or an empty database in "
                "DATABASE_URL."
            )
        with kept_folders.put_back(file, backup.files):
            follow_packs()
            backups.read_in(file, backup, progress)
        open_repository()
        kept = _kept(path, backup)
        record(scope, "backup restored", {"file": kept.sha256, "rows": kept.rows})
    return kept


def make_key(scope: Scope, path: Path) -> str:
    """Write a new secret key into a new file, which its owner alone may read. Gives the public key
    that backups are locked to. Raises DarkfigureError where the file exists or cannot be written.
    """
    scope.require(Permission.BACK_UP)
    secret, public = age.new_identity()
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(f"# public key: {public}\n{secret}\n")
    except FileExistsError:
        raise DarkfigureError(f"{path} exists, and no file is overwritten: name another.") from None
    except OSError as error:
        raise DarkfigureError(f"{path} cannot be written: {error.strerror}.") from error
    return public


@dataclass(frozen=True)
class Compared:
    """A restored repository held to its backup: tables, rows, entries of the log, and what is
    amiss.
    """

    tables: int
    rows: int
    entries: int
    proved: int
    amiss: tuple[str, ...]


def compare(scope: Scope, path: Path, identity: Path | None = None) -> Compared:
    """Hold what the repository has, table by table, to the backup it was restored from, and the
    log to its chain. Raises Unreadable where the file is no whole backup.
    """
    scope.require(Permission.RESTORE)
    with backups.opened(path, identity) as (_, backup):
        with roles.as_owner():
            amiss = backups.differences(backup)
        checked = verify()
        faults = [checked.fault] if checked.fault else []
        if unproved := sum(checked.elsewhere.values()):
            faults.append(f"{unproved:,} entries of the log are sealed with a key that is not here")
        return Compared(
            len(backup.tables),
            backup.rows,
            checked.entries,
            checked.proved,
            (*amiss, *faults),
        )


def lend_keys(scope: Scope, folder: Path) -> None:
    """Put the key of the log into a folder where a backup is tried."""
    scope.require(Permission.BACK_UP)
    write_private(folder / "log.key", heads.key().secret.decode())


def note_drill(scope: Scope, sha256: str, amiss: int) -> None:
    """Enter into the log that a backup was tried, and how much was amiss."""
    scope.require(Permission.BACK_UP)
    record(scope, "backup tried", {"file": sha256, "amiss": amiss})


def _kept(path: Path, backup: backups.Backup) -> Kept:
    packs = {each.pack for each in backup.files} - {""}
    readings = sum(not each.pack for each in backup.files)
    return Kept(
        path, hash_of(path), len(backup.tables), backup.rows, tuple(sorted(packs)), readings
    )
