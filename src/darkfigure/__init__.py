"""Darkfigure: data and intelligence on human trafficking, kept so that every figure can be traced.

The library holds the knowledge: periods and statements, code lists, checks, tables with bounds,
answers, bridges, and files read and written. It needs no database, no network and no clock, and can
be used alone in a notebook.
"""

from darkfigure.basis.loading import called_from
from darkfigure.basis.saying import spoken_by

spoken_by(called_from("darkfigure.writing.words", "in_english"))

__version__ = "0.1.0"
