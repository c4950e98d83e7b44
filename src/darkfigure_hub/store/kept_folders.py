"""What of the data folder goes into a backup beside the database: the packs that were added, and
the readings of this installation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from shutil import rmtree
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from darkfigure.basis.errors import DarkfigureError, Unreadable
from darkfigure_hub.store.folder import data_folder

#: The folders, and where their files stand in a backup.
FOLDERS, MEMBERS = ("packs", "readings"), "folder"


@dataclass(frozen=True)
class KeptFile:
    """A file of a folder: its path in the data folder, and its hash."""

    path: str
    sha256: str

    def __post_init__(self) -> None:
        parts = PurePosixPath(self.path).parts
        plain = all(part not in (".", "..") and "\\" not in part for part in parts)
        if not plain or len(parts) < 2 or parts[0] not in FOLDERS or parts[1].startswith("."):
            raise ValueError(self.path)

    @property
    def member(self) -> str:
        """The member of the backup that holds it."""
        return f"{MEMBERS}/{self.path}"

    @property
    def pack(self) -> str:
        """The pack it belongs to; nothing of a reading."""
        _, name, *_ = PurePosixPath(self.path).parts
        return name if self.path.startswith("packs/") else ""


def write(file: ZipFile) -> tuple[KeptFile, ...]:
    """Write the files of the folders into a backup. What is being written there is left out."""
    found = []
    for path in _listed():
        content = path.read_bytes()
        named = path.relative_to(data_folder()).as_posix()
        kept = KeptFile(named, sha256(content).hexdigest())
        file.writestr(ZipInfo(kept.member), content, ZIP_DEFLATED)
        found.append(kept)
    return tuple(found)


def _listed() -> Iterator[Path]:
    for folder in (data_folder() / name for name in FOLDERS):
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.is_file() and not path.relative_to(folder).parts[0].startswith("."):
                yield path


@contextmanager
def put_back(file: ZipFile, kept: Iterable[KeptFile]) -> Iterator[None]:
    """Files of a backup, put into the data folder for good where what follows goes well. One that
    is there already stays if it is the same.

    Raises DarkfigureError where it is another, Unreadable where a file is not as it was written.
    """
    missing = [each for each in kept if not _is_there(each)]
    made: list[Path] = []
    try:
        for each in missing:
            _put(file, each, made)
        yield
    except BaseException as error:
        for path in reversed(made):
            rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise DarkfigureError(
                f"The packs and readings of the backup cannot be written into {data_folder()}: "
                f"{error.strerror}. Nothing was restored."
            ) from error
        raise


def _is_there(kept: KeptFile) -> bool:
    path = data_folder() / kept.path
    if not path.exists():
        return False
    if path.is_file() and sha256(path.read_bytes()).hexdigest() == kept.sha256:
        return True
    raise DarkfigureError(
        f"{path} is another than the backup's. Nothing was restored; move it elsewhere first."
    )


def _put(file: ZipFile, kept: KeptFile, made: list[Path]) -> None:
    content = file.read(kept.member)
    if sha256(content).hexdigest() != kept.sha256:
        raise Unreadable(
            f"The backup's {kept.path} is not as it was written. Nothing was restored; take "
            "another copy of the backup."
        )
    path = data_folder() / kept.path
    for folder in reversed(path.parents):
        if folder.is_relative_to(data_folder()) and not folder.exists():
            folder.mkdir(mode=0o700)
            made.append(folder)
    made.append(path)
    path.write_bytes(content)
