"""The only place where a Scope is made."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from darkfigure.basis.marking import NOTHING, Marking, Scope
from darkfigure_hub.access.roles import BOUND, PERMISSIONS, Role
from darkfigure_hub.store.policy import kinds_granted, opened_by, permissions_granted


def for_operator(who: str, purpose: str) -> Scope:
    """Somebody at the keyboard of the machine that holds the repository, working at the centre."""
    return _scope(f"operator:{who}", Role.OPERATOR, purpose, Marking.OFFICIAL_SENSITIVE)


def for_example(name: str) -> Scope:
    """One of the made-up people who make the example's editions: each act is another's."""
    return _scope(f"example:{name}", Role.OPERATOR, "demo", Marking.OFFICIAL_SENSITIVE)


def for_public(purpose: str) -> Scope:
    """Anybody who reads the pages without signing in."""
    return _scope("public", Role.PUBLIC, purpose, Marking.PUBLIC)


def seeing_what_is_public(scope: Scope) -> Scope:
    """Somebody as they are, who for the moment sees no more than anybody."""
    return replace(scope, sees=min(scope.sees, Marking.PUBLIC))


def for_nobody(purpose: str) -> Scope:
    """Whoever may see nothing and do nothing: not even read what is public."""
    return _scope("nobody", Role.NOBODY, purpose, NOTHING)


def for_account(
    account: str, role: Role, agency: str, sees: int, purpose: str, stated: str = ""
) -> Scope:
    """Somebody who signed in, as what they act as, for the purpose that they stated. An agency's
    sees what is public and its own.
    """
    opened = opened_by(role, stated)
    return replace(
        _scope(account, role, purpose, sees, agency),
        permissions=opened,
        waits=PERMISSIONS[role] - opened,
        stated=stated,
    )


def for_program(token: int, agency: str, sees: int, grants: Collection[str], purpose: str) -> Scope:
    """A program of an agency, by its token: what that is granted, of the agency's own."""
    made = _scope(f"token:{token}", Role.PROGRAM, purpose, sees, agency)
    return replace(
        made,
        permissions=permissions_granted(grants),
        kinds=kinds_granted(grants),
        bound=True,
    )


def _scope(who: str, role: Role, purpose: str, sees: int, agency: str | None = None) -> Scope:
    return Scope(
        who=who,
        agency=agency,
        role=role,
        purpose=purpose,
        sees=sees,
        permissions=PERMISSIONS[role],
        bound=role in BOUND,
    )
