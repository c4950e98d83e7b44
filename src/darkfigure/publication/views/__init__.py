"""Views over an answer: changes, shares, totals, the largest, another order, a dimension across.

Nothing of the answer is changed: a view holds its cells, and beside them figures that say from
which cells they were worked out.
"""

from darkfigure.publication.views.derived import Derived, Kind, View, ViewRow
from darkfigure.publication.views.made import view, viewed
from darkfigure.publication.views.wishes import (
    WANTED,
    NotDerivable,
    Wishes,
    undivided,
    wishes_for,
    wishes_of,
)

__all__ = [
    "WANTED",
    "Derived",
    "Kind",
    "NotDerivable",
    "View",
    "ViewRow",
    "Wishes",
    "undivided",
    "view",
    "viewed",
    "wishes_for",
    "wishes_of",
]
