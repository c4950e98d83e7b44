"""Release figures: prepare what a plan asks for, check it against everything that went out, have
another approve it, publish it at its minute, correct and withdraw it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.utils import timezone

from darkfigure.basis.errors import DarkfigureError, NotPermitted, UnknownName, Unreadable
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.basis.problem import told
from darkfigure.publication import Answer, Question
from darkfigure.publication.all_released import (
    Attacked,
    Out,
    attack,
    guarded_with_all,
)
from darkfigure.publication.embargo import said_in_london
from darkfigure.publication.going_out import fit_to_go_out
from darkfigure.publication.release import Release, as_data, from_data, with_corrections
from darkfigure.reading.release_plans import Plan
from darkfigure.writing import registry
from darkfigure.writing.answers.as_json import read_answer
from darkfigure.writing.releases.bundle import files_of, hashes_of
from darkfigure.writing.releases.site import Published
from darkfigure.writing.releases.taken import table_of
from darkfigure.writing.words import ENGLISH
from darkfigure_hub.access import logging, record
from darkfigure_hub.flows.answer_guarded import answer_guarded, refuse_faults, refuse_marked
from darkfigure_hub.flows.ask_in_words import questions_asked
from darkfigure_hub.flows.coarsen_table import offers_said
from darkfigure_hub.flows.everything_out import everything_out
from darkfigure_hub.flows.keep_answer import keep_answer
from darkfigure_hub.store.queries import kept_answers
from darkfigure_hub.store.queries import releases as store
from darkfigure_hub.store.queries.releases import HeldRelease

__all__ = [
    "Checked",
    "HeldRelease",
    "Prepared",
    "all_out",
    "approve_release",
    "check_release",
    "file_of",
    "files_held",
    "list_releases",
    "prepare_release",
    "publish_due",
    "publish_release",
    "release_named",
    "said_by",
    "withdraw_release",
]

#: A reason is a few sentences.
SHORTEST, LONGEST = 10, 1000


@dataclass(frozen=True)
class Prepared:
    """A release that was prepared, its number (0 where nothing was kept), what an attacker makes of
    it, and what is to be known of it.
    """

    release: Release
    number: int
    attacked: Attacked
    warnings: tuple[str, ...]

    @property
    def name(self) -> str:
        """How it is referred to."""
        return store.named(self.number) if self.number else ""


@dataclass(frozen=True)
class Checked:
    """A release as it is held, what an attacker who holds everything that went out makes of it now,
    and what is to be known of it.
    """

    held: HeldRelease
    attacked: Attacked
    warnings: tuple[str, ...]

    @property
    def passes(self) -> bool:
        """Whether nothing protected comes out of it."""
        return self.attacked.passes


def prepare_release(
    scope: Scope,
    plan: Plan,
    day: date,
    *,
    reason: str = "",
    release_marked: str = "",
    dry_run: bool = False,
    attached: Mapping[str, bytes] | None = None,
    made_up: bool = False,
) -> Prepared:
    """Prepare what a plan asks for: every table answered, small counts kept out over all of them
    and of everything that went out before, every file made. Of an edition that is out it is the
    version in place of the last, for a `reason`. Files that are `attached` go out with it as they
    are, `made_up` where they say anything that is.

    Raises Unreadable with what comes out where it cannot be kept from it, and for what a plan may
    not ask; NotPermitted where it rests on marked returns and it is not said why.
    """
    scope.require(Permission.PREPARE_RELEASE)
    questions = [_question(plan, at, day) for at in range(len(plan.tables))]
    names = [f"{plan.head.series}/{plan.head.edition}, {table.code}" for table in plan.tables]
    guarded = answer_guarded(scope, questions)
    marked = {place for place, returns in enumerate(guarded.marked) if returns}
    why = fit_to_go_out(release_marked, LONGEST, "The reason of a release")
    if marked and not why:
        refuse_marked(scope, [one for returns in guarded.marked for one in returns])
    answers, attacked = guarded_with_all(names, guarded.found, everything_out(scope), marked)
    refuse_faults(attacked)
    before = _standing(scope, plan.head.series, plan.head.edition)
    release = _release(scope, plan, answers, before, reason)
    if attached:
        hashes = tuple((name, sha256(body).hexdigest()) for name, body in attached.items())
        release = replace(release, attached=hashes, made_up=made_up)
    warnings = (
        *_warnings(release, answers),
        *offers_said(scope, [each.code for each in plan.tables], guarded.found, answers),
    )
    if dry_run:
        return Prepared(release, 0, attacked, warnings)
    files = files_of(release, registry.words_of("answer", plan.head.language), attached)
    entry = {
        "series": plan.head.series,
        "edition": plan.head.edition,
        "version": release.version,
        "title": plan.head.title,
        "out_at": plan.head.out_at,
        "content": release.content,
        "said": as_data(release),
        "access": [_as_data(asdict(access)) for access in plan.access],
        "corrects_id": before.number if before else None,
        "reason": release.reason,
        "release_reason": why,
        "prepared_by": scope.who,
    }
    with logging(scope):
        for answer in answers:
            keep_answer(scope, answer)
        tables = [
            (table.code, answer.id) for table, answer in zip(plan.tables, answers, strict=True)
        ]
        number = store.add(entry, tables, files)
        record(scope, "release prepared", {"release": number, "content": release.content})
    return Prepared(release, number, attacked, warnings)


def _as_data(fields: dict[str, object]) -> dict[str, str]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else str(value)
        for name, value in fields.items()
    }


def _question(plan: Plan, at: int, day: date) -> Question:
    """The question of a table of a plan. Raises with the table where it is none, or several."""
    table = plan.tables[at]
    try:
        questions, _ = questions_asked(table.ask, day, **table.asked)
    except (UnknownName, Unreadable) as error:
        raise type(error)(f"table {table.code}: {error}") from error
    if len(questions) != 1:
        raise Unreadable(f"table {table.code}: a table is of one measure; make one for each.")
    return questions[0]


def _standing(scope: Scope, series: str, edition: str) -> HeldRelease | None:
    """The last version of an edition that is out."""
    out = store.releases(scope, series=series, edition=edition)
    return next((held for held in reversed(out) if held.published_at), None)


def _release(
    scope: Scope, plan: Plan, answers: Sequence[Answer], before: HeldRelease | None, reason: str
) -> Release:
    words = registry.words_of("answer", plan.head.language)
    tables = tuple(
        table_of(answer, planned.code, planned.title, planned.notes, words)
        for planned, answer in zip(plan.tables, answers, strict=True)
    )
    release = Release(plan.head, 1, tables, scheduled=plan.scheduled, access=plan.access)
    if before is None:
        if reason.strip():
            raise Unreadable(
                f"{plan.head.series}/{plan.head.edition} is not out: there is nothing to correct."
            )
        return release
    why = fit_to_go_out(reason, LONGEST, "The reason of a correction")
    if len(why) < SHORTEST:
        raise Unreadable(
            f"{before.address} is out since {said_in_london(before.published_at or before.out_at)}:"
            " another version says why, with --reason."
        )
    if plan.head.out_at <= before.out_at:
        raise Unreadable(
            f"{before.address} is out from {said_in_london(before.out_at)}: another version is out "
            "later. Write another minute in the plan (out)."
        )
    version = before.version + 1
    corrected = replace(release, version=version, corrects=before.version, reason=why)
    return with_corrections(corrected, said_by(scope, before))


def _warnings(release: Release, answers: Sequence[Answer]) -> tuple[str, ...]:
    """What is to be known of a release before it goes out."""
    nothing = [
        ENGLISH.text("release.warning.nothing", table=table.code)
        for table in release.tables
        if not any(cell.value is not None for cell in table.cells)
    ]
    return (*nothing, *_totals_apart(release, answers))


def _totals_apart(release: Release, answers: Sequence[Answer]) -> list[str]:
    """Tables of one measure, day and conditions whose figures add up to different totals, where all
    of them are told.
    """
    totals: dict[tuple[str, ...], dict[float, str]] = {}
    for table, answer in zip(release.tables, answers, strict=True):
        if not table.is_whole or answer.unit == "percent" or not table.cells:
            continue
        asked = answer.question.canonical()
        key = tuple(
            str(asked.get(name)) for name in ("measure", "where", "period", "evidence", "rule")
        )
        total = sum(cell.value or 0 for cell in table.cells)
        same = totals.setdefault((*key, table.as_at.isoformat()), {})
        same.setdefault(total, table.code)
    return [
        ENGLISH.text("release.warning.totals", totals=ENGLISH.joined(_totals(apart), "comma"))
        for apart in totals.values()
        if len(apart) > 1
    ]


def _totals(apart: dict[float, str]) -> list[str]:
    return [
        ENGLISH.text("release.warning.total", table=code, total=total)
        for total, code in apart.items()
    ]


def list_releases(scope: Scope, series: str = "", edition: str = "") -> list[HeldRelease]:
    """Releases that somebody may see, oldest first: whoever does not work on them, those that went
    out.
    """
    scope.require(Permission.READ_DISCLOSURES)
    return store.releases(scope, series=series, edition=edition)


def release_named(scope: Scope, reference: str) -> HeldRelease:
    """A release by its reference (RELEASE-1) or what names it in its address.

    Raises UnknownName.
    """
    scope.require(Permission.READ_DISCLOSURES)
    number = store.number_of(reference)
    series, edition, version = [*reference.strip("/").split("/"), "", "", ""][:3]
    held = []
    if number:
        held = store.releases(scope, number=number)
    elif version.removeprefix("v").isdecimal() and len(version) < 8:
        asked = int(version.removeprefix("v"))
        held = store.releases(scope, series=series, edition=edition, version=asked)
        held.sort(key=lambda one: (one.published_at is None, -one.number))
    if not held:
        raise UnknownName(
            f"{told(reference)} is no release. They are named RELEASE-1 and so on, or by series, "
            "edition and version, as referrals/2009-q1/v1."
        )
    return held[0]


def said_by(scope: Scope, held: HeldRelease) -> Release:
    """What a release says."""
    scope.require(Permission.READ_DISCLOSURES)
    data = store.said(scope, [held.number]).get(held.number)
    if data is None:
        raise UnknownName(f"{held.name} is no release.")
    return from_data(data)


def file_of(scope: Scope, held: HeldRelease, name: str) -> tuple[bytes, str]:
    """A file of a release and its hash. Raises UnknownName."""
    scope.require(Permission.READ_DISCLOSURES)
    found = store.file(scope, held.number, name)
    if found is None:
        raise UnknownName(f"{held.address} has no file {told(name)}.")
    return found


def files_held(scope: Scope, held: HeldRelease) -> dict[str, bytes]:
    """Every file of a release, by name."""
    scope.require(Permission.READ_DISCLOSURES)
    return store.files(scope, held.number)


def all_out(scope: Scope, *, with_files: bool = True) -> list[Published]:
    """Everything that went out, oldest first, with what became of it."""
    scope.require(Permission.READ_DISCLOSURES)
    held_ones = [held for held in store.releases(scope) if held.published_at]
    why = {held.corrects: held.reason for held in held_ones if held.corrects}
    said = store.said(scope, [held.number for held in held_ones])
    return [
        Published(
            from_data(said[held.number]),
            store.files(scope, held.number) if with_files and not held.withdrawn_at else {},
            held.corrected_by,
            why.get(held.number, ""),
            held.withdrawn_at,
            held.withdrawn_why,
        )
        for held in held_ones
    ]


def check_release(scope: Scope, reference: str) -> Checked:
    """Attack a release once more, with everything that went out since it was prepared; ask its
    questions again, and make its files again.
    """
    scope.require(Permission.READ_RELEASES)
    held = release_named(scope, reference)
    release = said_by(scope, held)
    answers, attacked = _attacked(scope, held)
    warnings = [*_warnings(release, answers), *_would_differ(scope, release, answers)]
    if release.content != held.content or not _files_stand(scope, held, release):
        warnings.append(ENGLISH.text("release.warning.files"))
    return Checked(held, attacked, tuple(warnings))


#: Whether files follow from a release, by the hashes of both: neither changes any more.
_STOOD: dict[tuple[str, str], bool] = {}
_REMEMBERED = 500


def _files_stand(scope: Scope, held: HeldRelease, release: Release) -> bool:
    """Whether the files that are held are those that follow from a release, and those attached."""
    kept = store.files(scope, held.number)
    key = release.content, sha256(hashes_of(kept)).hexdigest()
    if key not in _STOOD:
        if len(_STOOD) >= _REMEMBERED:
            _STOOD.clear()
        _STOOD[key] = _follow(release, kept)
    return _STOOD[key]


def _follow(release: Release, kept: Mapping[str, bytes]) -> bool:
    attached = {name: kept.get(name, b"") for name, _ in release.attached}
    same = all(sha256(attached[name]).hexdigest() == made for name, made in release.attached)
    words = registry.words_of("answer", release.head.language)
    return same and files_of(release, words, attached) == kept


def _attacked(scope: Scope, held: HeldRelease) -> tuple[list[Answer], Attacked]:
    """The answers that a release holds, and what an attacker makes of them now. Raises
    NotPermitted for who may not see one of them.
    """
    kept = store.answers_of(scope, held.number)
    answers = [read_answer(given.content) for _, given in kept if given.content]
    if len(answers) != len(kept):
        raise NotPermitted(f"{held.name} rests on what {scope.who} may not see.")
    outs = [
        Out(f"{held.series}/{held.edition}, {code}", answer)
        for (code, _), answer in zip(kept, answers, strict=True)
    ]
    attacked = attack(outs, everything_out(scope, held.address))
    with logging(scope):
        record(scope, "release checked", {"release": held.number, "passes": attacked.passes})
    return answers, attacked


def _would_differ(scope: Scope, release: Release, answers: Sequence[Answer]) -> list[str]:
    """The tables whose questions would be answered from other evidence by now."""
    now = answer_guarded(scope, [answer.question for answer in answers]).found
    return [
        ENGLISH.text("release.warning.basis", table=table.code)
        for table, answer, later in zip(release.tables, answers, now, strict=True)
        if answer.basis != later.basis
    ]


def approve_release(scope: Scope, reference: str, content: str) -> HeldRelease:
    """Approve a release that another prepared, by the hash of what was read (its first eight digits
    at least): nothing protected comes out of it.

    Raises DarkfigureError for one's own, one approved already, or another content; Unreadable with
    what comes out.
    """
    scope.require(Permission.APPROVE_RELEASE)
    held = release_named(scope, reference)
    if held.state != "prepared":
        raise DarkfigureError(f"{held.name} is {held.state} already.")
    if held.prepared_by == scope.who:
        raise DarkfigureError("Another than who prepared it approves a release.")
    if len(content) < 8 or not held.content.startswith(content):
        raise DarkfigureError(
            f"What was read is not what {held.name} says: look at it once more. Its content is "
            f"{held.content[:16]}..."
        )
    _no_later(scope, held, ("prepared", "approved"))
    refuse_faults(_attacked(scope, held)[1])
    with logging(scope):
        if not store.approve(held.number, scope.who):
            raise DarkfigureError(f"{held.name} was approved by somebody else meanwhile.")
        record(scope, "release approved", {"release": held.number, "content": held.content})
    return release_named(scope, held.name)


def _no_later(scope: Scope, held: HeldRelease, states: Sequence[str]) -> None:
    """Raises DarkfigureError where the same version was prepared anew since, and is so far."""
    same = store.releases(scope, series=held.series, edition=held.edition, version=held.version)
    later = [one for one in same if one.number > held.number and one.state in states]
    if later:
        raise DarkfigureError(
            f"{held.address} was prepared anew since, as {later[-1].name} ({later[-1].state}): "
            "that one goes out. Withdraw it where this one should."
        )


def publish_release(scope: Scope, reference: str) -> HeldRelease:
    """Publish a release that was approved, at its minute or later: its address answers from now on.

    Raises DarkfigureError before its minute, and for one that was not approved; Unreadable with
    what comes out of it by now.
    """
    scope.require(Permission.APPROVE_RELEASE)
    held = release_named(scope, reference)
    if held.state != "approved":
        raise DarkfigureError(f"{held.name} is {held.state}: what is approved can be published.")
    if timezone.now() < held.out_at:
        raise DarkfigureError(f"{held.name} is out at {said_in_london(held.out_at)}, not before.")
    _no_later(scope, held, ("approved",))
    refuse_faults(_attacked(scope, held)[1])
    with logging(scope):
        kept_answers.release(given.id for _, given in store.answers_of(scope, held.number))
        try:
            with transaction.atomic():
                went = store.publish(held.number)
        except IntegrityError:
            raise DarkfigureError(f"{held.address} is out already; prepare it anew.") from None
        if not went:
            raise DarkfigureError(f"{held.name} was published by somebody else meanwhile.")
        record(scope, "release published", {"release": held.number, "content": held.content})
    return release_named(scope, held.name)


def publish_due(scope: Scope) -> list[HeldRelease]:
    """Publish every release that was approved and whose minute has come. What cannot go out stays,
    and is said when it is published by hand.
    """
    scope.require(Permission.APPROVE_RELEASE)
    gone = []
    for number in store.due():
        try:
            gone.append(publish_release(scope, store.named(number)))
        except DarkfigureError as error:
            why = {"release": number, "why": type(error).__name__}
            record(scope, "release not published", why)
    return gone


def withdraw_release(scope: Scope, reference: str, why: str) -> HeldRelease:
    """Withdraw a release that is out, for a reason that its address tells from now on; or one that
    is not to go out. What it said stays with us.
    """
    scope.require(Permission.APPROVE_RELEASE)
    held = release_named(scope, reference)
    given = fit_to_go_out(why, LONGEST, "The reason of a withdrawal")
    if len(given) < SHORTEST:
        raise DarkfigureError("Say why, in a sentence: it stands at the release's address.")
    with logging(scope):
        if not store.withdraw(held.number, scope.who, given):
            raise DarkfigureError(f"{held.name} is withdrawn already.")
        record(scope, "release withdrawn", {"release": held.number})
    return release_named(scope, held.name)
