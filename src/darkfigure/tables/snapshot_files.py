"""What a snapshot is on disk: Parquet files of a fixed form, and a manifest that says what they
are.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from darkfigure.basis.errors import Unreadable
from darkfigure.basis.statement import BLOCK_COLUMNS, ROW_COLUMNS

#: The kind of file that a snapshot is to whoever takes it in.
SNAPSHOT = "snapshot"
#: The engine that asks a snapshot where no other is named.
DUCKDB = "duckdb"
FORM = "darkfigure snapshot 2"
MANIFEST = "manifest.json"
#: What every form of snapshot begins its name with.
_FORMS = "darkfigure snapshot"
#: A manifest is no longer.
_LONGEST = 4 * 2**20

#: The columns of the tables beside those of case records.
RETURNS = {
    "id": "int64",
    "kind": "string",
    "sha256": "string",
    "file": "string",
    "agency": "string",
    "source": "string",
    "known_from": "date",
    "received_on": "date",
}
STATEMENTS = {"block_id": "int64", **ROW_COLUMNS, "closed": "date"}
EDITIONS = {"code": "string", "valid_from": "date", "valid_to": "date", "text": "string"}
#: The tables that figure statements stand in.
OF_FIGURES = {"returns": RETURNS, "blocks": BLOCK_COLUMNS, "statements": STATEMENTS}


def folder_of(path: Path) -> Path | None:
    """The folder of the snapshot that a path names, by itself or by its manifest; nothing where it
    names none.
    """
    folder = path if path.is_dir() else path.parent if path.name == MANIFEST else None
    if folder is None or not (folder / MANIFEST).is_file():
        return None
    try:
        manifest = _read(folder)
    except (OSError, ValueError, RecursionError):
        return None
    form = manifest.get("form") if isinstance(manifest, dict) else None
    return folder if isinstance(form, str) and form.startswith(_FORMS) else None


def _read(folder: Path) -> Any:
    with (folder / MANIFEST).open("rb") as source:
        content = source.read(_LONGEST + 1)
    if len(content) > _LONGEST:
        raise ValueError
    return json.loads(content.decode("utf-8"))


def read_manifest(folder: Path, known: Iterable[str], *, verify: bool = False) -> dict[str, Any]:
    """The manifest of a snapshot whose tables are among those known. Raises Unreadable where it is
    none, or, with `verify`, where a file is not as the manifest says.
    """
    try:
        manifest = _read(folder)
    except (OSError, ValueError, RecursionError) as error:
        raise Unreadable(
            f"{folder} is not a snapshot: it has no {MANIFEST} that can be read."
        ) from error
    if not isinstance(manifest, dict) or manifest.get("form") != FORM:
        raise Unreadable(f"{folder} is not a snapshot of this form ({FORM}).")
    tables = manifest.get("tables")
    if not isinstance(tables, dict) or not all(isinstance(each, dict) for each in tables.values()):
        raise Unreadable(f"{folder}: the manifest lists no tables. Take the snapshot again.")
    listed = set(known)
    for name, entry in tables.items():
        if name not in listed:
            raise Unreadable(f"{folder}: {name!r} is not a table of a snapshot.")
        path = folder / f"{name}.parquet"
        if not path.is_file() or (verify and digest_of(path) != entry.get("sha256")):
            raise Unreadable(
                f"{path} is missing or is not the file that the manifest describes. Take the "
                "snapshot again."
            )
    if verify and manifest.get("content") != content_of(str(manifest.get("as_at")), tables):
        raise Unreadable(
            f"{folder / MANIFEST} does not say of itself what it holds. Take the snapshot again."
        )
    return manifest


def content_of(as_at: str, tables: Mapping[str, Mapping[str, Any]]) -> str:
    """The hash over what the tables of a snapshot hold: equal hashes mean equal content."""
    lines = (
        f"{name} {table.get('rows')} {table.get('content')}"
        for name, table in sorted(tables.items())
    )
    return hashlib.sha256("\n".join([as_at, *lines]).encode()).hexdigest()


def digest_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
