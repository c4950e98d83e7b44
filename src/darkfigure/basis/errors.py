"""The exceptions of Darkfigure. Each is a sentence for the person who caused it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from darkfigure.basis.problem import Problem


class DarkfigureError(Exception):
    """Anything Darkfigure says no to. The text is meant to be shown to the user as it stands."""


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
        noun = "fault" if self.total == 1 else "faults"
        lines = [f"{file_name}: {self.total} {noun} found; nothing was loaded."]
        lines += [f"  {problem}" for problem in self.problems[:20]]
        if self.total > 20:
            lines.append(f"  and {self.total - 20} more.")
        super().__init__("\n".join(lines))


class StoreUnavailable(DarkfigureError):
    """The repository's database cannot be reached, started or written to."""


class NotPermitted(DarkfigureError):
    """The asker may not see or do this."""


class NotInstalled(DarkfigureError, ImportError):
    """What is asked for needs an extra of the package; the text says which to install."""
