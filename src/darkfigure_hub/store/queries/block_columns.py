"""Blocks as SQL gives them: an expression for each plain column of a block."""

from __future__ import annotations

from darkfigure.basis.statement import BLOCK_COLUMNS

#: Where a column is not the block's own of that name.
_ELSEWHERE = {
    "return_id": "b.of_id",
    "return_sha256": "r.file_id",
    "file_name": "f.name || CASE WHEN r.part = '' THEN '' ELSE '#' || r.part END",
    "marking": "r.marking",
    "known_from": "lower(b.known)",
    "known_to": "upper(b.known)",
    "received_on": "(r.received_at AT TIME ZONE 'Europe/London')::date",
}
#: Blocks with their return and its file.
FROM = (
    "store_block b JOIN store_return r ON r.id = b.of_id "
    "JOIN store_receivedfile f ON f.sha256 = r.file_id"
)


def block_columns(**otherwise: str) -> str:
    """The columns of blocks, in the order of `BLOCK_COLUMNS`; `otherwise` says some of them
    another way.
    """
    said = {**_ELSEWHERE, **otherwise}
    return ", ".join(said.get(name, f"b.{name}") for name in BLOCK_COLUMNS)
