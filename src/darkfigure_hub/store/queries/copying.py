"""COPY, the one way in which many rows go in and out."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import polars as pl
from django.db import connection
from psycopg import Copy, sql


@contextmanager
def copying(statement: str) -> Iterator[Copy]:
    """A COPY under way. Where it fails, Django's error says so without the row."""
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(statement) as copy,
    ):
        yield copy


@contextmanager
def copying_into(table: str, columns: Sequence[str], form: str = "csv") -> Iterator[Copy]:
    """A COPY into some columns of a table under way.

    PostgreSQL copies into no table whose rows are walled for who asks: for them rows go by way of a
    table of their own, from which they are entered as any others are.
    """
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    target = sql.Identifier(*table.split("."))
    if not _is_walled(table):
        with copying(_copy(target, names, form)) as copy:
            yield copy
        return
    staged = sql.Identifier("staged_" + table.replace(".", "_"))
    with connection.cursor() as cursor:
        for each in (
            "DROP TABLE IF EXISTS pg_temp.{staged}",
            "CREATE TEMPORARY TABLE {staged} ON COMMIT DROP AS SELECT {names} FROM {target} "
            "WITH NO DATA",
        ):
            cursor.execute(_said(each, staged=staged, names=names, target=target))
    with copying(_copy(staged, names, form)) as copy:
        yield copy
    with connection.cursor() as cursor:
        entered = "INSERT INTO {target} ({names}) SELECT {names} FROM pg_temp.{staged}"
        cursor.execute(_said(entered, staged=staged, names=names, target=target))
        cursor.execute(_said("DROP TABLE pg_temp.{staged}", staged=staged))


def copy_rows(table: str, rows: pl.DataFrame) -> None:
    """Copy a frame into the columns of a table that it names."""
    text = io.BytesIO()
    rows.write_csv(text, include_header=False)
    with copying_into(table, rows.columns) as copy:
        copy.write(text.getbuffer())


def _is_walled(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_security_active(%s)", [table])
        return bool(cursor.fetchone()[0])


def _copy(target: sql.Identifier, names: sql.Composed, form: str) -> str:
    made = "COPY {target} ({names}) FROM STDIN (FORMAT {form})"
    return _said(made, target=target, names=names, form=sql.Identifier(form))


def _said(text: str, **parts: sql.Composable) -> str:
    return sql.SQL(text).format(**parts).as_string(connection.connection)
