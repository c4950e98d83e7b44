"""Show what files were called as they came: for whoever may read names, and on record."""

from __future__ import annotations

from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure_hub.access import record
from darkfigure_hub.store.queries import identity


def show_file_names(scope: Scope) -> dict[int, str]:
    """The name of the file that each return came in, by the return's number; of those received
    before names were kept, none. Raises NotPermitted.
    """
    scope.require(Permission.READ_NAMES)
    names = identity.file_names(scope)
    record(scope, "file names shown", {}, touched=[f"return {number}" for number in names])
    return names
