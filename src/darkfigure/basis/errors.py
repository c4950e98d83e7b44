"""The exceptions of Darkfigure. Each is a sentence for the person who caused it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from darkfigure.basis.saying import Saying, quote, say, several

if TYPE_CHECKING:
    from darkfigure.basis.problem import Problem


#: Faults of a return that are written out; the rest are counted.
SHOWN = 20


class DarkfigureError(Exception):
    """Anything Darkfigure says no to. The text is meant to be shown to the user as it stands."""

    @property
    def said(self) -> Saying:
        """What it says, as a value."""
        first = self.args[0] if len(self.args) == 1 else None
        return first if isinstance(first, Saying) else quote(str(self))


class UnknownName(DarkfigureError):
    """A measure, dimension, code, agency or kind of file that does not exist; the text offers the
    nearest ones.
    """


class Unreadable(DarkfigureError):
    """A value that cannot be read as what it should be: a date, a period, a number, a file."""


class ReturnRefused(DarkfigureError):
    """A return with faults. Nothing of it was kept.

    `problems` holds every fault found up to a limit; `total` counts them all.
    """

    def __init__(
        self, file_name: str, problems: Sequence[Problem], total: int | None = None
    ) -> None:
        self.file_name = file_name
        self.problems = list(problems)
        self.total = len(self.problems) if total is None else total
        super().__init__(file_name, self.problems, self.total)

    @property
    def said(self) -> Saying:
        """How many faults, the first of them, and how many more."""
        lines = [say("problems.refused", file=self.file_name, count=self.total)]
        lines += [say("problems.listed", what=each.said) for each in self.problems[:SHOWN]]
        if self.total > SHOWN:
            lines.append(say("problems.more", number=self.total - SHOWN))
        return say("problems.lines", lines=several(lines, "line"))

    def __str__(self) -> str:
        return str(self.said)


class StoreUnavailable(DarkfigureError):
    """The repository's database cannot be reached, started or written to."""


class NotPermitted(DarkfigureError):
    """The asker may not see or do this."""


class PurposeNeeded(NotPermitted):
    """What is asked for takes a purpose, and none that opens it was stated."""


class NotInstalled(DarkfigureError, ImportError):
    """What is asked for needs an extra of the package; the text says which to install."""
