"""What cells open to: the asks, replies, items and answers they stand on, with marks and dates; no
text of any item, and nobody by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from darkfigure.basis.marking import Marking, Scope
from darkfigure.basis.permission import Permission
from darkfigure.intelligence.ledgers import ReplyKind
from darkfigure_hub.store.queries.ledger_rows import frames_of, withheld_places

KINDS = ("asks", "replies", "items", "answers")
#: Replies that say that items come.
ANNOUNCING = (ReplyKind.ITEMS, ReplyKind.PARTIAL)
#: What stands in the place of items that the reader may not see.
WITHHELD = "withheld"
_PLACE = ("question", "area", "period")


def rows_by_cell(
    scope: Scope, editions: Sequence[str], place: tuple[str, str, str] | None = None
) -> dict[str, dict[str, Any]]:
    """What cells QUESTION/AREA/PERIOD of editions that the reader may see open to."""
    frames = frames_of(scope, editions)
    cells: dict[str, dict[str, Any]] = {}
    for kind in KINDS:
        rows = getattr(frames, kind)
        if place:
            rows = rows.filter(pl.col(name) == at for name, at in zip(_PLACE, place, strict=True))
        for name, entry in _MADE[kind](rows):
            cells.setdefault(name, {each: [] for each in KINDS})[kind].append(entry)
    for name, entry in _withheld(scope, place):
        cells.setdefault(name, {each: [] for each in KINDS})["items"].append(entry)
    for rows in cells.values():
        sent = {row["item"].partition(" ")[0] for row in rows["items"] if "grade" in row}
        for reply in rows["replies"]:
            if reply["kind"] in ANNOUNCING and reply["agency"] not in sent:
                reply["kind"] = "items announced, none filed"
    return cells


def _withheld(
    scope: Scope, place: tuple[str, str, str] | None
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Items marked above what the reader may see: how many there are and their mark, no more, and
    that to who sees marked material at all.
    """
    if scope.sees < Marking.OFFICIAL or not scope.may(Permission.READ_ASKS):
        return
    rows = withheld_places(scope)
    if place:
        rows = rows.filter(pl.col(name) == at for name, at in zip(_PLACE, place, strict=True))
    for row in rows.sort(*_PLACE, "marking").iter_rows(named=True):
        mark = Marking(row["marking"]).name.replace("_", "-")
        yield _cell(row), {"item": f"{row['number']} {WITHHELD}", "marking": mark, "tlp": ""}


def _asks(rows: pl.DataFrame) -> Iterator[tuple[str, dict[str, Any]]]:
    for row in rows.sort("agency", "id", "known_from").iter_rows(named=True):
        yield (
            _cell(row),
            {
                "ask": row["ask"],
                "agency": row["agency"],
                "due": str(row["due"]),
                "changed": row["reason"],
                **_known(row),
            },
        )


def _replies(rows: pl.DataFrame) -> Iterator[tuple[str, dict[str, Any]]]:
    for row in rows.sort("on", "id", "known_from").iter_rows(named=True):
        yield (
            _cell(row),
            {
                "ask": row["ask"],
                "reply": row["reply"],
                "agency": row["agency"],
                "kind": row["kind"],
                "effort": row["effort"] or "",
                "ground": row["ground"],
                "on": str(row["on"]),
                **_known(row),
            },
        )


def _items(rows: pl.DataFrame) -> Iterator[tuple[str, dict[str, Any]]]:
    for row in rows.sort("on", "item_id", "id", "known_from").iter_rows(named=True):
        mark = Marking(row["marking"]).name.replace("_", "-")
        yield (
            _cell(row),
            {
                "item": row["item"],
                "relation": row["relation"],
                "kind": row["stated_as"],
                "on": str(row["on"]),
                "origin": row["origin"] or f"agency {row['agency']}",
                "grade": row["grade"],
                "converted_from": row["converted_from"],
                "graded_by": "the centre" if row["regraded"] else f"the grader of {row['agency']}",
                "corroborated_by": row["corroborated_by"] or "",
                "marking": mark,
                "tlp": f"TLP:{row['tlp']}" if row["tlp"] else "",
                "caveats": row["caveats"],
                **_known(row),
                "synthetic": row["synthetic"],
            },
        )


def _answers(rows: pl.DataFrame) -> Iterator[tuple[str, dict[str, Any]]]:
    for row in rows.sort("id", "known_from").iter_rows(named=True):
        yield (
            _cell(row),
            {
                "answer": f"ANSWER-{row['id']}",
                "accepted_on": str(row["on"]),
                "lapses_on": str(row["lapses_on"] or ""),
                "confidence": row["confidence"],
                "low": row["low"],
                "high": row["high"],
                "rests_on": row["rests_on"],
                **_known(row),
            },
        )


def _cell(row: dict[str, Any]) -> str:
    return f"{row['question']}/{row['area']}/{row['period']}"


def _known(row: dict[str, Any]) -> dict[str, str]:
    return {"known_from": str(row["known_from"]), "known_to": str(row["known_to"] or "")}


_MADE = {"asks": _asks, "replies": _replies, "items": _items, "answers": _answers}
