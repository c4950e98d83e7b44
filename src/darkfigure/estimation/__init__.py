"""Multiple systems estimation: how many are on no list, from who is on several.

>>> from darkfigure.estimation import read_csv, stepwise, best, panel          # doctest: +SKIP
>>> table = read_csv("lists.csv")                                               # doctest: +SKIP
>>> best(table, order=2).fit.total                                              # doctest: +SKIP
"""

from darkfigure.estimation.bootstrap import Bootstrap, best_estimator, bootstrap, fixed_estimator, stepwise_estimator
from darkfigure.estimation.capture import CaptureTable, example, from_frame, from_lists, read_csv
from darkfigure.estimation.loglinear import Fit, NoEstimate, average, best, check, fit, profile_interval, stepwise
from darkfigure.estimation.models import Model, parse_model
from darkfigure.estimation.panel import Panel, panel
from darkfigure.estimation.strata import over_draws, stratified

__all__ = [
    "Bootstrap",
    "CaptureTable",
    "Fit",
    "Model",
    "NoEstimate",
    "Panel",
    "average",
    "best",
    "best_estimator",
    "bootstrap",
    "check",
    "example",
    "fit",
    "fixed_estimator",
    "from_frame",
    "from_lists",
    "over_draws",
    "panel",
    "parse_model",
    "profile_interval",
    "read_csv",
    "stepwise",
    "stepwise_estimator",
    "stratified",
]
