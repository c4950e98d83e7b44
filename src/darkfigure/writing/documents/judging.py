"""Declarations of judgements: their list, one of them, its history, what bears on a question, and
what closed ones were worth.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, TypedDict

from darkfigure.intelligence.judgements import Direction, Rating, Standing
from darkfigure.intelligence.yardstick import Term
from darkfigure.writing.documents.figures import Head


class JudgementRow(TypedDict):
    """A version of a judgement in short."""

    judgement: str
    code: str
    version: int
    standing: Standing
    area: str
    requirements: list[str]
    claim: str
    term: Term | None
    confidence: Rating
    direction: Direction
    horizon: date | None
    marking: str
    known: date
    synthetic: bool


class JudgementsDocument(Head):
    """The judgements that stand as at a day, and how many are withheld from the reader."""

    as_at: date
    judgements: list[JudgementRow]
    withheld: int


class JudgementEventData(TypedDict):
    """What was done with a version: known of which day, by whom, entered when."""

    kind: str
    on: date
    by: str
    at: str
    why: str
    said: dict[str, Any]


class RankedData(TypedDict):
    """A hypothesis with what speaks against it, weighed."""

    hypothesis: str
    against: float
    claimed: bool


class TurnData(TypedDict):
    """An item that changes what leads if it is false."""

    item: str
    leading: list[str]


class GridData(TypedDict):
    """What a grid of hypotheses comes to."""

    ranked: list[RankedData]
    leading: list[str]
    diagnosticity: Annotated[dict[str, int], "0, of no use, to 4"]
    turns: list[TurnData]


class JudgementDocument(Head):
    """A version of a judgement: what it says, in the shape of its file, and what was done to it."""

    judgement: str
    code: str
    standing: Standing
    area: str
    requirements: list[str]
    claim: str
    term: Term | None
    confidence: Rating
    direction: Direction
    horizon: date | None
    marking: str
    known: date
    content: Annotated[str, "the hash of all that it says"]
    says: dict[str, Any]
    grid: GridData
    events: list[JudgementEventData]


class VersionRow(JudgementRow):
    """A version with what was done with it."""

    content: str
    events: list[JudgementEventData]


class JudgementHistoryDocument(Head):
    """Every version of a judgement."""

    versions: list[VersionRow]


class NewItemData(TypedDict):
    """An item that is known since a day, and what it says of a cell."""

    name: str
    relation: str
    area: str
    period: str
    known: date
    grade: str


class MovedFigureData(TypedDict):
    """A figure that a judgement cites and that says something else by now, with the way between."""

    judgement: str
    question: str
    as_at: date
    was: str
    now: str
    bridge: list[str]


class DoubtData(TypedDict):
    """Why a judgement may no longer hold."""

    judgement: str
    why: str


class GatheredDocument(Head):
    """What bears on a question, from a day to another."""

    requirement: str
    edition: str
    since: date
    as_at: date
    items: list[NewItemData]
    contested: list[str]
    lapsed: list[str]
    judgements: list[str]
    moved: list[MovedFigureData]
    doubts: list[DoubtData]
    withheld: int


class RateData(TypedDict):
    """So many of a number, with the limits of the share (Wilson, 95 %)."""

    hits: int
    number: int
    low: float
    high: float


class SpreadData(TypedDict):
    """A mean score over the whole bands of terms: less is better."""

    best: float
    midpoint: float
    worst: Annotated[float | None, "nothing where it is without bound"]


class BandData(TypedDict):
    """The closed judgements of a term."""

    term: Term
    low: int
    high: int
    came_true: RateData
    holds: Annotated[bool, "whether the limits of the share and the band have a value in common"]
    resolution: float


class BesideNoChangeData(TypedDict):
    """Beside a forecast that nothing changes, for those that say what would be so then."""

    number: int
    brier: float | None
    brier_unchanged: float | None
    directions: RateData


class ScoresData(TypedDict):
    """What closed judgements are worth."""

    number: int
    brier: SpreadData
    log: SpreadData
    bands: list[BandData]
    reliability: float
    resolution: float
    uncertainty: float
    by_chance: float
    directions: RateData
    unchanged: BesideNoChangeData


class JudgementScoresDocument(Head):
    """The scores of judgements that are closed as at a day; nothing where none is."""

    as_at: date
    own: bool
    untold: int
    overdue: int
    open: int
    never: int
    withheld: int
    scores: ScoresData | None
