"""List what is held: the returns received, with what was noticed in each."""

from __future__ import annotations

from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure_hub.store.queries import holdings
from darkfigure_hub.store.queries.holdings import HeldReturn


def list_holdings(scope: Scope) -> list[HeldReturn]:
    """Every return the asker may see, oldest first."""
    scope.require(Permission.READ_HOLDINGS)
    return holdings.returns(scope)
