"""Charts as SVG, and pages of them; what draws is loaded when a chart is first asked for."""

from typing import TYPE_CHECKING

from darkfigure.basis.loading import names_from

if TYPE_CHECKING:
    from darkfigure.writing.charts.answer_charts import answer_part, answer_picture, bridge_picture
    from darkfigure.writing.charts.coverage_charts import change_bridge, ladder_over_time
    from darkfigure.writing.charts.drawing import vintages, waiting
    from darkfigure.writing.charts.estimate_charts import series
    from darkfigure.writing.charts.flow_charts import steps_picture
    from darkfigure.writing.charts.linkage_charts import write_linkage
    from darkfigure.writing.charts.picture import figure_part

__all__ = [
    "answer_part",
    "answer_picture",
    "bridge_picture",
    "change_bridge",
    "figure_part",
    "ladder_over_time",
    "series",
    "steps_picture",
    "vintages",
    "waiting",
    "write_linkage",
]

__getattr__ = names_from(
    __name__,
    {
        "answer_part": "answer_charts",
        "answer_picture": "answer_charts",
        "bridge_picture": "answer_charts",
        "change_bridge": "coverage_charts",
        "figure_part": "picture",
        "ladder_over_time": "coverage_charts",
        "series": "estimate_charts",
        "steps_picture": "flow_charts",
        "vintages": "drawing",
        "waiting": "drawing",
        "write_linkage": "linkage_charts",
    },
)
