"""Check a file without taking it in: every fault, every total that does not add up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

from darkfigure.basis.errors import ReturnRefused
from darkfigure.basis.problem import Remark
from darkfigure.cases.casework import CaseSubmission
from darkfigure.evidence.case_memory import check_alone
from darkfigure.reading.kinds import kind_named, read_file, recognise
from darkfigure.reading.readings import StatedOn
from darkfigure.tables.reconcile import watched


@dataclass(frozen=True)
class Checked:
    """A file without faults: what it holds, what was noticed, which bodies state its figures."""

    file: str
    kind: str
    parts: tuple[str, ...]
    rows: int
    blocks: int
    remarks: tuple[Remark, ...]
    bodies: frozenset[str] = frozenset()


def check_file(
    path: Path,
    received_on: date,
    *,
    kind: str | None = None,
    reading: Path | None = None,
    readings: Sequence[Path] = (),
    stated_on: StatedOn = None,
    accepted: Mapping[str, str] = MappingProxyType({}),
    progress: Callable[[str, int], None] = lambda _doing, _rows: None,
) -> Checked:
    """Read a file through. Raises ReturnRefused with all its faults. Needs no repository."""
    found = kind_named(kind) if kind else recognise(path, reading, readings)
    rows = blocks = 0
    parts, remarks = [], []
    bodies: set[str] = set()
    for submission in read_file(path, found, received_on, stated_on, accepted):
        if isinstance(submission, CaseSubmission):
            rows += check_alone(submission, lambda found: progress("checking", found))
        else:
            for batch in watched(submission):
                rows += batch.height
                progress("checking", rows)
        if submission.problem_total:
            raise ReturnRefused(path.name, submission.problems, submission.problem_total)
        parts.append(submission.file_name.partition("#")[2])
        blocks += len(submission.heads)
        bodies |= {head.stated_by for head in submission.heads}
        remarks += submission.remarks
    said = tuple(filter(None, parts)), rows, blocks, tuple(remarks), frozenset(bodies)
    return Checked(path.name, found.name, *said)
