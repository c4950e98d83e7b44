"""Figure statements: a value as some body stated it on a day, and the blocks in which statements
stand and fall.

A *block* is what one body stated in one return, on one day, about one measure, unit, population,
period and breakdown. `known` belongs to the block: the days on which the centre held it to be so.
Where a later statement corrects only some rows of a block, those rows carry the day they were
closed on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from darkfigure.basis.marking import Marking
from darkfigure.basis.period import Period

#: Every breakdown a statement can carry. The order is the order of columns in files and in the
#: store.
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


Number = int | float


def tidy(number: object) -> Number:
    """A sum as an int where it is whole, else as a float."""
    exact = float(number)  # type: ignore[arg-type]
    return int(exact) if exact.is_integer() else exact


#: How exactly a day of a statement is known that is the day on which it was received.
RECEIVED = "received"
#: In place of a value of a dimension: whatever it is. Said of a breakdown as a whole.
EVERY = "*"


class Role(StrEnum):
    """What a statement is: a figure, the size of a change that it explains, or the reason why a
    measure is not broken down by a dimension (`EVERY` stands for its value).
    """

    FIGURE = "figure"
    CHANGE = "change"
    BREAKDOWN = "breakdown"


#: The columns of a statement under its block, with what each holds; "number" is kept as text on the
#: way in, so that no digit is lost.
ROW_COLUMNS: dict[str, str] = {
    "row": "int64",
    "place": "string",
    **dict.fromkeys(DIMENSIONS, "string"),
    "value": "number",
    "low": "number",
    "high": "number",
    "reason": "string",
    "change_reason": "string",
    "corrects": "number",
    "note": "string",
}
#: What a set of statements is about, as plain columns.
HEAD_COLUMNS: dict[str, str] = {
    "measure": "string",
    "unit": "string",
    "population": "string",
    "role": "string",
    "shape": "string",
    "period_start": "date",
    "period_end": "date",
    "period_label": "string",
    "period_exact": "boolean",
    "status": "string",
    "stated_on": "date",
    "precision": "string",
    "stated_by": "string",
    "stated_as": "string",
    "source": "string",
}
#: A block as plain columns: where it stands, what it is about, when it was known.
BLOCK_COLUMNS: dict[str, str] = {
    "id": "int64",
    "return_id": "int64",
    "return_sha256": "string",
    "file_name": "string",
    **HEAD_COLUMNS,
    "whole": "boolean",
    "rank": "int32",
    "marking": "int32",
    "known_from": "date",
    "known_to": "date",
    "received_on": "date",
}


@dataclass(frozen=True)
class Head:
    """What a set of statements is about: everything but breakdown values and numbers.

    `shape` names the dimensions broken down by.
    """

    measure: str
    unit: str
    population: str
    shape: frozenset[str]
    period: Period
    stated_on: date
    precision: str
    stated_by: str
    stated_as: str
    source: str
    role: Role = Role.FIGURE
    status: str = "final"

    def columns(self) -> dict[str, object]:
        """Itself as `HEAD_COLUMNS`; `shape` in the order of dimensions."""
        period = self.period
        plain = {
            "shape": [name for name in DIMENSIONS if name in self.shape],
            "period_start": period.start,
            "period_end": period.end,
            "period_label": period.label,
            "period_exact": period.exact,
        }
        return {
            name: plain[name] if name in plain else getattr(self, name) for name in HEAD_COLUMNS
        }


@dataclass(frozen=True, kw_only=True)
class Block(Head):
    """The heading shared by a set of statements, as held by the repository.

    `whole` says that a later block for the same thing replaces it entirely, not row by row; `rank`
    is 0 for a document itself and 1 for a compilation that cites it. `known_to` is the first day on
    which the block no longer stood, or None while it stands; `taken_back` is that day where its
    return was taken back.
    """

    id: int
    return_id: int
    return_sha256: str
    file_name: str
    whole: bool
    rank: int
    marking: Marking
    known_from: date
    known_to: date | None
    received_on: date
    taken_back: date | None = None

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


def block_from(columns: Mapping[str, Any]) -> Block:
    """The block of plain columns, named as in `BLOCK_COLUMNS`; `shape` holds names, in a list."""
    rest = dict(columns)
    period = Period(
        *(rest.pop(f"period_{name}") for name in ("start", "end", "label", "exact")),
    )
    shape, role = frozenset(rest.pop("shape")), Role(rest.pop("role"))
    marking = Marking(rest.pop("marking"))
    return Block(**rest, period=period, shape=shape, role=role, marking=marking)


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
    value: Number | None
    low: Number | None
    high: Number | None
    reason: str
    change_reason: str
    corrects: Number | None
    note: str
    closed: date | None


def row_from(block: Block, columns: Mapping[str, Any]) -> Row:
    """The row of plain columns, named as in `ROW_COLUMNS`, with the day it was closed on."""
    kept: dict[str, Any] = {
        name: str(columns[name] or "") for name in ("place", "reason", "change_reason", "note")
    }
    kept |= {
        name: None if columns[name] is None else tidy(columns[name])
        for name, kind in ROW_COLUMNS.items()
        if kind == "number"
    }
    return Row(
        block=block,
        row=int(columns["row"]),
        dims={name: str(columns[name]) for name in DIMENSIONS if columns[name] is not None},
        closed=columns.get("closed"),
        **kept,
    )
