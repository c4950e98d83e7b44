"""Linkage: who is whom on several lists, with how likely it is, what was decided, and what that
leaves open.
"""

from darkfigure.linkage.clusters import Partition, Thresholds
from darkfigure.linkage.decisions import Decision, DecisionKind, check_decision, standing
from darkfigure.linkage.draws import Draws, Overlap, overlaps
from darkfigure.linkage.engine import DuckEngine, SparkEngine, engine_named
from darkfigure.linkage.fields import as_list
from darkfigure.linkage.linking import Index, Linked, link
from darkfigure.linkage.model import Model, read_model
from darkfigure.linkage.preparation import prepared
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
