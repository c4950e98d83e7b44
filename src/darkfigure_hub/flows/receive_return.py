"""Receive a return: the file is kept as it came, read, checked as a whole, and taken in altogether
or not at all.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from django.db import IntegrityError, OperationalError
from django.utils import timezone

from darkfigure.basis.errors import DarkfigureError, NotPermitted, ReturnRefused, StoreUnavailable
from darkfigure.basis.marking import Marking, Scope
from darkfigure.basis.permission import Permission
from darkfigure.basis.problem import Problem
from darkfigure.basis.saying import Word, say
from darkfigure.cases.casework import CASE_RETURNS, CaseSubmission
from darkfigure.cases.submission import Submission
from darkfigure.reading.kinds import Kind, kind_named, read_file, recognise
from darkfigure.reading.readings import StatedOn
from darkfigure.reading.snapshot_returns import FROM_SNAPSHOT
from darkfigure.tables.extent import Extent
from darkfigure.tables.reconcile import watched
from darkfigure.tables.snapshot_files import MANIFEST, SNAPSHOT, folder_of
from darkfigure_hub.access import record
from darkfigure_hub.access.gate import own
from darkfigure_hub.flows.compartments import marked_within
from darkfigure_hub.flows.prepared import prepared
from darkfigure_hub.flows.receive_cases import Progress, take_in_cases
from darkfigure_hub.flows.receive_snapshot import what_is_new
from darkfigure_hub.store import roles
from darkfigure_hub.store.models import KeptReading, Return
from darkfigure_hub.store.queries import files, held_blocks, holdings, identity
from darkfigure_hub.store.queries.correction import settle, standing_of
from darkfigure_hub.store.queries.holdings import HeldReturn
from darkfigure_hub.store.queries.left_out import left_out_of
from darkfigure_hub.store.queries.locks import RECEIVING, hold, is_held
from darkfigure_hub.store.queries.receiving import Writer
from darkfigure_hub.store.queries.withdrawn_returns import away_on
from darkfigure_hub.store.server import free_bytes

#: Disk a return takes, as a multiple of its file unpacked; how far a packed file is taken to
#: unpack; what must stay free.
ROOM, UNPACKED, RESERVE = 3, 5, 24_000_000


class _Given(NamedTuple):
    stated_on: StatedOn
    marking: Marking | None
    extent: Extent | None
    accepted: Mapping[str, str]
    compartment: int | None


class Closed(NamedTuple):
    """An earlier return of which statements were restated: how many, and how many stand still."""

    of: int
    file: str
    closed: int
    standing: int


class About(NamedTuple):
    """What statements of a return are about: a measure, by what, over which days, how many."""

    measure: str
    by: tuple[str, ...]
    first: date
    last: date
    statements: int


@dataclass(frozen=True)
class Received:
    """What became of a file: its returns, and whether they were there already.

    `about` says what statements were made and `closed` what they restate; `tried` that the file was
    not taken in, but would be.
    """

    file: str
    kind: str
    returns: tuple[HeldReturn, ...]
    already: bool
    about: tuple[About, ...] = ()
    closed: tuple[Closed, ...] = ()
    tried: bool = False


class _TriedError(Exception):
    """Ends the transaction of a file that is only tried, with what would have become of it."""

    def __init__(self, received: Received) -> None:
        self.received = received


def receive_return(
    scope: Scope,
    path: Path,
    *,
    kind: str | None = None,
    reading: Path | None = None,
    readings: Sequence[Path] = (),
    stated_on: StatedOn = None,
    accepted: Mapping[str, str] = MappingProxyType({}),
    marking: Marking | None = None,
    extent: Extent | None = None,
    compartment: int | None = None,
    only_try: bool = False,
    progress: Progress = lambda _doing, _rows: None,
) -> Received:
    """Take in a file. A file received before is recognised by its content and changes nothing.
    With `only_try` all is done, said and undone.

    Without a marking, figures are public; case records, and what goes into a `compartment` that one
    is in (its number), are official-sensitive, unless every record is synthetic. A table that
    leaves out cells of one held is refused, unless `extent` says what it is.

    Raises ReturnRefused with every fault found, NotPermitted, or StoreUnavailable; then nothing of
    the file is kept.
    """
    scope.require(Permission.RECEIVE_RETURN)
    marking = marked_within(compartment, marking)
    if (marking or Marking.PUBLIC) > scope.sees:
        raise NotPermitted(Permission.RECEIVE_RETURN.refusal(scope.who))
    found = kind_named(kind) if kind else recognise(path, reading, readings)
    digest = files.hash_of((folder_of(path) or path) / MANIFEST if _is_snapshot(found) else path)
    _check_space(path)
    if extent and _is_snapshot(found):
        raise DarkfigureError(
            "A snapshot says itself which of its tables are whole: leave --whole and --part out."
        )
    if is_held(RECEIVING):
        progress("waiting for another return to be taken in", 0)
    try:
        with hold(RECEIVING):
            if held := _held_so(scope, digest, found):
                _refuse_taken_back(held)
                if not files.is_kept(digest) and found.name not in CASE_RETURNS:
                    files.keep(path, digest)
                record(scope, "file recognised", {"file": digest})
                return Received(path.name, found.name, tuple(held), already=True)
            terms = _Given(stated_on, marking, extent, accepted, compartment)
            written, closings, before = _take_in(scope, path, found, digest, terms, progress)
            if not written:
                record(scope, "file recognised", {"file": digest})
                known = holdings.returns(scope, ids=before)
                return Received(path.name, found.name, tuple(known), already=True)
            own(scope, {each.agency for each in written})
            ids = [each.pk for each in written]
            identity.keep_file_name(path.name, ids)
            record(
                scope,
                "return received",
                {
                    "file": digest,
                    "kind": found.name,
                    "returns": ids,
                    "rows": sum(each.rows for each in written),
                },
            )
            received = _receipt(scope, path, found, ids, closings)
            if only_try:
                raise _TriedError(replace(received, tried=True))
            return received
    except _TriedError as tried:
        return tried.received
    except IntegrityError as error:
        if (refused := _same_day(path, error)) is None:
            raise
        raise refused from None
    except OperationalError as error:
        raise StoreUnavailable(_sentence(error)) from None


def _receipt(
    scope: Scope, path: Path, kind: Kind, ids: Sequence[int], closings: Counter[int]
) -> Received:
    """What became of a file, what its statements are about and what they restate."""
    standing = standing_of([number for number in closings if number not in ids])
    earlier = holdings.returns(scope, ids=standing)
    return Received(
        path.name,
        kind.name,
        tuple(holdings.returns(scope, ids=ids)),
        already=False,
        about=tuple(About(*each) for each in holdings.about(ids)),
        closed=tuple(
            Closed(each.id, each.file, closings[each.id], standing[each.id]) for each in earlier
        ),
    )


def _held_so(scope: Scope, digest: str, kind: Kind) -> list[HeldReturn]:
    """The returns that a file made before, read as it is to be read now; also those of a source
    that was not told by a reading when they came.
    """
    reading = "" if kind.reading is None else sha256(kind.reading.text.encode()).hexdigest()
    brought = held_blocks.brought_by_snapshot(digest, FROM_SNAPSHOT)
    return [
        each
        for each in holdings.returns(scope, sha256=digest)
        if each.reading == reading
        or (not each.reading and each.kind == kind.name)
        or each.id in brought
    ]


def _is_snapshot(kind: Kind) -> bool:
    return kind.name == SNAPSHOT


def _refuse_taken_back(held: Sequence[HeldReturn]) -> None:
    """Raise DarkfigureError where a file received before was taken back."""
    away = away_on(timezone.localdate())
    if back := [str(each.id) for each in held if each.id in away]:
        raise DarkfigureError(
            f"This file was received before and taken back (return {', '.join(back)}). "
            "`darkfigure withdraw return NUMBER --undo` lets it stand again."
        )


def _take_in(
    scope: Scope,
    path: Path,
    kind: Kind,
    digest: str,
    given: _Given,
    progress: Progress,
) -> tuple[list[Return], Counter[int], Sequence[int]]:
    """The returns of a file as written, the statements they close by return, and of a snapshot the
    returns that hold some of it already.
    """
    submissions = read_file(path, kind, timezone.localdate(), given.stated_on, given.accepted)
    reading = None if kind.reading is None else files.keep_reading(kind.reading.text)
    if isinstance(submissions[0], CaseSubmission):
        kept = identity.keep_file(path, digest)
        taken = [
            take_in_cases(
                scope, path, each, kept, given.marking, progress, reading, given.compartment
            )
            for each in submissions
            if isinstance(each, CaseSubmission)
        ]
        return taken, Counter(), ()
    before: Sequence[int] = ()
    if _is_snapshot(kind):
        new = what_is_new(scope, submissions)
        submissions, before = new.submissions, sorted(new.held)
    else:
        files.keep(path, digest)
    written: list[Return] = []
    closings: Counter[int] = Counter()
    for submission in submissions:
        submission.whole = submission.whole and given.extent is not Extent.PART
        writer = _writer(scope, submission, digest, given, reading)
        rows = 0
        for batch in prepared(watched(submission)):
            rows += batch.height
            progress("checking and writing" if not submission.problem_total else "checking", rows)
            if not submission.problem_total:
                writer.write(batch)
        if submission.problem_total:
            raise ReturnRefused(path.name, submission.problems, submission.problem_total)
        if kind.undated and given.stated_on is None:
            submission.remark(
                "undated",
                (say("problems.remark.day_received")),
            )
        done = writer.finish(
            [(remark.rule, str(remark.text), remark.line) for remark in submission.remarks]
        )
        if submission.whole and given.extent is None and submission.origin is None:
            _refuse_parts(path, done)
        progress("closing what it restates", rows)
        closings += settle(done)
        written.append(done)
    return written, closings, before


def _writer(
    scope: Scope,
    submission: Submission,
    digest: str,
    given: _Given,
    reading: KeptReading | None,
) -> Writer:
    """The writer of a submission; what comes out of a snapshot is of the file it was read from, and
    marked no lower than there. Raises NotPermitted where that is higher than the reader sees.
    """
    origin, marking = submission.origin, given.marking or Marking.PUBLIC
    name = submission.file_name.partition("#")[0]
    file = files.named(digest) if origin is None else files.name_only(name, origin.sha256)
    if origin is not None:
        marking, reading = max(marking, origin.marking), files.keep_reading(origin.kept)
        if marking > scope.sees:
            raise NotPermitted(Permission.RECEIVE_RETURN.refusal(scope.who))
    return Writer(
        submission,
        file,
        received_at=timezone.now(),
        received_by=scope.who,
        marking=marking,
        reading=reading,
        compartment=given.compartment,
    )


def _refuse_parts(path: Path, written: Return) -> None:
    """Raise ReturnRefused where a table leaves out cells of the one before it: it may be a part."""
    problems = [each.problem for each in left_out_of(written)]
    if problems:
        raise ReturnRefused(path.name, problems, len(problems))


def _same_day(path: Path, error: Exception) -> ReturnRefused | None:
    found = re.search(r"case_(\w+?)_once_a_day|\"(\w+?)_once_a_day", str(error))
    if found is None:
        return None
    kind = found[1] or found[2]
    wrong = say("problems.wrong.same_day", kind=Word("dimension", kind))
    right = say("problems.right.dated_later")
    return ReturnRefused(path.name, [Problem(wrong, right, column="stated_on", rule="same-day")])


def _check_space(path: Path) -> None:
    """Turn a return away that would fill the disk of the embedded server, which stops when its disk
    is full.
    """
    free = free_bytes() if roles.server().embedded else None
    folder = folder_of(path)
    paths = [path] if folder is None else [*folder.glob("*.parquet")]
    times = UNPACKED if folder is not None or path.suffix == ".gz" else 1
    needed = sum(each.stat().st_size for each in paths) * times * ROOM + RESERVE
    if free is not None and free < needed:
        raise StoreUnavailable(
            f"The disk of the data folder is full or nearly so: {path.name} needs about "
            f"{needed / 1e6:,.0f} MB, "
            f"{free / 1e6:,.0f} MB are free. Nothing of it was kept; free space and load it again."
        )


def _sentence(error: Exception) -> str:
    text = str(error.args[0])
    free = free_bytes() if roles.server().embedded else None
    full = (
        "No space left" in text
        or "could not extend" in text
        or (free is not None and free < RESERVE)
    )
    if full:
        return (
            f"The disk of the data folder is full ({text}). Nothing of the return was kept; "
            "free space and load it again."
        )
    return f"The database did not take the return ({text}). Nothing of it was kept; load it again."
