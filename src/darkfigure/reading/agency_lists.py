"""Lists of people as files: CSV or Parquet under the headings agencies use, or encoded."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from darkfigure.basis.errors import Unreadable
from darkfigure.basis.saying import Saying, say
from darkfigure.linkage import as_list
from darkfigure.linkage.encoding import COLUMNS as ENCODED
from darkfigure.linkage.fields import field_of
from darkfigure.reading.door import is_packed
from darkfigure.reading.instructions import Reading
from darkfigure.reading.list_text import read_table
from darkfigure.reading.lists_by_reading import frame_by

_TEXT = ("csv", "txt", "tsv", "")  # what comes without a name is told by its content
#: Columns of lists made here that are not compared.
_OWN = ("person", "synthetic", "truth")


def read_lists(
    paths: Sequence[Path],
    *,
    truth: str = "",
    remarks: list[Saying] | None = None,
    reading: Reading | None = None,
) -> tuple[pl.DataFrame, bool]:
    """Lists in one table, and whether they are encoded. Raises Unreadable where a file is none, or
    some are and some are not.

    `remarks` gets what was noticed while reading: an encoding that was recognised, columns that
    were not used.
    """
    told: list[Saying] = [] if remarks is None else remarks
    if not paths:
        raise Unreadable("Name one or more lists of people: CSV or Parquet files.")
    tables = [(path, _read(path, told, reading)) for path in paths]
    encoded = [set(ENCODED) <= set(table.columns) for _, table in tables]
    if any(encoded) and not all(encoded):
        plain = next(
            path.name
            for (path, _), is_encoded in zip(tables, encoded, strict=True)
            if not is_encoded
        )
        raise Unreadable(
            f"{plain} is not encoded and others are: encoded lists compare only with encoded ones."
        )
    if encoded[0]:
        wanted = [*ENCODED, *([truth] if truth else [])]
        for path, table in tables:
            if truth and truth not in table.columns:
                raise Unreadable(f"{path.name} has no column {truth!r}.")
        whole = pl.concat([table.select(wanted) for _, table in tables])
        return (whole.rename({truth: "truth"}) if truth else whole), True
    for path, table in tables:
        unused = [
            name for name in table.columns if name not in (truth, *_OWN) and field_of(name) is None
        ]
        if unused:
            columns = ", ".join(str(table.columns.index(name) + 1) for name in unused[:12])
            told.append(say("linkage.remark.headings", name=path.name, columns=columns))
    lists = [as_list(table, path.stem, truth=truth) for path, table in tables]
    whole = pl.concat(lists, how="diagonal")
    twice = whole.filter(pl.struct("list", "record").is_duplicated())
    if twice.height:
        raise Unreadable(
            f"{twice.height:,} records stand in more than one file. A record of a list is given "
            "once; name the "
            "list in a column 'list' where two lists use the same references."
        )
    return whole, False


def _read(path: Path, told: list[Saying], reading: Reading | None) -> pl.DataFrame:
    if not path.exists():
        raise Unreadable(f"There is no such file: {path}.")
    if reading is not None or (is_packed(path) and path.suffix.lower() != ".parquet"):
        return frame_by(path, reading)
    try:
        if path.suffix.lower() == ".parquet":
            return pl.read_parquet(path)
        if path.suffix.lower().lstrip(".") in _TEXT:
            return read_table(path.read_bytes(), path.name, told)
    except OSError as error:
        raise Unreadable(
            f"{path} cannot be read: {error.strerror or 'it is no readable file'}."
        ) from error
    except pl.exceptions.PolarsError as error:
        raise Unreadable(f"{path.name} is not a Parquet file, or is damaged.") from error
    raise Unreadable(
        f"{path.name}: lists are CSV (.csv), tab-separated (.tsv) or Parquet (.parquet)."
    )
