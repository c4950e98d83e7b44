"""The kinds of file that can be received, and which one a file is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from hashlib import file_digest
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from darkfigure.basis.errors import ReturnRefused, UnknownName, Unreadable
from darkfigure.basis.problem import Problem
from darkfigure.basis.saying import Saying, say, several
from darkfigure.cases.casework import CaseSubmission
from darkfigure.cases.submission import Submission
from darkfigure.codes import nearest
from darkfigure.reading import case_files
from darkfigure.reading.by_reading import read_figures
from darkfigure.reading.cases_by_reading import read_cases
from darkfigure.reading.choosing import beside, fitting, packaged
from darkfigure.reading.delimited import heading
from darkfigure.reading.door import is_packed, opened
from darkfigure.reading.instructions import Form, Reading, read_reading
from darkfigure.reading.readings import StatedOn
from darkfigure.reading.request_files import no_return
from darkfigure.reading.snapshot_returns import read_snapshot
from darkfigure.reading.sources import answers, nrm_form
from darkfigure.tables.extent import Extent
from darkfigure.tables.memory import MemoryEvidence
from darkfigure.tables.sense import acceptable, sensible
from darkfigure.tables.snapshot_files import SNAPSHOT, folder_of

Piece = TypeVar("Piece")


class Dated(Enum):
    """Where the day comes from on which a file was stated: it says so itself, it is given by hand,
    or it goes by the release, of which it is on record or given.
    """

    IN_FILE = "in file"
    BY_HAND = "by hand"
    BY_RELEASE = "by release"


@dataclass(frozen=True)
class Kind:
    """A kind of file: its reader and its columns, where its day comes from, and the reading by
    which it is read, where it is by one.
    """

    name: str
    read: Callable[..., Sequence[Submission]]
    columns: tuple[str, ...]
    dated: Dated = Dated.IN_FILE
    reading: Reading | None = None

    @property
    def title(self) -> Saying:
        """What files of this kind hold."""
        return say(f"files.kind.{self.name}")

    @property
    def undated(self) -> bool:
        """Whether a file of this kind does not say when it was stated."""
        return self.dated is Dated.BY_HAND


_DAY = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4}", re.ASCII)
_NUMBER = re.compile(r"[-+]?[\d.,]+")
#: The share of a kind's columns that a heading must have to be taken for it; what is then missing
#: is named.
ENOUGH = 0.6


def kind_named(name: str) -> Kind:
    """The kind of that name. Raises UnknownName with the nearest."""
    if name not in KINDS:
        raise UnknownName(f"{name!r} is not a kind of file. {nearest(name, KINDS)}")
    return KINDS[name]


def by_reading(reading: Reading) -> Kind:
    """The kind of file that a reading makes of one."""

    def read(path: Path, stated_on: StatedOn = None) -> Sequence[Submission]:
        if reading.form is Form.CASES:
            day = stated_on if isinstance(stated_on, date) else None
            return read_cases(path, reading, stated_on=day)
        made = "statements" if name == "reading" else name
        return read_figures(path, reading, stated_on=stated_on, kind=made)

    name = _name_of(reading)
    return Kind(name, read, tuple(reading.needed()), _dated(reading), reading)


def _name_of(reading: Reading) -> str:
    """What a kind of file is called that is read by a reading: a source of the package by its own
    name.
    """
    if reading.form is Form.CASES:
        return "cases"
    return reading.name.removesuffix(".toml") if reading in packaged() else "reading"


def _dated(reading: Reading) -> Dated:
    if reading.says_its_day:
        return Dated.IN_FILE
    return Dated.BY_HAND if reading.release is None else Dated.BY_RELEASE


KINDS = {
    kind.name: kind
    for kind in (
        Kind("answers", answers.read, ()),
        Kind(
            "cases",
            case_files.read,
            (),
        ),
        Kind(
            "nrm_form",
            nrm_form.read,
            (),
        ),
        Kind(SNAPSHOT, read_snapshot, ()),
        *map(by_reading, packaged()),
    )
}


def recognise(path: Path, given: Path | None = None, folders: Sequence[Path] = ()) -> Kind:
    """The kind of a file: by the reading given for it or lying beside it, by its content, or by a
    reading of the folders or the package. Raises ReturnRefused where none fits.
    """
    if folder_of(path) is not None:
        return KINDS[SNAPSHOT]
    if request := no_return(path):
        raise request
    if given is not None or beside(path).is_file():
        return by_reading(read_reading(given or beside(path)))
    found, refused = _of_content(path)
    if found is not None:
        return found
    try:
        reading = fitting(path, folders)
    except ReturnRefused as error:
        raise (error if is_packed(path) else refused or error) from None
    if reading is not None:
        return by_reading(reading)
    raise _no_reading(path) if is_packed(path) or refused is None else refused


def _no_reading(path: Path) -> ReturnRefused:
    wrong, right = (
        say("problems.wrong.unknown_shape"),
        say("problems.right.propose", file=path.name),
    )
    return ReturnRefused(path.name, [Problem(wrong, right, rule="file")])


def _of_content(path: Path) -> tuple[Kind | None, ReturnRefused | None]:
    """The kind of a file by its content; nothing, with the refusal, where none fits."""
    try:
        return _recognised(path), None
    except ReturnRefused as refused:
        return None, refused


def _recognised(path: Path) -> Kind:
    with opened(path) as source:
        start = source.read(4096)
    if not start.strip():
        raise ReturnRefused(
            path.name,
            [
                Problem(
                    say("problems.wrong.empty_file"),
                    say("problems.right.send_content"),
                    rule="file",
                )
            ],
        )
    begins = start.decode("utf-8", "replace").lstrip("\ufeff")
    for name, module in (("answers", answers), ("cases", case_files), ("nrm_form", nrm_form)):
        if module.recognises(begins):
            return KINDS[name]
    if begins.lstrip()[:1] in ("{", "["):
        problem = Problem(
            say("problems.wrong.no_kind_document"),
            say("problems.right.say_kind", kinds=several(KINDS, "comma")),
            rule="file",
        )
        raise ReturnRefused(path.name, [problem])
    names = heading(path)
    if "record_kind" in names:
        return KINDS["cases"]
    fits = {
        kind.name: sum(name in names for name in kind.columns) / len(kind.columns)
        for kind in KINDS.values()
        if kind.columns
    }
    best = max(fits, key=fits.__getitem__)
    if fits[best] < ENOUGH:
        problem = Problem(
            say("problems.wrong.no_kind", pieces=described(names)),
            say("problems.right.say_kind", kinds=several(KINDS, "comma")),
            line=1,
            rule="file",
        )
        raise ReturnRefused(path.name, [problem])
    return KINDS[best]


def described(pieces: Sequence[str]) -> Saying:
    """How many pieces a line has and of what sort, never what stands in them: a file that is not
    recognised may be a list of people.
    """
    sorts = Counter(
        "days" if _DAY.fullmatch(piece) else "numbers" if _NUMBER.fullmatch(piece) else "texts"
        for piece in map(str.strip, pieces)
    )
    kinds = [say("problems.some", number=count, what=sort) for sort, count in sorts.items()]
    return say("problems.pieces", count=len(pieces), kinds=several(kinds, "comma"))


def read_file(
    path: Path,
    kind: Kind,
    received_on: date,
    stated_on: StatedOn = None,
    accepted: Mapping[str, str] = MappingProxyType({}),
) -> Sequence[Submission]:
    """The submissions in a file, held against the checks of sense; those `accepted` are told with
    the reason given, and refuse nothing.

    A file of an undated kind counts as stated on the day it was received. Raises Unreadable for a
    day given where the file says it itself, or a check that nobody can accept.
    """
    for rule, reason in accepted.items():
        if not acceptable(rule) or not reason.strip():
            raise Unreadable(str(say("problems.wrong.not_acceptable", rule=rule)))
    if kind.dated is Dated.IN_FILE:
        _not_given(kind, stated_on)
        found = kind.read(path)
    else:
        if isinstance(stated_on, Mapping) and kind.undated:
            raise Unreadable("A file of this kind has one day: give it as --stated-on YYYY-MM-DD.")
        found = kind.read(path, stated_on or (received_on if kind.undated else None))
    for submission in found:
        submission.received_on = received_on
        held = submission.origin.accepted if submission.origin else {}
        submission.accepted = {**held, **accepted}
        submission.batches = _told(submission, sensible(submission, submission.batches))
        if isinstance(submission, CaseSubmission):
            submission.tables = _told(submission, submission.tables)
    return found


def _not_given(kind: Kind, stated_on: StatedOn) -> None:
    if stated_on is not None:
        raise Unreadable(
            f"A file of the kind {kind.name} says itself when it was stated: leave --stated-on out."
        )


def _told(submission: Submission, pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Pieces of a submission; once they are through, what was noticed is remarked."""
    yield from pieces
    submission.tell_noticed()


def read_files(
    paths: Iterable[Path], received_on: date
) -> Iterator[tuple[Path, Sequence[Submission]]]:
    """Each file with the submissions in it, its kind recognised. Raises ReturnRefused where none
    fits.
    """
    for path in paths:
        yield path, read_file(path, recognise(path), received_on)


def evidence_from(
    paths: Iterable[Path | str], received_on: date, extent: Extent | None = None
) -> MemoryEvidence:
    """Read files into memory as evidence for `darkfigure.publication.answer`.

    Raises ReturnRefused at the first file with faults; also, unless `extent` says whether tables
    are the whole or a part, at one that leaves out cells of a table read before.
    """
    evidence = MemoryEvidence()
    for path in map(Path, paths):
        kind = recognise(path)
        digest = "" if kind.name == SNAPSHOT else _digest(path)
        for submission in read_file(path, kind, received_on):
            evidence.receive(submission, received_on=received_on, content=digest, extent=extent)
    return evidence


def _digest(path: Path) -> str:
    with path.open("rb") as content:
        return file_digest(content, "sha256").hexdigest()
