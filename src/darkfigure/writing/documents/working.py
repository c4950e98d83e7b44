"""Declarations of what is worked out: linkages, coverage and its cells, the definition applied, the
flow of persons.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, NotRequired, TypedDict

from darkfigure.basis.truth import Truth
from darkfigure.intelligence.coverage import CellStatus
from darkfigure.law.palermo import Finding
from darkfigure.writing.documents.figures import Conditions, Head, MarkedAs


class PersonsData(TypedDict):
    """Persons as decided, and the least and the most there could be."""

    decided: int
    least: int
    most: int


class ExpectedData(TypedDict):
    """How right the linkage is expected to be, by its own model."""

    precision: float
    precision_range: list[float]
    recall: float
    recall_range: list[float]


class ThresholdsData(TypedDict):
    """Probabilities from which records are joined, looked at, beyond doubt."""

    automatic: float
    clerical: float
    certain: float
    possible: float


class BandData(TypedDict):
    """Pairs of one band of probability."""

    words: str
    pairs: int
    expected: float
    true: int


class DrawnData(TypedDict):
    """Persons over plausible ways of putting the records together."""

    mean: float
    low: float
    high: float
    draws: int


class HiddenData(TypedDict):
    """The estimate that follows from the linkage, or why there is none."""

    total: float | None
    why: NotRequired[str]
    low: NotRequired[float | None]
    high: NotRequired[float | None]
    level: NotRequired[float]
    shares_of_variance: NotRequired[dict[str, float]]
    replicates_without_estimate: NotRequired[int]
    warning: NotRequired[str]
    by_formula: NotRequired[str]


class LinkageDocument(Head):
    """A linkage: how many persons the records are of, and how right that is."""

    records: int
    lists: dict[str, int]
    persons: PersonsData
    pairs: int
    for_review: int
    engine: str
    model: str
    seconds: float
    memory_mb: float
    expected: ExpectedData | None
    thresholds: ThresholdsData
    remarks: list[str]
    precision: NotRequired[float | None]
    recall: NotRequired[float | None]
    f1: NotRequired[float | None]
    pairs_true: NotRequired[int]
    persons_true: NotRequired[int | None]
    calibration: NotRequired[list[BandData]]
    persons_drawn: NotRequired[DrawnData]
    matches_not_found: NotRequired[float]
    estimate: NotRequired[HiddenData]


class PartOfWeight(TypedDict):
    """One step to a pair's weight."""

    compared: str
    found: str
    bits: float


class WaitingPair(TypedDict):
    """A pair in doubt, without the records themselves."""

    left: str
    right: str
    probability: float
    why: list[PartOfWeight]


class ReviewDocument(Head):
    """Pairs that somebody should look at."""

    waiting: list[WaitingPair]
    more: int


class SharesData(TypedDict):
    """Shares of weight by status, and what they rest on."""

    shares: Annotated[dict[str, float | None], "by status"]
    cells: int
    weight: float
    asks_due: int
    response: float | None
    on_time: float | None
    informative: float | None
    origins: float | None
    single_origin: float | None
    largest_share: float | None
    median_age: float | None
    fragile: float | None


class SharesOf(SharesData):
    """Shares of one part of what coverage is cut by."""

    threat: NotRequired[str]
    requirement: NotRequired[str]
    question: NotRequired[str]
    area: NotRequired[str]
    period: NotRequired[str]
    agency: NotRequired[str]


class MoveData(TypedDict):
    """How many cells went from one status to another."""

    status_before: str
    status: str
    cells: int
    weight: float


class CoverageChangeData(TypedDict):
    """The way from one published headline to the next; it adds up."""

    opening: float
    revision: float
    closed: float
    lapsed: float
    scope: float
    closing: float
    like_before: float
    like_after: float
    added: list[str]
    dropped: list[str]
    moves: list[MoveData]


class CoverageDocument(Head):
    """How far the requirement is covered."""

    called: str
    edition: str
    as_at: date
    known: date
    answered_share: float
    floor: list[str]
    whole: SharesData
    by: NotRequired[list[SharesOf]]
    change: NotRequired[CoverageChangeData]


class CoverageCell(TypedDict):
    """Where a cell of the requirement stands."""

    cell: int
    threat: str
    requirement: str
    question: str
    part: str
    area: str
    period: str
    start: date
    end: date
    weight: float
    half_life: float | None
    existence: bool
    asked: int | None
    due: int | None
    replied: int | None
    on_time: int | None
    informed: int | None
    told: int | None
    status: CellStatus
    e_for: float | None
    e_against: float | None
    origins: int | None
    largest_share: float | None
    age: float | None
    fragile: bool | None


class Known(TypedDict):
    """From when to when something was known; empty where it still is."""

    known_from: str
    known_to: str


class AskRow(Known):
    """An ask on the cell."""

    ask: Any
    agency: str
    due: str
    changed: str


class ReplyRow(Known):
    """A reply to an ask on the cell."""

    ask: Any
    reply: Any
    agency: str
    kind: str
    effort: str
    ground: str
    on: str


class ItemRow(TypedDict):
    """An item linked to the cell; of one that the reader may not see, its number and mark alone."""

    item: str
    relation: NotRequired[str]
    kind: NotRequired[str]
    on: NotRequired[str]
    origin: NotRequired[str]
    grade: NotRequired[str]
    converted_from: NotRequired[str]
    graded_by: NotRequired[str]
    corroborated_by: NotRequired[str]
    marking: str
    tlp: str
    caveats: NotRequired[Any]
    known_from: NotRequired[str]
    known_to: NotRequired[str]
    synthetic: NotRequired[bool]


class AcceptedRow(Known):
    """An answer that was accepted for the cell."""

    answer: str
    accepted_on: str
    lapses_on: str
    confidence: str
    low: float | None
    high: float | None
    rests_on: Any


class CellDocument(Head):
    """A cell of the requirement with all it stands on."""

    cell: CoverageCell
    asks: list[AskRow]
    replies: list[ReplyRow]
    items: list[ItemRow]
    answers: list[AcceptedRow]


class ElementData(TypedDict):
    """An element of the definition: met or not, and by which forms of it."""

    value: Truth
    forms: list[str]


_Since = TypedDict("_Since", {"from": date, "to": date | None})


class StatuteData(_Since):
    """A statute, and whether it applies."""

    code: str
    title: str
    section: str
    jurisdiction: str
    day_known: bool
    applies: Truth
    words: str
    missing: list[str]
    maximum: str | None
    sentence: str


class CaseReturnData(TypedDict):
    """What a case return would say of it."""

    definition: str
    definition_missing: str | None


class SchemeData(TypedDict):
    """Codes of another scheme, and what is lost on the way to it."""

    codes: list[str]
    lost: list[str]


class DefinitionDocument(Head):
    """The definition applied to a case."""

    finding: Finding
    headline: str
    missing: list[str]
    presumed_child: bool
    if_child: Finding
    if_adult: Finding
    elements: dict[str, ElementData]
    sentences: list[str]
    day: date | None
    place: str | None
    statutes: list[StatuteData]
    case_return: CaseReturnData
    other_schemes: dict[str, dict[str, SchemeData]]


FlowStep = TypedDict("FlowStep", {"from": str, "to": str, "persons": int})


class StillWaiting(TypedDict):
    """The share of persons still waiting on a day."""

    day: int
    share: float


class DurationData(TypedDict):
    """How long a step takes."""

    step: str
    persons: int
    ended: int
    waiting: int
    median_days: float | None
    low: float | None
    high: float | None
    still_waiting: list[StillWaiting]


class FlowDocument(Head):
    """How persons went from recovery and arrest to sentence."""

    as_at: date
    where: list[str]
    conditions: Conditions
    marking: MarkedAs
    victims: list[FlowStep]
    suspects: list[FlowStep]
    durations: list[DurationData]
    unplaced: dict[str, int]
