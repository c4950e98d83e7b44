"""What is shown at the terminal while something long is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from darkfigure.basis.saying import Saying


@contextmanager
def progress(name: str) -> Iterator[Callable[[Saying | str, int], None]]:
    """Shows what is being done and how many rows so far, while it is."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.fields[name]}: {task.description}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("reading", name=name)

        def report(doing: Saying | str, rows: int) -> None:
            shown.update(task, description=f"{doing}{f', {rows:,} rows' if rows else ''}")

        yield report


@dataclass(frozen=True)
class Counted:
    """A bar of work that is done in pieces, of which it is known how many there are."""

    shown: Progress
    task: TaskID

    def reached(self, done: int, total: int | None = None, doing: Saying | str = "") -> None:
        """So many pieces are done; of how many, and what is being done, where that changed. Pieces
        kept from an earlier run are told of first, at once, and make nothing seem quicker.
        """
        if total is not None:
            self.shown.update(self.task, total=total)
        if doing:
            self.shown.update(self.task, description=str(doing))
        self.shown.update(self.task, completed=done)

    def doing(self, what: Saying, done: int = 0, of: int = 0) -> None:
        """Something is being done: begun, or so many of its parts are done."""
        if self.shown.tasks[0].description != str(what):
            self.shown.reset(self.task, description=str(what))
            self.shown.tasks[0].total = None
        self.reached(done, of or None)


@contextmanager
def counted(name: str, total: int | None = None) -> Iterator[Counted]:
    """A bar on standard error while long work is done piece by piece: how many of how many, since
    when, and how long the rest takes at the pace of the last half minute. Nothing where standard
    error is no terminal.
    """
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left:"),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as shown:
        yield Counted(shown, shown.add_task(name, total=total))
