"""Names of columns and fields that are not known: told by their number and by the known name they
are near to, never by what stands there, which may be a person's name.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches

from darkfigure.basis.saying import Saying, Several, say, several
from darkfigure.codes.codelist import LONGEST_NAME, fold, nearest

#: So many are told by number; of more, how many there are.
TOLD = 12
#: So many known names are written out where none is near.
FEW = 40


def not_known_here(
    unknown: Mapping[int, str], allowed: Collection[str], *, sort: str
) -> tuple[Saying, Saying]:
    """What is wrong, and what would be right, of names that are not known, by their number.
    Of which `sort` they are: column or field.
    """
    numbers = sorted(unknown)
    wrong = say(f"problems.wrong.unknown_{sort}s", count=len(numbers), numbers=_told(numbers))
    near = [
        (number, name) for number in numbers[:TOLD] if (name := _near(unknown[number], allowed))
    ]
    if not near:
        few = len(allowed) <= FEW
        names = say("problems.right.known_columns", names=several(allowed, "comma"))
        return wrong, names if few else nearest("", allowed)
    pairs = [say("problems.right.near_to", number=number, name=name) for number, name in near]
    return wrong, say("problems.right.nearest_to", pairs=several(pairs, "comma"))


def _near(name: str, allowed: Collection[str]) -> str | None:
    """The known name that one is near to."""
    if len(name) > LONGEST_NAME:
        return None
    folded = {fold(word): word for word in allowed}
    close = get_close_matches(fold(name), folded, 1, 0.6)
    return folded[close[0]] if close else None


def _told(numbers: list[int]) -> Several:
    more = len(numbers) - TOLD
    rest = [say("gap.more", count=more)] if more > 0 else []
    return several([*map(str, numbers[:TOLD]), *rest], "comma")
