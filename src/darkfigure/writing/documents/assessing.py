"""Declarations of editions of the yearly assessment: frozen, checked, listed, compared."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypedDict

from darkfigure.assessment.conditions import Verdict
from darkfigure.assessment.edition import Rendering
from darkfigure.assessment.findings import Level
from darkfigure.writing.documents.figures import Head


class ConditionData(TypedDict):
    """What a sentence says that can be checked, and whether it holds."""

    file: str
    line: int
    words: str
    condition: str
    verdict: Verdict


class FrozenData(TypedDict):
    """All that a rendering is made of: its text, what each reference shows, its judgements, what it
    is compared with.
    """

    texts: dict[str, str]
    rendering: Rendering
    values: Annotated[dict[str, Any], "what each reference shows, by the reference's key"]
    judgements: list[dict[str, Any]]
    conditions: list[ConditionData]
    basis: dict[str, str]
    against: dict[str, Any] | None


class EditionDocument(Head):
    """An edition in one rendering, from which all its files can be made again."""

    edition: str
    title: str
    as_at: str
    content: Annotated[str, "the hash of all that it says"]
    frozen: FrozenData


class PartData(TypedDict):
    """Lines under a heading."""

    head: str
    lines: list[str]


class JudgementOfEditionData(TypedDict):
    """A judgement as an edition has it; of one that is withheld only its code and marking."""

    code: str
    area: str
    version: int
    claim: str
    term: str
    confidence: str
    direction: str
    change: str
    reason: str
    marking: str
    withheld: bool
    parts: list[PartData]
    rests_on: list[str]
    synthetic: bool


class JudgementsOfEditionDocument(Head):
    """Every judgement of an edition in one rendering."""

    edition: str
    as_at: str
    judgements: list[JudgementOfEditionData]


class FindingData(TypedDict):
    """What a check found: where, how grave, by which standard."""

    file: str
    line: int
    level: Level
    check: str
    standard: str
    said: str


class EditionCheckDocument(Head):
    """What was found of an edition before its release."""

    edition: str
    passes: bool
    findings: list[FindingData]


class EditionEntry(TypedDict):
    """An edition in the list, and how far the release of its public rendering is."""

    edition: str
    name: str
    version: int
    title: str
    as_at: str
    state: str
    release: str
    content: str
    snapshot: str | None
    prepared_by: str
    approved_by: str | None


class EditionsDocument(Head):
    """Editions that were frozen."""

    editions: list[EditionEntry]


class EditionFeedItem(TypedDict):
    """The edition, or a judgement that says something else than before, as an item of the feed."""

    id: str
    title: str
    content_text: str
    date_published: str


class EditionFeedDocument(TypedDict):
    """What changed from one edition to the next as a JSON Feed 1.1; its head is `_darkfigure`."""

    version: Literal["https://jsonfeed.org/version/1.1"]
    title: str
    language: str
    _darkfigure: Head
    items: list[EditionFeedItem]


class DatedData(TypedDict):
    """An edition by its name and day."""

    edition: str
    as_at: str


class JudgedData(TypedDict):
    """What a judgement says in one of two editions."""

    code: str
    claim: str
    term: str
    confidence: str
    direction: str
    withheld: bool


class JudgementMovedData(TypedDict):
    """A judgement then and now, and what moved it."""

    code: str
    then: list[JudgedData]
    now: list[JudgedData]
    how: str
    changed: bool
    what_moved_it: list[str]
    reason: str


class FigureMovedData(TypedDict):
    """A figure that both editions show; `bridge` has its steps, each with amount and reason."""

    title: str
    then: str
    now: str
    changed: bool
    bridge: list[list[str]]


class CoverageMovedData(TypedDict):
    """The share of what is asked that is answered, and what moved it: all are shares of weight."""

    opening: float
    revision: Annotated[float, "late replies and changed grades"]
    closed: float
    lapsed: float
    scope: float
    closing: float


class AskedData(TypedDict):
    """A question of a requirement set."""

    question: str
    text: str


class ComparisonOfEditionsDocument(Head):
    """Two editions side by side."""

    before: DatedData
    after: DatedData
    judgements: list[JudgementMovedData]
    figures: list[FigureMovedData]
    estimates: list[FigureMovedData]
    coverage: CoverageMovedData | None
    opened: list[AskedData]
    closed: list[AskedData]
