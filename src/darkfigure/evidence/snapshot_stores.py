"""Snapshots kept beside one another in a folder or an object store: rows that did not change are
kept once, however many days they stand in.

A store has `store.json`, a manifest for each day under `days`, and parts under `parts`: the rows of
a table that one agency reported in one year, of near numbers, named by a hash of what they hold. A
part is written once and never altered; a day names the parts that it consists of.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote, urlsplit

import pyarrow as pa
import pyarrow.dataset as pads
import pyarrow.fs as pafs
import pyarrow.parquet as pq

from darkfigure.basis.errors import DarkfigureError, UnknownName, Unreadable
from darkfigure.basis.period import parse_day
from darkfigure.evidence.snapshot_text import batches
from darkfigure.tables.snapshot_files import MANIFEST, content_of
from darkfigure.tables.snapshot_schema import arrow_schema

FORM = "darkfigure snapshots 1"
#: The form of a manifest that names parts.
OF_PARTS = "darkfigure snapshot 3"
_STORE, _DAYS, _PARTS = "store.json", "days", "parts"
_NAMED = re.compile(r"(?P<place>.+?)(?:@(?P<day>\d{4}-\d{2}-\d{2}))?")
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]+://")
_PART = re.compile(_PARTS + r"/[a-z_]+/agency=[^/]+/year=\d+/[0-9a-f]{32}\.parquet")
_GROUP = 128 * 1024


@dataclass(frozen=True)
class Files:
    """The files of a snapshot: its manifest, and the paths of each table. `system` is where they
    are read, nothing on this machine; `scheme` what their address begins with; `name` the snapshot
    in words, without what its address may hold of secrets.
    """

    manifest: Mapping[str, Any]
    paths: Mapping[str, Sequence[str]]
    system: pafs.FileSystem | None = None
    scheme: str = ""
    name: str = ""

    def addresses(self, name: str) -> list[str]:
        """The files of a table as an engine elsewhere finds them."""
        if self.system is None:
            return [str(Path(path).resolve()) for path in self.paths[name]]
        return [f"{self.scheme}://{path}" for path in self.paths[name]]

    def scanned(self, name: str, schema: pa.Schema) -> pads.Dataset | pa.Table:
        """The rows of a table, read where they lie as far as they are asked for."""
        if not self.paths[name]:
            return schema.empty_table()
        return pads.dataset(
            list(self.paths[name]), schema=schema, format="parquet", filesystem=self.system
        )


@dataclass(frozen=True)
class Part:
    """Rows of a table in a file of their own."""

    file: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Wanted:
    """Rows that a part is to hold: whose, of which year; `mark` is equal for equal rows."""

    agency: str
    year: int
    mark: str


@dataclass(frozen=True)
class Day:
    """A snapshot in a store: its rows and bytes, and how many bytes no day before it had."""

    as_at: date
    content: str
    rows: int
    bytes: int
    new_bytes: int


class Store:
    """A store of snapshots."""

    def __init__(self, address: str) -> None:
        self.address = _shown(address)
        self._scheme = urlsplit(address).scheme if _ELSEWHERE.match(address) else ""
        with self._reached():
            if self._scheme:
                self._system, self._root = pafs.FileSystem.from_uri(address)
            else:
                self._system, self._root = pafs.LocalFileSystem(), str(Path(address).absolute())

    @contextmanager
    def _reached(self) -> Iterator[None]:
        """What goes wrong on the way to the store, said without what the address may hold."""
        try:
            yield
        except (OSError, pa.ArrowInvalid, NotImplementedError) as error:
            if isinstance(error, DarkfigureError):
                raise
            raise Unreadable(
                f"The store {self.address} cannot be reached or does not let us: check its address "
                "(a folder, s3://BUCKET/PREFIX, gs://..., abfs://...) and the rights to it."
            ) from error

    def _at(self, path: str) -> str:
        return f"{self._root}/{path}"

    def is_one(self) -> bool:
        """Whether a store is there."""
        with self._reached():
            if self._system.get_file_info(self._at(_STORE)).type != pafs.FileType.File:
                return False
            head = json.loads(self._read(_STORE))
        return isinstance(head, dict) and head.get("form") == FORM

    def begin(self) -> None:
        """Make the place a store where nothing is there yet. Raises DarkfigureError where it holds
        anything else.
        """
        if self.is_one():
            return
        with self._reached():
            chosen = pafs.FileSelector(self._root, allow_not_found=True)
            if self._system.get_file_info(chosen):
                raise DarkfigureError(
                    f"{self.address} holds something that is not a store of snapshots; name an "
                    "empty or new place."
                )
            self._put(_STORE, (json.dumps({"form": FORM}) + "\n").encode())

    def _read(self, path: str) -> bytes:
        with self._system.open_input_stream(self._at(path)) as source:
            return bytes(source.read())

    def _put(self, path: str, content: bytes) -> None:
        """Write a small file: there whole or not at all."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "file"
            file.write_bytes(content)
            self._bring(file, path)

    def _bring(self, file: Path, path: str) -> None:
        """Bring a file into the store. An object store shows it once it is whole; a folder by its
        last name.
        """
        target, local = self._at(path), isinstance(self._system, pafs.LocalFileSystem)
        coming = f"{target}.coming" if local else target
        if local:
            self._system.create_dir(target.rpartition("/")[0])
        with file.open("rb") as source, self._system.open_output_stream(coming) as out:
            while piece := source.read(1 << 22):
                out.write(piece)
        if local:
            self._system.move(coming, target)

    def days(self) -> list[date]:
        """The days there are snapshots of."""
        chosen = pafs.FileSelector(self._at(_DAYS), allow_not_found=True)
        with self._reached():
            stems = [Path(each.path).stem for each in self._system.get_file_info(chosen)]
        return sorted(
            date.fromisoformat(stem) for stem in stems if re.fullmatch(r"[\d-]{10}", stem)
        )

    def manifest(self, day: date) -> dict[str, Any]:
        """What a day consists of. Raises Unreadable where its manifest is none."""
        try:
            with self._reached():
                manifest = json.loads(self._read(f"{_DAYS}/{day}.json"))
            if manifest["form"] != OF_PARTS or date.fromisoformat(manifest["as_at"]) != day:
                raise ValueError
            for table in manifest["tables"].values():
                for part in table["parts"]:
                    if not _PART.fullmatch(Part(**part).file):
                        raise ValueError
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Unreadable(
                f"{self.address}: the manifest of {day} is not one of this form ({OF_PARTS})."
            ) from error
        return cast(dict[str, Any], manifest)

    def listed(self) -> list[Day]:
        """Each day with what it holds."""
        seen: set[str] = set()
        days = []
        for day in self.days():
            manifest = self.manifest(day)
            parts = {part.file: part for part in parts_of(manifest)}
            new = sum(part.bytes for file, part in parts.items() if file not in seen)
            seen |= parts.keys()
            rows = sum(part.rows for part in parts.values())
            whole = sum(part.bytes for part in parts.values())
            days.append(Day(day, manifest["content"], rows, whole, new))
        return days

    def files(self, day: date | None, known: Iterable[str], *, verify: bool = False) -> Files:
        """The files of a day, or of the latest. Raises UnknownName where there is none, Unreadable
        where, with `verify`, a part is not as the manifest says.
        """
        days = self.days()
        if not days or (day is not None and day not in days):
            last = ", ".join(map(str, days[-12:])) or "none"
            raise UnknownName(
                f"{self.address} does not hold a snapshot as at {day or 'any day'}: it holds "
                f"{last}."
            )
        manifest, listed = self.manifest(day or days[-1]), set(known)
        if strange := [name for name in manifest["tables"] if name not in listed]:
            raise Unreadable(f"{self.address}: {strange[0]!r} is not a table of a snapshot.")
        if verify:
            self._verify(manifest)
        paths = {
            name: [self._at(part["file"]) for part in table["parts"]]
            for name, table in manifest["tables"].items()
        }
        system = self._system if self._scheme not in ("", "file") else None
        name = f"{self.address}@{manifest['as_at']}"
        return Files(manifest, paths, system, self._scheme, name)

    def _verify(self, manifest: Mapping[str, Any]) -> None:
        tables = manifest["tables"]
        for part in parts_of(manifest):
            if not self._is_held(part.file) or self.seen(part.file, part.rows) != part:
                raise Unreadable(
                    f"{self.address}: {part.file} is missing or is not the file that the manifest "
                    "describes. Take the snapshot again, into another store."
                )
        true = all(table["content"] == _content(table["parts"]) for table in tables.values())
        if not true or manifest["content"] != content_of(str(manifest["as_at"]), tables):
            raise Unreadable(
                f"{self.address}: the manifest of {manifest['as_at']} does not say of itself what "
                "it holds."
            )

    def _is_held(self, path: str) -> bool:
        with self._reached():
            return bool(self._system.get_file_info(self._at(path)).type == pafs.FileType.File)

    def seen(self, path: str, rows: int) -> Part:
        """A part as it lies in the store, which work that did not end may have written."""
        digest, size = hashlib.sha256(), 0
        with self._reached(), self._system.open_input_stream(self._at(path)) as source:
            while piece := source.read(1 << 22):
                digest.update(piece)
                size += len(piece)
        return Part(path, rows, size, digest.hexdigest())

    def known(self, day: date) -> dict[str, Part]:
        """Parts that are described already, by the snapshots nearest to a day."""
        days = self.days()
        nearest = [*[each for each in days if each <= day][-1:], *days[-1:]]
        return {part.file: part for each in set(nearest) for part in parts_of(self.manifest(each))}

    def held_of(self, table: str) -> set[str]:
        """The parts of a table that lie in the store, whether a day names them or not."""
        chosen = pafs.FileSelector(
            self._at(f"{_PARTS}/{table}"), allow_not_found=True, recursive=True
        )
        with self._reached():
            files = self._system.get_file_info(chosen)
        cut = len(self._root) + 1
        return {file.path[cut:] for file in files if file.path.endswith(".parquet")}

    def write(
        self, columns: Mapping[str, str], parts: Sequence[tuple[str, int]], chunks: Iterable[bytes]
    ) -> Iterator[Part]:
        """Write parts, each with so many of the rows that arrive as text without heading."""
        schema = arrow_schema(columns)
        arriving = _Cut(batches(chunks, schema))
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "part.parquet"
            for path, rows in parts:
                with pq.ParquetWriter(file, schema, compression="zstd") as out:
                    for table in arriving.next(rows, schema):
                        out.write_table(table)
                with file.open("rb") as content:
                    digest = hashlib.file_digest(content, "sha256").hexdigest()
                with self._reached():
                    self._bring(file, path)
                yield Part(path, rows, file.stat().st_size, digest)

    def keep(self, manifest: Mapping[str, Any]) -> None:
        """Make a day of parts that are there: it is there from now on, in place of one there was
        of it.
        """
        with self._reached():
            text = json.dumps(manifest, indent=1) + "\n"
            self._put(f"{_DAYS}/{manifest['as_at']}.json", text.encode())

    def forget(self, day: date) -> int:
        """Remove a day and the parts that no other names; gives the bytes freed. Raises UnknownName
        for a day that is not there.
        """
        if day not in self.days():
            raise UnknownName(f"{self.address} does not hold a snapshot as at {day}.")
        gone = {part.file: part for part in parts_of(self.manifest(day))}
        for other in self.days():
            if other != day:
                for part in parts_of(self.manifest(other)):
                    gone.pop(part.file, None)
        with self._reached():
            self._system.delete_file(self._at(f"{_DAYS}/{day}.json"))
            for file in gone:
                self._system.delete_file(self._at(file))
        return sum(part.bytes for part in gone.values())


class _Cut:
    """Rows that arrive in batches, given out so many at a time."""

    def __init__(self, arriving: Iterator[pa.RecordBatch]) -> None:
        self._arriving = arriving
        self._rest: pa.RecordBatch | None = None

    def next(self, rows: int, schema: pa.Schema) -> Iterator[pa.Table]:
        """The next rows, in groups of one size whatever the batches were."""
        held: list[pa.RecordBatch] = []
        while rows:
            batch = self._rest if self._rest is not None else next(self._arriving, None)
            if batch is None:
                raise DarkfigureError("Fewer rows arrived than were counted: take it again.")
            room = min(rows, _GROUP - sum(each.num_rows for each in held))
            taken, rest = batch.slice(0, room), batch.slice(room)
            self._rest = rest if rest.num_rows else None
            held.append(taken)
            rows -= taken.num_rows
            if not rows or sum(each.num_rows for each in held) == _GROUP:
                yield pa.Table.from_batches(held, schema)
                held = []


def path_of(table: str, columns: Mapping[str, str], rows: Wanted) -> str:
    """Where a part lies: by table, agency and year, under a hash of what it holds."""
    content = json.dumps([table, dict(columns), rows.agency, rows.year, rows.mark])
    name = hashlib.sha256(content.encode()).hexdigest()[:32]
    agency = quote(rows.agency, safe="") or "none"
    return f"{_PARTS}/{table}/agency={agency}/year={rows.year}/{name}.parquet"


def table_of(parts: Sequence[Part]) -> dict[str, Any]:
    """What a manifest says of a table."""
    listed = [vars(part) for part in parts]
    rows = sum(part.rows for part in parts)
    return {"rows": rows, "content": _content(listed), "parts": listed}


def _content(parts: Iterable[Mapping[str, Any]]) -> str:
    """A hash of the names of parts, which are hashes of what they hold."""
    return hashlib.sha256("\n".join(str(part["file"]) for part in parts).encode()).hexdigest()


def parts_of(manifest: Mapping[str, Any]) -> list[Part]:
    """The parts that a manifest names."""
    return [Part(**part) for table in manifest["tables"].values() for part in table["parts"]]


def named_in_store(place: str, known: Iterable[str], *, verify: bool = False) -> Files | None:
    """The files of a snapshot that is named by its store, and the day after an @; nothing where no
    store is named.
    """
    named = _NAMED.fullmatch(place)
    if named is None or (Path(place) / MANIFEST).is_file():
        return None
    if not _ELSEWHERE.match(place) and not (Path(named["place"]) / _STORE).is_file():
        return None
    store = Store(named["place"])
    if not store.is_one():
        raise Unreadable(f"{store.address} is not a store of snapshots.")
    day = parse_day(named["day"]) if named["day"] else None
    return store.files(day, known, verify=verify)


def _shown(address: str) -> str:
    """An address without what may be a secret in it."""
    if not _ELSEWHERE.match(address):
        return address
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
