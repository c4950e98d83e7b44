"""Declarations of protected tables and of what was found of published ones."""

from __future__ import annotations

from typing import Annotated, TypedDict

from darkfigure.disclosure.check import Meets
from darkfigure.disclosure.protect import Method, State
from darkfigure.writing.documents.figures import Head


class BeforeData(TypedDict):
    """The table as it was: its cells in all margins, those that must be hidden, and how many of
    them sums tell if they alone are.
    """

    cells: int
    distinct: int
    small: int
    read_back: int
    read_back_noughts_hidden: int


class KeptData(TypedDict):
    """What the protected table keeps, and what of it is told or not proved."""

    cells: int
    hidden: int
    told: int
    unproved: int
    mean_difference: float
    greatest_difference: int
    entropy_share: float


class ProtectedCell(TypedDict):
    """A published cell; without a number where it is hidden."""

    values: Annotated[dict[str, str], "by dimension; Total for a margin"]
    number: int | None
    status: State


class ProtectedDocument(Head):
    """A table that can go out, and how it was protected."""

    method: Method
    rule: str
    dimensions: list[str]
    before: BeforeData
    kept: KeptData
    witnesses: int
    safe: bool
    cells: list[ProtectedCell]


class TermData(TypedDict):
    """A published number in the sum that tells a hidden one, and how often it is taken."""

    table: str
    line: int
    values: Annotated[dict[str, str], "by dimension; without those of which it is the total"]
    number: int
    times: int


class HiddenCell(TypedDict):
    """A hidden number: what is proved possible of it, and the sum that tells it where one does."""

    table: str
    line: int
    values: Annotated[dict[str, str], "by dimension; without those of which it is the total"]
    outcome: Meets
    low: int
    high: int
    exact: bool
    by: list[TermData]


class CheckedData(TypedDict):
    """Tables checked together."""

    rule: str
    shown: int
    unknowns: int
    hidden: list[HiddenCell]


class DifferenceData(TypedDict):
    """A figure that two vintages give differently, by few people."""

    values: Annotated[dict[str, str], "by dimension; without those of which it is the total"]
    before: int
    after: int


class DifferencesData(TypedDict):
    """Two vintages of a table."""

    earlier: str
    later: str
    cells: list[DifferenceData]


class CheckedDocument(Head):
    """Whether hidden numbers can be worked out from tables that were published."""

    passes: bool
    checked: list[CheckedData]
    differences: list[DifferencesData]
