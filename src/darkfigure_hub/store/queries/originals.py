"""The row of a received file that a statement stands on, in the columns that its reading takes."""

from __future__ import annotations

from itertools import chain
from pathlib import PurePath

from darkfigure.basis.errors import ReturnRefused
from darkfigure.basis.marking import Scope
from darkfigure.basis.statement import Row
from darkfigure.reading.instructions import Reading, reading_of
from darkfigure.reading.kinds import kind_named
from darkfigure.reading.original import everything, original_row, taken_by
from darkfigure.reading.snapshot_returns import FROM_SNAPSHOT
from darkfigure_hub.store.queries import files

#: Our own form of statements.
OWN = "statements"


def original_of(scope: Scope, row: Row, *, whole: bool = False) -> tuple[tuple[str, str], ...]:
    """The row of the file as it came, every column where it is shown `whole`, else those that the
    reading takes; nothing where a snapshot brought the statement without it.
    """
    if not files.is_kept(row.block.return_sha256):
        return ()
    name = PurePath(row.block.file_name.partition("#")[0])
    reading = None if whole else reading_of_return(row.block.return_id)
    takes = everything if reading is None else taken_by(reading)
    content = files.pieces(scope, row.block.return_id)
    if (first := next(content, None)) is None:  # a return that the reader may not see
        return ()
    return tuple(original_row(name, chain([first], content), row.row, row.place, takes))


def reading_of_return(return_id: int) -> Reading | None:
    """The reading by which a return was taken in; None where by none. Of one that a snapshot
    brought columns of our own form alone are known; one that cannot be read any more says of no
    column that it is a part of a statement.
    """
    text = files.reading_text(return_id)
    if text is None:
        return None
    if text.startswith(FROM_SNAPSHOT):
        return kind_named(OWN).reading
    try:
        return reading_of(text, "")
    except ReturnRefused:
        return Reading("")
