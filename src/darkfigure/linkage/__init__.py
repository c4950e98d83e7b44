"""Linkage: who is whom on several lists, with how likely it is, what was decided, and what that
leaves open.
"""

from typing import TYPE_CHECKING

from darkfigure.basis.loading import names_from

if TYPE_CHECKING:
    from darkfigure.linkage.clusters import Partition
    from darkfigure.linkage.decisions import Decision, DecisionKind, check_decision, standing
    from darkfigure.linkage.draws import Draws, Overlap, overlaps
    from darkfigure.linkage.engine import DuckEngine, engine_named
    from darkfigure.linkage.fields import as_list
    from darkfigure.linkage.linking import Index, Linked, link
    from darkfigure.linkage.model import Model, read_model
    from darkfigure.linkage.preparation import prepared
    from darkfigure.linkage.spark import SparkEngine
    from darkfigure.linkage.thresholds import Thresholds
    from darkfigure.linkage.training import train

__all__ = [
    "Decision",
    "DecisionKind",
    "Draws",
    "DuckEngine",
    "Index",
    "Linked",
    "Model",
    "Overlap",
    "Partition",
    "SparkEngine",
    "Thresholds",
    "as_list",
    "check_decision",
    "engine_named",
    "link",
    "overlaps",
    "prepared",
    "read_model",
    "standing",
    "train",
]

#: Splink, Numba and SciPy take seconds to load.
__getattr__ = names_from(
    __name__,
    {
        "Decision": "decisions",
        "DecisionKind": "decisions",
        "Draws": "draws",
        "DuckEngine": "engine",
        "Index": "linking",
        "Linked": "linking",
        "Model": "model",
        "Overlap": "draws",
        "Partition": "clusters",
        "SparkEngine": "spark",
        "Thresholds": "thresholds",
        "as_list": "fields",
        "check_decision": "decisions",
        "engine_named": "engine",
        "link": "linking",
        "overlaps": "draws",
        "prepared": "preparation",
        "read_model": "model",
        "standing": "decisions",
        "train": "training",
    },
)
