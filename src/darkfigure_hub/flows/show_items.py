"""Show items to who grades them: what each is called, its grade and since when. What an item says
in words is in the file.
"""

from __future__ import annotations

from datetime import date

from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure_hub.access import record
from darkfigure_hub.store.queries import intelligence as store
from darkfigure_hub.store.queries.intelligence import HeldItem

#: How many are shown at once.
SHOWN = 100


def withheld_items(scope: Scope) -> int:
    """How many items are withheld from who asks: nothing else of them. Raises NotPermitted."""
    scope.require(Permission.GRADE_ITEM)
    return store.withheld_items(scope)


def show_items(scope: Scope, day: date) -> list[tuple[str, HeldItem]]:
    """The latest items that stand on a day, by name. Raises NotPermitted."""
    scope.require(Permission.GRADE_ITEM)
    found = store.items_held(scope, day, SHOWN)
    record(scope, "items shown", {"items": len(found)}, touched=[name for name, _ in found])
    return found
