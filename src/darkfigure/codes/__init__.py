"""Code lists as dated data: one list for each dimension, and how combined values are written."""

from darkfigure.codes.code import Code
from darkfigure.codes.codelist import CodeList, codes_for, codes_of_records, nearest
from darkfigure.codes.combined import COMBINING, SEPARATOR, includes, read_combined, titles_of
from darkfigure.codes.use import dated_codes, in_use

__all__ = [
    "COMBINING",
    "SEPARATOR",
    "Code",
    "CodeList",
    "codes_for",
    "codes_of_records",
    "dated_codes",
    "in_use",
    "includes",
    "nearest",
    "read_combined",
    "titles_of",
]
