"""Declarations of protected tables and of what was found of published ones."""

from __future__ import annotations

from typing import Annotated, NotRequired, TypedDict

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
    named_by_number: Annotated[int, "small figures whose noisy number is the true one"]
    named_by_averaging: Annotated[int, "small figures named rightly by averaging all numbers"]


class ProtectedCell(TypedDict):
    """A published cell; without a number where it is hidden."""

    values: Annotated[dict[str, str], "by dimension; Total for a margin"]
    number: int | None
    status: State


class ToldBeside(TypedDict):
    """A hidden figure that comes out of other tables; without a name the table is this one."""

    table: str
    values: dict[str, str]


class ProtectedDocument(Head):
    """A table that can go out, and how it was protected."""

    method: Method
    rule: str
    dimensions: list[str]
    before: BeforeData
    kept: KeptData
    epsilon: NotRequired[Annotated[float, "what noise guarantees of any one person"]]
    witnesses: int
    told_beside: Annotated[
        list[ToldBeside], "what tables that are out tell, whatever this one hides"
    ]
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


class SmallCell(TypedDict):
    """A number that is shown, and under the threshold of the rule."""

    table: str
    line: int
    values: Annotated[dict[str, str], "by dimension; without those of which it is the total"]
    number: int


class CheckedData(TypedDict):
    """Tables checked together."""

    rule: str
    shown: int
    unknowns: int
    hidden: list[HiddenCell]
    small: list[SmallCell]


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
    rules: Annotated[dict[str, str], "by file, the rule that it says it was protected by"]
    checked: list[CheckedData]
    differences: list[DifferencesData]


class UtilityData(TypedDict):
    """How much of a margin made-up records keep."""

    dimensions: list[str]
    cells: int
    mean_error: float
    variation: Annotated[float, "total variation, from 0 to 1"]
    lost: int
    invented: int


class SyntheticReportDocument(Head):
    """The guarantee of made-up records, and how much of the truth they keep. Not to go out."""

    epsilon: float
    order: int
    margins: int
    scale: float
    records: int
    people: int
    unique: int
    kept_unique: int
    utility: list[UtilityData]


class RiskData(TypedDict):
    """How easily people are recognised."""

    people: int
    combinations: int
    k: int
    l: int | None  # noqa: E741 - the measure's own name
    alone: int
    alone_in_population: float


class ExtractReportDocument(Head):
    """What was left out of an extract, and the risk before and after."""

    recognise: list[str]
    sensitive: list[str]
    merged: dict[str, int]
    left_out: dict[str, int]
    dropped: int
    before: RiskData
    after: RiskData
