"""Open a cell: the statements it rests on, each with the row of the file it stands on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from darkfigure.basis.errors import UnknownName
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.basis.statement import Row
from darkfigure.publication import Answer, answer, answer_from_cases
from darkfigure.reading.original import original_record, original_row
from darkfigure.tables.case_cells import CaseRecord, records_behind
from darkfigure.tables.casebook import CaseReturn
from darkfigure.tables.cell import Cell
from darkfigure.tables.question import CASES, Question, asked_again
from darkfigure.tables.succession import formers
from darkfigure_hub.access import record
from darkfigure_hub.store.limits import reading
from darkfigure_hub.store.queries import files, holdings, identity
from darkfigure_hub.store.queries.case_records import StoreRecords
from darkfigure_hub.store.queries.evidence import StoreEvidence

#: How many statements of a cell are opened down to the file; the rest are listed.
OPENED = 20


@dataclass(frozen=True)
class Opened:
    """A statement behind a cell, and the fields of its row in the file as received (empty for those
    only listed).
    """

    row: Row
    used: bool
    original: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class OpenedRecord:
    """A case record behind a cell, the return it came in, and its fields as received (empty for
    those only listed), agencies' references left out.
    """

    record: CaseRecord
    of: CaseReturn
    original: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class OpenedCell:
    """A cell with every statement or case record behind it; `changed`: the answer rests on other
    evidence than when given.
    """

    answer: Answer
    cell: Cell
    statements: tuple[Opened, ...]
    changed: bool
    records: tuple[OpenedRecord, ...] = ()


def open_source(scope: Scope, cell_id: str) -> OpenedCell:
    """The statements or case records behind a cell. Raises UnknownName for an id that no answer
    gave.
    """
    scope.require(Permission.READ_FIGURES)
    answer_id, _, mark = cell_id.strip().partition("-")
    kept = holdings.kept_answer(answer_id)
    if kept is None or not mark:
        raise UnknownName(
            f"{cell_id!r} is not the id of a cell. An answer in JSON or on a page gives the "
            "id of "
            "each cell."
        )
    question = asked_again(kept.question, kept.as_at)
    if question.evidence == CASES:
        return _open_records(scope, question, cell_id.strip(), kept.basis)
    evidence = StoreEvidence(scope)
    with reading(scope):
        found = answer(question, evidence)
        cell = _cell_of(found, cell_id.strip())
        statements = tuple(_opened(scope, question, cell, evidence))
    rows = [f"statement {each.row.block.id}/{each.row.row}" for each in statements]
    record(scope, "source opened", {"cell": cell.id}, touched=rows)
    return OpenedCell(found, cell, statements, changed=found.basis != kept.basis)


def _cell_of(found: Answer, cell_id: str) -> Cell:
    cell = next((cell for cell in found.cells if cell.id == cell_id), None)
    if cell is None:
        held = ", ".join(each.id for each in found.cells[:6])
        raise UnknownName(
            f"The answer {found.id} has no such cell; it has {held or 'none'}. Where returns have "
            "arrived since it was given, ask again."
        )
    return cell


def _open_records(scope: Scope, question: Question, cell_id: str, basis: str) -> OpenedCell:
    """The case records behind a cell, each with the row of the return it stands on. Names stay
    where they are.
    """
    records = StoreRecords(scope)
    with reading(scope):
        found = answer_from_cases(question, records)
        cell = _cell_of(found, cell_id)
        returns = {each.id: each for each in records.returns()}
        behind = records_behind(question, cell, records)
    opened = []
    readable = scope.may(Permission.READ_RECORDS)
    for place, each in enumerate(behind):
        of = returns[each.return_id]
        original: list[tuple[str, str]] = []
        if place < OPENED and readable:
            original = original_record(
                PurePath(of.file), identity.pieces(scope, of.id), each.kind, each.row
            )
        opened.append(OpenedRecord(each, of, tuple(original)))
    rows = [f"{each.record.kind} {each.of.id}/{each.record.row}" for each in opened]
    record(scope, "source opened", {"cell": cell.id}, touched=rows)
    return OpenedCell(found, cell, (), changed=found.basis != basis, records=tuple(opened))


def _opened(scope: Scope, question: Question, cell: Cell, evidence: StoreEvidence) -> list[Opened]:
    blocks = [
        block
        for block in evidence.blocks(question.measure.code)
        if block.id in cell.blocks or _named(cell, block.return_sha256)
    ]
    wanted = [block for block in blocks if block.stands_on(question.as_at)]
    rows = [
        row
        for part in formers(question)
        for row in evidence.rows(wanted, part.question.where, question.as_at)
        if _in_cell(row, cell, question)
    ]
    rows.sort(key=lambda row: (row.block.id not in cell.blocks, row.block.id, row.row))
    return [
        Opened(row, row.block.id in cell.blocks, _original(scope, row) if place < OPENED else ())
        for place, row in enumerate(rows)
    ]


def _named(cell: Cell, digest: str) -> bool:
    return any(source.return_sha256 == digest for source in cell.conflicts)


def _in_cell(row: Row, cell: Cell, question: Question) -> bool:
    return all(
        value is None or row.dims.get(name) in (value, None)
        for name, value in cell.dims.items()
        if name in question.by
    )


def _original(scope: Scope, row: Row) -> tuple[tuple[str, str], ...]:
    """The row of the file as it came; nothing where a snapshot brought the statement without it."""
    if not files.is_kept(row.block.return_sha256):
        return ()
    name = PurePath(row.block.file_name.partition("#")[0])
    return tuple(original_row(name, files.pieces(scope, row.block.return_id), row.row, row.place))
