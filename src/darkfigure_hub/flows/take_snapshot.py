"""Take a snapshot: everything known by a day, within one read, as files that can be asked without
the repository.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from darkfigure.basis.errors import DarkfigureError
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.evidence.snapshots import Written, tables, write_manifest, write_table
from darkfigure.tables.snapshot_files import MANIFEST
from darkfigure_hub.access import record
from darkfigure_hub.store.folder import data_folder
from darkfigure_hub.store.queries import exporting


@dataclass(frozen=True)
class Taken:
    """A snapshot as written."""

    folder: Path
    content: str
    rows: int


def beside_the_data(name: str) -> Path:
    """The folder of this installation for a snapshot that no other is named for."""
    return data_folder() / "snapshots" / name


def take_snapshot(
    scope: Scope,
    as_at: date,
    folder: Path,
    progress: Callable[[str, int], None] = lambda _doing, _rows: None,
) -> Taken:
    """Write a snapshot into a folder that is empty, new, or holds an earlier snapshot, which it
    replaces.

    It is there whole or not at all. Raises DarkfigureError where the folder holds anything else.
    """
    scope.require(Permission.TAKE_SNAPSHOT)
    if folder.exists() and any(folder.iterdir()) and not (folder / MANIFEST).is_file():
        raise DarkfigureError(
            f"{folder} holds something that is not a snapshot; name an empty or new folder."
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as place:
        made = Path(place) / "snapshot"
        made.mkdir()
        written: dict[str, Written] = {}
        with exporting.one_read():
            for name, columns in tables().items():
                progress(f"writing {name}", sum(table.rows for table in written.values()))
                written[name] = write_table(
                    made / f"{name}.parquet", columns, exporting.chunks(scope, name, as_at)
                )
            since = exporting.changed_back(as_at)
            highest, synthetic = exporting.highest_marking(scope), exporting.holds_synthetic(scope)
        content = write_manifest(
            made, as_at, written, highest=highest, synthetic=synthetic, since=since
        )
        if folder.exists():
            shutil.rmtree(folder)
        made.rename(folder)
    record(scope, "snapshot taken", {"as_at": as_at.isoformat(), "content": content})
    return Taken(folder, content, sum(table.rows for table in written.values()))
