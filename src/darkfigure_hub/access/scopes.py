"""The only place where a Scope is made."""

from __future__ import annotations

from darkfigure.basis.marking import NOTHING, Marking, Scope
from darkfigure_hub.access.roles import PERMISSIONS, Role


def for_operator(who: str, purpose: str) -> Scope:
    """Somebody at the keyboard of the machine that holds the repository, working at the centre."""
    return _scope(f"operator:{who}", Role.OPERATOR, purpose, Marking.OFFICIAL_SENSITIVE)


def for_public(purpose: str) -> Scope:
    """Anybody who reads the pages without signing in."""
    return _scope("public", Role.PUBLIC, purpose, Marking.PUBLIC)


def for_nobody(purpose: str) -> Scope:
    """Whoever may see nothing and do nothing: not even read what is public."""
    return _scope("nobody", Role.NOBODY, purpose, NOTHING)


def _scope(who: str, role: Role, purpose: str, sees: int) -> Scope:
    return Scope(
        who=who,
        agency=None,
        role=role,
        purpose=purpose,
        sees=sees,
        permissions=PERMISSIONS[role],
    )
