"""Words for who asked: what an answer says to who runs the program is left out of what goes out."""

from __future__ import annotations

import re

#: What stands in a catalogue for programmers: an option in brackets, a clause about one, a code.
_OPTION = re.compile(r" \(--[a-z-]+\)")
_CLAUSE = re.compile(r"[;,] (?:mae )?--[a-z-]+ [^.]*(?=\.)")
_CODE = re.compile(r" \([a-z0-9]+(?:_[a-z0-9]+)+\)")


def in_plain_words(text: str) -> str:
    """A sentence without options of a command and codes of measures."""
    for pattern in (_OPTION, _CLAUSE, _CODE):
        text = pattern.sub("", text)
    return text
