"""Checks between records: of a return, and of a return with what is held already.

A contradiction that cannot be true of the world is a fault; one that a later return may well settle
is a remark.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from darkfigure.basis.saying import Saying, say
from darkfigure.cases.casework import CaseSubmission
from darkfigure.cases.records import KINDS, FieldType
from darkfigure.tables.casebook import Records

#: Rows shown for one rule; the rest are counted.
SHOWN = 50


@dataclass(frozen=True)
class CrossCheck:
    """A rule between records. `find` selects, of the new versions of `kind` (as `new`), the rows
    that break it.

    It is plain SQL with columns row and value, in which {arrest} stands for the arrests that stood
    on the day, and {held_arrest} for every version of one.
    """

    rule: str
    kind: str
    column: str
    find: str
    wrong: Saying
    right: Saying
    fault: bool = True


_BEFORE_ARREST = (
    "SELECT new.row, new.date FROM new JOIN {arrest} held ON held.record = "
    "new.arrest WHERE new.date < held.date"
)
_OTHER_AGENCY = """SELECT DISTINCT new.row, held.agency FROM new JOIN {KIND} held
    ON held.record = new.record
WHERE held.agency <> new.agency"""
_PERSONS = "FROM new JOIN {person} held ON held.record = new.person"
_UNBORN = (
    f"SELECT new.row, held.birth_year {_PERSONS} WHERE held.birth_year > EXTRACT(year FROM "
    "new.date)"
)
_AGE_MISFITS = f"""SELECT new.row, new.age {_PERSONS}
WHERE new.age > EXTRACT(year FROM new.date) - held.birth_year OR new.age < EXTRACT(year FROM new.date) - held.birth_year - 1"""  # noqa: E501
_NO_CONVICTION = """SELECT new.row, new.charge FROM new WHERE NOT EXISTS
(SELECT 1 FROM {hearing} held WHERE held.charge = new.charge AND held.outcome = 'convicted')"""
_NEVER_REPORTED = """SELECT new.row, new.record FROM new WHERE new.withdrawn
    AND NOT EXISTS (SELECT 1 FROM {held_KIND} held
WHERE held.record = new.record AND held.agency = new.agency AND held.known_from < new.known_from)"""
_NOT_YET = "SELECT new.row, new.date FROM new WHERE new.date > new.known_from"
_DANGLING = """SELECT new.row, new.NAME FROM new WHERE new.NAME IS NOT NULL
AND NOT EXISTS (SELECT 1 FROM {TO} held WHERE held.record = new.NAME)"""


def _checks() -> Iterator[CrossCheck]:
    yield CrossCheck(
        "charge-before-arrest",
        "charge",
        "date",
        _BEFORE_ARREST,
        say("problems.wrong.before_arrest"),
        (say("problems.right.date_or_number")),
    )
    for name, what in (("arrest", "Arrest/Summons Number"), ("charge", "Unique Reference Number")):
        yield CrossCheck(
            "two-agencies",
            name,
            "record",
            _OTHER_AGENCY.replace("KIND", name),
            say("problems.wrong.other_agency", what=what),
            (say("problems.right.whose_number")),
        )
    for name in ("recovery", "arrest"):
        yield CrossCheck(
            "born-after",
            name,
            "date",
            _UNBORN,
            say("problems.wrong.unborn"),
            say("problems.right.date_or_birth"),
        )
        yield CrossCheck(
            "age-and-birth",
            name,
            "age",
            _AGE_MISFITS,
            say("problems.wrong.age"),
            say("problems.right.one_of_three"),
        )
    yield CrossCheck(
        "sentence-without-conviction",
        "sentence",
        "charge",
        _NO_CONVICTION,
        say("problems.wrong.no_conviction"),
        (say("problems.right.hearing")),
        fault=False,
    )
    for kind in KINDS.values():
        yield CrossCheck(
            "withdrawn-unknown",
            kind.name,
            "record",
            _NEVER_REPORTED.replace("KIND", kind.name),
            say("problems.wrong.never_reported"),
            (say("problems.right.reported_as")),
        )
        for field in kind.kept:
            if field.name == "date":
                yield CrossCheck(
                    "not-yet",
                    kind.name,
                    "date",
                    _NOT_YET,
                    say("problems.wrong.not_yet"),
                    (say("problems.right.date_or_stated")),
                )
            elif field.type is FieldType.LINK and field.to not in ("operation", kind.name):
                yield CrossCheck(
                    "link",
                    kind.name,
                    field.name,
                    _DANGLING.replace("NAME", field.name).replace("TO", field.to),
                    say("problems.wrong.dangling", kind=field.to),
                    (say("problems.right.may_arrive")),
                    fault=False,
                )


CHECKS = tuple(_checks())


def cross_check(
    submission: CaseSubmission,
    records: Records,
    return_id: int,
    kinds: set[str],
    latest: date,
    *,
    alone: bool = False,
    references: Mapping[str, str] | None = None,
) -> None:
    """Apply every rule to the versions of one return; faults and remarks go to the submission.
    `references` say how the sender wrote the names of records that it withdraws.

    `records` must hold the return already; `latest` is the last day on which anything of it became
    known. A return checked `alone` is not held to what earlier returns may have said.
    """
    as_written = references or {}
    for check in CHECKS:
        if check.kind not in kinds or (alone and check.rule in _NEEDS_OTHERS):
            continue
        found = sorted(records.fetch(_sql(check, return_id, latest)))
        if not found:
            continue
        if check.fault:
            problems = [
                submission.problem(
                    check.kind, row, check.column, as_written.get(str(value), str(value)), check
                )
                for row, value in found[:SHOWN]
            ]
            submission.faults(problems, len(found))
        else:
            first = submission.place_of(check.kind, found[0][0])
            submission.remark(
                check.rule,
                say(
                    "problems.remark.records",
                    count=len(found),
                    kind=check.kind,
                    wrong=check.wrong,
                    place=first,
                    right=check.right,
                ),
            )


#: Rules that a return checked alone could not meet.
_NEEDS_OTHERS = frozenset({"withdrawn-unknown", "link", "sentence-without-conviction"})


def _sql(check: CrossCheck, return_id: int, day: date) -> str:
    names = {kind: f"(SELECT * FROM case_{kind} WHERE {_standing(day)})" for kind in KINDS}
    names |= {f"held_{kind}": f"case_{kind}" for kind in KINDS}
    kept = "" if check.rule == "withdrawn-unknown" else " AND NOT withdrawn"
    new = f"SELECT * FROM case_{check.kind} WHERE return_id = {int(return_id)}{kept}"
    return f"WITH new AS ({new}) {check.find.format(**names)}"


def _standing(day: date) -> str:
    return (
        f"known_from <= DATE '{day}' AND (known_to IS NULL OR known_to > DATE '{day}') AND NOT "
        "withdrawn"
    )
