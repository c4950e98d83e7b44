"""Streamed reading of delimited text as it really arrives: compressed or not, padded, broken, or no
text at all.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO, Literal, NoReturn, cast

import polars as pl
import pyarrow as pa
import pyarrow.csv as pacsv

from darkfigure.basis.errors import ReturnRefused
from darkfigure.basis.problem import Problem
from darkfigure.basis.saying import Saying, say, several
from darkfigure.cases.submission import Submission

BLOCK_BYTES = 4 * 1024 * 1024
_NOT_TEXT = {
    b"PK\x03\x04": say("problems.file.spreadsheet"),
    b"\xd0\xcf\x11\xe0": say("problems.file.old_spreadsheet"),
    b"%PDF": say("problems.file.pdf"),
    b"PAR1": say("problems.file.parquet"),
}


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The bytes of a file, unpacked where it is gzip. Raises ReturnRefused where the packing is
    broken.
    """
    try:
        with path.open("rb") as raw:
            start = raw.read(4)
            raw.seek(0)
            for magic, what in _NOT_TEXT.items():
                if start.startswith(magic):
                    refuse(
                        path,
                        say("problems.wrong.not_text", what=what),
                        say("problems.right.save_csv"),
                    )
            if start.startswith(b"\x1f\x8b"):
                with gzip.open(raw) as unpacked:
                    yield cast(BinaryIO, unpacked)
            else:
                yield raw
    except (EOFError, zlib.error, gzip.BadGzipFile):
        refuse(
            path,
            say("problems.wrong.gzip"),
            say("problems.right.send_again"),
        )
    except UnicodeDecodeError:
        refuse_encoding(path)
    except FileNotFoundError:
        refuse(path, say("problems.wrong.no_file"), say("problems.right.check_name"))
    except IsADirectoryError:
        refuse(path, say("problems.wrong.folder"), say("problems.right.name_files"))


def refuse(
    path: Path, wrong: Saying, right: Saying, line: int | None = None, column: str | None = None
) -> NoReturn:
    """Turn a file away with one fault."""
    raise ReturnRefused(path.name, [Problem(wrong, right, line=line, column=column, rule="file")])


def refuse_encoding(path: Path, line: int | None = None) -> NoReturn:
    """Turn away a file that is not UTF-8."""
    refuse(
        path,
        say("problems.wrong.not_utf8"),
        say("problems.right.save_utf8_spreadsheet"),
        line=line,
    )


def heading(path: Path) -> list[str]:
    """The column names of a delimited file, without padding; empty where the file is empty.

    Raises ReturnRefused where it is no text.
    """
    with opened(path) as source:
        first = _lines(source, path)
        record = next(csv.reader(first), [])
    return [name.strip() for name in record]


def _lines(source: BinaryIO, path: Path) -> Iterator[str]:
    for number, line in enumerate(source, start=1):
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            refuse_encoding(path, number)
        if "\x00" in text:
            refuse_encoding(path, number)
        yield text


def _of_columns(wrong: str, right: Saying, column: str | int) -> Problem:
    return Problem(say(f"problems.wrong.{wrong}"), right, line=1, column=column, rule="columns")


def check_heading(
    path: Path, found: list[str], required: list[str], optional: list[str] | None = None
) -> None:
    """Refuse a file whose columns are doubled, missing or unknown. A column that is not known is
    told by its number: what stands in its heading may be a person's name.
    """
    allowed = [*required, *(optional or [])]
    one, known = say("problems.right.keep_one"), several(allowed, "comma")
    doubled = {name: found.index(name) for name in found if found.count(name) > 1}
    problems = [
        _of_columns("column_twice", one, name if name in allowed else at + 1)
        for name, at in sorted(doubled.items())
    ]
    needed = say("problems.right.needed", names=several(required, "comma"))
    problems += [
        _of_columns("column_missing", needed, name) for name in required if name not in found
    ]
    problems += [
        _of_columns("column_not_known", say("problems.right.known_columns", names=known), at)
        for at, name in enumerate(found, 1)
        if name not in allowed and found.count(name) == 1
    ]
    if problems:
        raise ReturnRefused(path.name, problems)


def batches(path: Path, submission: Submission, columns: list[str]) -> Iterator[pl.DataFrame]:
    """The rows of a CSV file as text, a few megabytes at a time, with `row` holding the line
    (heading = 1).

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

    with opened(path) as source:
        try:
            reader = pacsv.open_csv(
                cast(IO[Any], pa.PythonFile(cast(io.IOBase, source), mode="r")),
                read_options=pacsv.ReadOptions(use_threads=False, block_size=BLOCK_BYTES),
                parse_options=pacsv.ParseOptions(
                    invalid_row_handler=keep_or_report, newlines_in_values=True
                ),
                convert_options=pacsv.ConvertOptions(
                    column_types=dict.fromkeys(columns, pa.string()),
                    strings_can_be_null=True,
                    null_values=[""],
                    quoted_strings_can_be_null=True,
                ),
            )
            line = 2
            for piece in reader:
                skipped, taken = sorted(ragged), piece.num_rows
                ragged.clear()
                frame = cast(pl.DataFrame, pl.from_arrow(pa.Table.from_batches([piece])))
                frame = frame.rename({name: name.strip() for name in frame.columns})
                numbers = _line_numbers(line, taken, skipped)
                line += taken + len(skipped)
                yield frame.with_columns(row=numbers)
        except pa.ArrowInvalid as error:
            _explain(path, error)


def _line_numbers(first: int, count: int, skipped: list[int]) -> pl.Series:
    if not skipped:
        return pl.int_range(first, first + count, eager=True)
    left_out = set(skipped)
    numbers = [
        number for number in range(first, first + count + len(skipped)) if number not in left_out
    ]
    return pl.Series("row", numbers[:count], dtype=pl.Int64)


def _explain(path: Path, error: pa.ArrowInvalid) -> None:
    text = str(error)
    if "UTF8" in text or "utf8" in text.lower():
        refuse_encoding(path)
    if "Empty CSV" in text:
        refuse(path, say("problems.wrong.empty"), say("problems.right.heading_and_rows"))
    refuse(
        path,
        say("problems.wrong.not_csv", error=text.splitlines()[0][:200]),
        say("problems.right.quotes"),
    )


def small_records(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The records of a small CSV file with the line each begins on."""
    with opened(path) as source:
        reader = csv.DictReader(_lines(source, path), strict=True)
        reader.fieldnames = [name.strip() for name in reader.fieldnames or []]
        start = 2
        try:
            for record in reader:
                if None in record or None in record.values():
                    refuse(
                        path,
                        say("problems.wrong.line_fields", number=len(reader.fieldnames)),
                        say("problems.right.quote_comma"),
                        line=start,
                    )
                yield start, {name: value.strip() for name, value in record.items()}
                start = reader.line_num + 1
        except csv.Error as error:
            refuse(
                path,
                say("problems.wrong.not_csv", error=error),
                say("problems.right.quotes"),
                line=start,
            )


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
