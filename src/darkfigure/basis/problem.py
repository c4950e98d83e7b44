"""A fault in something received, said so that its sender can mend it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One fault: what is wrong, where, and what would be right.

    `line` counts from 1 with the heading as line 1; `value` is shown only where it is a code, date
    or number, never where it could be a name or free text.
    """

    wrong: str
    right: str
    line: int | None = None
    column: str | None = None
    value: str | None = None
    rule: str = "format"

    def __str__(self) -> str:
        where = [
            f"line {self.line}" if self.line is not None else "",
            f"column {self.column!r}" if self.column else "",
        ]
        place = ", ".join(part for part in where if part)
        shown = f" ({self.value!r})" if self.value is not None else ""
        return f"{place + ': ' if place else ''}{self.wrong}{shown}. {self.right}"


@dataclass(frozen=True)
class Remark:
    """Something noticed in a return that does not stop it: a total that does not add up, rows for
    the same cell.
    """

    rule: str
    text: str
    line: int | None = None

    def __str__(self) -> str:
        return f"line {self.line}: {self.text}" if self.line is not None else self.text
