"""Receive case records: versions to their tables, names to the identity schema, records checked
against one another.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
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
from darkfigure_hub.store.queries.pseudonyms import Named

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
    batches = prepared(pseudonyms.named(submission.tables))
    first = [each for each in (next(batches, None),) if each]
    begun = _marking_of(all(_made_up(each) for each in first)) if marking is None else marking
    writer = CaseWriter(
        submission,
        kept,
        received_at=timezone.now(),
        received_by=scope.who,
        marking=begun,
        reading=reading,
        compartment=compartment,
    )
    synthetic, withdrawn = True, dict[str, str]()
    for batch in chain(first, batches):
        progress(
            "checking and writing" if not submission.problem_total else "checking",
            writer.rows + batch.batch.versions.height,
        )
        synthetic = synthetic and _made_up(batch)
        if not submission.problem_total:
            sealed, written = pseudonyms.seal(batch)
            writer.write(sealed)
            withdrawn.update(written)
    _refuse(path, submission)
    progress("closing what it corrects", writer.rows)
    with checking(writer.rows):
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
    if marking is None and begun != _marking_of(synthetic):
        writer.mark(_marking_of(synthetic))
    return writer.finish(
        [(remark.rule, str(remark.text), remark.line) for remark in submission.remarks]
    )


def _made_up(batch: Named) -> bool:
    return bool(batch.batch.versions["synthetic"].all())


def _marking_of(synthetic: bool) -> Marking:
    """What a return is marked that does not say: the first of its rows say what it is begun as, and
    where others are otherwise it is marked anew before anybody sees it.
    """
    return Marking.PUBLIC if synthetic else Marking.OFFICIAL_SENSITIVE


def _refuse(path: Path, submission: CaseSubmission) -> None:
    if submission.problem_total:
        raise ReturnRefused(path.name, submission.problems, submission.problem_total)
