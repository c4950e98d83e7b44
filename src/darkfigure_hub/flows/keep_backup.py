"""Back the repository up, names included, and restore it where nothing is yet."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.db.migrations.loader import MigrationLoader

from darkfigure import __version__
from darkfigure.basis.errors import DarkfigureError
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure_hub.access import record
from darkfigure_hub.flows.open_repository import connect, open_repository, refuse_newer
from darkfigure_hub.flows.own_packs import follow_packs
from darkfigure_hub.store import backups, kept_folders
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
) -> Kept:
    """Write a backup into a new file, which its owner alone may read; whole or not at all.

    Raises DarkfigureError where the file exists or cannot be written.
    """
    scope.require(Permission.BACK_UP)
    try:
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise DarkfigureError(f"{path} exists, and no file is overwritten: name another.") from None
    except OSError as error:
        raise DarkfigureError(f"{path} cannot be written: {error.strerror}.") from error
    try:
        with os.fdopen(opened, "wb") as target:
            made = backups.write(target, __version__, progress)
            os.fsync(target.fileno())
        kept = _kept(path, made)
        record(scope, "backup made", {"file": kept.sha256, "rows": kept.rows})
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
) -> Kept:
    """Restore a backup into a database in which nothing is yet, and bring it up to date.

    Raises Unreadable where the file is no whole backup, StoreUnavailable where a newer program
    wrote it, DarkfigureError where the database holds something; then nothing of it is kept.
    """
    scope.require(Permission.RESTORE)
    with backups.opened(path) as (file, backup):
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


def _kept(path: Path, backup: backups.Backup) -> Kept:
    packs = {each.pack for each in backup.files} - {""}
    readings = sum(not each.pack for each in backup.files)
    return Kept(
        path, hash_of(path), len(backup.tables), backup.rows, tuple(sorted(packs)), readings
    )
