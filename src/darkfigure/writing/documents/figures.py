"""Declarations of what is answered: answers, bridges, comparisons, tables of several measures,
views, what is held, responses, how words are understood.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, NotRequired, TypedDict

from darkfigure.basis.status import CellReason, ChangeReason
from darkfigure.publication.response import AskedBy, LetterForm, Outcome
from darkfigure.publication.views.derived import Kind
from darkfigure.tables.holdings import Fill

Dims = Annotated[dict[str, str | None], "what of each breakdown; null where it is not said"]
Conditions = Annotated[list[str], "the conditions that figures are kept to, by their titles"]
MarkedAs = Annotated[
    Literal["public", "official", "official_sensitive", "secret"],
    "the highest marking of what it rests on",
]
Figure = Annotated[float | None, "null where there is no figure: `reasons` says why"]


class Head(TypedDict):
    """What every document says of itself."""

    schema: str
    version: Annotated[str, "of the program that wrote it"]
    licence: Annotated[str, "an SPDX expression; each figure keeps the terms of its source"]
    synthetic: Annotated[
        bool | None, "whether anything in it is made up; null where that is not known"
    ]


class Bounds(TypedDict):
    """A figure with the least and the most it can be."""

    value: Figure
    low: float | None
    high: float | None


class QuestionData(TypedDict):
    """A question, the same for every way of typing it."""

    measure: str
    by: list[str]
    where: list[str]
    period: Annotated[str | None, "FIRST..LAST day"]
    unit: str | None
    evidence: NotRequired[str]
    rule: NotRequired[str | None]
    strict: NotRequired[Literal[True]]


class SourceData(Bounds):
    """A statement behind a cell; `used` is false for one the cell does not rest on."""

    used: bool
    stated_on: date
    precision: str
    stated_by: str
    source: str
    file: str
    return_sha256: str
    period: str
    rule: Annotated[str, "why it was chosen, or lost"]
    instead: NotRequired[
        Annotated[list[float | None], "what of the cell is used in its place: value, low, high"]
    ]


class CellData(Bounds):
    """A figure, or the reason there is none, with every statement it rests on."""

    id: str
    dims: Dims
    status: str
    reasons: list[CellReason]
    notes: list[str]
    period: str
    partly_held: bool
    rule: str
    unknown: Annotated[dict[str, float], "records whose field is not known, by dimension"]
    sources: list[SourceData]


class RequirementData(TypedDict):
    """The question of the requirement whose answer would close the gap."""

    id: str
    edition: str
    text: str
    closes_when: str
    measures: list[str]
    reasons: list[str]
    breakdowns: list[str]


class CannotData(TypedDict):
    """Something that cannot be said, why, and what is held nearest."""

    reason: CellReason
    detail: str
    brief: NotRequired[str]
    requirement: RequirementData | None
    nearest: list[QuestionData]


CannotBear = Annotated[list[str], "claims that readers make of such figures and they do not carry"]


class AnswerData(TypedDict):
    """An answer: its cells, what is said with them, and what cannot be said."""

    question: QuestionData
    title: str
    conditions: Conditions
    marking: MarkedAs
    definition: str
    unit: str
    as_at: date
    answer: Annotated[str, "the id of the answer"]
    basis: Annotated[str, "a hash over everything read for it"]
    synthetic_records: Annotated[str | None, "how many of the records counted are made up"]
    cells: list[CellData]
    notes: list[str]
    cannot_bear: CannotBear
    cannot: list[CannotData]


class AnswerDocument(Head, AnswerData):
    """An answer to one question as known on a day."""


_Ends = TypedDict("_Ends", {"from": date, "to": date})


class BridgeLineData(TypedDict):
    """One step of a bridge and what it rests on."""

    cell: str
    reason: ChangeReason
    amount: float
    detail: str
    sources: list[str]


class SpanData(TypedDict):
    """A cell on both days."""

    cell: str
    opening: float | None
    closing: float | None
    opening_id: str
    closing_id: str


class BridgeData(_Ends):
    """How a figure came from one day to another: opening and the amounts give the closing."""

    question: QuestionData
    title: str
    conditions: Conditions
    marking: MarkedAs
    unit: str
    explained_as_at: date
    opening: float | None
    lines: list[BridgeLineData]
    closing: float | None
    adds_up: bool
    cells: list[SpanData]
    notes: list[str]


class BridgeDocument(Head, BridgeData):
    """Why a figure changed between two days."""


class AnswersDocument(Head):
    """Several answers and bridges, each by itself."""

    answers: list[AnswerData]
    bridges: list[BridgeData]


class ComparedFigure(Bounds):
    """The figure of one of the answers compared."""

    id: str


class ComparedCell(TypedDict):
    """One cell of the answers compared, by the name of each."""

    label: str
    agrees: bool
    within_bounds: bool
    dims: Dims
    figures: dict[str, ComparedFigure | None]


class ComparisonDocument(Head):
    """The same question answered from several bodies of evidence, and where the answers differ."""

    names: list[str]
    marking: MarkedAs
    agrees: bool
    why_apart: NotRequired[list[str]]
    cells: list[ComparedCell]
    answers: list[AnswerData]


class AskedMeasure(TypedDict):
    """A column: its measure, and which answer its figures are of."""

    measure: str
    title: str
    unit: str
    answer: str


class BesideFigure(Bounds):
    """The figure of a measure in a row."""

    reasons: list[CellReason]
    period: str
    cell: str


class BesideRow(TypedDict):
    """A row of the table: figures by measure."""

    dims: Dims
    in_progress: bool
    period: str | None
    figures: dict[str, BesideFigure | None]


class NoteOfSome(TypedDict):
    """A note, and the measures it is of."""

    note: str
    measures: list[str]


class BesideDocument(Head):
    """Several measures side by side; nothing is added up."""

    as_at: date
    conditions: Conditions
    marking: MarkedAs
    measures: list[AskedMeasure]
    of_different_periods: bool
    rows: list[BesideRow]
    notes: list[NoteOfSome]
    sources: list[str]
    answers: list[AnswerData]


class DerivedData(Bounds):
    """A figure worked out from cells, or why it is not."""

    why: NotRequired[str]
    of: Annotated[list[str], "the cells it was worked out from"]
    whole: NotRequired[Annotated[str, "the period whose whole the share is of"]]


class ViewRowData(Bounds):
    """A row of a view: a cell, or what was added up."""

    kind: Kind
    dims: Dims
    in_progress: bool
    reasons: list[CellReason]
    periods: list[str]
    cell: str | None
    added_up: NotRequired[list[str]]
    rows_added: NotRequired[int]
    change: NotRequired[DerivedData | None]
    change_per_cent: NotRequired[DerivedData | None]
    share_per_cent: NotRequired[DerivedData | None]


class WantedData(TypedDict):
    """What was wanted of the answer beside its cells."""

    change: bool
    share: bool
    total: bool
    top: int | None
    sort: str
    pivot: str
    of: NotRequired[str]


class AcrossRow(TypedDict):
    """A row of the grid: the numbers of rows of the view, by column."""

    dims: Dims
    kind: Kind
    rows: list[int | None]


class AcrossData(TypedDict):
    """One dimension across the page."""

    dimension: str
    columns: list[str]
    rows: list[AcrossRow]


class ViewData(TypedDict):
    """What was wanted, and its rows."""

    wanted: WantedData
    rows: list[ViewRowData]
    wholes: NotRequired[dict[str, list[str]]]
    across: NotRequired[AcrossData]
    notes: list[str]


class ViewDocument(Head, AnswerData):
    """An answer as it is, and a view of it: changes, shares, totals, the largest."""

    view: ViewData


HeldPeriod = TypedDict("HeldPeriod", {"from": date, "to": date, "label": str})


class HeldBreakdownData(TypedDict):
    """What is held of a measure in one unit and one breakdown."""

    by: list[str]
    unit: str
    periods: list[HeldPeriod]
    years: Annotated[dict[str, Fill], "how much of each calendar year is held"]
    time: Annotated[list[str], "the cuts of time it can be asked by"]
    stated_by: list[str]
    newest: date
    newest_is: NotRequired[Literal["received"]]
    documents: int


class HeldMeasureData(TypedDict):
    """What is held of a measure."""

    measure: str
    title: str
    withheld: Annotated[int, "breakdowns that the reader may not see"]
    breakdowns: list[HeldBreakdownData]


class HeldDocument(Head):
    """What is held of each measure on a day."""

    held: list[HeldMeasureData]


class ReadingData(TypedDict):
    """One way to understand a question in words."""

    measure: str
    title: str
    by: list[str]
    where: dict[str, str]
    period: str | None
    unit: str | None
    as_at: date
    of: NotRequired[str]
    top: NotRequired[int]
    left_out: list[str]
    taken: list[str]
    sure: bool


class UnderstandingDocument(Head):
    """How a question in plain words is understood, best first."""

    readings: list[ReadingData]


class WithdrawalData(TypedDict):
    """From when a response is withdrawn, and why."""

    on: date
    because: str


class AskedData(QuestionData):
    """A question with the day as known on which it was asked."""

    as_at: date


class EntryData(TypedDict):
    """A line of the register: what a response is about and what became of its parts."""

    response: str | None
    title: str
    request: str | None
    asked_by: AskedBy
    form: LetterForm
    language: str
    sent_on: date
    corrects: str | None
    reason: str | None
    corrected_by: str | None
    withdrawn: NotRequired[WithdrawalData]
    outcomes: Annotated[dict[str, Outcome], "by the letter of the part"]
    questions: dict[str, str]


class CostData(TypedDict):
    """What finding it would take, beside the appropriate limit."""

    records: int
    minutes: float
    more_hours: float
    hours: float
    pounds: float
    limit: float
    limit_hours: float


class RefusedData(TypedDict):
    """Why a part was refused."""

    reason: CellReason
    section: str | None
    why: str | None
    public_interest: str | None
    body: str | None
    held_here: bool | None
    cost: CostData | None


class PartData(TypedDict):
    """A part of a response: answered, or refused and then without an answer."""

    letter: str
    outcome: Outcome
    question: AskedData
    refused: RefusedData | None
    answer: AnswerData | None


class ResponseDocument(Head, EntryData):
    """A response as it went out."""

    parts: list[PartData]


class RegisterEntry(EntryData):
    """A line of the register, with who released it."""

    released_by: str


class RegisterDocument(Head):
    """The register of responses."""

    responses: list[RegisterEntry]


class FeedItem(TypedDict):
    """A response as an item of the feed."""

    id: str
    url: NotRequired[str]
    title: str
    content_text: str
    date_published: str
    date_modified: NotRequired[str]
    language: str
    _darkfigure: EntryData


class DisclosureDocument(TypedDict):
    """The disclosure log as a JSON Feed 1.1; what a document says of itself is `_darkfigure`."""

    version: Literal["https://jsonfeed.org/version/1.1"]
    title: str
    home_page_url: NotRequired[str]
    feed_url: NotRequired[str]
    language: str
    _darkfigure: Head
    items: list[FeedItem]
