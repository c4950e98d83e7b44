"""Take a snapshot: everything known by a day, within one read, as files that can be asked without
the repository.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from darkfigure.basis.errors import DarkfigureError
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.evidence.snapshot_stores import OF_PARTS, Part, Store, Wanted, path_of, table_of
from darkfigure.evidence.snapshots import (
    Written,
    described,
    tables,
    write_manifest,
    write_table,
)
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


@dataclass(frozen=True)
class Kept:
    """A snapshot as kept in a store: its rows, and rows and bytes of the parts that it brought."""

    address: str
    content: str
    rows: int
    new_rows: int
    new_bytes: int


def keep_snapshot(
    scope: Scope,
    as_at: date,
    address: str,
    progress: Callable[[str, int], None] = lambda _doing, _rows: None,
) -> Kept:
    """Keep a snapshot in a store, which is begun where nothing is there. What the store holds
    already is not written again, nor what work that did not end had brought.

    It is there whole or not at all. Raises DarkfigureError where the place holds anything else,
    Unreadable where it cannot be reached.
    """
    scope.require(Permission.TAKE_SNAPSHOT)
    store = Store(address)
    store.begin()
    before, brought = store.known(as_at), list[Part]()
    held: dict[str, dict[str, Any]] = {}
    with exporting.one_read():
        for name in tables():
            done = sum(table["rows"] for table in held.values())
            progress(f"comparing {name}", done)
            parts, new = _kept(scope, store, name, as_at, before, progress)
            held[name] = table_of(parts)
            brought += new
        manifest = described(
            as_at,
            held,
            highest=exporting.highest_marking(scope),
            synthetic=exporting.holds_synthetic(scope),
            since=exporting.changed_back(as_at),
            form=OF_PARTS,
        )
    store.keep(manifest)
    content = str(manifest["content"])
    record(scope, "snapshot taken", {"as_at": as_at.isoformat(), "content": content})
    return Kept(
        store.address,
        content,
        sum(table["rows"] for table in held.values()),
        sum(part.rows for part in brought),
        sum(part.bytes for part in brought),
    )


def _kept(
    scope: Scope,
    store: Store,
    name: str,
    as_at: date,
    before: Mapping[str, Part],
    progress: Callable[[str, int], None],
) -> tuple[list[Part], list[Part]]:
    """The parts of a table, and those of them that were not in the store."""
    columns, there = tables()[name], store.held_of(name)
    slices = exporting.slices(scope, name, as_at)
    paths = [path_of(name, columns, Wanted(each.agency, each.year, each.mark)) for each in slices]
    missing = [place for place, path in enumerate(paths) if path not in there]
    found = {path: before[path] for path in paths if path in there and path in before}
    for place, path in enumerate(paths):
        if path in there and path not in found:
            found[path] = store.seen(path, slices[place].rows)
    new: list[Part] = []
    if missing:
        chunks = exporting.chunks_of(scope, name, as_at, [slices[place] for place in missing])
        wanted = [(paths[place], slices[place].rows) for place in missing]
        for part in store.write(columns, wanted, chunks):
            new.append(part)
            progress(f"writing {name}", sum(each.rows for each in new))
    found.update({part.file: part for part in new})
    return [found[path] for path in paths], new


def forget_snapshot(scope: Scope, address: str, day: date) -> int:
    """Remove a snapshot from a store, and the parts that no other names; gives the bytes freed.
    Raises UnknownName for a day that is not there.
    """
    scope.require(Permission.TAKE_SNAPSHOT)
    freed = Store(address).forget(day)
    record(scope, "snapshot forgotten", {"as_at": day.isoformat()})
    return freed
