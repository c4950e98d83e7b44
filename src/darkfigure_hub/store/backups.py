"""A backup of the repository, names included, and back again: by COPY, into a ZIP file, in whose
form no version of PostgreSQL or of its programs has a say.

A table is a member: rows as COPY gives them. The manifest says what tables there are, what stands
in each, and with which migrations. Tables are made anew by those migrations where it is restored.
Packs and readings of the data folder are members as well.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from darkfigure.basis.errors import DarkfigureError, Unreadable
from darkfigure_hub.store import kept_folders
from darkfigure_hub.store.age import unlocked
from darkfigure_hub.store.kept_folders import KeptFile
from darkfigure_hub.store.queries.copying import copying
from darkfigure_hub.store.roles import as_owner

FORM, MANIFEST = "darkfigure backup 1", "manifest.json"
PIECE = 1 << 20
Progress = Callable[[str, int], None]
_TABLES = """
SELECT n.nspname, c.relname, array_agg(a.attname ORDER BY a.attnum),
    bool_or(a.atttypid = 'bytea'::regtype)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid
WHERE n.nspname IN ('public', 'identity') AND c.relkind = 'r' AND a.attnum > 0
    AND NOT a.attisdropped AND a.attgenerated = '' AND c.relname <> 'django_migrations'
    AND c.relowner = current_user::regrole
GROUP BY 1, 2 ORDER BY 1, 2
"""
_SEQUENCES = """
SELECT pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), a.attname),
    n.nspname, c.relname, a.attname
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid
WHERE n.nspname IN ('public', 'identity') AND c.relkind = 'r' AND a.attnum > 0
    AND c.relname <> 'django_migrations' AND NOT a.attisdropped
    AND pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), a.attname) IS NOT NULL
"""


@dataclass(frozen=True)
class Table:
    """A table of a backup: how its rows are written, how many there are, their hash."""

    schema: str
    name: str
    columns: tuple[str, ...]
    binary: bool
    rows: int = 0
    sha256: str = ""

    @property
    def member(self) -> str:
        """The member of the file that holds its rows."""
        return f"{self.schema}.{self.name}"

    def copy(self, direction: str) -> str:
        """The statement that copies it out or in."""
        form = "binary" if self.binary else "text"
        made = sql.SQL("COPY {} ({}) {} (FORMAT {})").format(
            sql.Identifier(self.schema, self.name),
            sql.SQL(", ").join(map(sql.Identifier, self.columns)),
            sql.SQL("TO STDOUT" if direction == "out" else "FROM STDIN"),
            sql.SQL("binary" if form == "binary" else "text"),
        )
        return made.as_string(connection.connection)


@dataclass(frozen=True)
class Backup:
    """What the manifest of a backup says."""

    program: str
    migrations: tuple[str, ...]
    tables: tuple[Table, ...]
    files: tuple[KeptFile, ...] = ()

    @property
    def rows(self) -> int:
        """All its rows."""
        return sum(table.rows for table in self.tables)


def write(target: IO[bytes], program: str, progress: Progress) -> Backup:
    """Write everything that the repository holds, as it is at one moment."""
    with as_owner(), transaction.atomic(), ZipFile(target, "w") as file:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        made, rows = [], 0
        for table in _tables():
            progress(f"writing {table.name}", rows)
            made.append(_write_table(file, table))
            rows += made[-1].rows
        # after the tables: what a pack coded in them is never without the pack
        files = kept_folders.write(file)
        backup = Backup(program, tuple(sorted(_applied())), tuple(made), files)
        text = json.dumps({"form": FORM, **asdict(backup)}, indent=1)
        file.writestr(ZipInfo(MANIFEST), text, ZIP_DEFLATED)
    return backup


def _write_table(file: ZipFile, table: Table) -> Table:
    info, digest = ZipInfo(table.member), sha256()
    # bytes that are kept were packed when they came
    info.compress_type = ZIP_STORED if table.binary else ZIP_DEFLATED
    with file.open(info, "w", force_zip64=True) as member, copying(table.copy("out")) as copy:
        for piece in copy:
            digest.update(piece)
            member.write(piece)
    return Table(
        table.schema, table.name, table.columns, table.binary, _count(table), digest.hexdigest()
    )


def _count(table: Table) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table.schema, table.name))
        )
        return int(cursor.fetchone()[0])


def _tables() -> list[Table]:
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        return [
            Table(schema, name, tuple(columns), binary)
            for schema, name, columns, binary in cursor.fetchall()
        ]


def _applied() -> set[str]:
    return {".".join(each) for each in MigrationLoader(connection).applied_migrations}


@contextmanager
def opened(path: Path, identity: Path | None = None) -> Iterator[tuple[ZipFile, Backup]]:
    """A backup and its manifest, unlocked by the secret key of a file where it is locked. Raises
    Unreadable where it is none, is broken, or cannot be unlocked.
    """
    with unlocked(path, identity) as plain, _opened(path, plain) as found:
        yield found


@contextmanager
def _opened(path: Path, plain: IO[bytes] | Path) -> Iterator[tuple[ZipFile, Backup]]:
    none = f"{path} is not a whole backup of a repository, as `darkfigure backup` writes it."
    try:
        file = ZipFile(plain)
        backup = _manifest(json.loads(file.read(MANIFEST)), set(file.namelist()))
    except (BadZipFile, KeyError, TypeError, ValueError, EOFError, zlib.error) as error:
        raise Unreadable(none) from error
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror}.") from error
    with file:
        try:
            yield file, backup
        except (BadZipFile, EOFError, zlib.error) as error:
            raise Unreadable(f"{none} Nothing was restored.") from error


def _manifest(held: dict[str, Any], members: set[str]) -> Backup:
    if held.pop("form") != FORM:
        raise ValueError(FORM)
    tables = tuple(
        Table(**{**each, "columns": tuple(each["columns"])}) for each in held.pop("tables")
    )
    files = tuple(KeptFile(**each) for each in held.pop("files", ()))
    listed = {table.member for table in tables} | {each.member for each in files}
    if missing := listed - members:
        raise ValueError(missing)
    return Backup(held["program"], tuple(held["migrations"]), tables, files)


def is_empty() -> bool:
    """Whether nothing was made in the database yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT NOT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = "
            "c.relnamespace WHERE n.nspname IN ('public', 'identity') AND c.relkind = 'r')"
        )
        return bool(cursor.fetchone()[0])


def read_in(file: ZipFile, backup: Backup, progress: Progress) -> None:
    """Make the tables as they were when the backup was written, and fill them: altogether or not at
    all.
    """
    with as_owner(), transaction.atomic():
        progress("making the tables", 0)
        _make_tables(backup.migrations)
        held = {table.member: table for table in _tables()}
        for each in backup.tables:
            made = held.get(each.member)
            if made is None or set(made.columns) != set(each.columns):
                raise DarkfigureError(
                    f"The backup's table {each.member} is not one that its migrations make. "
                    f"Restore it with the program that wrote it ({backup.program})."
                )
        _empty(list(held.values()))
        with _as_they_stand(list(held.values())):
            rows = 0
            for each in backup.tables:
                progress(f"reading {each.name}", rows)
                _read_table(file, each)
                rows += each.rows
        _set_sequences()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def differences(backup: Backup) -> list[str]:
    """The tables that do not hold as many rows as when the backup was written. The log may hold
    more: what was done since. For the owner. A table that a later migration took away is no loss.
    """
    found, there = [], {each.member for each in _tables()}
    same = set(backup.migrations) == _applied()
    for each in backup.tables:
        if each.member not in there and not same:
            continue
        now = _count(each) if each.member in there else 0
        if now < each.rows or (now > each.rows and each.name != "store_logentry"):
            found.append(f"{each.member}: {now:,} rows in place of {each.rows:,}")
    return found


def _make_tables(migrations: tuple[str, ...]) -> None:
    """Make the tables of each part of the program as they were after these migrations: their order
    is that in which they follow one another, whatever their numbers.
    """
    graph, done = MigrationLoader(None).graph, {tuple(each.split(".", 1)) for each in migrations}
    for part, name in sorted(done):
        later = {node.key for node in graph.node_map[part, name].children}
        if not any(each in done for each in later if each[0] == part):
            call_command("migrate", part, name, interactive=False, verbosity=0)


@contextmanager
def _as_they_stand(tables: list[Table]) -> Iterator[None]:
    """Rows carry the walls behind which they stood: nothing is worked out for them anew."""
    _triggers(tables, "DISABLE")
    yield
    with connection.cursor() as cursor:
        # what is deferred is looked at now: no table with a check to come can be altered
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    _triggers(tables, "ENABLE")


def _triggers(tables: list[Table], done: str) -> None:
    with connection.cursor() as cursor:
        for each in tables:
            table = sql.Identifier(each.schema, each.name)
            cursor.execute(sql.SQL(f"ALTER TABLE {{}} {done} TRIGGER USER").format(table))


def _empty(tables: list[Table]) -> None:
    names = sql.SQL(", ").join(sql.Identifier(each.schema, each.name) for each in tables)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("TRUNCATE {}").format(names))
        # tables are filled in any order; a migration may have left this otherwise
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _read_table(file: ZipFile, table: Table) -> None:
    digest = sha256()
    with file.open(table.member) as member, copying(table.copy("in")) as copy:
        while piece := member.read(PIECE):
            digest.update(piece)
            copy.write(piece)
    if digest.hexdigest() != table.sha256 or _count(table) != table.rows:
        raise Unreadable(
            f"The backup's table {table.member} is not as it was written. Nothing was restored; "
            "take another copy of the backup."
        )


def _set_sequences() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SEQUENCES)
        for sequence, schema, name, column in cursor.fetchall():
            cursor.execute(
                sql.SQL(
                    "SELECT setval(%s, coalesce(max({0}), 1), max({0}) IS NOT NULL) FROM {1}"
                ).format(sql.Identifier(column), sql.Identifier(schema, name)),
                [sequence],
            )
