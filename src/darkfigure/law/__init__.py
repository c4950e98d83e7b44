"""The law on trafficking as rules that explain themselves: the Palermo definition, and the statutes
of a day.

>>> from darkfigure.law import Facts, Truth, assess >>> assess(Facts(acts={"transport": Truth.YES},
means={}, purposes={"sexual": Truth.YES}, child=Truth.NO)).missing ('means',)
"""

from darkfigure.basis.truth import Truth
from darkfigure.law.facts import ACTS, MEANS, PURPOSES, Facts
from darkfigure.law.palermo import Assessment, Finding, assess
from darkfigure.law.statutes import Flag, Statute, flags, statutes

__all__ = [
    "ACTS",
    "MEANS",
    "PURPOSES",
    "Assessment",
    "Facts",
    "Finding",
    "Flag",
    "Statute",
    "Truth",
    "assess",
    "flags",
    "statutes",
]
