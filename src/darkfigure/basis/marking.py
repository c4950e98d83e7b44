"""Markings on what is held, and the scope within which somebody may read and act."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from darkfigure.basis.errors import NotPermitted, PurposeNeeded
from darkfigure.basis.permission import Permission
from darkfigure.basis.saying import say


class Marking(IntEnum):
    """Protective marking, ordered: a reader cleared for one sees all those below it."""

    PUBLIC = 0
    OFFICIAL = 1
    OFFICIAL_SENSITIVE = 2
    SECRET = 3


#: What somebody sees who may not even see what is public: below every marking.
NOTHING = -1


@dataclass(frozen=True)
class Scope:
    """Who asks, for which agency, in what role, for what purpose; what they may see and do.

    Only `darkfigure_hub.access` makes one. A query of the store that takes one gives nothing that
    is marked higher than `sees`; a flow asks it for the permission it needs. Who is `bound` acts
    for their own agency alone. `kinds` are the kinds of submission that a program has to do with;
    a person has with all. `stated` is the purpose that was stated, from the list there is, and
    `waits` what another would let them do. Which compartments they are in the database knows.
    """

    who: str
    agency: str | None
    role: str
    purpose: str
    sees: int
    permissions: frozenset[Permission]
    bound: bool = False
    kinds: frozenset[str] | None = None
    stated: str = ""
    waits: frozenset[Permission] = frozenset()

    def handles(self, kind: str) -> bool:
        """Whether they have to do with a kind of submission."""
        return self.kinds is None or kind in self.kinds

    def acts_for(self, agency: str) -> bool:
        """Whether what they may do, they may do of an agency's."""
        return not self.bound or agency == self.agency

    def may(self, permission: Permission) -> bool:
        """Whether they have a permission."""
        return permission in self.permissions

    def require(self, permission: Permission) -> None:
        """Go on only with a permission. Raises NotPermitted with its sentence; PurposeNeeded where
        stating a purpose would give it.
        """
        if permission in self.waits:
            raise PurposeNeeded(say("permission.state_a_purpose"))
        if not self.may(permission):
            raise NotPermitted(permission.refusal(self.who))
