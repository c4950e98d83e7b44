"""Numbers that are written in words, as `four hundred and six`: what they say, and where."""

from __future__ import annotations

import re
from collections.abc import Iterator

_UNITS = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SMALL = {
    **{word: number for number, word in enumerate(_UNITS, 1)},
    **{word: 10 * number for number, word in enumerate(_TENS, 2)},
}
_SCALES = {"thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000}
_ONE = "|".join(sorted([*_SMALL, *_SCALES, "hundred"], key=len, reverse=True))
_WRITTEN = re.compile(rf"\b(?:{_ONE})(?:(?:[\s-]+(?:and\s+)?)(?:{_ONE}))*\b", re.IGNORECASE)


def numbers_in_words(text: str) -> Iterator[tuple[str, int]]:
    """The numbers that a text writes in words, in order: as written, and what they say."""
    for match in _WRITTEN.finditer(text):
        yield match[0], said_in_words(match[0])


def said_in_words(written: str) -> int:
    """What a number in words says. Raises ValueError where a word is no part of one."""
    whole = group = 0
    for word in re.findall(r"[a-z]+", written.lower()):
        if word == "hundred":
            group = max(group, 1) * 100
        elif word in _SCALES:
            whole += max(group, 1) * _SCALES[word]
            group = 0
        elif word in _SMALL:
            group += _SMALL[word]
        elif word != "and":
            raise ValueError(f"{word!r} is no part of a number in words.")
    return whole + group
