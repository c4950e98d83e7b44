"""The words of which readings are made: what a column can be, and how headings and texts are
compared.
"""

from __future__ import annotations

import re

from darkfigure.basis.statement import DIMENSIONS

#: What a column may be of figures, beside a dimension.
NOTHING, VALUE, PERIOD = "nothing", "value", "period"
RELEASE, DIMENSION, CATEGORY, PLACE = "release", "dimension", "category", "place"
#: What is said of a total, where a column has none.
REFUSE = "refuse"
HEAD_WORDS = ("measure", "unit", "population", "status", "role", "stated_on", "stated_by", "source")
FIGURE_WORDS = ("low", "high", "reason", "change_reason", "corrects", "note", "flag")
OF_FIGURES = (
    NOTHING,
    VALUE,
    PERIOD,
    "year",
    "quarter",
    RELEASE,
    DIMENSION,
    CATEGORY,
    PLACE,
    *HEAD_WORDS,
    *FIGURE_WORDS,
    *DIMENSIONS,
)
#: What the columns of a list for estimation may be, beside a list.
OF_LISTS = (NOTHING, "list", "list_name", "count", "person", "stratum")


def without_number(heading: str) -> str:
    """A heading without the number that tells it from an equal one."""
    return re.sub(r" \(\d{1,4}\)$", "", heading, flags=re.ASCII)


def tidy_key(text: str) -> str:
    """A text of a file as readings name it: single spaces, an underline as a space, whatever the
    case.
    """
    return " ".join(text.replace("_", " ").split()).casefold()
