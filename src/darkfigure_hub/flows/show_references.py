"""Show how agencies refer to the records behind a cell, and all that stands in the rows of files of
figures: for whoever may read names, and on record.

References stand in the files that returns came in, in the schema identity, and nowhere else; what
no reading takes may be anything, names too.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath

from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.reading.original import original_record
from darkfigure_hub.access import record
from darkfigure_hub.flows.open_source import (
    Opened,
    OpenedCell,
    OpenedRecord,
    open_source,
)
from darkfigure_hub.store.queries import identity
from darkfigure_hub.store.queries.originals import original_of, reading_of_return


def show_references(scope: Scope, cell_id: str) -> OpenedCell:
    """A cell opened, the fields of its records with agencies' references of records and persons,
    the rows of its statements with every column.

    Raises NotPermitted; UnknownName for an id that no answer gave.
    """
    scope.require(Permission.READ_NAMES)
    opened = open_source(scope, cell_id)
    shown = tuple(_with_references(scope, each) for each in opened.records)
    stated = tuple(_whole(scope, each) for each in opened.statements)
    rows = [f"{each.record.kind} {each.of.id}/{each.record.row}" for each in shown if each.original]
    rows += [f"statement {each.row.block.id}/{each.row.row}" for each in stated if each.original]
    record(scope, "references shown", {"cell": opened.cell.id}, touched=rows)
    return replace(opened, records=shown, statements=stated)


def _whole(scope: Scope, opened: Opened) -> Opened:
    """A statement with its row as received, every column of it, where that is shown."""
    if not opened.original:
        return opened
    return replace(opened, original=original_of(scope, opened.row, whole=True))


def _with_references(scope: Scope, opened: OpenedRecord) -> OpenedRecord:
    """A record with its row as received, where that is shown."""
    if not opened.original:
        return opened
    of, each = opened.of, opened.record
    original = original_record(
        PurePath(of.file), identity.pieces(scope, of.id), each.kind, each.row,
        references=True, reading=reading_of_return(of.id),
    )  # fmt: skip
    return replace(opened, original=tuple(original))
