"""The measures that can be asked about: those of the package, and those of the packs in use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from darkfigure.basis.errors import UnknownName
from darkfigure.codes import nearest
from darkfigure.codes.following import follows_lists
from darkfigure.codes.measured import measures_said


@dataclass(frozen=True)
class Measure:
    """A thing that is counted: its unit and rule are part of it.

    `units` lists the units it is stated in, the usual one first. `part_of` and `narrower` name the
    wider measure and those inside it; `shares_of` the one of which this states shares. A measure
    that is not `additive` is never summed over periods or breakdowns.
    """

    code: str
    title: str
    units: tuple[str, ...]
    definition: str
    dimensions: tuple[str, ...]
    holders: tuple[str, ...]
    additive: bool = True
    may_be_negative: bool = False
    aliases: tuple[str, ...] = ()
    part_of: str = ""
    narrower: tuple[str, ...] = ()
    scope_note: str = ""
    shares_of: str = ""


@follows_lists()
def all_measures() -> dict[str, Measure]:
    """Every measure by code, in the order of the files."""
    lists = ("units", "dimensions", "holders", "aliases", "narrower")
    known = {}
    for code, entry in measures_said().items():
        given: dict[str, Any] = {
            key: tuple(value) if key in lists else value for key, value in entry.items()
        }
        known[code] = Measure(code=code, **given)
    return known


def measure_named(name: str) -> Measure:
    """The measure of that code or alias. Raises UnknownName with the nearest."""
    known = all_measures()
    wanted = name.strip().lower().replace("-", "_").replace(" ", "_")
    if wanted in known:
        return known[wanted]
    for measure in known.values():
        if wanted in measure.aliases:
            return measure
    names = [*known, *(alias for measure in known.values() for alias in measure.aliases)]
    raise UnknownName(
        f"{name!r} is not a measure. {nearest(wanted, names)} `darkfigure measures` lists them all."
    )
