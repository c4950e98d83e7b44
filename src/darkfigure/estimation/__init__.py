"""Multiple systems estimation: how many are on no list, from who is on several.

>>> import darkfigure.estimation as mse
>>> table = mse.example("uk_2013_list_overlaps")
>>> round(mse.best(table, order=2).fit.total)
12350
"""

from importlib import import_module
from typing import Any

# : Where each name lives. Modules are imported when first asked for: the compiled engine takes
# seconds to load.
_HOMES = {
    "Bootstrap": "resampling",
    "CaptureTable": "capture",
    "Fit": "loglinear",
    "Model": "models",
    "NoEstimate": "gate",
    "Panel": "side_by_side",
    "average": "loglinear",
    "best": "loglinear",
    "best_estimator": "resampling",
    "bootstrap": "resampling",
    "check": "loglinear",
    "corrected": "linkage_error",
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
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    """A name of the package, from its module."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
