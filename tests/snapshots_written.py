"""Snapshots of what is held in memory, as a repository would take them. All synthetic."""

from __future__ import annotations

import json
from datetime import date

from darkfigure.basis.marking import Marking
from darkfigure.basis.statement import BLOCK_COLUMNS, ROW_COLUMNS
from darkfigure.evidence.snapshots import tables, write_manifest, write_table
from darkfigure.tables.snapshot_files import MANIFEST, digest_of

AS_AT = date(2026, 11, 23)


def in_text(columns, entries):
    """Entries as the store gives them to a snapshot: comma-separated, without heading, texts in
    quotes and nothing where there is none.
    """

    def word(value):
        if isinstance(value, bool):
            return "ft"[value]
        return "" if value is None else '"{}"'.format(str(value).replace('"', '""'))

    lines = (",".join(word(entry.get(name)) for name in columns) for entry in entries)
    return ["".join(f"{line}\n" for line in lines).encode()]


def of_block(block):
    """A block as plain columns."""
    held = {**vars(block), **block.columns()}
    held["shape"] = "+".join(held["shape"])
    return {name: held[name] for name in BLOCK_COLUMNS} | {
        "marking": int(block.marking),
        "role": str(block.role),
    }


def of_row(row):
    """A row as plain columns."""
    numbers = {name: getattr(row, name) for name in ("value", "low", "high", "corrects")}
    texts = {name: getattr(row, name, None) or None for name in ROW_COLUMNS}
    own = {"row": row.row, "block_id": row.block.id, "closed": row.closed}
    return {**texts, **numbers, **row.dims, **own}


def of_return(block):
    """The return of a block as plain columns."""
    return {
        "id": block.return_id,
        "kind": "statements",
        "sha256": block.return_sha256,
        "file": block.file_name,
        "received_on": block.received_on,
    }


def snapshot_of(evidence, folder):
    """Everything held in memory as a snapshot in a new folder."""
    blocks = [held.block for held in evidence._held]
    held = {
        "returns": {block.return_id: of_return(block) for block in blocks}.values(),
        "blocks": map(of_block, blocks),
        "statements": [of_row(row) for table in evidence._held for row in table.rows],
    }
    folder.mkdir()
    written = {
        name: write_table(folder / f"{name}.parquet", columns, in_text(columns, held.get(name, ())))
        for name, columns in tables().items()
    }
    write_manifest(folder, AS_AT, written, highest=Marking.PUBLIC, synthetic=True)
    return folder


def sealed_anew(folder, table):
    """A snapshot of which a table was changed, with a manifest that agrees."""
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["tables"][table]["sha256"] = digest_of(folder / f"{table}.parquet")
    (folder / MANIFEST).write_text(json.dumps(manifest))
    return folder
