"""Open a cell: the statements it rests on, each with the row of the file it stands on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from pathlib import PurePath

from darkfigure.basis.errors import UnknownName
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.basis.statement import Row
from darkfigure.basis.status import CellReason
from darkfigure.publication import Answer, answer, answer_from_cases
from darkfigure.publication.answer import is_hidden, mark_in, told_by
from darkfigure.reading.original import original_record
from darkfigure.tables.case_cells import CaseRecord, records_behind
from darkfigure.tables.casebook import CaseReturn
from darkfigure.tables.cell import Cell
from darkfigure.tables.evidence import Evidence
from darkfigure.tables.groups import of_groups
from darkfigure.tables.question import CASES, Question, asked_again
from darkfigure.tables.succession import formers
from darkfigure.writing.answers.as_json import read_answer
from darkfigure_hub.access import record
from darkfigure_hub.store.limits import reading
from darkfigure_hub.store.queries import identity, kept_answers
from darkfigure_hub.store.queries.case_records import StoreRecords
from darkfigure_hub.store.queries.evidence import StoreEvidence
from darkfigure_hub.store.queries.kept_answers import Given
from darkfigure_hub.store.queries.originals import original_of, reading_of_return

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
    evidence than when given. `given` is the cell as it was said then, where it is kept and the
    reader may see it, `given_at` when; `gone`: the answer has no such cell now; `withheld`: it has,
    but what it was counted from is not for this reader. `guarded`: it was told as a range in a
    response, as a small count.
    """

    answer: Answer
    cell: Cell
    statements: tuple[Opened, ...]
    changed: bool
    records: tuple[OpenedRecord, ...] = ()
    given: Cell | None = None
    given_at: datetime | None = None
    gone: bool = False
    withheld: bool = False
    guarded: bool = False

    @property
    def moved(self) -> bool:
        """Whether the cell does not say now what it said when it was given, as far as the reader
        may know.
        """
        return (
            not self.withheld
            and self.given is not None
            and (self.gone or not self._as_told(self.given))
        )

    def _as_told(self, given: Cell) -> bool:
        """Whether the cell says now what was said of it, or lies within what was told of it."""
        now = self.cell.value if self.cell.value is not None else self.cell.low
        if not self.guarded or now is None or is_hidden(self.cell):
            return told_by(given) == told_by(self.cell)
        return (given.low or 0) <= now and (given.high is None or now <= given.high)


def open_source(scope: Scope, cell_id: str) -> OpenedCell:
    """The statements or case records behind a cell. Raises UnknownName for an id that no answer
    gave.
    """
    scope.require(Permission.READ_FIGURES)
    answer_id, _, mark = cell_id.strip().partition("-")
    kept = kept_answers.given(scope, answer_id)
    if kept is None or not mark:
        raise _no_cell(cell_id)
    question = asked_again(kept.question, kept.as_at)
    if out := _as_it_went_out(scope, question, mark, kept):
        record(scope, "source opened", {"cell": out.cell.id}, touched=[])
        return out
    with reading(scope):
        if question.evidence == CASES:
            opened = _open_records(scope, question, mark, kept)
        else:
            opened = _open_statements(scope, question, mark, kept)
    record(scope, "source opened", {"cell": opened.cell.id}, touched=_touched(opened))
    return opened


def _no_cell(cell_id: str) -> UnknownName:
    return UnknownName(
        f"{cell_id!r} is not the id of a cell. An answer in JSON or on a page gives the id of each "
        "cell."
    )


def _as_it_went_out(scope: Scope, question: Question, mark: str, kept: Given) -> OpenedCell | None:
    """A cell of a response in which small counts are hidden, for who may not read the register: as
    it was told and nothing else. None for any other.
    """
    counted = question.evidence == CASES and kept.answered_with
    if not counted or scope.may(Permission.READ_RESPONSES):
        return None
    if kept.content is None:  # withdrawn, or never public: what is hidden in it stays so
        raise _no_cell(f"{kept.id}-{mark}")
    said = read_answer(kept.content)
    given = _marked(said, mark)
    kept_out = any(CellReason.SUPPRESSED in cell.reasons for cell in said.cells)
    if given is None or not kept_out:
        return None
    return OpenedCell(
        said,
        given,
        (),
        changed=False,
        given=given,
        given_at=kept.first_given,
        withheld=True,
        guarded=True,
    )


def _touched(opened: OpenedCell) -> list[str]:
    statements = [f"statement {each.row.block.id}/{each.row.row}" for each in opened.statements]
    return statements + [
        f"{each.record.kind} {each.of.id}/{each.record.row}" for each in opened.records
    ]


def _open_statements(scope: Scope, question: Question, mark: str, kept: Given) -> OpenedCell:
    """The statements behind a cell as it stands now, beside what was said."""
    evidence = of_groups(question, StoreEvidence(scope))
    found = answer(question, evidence)
    opened = _beside_given(found, mark, kept)
    if opened.gone:
        return opened
    return replace(opened, statements=tuple(_opened(scope, question, opened.cell, evidence)))


def _beside_given(found: Answer, mark: str, kept: Given) -> OpenedCell:
    """A cell as it stands now beside the one that was given; the one given alone where the answer
    has no such cell any more. Raises UnknownName where neither has.
    """
    said = read_answer(kept.content) if kept.content else None
    given = _marked(said, mark) if said else None
    now = _marked(found, mark)
    cell = now or given
    if cell is None:
        held = ", ".join(each.id for each in found.cells[:6])
        raise UnknownName(
            f"The answer {found.id} has no such cell; it has {held or 'none'}. Where returns have "
            "arrived since it was given, ask again."
        )
    return OpenedCell(
        found,
        cell,
        (),
        changed=found.basis != kept.basis,
        given=given,
        given_at=kept.first_given,
        gone=now is None,
        guarded=kept.answered_with and given is not None and is_hidden(given),
    )


def _marked(found: Answer, mark: str) -> Cell | None:
    return next((cell for cell in found.cells if mark_in(cell.id) == mark), None)


def _open_records(scope: Scope, question: Question, mark: str, kept: Given) -> OpenedCell:
    """The case records behind a cell, each with the row of the return it stands on. Names stay
    where they are.
    """
    records = StoreRecords(scope)
    opened = _beside_given(answer_from_cases(question, records), mark, kept)
    if opened.gone:
        return replace(opened, withheld=not scope.may(Permission.READ_RECORDS))
    returns = {each.id: each for each in records.returns()}
    behind = []
    readable = scope.may(Permission.READ_RECORDS)
    for place, each in enumerate(records_behind(question, opened.cell, records)):
        of = returns[each.return_id]
        original: list[tuple[str, str]] = []
        content = identity.pieces(scope, of.id)
        if place < OPENED and readable and (first := next(content, None)) is not None:
            original = original_record(
                PurePath(of.file),
                chain([first], content),
                each.kind,
                each.row,
                reading=reading_of_return(of.id),
            )
        behind.append(OpenedRecord(each, of, tuple(original)))
    return replace(opened, records=tuple(behind))


def _opened(scope: Scope, question: Question, cell: Cell, evidence: Evidence) -> list[Opened]:
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
        Opened(row, row.block.id in cell.blocks, original_of(scope, row) if place < OPENED else ())
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
