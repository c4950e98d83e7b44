"""The Palermo definition: Article 3 of the UN Protocol to Prevent, Suppress and Punish Trafficking
in Persons (2000).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from darkfigure.basis.saying import Saying, Word, say, several
from darkfigure.basis.truth import Truth, all_of
from darkfigure.law.facts import ACTS, MEANS, OPEN_PURPOSES, PURPOSES, Facts


class Finding(StrEnum):
    """What the definition says of a case."""

    MET = "met"
    NOT_MET = "not_met"
    UNDECIDED = "cannot_be_decided"


_FINDINGS = {Truth.YES: Finding.MET, Truth.NO: Finding.NOT_MET, Truth.NOT_KNOWN: Finding.UNDECIDED}


@dataclass(frozen=True)
class Assessment:
    """The finding with its reasons.

    `missing` names the elements that would decide it; `presumed_child` says that age was in doubt
    and the person was taken for a child, with `if_adult` the finding if that proves wrong.
    `settled` is the finding where no presumption is needed for it: the same for a child and for an
    adult, or age is known; `unsettled` names what would settle it, age among it. `sentences`
    explain each step with its article.
    """

    finding: Finding
    missing: tuple[str, ...]
    presumed_child: bool
    if_adult: Finding
    settled: Finding
    unsettled: tuple[str, ...]
    sentences: tuple[Saying, ...]


def assess(facts: Facts) -> Assessment:
    """Apply Article 3 (a) to (d) to a case.

    An adult needs act, means and purpose; a child needs act and purpose; consent decides nothing.
    Where age is in doubt the person is presumed a child, for their protection, and the assessment
    says so.
    """
    as_child = all_of([facts.act, facts.purpose])
    as_adult = all_of([facts.act, facts.any_means, facts.purpose])
    adult = facts.child is Truth.NO
    outcome = as_adult if adult else as_child
    elements = {"act": facts.act, "means": facts.any_means, "purpose": facts.purpose}
    needed = (
        elements if adult else {name: value for name, value in elements.items() if name != "means"}
    )
    missing = tuple(name for name, value in needed.items() if value is Truth.NOT_KNOWN)
    presumed = facts.child is Truth.NOT_KNOWN
    settled = _FINDINGS[outcome] if not presumed or outcome is as_adult else Finding.UNDECIDED
    return Assessment(
        finding=_FINDINGS[outcome],
        missing=missing if outcome is Truth.NOT_KNOWN else (),
        presumed_child=presumed,
        if_adult=_FINDINGS[as_adult],
        settled=settled,
        unsettled=_unsettled(elements, facts.child) if settled is Finding.UNDECIDED else (),
        sentences=(
            *_sentences(facts, outcome, missing, adult=adult),
            *_doubt(facts, outcome, as_adult),
        ),
    )


def _unsettled(elements: Mapping[str, Truth], child: Truth) -> tuple[str, ...]:
    """What would settle a finding that is open: means and age only where they matter."""
    needed = [name for name in elements if name != "means" or child is not Truth.YES]
    found = [name for name in needed if elements[name] is Truth.NOT_KNOWN]
    matters = child is Truth.NOT_KNOWN and elements["means"] is not Truth.YES
    return (*found, "age") if matters else tuple(found)


def _doubt(facts: Facts, as_child: Truth, as_adult: Truth) -> list[Saying]:
    """What a doubt about age leaves open, beyond the presumption."""
    if facts.child is not Truth.NOT_KNOWN or as_child is as_adult:
        return []
    child, adult = (say(f"law.without.{found}") for found in (as_child, as_adult))
    return [say("law.age.without", child=child, adult=adult)]


def _sentences(
    facts: Facts, outcome: Truth, missing: tuple[str, ...], *, adult: bool
) -> list[Saying]:
    return [
        _element("act", facts.act, facts.acts, ACTS),
        _element("means", facts.any_means, facts.means, MEANS),
        _element("purpose", facts.purpose, facts.purposes, {**PURPOSES, **OPEN_PURPOSES}),
        *_open_purpose(facts),
        _age(facts),
        *_consent(facts, adult=adult),
        _finding(facts, outcome, missing, adult=adult),
        say("law.purpose.enough"),
    ]


def _finding(facts: Facts, outcome: Truth, missing: tuple[str, ...], *, adult: bool) -> Saying:
    if outcome is Truth.YES:
        return say("law.finding.adult" if adult else "law.finding.child")
    if outcome is Truth.NO:
        absent = [name for name, value in _values(facts, adult=adult).items() if value is Truth.NO]
        return say("law.finding.not_met", absent=several(map(element, absent), "and_no"))
    return say("law.finding.open", missing=several(map(element, missing)))


def element(name: str) -> Word:
    """An element of the definition, for a sentence."""
    return Word("law.elements", name)


def _values(facts: Facts, *, adult: bool) -> dict[str, Truth]:
    return {
        "act": facts.act,
        **({"means": facts.any_means} if adult else {}),
        "purpose": facts.purpose,
    }


def _element(
    name: str, value: Truth, given: Mapping[str, Truth], forms: Mapping[str, str]
) -> Saying:
    of = say(f"law.element.{name}")
    shown = [forms[form] for form, truth in given.items() if truth is Truth.YES and form in forms]
    if value is Truth.YES and shown:
        return say("law.element.listed", element=of, forms=several(shown, "semicolon"))
    return say(f"law.element.{value}", element=of)


def _open_purpose(facts: Facts) -> list[Saying]:
    outside = [
        OPEN_PURPOSES[name]
        for name, value in facts.purposes.items()
        if value is Truth.YES and name in OPEN_PURPOSES
    ]
    if not outside:
        return []
    purposes, reason = several(outside, "semicolon"), facts.open_purpose_reason.strip()
    if reason:
        return [say("law.purpose.reasoned", purposes=purposes, reason=reason)]
    return [say("law.purpose.unreasoned", purposes=purposes)]


def _age(facts: Facts) -> Saying:
    if facts.child is Truth.NOT_KNOWN:
        return say("law.age.doubt")
    return say("law.age.child" if facts.child is Truth.YES else "law.age.adult")


def _consent(facts: Facts, *, adult: bool) -> list[Saying]:
    if facts.consent is not Truth.YES:
        return []
    if not adult:
        return [say("law.consent.child")]
    return [say("law.consent.means" if facts.any_means is Truth.YES else "law.consent.no_means")]
