"""Requirement coverage shown as text and data: the vector of shares, and what a cell stands on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rich import box
from rich.table import Table

from darkfigure.intelligence.coverage import CellStatus, Coverage
from darkfigure.intelligence.coverage_change import CoverageChange
from darkfigure.intelligence.requirement_sets import RequirementSet, natural
from darkfigure.writing.documents.head import document
from darkfigure.writing.terminal import console, written
from darkfigure.writing.words import ENGLISH, Words

#: Columns that coverage takes.
WIDTH = 150

#: Statuses in the order of the ladder, those closed left out.
SHOWN = [str(status) for status in CellStatus if status != CellStatus.CLOSED]
#: Questions that are named where nothing is said of them.
FLOOR_SHOWN = 12
#: By what coverage can be cut, and the column that holds it.
CUTS = {
    "threat": "threat",
    "requirement": "requirement",
    "question": "question",
    "area": "area",
    "period": "period",
    "agency": "agency",
}


@dataclass(frozen=True)
class Covered:
    """Coverage of an edition, cut as asked; what changed `since` an earlier one, where that is
    asked; and what its cells stand on, for the page.
    """

    found: Coverage
    held: RequirementSet
    by: Sequence[str] = ()
    change: CoverageChange | None = None
    since: str = ""
    opened: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def write_covered(shown: Covered, words: Words = ENGLISH) -> str:
    """Coverage as tables, and what changed."""
    changed = (
        "\n"
        + words.text("coverage.since", since=shown.since)
        + "\n"
        + write_change(shown.change, words=words)
        if shown.change
        else ""
    )
    return write_coverage(shown.found, shown.held, shown.by, words=words) + changed


def write_json(shown: Covered) -> str:
    """Coverage as JSON."""
    data = coverage_data(shown.found, shown.by)
    data |= {"change": change_data(shown.change)} if shown.change else {}
    return document("coverage", data, synthetic=shown.found.synthetic)


def write_opened_json(rows: Mapping[str, Any]) -> str:
    """What a cell stands on as JSON."""
    made_up = any(row.get("synthetic") for row in rows["items"])
    return document("cell", rows, synthetic=made_up)


def edition_data(held: RequirementSet) -> dict[str, Any]:
    """An edition of the requirement as plain data: every question it asks."""
    return {
        "edition": held.edition,
        "title": held.title,
        "from": held.valid.start,
        "to": held.valid.end,
        "follows": held.follows or None,
        "threats": dict(held.threats),
        "requirements": dict(held.requirements),
        "questions": [vars(each) for each in held.questions.values()],
    }


def coverage_data(found: Coverage, by: Sequence[str] = ()) -> dict[str, Any]:
    """Coverage as plain data: the whole, and a row for each value of what it is cut by."""
    data: dict[str, Any] = {
        "called": "requirement coverage",
        "edition": found.edition,
        "as_at": found.at.isoformat(),
        "known": found.known.isoformat(),
        "answered_share": found.headline,
        "floor": found.floor,
        "whole": _row(found.shares().row(0, named=True)),
    }
    if by:
        data["by"] = [
            {**{name: row[name] for name in by}, **_row(row)}
            for row in found.shares(by).iter_rows(named=True)
        ]
    return data


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    names = (
        "cells",
        "weight",
        "asks_due",
        "response",
        "on_time",
        "informative",
        "origins",
        "single_origin",
        "largest_share",
        "median_age",
        "fragile",
    )
    return {
        "shares": {status: row[status] for status in SHOWN},
        **{
            name: None if row[name] is None or row[name] != row[name] else row[name]
            for name in names
        },
    }


def write_coverage(
    found: Coverage, held: RequirementSet, by: Sequence[str] = (), words: Words = ENGLISH
) -> str:
    """Coverage in a table of shares, worst known first, and what must be said with it."""
    by = list(by) or ["requirement"]
    shown_on = console(WIDTH)
    shown_on.print(
        words.text("coverage.head", edition=found.edition, at=str(found.at))
        + (words.text("coverage.known", day=str(found.known)) if found.known != found.at else "")
    )
    if found.synthetic:
        shown_on.print(words.text("coverage.made_up"))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in [
        *by,
        *SHOWN,
        "cells",
        "due",
        "replied",
        "on time",
        "informed",
        "origins",
        words.text("coverage.one_origin"),
        "fragile",
    ]:
        table.add_column(name, justify="left" if name in by else "right")
    rows = sorted(
        found.shares(by).iter_rows(named=True),
        key=lambda row: [natural(str(row[name])) for name in by],
    )
    for row in [
        *rows,
        {
            **dict.fromkeys(by, ""),
            by[0]: words.text("coverage.all"),
            **found.shares().row(0, named=True),
        },
    ]:
        names = [_named(held, name, row[name]) for name in by]
        table.add_row(
            *names,
            *(percent(row[status]) for status in SHOWN),
            f"{row['cells']:,}",
            f"{row['asks_due']:,}",
            *(percent(row[name]) for name in ("response", "on_time", "informative")),
            "-" if row["origins"] is None else f"{row['origins']:.2f}",
            *(percent(row[name]) for name in ("single_origin", "fragile")),
        )
    shown_on.print(table)
    for status in SHOWN:
        shown_on.print(f"  {status}  {words.text(f'coverage.status.{status}')}")
    shown_on.print("\n" + _floor(found, held, words=words))
    shown_on.print(words.text("coverage.caution"))
    return written(shown_on)


def _floor(found: Coverage, held: RequirementSet, words: Words = ENGLISH) -> str:
    """How many questions have no cell that says anything, and the first of them."""
    count, named = len(found.floor), sorted(found.floor, key=natural)[:FLOOR_SHOWN]
    code = "none" if not count else "more" if count > FLOOR_SHOWN else "some"
    return words.text(
        f"coverage.floor.{code}",
        number=count,
        whole=len(held.questions),
        named=", ".join(named),
    )


def _named(held: RequirementSet, name: str, value: Any) -> str:
    if name == "requirement" and value in held.requirements:
        return f"{value} {held.requirements[value]}"
    return str(value)


def percent(share: float | None) -> str:
    """A share as tables write it."""
    return "-" if share is None or share != share else f"{share:.0%}" if share else "."


def write_change(change: CoverageChange, words: Words = ENGLISH) -> str:
    """The way from one edition's answered share to the next, a line each; it adds up."""
    lines = [
        (words.text("coverage.change.opening"), change.opening),
        (words.text("coverage.change.revision"), change.revision),
        (words.text("coverage.change.closed"), change.closed),
        (words.text("coverage.change.lapsed"), -change.lapsed),
        (words.text("coverage.change.scope"), change.scope),
        (words.text("coverage.change.closing"), change.closing),
    ]
    text = "".join(
        f"  {name:46} {value:+8.3f}\n" if 0 < at < 5 else f"  {name:46} {value:8.3f}\n"
        for at, (name, value) in enumerate(lines)
    )
    text += (
        "\n"
        + words.text("coverage.change.like", before=change.like_before, after=change.like_after)
        + "\n"
    )
    for name, codes in (
        ("added", change.added),
        ("dropped", change.dropped),
    ):
        if codes:
            text += (
                words.text(f"coverage.change.{name}", codes=", ".join(sorted(codes, key=natural)))
                + "\n"
            )
    return text


def change_data(change: CoverageChange) -> dict[str, Any]:
    """The change as plain data."""
    names = (
        "opening",
        "revision",
        "closed",
        "lapsed",
        "scope",
        "closing",
        "like_before",
        "like_after",
    )
    return {
        **{name: getattr(change, name) for name in names},
        "added": list(change.added),
        "dropped": list(change.dropped),
        "moves": change.moves.to_dicts(),
    }


def write_opened(rows: Mapping[str, Any], words: Words = ENGLISH) -> str:
    """A cell with all it stands on, as text. No item's text is in it."""
    cell = rows["cell"]
    status = CellStatus(cell["status"])
    evidence = (
        ""
        if cell["e_for"] is None
        else (
            words.text(
                "coverage.evidence",
                for_=cell["e_for"],
                against=cell["e_against"],
                origins=cell["origins"],
            )
        )
    )
    lines = [
        f"{cell['question']} / {cell['area']} / {cell['period']}: "
        f"{status} {words.text(f'coverage.status.{status}')}{evidence}"
    ]
    for kind in ("asks", "replies", "items", "answers"):
        lines.append(f"{kind}:" if rows[kind] else words.text("coverage.none", kind=kind))
        lines += [
            "  "
            + "  ".join(f"{name}={value}" for name, value in row.items() if value not in ("", None))
            for row in rows[kind]
        ]
    return "\n".join(lines) + "\n"
