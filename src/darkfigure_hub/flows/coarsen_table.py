"""Offer coarser tables in place of one that hides most of its cells, with what each keeps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from darkfigure.basis.errors import DarkfigureError
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.disclosure.coarsening import kept_of
from darkfigure.publication import Answer, Question
from darkfigure.publication.answer import is_hidden
from darkfigure.tables.question import asked_again
from darkfigure.writing.words import ENGLISH
from darkfigure_hub.flows.answer_guarded import answer_guarded

#: From this share of hidden cells on a table is said to tell too little.
WIDE = 0.5
#: What a way to divide is merged into: the next longer time, the groups of nationalities.
COARSER = {"month": "quarter", "quarter": "year", "nationality": "nationality_group"}


@dataclass(frozen=True)
class Offer:
    """A coarser table: the way that is merged or dropped, into what (nothing: dropped), how it is
    divided then; how many of its cells are shown, and how much of what was told it keeps (1 all).
    """

    way: str
    into: str
    by: tuple[str, ...]
    shown: int
    cells: int
    kept: float


def hides_most(told: Answer) -> bool:
    """Whether more than half of the cells of an answer are hidden."""
    return sum(map(is_hidden, told.cells)) > WIDE * len(told.cells)


def offers_said(
    scope: Scope, codes: Sequence[str], found: Sequence[Answer], told: Sequence[Answer]
) -> list[str]:
    """Of tables that hide most of their cells that they do, and what could stand in their place;
    `found` are their answers as they are, `told` as they go out.
    """
    scope.require(Permission.PREPARE_RELEASE)
    lines = []
    for code, whole, shown in zip(codes, found, told, strict=True):
        if not hides_most(shown):
            continue
        hidden, cells = sum(map(is_hidden, shown.cells)), len(shown.cells)
        lines.append(ENGLISH.text("release.warning.wide", table=code, hidden=hidden, cells=cells))
        for offer in coarser_tables(scope, whole):
            given = {**asdict(offer), "by": ", ".join(offer.by), "table": code}
            how = "merge" if offer.into else "drop"
            lines.append(ENGLISH.text(f"release.warning.{how}", **given))
    return lines


def coarser_tables(scope: Scope, found: Answer) -> list[Offer]:
    """What could stand in place of a table, each guarded by itself, those first that show most of
    what it told: a way merged into a coarser one, or left out.
    """
    scope.require(Permission.PREPARE_RELEASE)
    offers = []
    for way, into, question in _coarser(found.question):
        guarded = answer_guarded(scope, [question])
        told, whole = guarded.told[0], guarded.found[0]
        shown = sum(not is_hidden(cell) for cell in told.cells)
        if shown and whole.cells:
            kept = kept_of(_counts(found), _counts(whole))
            offers.append(Offer(way, into, tuple(_ways(question)), shown, len(told.cells), kept))
    return sorted(offers, key=lambda offer: -offer.kept * offer.shown / offer.cells)


def _counts(found: Answer) -> np.ndarray:
    return np.array([int(cell.value or cell.low or 0) for cell in found.cells] or [0])


def _coarser(asked: Question) -> Iterator[tuple[str, str, Question]]:
    ways = _ways(asked)
    for place, way in enumerate(ways):
        for into in dict.fromkeys((COARSER.get(way, ""), "")):
            by = [*ways[:place], *([into] if into else []), *ways[place + 1 :]]
            if into in ways or not by:
                continue
            try:
                yield way, into, asked_again({**asked.canonical(), "by": by}, asked.as_at)
            except DarkfigureError:
                continue  # a measure that is not so divided


def _ways(asked: Question) -> list[str]:
    """How a question divides, time among the ways."""
    by = asked.canonical()["by"]
    return [*map(str, by)] if isinstance(by, list) else []
