"""The tables of a snapshot as Arrow has them."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

_KINDS: dict[str, pa.DataType] = {
    "string": pa.string(),
    "date": pa.date32(),
    "boolean": pa.bool_(),
    "int64": pa.int64(),
    "int32": pa.int32(),
    "number": pa.decimal128(21, 6),
}


def arrow_schema(columns: Mapping[str, str]) -> pa.Schema:
    """The columns of a table, each of its kind."""
    return pa.schema([(name, _KINDS[kind]) for name, kind in columns.items()])
