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
