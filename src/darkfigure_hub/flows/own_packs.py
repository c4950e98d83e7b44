"""Follow the packs of this installation: those in its data folder are in use beside the package's.

A process looks whether the folder has changed before each command and each page; that is one look
at its day. Needs no repository.
"""

from __future__ import annotations

import threading
from pathlib import Path

from darkfigure.basis.errors import StoreUnavailable
from darkfigure.codes.pack import Pack
from darkfigure.codes.pack_checks import check_pack
from darkfigure.codes.pack_files import read_pack
from darkfigure.codes.packs import packs_in_use, use_packs
from darkfigure_hub.store.folder import data_folder

_lock = threading.Lock()
_followed: tuple[str, int] | None = None


def packs_folder() -> Path:
    """Where the packs of this installation are."""
    return data_folder() / "packs"


def follow_packs() -> None:
    """Use the packs of this installation as they are now. Raises PackRefused for one that cannot be
    read.
    """
    global _followed
    folder = packs_folder()
    mark = (str(folder), _changed(folder))
    if mark == _followed or (_followed is None and not mark[1]):
        return
    with _lock:
        use_packs(own_packs())
        _followed = mark


def _changed(folder: Path) -> int:
    try:
        return folder.stat().st_mtime_ns
    except (FileNotFoundError, NotADirectoryError):
        return 0
    except OSError as error:
        raise StoreUnavailable(
            f"The packs of this installation in {folder} cannot be read: {error.strerror}."
        ) from error


def own_packs() -> list[Pack]:
    """The packs in the data folder, by name. What is being written there begins with a dot."""
    folder = packs_folder()
    if not folder.is_dir():
        return []
    names = sorted(path for path in folder.iterdir() if path.is_dir() and path.name[0] != ".")
    return [read_pack(path) for path in names]


def check_own_pack(folder: Path) -> Pack:
    """The pack in a folder, which agrees with all that is in use. Raises PackRefused with every
    fault.
    """
    return check_pack(folder, own_packs())


def list_packs() -> tuple[Pack, ...]:
    """The packs in use, the package's first."""
    follow_packs()
    return packs_in_use()
