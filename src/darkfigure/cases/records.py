"""The kinds of case record: what each holds, how it is written in a return, what it points at.

This is the one declaration. Templates, data dictionary, checks, tables of the store and snapshots
all follow from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FieldType(StrEnum):
    """How a field is written and kept."""

    DATE = "date"
    WHOLE = "whole number"
    FLAG = "yes or no"
    CODE = "code"
    CODES = "codes, joined by +"
    PERSON = "person reference"
    LINK = "reference to a record"
    NAME = "identity: kept apart, never counted or shown"


@dataclass(frozen=True)
class Field:
    """One field of a record.

    `codes` names the code list of a code; `to` the kind of record a link points at; `least` and
    `most` bound a number.
    """

    name: str
    type: FieldType
    meaning: str
    codes: str = ""
    to: str = ""
    required: bool = False
    least: int = 0
    most: int = 0


@dataclass(frozen=True)
class RecordKind:
    """A kind of case record. `reference` says what an agency writes as the reference of a record of
    this kind.
    """

    name: str
    title: str
    reference: str
    fields: tuple[Field, ...]

    @property
    def kept(self) -> tuple[Field, ...]:
        """The fields of the open record: all but those of identity."""
        return tuple(field for field in self.fields if field.type is not FieldType.NAME)

    @property
    def identity(self) -> tuple[Field, ...]:
        """The fields that go to the identity schema alone."""
        return tuple(field for field in self.fields if field.type is FieldType.NAME)

    def field(self, name: str) -> Field:
        """The field of that name."""
        return next(field for field in self.fields if field.name == name)


def _day(meaning: str, *, name: str = "date", required: bool = True) -> Field:
    return Field(name, FieldType.DATE, meaning, required=required)


def _code(name: str, meaning: str, *, codes: str = "", required: bool = False) -> Field:
    return Field(name, FieldType.CODE, meaning, codes=codes or name, required=required)


def _several(name: str, meaning: str, *, codes: str = "") -> Field:
    return Field(name, FieldType.CODES, meaning, codes=codes or name)


def _person(name: str, meaning: str, *, required: bool = True) -> Field:
    return Field(name, FieldType.PERSON, meaning, to="person", required=required)


def _link(name: str, to: str, meaning: str, *, required: bool = False) -> Field:
    return Field(name, FieldType.LINK, meaning, to=to, required=required)


def _name(name: str, meaning: str) -> Field:
    return Field(name, FieldType.NAME, meaning)


_OPERATION = _link(
    "operation",
    "operation",
    "The operation, campaign or sub-operation this arose from; it travels on.",
)
_AREA = _code("area", "The police force area.")
_AGE_GROUP = _code("age_group", "Adult or child, where the age in years is not stated.")
_AGE = Field("age", FieldType.WHOLE, "Age in years on the date.", most=120)
_EXPLOITATION = _several("exploitation", "The type of exploitation, or several joined by +.")
_LOCATION = _code("location", "Where the exploitation took place.")
#: What the law says of the case by the facts known, as `law/applied.py` writes it.
_DEFINITION = (
    _code(
        "definition",
        "Whether the definition of the UN Protocol is met by the facts known, as the agency or "
        "`darkfigure define` found; empty where nobody asked.",
        codes="finding",
    ),
    _several(
        "definition_missing",
        "What is not known, where the definition is not_known: one, or several joined by +.",
        codes="element",
    ),
)
_OFFENCE = "The offence, as court:CODE/SUBCODE or cjs:CODE (never a recorded-crime class)."

KINDS: dict[str, RecordKind] = {
    kind.name: kind
    for kind in (
        RecordKind(
            "operation",
            "Operation, or a part of one",
            "the name or number of the operation",
            (
                _code(
                    "campaign",
                    "The campaign it is part of, as figures name it.",
                    codes="operation",
                    required=True,
                ),
                _link("part_of", "operation", "The operation it is a part of."),
                _code("lead_agency", "The agency that leads it.", codes="agency"),
                _day("The first day.", name="start", required=False),
                _day("The last day.", name="end", required=False),
                _several("areas", "The force areas it covers.", codes="area"),
            ),
        ),
        RecordKind(
            "person",
            "Person",
            "the agency's own reference for the person, never a name",
            (
                _code("sex", "Sex."),
                Field(
                    "birth_year", FieldType.WHOLE, "Year of birth, if known.", least=1880, most=2100
                ),
                _several("nationality", "Nationality, or several joined by +."),
                _name("given_name", "Given name."),
                _name("family_name", "Family name."),
                _name("date_of_birth", "Date of birth, YYYY-MM-DD."),
                _name("document_number", "Number of a passport or identity document."),
            ),
        ),
        RecordKind(
            "role",
            "Role of a person in a case",
            "the agency's reference",
            (
                _person("person", "The person."),
                _code(
                    "role", "Victim, suspect or witness; a person may hold several.", required=True
                ),
                _OPERATION,
                _day("From this day.", name="start"),
                _day("Until this day.", name="end", required=False),
            ),
        ),
        RecordKind(
            "recovery",
            "Recovery of a victim",
            "the force's reference",
            (
                _person("person", "The person recovered."),
                _day("The day of recovery."),
                _OPERATION,
                _AREA,
                _EXPLOITATION,
                _AGE,
                _AGE_GROUP,
                _LOCATION,
                *_DEFINITION,
            ),
        ),
        RecordKind(
            "referral",
            "Referral to the National Referral Mechanism, or Duty to Notify report",
            "the number of the referral or report",
            (
                _person("person", "The potential victim.", required=False),
                _day("The day of referral."),
                _code(
                    "route",
                    "National Referral Mechanism or Duty to Notify.",
                    codes="referral_route",
                    required=True,
                ),
                _OPERATION,
                _code("organisation", "The first responder organisation."),
                _code("organisation_kind", "The kind of first responder."),
                _EXPLOITATION,
                _AGE_GROUP,
                _LOCATION,
                _AREA,
                *_DEFINITION,
            ),
        ),
        RecordKind(
            "decision",
            "Reasonable or conclusive grounds decision",
            "the number of the decision",
            (
                _link("referral", "referral", "The referral decided on.", required=True),
                _code(
                    "stage",
                    "Reasonable grounds or conclusive grounds.",
                    codes="decision_stage",
                    required=True,
                ),
                _day("The day of the decision."),
                _code("outcome", "Positive or negative.", codes="outcome", required=True),
                _link(
                    "revises", "decision", "The earlier decision it replaces after reconsideration."
                ),
            ),
        ),
        RecordKind(
            "premises",
            "Premises visited",
            "the force's reference",
            (
                _day("The day of the visit."),
                _OPERATION,
                _AREA,
                _code("premises_kind", "The kind of premises."),
            ),
        ),
        RecordKind(
            "arrest",
            "Arrest",
            "the Arrest/Summons Number",
            (
                _person("person", "The person arrested."),
                _day("The day of arrest."),
                _OPERATION,
                _AREA,
                _code("offence", f"The offence arrested for. {_OFFENCE}", codes="court_offence"),
                _AGE,
            ),
        ),
        RecordKind(
            "charge",
            "Charge",
            "the Unique Reference Number and the number of the charge, as 52AB0012308/1",
            (
                _person("person", "The person charged."),
                _day("The day of charge."),
                _link("arrest", "arrest", "The Arrest/Summons Number the charge arose from."),
                _OPERATION,
                _AREA,
                _code("offence", _OFFENCE, codes="court_offence", required=True),
                _person("victim", "The victim the charge is about.", required=False),
                Field(
                    "flagged",
                    FieldType.FLAG,
                    "Whether the case carries the prosecutor's trafficking flag.",
                ),
            ),
        ),
        RecordKind(
            "hearing",
            "Hearing and its outcome",
            "the court's reference",
            (
                _link("charge", "charge", "The charge heard.", required=True),
                _day("The day of the hearing."),
                _code(
                    "stage", "First hearing, trial, or other.", codes="hearing_stage", required=True
                ),
                _code(
                    "outcome",
                    "What became of the charge on that day.",
                    codes="hearing_outcome",
                    required=True,
                ),
            ),
        ),
        RecordKind(
            "sentence",
            "Sentence or other disposal",
            "the court's reference",
            (
                _link("charge", "charge", "The charge sentenced for.", required=True),
                _day("The day of sentence."),
                _code("disposal", "The disposal.", codes="outcome", required=True),
                Field("months", FieldType.WHOLE, "Length in months, where it has one.", most=1200),
            ),
        ),
        RecordKind(
            "no_further_action",
            "No further action after an arrest",
            "the force's reference",
            (
                _link("arrest", "arrest", "The Arrest/Summons Number.", required=True),
                _day("The day it was decided."),
                _code("crime_outcome", "The outcome code of the crime."),
            ),
        ),
        RecordKind(
            "voluntary_return",
            "Voluntary return of a recovered person",
            "the agency's reference",
            (
                _person("person", "The person who returned."),
                _day("The day of departure."),
                _OPERATION,
            ),
        ),
    )
}

#: What every record of a return carries beside its own fields.
COMMON: tuple[Field, ...] = (
    Field(
        "record",
        FieldType.LINK,
        "The agency's reference of the record; the same again to correct or withdraw it.",
    ),
    Field("stated_on", FieldType.DATE, "The day the agency made this known."),
    Field("reported_by", FieldType.CODE, "The agency that reports.", codes="agency"),
    Field(
        "action",
        FieldType.CODE,
        "report (also to correct, sent whole) or withdraw. Empty is report.",
    ),
    Field("change_reason", FieldType.CODE, "Why a record held is corrected or withdrawn."),
    Field("synthetic", FieldType.FLAG, "yes where the record is made up."),
)

#: Kinds whose references leave the repository as agencies write them: an operation's is a value of
#: a breakdown, a charge's names the proceedings it is part of.
REFERENCES_AS_WRITTEN = ("operation", "charge")


def hidden_references(kind: RecordKind) -> dict[str, str]:
    """The columns of a kind that hold references of records as agencies write them, which may be
    those of a person's case, with the kind they name.
    """
    links = {each.name: each.to for each in kind.fields if each.type is FieldType.LINK}
    own = {} if kind.name == "person" else {"record": kind.name}
    return {name: to for name, to in {**own, **links}.items() if to not in REFERENCES_AS_WRITTEN}


#: What a case return in JSON says of its own form.
FORM = "darkfigure case return 1"


def columns_of_file(kind: RecordKind) -> list[str]:
    """The columns of a CSV return of one kind, in order."""
    return ["record_kind", *(each.name for each in COMMON), *(each.name for each in kind.fields)]
