"""Show how agencies refer to the records behind a cell: for whoever may read names, and on record.

References stand in the files that returns came in, in the schema identity, and nowhere else.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath

from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.reading.original import original_record
from darkfigure_hub.access import record
from darkfigure_hub.flows.open_source import OpenedCell, OpenedRecord, open_source
from darkfigure_hub.store.queries import identity


def show_references(scope: Scope, cell_id: str) -> OpenedCell:
    """A cell opened, the fields of its records with agencies' references of records and persons.

    Raises NotPermitted; UnknownName for an id that no answer gave.
    """
    scope.require(Permission.READ_NAMES)
    opened = open_source(scope, cell_id)
    shown = tuple(_with_references(scope, each) for each in opened.records)
    rows = [f"{each.record.kind} {each.of.id}/{each.record.row}" for each in shown if each.original]
    record(scope, "references shown", {"cell": opened.cell.id}, touched=rows)
    return replace(opened, records=shown)


def _with_references(scope: Scope, opened: OpenedRecord) -> OpenedRecord:
    """A record with its row as received, where that is shown."""
    if not opened.original:
        return opened
    of, each = opened.of, opened.record
    original = original_record(
        PurePath(of.file), identity.pieces(scope, of.id), each.kind, each.row, references=True
    )
    return replace(opened, original=tuple(original))
