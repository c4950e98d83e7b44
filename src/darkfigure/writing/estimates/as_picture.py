"""Estimates as pictures."""

from __future__ import annotations

from collections.abc import Sequence

from darkfigure.publication.series import SeriesEntry
from darkfigure.writing.charts import estimate_charts
from darkfigure.writing.charts.canvas import framed
from darkfigure.writing.estimates.shown import SideBySide


def draw_panel(shown: SideBySide) -> str:
    """Every method that has an estimate, with its interval."""
    return framed(estimate_charts.forest(shown.found).svg)


def draw_series(entries: Sequence[SeriesEntry]) -> str:
    """The series, each population by itself."""
    return framed(estimate_charts.series(entries).svg)
