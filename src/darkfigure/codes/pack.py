"""What a pack is: tables of codes and measures, with who made them and on what terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from typing import Any

from darkfigure.basis.errors import DarkfigureError
from darkfigure.basis.saying import Saying, say, several
from darkfigure.codes.code import Code


@dataclass(frozen=True)
class Fault:
    """What is wrong in a file of a pack, where, and what would be right."""

    file: str
    wrong: Saying
    right: Saying
    line: int | None = None
    column: str = ""

    @property
    def said(self) -> Saying:
        """The whole of it."""
        place = [say("packs.file", name=self.file)]
        if self.line is not None:
            place.append(say("problems.line", line=self.line))
        if self.column:
            place.append(say("problems.column", column=self.column))
        whole = say("problems.whole", wrong=self.wrong, right=self.right)
        return say("problems.at", place=several(place, "comma"), what=whole)

    def __str__(self) -> str:
        return str(self.said)


@dataclass(frozen=True)
class Listed:
    """A code as a table of a pack has it, and the line on which it stands there."""

    line: int
    code: Code


@dataclass(frozen=True)
class SaidMeasure:
    """What a pack says of a measure, and the line on which it stands; None in TOML."""

    line: int | None
    code: str
    said: Mapping[str, Any]


@dataclass(frozen=True)
class Pack:
    """A pack as read from its folder: who made it and on what terms; codes by list; measures; areas
    that one word stands for.
    """

    name: str
    title: str
    languages: tuple[str, ...]
    licence: str
    source: str
    version: str
    folder: Traversable
    lists: Mapping[str, tuple[Listed, ...]] = field(default_factory=dict)
    measures: tuple[SaidMeasure, ...] = ()
    domains: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def codes(self, dimension: str) -> list[Code]:
        """What it says of a list."""
        return [row.code for row in self.lists.get(dimension, ())]

    @property
    def standing(self) -> dict[str, frozenset[str]]:
        """The codes of each list, and those of its measures: what it may not lose."""
        codes = {
            name: frozenset(row.code.code for row in rows) for name, rows in self.lists.items()
        }
        return {**codes, MEASURES: frozenset(row.code for row in self.measures)}


#: The table of measures of a pack.
MEASURES = "measures"


class PackRefused(DarkfigureError):
    """A pack with faults; all of them are told. `pack` is what could be read of it."""

    def __init__(self, name: str, faults: list[Fault], pack: Pack) -> None:
        self.name, self.faults, self.pack = name, faults, pack
        super().__init__(name, faults, pack)

    @property
    def said(self) -> Saying:
        """How many faults, and each of them."""
        lines = [say("packs.refused", name=self.name, count=len(self.faults))]
        lines += [say("problems.listed", what=row.said) for row in self.faults]
        return say("problems.lines", lines=several(lines, "line"))

    def __str__(self) -> str:
        return str(self.said)
