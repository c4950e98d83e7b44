"""Receive case records: versions to their tables, names to the identity schema, records checked
against one another.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.utils import timezone

from darkfigure.basis.errors import ReturnRefused
from darkfigure.basis.marking import Marking, Scope
from darkfigure.basis.permission import Permission
from darkfigure.basis.reference import UNSEALED
from darkfigure.cases.casework import CaseSubmission
from darkfigure.tables.cross_checks import cross_check
from darkfigure_hub.flows.prepared import prepared
from darkfigure_hub.store.models import KeptReading, ReceivedFile, Return
from darkfigure_hub.store.queries import pseudonyms
from darkfigure_hub.store.queries.case_records import CaseWriter, StoreRecords, checking

Progress = Callable[[str, int], None]


def take_in_cases(
    scope: Scope,
    path: Path,
    submission: CaseSubmission,
    kept: ReceivedFile,
    marking: Marking | None,
    progress: Progress,
    reading: KeptReading | None = None,
    compartment: int | None = None,
) -> Return:
    """Write a case return, in a compartment where one is named, within the caller's transaction.
    Raises ReturnRefused with every fault found.
    """
    scope.require(Permission.RECEIVE_RETURN)
    submission.colon = UNSEALED
    writer = CaseWriter(
        submission,
        kept,
        received_at=timezone.now(),
        received_by=scope.who,
        marking=Marking.OFFICIAL_SENSITIVE if marking is None else marking,
        reading=reading,
        compartment=compartment,
    )
    synthetic, withdrawn = True, dict[str, str]()
    for batch in prepared(submission.tables):
        progress(
            "checking and writing" if not submission.problem_total else "checking",
            writer.rows + batch.versions.height,
        )
        synthetic = synthetic and bool(batch.versions["synthetic"].all())
        if not submission.problem_total:
            sealed, written = pseudonyms.seal(batch)
            writer.write(sealed)
            withdrawn.update(written)
    _refuse(path, submission)
    progress("closing what it corrects", writer.rows)
    with checking():
        writer.settle()
        progress("checking records against one another", writer.rows)
        cross_check(
            submission,
            StoreRecords(scope),
            writer.written.pk,
            writer.kinds,
            writer.latest,
            references=withdrawn,
        )
    _refuse(path, submission)
    if marking is None and synthetic:
        writer.mark(Marking.PUBLIC)
    return writer.finish(
        [(remark.rule, str(remark.text), remark.line) for remark in submission.remarks]
    )


def _refuse(path: Path, submission: CaseSubmission) -> None:
    if submission.problem_total:
        raise ReturnRefused(path.name, submission.problems, submission.problem_total)
