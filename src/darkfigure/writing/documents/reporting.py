"""Declarations of what agencies and their programs are told: tokens, submissions with their
receipts, asks; the head of statements one a line; what is reviewed, kept and disposed of.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, NotRequired, TypedDict

from darkfigure.writing.documents.figures import Head
from darkfigure.writing.documents.listings import FaultData, LogHead


class TokenData(TypedDict):
    """A token of a program; never what it is."""

    token: str
    agency: str
    called: str
    grants: list[str]
    marking: str
    state: Annotated[str, "good, over or revoked"]
    made_by: str
    made_at: datetime
    until: datetime
    used_at: datetime | None
    revoked_by: str
    revoked_at: datetime | None
    revoked_why: str


class TokensDocument(Head):
    """The tokens of programs, the latest first."""

    tokens: list[TokenData]


class ChecksData(TypedDict):
    """What the checks say of a draft: whether it may be released, its faults row by row."""

    whole: bool
    rows: int | None
    faults: Annotated[int, "how many there are"]
    listed: Annotated[list[FaultData], "each of them, up to a limit"]
    refused: Annotated[str, "why it cannot be taken in, where that is of no row"]
    noticed: list[str]


class MadeData(TypedDict):
    """What a release made of a submission."""

    returns: NotRequired[list[int]]
    rows: NotRequired[int]
    report: NotRequired[str]
    items: NotRequired[int]
    replies: NotRequired[int]
    already: NotRequired[bool]


class SubmissionData(TypedDict):
    """What was drafted and what became of it."""

    number: int
    kind: Annotated[str, "return, report or replies"]
    file: str
    sha256: str
    size: int
    marking: str
    reading: str
    state: Annotated[str, "drafted, released, discarded or disposed of"]
    drafted_by: str
    drafted_at: datetime
    replaces: int | None
    released_by: str
    released_at: datetime | None
    made: MadeData
    discarded_by: str
    discarded_at: datetime | None


class SubmissionDocument(Head):
    """A submission; of a draft what the checks say of it; in a receipt how far the log had come."""

    submission: SubmissionData
    checks: ChecksData | None
    log: NotRequired[LogHead | None]


class SubmissionsDocument(Head):
    """A page of submissions, the latest first, and the address of the next."""

    submissions: list[SubmissionData]
    next: str | None


class LineData(TypedDict):
    """What became of a line of what was sent line by line."""

    line: int
    sound: bool
    faults: list[FaultData]


class AskData(TypedDict):
    """An ask that waits for a reply."""

    ask: str
    agency: str
    question: str
    words: str
    area: str
    period: str
    due: date
    in_time_until: date
    overdue: bool


class AsksDocument(Head):
    """A page of the asks that wait for a reply, first due first, and the address of the next."""

    asks: list[AskData]
    next: str | None


class StatementsDocument(Head):
    """The first line of statements that follow one a line: for whom they are, as known on which
    day. The last line says how many there were: without it they were cut off.
    """

    agency: str | None
    marking: Annotated[str, "the highest that is among them"]
    known_on: date
    measure: str | None
    lines: Annotated[str, "what each line holds"]


class OutboxCounts(TypedDict):
    """How many messages wait, were sent, were not wanted, and were given up."""

    waiting: int
    sent: int
    unwanted: int
    given_up: int


class MessageData(TypedDict):
    """A message that waits, was given up, or may have been sent twice; `said` is why it did not
    leave.
    """

    message: str
    kind: str
    account: int | None
    state: str
    made_at: datetime
    due_at: datetime
    attempts: int
    perhaps_twice: bool
    said: str


class OutboxDocument(Head):
    """What is in the outbox, the latest first."""

    counts: OutboxCounts
    messages: list[MessageData]


#: `class` is a word of the language.
DueData = TypedDict(
    "DueData",
    {
        "kind": Annotated[str, "return, report or response"],
        "number": int,
        "class": str,
        "due": date,
        "held": bool,
        "proposed": int | None,
    },
)


class HoldData(TypedDict):
    """A hold that stands: of which thing, on what ground, until when."""

    hold: int
    kind: str
    number: int
    ground: str
    until: date | None


class DisposalData(TypedDict):
    """A proposal to dispose of a thing, or the proof that it was: the hash of its file, how many
    rows of what went.
    """

    disposal: int
    kind: str
    number: int
    state: Annotated[str, "proposed, withdrawn or carried out"]
    due: date
    sha256: str
    proposed_by: str
    carried_out_by: str
    carried_out_at: datetime | None
    gone: dict[str, int] | None


class DisposalDocument(Head):
    """What is overdue for review, how many are due later, holds, and what was disposed of."""

    overdue: list[DueData]
    later: int
    holds: list[HoldData]
    disposals: list[DisposalData]
