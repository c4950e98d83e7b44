"""What must be hidden, as data: `threshold=5 width=1 noughts=shown`.

A *threshold* hides counts below it, but for nought. *width* is by how many the values that a hidden
number may have must lie apart, at least. *noughts* says whether empty cells are shown as such;
where they are, anybody knows that every other cell holds one at least. *group* hides a count that
is all of its margin, where the margin is split: that everybody of a group is in one cell.
"""

from __future__ import annotations

from dataclasses import dataclass

from darkfigure.basis.errors import Unreadable
from darkfigure.disclosure.cube import Cube, Yes

DEFAULT_THRESHOLD = 5
SHOWN, HIDDEN = "shown", "hidden"
YES, NO = "yes", "no"
EXAMPLE = "threshold=5 width=1 noughts=shown own=no group=no"


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

    def must_hide(self, cube: Cube) -> Yes:
        """The figures of a table that must be hidden."""
        small: Yes = (cube.values > 0) & (cube.values < self.threshold)
        if self.whole_group:
            small |= _whole_groups(cube)
        return small

    def __str__(self) -> str:
        return (
            f"threshold={self.threshold} width={self.width} "
            f"noughts={SHOWN if self.noughts_shown else HIDDEN} "
            f"own={YES if self.own_record else NO} group={YES if self.whole_group else NO}"
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
    for word in text.replace(",", " ").split():
        name, equal, value = word.partition("=")
        if not equal or not value:
            raise Unreadable(f"rule: {word!r} is not understood; {EXAMPLE!r} would be.")
        if name in words:
            raise Unreadable(f"rule: {name!r} stands twice.")
        words[name] = value
    rule = Rule(
        threshold=_number(words, "threshold", DEFAULT_THRESHOLD, 2),
        width=_number(words, "width", 1, 1),
        noughts_shown=_one_of(words, "noughts", SHOWN, (SHOWN, HIDDEN)) == SHOWN,
        own_record=_one_of(words, "own", NO, (YES, NO)) == YES,
        whole_group=_one_of(words, "group", NO, (YES, NO)) == YES,
    )
    if words:
        raise Unreadable(f"rule: {min(words)!r} is not known; {EXAMPLE!r} names all that are.")
    return rule


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
