"""The probability yardstick of the Professional Head of Intelligence Assessment: seven terms, each
with its band in per cent, and gaps between them that stay gaps.

Source: GOV.UK, *PHIA Probability Yardstick*, edition of 24 March 2025 (bands as in 2018; nothing
that is certain, at 0 or 100 %, has a term, and what is even has none).
"""

from __future__ import annotations

from enum import StrEnum

from darkfigure.basis.errors import UnknownName, Unreadable
from darkfigure.codes import nearest


class Term(StrEnum):
    """How probable what is claimed is held to be."""

    REMOTE_CHANCE = "remote_chance"
    HIGHLY_UNLIKELY = "highly_unlikely"
    UNLIKELY = "unlikely"
    REALISTIC_POSSIBILITY = "realistic_possibility"
    LIKELY = "likely"
    HIGHLY_LIKELY = "highly_likely"
    ALMOST_CERTAIN = "almost_certain"

    @property
    def low(self) -> int:
        """The lower end of its band, in per cent."""
        return _BANDS[self][0]

    @property
    def high(self) -> int:
        """The upper end of its band, in per cent."""
        return _BANDS[self][1]

    @property
    def middle(self) -> float:
        """The midpoint of its band, in per cent."""
        return (self.low + self.high) / 2

    @property
    def label(self) -> str:
        """The term as it is written."""
        return self.value.replace("_", " ")

    @property
    def words(self) -> str:
        """The term with the other word that the yardstick has for it, where it has one."""
        also = [word for word, term in _OTHERWISE.items() if term is self]
        return " or ".join([self.label, *also])

    def holds(self, percent: float) -> bool:
        """Whether a probability in per cent lies in its band."""
        return self.low <= percent <= self.high and percent not in _NO_TERM


_BANDS = {
    Term.REMOTE_CHANCE: (0, 5),
    Term.HIGHLY_UNLIKELY: (10, 20),
    Term.UNLIKELY: (25, 35),
    Term.REALISTIC_POSSIBILITY: (40, 50),
    Term.LIKELY: (55, 75),
    Term.HIGHLY_LIKELY: (80, 90),
    Term.ALMOST_CERTAIN: (95, 100),
}
#: Impossible, even and certain: the ends that the edition in use leaves out of its bands.
_NO_TERM = (0, 50, 100)
#: Another word that the yardstick itself has for a term.
_OTHERWISE = {"probable": Term.LIKELY}


def term_of(percent: float) -> Term | None:
    """The term of a probability in per cent; None in a gap between bands, and for what is
    impossible, even or certain. Raises Unreadable for what is no per cent.
    """
    if not 0 <= percent <= 100:
        raise Unreadable(f"{percent} is no per cent: a probability lies between 0 and 100.")
    return next((term for term in Term if term.holds(percent)), None)


def read_term(text: str) -> Term:
    """A term as written; a number is none until its writer chooses the term. Raises UnknownName."""
    words = text.strip().lower().replace("_", " ")
    for term in Term:
        if words == term.label:
            return term
    if words in _OTHERWISE:
        return _OTHERWISE[words]
    known = [term.label for term in Term]
    raise UnknownName(f"{text!r} is not a term of the yardstick. {nearest(text, known)}")
