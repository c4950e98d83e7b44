"""Models and spaces of models: hierarchical sets of terms, written by their maximal terms as
[12,13,25].
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from darkfigure.basis.errors import Unreadable

#: Spaces no larger than this are listed model by model where every one is wanted.
ENUMERABLE = 2_000_000
_DIGITS = "123456789abcdefg"
Masks = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class Model:
    """A hierarchical model with the constant and every main effect; `terms` are masks, each with
    all its parts.
    """

    lists: int
    terms: frozenset[int]

    @property
    def size(self) -> int:
        """Terms, the constant among them."""
        return len(self.terms)

    @property
    def masks(self) -> Masks:
        """The terms in order, the constant first, then main effects, then by size."""
        return np.array(
            sorted(self.terms, key=lambda mask: (mask.bit_count(), mask)), dtype=np.int64
        )

    @property
    def formula(self) -> str:
        """The maximal terms, lists numbered from 1."""
        maximal = [
            mask
            for mask in self.terms
            if not any(mask & other == mask != other for other in self.terms)
        ]
        words = [
            "".join(_digit(place) for place in range(self.lists) if mask >> place & 1)
            for mask in maximal
        ]
        words.sort(key=_by_length)
        return f"[{','.join(words)}]"

    @property
    def order(self) -> int:
        """Lists in the largest term."""
        return max(mask.bit_count() for mask in self.terms)


def _digit(place: int) -> str:
    return str(place + 1) if place < 9 else chr(ord("a") + place - 9)


def _by_length(word: str) -> tuple[int, str]:
    return -len(word), word


def model(lists: int, maximal: Iterable[int] = ()) -> Model:
    """The model whose maximal terms include these masks; every part of a term comes with it."""
    terms = {0, *(1 << place for place in range(lists))}
    for mask in maximal:
        part = mask
        while part:
            terms.add(part)
            part = (part - 1) & mask
    return Model(lists, frozenset(terms))


def parse_model(text: str, lists: int) -> Model:
    """Read [12,13,25]. Raises Unreadable."""
    words = [word for word in text.strip().strip("[]").replace(" ", "").split(",") if word]
    masks = []
    for word in words:
        places = [_DIGITS.find(letter.lower()) for letter in word]
        if not places or max(places) >= lists or min(places) < 0 or len(set(places)) < len(places):
            raise Unreadable(
                f"{word!r} in {text!r} does not name different lists among 1 to {lists}."
            )
        masks.append(sum(1 << place for place in places))
    if len(masks) < 1:
        raise Unreadable(
            f"{text!r} names no term: write a model by its largest terms, as [12,13,25]."
        )
    if any(mask.bit_count() == lists for mask in masks) and lists > 1:
        raise Unreadable(
            f"{text!r} has the term of all {lists} lists: it would fit any number of hidden "
            "persons, and leaves nothing to "
            "estimate them by."
        )
    return model(lists, masks)


def optional_terms(lists: int, order: int) -> Masks:
    """Masks of the terms of two to `order` lists: pairs first, as they come."""
    if not 1 <= order < max(lists, 2):
        raise Unreadable(
            f"The order can be from 1 to {lists - 1} for {lists} lists: of {lists} it would "
            "leave "
            "nothing to check by."
        )
    found = [
        sum(1 << place for place in places)
        for size in range(2, order + 1)
        for places in itertools.combinations(range(lists), size)
    ]
    return np.array(found, dtype=np.int64)


def terms_up_to(lists: int, order: int) -> Masks:
    """As `optional_terms`; none for two lists, whose only overlap must be left to say how many are
    hidden.
    """
    return optional_terms(lists, order) if lists > 2 else np.zeros(0, dtype=np.int64)


def from_bits(lists: int, optional: Masks, bits: int) -> Model:
    """The model that holds the optional terms whose bits are set."""
    return model(lists, [int(mask) for place, mask in enumerate(optional) if bits >> place & 1])


def all_models(lists: int, order: int) -> Masks:
    """Every hierarchical model up to an order, as bits over `optional_terms`, neighbours alike.
    Raises Unreadable beyond reach.
    """
    optional = terms_up_to(lists, order)
    if not len(optional):
        return np.zeros(1, dtype=np.int64)
    pairs = lists * (lists - 1) // 2
    numbers = np.arange(1 << pairs, dtype=np.int64) if pairs <= 21 else None
    if numbers is None:
        raise Unreadable(
            f"{lists} lists have 2^{pairs} models of pairs: too many to list. The best of them "
            "can still be found."
        )
    gray = numbers ^ (numbers >> 1)
    if order == 2:
        return gray
    found: list[int] = []
    for bits in gray:
        found += _with_higher(int(bits), optional, pairs)
        if len(found) > ENUMERABLE:
            raise Unreadable(
                f"More than {ENUMERABLE:,} models: too many to list. The best of them can "
                "still "
                "be found."
            )
    return np.array(found, dtype=np.int64)


def _with_higher(bits: int, optional: Masks, pairs: int) -> list[int]:
    """The models whose pairs are `bits`, with every set of higher terms that these allow."""
    found = [bits]
    for place in range(pairs, len(optional)):
        parts = [
            other
            for other in range(place)
            if optional[other] & optional[place] == optional[other]
            and int(optional[other]).bit_count() == int(optional[place]).bit_count() - 1
        ]
        found += [held | 1 << place for held in found if all(held >> part & 1 for part in parts)]
    return found
