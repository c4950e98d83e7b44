"""Question, measures, tabulation with bounds, periods that cover one another, totals against
parts.
"""

from typing import TYPE_CHECKING

from darkfigure.basis.loading import names_from

if TYPE_CHECKING:
    from darkfigure.tables import waiting_times

__all__ = ["waiting_times"]

__getattr__ = names_from(__name__, {"waiting_times": ""})
