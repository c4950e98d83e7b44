"""What must be hidden, as data: `threshold=5 width=1 noughts=shown`, or `for=public`.

`for` and `measure` take the words that are kept for an audience and a measure (`audiences`); words
beside them hold in their place.

A *threshold* hides counts below it, but for nought. *width* is by how many the values that a hidden
number may have must lie apart, at least. *noughts* says whether empty cells are shown as such;
where they are, anybody knows that every other cell holds one at least. *group* hides a count that
is all of its margin, where the margin is split: that everybody of a group is in one cell.

Where it is known who contributed which of the people (an agency, a police force), a count that is
nearly all one contributor's tells the others what that one has. *dominance* `n,k` hides it where
the n largest have more than k percent of it; *p* where the second largest, who knows their own,
can tell the largest to within p percent (total less both is under p percent of the largest).
*base* is the least whole that a share is told of (`shares`). *moves* is by how many people a finest
cell of a table is taken to be revised at most, from one vintage to the next; none is taken where it
is nought.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from darkfigure.basis.errors import Unreadable
from darkfigure.disclosure.audiences import words_for
from darkfigure.disclosure.cube import Cube, Whole, Yes
from darkfigure.disclosure.dominance import CONTRIBUTOR, largest

DEFAULT_THRESHOLD = 5
SHOWN, HIDDEN = "shown", "hidden"
YES, NO = "yes", "no"
EXAMPLE = "threshold=5 width=1 noughts=shown own=no group=no dominance=1,85 p=10 base=10 moves=3"


@dataclass(frozen=True)
class Rule:
    """What must be hidden, and from whom: see the module.

    `own_record`: from somebody, too, who is the only one counted in a cell and so knows it.
    """

    threshold: int = DEFAULT_THRESHOLD
    width: int = 1
    noughts_shown: bool = True
    own_record: bool = False
    whole_group: bool = False
    dominance: tuple[int, int] | None = None
    percent: int = 0
    base: int = 0
    moves: int = 0

    @property
    def looks_behind(self) -> bool:
        """Whether it asks who contributed what."""
        return bool(self.dominance or self.percent)

    def must_hide(self, cube: Cube) -> Yes:
        """The figures of a table that must be hidden."""
        small: Yes = (cube.values > 0) & (cube.values < self.threshold)
        if self.whole_group:
            small |= _whole_groups(cube)
        if self.looks_behind:
            small |= self.uncertain_by(cube) > 0
        return small

    def uncertain_by(self, cube: Cube) -> Whole:
        """For each figure that one contributor dominates, by how much the values that it may have
        must lie apart, so that the largest is not told to within what the rule allows; nought for
        all others (the sliding protection level of the literature).

        Raises Unreadable where nobody knows who contributed what.
        """
        if CONTRIBUTOR not in cube.behind:
            raise Unreadable(
                f"rule: {self} asks who contributed each count, and the table does not say. Name "
                "the column that does (--contributor COLUMN)."
            )
        first, second, most = largest(cube, self.dominance[0] if self.dominance else 1)
        needed = np.zeros(cube.figures, dtype=np.int64)
        if self.dominance:
            # the total must be possible of which the largest are no more than k percent
            _, share = self.dominance
            needed = np.maximum(needed, -(-100 * most // share) - cube.values)
        if self.percent:
            rest = cube.values - first - second
            needed = np.maximum(needed, -(-self.percent * first // 100) - rest)
        return needed

    def __str__(self) -> str:
        return (
            f"threshold={self.threshold} width={self.width} "
            f"noughts={SHOWN if self.noughts_shown else HIDDEN} "
            f"own={YES if self.own_record else NO} group={YES if self.whole_group else NO}"
            + ("" if not self.dominance else " dominance={},{}".format(*self.dominance))
            + (f" p={self.percent}" if self.percent else "")
            + (f" base={self.base}" if self.base else "")
            + (f" moves={self.moves}" if self.moves else "")
        )


def _whole_groups(cube: Cube) -> Yes:
    """Figures that stand in cells of several margins: the whole of a group is in one value."""
    found: Yes = cube.cells_of_figure > 1
    return found


def rule_of(text: str) -> Rule:
    """A rule as it is typed: words `name=value`, separated by spaces or commas.

    Raises Unreadable with the word that is not understood.
    """
    words: dict[str, str] = {}
    # the comma of dominance=1,85 parts no words
    for word in re.sub(r"(dominance=\d+),(?=\d)", r"\1:", text).replace(",", " ").split():
        name, equal, value = word.partition("=")
        if not equal or not value:
            raise Unreadable(f"rule: {word!r} is not understood; {EXAMPLE!r} would be.")
        if name in words:
            raise Unreadable(f"rule: {name!r} stands twice.")
        words[name] = value
    audience, measure = words.pop("for", ""), words.pop("measure", "")
    if measure and not audience:
        raise Unreadable(f"rule: measure={measure} needs an audience, as for=public.")
    if audience:
        kept = words_for(audience, measure)
        words = {**kept, **words}
        words["dominance"] = words.get("dominance", "").replace(",", ":")
    rule = Rule(
        threshold=_number(words, "threshold", DEFAULT_THRESHOLD, 2),
        width=_number(words, "width", 1, 1),
        noughts_shown=_one_of(words, "noughts", SHOWN, (SHOWN, HIDDEN)) == SHOWN,
        own_record=_one_of(words, "own", NO, (YES, NO)) == YES,
        whole_group=_one_of(words, "group", NO, (YES, NO)) == YES,
        dominance=_dominance(words),
        percent=_number(words, "p", 0, 1) if "p" in words else 0,
        base=_number(words, "base", 0, 2) if "base" in words else 0,
        moves=_number(words, "moves", 0, 0),
    )
    if words:
        raise Unreadable(f"rule: {min(words)!r} is not known; {EXAMPLE!r} names all that are.")
    return rule


def _dominance(words: dict[str, str]) -> tuple[int, int] | None:
    text = words.pop("dominance", "")
    if not text:
        return None
    first, _, share = text.partition(":")
    if not (first.isdecimal() and share.isdecimal() and int(first) and 0 < int(share) <= 100):
        raise Unreadable(
            f"rule: dominance={text.replace(':', ',')} must be how many contributors and the "
            "percent that they may have at most, as dominance=1,85."
        )
    return int(first), int(share)


def _number(words: dict[str, str], name: str, otherwise: int, least: int) -> int:
    text = words.pop(name, str(otherwise))
    if not text.isdecimal() or not least <= int(text) <= 10_000:
        raise Unreadable(f"rule: {name}={text} must be a whole number from {least} to 10,000.")
    return int(text)


def _one_of(words: dict[str, str], name: str, otherwise: str, known: tuple[str, ...]) -> str:
    text = words.pop(name, otherwise)
    if text not in known:
        raise Unreadable(f"rule: {name}={text} must be one of {', '.join(known)}.")
    return text
