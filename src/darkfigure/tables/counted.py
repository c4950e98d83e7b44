"""What is counted from case records, and by which rules: the names, without the way of counting."""

from __future__ import annotations

from enum import StrEnum

#: Marks a value that is not known; the reason follows. A condition that is met says YES.
UNKNOWN = "?"
YES = "yes"


class Rule(StrEnum):
    """What is counted once."""

    PERSONS = "persons"
    EVENTS = "events"
    OFFENCES_FIRST_HEARING = "offences_first_hearing"
    PRINCIPAL_OFFENCE = "defendants_principal_offence"
    ANY_OFFENCE = "any_offence"
    FLAGGED_CASES = "flagged_cases"

    @property
    def words(self) -> str:
        """The rule in a sentence."""
        return _WORDS[self]


_WORDS = {
    Rule.PERSONS: "Each person is counted once in a cell, however many records they have.",
    Rule.EVENTS: "Each event is counted: a person with two is counted twice.",
    Rule.OFFENCES_FIRST_HEARING: (
        "Each trafficking offence that reached a first hearing is "
        "counted; a defendant may have several."
    ),
    Rule.PRINCIPAL_OFFENCE: "A defendant is counted once, under the offence with the heaviest "
    "penalty (if equal, the highest "
    "statutory maximum); counted here are those for whom that offence is trafficking.",
    Rule.ANY_OFFENCE: (
        "A defendant is counted if any of the offences is trafficking, whatever else they include."
    ),
    Rule.FLAGGED_CASES: (
        "A defendant is counted for any offence, if the prosecutor flagged the case as trafficking."
    ),
}


#: For each measure, the rules it can be counted by; `counting.COUNTED` says how.
RULES: dict[str, tuple[Rule, ...]] = {
    "victims_recovered": (Rule.PERSONS, Rule.EVENTS),
    "victims_identified": (Rule.PERSONS,),
    "arrests": (Rule.EVENTS, Rule.PERSONS),
    "arrests_for_trafficking": (Rule.EVENTS,),
    "arrests_no_further_action": (Rule.EVENTS,),
    "premises_visited": (Rule.EVENTS,),
    "voluntary_returns": (Rule.PERSONS,),
    "charged": (Rule.PERSONS,),
    "charged_with_trafficking": (Rule.PERSONS,),
    "convictions": (
        Rule.PERSONS,
        Rule.EVENTS,
        Rule.PRINCIPAL_OFFENCE,
        Rule.ANY_OFFENCE,
        Rule.FLAGGED_CASES,
    ),
    "offences_first_hearing": (Rule.OFFENCES_FIRST_HEARING,),
    "defendants_proceeded_against": (Rule.ANY_OFFENCE,),
    "defendants_found_guilty": (Rule.PRINCIPAL_OFFENCE,),
    "defendants_sentenced": (Rule.PRINCIPAL_OFFENCE,),
    "nrm_referrals": (Rule.PERSONS,),
    "duty_to_notify_reports": (Rule.EVENTS,),
    "reasonable_grounds_decisions": (Rule.EVENTS,),
    "conclusive_grounds_decisions": (Rule.EVENTS,),
}
