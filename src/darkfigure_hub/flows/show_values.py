"""Show what stands in a file beside its faults: for whoever may read names, and on record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import file_digest
from pathlib import Path

from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.basis.problem import values_shown
from darkfigure_hub.access import record


@contextmanager
def show_values(scope: Scope, paths: Sequence[Path]) -> Iterator[None]:
    """While faults of these files are printed, what was received is printed too. Raises
    NotPermitted. The log keeps the files by the hash of their content.
    """
    scope.require(Permission.READ_NAMES)
    for path in paths:
        if path.is_file():
            with path.open("rb") as content:
                digest = file_digest(content, "sha256").hexdigest()
            record(scope, "values shown", {"file": digest})
    with values_shown():
        yield
