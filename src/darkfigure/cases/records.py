"""The kinds of case record: what each holds, how it is written in a return, what it points at.

This is the one declaration. Templates, data dictionary, checks, tables of the store and snapshots
all follow from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from darkfigure.basis.saying import Saying, say


class FieldType(StrEnum):
    """How a field is written and kept; the words for it are `records.type` of the catalogue."""

    DATE = "date"
    WHOLE = "whole"
    FLAG = "flag"
    CODE = "code"
    CODES = "codes"
    PERSON = "person"
    LINK = "link"
    NAME = "name"


@dataclass(frozen=True)
class Field:
    """One field of a record.

    `codes` names the code list of a code; `to` the kind of record a link points at; `least` and
    `most` bound a number.
    """

    name: str
    type: FieldType
    meaning: Saying
    codes: str = ""
    to: str = ""
    required: bool = False
    least: int = 0
    most: int = 0


@dataclass(frozen=True)
class RecordKind:
    """A kind of case record."""

    name: str
    fields: tuple[Field, ...]

    @property
    def title(self) -> Saying:
        """What records of this kind are of."""
        return say(f"records.kind.{self.name}")

    @property
    def reference(self) -> Saying:
        """What an agency writes as the reference of a record of this kind."""
        return say(f"records.reference.{self.name}")

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


def _means(code: str) -> Saying:
    return say(f"records.field.{code}")


def _day(means: str, *, name: str = "date", required: bool = True) -> Field:
    return Field(name, FieldType.DATE, _means(means), required=required)


def _code(name: str, means: str, *, codes: str = "", required: bool = False) -> Field:
    return Field(name, FieldType.CODE, _means(means), codes=codes or name, required=required)


def _several(name: str, means: str, *, codes: str = "") -> Field:
    return Field(name, FieldType.CODES, _means(means), codes=codes or name)


def _person(name: str, means: str, *, required: bool = True) -> Field:
    return Field(name, FieldType.PERSON, _means(means), to="person", required=required)


def _link(name: str, to: str, means: str, *, required: bool = False) -> Field:
    return Field(name, FieldType.LINK, _means(means), to=to, required=required)


def _name(name: str, means: str) -> Field:
    return Field(name, FieldType.NAME, _means(means))


_OPERATION = _link(
    "operation",
    "operation",
    "any.operation",
)
_AREA = _code("area", "any.area")
_AGE_GROUP = _code("age_group", "any.age_group")
_AGE = Field("age", FieldType.WHOLE, _means("any.age"), most=120)
_EXPLOITATION = _several("exploitation", "any.exploitation")
_LOCATION = _code("location", "any.location")
#: What the law says of the case by the facts known, as `law/applied.py` writes it.
_DEFINITION = (
    _code(
        "definition",
        "any.definition",
        codes="finding",
    ),
    _several(
        "definition_missing",
        "any.definition_missing",
        codes="element",
    ),
)

KINDS: dict[str, RecordKind] = {
    kind.name: kind
    for kind in (
        RecordKind(
            "operation",
            (
                _code(
                    "campaign",
                    "operation.campaign",
                    codes="operation",
                    required=True,
                ),
                _link("part_of", "operation", "operation.part_of"),
                _code("lead_agency", "operation.lead_agency", codes="agency"),
                _day("operation.start", name="start", required=False),
                _day("operation.end", name="end", required=False),
                _several("areas", "operation.areas", codes="area"),
            ),
        ),
        RecordKind(
            "person",
            (
                _code("sex", "person.sex"),
                Field(
                    "birth_year",
                    FieldType.WHOLE,
                    _means("person.birth_year"),
                    least=1880,
                    most=2100,
                ),
                _several("nationality", "person.nationality"),
                _name("given_name", "person.given_name"),
                _name("family_name", "person.family_name"),
                _name("date_of_birth", "person.date_of_birth"),
                _name("document_number", "person.document_number"),
            ),
        ),
        RecordKind(
            "role",
            (
                _person("person", "role.person"),
                _code("role", "role.role", required=True),
                _OPERATION,
                _day("role.start", name="start"),
                _day("role.end", name="end", required=False),
            ),
        ),
        RecordKind(
            "recovery",
            (
                _person("person", "recovery.person"),
                _day("recovery.date"),
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
            (
                _person("person", "referral.person", required=False),
                _day("referral.date"),
                _code(
                    "route",
                    "referral.route",
                    codes="referral_route",
                    required=True,
                ),
                _OPERATION,
                _code("organisation", "referral.organisation"),
                _code("organisation_kind", "referral.organisation_kind"),
                _EXPLOITATION,
                _AGE_GROUP,
                _LOCATION,
                _AREA,
                *_DEFINITION,
            ),
        ),
        RecordKind(
            "decision",
            (
                _link("referral", "referral", "decision.referral", required=True),
                _code(
                    "stage",
                    "decision.stage",
                    codes="decision_stage",
                    required=True,
                ),
                _day("decision.date"),
                _code("outcome", "decision.outcome", codes="outcome", required=True),
                _link("revises", "decision", "decision.revises"),
            ),
        ),
        RecordKind(
            "premises",
            (
                _day("premises.date"),
                _OPERATION,
                _AREA,
                _code("premises_kind", "premises.premises_kind"),
            ),
        ),
        RecordKind(
            "arrest",
            (
                _person("person", "arrest.person"),
                _day("arrest.date"),
                _OPERATION,
                _AREA,
                _code("offence", "arrest.offence", codes="court_offence"),
                _AGE,
            ),
        ),
        RecordKind(
            "charge",
            (
                _person("person", "charge.person"),
                _day("charge.date"),
                _link("arrest", "arrest", "charge.arrest"),
                _OPERATION,
                _AREA,
                _code("offence", "charge.offence", codes="court_offence", required=True),
                _person("victim", "charge.victim", required=False),
                Field(
                    "flagged",
                    FieldType.FLAG,
                    _means("charge.flagged"),
                ),
            ),
        ),
        RecordKind(
            "hearing",
            (
                _link("charge", "charge", "hearing.charge", required=True),
                _day("hearing.date"),
                _code("stage", "hearing.stage", codes="hearing_stage", required=True),
                _code(
                    "outcome",
                    "hearing.outcome",
                    codes="hearing_outcome",
                    required=True,
                ),
            ),
        ),
        RecordKind(
            "sentence",
            (
                _link("charge", "charge", "sentence.charge", required=True),
                _day("sentence.date"),
                _code("disposal", "sentence.disposal", codes="outcome", required=True),
                Field("months", FieldType.WHOLE, _means("sentence.months"), most=1200),
            ),
        ),
        RecordKind(
            "no_further_action",
            (
                _link("arrest", "arrest", "no_further_action.arrest", required=True),
                _day("no_further_action.date"),
                _code("crime_outcome", "no_further_action.crime_outcome"),
            ),
        ),
        RecordKind(
            "voluntary_return",
            (
                _person("person", "voluntary_return.person"),
                _day("voluntary_return.date"),
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
        _means("common.record"),
    ),
    Field("stated_on", FieldType.DATE, _means("common.stated_on")),
    Field("reported_by", FieldType.CODE, _means("common.reported_by"), codes="agency"),
    Field(
        "action",
        FieldType.CODE,
        _means("common.action"),
    ),
    Field("change_reason", FieldType.CODE, _means("common.change_reason")),
    Field("synthetic", FieldType.FLAG, _means("common.synthetic")),
)


def references_of(kind: RecordKind) -> dict[str, str]:
    """The columns of a kind that hold references of records, its own and those it links to, with
    the kind they name. Persons are named otherwise.
    """
    links = {each.name: each.to for each in kind.fields if each.type is FieldType.LINK}
    own = {} if kind.name == "person" else {"record": kind.name}
    return {**own, **links}


def named_record(kind: str, record: str) -> str:
    """A record as a reader is told of it: its kind and reference; a pseudonym says its kind."""
    return record if record.startswith(f"{kind}:") else f"{kind} {record}"


#: What a case return in JSON says of its own form.
FORM = "darkfigure case return 1"


def columns_of_file(kind: RecordKind) -> list[str]:
    """The columns of a CSV return of one kind, in order."""
    return ["record_kind", *(each.name for each in COMMON), *(each.name for each in kind.fields)]
