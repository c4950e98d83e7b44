"""Names brought into forms that survive spelling, order and script: plain capitals, root, sound.

The rules are data (`data/linkage/names.toml`). What a name becomes is for comparing only and is
never shown.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import lru_cache
from importlib.resources import files
from typing import Any

from darkfigure.basis.loading import extra

with extra("linkage"):
    from anyascii import anyascii


_NOT_LETTERS = re.compile(r"[^A-Z ]+")
_JOINERS = re.compile(r"['`’ʻʼ]")
_VOWELS = "AEIOU"
#: Letters that look like Latin ones, used beside them in one word: a slip of the keyboard or a
#: trick, not another script.
_LOOKALIKES = str.maketrans(
    "АВЕЅІЈКМНОРСТУХЗаеорсухіѕјΑΒΕΖΗΙΚΜΝΟΡΤΥΧαον", "ABESIJKMHOPCTYX3aeopcyxisjABEZHIKMNOPTYXaov"
)


@lru_cache
def _rules() -> dict[str, Any]:
    text = (files("darkfigure") / "data" / "linkage" / "names.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@lru_cache
def _particles() -> frozenset[str]:
    return frozenset(word for words in _rules()["particles"].values() for word in words)


@lru_cache
def _roots() -> dict[str, str]:
    return {
        form: root for root, forms in reversed(_rules()["roots"].items()) for form in (root, *forms)
    }


def plain(text: str) -> str:
    """A name in capitals A to Z and single spaces: accents and other scripts transliterated,
    control characters dropped.

    A word of mixed scripts whose odd letters only look Latin is read as Latin. Empty where no
    letter is left.
    """
    text = unicodedata.normalize("NFKC", text)
    text = "".join(" " if unicodedata.category(each)[0] in "CZ" else each for each in text)
    if any(ord(each) > 127 for each in text):
        text = anyascii(" ".join(_one_script(word) for word in text.split()))
    text = _JOINERS.sub("", text.upper())
    return " ".join(_NOT_LETTERS.sub(" ", text).split())


def _one_script(word: str) -> str:
    if any("\u4e00" <= each <= "\u9fff" for each in word):
        return " ".join(word)
    latin = any(each.isascii() and each.isalpha() for each in word)
    return word.translate(_LOOKALIKES) if latin else word


def words(text: str) -> list[str]:
    """The words of a plain name without particles; with them where nothing else is there."""
    every = text.split()
    return [each for each in every if each not in _particles()] or every


@lru_cache(maxsize=200_000)
def sound(word: str) -> str:
    """One key for spellings of a word that sound alike. `word` is plain."""
    text = word
    for written, heard in _rules()["sounds"]["replace"]:
        text = text.replace(written, heard)
    text = re.sub(r"(.)\1+", r"\1", text) or word[:1]
    bare = re.sub(f"(?<=.)[{_VOWELS}]", "", text)
    bare = "A" + bare[1:] if bare[:1] in _VOWELS else bare
    consonants = len(bare.lstrip("A"))
    if consonants >= _rules()["sounds"]["keep_vowels_below"]:
        return re.sub(r"(.)\1+", r"\1", bare)
    return text


def root(word: str) -> str:
    """The form that short and other forms of a given name are brought to; the word itself where
    none is listed.
    """
    return _roots().get(word, word)
