"""Memory: the one app with tables, its migrations, the queries over it, and the server it lives
on.
"""

from typing import TYPE_CHECKING

from darkfigure.basis.loading import names_from

if TYPE_CHECKING:
    from darkfigure_hub.store import embedding

__all__ = ["embedding"]

__getattr__ = names_from(__name__, {"embedding": ""})
