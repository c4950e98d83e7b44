"""Declarations of what is listed: measures, returns, the log, packs, requirements and what waits
for them; a cell that was opened; what was refused.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, NotRequired, TypedDict

from darkfigure.basis.status import CellReason
from darkfigure.intelligence.requirement_sets import AnswerKind
from darkfigure.linkage.decisions import DecisionKind
from darkfigure.writing.documents.figures import Bounds, Dims, Head


class MeasureData(TypedDict):
    """A measure: what can be asked about."""

    measure: str
    title: str
    units: list[str]
    definition: str
    dimensions: list[str]
    holders: list[str]
    aliases: list[str]
    counting_rules: list[str]


class MeasuresDocument(Head):
    """What can be asked about."""

    measures: list[MeasureData]


class FaultData(TypedDict):
    """A fault of what was sent: where it is, what is wrong, what would be right."""

    line: int | None
    column: str | None
    rule: str
    wrong: str
    right: str


class ProblemDocument(Head):
    """Why a request was refused (RFC 9457): `detail` is the sentence, `faults` those of a file."""

    type: str
    title: str
    status: int
    detail: str
    faults: NotRequired[list[FaultData]]


class SchemaListed(TypedDict):
    """A document that has a Schema."""

    name: str
    schema: str
    about: str


class SchemasDocument(Head):
    """The Schemas of all documents."""

    schemas: list[SchemaListed]


class ReturnData(TypedDict):
    """A return as listed."""

    id: int
    kind: str
    file: str
    part: str
    sha256: str
    rows: int
    received_at: datetime
    received_by: str
    agency: str
    remarks: list[str]
    taken_back: date | None
    reading: str
    received_as: NotRequired[str]


class ReturnsDocument(Head):
    """The returns received."""

    returns: list[ReturnData]


class LogEntryData(TypedDict):
    """An entry of the log."""

    id: int
    at: datetime
    who: str
    purpose: str
    action: str
    detail: Annotated[dict[str, Any], "what each kind of entry says"]


class LogHead(TypedDict):
    """How far the log had come."""

    id: int
    count: int
    hash: str
    sealed_by: str
    day: str


class LogChecked(TypedDict):
    """What was proved of the log."""

    entries: int
    proved: int
    chained: int
    elsewhere: dict[str, int]
    heads: int
    sets: int
    last: LogHead | None
    fault: str | None
    broken_at: int | None


class LogDocument(Head):
    """Who read and changed what, and whether the log holds together."""

    entries: list[LogEntryData]
    holds: bool
    checked: LogChecked


class PackData(TypedDict):
    """A pack in use; the licence is that of the pack."""

    name: str
    title: str
    version: str
    languages: list[str]
    licence: str
    source: str
    codes: Annotated[dict[str, int], "rows by code list"]
    measures: list[str]
    domains: list[str]


class PacksDocument(Head):
    """The packs in use."""

    packs: list[PackData]


class DecisionData(TypedDict):
    """A decision on a link."""

    id: int
    kind: DecisionKind
    decided_on: date
    decided_by: str
    reason: str
    left: str
    right: str
    undoes: int | None


class PersonDocument(Head):
    """The records of one person, by pseudonym."""

    as_at: date
    decided: list[str]
    surely: list[str]
    possibly: list[str]
    decisions: list[DecisionData]


class ColumnData(TypedDict):
    """What a column of a table seems to be."""

    name: str
    is_: str
    sure: float
    known: int
    unknown: Annotated[Any, "how many values are not known; with their counts where shown"]
    shown: bool
    why: str


class ProposalDocument(Head):
    """How a file of tables seems to be read."""

    file: str
    form: str
    reads_as: str
    kinds: list[str]
    sheet: str
    heading_lines: list[int]
    first_line: int
    last_line: int | None
    columns: list[ColumnData]
    across: list[str]
    always: dict[str, Any]
    ask: list[str]
    marks: list[str]
    measures: list[str]
    other_tables: int
    rows: list[list[str]]


class QuestionOfSet(TypedDict):
    """An atomic question of a requirement set."""

    code: str
    requirement: str
    threat: str
    text: str
    answer: AnswerKind
    unit: str
    accept: str
    decision: str
    customer: str
    owner: str
    priority: float
    half_life: float | None
    areas: list[str]
    groups: list[str]
    cut: str
    latest_useful: date | None
    public: str
    closes_when: str
    gap_measures: list[str]
    gap_reasons: list[str]
    gap_breakdowns: list[str]
    ratio: float | None


class QuestionsDocument(Head):
    """Questions of an edition of the requirement."""

    questions: list[QuestionOfSet]


_Valid = TypedDict("_Valid", {"from": date, "to": date})


class RequirementsDocument(Head, _Valid):
    """An edition of the requirement: every question it asks."""

    edition: str
    title: str
    follows: str | None
    threats: dict[str, str]
    requirements: dict[str, str]
    questions: list[QuestionOfSet]


class ConcordanceData(TypedDict):
    """What became of codes of the edition before."""

    kind: str
    old: list[str]
    new: list[str]
    reason: str


class RequirementChangesDocument(Head):
    """What became of questions from one edition to another."""

    concordance: list[ConcordanceData]
    added: list[str]
    dropped: list[str]
    changed: dict[str, list[str]]


class MoreTimeData(TypedDict):
    """More time that was given for a reply: until when, on which day, by whom and why."""

    until: date
    given_on: date
    given_by: str
    reason: str


class DueAsk(TypedDict):
    """An ask without a reply."""

    ask: str
    agency: str
    question: str
    area: str
    period: str
    due: date
    overdue: bool
    more_time: MoreTimeData | None


class DueDocument(Head):
    """Asks without a reply, first due first."""

    asks: list[DueAsk]


class PlannedAsk(TypedDict):
    """An ask to press next: what it gains, and what the plan has cost up to it."""

    cell: int
    agency: str
    weight: float
    evidence: float
    cost: float
    strength: float
    gain: float
    spent: float


class PlanDocument(Head):
    """Which asks to press next."""

    edition: str
    asks: list[PlannedAsk]


class GapData(TypedDict):
    """A question of the data that waits for an answer."""

    gap: str
    requirement: str
    measure: str
    reason: CellReason
    owner: str
    raised_on: date
    filled_on: date | None


class GapsDocument(Head):
    """Questions of the data that could not be answered, and what each waits for."""

    gaps: list[GapData]


class RequestData(TypedDict):
    """A request for information."""

    reference: str
    agency: str
    subject: str
    urgency: str
    reply_by: date
    closed_on: date | None
    promoted_to: str


class RequestsDocument(Head):
    """Requests for information."""

    requests: list[RequestData]


class TakenBackData(TypedDict):
    """Something that was taken back, corrected, or stands again."""

    reference: str
    kind: str
    named: str
    on: date
    by: str
    reason: str
    corrected_by: str
    undoes: str


class HistoryDocument(Head):
    """What was taken back."""

    taken_back: list[TakenBackData]


class OriginData(TypedDict):
    """An origin with its spellings."""

    reference: str
    spellings: list[str]
    items: int
    joined_into: str


class OriginsDocument(Head):
    """Origins with their spellings: for who may see them."""

    origins: list[OriginData]


class GivenData(Bounds):
    """What a cell said when it was given."""

    at: str
    reasons: list[CellReason]


class StatementRow(Bounds):
    """A statement behind a cell, down to the row of the file as received."""

    used: bool
    reason: str | None
    dims: Dims
    note: str
    period: str
    stated_on: date
    stated_by: str
    source: str
    file: str
    sha256: str
    row: int
    place: str
    original: Annotated[dict[str, str], "the row as received, by column"]


class RecordRow(TypedDict):
    """A case record behind a cell, by pseudonym."""

    kind: str
    record: str
    agency: str
    known_from: date
    change_reason: str
    counted: bool
    open: str
    synthetic: bool
    file: str
    sha256: str
    row: int
    original: dict[str, str]


class SourceDocument(Head):
    """Everything behind a cell, and what the cell said when it was given."""

    cell: str
    value: float | None
    changed: bool
    gone: bool
    withheld: Annotated[bool, "whether something of it may not be seen"]
    given: GivenData | None
    statements: list[StatementRow]
    records: list[RecordRow]
