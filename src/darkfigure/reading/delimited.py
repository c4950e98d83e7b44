"""Streamed reading of delimited text as it really arrives: compressed or not, padded, broken, or
without a row.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, BinaryIO, Literal, NoReturn, cast

import polars as pl
import pyarrow as pa
import pyarrow.csv as pacsv

from darkfigure.basis.errors import ReturnRefused
from darkfigure.basis.problem import Problem
from darkfigure.basis.saying import Saying, say, several
from darkfigure.cases.submission import Submission
from darkfigure.reading.door import (
    LONGEST_CELL,
    LONGEST_LINE,
    Watched,
    cells,
    opened,
    refuse,
    refuse_encoding,
)
from darkfigure.reading.unknown_names import not_known_here

BLOCK_BYTES = 4 * 1024 * 1024


def heading(path: Path) -> list[str]:
    """The column names of a delimited file, without padding; empty where the file is empty.

    Raises ReturnRefused where it is no text.
    """
    return [name.strip() for name in _as_written(path)]


def _as_written(path: Path) -> list[str]:
    with opened(path) as source:
        try:
            return next(cells(source, path), [])
        except csv.Error:
            _refuse_quotes(path, 1)


def _refuse_quotes(path: Path, line: int) -> NoReturn:
    refuse(path, say("problems.wrong.open_quote"), say("problems.right.close_quote"), line=line)


def _of_columns(wrong: str, right: Saying, column: str | int) -> Problem:
    return Problem(say(f"problems.wrong.{wrong}"), right, line=1, column=column, rule="columns")


def check_heading(
    path: Path, found: list[str], required: list[str], optional: list[str] | None = None
) -> None:
    """Refuse a file whose columns are doubled, missing or unknown."""
    allowed = [*required, *(optional or [])]
    one = say("problems.right.keep_one")
    doubled = {name: found.index(name) for name in found if found.count(name) > 1}
    problems = [
        _of_columns("column_twice", one, name if name in allowed else at + 1)
        for name, at in sorted(doubled.items())
    ]
    needed = say("problems.right.needed", names=several(required, "comma"))
    problems += [
        _of_columns("column_missing", needed, name) for name in required if name not in found
    ]
    unknown = {
        at: name
        for at, name in enumerate(found, 1)
        if name not in allowed and found.count(name) == 1
    }
    if unknown:
        wrong, right = not_known_here(unknown, allowed, sort="column")
        problems.append(Problem(wrong, right, line=1, rule="columns"))
    if problems:
        raise ReturnRefused(path.name, problems)


def batches(
    path: Path, submission: Submission, columns: list[str], *, blank: bool = True
) -> Iterator[pl.DataFrame]:
    """The rows of a CSV file as text, a few megabytes at a time: its columns in their order, under
    the names of the heading where those are names, then `row` with the line (heading = 1). Where
    `blank` is false lines without a cell are counted and left out; else empty ones are not counted.

    Lines with too few or too many fields are reported to the submission and left out. Line numbers
    are right as long as no field contains a line break; where one does, they count records. Empty
    fields are null.
    """
    ragged: list[int] = []

    def keep_or_report(row: pacsv.InvalidRow) -> Literal["skip"]:
        ragged.append(row.number or 0)
        submission.fault(
            Problem(
                say(
                    "problems.wrong.fields", found=row.actual_columns, heading=row.expected_columns
                ),
                say("problems.right.quote_or_drop"),
                line=row.number,
                rule="fields",
            )
        )
        return "skip"

    written = _as_written(path)
    names = _distinct(written)
    with opened(path) as source:
        watched = Watched(source)
        try:
            reader = pacsv.open_csv(
                cast(IO[Any], pa.PythonFile(watched, mode="r")),
                read_options=pacsv.ReadOptions(use_threads=False, block_size=BLOCK_BYTES),
                parse_options=pacsv.ParseOptions(
                    invalid_row_handler=keep_or_report,
                    newlines_in_values=True,
                    ignore_empty_lines=blank,
                ),
                convert_options=pacsv.ConvertOptions(
                    column_types=dict.fromkeys([*columns, *written], pa.string()),
                    strings_can_be_null=True,
                    null_values=[""],
                    quoted_strings_can_be_null=True,
                ),
            )
            line, kept = 2, 0
            for piece in reader:
                watched.refuse_torn(path)
                skipped, taken = sorted(ragged), piece.num_rows
                ragged.clear()
                table = pa.Table.from_batches([piece]).rename_columns(names)
                frame = cast(pl.DataFrame, pl.from_arrow(table))
                numbers = _line_numbers(line, taken, skipped)
                line += taken + len(skipped)
                frame = frame.with_columns(row=numbers)
                if not blank:
                    filled = frame.select(pl.any_horizontal(pl.exclude("row").is_not_null()))
                    frame = frame if filled.to_series().all() else frame.filter(filled.to_series())
                kept += frame.height + len(skipped)
                _check_lengths(submission, frame)
                yield frame
        except pa.ArrowInvalid as error:
            watched.refuse_torn(path)
            _explain(path, error)
        watched.refuse_torn(path)
    if not kept and not ragged:
        refuse(path, say("problems.wrong.no_rows"), say("problems.right.send_rows"))


def _distinct(written: list[str]) -> list[str]:
    """The names of a heading, and a number for what is no name, stands twice, or is taken: after a
    blank, with which no name begins.
    """
    bare = [name.strip() for name in written]
    return [
        name if name and name != "row" and bare.count(name) == 1 else f" column {at}"
        for at, name in enumerate(bare, 1)
    ]


def _check_lengths(submission: Submission, rows: pl.DataFrame) -> None:
    """Report cells that are longer than any cell is."""
    texts = [name for name, kind in rows.schema.items() if kind == pl.String]
    for name in texts:
        if cast(int, rows[name].str.len_bytes().max() or 0) > LONGEST_CELL:
            faulty = rows.filter(pl.col(name).str.len_chars() > LONGEST_CELL)
            wrong = say("problems.wrong.too_long")
            right = say("problems.right.at_most", count=LONGEST_CELL)
            for line in faulty["row"].to_list():
                submission.fault(Problem(wrong, right, line=line, column=name, rule="length"))


def _line_numbers(first: int, count: int, skipped: list[int]) -> pl.Series:
    if not skipped:
        return pl.int_range(first, first + count, eager=True)
    left_out = set(skipped)
    numbers = [
        number for number in range(first, first + count + len(skipped)) if number not in left_out
    ]
    return pl.Series("row", numbers[:count], dtype=pl.Int64)


def _explain(path: Path, error: pa.ArrowInvalid) -> NoReturn:
    """Say what Arrow says, without the row in which it says it."""
    text = str(error).lower()
    if "utf8" in text:
        refuse_encoding(path)
    if "empty csv" in text:
        refuse(path, say("problems.wrong.empty"), say("problems.right.heading_and_rows"))
    if "straddling" in text:
        endless = say("problems.wrong.endless", most=LONGEST_LINE // 1024)
        refuse(path, endless, say("problems.right.quotes"))
    refuse(path, say("problems.wrong.not_csv"), say("problems.right.quotes"))


def small_records(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The records of a small CSV file with the line each begins on. Raises ReturnRefused, also
    where there is none.
    """
    with opened(path) as source:
        reader, start = cells(source, path), 1
        try:
            names = [name.strip() for name in next(reader, [])]
            check_heading(path, names, [], names)
            start = first = reader.line_num + 1
            for record in reader:
                if record:
                    _check_record(path, names, record, start)
                    yield start, dict(zip(names, map(str.strip, record), strict=True))
                start = reader.line_num + 1
        except csv.Error:
            _refuse_quotes(path, start)
    if start == first:
        refuse(path, say("problems.wrong.no_rows"), say("problems.right.send_rows"))


def _check_record(path: Path, names: list[str], record: list[str], line: int) -> None:
    if len(record) != len(names):
        wrong = say("problems.wrong.line_fields", number=len(names))
        refuse(path, wrong, say("problems.right.quote_comma"), line=line)
    for name, value in zip(names, record, strict=True):
        if len(value) > LONGEST_CELL:
            right = say("problems.right.at_most", count=LONGEST_CELL)
            refuse(path, say("problems.wrong.too_long"), right, line=line, column=name)


def nth_record(chunks: Iterator[bytes], compressed: bool, line: int) -> tuple[list[str], list[str]]:
    """The heading and the record on `line` of a CSV file held as pieces of bytes.

    Raises LookupError where the file has no such line.
    """
    source: io.IOBase = _Joined(chunks)
    unpacked = gzip.GzipFile(fileobj=cast(BinaryIO, source)) if compressed else source
    text = io.TextIOWrapper(
        io.BufferedReader(cast(io.RawIOBase, unpacked)), encoding="utf-8-sig", newline=""
    )
    reader = csv.reader(text)
    names = next(reader)
    for number, record in enumerate(reader, start=2):
        if number == line:
            return [name.strip() for name in names], record
    raise LookupError(f"The file has no line {line}.")


class _Joined(io.RawIOBase):
    """Pieces of bytes read as one file."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast(bytearray, buffer))
        while not self._rest:
            piece = next(self._chunks, None)
            if piece is None:
                return 0
            self._rest = bytes(piece)
        taken = min(len(view), len(self._rest))
        view[:taken], self._rest = self._rest[:taken], self._rest[taken:]
        return taken
