"""Under what name a received file is kept: its own where that can be nobody's, else one of ours."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import PurePath

from darkfigure.cases.records import KINDS
from darkfigure.codes import codes_for
from darkfigure.codes.following import follows_lists

#: What files are called that are nobody in particular.
_PLAIN = """
answers asks case cases coverage edition export figures form input list lists made nrm persons
release releases replies reply report reports requirement requirements return returns standard
statement statements synthetic table tables test up
"""
_LISTS = ("agency", "operation", "exploitation", "location")
_ENDINGS = (".csv", ".gz", ".json", ".tsv", ".txt", ".yaml", ".yml")
_PARTS = re.compile(r"[^\W\d_]+|\d+")
#: A year, a month, a day, a quarter; longer ones may be the number of a document.
_LONGEST_NUMBER = 4
OURS = "received"


@follows_lists()
def _known() -> frozenset[str]:
    """Words of names that the package carries and of codes that name bodies and operations."""
    packaged = [path.name for path in (files("darkfigure") / "data" / "sources").iterdir()]
    codes = [code for name in _LISTS for code in codes_for(name).codes]
    own = " ".join([_PLAIN, *packaged, *codes, *KINDS])
    return frozenset(word.casefold() for word in _PARTS.findall(own))


def kept_name(name: str) -> str:
    """The name under which a file that came as `name` is kept and shown. Whose words are not all
    known ones may be named after a person.
    """
    path = PurePath(name)
    endings = "".join(each for each in path.suffixes if each.lower() in _ENDINGS)
    words = _PARTS.findall(name.removesuffix(endings))
    plain = name.isascii() and all(
        len(word) <= _LONGEST_NUMBER if word.isdigit() else word.casefold() in _known()
        for word in words
    )
    return name if plain and words else OURS + endings
