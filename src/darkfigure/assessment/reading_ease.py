"""How hard a text is to read: the school year that it asks for, and its longest sentences.

Formula: J. P. Kincaid and others, *Derivation of new readability formulas*, Naval Technical
Training Command, Research Branch Report 8-75 (1975). Reading age is the year of school and five.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9\"'(])")
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]*")
_VOWELS = re.compile(r"[aeiouy]+")


@dataclass(frozen=True)
class Ease:
    """How hard a text is to read; lengths are in words."""

    words: int
    sentences: int
    age: float
    longest: int


def ease_of(paragraphs: Sequence[str]) -> Ease:
    """How hard paragraphs are to read; of none, nought."""
    lengths: list[int] = []
    syllables = 0
    for paragraph in paragraphs:
        for sentence in sentences_of(paragraph):
            words = _WORD.findall(sentence)
            if words:
                lengths.append(len(words))
                syllables += sum(map(syllables_of, words))
    if not lengths:
        return Ease(0, 0, 0.0, 0)
    words_in_all = sum(lengths)
    grade = 0.39 * words_in_all / len(lengths) + 11.8 * syllables / words_in_all - 15.59
    return Ease(words_in_all, len(lengths), round(max(grade, 0) + 5, 1), max(lengths))


def sentences_of(paragraph: str) -> list[str]:
    """The sentences of a paragraph."""
    return [part for part in _SENTENCE.split(paragraph.strip()) if part]


def syllables_of(word: str) -> int:
    """About how many syllables an English word has: runs of vowels, a silent e at its end left
    out.
    """
    small = word.lower()
    number = len(_VOWELS.findall(small))
    if small.endswith("e") and not small.endswith(("le", "ee")) and number > 1:
        number -= 1
    return max(number, 1)
