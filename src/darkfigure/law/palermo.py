"""The Palermo definition: Article 3 of the UN Protocol to Prevent, Suppress and Punish Trafficking
in Persons (2000).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

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
    sentences: tuple[str, ...]


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


def _doubt(facts: Facts, as_child: Truth, as_adult: Truth) -> list[str]:
    """What a doubt about age leaves open, beyond the presumption."""
    if facts.child is not Truth.NOT_KNOWN or as_child is as_adult:
        return []
    said = {Truth.YES: "is met", Truth.NO: "is not met", Truth.NOT_KNOWN: "cannot be decided"}
    return [
        f"Without the presumption it cannot be said: for a child the definition {said[as_child]}, "
        f"for an adult it {said[as_adult]}."
    ]


def _sentences(facts: Facts, outcome: Truth, missing: tuple[str, ...], *, adult: bool) -> list[str]:
    said = [
        _element("An act", facts.act, facts.acts, ACTS),
        _element("A means", facts.any_means, facts.means, MEANS),
        _element(
            "A purpose of exploitation",
            facts.purpose,
            facts.purposes,
            {**PURPOSES, **OPEN_PURPOSES},
        ),
        *_open_purpose(facts),
        *_age(facts),
        *_consent(facts, adult=adult),
    ]
    if outcome is Truth.YES:
        elements = (
            "act, means and purpose" if adult else "act and purpose, which is enough for a child"
        )
        said.append(f"The definition is met: {elements} (Article 3({'a' if adult else 'c'})).")
    elif outcome is Truth.NO:
        absent = [name for name, value in _values(facts, adult=adult).items() if value is Truth.NO]
        said.append(
            f"The definition is not met: there was no {' and no '.join(absent)} (Article 3(a))."
        )
    else:
        said.append(
            f"The definition cannot be decided: {' and '.join(missing)} not known (Article 3(a))."
        )
    said.append(
        "Exploitation need not have happened, nor any border been crossed: the purpose is "
        "enough "
        "(Article 3(a))."
    )
    return said


def _values(facts: Facts, *, adult: bool) -> dict[str, Truth]:
    return {
        "act": facts.act,
        **({"means": facts.any_means} if adult else {}),
        "purpose": facts.purpose,
    }


def _element(name: str, value: Truth, given: Mapping[str, Truth], forms: Mapping[str, str]) -> str:
    if value is Truth.YES:
        shown = [
            forms[form] for form, truth in given.items() if truth is Truth.YES and form in forms
        ]
        return f"{name} is established{': ' + '; '.join(shown) if shown else ''} (Article 3(a))."
    if value is Truth.NO:
        return f"{name} is excluded (Article 3(a))."
    return f"{name} is not known (Article 3(a))."


def _open_purpose(facts: Facts) -> list[str]:
    outside = [
        OPEN_PURPOSES[name]
        for name, value in facts.purposes.items()
        if value is Truth.YES and name in OPEN_PURPOSES
    ]
    if not outside:
        return []
    listed = "; ".join(outside)
    if facts.open_purpose_reason.strip():
        return [
            f"The purpose ({listed}) is not named in Article 3(a), whose list is open ('at a "
            "minimum'). Reason recorded: "
            f"{facts.open_purpose_reason.strip()}"
        ]
    return [
        f"The purpose ({listed}) is not named in Article 3(a). Its list is open, but a reason "
        "must be recorded why this is "
        "exploitation; until then the purpose is not known."
    ]


def _age(facts: Facts) -> list[str]:
    if facts.child is Truth.YES:
        return [
            (
                "The person was under 18 at the time of the act: a child (Article 3(d)), for whom "
                "no "
                "means is needed (3(c))."
            )
        ]
    if facts.child is Truth.NO:
        return [
            (
                "The person was 18 or over at the time of the act: all three elements are needed "
                "(Article 3(a))."
            )
        ]
    return [
        "The person's age at the time of the act is in doubt: presumed a child for their "
        "protection (Directive 2011/36/EU, "
        "Article 13(2); Modern Slavery Act 2015, section 51). As an adult, a means would have to "
        "be established as well."
    ]


def _consent(facts: Facts, *, adult: bool) -> list[str]:
    if facts.consent is not Truth.YES:
        return []
    if not adult:
        return [
            (
                "Consent was given. It decides nothing: a child cannot consent to exploitation "
                "(Article 3(c))."
            )
        ]
    if facts.any_means is Truth.YES:
        return ["Consent was given. It is irrelevant, since a means was used (Article 3(b))."]
    return [
        (
            "Consent was given. It is no element of the definition and decides nothing by itself "
            "(Article 3(a) and (b))."
        )
    ]
