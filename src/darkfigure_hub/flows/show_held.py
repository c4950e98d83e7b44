"""Show what is held: each measure with its breakdowns, the days held, who stated them and what is
missing.
"""

from __future__ import annotations

from datetime import date

from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.tables.holdings import HeldMeasure, held_of
from darkfigure.tables.measures import Measure, all_measures
from darkfigure_hub.store.limits import CELLS, reading
from darkfigure_hub.store.queries.holdings import holds_cases, stated_figures, withheld_figures

#: So many figures are given at once to who reads what is published.
AT_ONCE = CELLS


def show_held(scope: Scope, as_at: date, measure: Measure | None = None) -> list[HeldMeasure]:
    """What the asker may see of every measure, or of one, as known on a day."""
    scope.require(Permission.READ_FIGURES)
    wanted = [measure] if measure else list(all_measures().values())
    with reading(scope):
        return held_of(wanted, stated_figures(scope, as_at, wanted), withheld_figures(scope))


def cases_held(scope: Scope) -> bool:
    """Whether case records are held that the asker may see."""
    scope.require(Permission.READ_FIGURES)
    with reading(scope):
        return holds_cases(scope)
