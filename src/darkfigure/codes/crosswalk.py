"""From one scheme of exploitation types to another, saying what is lost on the way.

Schemes: palermo (Article 3), nrm_box (tick boxes of the referral form), nrm (published statistics),
htcds (2.0), ctdc, glotip, iccs (2015; its codes come from general knowledge and are not verified
against the publication).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from darkfigure.basis.errors import UnknownName
from darkfigure.basis.saying import Saying, say, several
from darkfigure.codes.codelist import nearest, table

SCHEMES = ("palermo", "nrm_box", "nrm", "htcds", "ctdc", "glotip", "iccs")
NOT_VERIFIED = frozenset({"iccs"})


@dataclass(frozen=True)
class Translation:
    """The codes another scheme has for a code, and what is lost. No code at all is a
    loss too.
    """

    codes: tuple[str, ...]
    lost: tuple[Saying, ...]

    @property
    def exact(self) -> bool:
        """Whether nothing is lost."""
        return not self.lost


@lru_cache
def _concepts() -> tuple[dict[str, str], ...]:
    return tuple(table("codes/crosswalk.csv"))


def codes_of(scheme: str) -> list[str]:
    """The codes of a scheme that the crosswalk knows. Raises UnknownName."""
    if scheme not in SCHEMES:
        raise UnknownName(
            f"{scheme!r} is not a scheme of exploitation types. {nearest(scheme, SCHEMES)}"
        )
    return list(dict.fromkeys(concept[scheme] for concept in _concepts() if concept[scheme]))


def translate(code: str, scheme: str, to: str) -> Translation:
    """The codes of scheme `to` for a code of `scheme`, with what is lost. Raises UnknownName for a
    code it does not know.
    """
    known = codes_of(scheme)
    codes_of(to)
    if code not in known:
        raise UnknownName(f"{code!r} is not a code of {scheme}. {nearest(code, known)}")
    held = [concept for concept in _concepts() if concept[scheme] == code]
    found = tuple(dict.fromkeys(concept[to] for concept in held if concept[to]))
    lost = []
    without = [concept["concept"] for concept in held if not concept[to]]
    if without:
        lost.append(say("crosswalk.no_code", scheme=to, without=several(without, "or")))
    if len(found) > 1:
        lost.append(say("crosswalk.which", scheme=scheme, code=code, found=several(found, "or")))
    for target in found:
        others = [
            each["concept"] for each in _concepts() if each[to] == target and each[scheme] != code
        ]
        if others:
            lost.append(
                say("crosswalk.more", scheme=to, code=target, others=several(others, "comma"))
            )
    if to in NOT_VERIFIED:
        lost.append(say("crosswalk.not_verified", scheme=to))
    return Translation(found, tuple(lost))
