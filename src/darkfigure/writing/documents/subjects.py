"""Declarations of what is handed to a person of what is held about them, and what they dispute."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, NotRequired, TypedDict

from darkfigure.writing.documents.figures import Head


class SubjectPart(TypedDict):
    """A row in which the person stands: what it is, which agency gave it in which return, what it
    says; or, where it is withheld, the ground alone.
    """

    part: NotRequired[Annotated[str, "how it is spoken of, as `arrest 12`"]]
    what: NotRequired[str]
    agency: NotRequired[str]
    in_return: NotRequired[int | None]
    says: NotRequired[dict[str, str]]
    withheld: NotRequired[Annotated[str, "the letter of section 45(4) of the Data Protection Act"]]
    basis: NotRequired[str]
    words: NotRequired[str]


class UsedData(TypedDict):
    """When what is held was used, and for what."""

    at: datetime
    what: str


class SubjectDocument(Head):
    """All that is held about one person: their pseudonyms, the parts, when they were used, and
    where their name stands in what is written freely, by number.
    """

    persons: list[str]
    parts: list[SubjectPart]
    used: list[UsedData]
    written: list[str]


class DisputeData(TypedDict):
    """What a person disputes of a row, asked of the agency that gave it."""

    dispute: int
    agency: str
    kind: str
    in_return: int
    row: int
    fields: list[str]
    ground: str
    due_on: date
    state: Annotated[str, "open, corrected or kept"]


class DisputesDocument(Head):
    """What people dispute, the oldest first."""

    disputes: list[DisputeData]
