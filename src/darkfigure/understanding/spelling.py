"""Words misspelt: the one known word that a slip of the hand, or two, makes of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from darkfigure.understanding.vocabulary import Vocabulary
from darkfigure.understanding.words import Heard

#: Shorter words are too like each other.
_SHORTEST = 5
#: Of words so long a second slip is put right too, where it makes a word of the language's own.
_LONG = 8
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Slip(NamedTuple):
    """A word nobody knows, from where to where it stands, and the known word taken for it."""

    start: int
    end: int
    meant: str


def spelt(
    text: str, words: Sequence[Heard], known: Vocabulary, settled: Iterable[str]
) -> tuple[list[Heard], list[Slip]]:
    """Words with those misspelt put right, and which these are; `settled` words stay."""
    found, slips, left = [], [], frozenset(settled)
    for word in words:
        meant = (
            "" if word.key in left else _meant(word.key, known, named=text[word.start].isupper())
        )
        found.append(word._replace(key=meant) if meant else word)
        if meant:
            slips.append(Slip(word.start, word.end, meant))
    return found, slips


def _meant(word: str, known: Vocabulary, *, named: bool) -> str:
    """The known word one slip away, if it is the only one: a name of a code list only for what is
    written as a name, and after all else.
    """
    if len(word) < _SHORTEST or word in known.words or not word.isalpha():
        return ""
    near = set(_one_slip(word)), set(_one_wrong(word))
    for listed in (known.own_words, known.words if named else frozenset()):
        for slips in near:
            if close := _whole(slips & listed):
                return close.pop() if len(close) == 1 else ""
    if len(word) >= _LONG:
        twice = [
            each for each in known.own_words if len(each) >= _LONG - 1 and _nears(each, near[0])
        ]
        return twice[0] if len(twice) == 1 else ""
    return ""


def _whole(words: set[str]) -> set[str]:
    """Words without those that are the beginning of another: of recover and recovered the last."""
    return {
        word for word in words if not any(each != word and each.startswith(word) for each in words)
    }


def _nears(word: str, near: set[str]) -> bool:
    """Whether a second slip makes one of these of a word."""
    return not near.isdisjoint(_one_slip(word))


def _one_slip(word: str) -> Iterator[str]:
    """What a letter too few, too many or out of turn can have been meant for."""
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        yield from (head + letter + tail for letter in _LETTERS)


def _one_wrong(word: str) -> Iterator[str]:
    """What one wrong letter can have been meant for, which is seldomer."""
    for at in range(len(word)):
        yield from (word[:at] + letter + word[at + 1 :] for letter in _LETTERS)
