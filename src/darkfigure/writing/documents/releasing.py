"""Declarations of releases, of their list, and of what was found when one was checked."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired, TypedDict

from darkfigure.publication.all_released import Fault
from darkfigure.publication.release import Mark
from darkfigure.writing.documents.figures import CannotBear, Head


class ReleaseHeadData(TypedDict):
    """What a release says of itself."""

    series: str
    edition: str
    title: str
    summary: str
    publisher: str
    contact: str
    licence: str
    out_at: Annotated[str, "the minute from which it is out, with its distance from UTC"]
    methods: list[str]
    quality: list[str]
    revisions: str
    address: str
    language: str


class ReleasedDimensionData(TypedDict):
    """What a table is divided by: its codes with their labels, in order."""

    code: str
    title: str
    is_time: bool
    codes: list[list[str]]


class ReleasedCellData(TypedDict):
    """A figure, or its bounds; a code for each dimension; why there is none that is whole."""

    values: list[str]
    value: int | float | None
    low: int | float | None
    high: int | float | None
    marks: list[Mark]
    reasons: list[str]


class ReleasedTableData(TypedDict):
    """A table as it went out, and the question that it answers."""

    code: str
    title: str
    measure: str
    measure_title: str
    definition: str
    unit: str
    unit_title: str
    dimensions: list[ReleasedDimensionData]
    cells: list[ReleasedCellData]
    notes: list[str]
    sources: list[str]
    as_at: str
    question: dict[str, Any]
    answer: str
    basis: str
    synthetic: bool
    cannot_bear: NotRequired[CannotBear]


class MovedData(TypedDict):
    """A figure that the version before told otherwise: figure, least and most of both."""

    table: str
    labels: list[str]
    before: list[int | float | None] | None
    after: list[int | float | None] | None


class ReleaseData(TypedDict):
    """A version of an edition."""

    head: ReleaseHeadData
    version: int
    tables: list[ReleasedTableData]
    corrects: int | None
    reason: str
    scheduled: bool
    moved: list[MovedData]
    attached: NotRequired[Annotated[list[list[str]], "files that no table makes: name and hash"]]
    made_up: NotRequired[Annotated[bool, "whether any of those files is synthetic"]]


class ReleaseDocument(Head):
    """A release as it went out; `content` is the hash of all that it says."""

    identifier: str
    content: str
    citation: str
    release: ReleaseData


class ReleaseEntry(TypedDict):
    """A release in the list: how far it is, and what became of it."""

    release: str
    name: str
    title: str
    state: str
    out_at: str
    content: str
    prepared_by: str
    approved_by: str | None
    reason: str
    withdrawn: str | None


class ReleasesDocument(Head):
    """Releases that are prepared, out, replaced or withdrawn."""

    releases: list[ReleaseEntry]


class GoneData(TypedDict):
    """Something that went out."""

    kind: Literal["release", "response"]
    reference: str
    address: Annotated[str, "of a release, below the address of releases"]
    name: Annotated[str, "the file of a release, the part of a response"]
    out_at: str
    state: str
    measure: Annotated[str, "of the answer in a part of a response"]
    sha256: Annotated[str, "of the bytes of a file, of all that an answer says"]


class LedgerDocument(Head):
    """Everything that went out, oldest first."""

    gone: list[GoneData]


class FaultData(TypedDict):
    """Something protected that comes out of what is to go out and of what went out before."""

    fault: Fault
    cell: str
    low: int
    high: Annotated[int | None, "nothing where it is not bounded"]
    said: str


class ReleaseCheckDocument(Head):
    """What an attacker who holds everything that went out makes of a release."""

    release: str
    passes: bool
    hidden: Annotated[int, "counts that are hidden, each proved to have other possible values"]
    shown: int
    out: Annotated[int, "tables and answers that went out before"]
    faults: list[FaultData]
    warnings: list[str]


class AccessibilityFaultData(TypedDict):
    """A condition that keeps somebody from reading a PDF, and where it was found."""

    name: str
    standard: Literal["PDF/UA-1", "WCAG 2.2", "house"]
    condition: Annotated[str, "its number: of the Matterhorn Protocol, of WCAG; or its name"]
    page: int | None
    object: int | None
    path: Annotated[str, "the tags from the root down, separated by slashes"]
    what: str
    right: str


class AccessibleFileData(TypedDict):
    """A PDF that was looked through."""

    file: str
    pages: int
    conforms: Annotated[bool, "no condition of PDF/UA-1 was found"]
    passes: Annotated[bool, "nothing was found at all"]
    faults: list[AccessibilityFaultData]


class AccessibleDocument(Head):
    """What was found of PDFs that everybody should be able to read."""

    files: list[AccessibleFileData]
