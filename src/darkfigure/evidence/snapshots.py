"""Snapshots: the repository as known at one moment, in Parquet files with a manifest. They hold no
names.

A snapshot keeps every version that was known by its day, so that any earlier day can be asked about
too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from darkfigure.basis.errors import DarkfigureError
from darkfigure.basis.loading import called_from
from darkfigure.basis.marking import Marking
from darkfigure.basis.statement import (
    BLOCK_COLUMNS,
    Block,
    Row,
    block_from,
    row_from,
)
from darkfigure.cases.casework import CASE_RETURNS
from darkfigure.cases.records import KINDS
from darkfigure.codes import SEPARATOR
from darkfigure.evidence.case_memory import DuckRecords, schema_of
from darkfigure.evidence.snapshot_stores import Files, named_in_store
from darkfigure.evidence.snapshot_text import batches
from darkfigure.intelligence.requirement_sets import RequirementSet, read_set
from darkfigure.tables.casebook import LINKS, CaseReturn, Records
from darkfigure.tables.evidence import Evidence, Total, collapsed, tidy
from darkfigure.tables.question import Condition
from darkfigure.tables.snapshot_files import (
    DUCKDB,
    EDITIONS,
    FORM,
    MANIFEST,
    RETURNS,
    STATEMENTS,
    content_of,
    digest_of,
    read_manifest,
)
from darkfigure.tables.snapshot_schema import arrow_schema

#: Spark is loaded where it is asked for.
_on_spark = called_from("darkfigure.evidence.on_spark", "opened")
_DUCK = {
    "string": "VARCHAR",
    "date": "DATE",
    "boolean": "BOOLEAN",
    "int64": "BIGINT",
    "int32": "INTEGER",
    "number": "DECIMAL(21, 6)",
}


def tables() -> dict[str, dict[str, str]]:
    """The tables of a snapshot with their columns and types."""
    return {
        "returns": RETURNS,
        "blocks": BLOCK_COLUMNS,
        "statements": STATEMENTS,
        "person_link": LINKS,
        "requirement_editions": EDITIONS,
        **{f"case_{kind}": schema_of(kind) for kind in KINDS},
    }


@dataclass(frozen=True)
class Written:
    """A table as written: rows, and the hash of its content, whatever the file's own form."""

    rows: int
    content: str
    sha256: str


def write_table(path: Path, columns: dict[str, str], chunks: Iterable[bytes]) -> Written:
    """Write comma-separated text without heading, arriving in pieces, as Parquet; a few megabytes
    are held at a time.
    """
    digest = hashlib.sha256()
    schema = arrow_schema(columns)
    rows = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as out:
        for batch in batches(chunks, schema, digest.update):
            rows += batch.num_rows
            out.write_batch(batch)
    return Written(rows, digest.hexdigest(), digest_of(path))


def write_manifest(
    folder: Path,
    as_at: date,
    written: dict[str, Written],
    *,
    highest: Marking,
    synthetic: bool,
    since: date | None = None,
) -> str:
    """Write the manifest and give the snapshot's content hash: equal hashes mean equal content.

    `since` is the first day it can be asked about, where returns were taken back on that day.
    """
    held = {
        name: {
            "file": f"{name}.parquet",
            "rows": table.rows,
            "content": table.content,
            "sha256": table.sha256,
        }
        for name, table in written.items()
    }
    manifest = described(as_at, held, highest=highest, synthetic=synthetic, since=since)
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    return str(manifest["content"])


def described(
    as_at: date,
    held: Mapping[str, Mapping[str, Any]],
    *,
    highest: Marking,
    synthetic: bool,
    since: date | None = None,
    form: str = FORM,
) -> dict[str, Any]:
    """What a manifest says of the tables of a snapshot."""
    return {
        "form": form,
        "as_at": as_at.isoformat(),
        "content": content_of(as_at.isoformat(), held),
        **({"asked_since": since.isoformat()} if since else {}),
        "highest_marking": highest.name.lower(),
        "holds_synthetic_records": synthetic,
        "identity": "none: names, dates of birth and documents are in no snapshot",
        "tables": held,
    }


@dataclass(frozen=True)
class Snapshot:
    """A snapshot opened: case records and statements, to be asked like the repository."""

    place: str
    as_at: date
    since: date | None
    content: str
    records: Records
    evidence: Evidence
    connection: duckdb.DuckDBPyConnection

    def sets(self) -> list[RequirementSet]:
        """The editions of requirements held."""
        held = self.connection.execute("SELECT code, text FROM requirement_editions").fetchall()
        return [read_set(text, code) for code, text in held]


def open_snapshot(place: Path | str, *, verify: bool = False, engine: str = DUCKDB) -> Snapshot:
    """Open a snapshot, to be asked by an engine: DuckDB, or one that `evidence.on_spark` names.

    `place` is a folder, or a store of snapshots (a folder, or an address such as
    `s3://BUCKET/PREFIX`), of which the latest is opened, or that of a day where the place ends in
    `@YYYY-MM-DD`. Raises Unreadable where it is none, or, with `verify`, where a file is not as the
    manifest says; UnknownName for no engine, or a day that the store has none of.
    """
    found = files_of(place, verify=verify)
    manifest = found.manifest
    connection = duckdb.connect()
    for name in manifest["tables"]:
        _hold(connection, name, found)
    highest = Marking[manifest.get("highest_marking", "public").upper()]
    held = connection.execute(
        (
            "SELECT id, sha256, file, agency, source, known_from FROM returns WHERE "
            "list_contains(?, "
            "kind) ORDER BY known_from, sha256"
        ),
        [list(CASE_RETURNS)],
    ).fetchall()
    records = DuckRecords(
        connection,
        [
            CaseReturn(row[0], row[1], row[2], row[3] or "", row[4] or "", row[5], highest)
            for row in held
        ],
        linked=manifest["tables"].get("person_link", {}).get("rows", 0) > 0,
    )
    evidence = SnapshotEvidence(connection)
    asked: tuple[Records, Evidence] = (records, evidence)
    if engine != DUCKDB:
        names = list(manifest["tables"])
        paths = {name: found.addresses(name) for name in names}
        asked = _on_spark(engine, tables(), paths, records, connection)
    return Snapshot(
        place=found.name,
        as_at=date.fromisoformat(manifest["as_at"]),
        since=date.fromisoformat(manifest["asked_since"]) if "asked_since" in manifest else None,
        content=manifest["content"],
        records=asked[0],
        evidence=asked[1],
        connection=connection,
    )


def files_of(place: Path | str, *, verify: bool = False) -> Files:
    """The files of a snapshot, in a folder of its own or in a store."""
    if isinstance(place, str) and (found := named_in_store(place, tables(), verify=verify)):
        return found
    folder = Path(place)
    manifest = read_manifest(folder, tables(), verify=verify)
    paths = {name: [f"{folder}/{name}.parquet"] for name in manifest["tables"]}
    return Files(manifest, paths, name=str(place))


def _hold(connection: duckdb.DuckDBPyConnection, name: str, found: Files) -> None:
    """A table of a snapshot as a view; what its files do not have yet, being of an older form, is
    null.
    """
    columns, paths = tables()[name], found.paths[name]
    if found.system is not None or not paths:
        connection.register(name, found.scanned(name, arrow_schema(columns)))
        return
    listed = ", ".join("'{}'".format(path.replace("'", "''")) for path in paths)
    read = f"read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"
    held = {row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {read}").fetchall()}
    absent = [
        f'CAST(NULL AS {_DUCK[kind]}) AS "{column}"'
        for column, kind in columns.items()
        if column not in held
    ]
    connection.execute(f"CREATE VIEW {name} AS SELECT {', '.join(['*', *absent])} FROM {read}")


def answerable(snapshot: Snapshot, day: date) -> None:
    """Refuse a question about a day that the snapshot does not know yet, or does not know as it
    was.
    """
    if snapshot.since and day < snapshot.since:
        raise DarkfigureError(
            f"Returns were taken back on {snapshot.since}, and the snapshot holds what stands from "
            f"then on; it cannot be asked about {day}. Ask the repository, or take a snapshot as "
            "at that day."
        )
    if day > snapshot.as_at:
        raise DarkfigureError(
            f"The snapshot holds what was known by {snapshot.as_at}; it cannot be asked about "
            f"{day}. Take a later one."
        )


class SnapshotEvidence:
    """Statements of a snapshot, readable as `darkfigure.tables.evidence.Evidence`; another engine
    says otherwise how it is asked.
    """

    #: The reasons of some rows as a list, and whether a column holds a code among others.
    reasons = "list(DISTINCT reason) FILTER (reason IS NOT NULL)"
    holds = f"list_contains(string_split({{}}, '{SEPARATOR}'), ?)"

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._known: dict[str, list[Block]] = {}

    def blocks(self, measure: str) -> list[Block]:
        """Every block of a measure."""
        if measure not in self._known:
            names = ", ".join(BLOCK_COLUMNS)
            query = f"SELECT {names} FROM blocks WHERE measure = ? ORDER BY id"
            rows = self._connection.execute(query, [measure]).fetchall()
            self._known[measure] = [_block(row) for row in rows]
        return self._known[measure]

    def withheld(self, measure: str) -> int:  # noqa: ARG002 - evidence elsewhere may withhold
        """Nothing is withheld from who holds the files."""
        return 0

    def totals(
        self,
        blocks: Sequence[Block],
        by: Sequence[str],
        where: Sequence[Condition],
        as_at: date,
        *,
        collapse: bool,
    ) -> Iterable[Total]:
        """Rows added up by the dimensions given."""
        dims = "".join(f"{name}, " for name in by)
        among, ids = self._among(blocks)
        query = (
            f"SELECT {dims}block_id, count(*), count(value), coalesce(sum(value), 0), "
            "count(coalesce(low, value)), "
            "coalesce(sum(coalesce(low, value)), 0), count(coalesce(high, value)), "
            "coalesce(sum(coalesce(high, value)), 0), "
            f"{self.reasons}, CASE WHEN count(*) = 1 THEN min(note) END FROM statements "
            f"WHERE {among}{self._conditions(where)} AND (closed IS NULL OR closed > ?) "
            f"GROUP BY {dims}block_id ORDER BY block_id"
        )
        values = [*ids, *(condition.code for condition in where), as_at]
        found = []
        for row in self._asked(query, values):
            block, count, valued, value, lows, low, highs, high, reasons, note = row[len(by) :]
            numbers = (count, valued, tidy(value), lows, tidy(low), highs, tidy(high))
            found.append(
                Total([block], row[: len(by)], *numbers, sorted(reasons or ()), note or "")
            )
        return collapsed(found) if collapse else found

    def rows(
        self, blocks: Sequence[Block], where: Sequence[Condition], as_at: date | None
    ) -> list[Row]:
        """The single rows of blocks."""
        by_id = {block.id: block for block in blocks}
        among, ids = self._among(blocks)
        stands = "" if as_at is None else " AND (closed IS NULL OR closed > ?)"
        query = (
            f"SELECT {', '.join(STATEMENTS)} FROM statements WHERE {among}"
            f"{self._conditions(where)}{stands} ORDER BY block_id, row"
        )
        values = [
            *ids,
            *(condition.code for condition in where),
            *([] if as_at is None else [as_at]),
        ]
        rows = self._asked(query, values)
        return [row_from(by_id[row[0]], dict(zip(STATEMENTS, row, strict=True))) for row in rows]

    def _among(self, blocks: Sequence[Block]) -> tuple[str, list[Any]]:
        """That a row is of some blocks, and the values which that takes."""
        return "block_id IN (SELECT unnest(?))", [[block.id for block in blocks]]

    def _asked(self, query: str, values: list[Any]) -> list[tuple[Any, ...]]:
        return self._connection.execute(query, values).fetchall()

    def _conditions(self, where: Sequence[Condition]) -> str:
        return "".join(
            f" AND {self.holds.format(condition.dimension)}"
            if condition.inclusive
            else f" AND {condition.dimension} = ?"
            for condition in where
        )


def _block(row: Sequence[Any]) -> Block:
    columns = dict(zip(BLOCK_COLUMNS, row, strict=True))
    return block_from({**columns, "shape": filter(None, columns["shape"].split(SEPARATOR))})
