"""A fault in something received, said so that its sender can mend it."""

from __future__ import annotations

from dataclasses import dataclass

from darkfigure.basis.saying import Saying, say, several


@dataclass(frozen=True)
class Problem:
    """One fault: what is wrong, where, and what would be right.

    `line` counts from 1 with the heading as line 1; `value` is shown only where it is a code, date
    or number, never where it could be a name or free text.
    """

    wrong: Saying
    right: Saying
    line: int | None = None
    column: str | None = None
    value: str | None = None
    rule: str = "format"

    @property
    def said(self) -> Saying:
        """The whole of it: place, what is wrong, what would be right."""
        wrong = self.wrong
        if self.value is not None:
            wrong = say("problems.shown", wrong=wrong, value=self.value)
        whole = say("problems.whole", wrong=wrong, right=self.right)
        place = []
        if self.line is not None:
            place.append(say("problems.line", line=self.line))
        if self.column:
            place.append(say("problems.column", column=self.column))
        return say("problems.at", place=several(place, "comma"), what=whole) if place else whole

    def __str__(self) -> str:
        return str(self.said)


@dataclass(frozen=True)
class Remark:
    """Something noticed in a return that does not stop it: a total that does not add up, rows for
    the same cell.
    """

    rule: str
    text: Saying
    line: int | None = None

    def __str__(self) -> str:
        return str(self.said)

    @property
    def said(self) -> Saying:
        """The whole of it, with its line."""
        if self.line is None:
            return self.text
        return say("problems.at", place=say("problems.line", line=self.line), what=self.text)
