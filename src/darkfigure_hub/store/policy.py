"""The policy as data: which role may do what, to what, of which agencies, under what condition.

`policy.csv` is the one table. The code reads permissions from it, the database is told of it where
its rows are guarded, and the page and the manual print it.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from darkfigure.basis.permission import Permission

ALL, OWN = "all", "own"


@dataclass(frozen=True)
class Rule:
    """A permission of a role: to do what to which object, of all agencies or its own, and the
    condition in words. A permission `*` is every one.
    """

    role: str
    permission: str
    object: str
    agencies: str
    condition: str

    @property
    def words(self) -> str:
        """The permission in words."""
        return "everything" if self.permission == "*" else self.permission.replace("_", " ")


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    """The table, in its order."""
    with (Path(__file__).parent / "policy.csv").open(encoding="utf-8", newline="") as file:
        return tuple(Rule(**row) for row in csv.DictReader(file))


def permissions_of(role: str) -> frozenset[Permission]:
    """What a role may do, of some agency at least."""
    own = [rule.permission for rule in rules() if rule.role == role]
    return frozenset(Permission) if "*" in own else frozenset(map(Permission, own))


def is_bound(role: str) -> bool:
    """Whether a role sees and does nothing of agencies other than its own."""
    return any(rule.role == role and rule.agencies == OWN for rule in rules())
