"""The law applied to a case as stated: the definition, the statutes of its day and place, and how
other schemes name its purpose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from darkfigure.basis.saying import Saying, say
from darkfigure.basis.truth import Truth
from darkfigure.codes.crosswalk import SCHEMES, Translation, codes_of, translate
from darkfigure.law.facts import OPEN_PURPOSES
from darkfigure.law.palermo import Assessment, Finding, assess
from darkfigure.law.stated import Stated
from darkfigure.law.statutes import Flag, Statute, flags, statutes

PALERMO = "palermo"
#: How a case return writes a finding.
KEPT = {Finding.MET: "met", Finding.NOT_MET: "not_met", Finding.UNDECIDED: "not_known"}
_OTHERS = tuple(scheme for scheme in SCHEMES if scheme != PALERMO)


@dataclass(frozen=True)
class Applied:
    """A case with what the law says of it.

    `statutes` are those of its day and place beside the Protocol; `in_force` says where the
    Protocol was not yet in force; `types` translates each purpose of the case to other schemes.
    """

    stated: Stated
    assessed: Assessment
    protocol: Statute
    statutes: tuple[Flag, ...]
    in_force: tuple[Saying, ...]
    types: Mapping[str, Mapping[str, Translation]]

    @property
    def kept(self) -> tuple[str, str]:
        """The finding and what is missing for one, as the fields of a case return say them."""
        return KEPT[self.assessed.settled], "+".join(self.assessed.unsettled)

    @property
    def if_child(self) -> Finding:
        """The finding for a child."""
        return assess(replace(self.stated.facts, child=Truth.YES)).finding


def apply_law(stated: Stated) -> Applied:
    """Apply the definition and the statutes to a case."""
    protocol = next(each for each in statutes() if each.code == PALERMO)
    day, place = stated.day, stated.place
    early = day is not None and not protocol.in_force(day)
    return Applied(
        stated,
        assess(stated.facts),
        protocol,
        ()
        if day is None
        else tuple(
            flag for flag in flags(stated.facts, day, place) if flag.statute.code != PALERMO
        ),
        (say("law.early", day=protocol.since),) if early else (),
        {
            purpose: _translated(purpose)
            for purpose, truth in stated.facts.purposes.items()
            if truth is Truth.YES and purpose != "any"
        },
    )


def _translated(purpose: str) -> dict[str, Translation]:
    """A purpose in the other schemes; those it stands for in none of are left out."""
    code = f"open:{purpose}" if purpose in OPEN_PURPOSES else purpose
    if code not in codes_of(PALERMO):
        return {}
    return {scheme: translate(code, PALERMO, scheme) for scheme in _OTHERS}
