"""Release an edition of the assessment: checked, frozen in both renderings, compared with the one
before, signed; its public rendering prepared as a release that another approves.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from json import dumps

from darkfigure import __version__
from darkfigure.assessment.comparison import Compared
from darkfigure.assessment.edition import Edition, EditionHead, Rendering, Source
from darkfigure.assessment.findings import Finding, Level
from darkfigure.assessment.frozen import as_data, from_data
from darkfigure.assessment.references import Kind
from darkfigure.assessment.text import Live, Place, kept_in, leaves, lines_of, plain
from darkfigure.basis.errors import DarkfigureError, UnknownName, Unreadable
from darkfigure.basis.loading import called_from
from darkfigure.basis.marking import Marking, Scope
from darkfigure.basis.permission import Permission
from darkfigure.basis.problem import told
from darkfigure.intelligence.requirement_sets import RequirementSet
from darkfigure.publication import Answer
from darkfigure.publication.release import Head
from darkfigure.reading.edition_folders import from_texts, thawed
from darkfigure.reading.release_plans import Plan, PlannedTable
from darkfigure.writing.editions.bundle import (
    CHANGES_PDF,
    FROZEN,
    PDF,
    SUMMARY_PDF,
    files_of,
    with_signature,
)
from darkfigure.writing.pdf.checked import place, what
from darkfigure.writing.words import ENGLISH
from darkfigure_hub.access import logging, record
from darkfigure_hub.flows.check_edition import (
    Checked,
    check_edition,
    names_in,
    standing_before,
)
from darkfigure_hub.flows.collate_edition import Collated, collate_edition
from darkfigure_hub.flows.compare_editions import compare_editions
from darkfigure_hub.flows.release_figures import (
    Prepared,
    file_of,
    files_held,
    prepare_release,
    release_named,
)
from darkfigure_hub.flows.set_requirements import requirement_set
from darkfigure_hub.store.keys import kept_key
from darkfigure_hub.store.queries import assessments as store
from darkfigure_hub.store.queries.assessments import HeldEdition

__all__ = [
    "Checked",
    "FigureNow",
    "HeldEdition",
    "Released",
    "check_edition",
    "edition_named",
    "figures_moved_since",
    "file_of_edition",
    "files_of_edition",
    "frozen_edition",
    "list_editions",
    "names_in",
    "names_of_files",
    "public_rendering",
    "release_edition",
    "set_for",
    "standing_before",
    "withheld_in",
]

#: What reads PDFs is loaded when one is checked.
_check_pdf = called_from("darkfigure.writing.pdf.accessible", "check_pdf")
#: A text so long tells what it is of; so many faults of pages are shown.
_TELLING, SHOWN = 12, 12
_WORD = re.compile(r"[^\W\d_][\w'\u2019-]*")
#: The series under which editions go out, and what the key they are signed by is called.
SERIES, KEY, KEY_VARIABLE = "threat-assessment", "edition_key", "DARKFIGURE_EDITION_KEY"


@dataclass(frozen=True)
class Released:
    """An edition that was frozen: its reference, the release of its public rendering, its files in
    both renderings, what it is compared with.
    """

    reference: str
    prepared: Prepared
    restricted: Mapping[str, bytes]
    public: Mapping[str, bytes]
    compared: Compared | None


def set_for(scope: Scope, edition: str) -> RequirementSet:
    """The requirement set that an edition is to be collated from. Raises UnknownName."""
    scope.require(Permission.PREPARE_RELEASE)
    return requirement_set(scope, edition)


def release_edition(
    scope: Scope,
    source: Source,
    day: date,
    *,
    reason: str = "",
    snapshot: Callable[[], str] | None = None,
    doing: Callable[[str, int], None] = lambda _what, _number: None,
) -> Released:
    """Freeze an edition and prepare its release; `reason` says why, where it stands in place of a
    version that is out; `snapshot` takes one once the edition passes, and gives its content.

    Raises Unreadable with every fault found, and where the edition before is not held here;
    DarkfigureError where a version that stands says the same; whatever `prepare_release` does.
    """
    scope.require(Permission.PREPARE_RELEASE)
    checked = check_edition(scope, source, day, doing)
    if not checked.passes:
        raise Unreadable(_told(checked.found))
    collated = checked.collated
    _not_again(scope, collated)
    taken = snapshot() if snapshot else ""
    against = _compared(scope, collated)
    seed = bytes.fromhex(kept_key(KEY, KEY_VARIABLE)[:64])
    doing("files", 0)
    made = {
        edition.rendering: with_signature(
            files_of(edition, against.get(edition.rendering)),
            seed,
            f"{source.head.name} {edition.rendering} {edition.content}",
        )
        for edition in (collated.restricted, collated.public)
    }
    public = dict(made[Rendering.PUBLIC])
    doing("whether everybody can read it", 0)
    kept_out = withheld_in(collated)
    for files, withheld in ((made[Rendering.RESTRICTED], []), (public, kept_out)):
        for name in (PDF, SUMMARY_PDF, CHANGES_PDF):
            if name in files:
                _for_everybody(name, files[name], withheld)
    _nothing_withheld(public, kept_out)
    # Keyed: of a plain hash it could be tried out what the restricted rendering says.
    named = hmac.digest(seed, collated.restricted.content.encode(), "sha256").hex()
    public["restricted.txt"] = f"{named}\n".encode()
    plan = _plan(source.head, collated)
    with logging(scope):
        prepared = prepare_release(
            scope,
            plan,
            day,
            reason=reason,
            attached=public,
            made_up=collated.public.synthetic,
        )
        _same_answers(prepared, collated)
        number = store.add(
            {
                "name": source.head.name,
                "title": source.head.title,
                "as_at": source.head.as_at,
                "marking": int(source.head.marking),
                "requirements": source.head.requirements,
                "content": collated.restricted.content,
                "said": as_data(collated.restricted, against.get(Rendering.RESTRICTED)),
                "public_id": prepared.number,
                "snapshot": taken,
                "code": __version__,
                "prepared_by": scope.who,
            },
            made[Rendering.RESTRICTED],
        )
        record(
            scope,
            "edition prepared",
            {"edition": number, "release": prepared.number, "content": collated.restricted.content},
        )
    return Released(
        f"EDITION-{number}", prepared, made[Rendering.RESTRICTED], public,
        against.get(Rendering.RESTRICTED),
    )  # fmt: skip


def _not_again(scope: Scope, collated: Collated) -> None:
    """Raises DarkfigureError where a version of an edition that stands says the same."""
    edition = collated.restricted
    for held in store.editions(scope, name=edition.head.name):
        if held.content == edition.content and held.state != "withdrawn":
            raise DarkfigureError(
                f"{held.reference} says the same already ({held.state}): there is nothing to "
                "release. Change something, or list it in errata."
            )


def withheld_in(collated: Collated) -> list[str]:
    """The words of an edition that its public rendering does not hold: of marked parts, and of the
    judgements that are marked.
    """
    words = [
        judgement.claim for judgement in collated.judgements if judgement.marking > Marking.PUBLIC
    ]
    for chapter in collated.restricted.source.chapters:
        for kept in kept_in(chapter.blocks):
            for block in leaves(kept.inside, Marking.SECRET):
                if not isinstance(block, Live):
                    words += [plain(line).strip() for line in lines_of(block)]
        words += [
            live.reference.subject
            for live, marking in chapter.lives
            if marking > Marking.PUBLIC and live.reference.kind is Kind.SAYS
        ]
    return [text for text in words if len(text) >= _TELLING]


def _nothing_withheld(files: Mapping[str, bytes], withheld: Iterable[str]) -> None:
    """Raises Unreadable where a file of the public rendering holds words that it withholds, however
    they are written there.
    """
    forms = {form for text in withheld for form in (text, escape(text), dumps(text)[1:-1])}
    forms |= {dumps(text, ensure_ascii=False)[1:-1] for text in withheld}
    for name, body in files.items():
        if any(form.encode() in body for form in forms):
            raise Unreadable(f"{name}, of the public rendering, holds words that are withheld.")


def _for_everybody(name: str, pages: bytes, withheld: Iterable[str]) -> None:
    """Raises Unreadable where pages cannot be read by everybody, or hold what is withheld."""
    found = _check_pdf(pages, name, withheld)
    if found.faults:
        lines = "\n  ".join(f"{place(fault)}: {what(fault)}" for fault in found.faults[:SHOWN])
        raise Unreadable(f"{name} is not for everybody, by PDF/UA-1 and WCAG 2.2:\n  {lines}")


def _told(found: Sequence[Finding]) -> str:
    faults = [each for each in found if each.level is Level.FAULT]
    lines = "\n  ".join(f"{each.place}: {each.check}: {each.said}" for each in faults)
    return f"{len(faults)} faults keep the edition from going out:\n  {lines}"


def _compared(scope: Scope, collated: Collated) -> dict[Rendering, Compared]:
    """Each rendering compared with the same one of the edition before; nothing of a first one."""
    head = collated.restricted.head
    if not head.previous:
        return {}
    before = standing_before(scope, head)
    public = public_rendering(scope, before)
    return {
        Rendering.RESTRICTED: compare_editions(
            scope, frozen_edition(scope, before), collated.restricted
        ),
        Rendering.PUBLIC: compare_editions(scope, public, collated.public),
    }


def _plan(head: EditionHead, collated: Collated) -> Plan:
    """The release by which an edition's public rendering goes out: every answer of it as a
    table.
    """
    unlike: dict[str, tuple[Answer, str]] = {}
    for key, answer in collated.answers.items():
        title = collated.public.values[key].title
        unlike.setdefault(answer.id, (answer, title))
    tables = tuple(
        _table(f"table-{number}", title, answer)
        for number, (answer, title) in enumerate(unlike.values(), 1)
    )
    return Plan(
        Head(
            series=SERIES,
            edition=head.name,
            title=head.title,
            summary=head.summary or head.title,
            publisher=head.publisher,
            contact=head.contact,
            licence=head.licence,
            out_at=head.out_at,
            methods=(ENGLISH.text("edition.methods", day=head.as_at),),
            language=head.language,
        ),
        tables,
        head.access,
        scheduled=False,
    )


def _table(code: str, title: str, answer: Answer) -> PlannedTable:
    asked = answer.question
    said = {
        "by": [*asked.by, *([asked.cut] if asked.cut else [])],
        "where": [str(condition) for condition in asked.where],
        "period": f"{asked.period.start}..{asked.period.end}" if asked.period else "",
        "unit": asked.unit,
        "evidence": asked.evidence,
        "rule": asked.rule,
        "as_at": asked.as_at.isoformat(),
    }
    kept = {name: value for name, value in said.items() if value}
    return PlannedTable(code, title, asked.measure.code, kept, ())


def _same_answers(prepared: Prepared, collated: Collated) -> None:
    """Raises DarkfigureError where a figure became another between its collation and now."""
    released = {table.answer for table in prepared.release.tables}
    if released != {answer.id for answer in collated.answers.values()}:
        raise DarkfigureError(
            "Something came in while the edition was made, and a figure is another by now: release "
            "it once more."
        )


def list_editions(scope: Scope) -> list[HeldEdition]:
    """Editions that somebody may see, oldest first."""
    scope.require(Permission.READ_RELEASES)
    return store.editions(scope)


def edition_named(scope: Scope, reference: str) -> HeldEdition:
    """An edition by its reference (EDITION-1), or by its name: the last version of it that is not
    withdrawn. Raises UnknownName.
    """
    scope.require(Permission.READ_RELEASES)
    number = store.number_of(reference)
    found = store.editions(scope, number=number) if number else []
    if not number:
        named = store.editions(scope, name=reference.strip())
        found = [each for each in named if each.state != "withdrawn"] or named
    if not found:
        raise UnknownName(
            f"{told(reference)} is no edition. They are named EDITION-1 and so on, or as 2009."
        )
    return found[-1]


@dataclass(frozen=True)
class FigureNow:
    """A figure of an edition that would be another by now, as known on the edition's day: where it
    stands, what it said and would say, and the judgements that cite its measure.
    """

    place: Place
    title: str
    then: str
    now: str
    judgements: tuple[str, ...]


def figures_moved_since(scope: Scope, held: HeldEdition) -> list[FigureNow]:
    """Every figure of an edition asked again as known on its day: those that something which came
    in since makes another.
    """
    scope.require(Permission.PREPARE_RELEASE)
    frozen = frozen_edition(scope, held)
    again = collate_edition(scope, frozen.source, public=False)
    moved = []
    for chapter, live, shown in frozen.figures():
        now = again.restricted.shown(chapter, live)
        if not shown.question or (shown.said, shown.basis) == (now.said, now.basis):
            continue
        cites = tuple(
            judgement.code
            for judgement in again.judgements
            if any(live.reference.subject in cited.question for cited in judgement.figures)
        )
        moved.append(FigureNow(live.place, shown.title, shown.said, now.said, cites))
    return moved


def frozen_edition(scope: Scope, held: HeldEdition) -> Edition:
    """An edition as it was frozen, in its restricted rendering."""
    scope.require(Permission.READ_RELEASES)
    data = store.edition_said(scope, held.number)
    if data is None:
        raise UnknownName(f"{held.reference} is no edition.")
    _read(scope, held, FROZEN)
    return from_data(data, from_texts(data["texts"]))


def public_rendering(scope: Scope, held: HeldEdition) -> Edition:
    """An edition as its public rendering has it, from the file that goes out."""
    scope.require(Permission.READ_RELEASES)
    files = files_held(scope, release_named(scope, f"RELEASE-{held.release}"))
    return thawed(files[FROZEN])[0]


def file_of_edition(scope: Scope, held: HeldEdition, rendering: Rendering, name: str) -> bytes:
    """A file of an edition in a rendering, as it was frozen. Raises UnknownName."""
    scope.require(Permission.READ_RELEASES)
    if rendering is Rendering.PUBLIC:
        return file_of(scope, release_named(scope, f"RELEASE-{held.release}"), name)[0]
    body = store.edition_file(scope, held.number, name)
    if body is None:
        raise UnknownName(f"{held.reference} has no file {told(name)}.")
    _read(scope, held, name)
    return body


def _read(scope: Scope, held: HeldEdition, what_of_it: str) -> None:
    with logging(scope):
        record(scope, "edition read", {"edition": held.number, "file": what_of_it})


def names_of_files(scope: Scope, held: HeldEdition, rendering: Rendering) -> list[str]:
    """What the files of an edition in a rendering are called."""
    scope.require(Permission.READ_RELEASES)
    if rendering is Rendering.RESTRICTED:
        return store.edition_file_names(scope, held.number)
    return sorted(files_held(scope, release_named(scope, f"RELEASE-{held.release}")))


def files_of_edition(scope: Scope, held: HeldEdition, rendering: Rendering) -> dict[str, bytes]:
    """The files of an edition in a rendering, as they were frozen."""
    scope.require(Permission.READ_RELEASES)
    if rendering is Rendering.RESTRICTED:
        _read(scope, held, "every file")
        return store.edition_files(scope, held.number)
    return files_held(scope, release_named(scope, f"RELEASE-{held.release}"))
