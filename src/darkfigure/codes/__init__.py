"""Code lists as dated data: one list for each dimension, and how combined values are written."""

from darkfigure.codes.codelist import Code, CodeList, codes_for, nearest
from darkfigure.codes.combined import COMBINING, SEPARATOR, includes, read_combined

__all__ = [
    "COMBINING",
    "SEPARATOR",
    "Code",
    "CodeList",
    "codes_for",
    "includes",
    "nearest",
    "read_combined",
]
