"""Comma-separated text without heading, arriving in pieces, as Arrow has it: how rows leave a
store on their way into a snapshot.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any, cast

import pyarrow as pa
import pyarrow.csv as pacsv


def batches(
    chunks: Iterable[bytes], schema: pa.Schema, seen: Callable[[bytes], None] = lambda _piece: None
) -> Iterator[pa.RecordBatch]:
    """The rows of pieces of text, each piece shown to `seen` as it passes; a few megabytes are held
    at a time.
    """
    source = _Chunks(chunks, seen)
    if source.is_empty():
        return
    reader = pacsv.open_csv(
        cast(IO[Any], pa.PythonFile(cast(io.IOBase, source), mode="r")),
        read_options=pacsv.ReadOptions(column_names=schema.names, block_size=16 * 1024 * 1024),
        parse_options=pacsv.ParseOptions(newlines_in_values=True),
        convert_options=pacsv.ConvertOptions(
            column_types=schema,
            strings_can_be_null=True,
            null_values=[""],
            quoted_strings_can_be_null=False,
            true_values=["t"],
            false_values=["f"],
        ),
    )
    yield from reader


class _Chunks(io.RawIOBase):
    """Pieces of bytes as a file, each shown to `seen` as it passes."""

    def __init__(self, chunks: Iterable[bytes], seen: Callable[[bytes], None]) -> None:
        self._chunks = iter(chunks)
        self._seen = seen
        self._rest = b""

    def is_empty(self) -> bool:
        """Whether there is nothing to read."""
        self._fill(1)
        return not self._rest

    def readable(self) -> bool:
        return True

    def _fill(self, size: int) -> None:
        parts, held = [self._rest], len(self._rest)
        while held < size and (piece := next(self._chunks, None)) is not None:
            parts.append(bytes(piece))
            held += len(parts[-1])
        if len(parts) > 1:
            self._rest = b"".join(parts)

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast(bytearray, buffer))
        self._fill(len(view))
        taken = min(len(view), len(self._rest))
        view[:taken] = self._rest[:taken]
        self._seen(self._rest[:taken])
        self._rest = self._rest[taken:]
        return taken
