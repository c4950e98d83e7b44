"""What a reference shows, as it stands in an edition for ever: words, a table, a drawing, where it
comes from. It needs no repository any more: pages are made from it alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from darkfigure.basis.marking import Marking
from darkfigure.tables.intervals import Bounded


@dataclass(frozen=True)
class Drawn:
    """A drawing (SVG), with its figures in words for who does not see it."""

    svg: str
    alternative: str


@dataclass(frozen=True)
class Tabled:
    """A table: headings, rows that begin with what each is of. Columns of figures stand to the
    right; `notes` belong beneath it.
    """

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """A line of what is shown under a heading of its own: of a judgement, of what changed."""

    head: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Shown:
    """What a reference shows. `said` stands in a sentence; `value`, `low` and `high` are what
    conditions speak of; `sources` stand in the margin.

    `basis` is the hash of all that was read for it, `answer` the id under which it is kept;
    `cannot` says why there is no figure, `claims` what may not be concluded from one. `withheld` is
    what keeps it out of this rendering, if anything does: then nothing else is said of it.
    """

    said: str = ""
    title: str = ""
    value: int | float | None = None
    low: int | float | None = None
    high: int | float | None = None
    table: Tabled | None = None
    drawn: Drawn | None = None
    parts: tuple[Part, ...] = ()
    sources: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    cannot: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    as_at: date | None = None
    question: str = ""
    basis: str = ""
    answer: str = ""
    marking: Marking = Marking.PUBLIC
    synthetic: bool = False
    withheld: str = ""

    @property
    def bounded(self) -> Bounded:
        """Its figure, for conditions."""
        return Bounded(self.value, self.low, self.high)

    @property
    def beneath(self) -> tuple[str, ...]:
        """What stands beneath it: its notes, what it cannot say, where it comes from."""
        return (*self.notes, *self.claims, *self.sources)

    @property
    def is_told(self) -> bool:
        """Whether anything is said of it."""
        return not self.withheld


def withheld(why: str, marking: Marking = Marking.PUBLIC) -> Shown:
    """What stands in place of what is kept out of a rendering."""
    return Shown(withheld=why, marking=marking)


def as_data(shown: Shown) -> dict[str, Any]:
    """What is shown as plain data, without what is empty."""
    data = asdict(shown)
    data["marking"] = shown.marking.name
    data["as_at"] = shown.as_at.isoformat() if shown.as_at else None
    return {
        name: value
        for name, value in data.items()
        if value is not None and value is not False and value not in ("", ())
    }


def from_data(data: Mapping[str, Any]) -> Shown:
    """What `as_data` wrote down."""
    table, drawn = data.get("table"), data.get("drawn")
    texts = {name: tuple(data.get(name, ())) for name in ("sources", "notes", "cannot", "claims")}
    return Shown(
        **{
            **data,
            **texts,
            "table": _tabled(table) if table else None,
            "drawn": Drawn(**drawn) if drawn else None,
            "parts": tuple(Part(part["head"], tuple(part["lines"])) for part in data["parts"])
            if data.get("parts")
            else (),
            "as_at": date.fromisoformat(data["as_at"]) if data.get("as_at") else None,
            "marking": Marking[data.get("marking", "PUBLIC")],
        }
    )


def _tabled(data: Mapping[str, Any]) -> Tabled:
    return Tabled(
        data["title"],
        tuple(data["heads"]),
        tuple(tuple(row) for row in data["rows"]),
        tuple(data.get("figures", ())),
        tuple(data.get("notes", ())),
    )
