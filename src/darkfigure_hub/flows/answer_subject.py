"""Answer a person who asks what is held about them: find all of it, hand it over without what the
law withholds, and ask the agency that gave it about what they dispute. Every look is on record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from darkfigure.basis.errors import DarkfigureError, UnknownName
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.basis.reason import reason_given
from darkfigure.cases.records import KINDS
from darkfigure.intelligence.origins import normal
from darkfigure.publication.rights import answered_by, disputing, withholding
from darkfigure.reading.searched import plain, text_of_file
from darkfigure.writing.words import ENGLISH
from darkfigure_hub.access import logging, record
from darkfigure_hub.access.sealing import NotAsKept, laid_out, locked, opened_as
from darkfigure_hub.store.age import lock_bytes
from darkfigure_hub.store.logins import write_private
from darkfigure_hub.store.queries import enquiries, linkage, outbox, submissions
from darkfigure_hub.store.queries import subjects as store
from darkfigure_hub.store.queries.pseudonyms import current
from darkfigure_hub.store.queries.subjects import HeldDispute, Row, Sought, Trace

__all__ = [
    "RECIPIENTS",
    "HeldDispute",
    "Part",
    "Row",
    "Sought",
    "Subject",
    "dispute_record",
    "dispute_shown",
    "document_of",
    "export_subject",
    "find_subject",
    "keep_disputed",
    "lock_bytes",
    "show_disputes",
    "write_private",
]

#: To whom what is held is handed over, by class: no name is kept.
RECIPIENTS = {
    "person": "The person themselves",
    "representative": "Somebody who acts for them, with their authority",
    "commissioner": "The Information Commissioner",
    "court": "A court",
}


@dataclass(frozen=True)
class Part:
    """A row in which the person stands, as it is spoken of: `arrest 12`."""

    name: str
    row: Row


@dataclass(frozen=True)
class Subject:
    """All that is held about one person: the pseudonyms taken to be theirs, those that may be; the
    parts; what of it names them in what was done; what is written freely that says their name.
    """

    persons: tuple[str, ...]
    possibly: tuple[str, ...]
    parts: tuple[Part, ...]
    traces: tuple[Trace, ...]
    written: tuple[tuple[str, str], ...]


def find_subject(scope: Scope, sought: Sought, why: str) -> Subject:
    """Everything that is held about one person, as far as one may see it.

    Raises NotPermitted; UnknownName where nobody is held so; DarkfigureError for a look without a
    reason, and for a name without a family name.
    """
    scope.require(Permission.ANSWER_SUBJECT)
    given = _reason(why, sought.given_name, sought.family_name)
    with logging(scope):
        found = _found(scope, sought)
        told = {"persons": len(found.persons), "parts": len(found.parts), "reason": given}
        record(scope, "subject looked for", told, touched=_tokens(found))
    if not found.persons and not found.written:
        raise UnknownName("Nobody is held under that name or pseudonym, as far as you may see.")
    return found


def export_subject(
    scope: Scope, sought: Sought, recipient: str, withheld: Mapping[str, str], why: str
) -> dict[str, Any]:
    """What is handed over of it: each part, or the mark of one that is withheld, with its ground.

    `withheld` names parts (`arrest 12`), or kinds of them (`arrest`), with the letter of a ground.
    Raises as `find_subject`; UnknownName for a ground, a part or a recipient that there is not.
    """
    scope.require(Permission.ANSWER_SUBJECT)
    given = _reason(why, sought.given_name, sought.family_name)
    if recipient not in RECIPIENTS:
        raise UnknownName(f"It is handed to one of: {', '.join(RECIPIENTS)}.")
    grounds = withholding()
    for ground in withheld.values():
        if ground not in grounds:
            raise UnknownName(f"A part is withheld on one of the grounds {', '.join(grounds)}.")
    found = find_subject(scope, sought, why)
    there = {name for part in found.parts for name in (part.name, _kind_of(part))}
    if missing := sorted(set(withheld) - there):
        raise UnknownName(f"There is no part {missing[0]!r} of what is held about them.")
    made = document_of(found, withheld)
    with logging(scope):
        told = {
            "persons": len(found.persons),
            "parts": len(found.parts),
            "withheld": sum("withheld" in each for each in made["parts"]),
            "recipient": recipient,
            "reason": given,
        }
        record(scope, "subject handed over", told, touched=_tokens(found))
    return made


def document_of(found: Subject, withheld: Mapping[str, str]) -> dict[str, Any]:
    """What is handed over, as the declared document says it: a part that is withheld is counted,
    with its ground, and nothing else of it said.
    """
    grounds = withholding()
    parts: list[dict[str, Any]] = []
    for part in found.parts:
        ground = withheld.get(part.name, withheld.get(_kind_of(part)))
        if ground:
            held = grounds[ground]
            parts.append({"withheld": ground, "basis": held.basis, "words": held.words})
            continue
        parts.append(
            {
                "part": part.name,
                "what": _title(part),
                "agency": part.row.agency,
                "in_return": part.row.of,
                "says": dict(part.row.said),
            }
        )
    return {
        "persons": list(found.persons),
        "parts": parts,
        "used": [
            {"at": each.at, "what": each.said} for each in found.traces if each.at is not None
        ],
        "written": [f"{table} {number}" for table, number in found.written],
    }


def dispute_record(
    scope: Scope, person: str, part: str, fields: Sequence[str], ground: str, why: str
) -> int:
    """Ask the agency that gave a part about what a person disputes of it; who read it is told.

    Nothing is changed: a correction is a new statement of the agency's. Gives the number of the
    dispute. Raises NotPermitted, UnknownName, DarkfigureError.
    """
    scope.require(Permission.ANSWER_SUBJECT)
    given = _reason(why)
    if ground not in disputing():
        raise UnknownName(f"A record is disputed as one of: {', '.join(disputing())}.")
    found = _found(scope, Sought(person=person))
    named = {each.name: each.row for each in found.parts if each.row.table.startswith("case_")}
    row = named.get(part)
    if row is None:
        raise UnknownName(f"There is no record {part!r} among what is held about them.")
    if unknown := sorted(set(fields) - set(row.said)):
        raise UnknownName(f"{part} says nothing of {unknown[0]!r}. It says {', '.join(row.said)}.")
    due = answered_by(timezone.localdate())
    with logging(scope):
        try:
            with transaction.atomic():
                made = store.dispute(row, fields, ground, given, due, scope.who)
        except IntegrityError:
            raise DarkfigureError(f"{part} is disputed already, and not answered yet.") from None
        outbox.tell("record disputed", f"dispute {made}", _whose(row.agency, scope.who))
        readers = {each.who for each in found.traces} - {scope.who}
        accounts = [number for who in readers for number in outbox.account_in(who)]
        outbox.tell("read record disputed", f"dispute {made}", sorted(set(accounts)))
        told = {"dispute": made, "agency": row.agency, "ground": ground, "told": len(accounts)}
        record(scope, "record disputed", told, touched=[row.said["record"]])
    return made


def show_disputes(scope: Scope) -> list[HeldDispute]:
    """What people dispute of what one may see, with what became of it. Raises NotPermitted."""
    scope.require(Permission.READ_DISPUTES)
    found = store.disputes(scope)
    record(scope, "disputes shown", {"disputes": len(found)})
    return found


def dispute_shown(scope: Scope, number: int) -> HeldDispute:
    """A dispute that one may see. Raises NotPermitted, UnknownName."""
    scope.require(Permission.READ_DISPUTES)
    for held in store.disputes(scope):
        if held.number == number:
            return held
    raise UnknownName("There is no such dispute.")


def keep_disputed(scope: Scope, number: int, why: str) -> None:
    """An agency keeps what is disputed of its own, and says why: the person is told by who handed
    it over. Raises NotPermitted, UnknownName, DarkfigureError.
    """
    scope.require(Permission.ANSWER_DISPUTE)
    given = _reason(why)
    with logging(scope):
        held = {each.number: each for each in store.disputes(scope)}.get(number)
        if held is None:
            raise UnknownName("There is no such dispute.")
        if held.state != "open":
            raise DarkfigureError(f"DISPUTE-{number} is {held.state}: nothing is to answer.")
        if held.opened_by == scope.who:
            raise DarkfigureError("Another than who opened it answers it.")
        store.end_dispute(number, scope.who, given)
        outbox.tell("dispute answered", f"dispute {number}", outbox.account_in(held.opened_by))
        record(scope, "dispute answered", {"dispute": number, "agency": held.agency})


def _found(scope: Scope, sought: Sought) -> Subject:
    if sought.person:
        sought = Sought(person=current(sought.person))
    elif not sought.family_name.strip():
        raise DarkfigureError("Say a family name, or a pseudonym, as AGENCY:16 digits.")
    own = {each.said["person"] for each in store.named(scope, sought)}
    own |= {sought.person} - {""}
    persons, possibly = _joined(own)
    rows = store.rows_of(scope, persons)
    names = [row for each in persons for row in store.named(scope, Sought(person=each))]
    if not rows and not names:
        persons, possibly = set(), set()
    tokens = store.tokens_of(rows, persons)
    parts = [
        Part(f"{_PLAIN.get(row.table, row.table.removeprefix('case_'))} {row.number}", row)
        for row in (*names, *rows, *store.links_naming(tokens))
    ]
    words = [sought.given_name, sought.family_name]
    for row in names if sought.person else ():
        words = [row.said.get("given_name", ""), row.said.get("family_name", "")]
    written = [*store.in_words(scope, words), *_locked(scope, words)] if words[1].strip() else []
    return Subject(
        tuple(sorted(persons)),
        tuple(sorted(possibly - persons)),
        tuple(parts),
        tuple(store.traces(tokens)) if persons else (),
        tuple(sorted(written)),
    )


def _locked(scope: Scope, words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Where all of some words stand together in what waits locked and one may see: drafts and open
    requests. Each is unlocked alone, and for as long as it is read.
    """
    for draft in submissions.submissions(scope):
        held = submissions.locked_bytes(scope, draft.number) if draft.state == "drafted" else b""
        if held and _may_say(held, draft.sha256, draft.name, words):
            yield "store_submission", str(draft.number)
    for request in enquiries.enquiries(scope):
        held = enquiries.locked_bytes(scope, request.number)
        if held and store.say(plain(locked().decrypt(held)), words):
            yield "store_enquiry", str(request.number)


def _may_say(kept: bytes, digest: str, name: str, words: Sequence[str]) -> bool:
    """Whether all of some words stand together in a draft, or it is not what was drafted: then who
    drafted it is to be asked.
    """
    try:
        with laid_out(opened_as(kept, digest), name) as path:
            return bool(store.say(text_of_file(path), words))
    except NotAsKept:
        return True


#: How rows that are no case records are spoken of.
_PLAIN = {
    "identity.person": "name",
    "person_link": "link",
    "store_linkedrecord": "linked",
    "store_linkpair": "pair",
    "store_linkdecision": "decision on a link",
    "store_linkproposal": "proposal",
}


def _joined(own: Iterable[str]) -> tuple[set[str], set[str]]:
    """The pseudonyms that are one person's with some, as decided, and those that may be."""
    today = timezone.localdate()
    persons, possibly = set(own), set(own)
    for each in own:
        held = linkage.person_of(each, today)
        persons |= set(held["person"])
        possibly |= set(held["possibly"])
    return persons, possibly


def _kind_of(part: Part) -> str:
    return part.name.rpartition(" ")[0]


def _title(part: Part) -> str:
    kind = part.row.table.removeprefix("case_")
    return ENGLISH.text(f"records.kind.{kind}") if kind in KINDS else _kind_of(part)


def _tokens(found: Subject) -> list[str]:
    return store.tokens_of([each.row for each in found.parts], found.persons)


def _whose(agency: str, but: str) -> list[int]:
    """Who of an agency answers for what it stated."""
    asked = (Permission.DRAFT_SUBMISSION, Permission.RELEASE_SUBMISSION)
    return sorted({each for which in asked for each in outbox.holders(which, agency, but=[but])})


def _reason(why: str, *names: str) -> str:
    """A reason that says no name. Raises DarkfigureError."""
    if any(normal(name) and normal(name) in normal(why) for name in names):
        raise DarkfigureError("The reason names the person: it is kept in the log. Say it without.")
    return reason_given(why)
