"""Lists of people as files: CSV or Parquet under the headings agencies use, or encoded."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from darkfigure.basis.errors import Unreadable
from darkfigure.linkage import as_list
from darkfigure.linkage.encoding import COLUMNS as ENCODED

_TEXT = ("csv", "txt", "tsv")


def read_lists(paths: Sequence[Path], *, truth: str = "") -> tuple[pl.DataFrame, bool]:
    """Lists in one table, and whether they are encoded. Raises Unreadable where a file is none, or some are and some are not."""
    if not paths:
        raise Unreadable("Name one or more lists of people: CSV or Parquet files.")
    tables = [(path, _read(path)) for path in paths]
    encoded = [set(ENCODED) <= set(table.columns) for _, table in tables]
    if any(encoded) and not all(encoded):
        plain = next(path.name for (path, _), is_encoded in zip(tables, encoded, strict=True) if not is_encoded)
        raise Unreadable(f"{plain} is not encoded and others are: encoded lists compare only with encoded ones.")
    if encoded[0]:
        wanted = [*ENCODED, *([truth] if truth else [])]
        for path, table in tables:
            if truth and truth not in table.columns:
                raise Unreadable(f"{path.name} has no column {truth!r}.")
        whole = pl.concat([table.select(wanted) for _, table in tables])
        return (whole.rename({truth: "truth"}) if truth else whole), True
    lists = [as_list(table, path.stem, truth=truth) for path, table in tables]
    whole = pl.concat(lists, how="diagonal")
    twice = whole.filter(pl.struct("list", "record").is_duplicated())
    if twice.height:
        raise Unreadable(
            f"{twice['list'][0]}:{twice['record'][0]} stands in more than one file. A record of a list is given once; name the "
            "list in a column 'list' where two lists use the same references."
        )
    return whole, False


def _read(path: Path) -> pl.DataFrame:
    try:
        if path.suffix == ".parquet":
            return pl.read_parquet(path)
        if path.suffix.lstrip(".") in _TEXT:
            separator = "\t" if path.suffix == ".tsv" else ","
            return pl.read_csv(path, infer_schema=False, separator=separator, encoding="utf8-lossy")
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror}.") from error
    except pl.exceptions.PolarsError as error:
        raise Unreadable(f"{path.name} cannot be read as a table: {str(error).splitlines()[0]}.") from error
    raise Unreadable(f"{path.name}: lists are CSV (.csv), tab-separated (.tsv) or Parquet (.parquet).")
