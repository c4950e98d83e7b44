"""Readings: dated instructions, kept as data, for how a source's words and tables become
statements.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

from darkfigure.basis.period import Period, parse_period
from darkfigure.basis.statement import Head, Role
from darkfigure.codes import codes_for
from darkfigure.tables.measures import measure_named

#: The day a file was stated, given by hand: for all of it, or by release.
StatedOn = date | Mapping[str, date] | None


@lru_cache
def readings(name: str) -> dict[str, Any]:
    """The reading file of that name in data/readings."""
    return tomllib.loads(
        (files("darkfigure") / "data" / "readings" / f"{name}.toml").read_text(encoding="utf-8")
    )


def operation_period(operation: str) -> Period:
    """The time of a campaign, as its own source labels it."""
    return parse_period(codes_for("operation").codes[operation].group)


def head_for(base: dict[str, Any], *, measure: str, dims: dict[str, str], **given: Any) -> Head:
    """A head from shared parts (`stated_on`, `stated_by`, ...) and what is particular to a
    statement.
    """
    found = measure_named(measure)
    return Head(
        measure=found.code,
        unit=given.get("unit") or found.units[0],
        population=given.get("population") or base.get("population", "not_stated"),
        shape=frozenset(dims),
        period=given["period"],
        role=Role(given.get("role", Role.FIGURE)),
        stated_on=base["stated_on"],
        precision=base["precision"],
        stated_by=base["stated_by"],
        stated_as=base["stated_as"],
        source=base["source"],
        status=base.get("status", "provisional"),
    )
