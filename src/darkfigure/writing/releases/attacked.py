"""What an attacker makes of a release, in words: each thing that comes out, in a line."""

from __future__ import annotations

from collections.abc import Iterator

from darkfigure.publication.all_released import Attacked, Fault, Given
from darkfigure.writing.words import ENGLISH, Words


def said_of(item: Given, words: Words = ENGLISH) -> str:
    """One thing that comes out, in a line."""
    ends = (
        str(item.low)
        if item.low == item.high
        else words.text("release.attack.ends", low=item.low, high=item.high)
    )
    cell = str(item.cell)
    if item.fault is Fault.UNPROVED:
        return words.text("release.attack.unproved", cell=cell)
    if item.fault is Fault.DIFFERENCE and item.other is None:
        return words.text("release.attack.difference_worked_out", cell=cell, ends=ends)
    if item.fault in (Fault.DIFFERENCE, Fault.LEFT_OVER):
        code = f"release.attack.{item.fault}"
        return words.text(code, cell=cell, ends=ends, other=str(item.other))
    by = [words.text("release.attack.term", cell=str(t.cell), number=t.number) for t in item.by]
    told = words.joined(by, "and") if by else words.text("release.attack.all")
    return words.text("release.attack.told", cell=cell, ends=ends, by=told)


def lines_of(attacked: Attacked, most: int = 8, words: Words = ENGLISH) -> Iterator[str]:
    """What comes out, in lines; of much the first, and how much more."""
    for item in attacked.given[:most]:
        yield said_of(item, words)
    if (more := len(attacked.given) - most) > 0:
        yield words.text("release.attack.more", number=more)
