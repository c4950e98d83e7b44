"""Multiple systems estimation: how many are on no list, from who is on several.

>>> import darkfigure.estimation as mse
>>> table = mse.example("uk_2013_list_overlaps")
>>> round(mse.best(table, order=2).fit.total)
12350
"""

from typing import TYPE_CHECKING

from darkfigure.basis.loading import names_from

if TYPE_CHECKING:
    from darkfigure.estimation import (
        convergence,
        existence,
        runs_beside,
        runs_loglinear,
        sensitivity,
        steps,
    )
    from darkfigure.estimation.capture import (
        CaptureTable,
        example,
        from_frame,
        from_lists,
        read_csv,
    )
    from darkfigure.estimation.gate import NoEstimate
    from darkfigure.estimation.linkage_error import corrected
    from darkfigure.estimation.loglinear import Fit, average, best, check, fit, stepwise
    from darkfigure.estimation.models import Model, parse_model
    from darkfigure.estimation.profile import multinomial_interval, profile_interval
    from darkfigure.estimation.resampling import (
        Bootstrap,
        best_estimator,
        bootstrap,
        fixed_estimator,
        stepwise_estimator,
    )
    from darkfigure.estimation.side_by_side import Panel, panel
    from darkfigure.estimation.single import Settings, chooser, estimate
    from darkfigure.estimation.strata import over_draws, stratified
    from darkfigure.estimation.times_seen import times_of

#: Where each name lives: the compiled engine takes a second to load.
_HOMES = {
    "Bootstrap": "resampling",
    "CaptureTable": "capture",
    "Fit": "loglinear",
    "Model": "models",
    "NoEstimate": "gate",
    "Panel": "side_by_side",
    "Settings": "single",
    "average": "loglinear",
    "best": "loglinear",
    "best_estimator": "resampling",
    "bootstrap": "resampling",
    "check": "loglinear",
    "chooser": "single",
    "corrected": "linkage_error",
    "estimate": "single",
    "example": "capture",
    "fit": "loglinear",
    "fixed_estimator": "resampling",
    "from_frame": "capture",
    "from_lists": "capture",
    "multinomial_interval": "profile",
    "over_draws": "strata",
    "panel": "side_by_side",
    "parse_model": "models",
    "profile_interval": "profile",
    "read_csv": "capture",
    "stepwise": "loglinear",
    "stepwise_estimator": "resampling",
    "stratified": "strata",
    "times_of": "times_seen",
    "convergence": "",
    "existence": "",
    "runs_beside": "",
    "runs_loglinear": "",
    "sensitivity": "",
    "steps": "",
}

__all__ = [
    "Bootstrap",
    "CaptureTable",
    "Fit",
    "Model",
    "NoEstimate",
    "Panel",
    "Settings",
    "average",
    "best",
    "best_estimator",
    "bootstrap",
    "check",
    "chooser",
    "convergence",
    "corrected",
    "estimate",
    "example",
    "existence",
    "fit",
    "fixed_estimator",
    "from_frame",
    "from_lists",
    "multinomial_interval",
    "over_draws",
    "panel",
    "parse_model",
    "profile_interval",
    "read_csv",
    "runs_beside",
    "runs_loglinear",
    "sensitivity",
    "steps",
    "stepwise",
    "stepwise_estimator",
    "stratified",
    "times_of",
]

__getattr__ = names_from(__name__, _HOMES)
