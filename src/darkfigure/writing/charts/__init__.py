"""Charts as SVG, and pages of them; what draws is loaded when a chart is first asked for."""

from typing import TYPE_CHECKING

from darkfigure.basis.loading import names_from

if TYPE_CHECKING:
    from darkfigure.writing.charts.coverage_charts import change_bridge, ladder_over_time
    from darkfigure.writing.charts.drawing import triangle, vintages, waiting
    from darkfigure.writing.charts.estimate_charts import series
    from darkfigure.writing.charts.linkage_charts import write_linkage

__all__ = [
    "change_bridge",
    "ladder_over_time",
    "series",
    "triangle",
    "vintages",
    "waiting",
    "write_linkage",
]

__getattr__ = names_from(
    __name__,
    {
        "change_bridge": "coverage_charts",
        "ladder_over_time": "coverage_charts",
        "series": "estimate_charts",
        "triangle": "drawing",
        "vintages": "drawing",
        "waiting": "drawing",
        "write_linkage": "linkage_charts",
    },
)
