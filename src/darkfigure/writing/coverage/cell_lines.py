"""What cells stand on, in lines: what holds of every line is said once, a reply stands beneath the
ask it is to, and a day that is also the day something was known from is not written twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from darkfigure.writing.words import ENGLISH, Words

#: The ledgers that a cell stands on, in the order in which they are told.
KINDS = ("asks", "replies", "items", "answers")
Row = Mapping[str, Any]
Rows = Mapping[str, Iterable[Row]]
#: The day of each kind, from which it is known where nothing else is said.
_DAYS = {"replies": "on", "items": "on", "answers": "accepted_on"}
#: From so many lines on, what holds of each is said once.
_MANY = 3
#: What a reply begins with that stands beneath its ask.
BENEATH = "→ "
_EMPTY = ("", None, False)


@dataclass(frozen=True)
class Shared:
    """What every line of a kind says alike, by field."""

    of: Mapping[str, Mapping[str, Any]]

    def told(self, words: Words = ENGLISH) -> list[str]:
        """It in sentences, and where a day is not written twice."""
        lines = [
            words.text(f"coverage.page.every.{kind}", said=_said(fields))
            for kind, fields in self.of.items()
            if fields
        ]
        return [*lines, words.text("coverage.page.known")]


def shared(opened: Iterable[Rows]) -> Shared:
    """What all lines of a kind say alike, over many cells."""
    counts: dict[str, Counter[tuple[str, Any]]] = {kind: Counter() for kind in KINDS}
    lines: Counter[str] = Counter()
    for rows in opened:
        for kind in KINDS:
            for row in rows.get(kind) or ():
                lines[kind] += 1
                counts[kind].update(
                    (name, value)
                    for name, value in row.items()
                    if value not in _EMPTY and value.__hash__
                )
    return Shared(
        {
            kind: {
                name: value
                for (name, value), count in counts[kind].items()
                if count == lines[kind] >= _MANY
            }
            for kind in KINDS
        }
    )


def cell_lines(rows: Rows, alike: Shared) -> Iterator[str]:
    """A line for each ask with its replies beneath it, each item and each answer."""
    asks = list(rows.get("asks") or ())
    # of an ask that was changed the last version: its replies stand beneath that
    last = {row["ask"]: at for at, row in enumerate(asks)}
    beneath: dict[int, list[Row]] = {}
    for reply in rows.get("replies") or ():
        beneath.setdefault(last.get(reply["ask"], -1), []).append(reply)
    for at, row in enumerate(asks):
        yield _line("asks", row, alike)
        for reply in beneath.get(at, ()):
            told = {"ask", *(["agency"] if reply["agency"] == row["agency"] else [])}
            yield f"{BENEATH}{_line('replies', reply, alike, told)}"
    yield from (_line("replies", row, alike) for row in beneath.get(-1, ()))
    for kind in ("items", "answers"):
        yield from (_line(kind, row, alike) for row in rows.get(kind) or ())


def _line(kind: str, row: Row, alike: Shared, known: Iterable[str] = ()) -> str:
    left_out = {*known, *alike.of[kind]}
    day = row.get(_DAYS.get(kind, ""))
    if day is not None and row.get("known_from") == day:
        left_out.add("known_from")
    return _said({name: value for name, value in row.items() if name not in left_out})


def _said(row: Row) -> str:
    named = {name.replace("_", " "): value for name, value in row.items()}
    return "; ".join(f"{name}: {value}" for name, value in named.items() if value not in _EMPTY)
