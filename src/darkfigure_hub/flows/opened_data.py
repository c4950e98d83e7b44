"""A cell that was opened, as plain data, for commands and the interface for programs."""

from __future__ import annotations

from darkfigure.tables.counted import YES
from darkfigure.writing.documents.head import says_made_up
from darkfigure_hub.flows.open_source import OpenedCell


def opened_data(opened: OpenedCell) -> dict[str, object]:
    """A cell as it stands, as it was given, and everything behind it."""
    return {
        "cell": opened.cell.id,
        "value": opened.cell.value,
        "changed": opened.changed and not opened.withheld,
        "gone": opened.gone and not opened.withheld,
        "withheld": opened.withheld,
        "given": _given(opened),
        "statements": [
            {
                "used": found.used,
                "value": found.row.value,
                "low": found.row.low,
                "high": found.row.high,
                "reason": found.row.reason,
                "dims": found.row.dims,
                "note": found.row.note,
                "period": found.row.block.period.label,
                "stated_on": found.row.block.stated_on.isoformat(),
                "stated_by": found.row.block.stated_as,
                "source": found.row.block.source,
                "file": found.row.block.file_name,
                "sha256": found.row.block.return_sha256,
                "row": found.row.row,
                "place": found.row.place,
                "original": dict(found.original),
            }
            for found in opened.statements
        ],
        "records": [
            {
                "kind": found.record.kind,
                "record": found.record.record,
                "agency": found.record.agency,
                "known_from": found.record.known_from.isoformat(),
                "change_reason": found.record.reason,
                "counted": found.record.state == YES,
                "open": "" if found.record.state == YES else found.record.state,
                "synthetic": found.record.synthetic,
                "file": found.of.file,
                "sha256": found.of.sha256,
                "row": found.record.row,
                "original": dict(found.original),
            }
            for found in opened.records
        ],
    }


def opened_is_made_up(opened: OpenedCell) -> bool:
    """Whether anything behind a cell is made up, and says so."""
    sources = (found.row.block.source for found in opened.statements)
    return says_made_up(sources) or any(found.record.synthetic for found in opened.records)


def _given(opened: OpenedCell) -> dict[str, object] | None:
    """What was said when the answer was first given, where that is kept."""
    if opened.given is None or opened.given_at is None:
        return None
    said = opened.given
    return {
        "at": opened.given_at.isoformat(),
        "value": said.value,
        "low": said.low,
        "high": said.high,
        "reasons": [str(reason) for reason in said.reasons],
    }
