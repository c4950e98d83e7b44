"""Which nationalities make up a group: groups that part all of them, and unions of states, whose
members have changed and which share them with others.
"""

from __future__ import annotations

import tomllib
from importlib.resources import files

from darkfigure.codes.combined import SEPARATOR
from darkfigure.codes.following import follows_lists
from darkfigure.codes.uncoded import is_uncoded

#: The group of every nationality that is in none of the others.
REST = "other"
#: A nationality that says that none is known.
UNKNOWN = "Unknown"


def _data(name: str) -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((files("darkfigure") / "data" / "codes" / name).read_text("utf-8"))


@follows_lists()
def nationality_groups() -> dict[str, list[str]]:
    """The nationalities of each group that parts them, but for the last, which is all others."""
    return {name: [*members] for name, members in _data("nationality_members.toml").items()}


@follows_lists()
def unions() -> dict[str, frozenset[str]]:
    """The nationalities of each union of states, as it was on its days."""
    members = {name: frozenset(codes) for name, codes in nationality_groups().items()}
    for name, union in _data("nationality_unions.toml").items():
        before = members[str(union["of"])]
        members[name] = (before | {*union.get("with", ())}) - {*union.get("without", ())}
    return {name: members[name] for name in _data("nationality_unions.toml")}


@follows_lists()
def possible_groups(nationality: str) -> frozenset[str]:
    """The groups, of those that part nationalities, that somebody may be of: all where no
    nationality is known or coded, of two those of both.
    """
    every = frozenset((*nationality_groups(), REST))
    parts = nationality.split(SEPARATOR)
    if any(part == UNKNOWN or is_uncoded(part) for part in parts):
        return every
    return frozenset(map(_group_of_one, parts))


def _group_of_one(nationality: str) -> str:
    groups = nationality_groups().items()
    return next((name for name, members in groups if nationality in members), REST)


def group_of(nationality: str) -> str | None:
    """The one group that somebody is of; None where it cannot be said."""
    groups = possible_groups(nationality)
    return next(iter(groups)) if len(groups) == 1 else None


def belongs(nationality: str, group: str) -> bool | None:
    """Whether somebody of a nationality is of a group; None where it cannot be said."""
    union = unions().get(group)
    if union is None:
        groups = possible_groups(nationality)
        return (len(groups) == 1 or None) if group in groups else False
    parts = nationality.split(SEPARATOR)
    if any(part == UNKNOWN or is_uncoded(part) for part in parts):
        return None
    within = {part in union for part in parts}
    return within.pop() if len(within) == 1 else None
