"""Figure statements: a value as some body stated it on a day, and the blocks in which statements
stand and fall.

A *block* is what one body stated in one return, on one day, about one measure, unit, population,
period and breakdown. `known` belongs to the block: the days on which the centre held it to be so.
Where a later statement corrects only some rows of a block, those rows carry the day they were
closed on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from darkfigure.basis.marking import Marking
from darkfigure.basis.period import Period

# : Every breakdown a statement can carry. The order is the order of columns in files and in the
# store.
DIMENSIONS = (
    "operation",
    "exploitation",
    "age_group",
    "sex",
    "nationality",
    "area",
    "organisation",
    "organisation_kind",
    "outcome",
    "offence",
    "location",
    "victim_age_group",
    "nationality_group",
    "definition",
)

#: Ways of cutting time, which a question may ask for beside the dimensions.
TIME_CUTS = ("period", "month", "quarter", "year", "financial_year")


class Role(StrEnum):
    """What a statement's value is: a figure, or the size of a change that it explains."""

    FIGURE = "figure"
    CHANGE = "change"


@dataclass(frozen=True)
class Block:
    """The heading shared by a set of statements, as held by the repository.

    `shape` names the dimensions broken down by; `whole` says that a later block for the same thing
    replaces it entirely, not row by row; `rank` is 0 for a document itself and 1 for a compilation
    that cites it. `known_to` is the first day on which the block no longer stood, or None while it
    stands.
    """

    id: int
    return_id: int
    return_sha256: str
    file_name: str
    measure: str
    unit: str
    population: str
    role: Role
    shape: frozenset[str]
    period: Period
    status: str
    stated_on: date
    precision: str
    stated_by: str
    stated_as: str
    source: str
    whole: bool
    rank: int
    marking: Marking
    known_from: date
    known_to: date | None
    received_on: date

    @property
    def matter(self) -> tuple[object, ...]:
        """What the block is about: two blocks of equal matter by one body replace one another."""
        return (
            self.measure,
            self.unit,
            self.population,
            self.role,
            self.shape,
            self.period.start,
            self.period.end,
            self.stated_by,
        )

    @property
    def row_key(self) -> tuple[str, str]:
        """A fixed order among blocks, the same in every repository that holds them."""
        return (self.source, self.period.label)

    @property
    def document(self) -> tuple[int, date, str]:
        """What a reader would cite: the return, the day stated, the source named."""
        return (self.return_id, self.stated_on, self.source)

    def stands_on(self, day: date) -> bool:
        """Whether the centre held this block to be so on `day`."""
        return self.known_from <= day and (self.known_to is None or day < self.known_to)


@dataclass(frozen=True)
class Row:
    """One statement under a block, opened for provenance.

    `value`, `low` and `high` are numbers or None; `reason` says why there is none; `place` names
    the spot in the file where a line number alone would not.
    """

    block: Block
    row: int
    place: str
    dims: dict[str, str]
    value: float | int | None
    low: float | int | None
    high: float | int | None
    reason: str
    change_reason: str
    corrects: float | int | None
    note: str
    closed: date | None
