"""What is shown at the terminal while something long is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

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
