"""Make files for research of anybody's file: made-up records with a stated guarantee, extracts in
which nobody stands alone. What is spent of a budget is kept in a file.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from darkfigure.basis.errors import Unreadable
from darkfigure.disclosure.extracts import Extract, extract
from darkfigure.disclosure.private import COUNT, Synthetic, check_asked, synthesise
from darkfigure.reading.count_tables import groups_in, read_counts


@dataclass(frozen=True)
class Budget:
    """How much may be told of one file's people in all, and where that is kept."""

    path: Path
    total: float

    def spend(self, epsilon: float, what: str) -> None:
        """Enter that some of it is spent, before anything is told. Raises Unreadable for
        more than is left.
        """
        if not 0 < self.total < math.inf:
            raise Unreadable("--total: write a number above 0, as much as may be told in all.")
        spent = self._spent()
        left = self.total - sum(entry["epsilon"] for entry in spent)
        # what is no number is no less than anything
        if not 0 < epsilon <= left + 1e-9:
            raise Unreadable(
                f"{self.path.name}: {left:g} of {self.total:g} is left; {epsilon:g} is more than "
                "that, or nothing. What was told of these people cannot be taken back."
            )
        entries = [*spent, {"epsilon": epsilon, "what": what}]
        whole = {"total": self.total, "spent": entries}
        beside = self.path.with_name(f"{self.path.name}.new")
        try:
            beside.write_text(json.dumps(whole, indent=2) + "\n", encoding="utf-8")
            os.replace(beside, self.path)
        except OSError as error:
            raise Unreadable(
                f"The budget {self.path} cannot be written: {error.strerror}. Nothing was told."
            ) from error

    def _spent(self) -> list[dict[str, Any]]:
        if not self.path.exists():
            return []
        try:
            held = json.loads(self.path.read_text(encoding="utf-8"))
            total = float(held["total"])
            spent = [{**entry, "epsilon": float(entry["epsilon"])} for entry in held["spent"]]
        except OSError as error:
            raise Unreadable(
                f"The budget {self.path} cannot be read: {error.strerror}. Name a file."
            ) from error
        except (ValueError, KeyError, TypeError):
            raise Unreadable(f"{self.path.name} is no budget; name another file.") from None
        if not all(0 < entry["epsilon"] < math.inf for entry in spent):
            raise Unreadable(
                f"{self.path.name}: what is spent must be a number above 0 in each entry. Whoever "
                "changed the file has to say what was told."
            )
        if total != self.total:
            raise Unreadable(
                f"{self.path.name} was begun with {total:g} in all (--total); that stays."
            )
        return spent


def synthetic_of_file(
    path: Path,
    by: Sequence[str],
    *,
    count: str = "",
    epsilon: float,
    order: int = 2,
    budget: Budget | None = None,
) -> Synthetic:
    """Made-up records for anybody's file: a table of counts, or a person in each row."""
    check_asked(by, epsilon, order)
    frame = read_counts(path, by, count)
    if budget:
        budget.spend(epsilon, f"{path.name} by {', '.join(by)}")
    return synthesise(frame, by, count or COUNT, epsilon=epsilon, order=order)


def extract_of_file(
    path: Path,
    recognise: Sequence[str],
    sensitive: Sequence[str] = (),
    *,
    k: int = 5,
    l: int = 1,  # noqa: E741 - the measure's own name
    merge: Sequence[Path] = (),
    fraction: float = 1.0,
) -> Extract:
    """An extract of anybody's file, a person in each row."""
    columns = [*recognise, *sensitive]
    if not recognise:
        raise Unreadable("Name the columns by which people could be recognised (--recognise A,B).")
    frame = read_counts(path, columns).select(columns)
    groups = {heading: pairs[-1] for heading, pairs in groups_in(merge).items()}
    return extract(frame, recognise, sensitive, k=k, l=l, groups=groups, fraction=fraction)
