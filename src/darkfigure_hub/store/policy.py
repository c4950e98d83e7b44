"""The policy as data: which role may do what, to what, of which agencies, under what condition.

`policy.csv` is the one table. The code reads permissions from it, the database is told of it where
its rows are guarded, and the page and the manual print it.
"""

from __future__ import annotations

import csv
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from darkfigure.basis.permission import Permission

ALL, OWN = "all", "own"
#: The role of an agency's program, which may do what its token is granted and no more.
PROGRAM = "program"
#: What a token may be granted, each with the kinds of submission that it has to do with.
GRANTS: dict[str, tuple[str, ...]] = {
    "returns": ("return",),
    "reports": ("report",),
    "replies": ("replies",),
    "figures": (),
    "release": ("return", "report", "replies"),
}
_GRANTED = "granted: "
#: The condition of what takes a purpose.
_STATED = "a purpose stated"


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

    @property
    def grants(self) -> frozenset[str]:
        """Of a program's: the grants of which a token must carry one."""
        said = self.condition.removeprefix(_GRANTED) if _GRANTED in self.condition else ""
        return frozenset(filter(None, said.split("; ")))


@dataclass(frozen=True)
class Purpose:
    """What somebody may state that they read records or names for: in words, who may state it, and
    the permissions that it opens to them.
    """

    code: str
    words: str
    roles: frozenset[str]
    opens: frozenset[str]


@lru_cache(maxsize=1)
def purposes() -> dict[str, Purpose]:
    """The purposes there are, by code."""
    with (Path(__file__).parent / "purposes.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["purpose"]: Purpose(
                row["purpose"],
                row["words"],
                frozenset(row["roles"].split("; ")),
                frozenset(row["opens"].split("; ")),
            )
            for row in csv.DictReader(file)
        }


def purposes_for(role: str, permission: str) -> list[str] | None:
    """The purposes of which one opens a permission to a role; nothing where it takes none."""
    if not any(
        (rule.role, rule.permission) == (role, permission) and _STATED in rule.condition
        for rule in rules()
    ):
        return None
    return [
        each.code for each in purposes().values() if role in each.roles and permission in each.opens
    ]


def opened_by(role: str, purpose: str) -> frozenset[Permission]:
    """What a role may do for a purpose that was stated, or for none."""
    held = ((each, purposes_for(role, each)) for each in permissions_of(role))
    return frozenset(each for each, takes in held if takes is None or purpose in takes)


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


def permissions_granted(grants: Collection[str]) -> frozenset[Permission]:
    """What a program may do whose token carries these grants."""
    held = (rule for rule in rules() if rule.role == PROGRAM and rule.grants & set(grants))
    return frozenset(Permission(rule.permission) for rule in held)


def kinds_granted(grants: Collection[str]) -> frozenset[str]:
    """The kinds of submission that a program has to do with whose token carries these grants."""
    return frozenset(kind for grant in grants for kind in GRANTS[grant])
