"""A release: tables that go out together at a minute, under an address that stays for ever.

A release belongs to a *series* (what is published again and again), is of an *edition* (what it is
about, as 2009-Q1) and has a *version*: a correction is another version, and no version changes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from typing import Any

from darkfigure.basis.errors import UnknownName

Number = int | float


class Mark(StrEnum):
    """Why a cell has no figure of its own, or what is to be known of it: the shorthand that offices
    of statistics use (Government Analysis Function, Using symbols and shorthand in tables).
    """

    CONFIDENTIAL = "c"
    NOT_AVAILABLE = "x"
    PROVISIONAL = "p"
    REVISED = "r"


@dataclass(frozen=True)
class Dimension:
    """What a table is divided by: its code and title, whether it is time, and each of its codes
    with its label, in the order in which they stand.
    """

    code: str
    title: str
    is_time: bool
    codes: tuple[tuple[str, str], ...]

    @cached_property
    def _labels(self) -> dict[str, str]:
        return dict(self.codes)

    def label(self, code: str) -> str:
        """What a code is called."""
        return self._labels[code]


@dataclass(frozen=True)
class ReleasedCell:
    """A figure, or the least and the most that is said of it; a code for each dimension; marks."""

    values: tuple[str, ...]
    value: Number | None
    low: Number | None
    high: Number | None
    marks: tuple[Mark, ...] = ()
    reasons: tuple[str, ...] = ()

    @property
    def says(self) -> tuple[Number | None, Number | None, Number | None]:
        """What it tells of its figure."""
        return self.value, self.low, self.high


@dataclass(frozen=True)
class ReleasedTable:
    """A table as it goes out. `answer` is the id of the answer it was taken from; `question` is the
    question as plain data, `basis` the hash of all that was read for it; `cannot_bear` are
    claims that its figures do not carry, in words.
    """

    code: str
    title: str
    measure: str
    measure_title: str
    definition: str
    unit: str
    unit_title: str
    dimensions: tuple[Dimension, ...]
    cells: tuple[ReleasedCell, ...]
    notes: tuple[str, ...]
    sources: tuple[str, ...]
    as_at: date
    question: Mapping[str, Any]
    answer: str
    basis: str
    synthetic: bool = False
    cannot_bear: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether each cell has a figure."""
        return all(cell.value is not None for cell in self.cells)


@dataclass(frozen=True)
class Moved:
    """A figure that another version told otherwise: of which table, which cell, and both."""

    table: str
    labels: tuple[str, ...]
    before: tuple[Number | None, Number | None, Number | None] | None
    after: tuple[Number | None, Number | None, Number | None] | None

    @property
    def difference(self) -> Number | None:
        """By how much it moved, where both tell a figure."""
        if self.before is None or self.after is None:
            return None
        old, new = self.before[0], self.after[0]
        return None if old is None or new is None else new - old


@dataclass(frozen=True)
class Access:
    """Who sees a release before it is out: a post, never a name, from when, and why."""

    post: str
    since: datetime
    why: str


@dataclass(frozen=True)
class Head:
    """What a release says of itself. `quality` and `methods` are paragraphs; `address` is where
    releases are read, ended by a slash, or nothing where that is not known.
    """

    series: str
    edition: str
    title: str
    summary: str
    publisher: str
    contact: str
    licence: str
    out_at: datetime
    methods: tuple[str, ...] = ()
    quality: tuple[str, ...] = ()
    revisions: str = ""
    address: str = ""
    language: str = "en"


@dataclass(frozen=True)
class Release:
    """A version of an edition: what it says of itself, and its tables. `corrects` is the version in
    whose place it stands, `reason` why; `moved` are the figures that it tells otherwise. Files that
    are not made of its tables are `attached`, each by its name and hash; `made_up` says whether any
    of those is.
    """

    head: Head
    version: int
    tables: tuple[ReleasedTable, ...]
    corrects: int | None = None
    reason: str = ""
    scheduled: bool = False
    moved: tuple[Moved, ...] = ()
    attached: tuple[tuple[str, str], ...] = ()
    made_up: bool = False
    access: tuple[Access, ...] = field(default=(), compare=False)

    @property
    def name(self) -> str:
        """What names it, in its address and its files."""
        return f"{self.head.series}/{self.head.edition}/v{self.version}"

    @property
    def identifier(self) -> str:
        """What names it in the world: its address, or a name of its own where none is known."""
        if self.head.address:
            return f"{self.head.address}releases/{self.name}/"
        return "urn:darkfigure:release:" + self.name.replace("/", ":")

    @property
    def synthetic(self) -> bool:
        """Whether any of it is made up."""
        return self.made_up or any(table.synthetic for table in self.tables)

    @property
    def out_on(self) -> date:
        """The day on which it is out."""
        return self.head.out_at.date()

    @property
    def content(self) -> str:
        """The hash of all that it says: equal hashes, equal releases."""
        said = json.dumps(as_data(self), sort_keys=True, ensure_ascii=False)
        return sha256(said.encode()).hexdigest()

    @property
    def citation(self) -> str:
        """How it is cited."""
        year = self.head.out_at.year
        return (
            f"{self.head.publisher} ({year}). {self.head.title}, {self.head.edition}, version "
            f"{self.version}. {self.identifier}"
        )

    def table(self, code: str) -> ReleasedTable:
        """The table of a code. Raises UnknownName."""
        for table in self.tables:
            if table.code == code:
                return table
        raise UnknownName(f"{self.name} has no table {code!r}.")


def as_data(release: Release) -> dict[str, Any]:
    """A release as plain data, from which `from_data` makes it again; the list of who sees it
    before is no part of what goes out.
    """
    data = asdict(replace(release, access=()))
    del data["access"]
    if not release.attached:
        del data["attached"]
    if not release.made_up:
        del data["made_up"]
    for table in data["tables"]:
        table["question"] = dict(sorted(table["question"].items()))
        if not table["cannot_bear"]:
            del table["cannot_bear"]
    return _plain(data)  # type: ignore[no-any-return]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value) if isinstance(value, StrEnum) else value


def from_data(data: Mapping[str, Any]) -> Release:
    """The release that `as_data` wrote down."""
    head = data["head"]
    return Release(
        Head(
            **{
                **head,
                "out_at": datetime.fromisoformat(head["out_at"]),
                "methods": tuple(head["methods"]),
                "quality": tuple(head["quality"]),
            }
        ),
        data["version"],
        tuple(map(_table, data["tables"])),
        data["corrects"],
        data["reason"],
        data["scheduled"],
        tuple(
            Moved(item["table"], tuple(item["labels"]), _says(item["before"]), _says(item["after"]))
            for item in data["moved"]
        ),
        tuple((name, sha256) for name, sha256 in data.get("attached", ())),
        data.get("made_up", False),
    )


def _says(data: Any) -> tuple[Number | None, Number | None, Number | None] | None:
    return None if data is None else (data[0], data[1], data[2])


def _table(data: Mapping[str, Any]) -> ReleasedTable:
    return ReleasedTable(
        **{
            **data,
            "dimensions": tuple(
                Dimension(
                    item["code"],
                    item["title"],
                    item["is_time"],
                    tuple((code, label) for code, label in item["codes"]),
                )
                for item in data["dimensions"]
            ),
            "cells": tuple(
                ReleasedCell(
                    tuple(item["values"]),
                    item["value"],
                    item["low"],
                    item["high"],
                    tuple(map(Mark, item["marks"])),
                    tuple(item["reasons"]),
                )
                for item in data["cells"]
            ),
            "question": dict(sorted(data["question"].items())),
            "notes": tuple(data["notes"]),
            "sources": tuple(data["sources"]),
            "cannot_bear": tuple(data.get("cannot_bear", ())),
            "as_at": date.fromisoformat(data["as_at"]),
        }
    )


def moved_between(before: Release, after: Release) -> tuple[Moved, ...]:
    """The figures that one version tells otherwise than another: changed, new, and gone."""
    codes = dict.fromkeys(table.code for one in (before, after) for table in one.tables)
    moved = []
    for code in codes:
        old, new = _cells_of(before, code), _cells_of(after, code)
        for labels in dict.fromkeys([*old, *new]):
            pair = old.get(labels), new.get(labels)
            if pair[0] != pair[1]:
                moved.append(Moved(code, labels, *pair))
    return tuple(moved)


def _cells_of(
    release: Release, code: str
) -> dict[tuple[str, ...], tuple[Number | None, Number | None, Number | None]]:
    table = next((each for each in release.tables if each.code == code), None)
    if table is None:
        return {}
    return {labels_of(table, cell): cell.says for cell in table.cells}


def labels_of(table: ReleasedTable, cell: ReleasedCell) -> tuple[str, ...]:
    """What the codes of a cell are called."""
    return tuple(
        dimension.label(code) for dimension, code in zip(table.dimensions, cell.values, strict=True)
    )


def with_corrections(release: Release, before: Release) -> Release:
    """A version in the place of another: what moved is told, and marked where it stands."""
    moved = moved_between(before, release)
    places = {(item.table, item.labels) for item in moved if item.before and item.after}
    tables = [
        replace(
            table,
            cells=tuple(
                replace(cell, marks=(*cell.marks, Mark.REVISED))
                if (table.code, labels_of(table, cell)) in places
                else cell
                for cell in table.cells
            ),
        )
        for table in release.tables
    ]
    return replace(release, tables=tuple(tables), moved=moved)


def codes_gone(before: Release, after: Release) -> tuple[str, ...]:
    """The tables, dimensions and codes of one version that another has no more: for whoever reads
    them by program, a change that breaks (major); all else is a minor one.
    """
    gone = []
    for table in before.tables:
        new = next((each for each in after.tables if each.code == table.code), None)
        if new is None:
            gone.append(table.code)
            continue
        kept = {dimension.code: dict(dimension.codes) for dimension in new.dimensions}
        for dimension in table.dimensions:
            codes = kept.get(dimension.code)
            if codes is None:
                gone.append(f"{table.code}.{dimension.code}")
            else:
                gone += [
                    f"{table.code}.{dimension.code}={code}"
                    for code, _ in dimension.codes
                    if code not in codes
                ]
    return tuple(gone)
