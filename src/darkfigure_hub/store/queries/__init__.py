"""Reading and writing rows, and turning them into library objects. A query that takes a
Scope gives nothing marked higher than it sees; over a table without marking it takes none, and the
flow that calls it asks for the permission.
"""

from typing import TYPE_CHECKING

from darkfigure.basis.loading import names_from

if TYPE_CHECKING:
    from darkfigure_hub.store.queries import case_records

__all__ = ["case_records"]

#: Records are counted by Ibis, which takes most of a second to load.
__getattr__ = names_from(__name__, {"case_records": ""})
