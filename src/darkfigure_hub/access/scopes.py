"""The only place where a Scope is made."""

from __future__ import annotations

from darkfigure.basis.marking import Marking, Scope


def for_operator(who: str, purpose: str) -> Scope:
    """Somebody at the keyboard of the machine that holds the repository, working at the centre."""
    return Scope(
        who=f"operator:{who}", purpose=purpose, sees=Marking.OFFICIAL_SENSITIVE, may_receive=True
    )


def for_public(purpose: str) -> Scope:
    """Anybody who reads the pages without signing in."""
    return Scope(who="public", purpose=purpose, sees=Marking.PUBLIC)
