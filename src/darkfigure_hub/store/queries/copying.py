"""COPY, the one way in which many rows go in and out."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

import polars as pl
from django.db import connection
from psycopg import Copy


@contextmanager
def copying(statement: str) -> Iterator[Copy]:
    """A COPY under way. Where it fails, Django's error says so without the row."""
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(statement) as copy,
    ):
        yield copy


def copy_rows(statement: str, rows: pl.DataFrame) -> None:
    """Copy a frame in by a COPY of CSV."""
    text = io.BytesIO()
    rows.write_csv(text, include_header=False)
    with copying(statement) as copy:
        copy.write(text.getbuffer())
