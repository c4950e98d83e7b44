"""The words of a text, made alike: without case, accents, apostrophes and plurals."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

#: Numbers with what joins them are one word: 2017/18, 2008-12-17, 17.12.2008, 100,000.
_WORD = re.compile(r"\d+(?:[/.,–-]\d+)*[^\W\d_]*|[^\W\d_][^\W_]*")
_APOSTROPHES = re.compile(r"['’‘`]")
#: A text of more words is no question.
MOST_WORDS = 200


class Heard(NamedTuple):
    """A word of a text: as it is compared, and from where to where it stands."""

    key: str
    start: int
    end: int


def heard(text: str) -> list[Heard]:
    """The words of a text, in order; of a long text its first `MOST_WORDS`."""
    plain = _plain(text)
    found = (Heard(_singular(m[0]), m.start(), m.end()) for m in _WORD.finditer(plain))
    return [word for word, _ in zip(found, range(MOST_WORDS), strict=False)]


def keys(text: str) -> tuple[str, ...]:
    """The words of a phrase as they are compared."""
    return tuple(word.key for word in heard(text))


def _plain(text: str) -> str:
    """A text of the same length, sign by sign without case and accents; an apostrophe before an s
    is a space, so that "children's" is "children".
    """
    signs = [_sign(sign) for sign in text]
    return "".join(" " if _APOSTROPHES.match(sign) else sign for sign in signs)


def _sign(sign: str) -> str:
    folded = unicodedata.normalize("NFKD", sign)[:1].casefold()
    return folded if len(folded) == 1 else sign


def _singular(word: str) -> str:
    """A word without the s of its plural; both sides of a comparison go through here."""
    if len(word) <= 3 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    return f"{word[:-3]}y" if word.endswith("ies") and len(word) > 4 else word[:-1]
