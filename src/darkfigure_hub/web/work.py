"""What waits at the desk of each role: a line, where it leads, and how much of it there is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure_hub.access.acting import Acting
from darkfigure_hub.flows.answer_subject import show_disputes
from darkfigure_hub.flows.break_glass import show_broken
from darkfigure_hub.flows.compartments import show_compartments
from darkfigure_hub.flows.decide_link import waiting_links
from darkfigure_hub.flows.dispose import show_review
from darkfigure_hub.flows.enquire import show_enquiries
from darkfigure_hub.flows.judge import judgements_waiting
from darkfigure_hub.flows.post import show_outbox
from darkfigure_hub.flows.programs import show_tokens
from darkfigure_hub.flows.release_edition import list_editions
from darkfigure_hub.flows.release_figures import list_releases
from darkfigure_hub.flows.show_asks import show_asks
from darkfigure_hub.flows.show_people import HeldAccount, HeldAppointment, show_people
from darkfigure_hub.flows.submit import show_submissions


@dataclass(frozen=True)
class Work:
    """A piece of work: what it is, where it is done, how much waits (nothing where it is not
    counted).
    """

    words: str
    address: str
    number: int | None = None


def waiting(people: Iterable[HeldAccount]) -> list[tuple[HeldAccount, HeldAppointment]]:
    """The appointments that wait for somebody to approve them, with whose they would be."""
    return [
        (person, each)
        for person in people
        for each in person.appointments
        if each.state == "proposed"
    ]


def waiting_for(acting: Acting) -> list[Work]:
    """What waits for who acts so."""
    scope = acting.scope("desk")
    return [work for permission, found in _WORK if scope.may(permission) for work in found(scope)]


def _people(scope: Scope) -> Iterable[Work]:
    there = [each for _, each in waiting(show_people(scope)) if each.proposed_by != scope.who]
    yield Work("Roles that wait for your approval", reverse("desk_people"), len(there))
    yield Work("Invite somebody, or give a role", reverse("desk_invite"))


def _programs(scope: Scope) -> Iterable[Work]:
    good = [each for each in show_tokens(scope) if each.state == "good"]
    yield Work("Programs that report, and their tokens", reverse("desk_tokens"), len(good))


def _outbox(scope: Scope) -> Iterable[Work]:
    number = show_outbox(scope).counts["given up"]
    yield Work("Messages that could not be sent", reverse("desk_outbox"), number)


def _asks(scope: Scope) -> Iterable[Work]:
    number = len(show_asks(scope, timezone.localdate()))
    yield Work("Asks that wait for a reply", reverse("desk_asks"), number)


def _submissions(scope: Scope) -> Iterable[Work]:
    there = [each for each in show_submissions(scope) if each.state == "drafted"]
    own = sum(each.drafted_by == scope.who for each in there)
    drafts = reverse("desk_submissions")
    if scope.may(Permission.RELEASE_SUBMISSION):
        yield Work("Drafts that wait for your release", drafts, len(there) - own)
    if scope.may(Permission.DRAFT_SUBMISSION):
        yield Work("Send a return, a report or replies", reverse("desk_draft"))
        yield Work("Drafts of yours, and what you sent", drafts, own)


def _requests(scope: Scope) -> Iterable[Work]:
    there = [each for each in show_enquiries(scope) if each.state == "open"]
    if scope.may(Permission.REGISTER_RESPONSE):
        there = [each for each in there if scope.who not in each.writers]
    yield Work("Requests that wait for a response", reverse("desk_enquiries"), len(there))
    yield Work("The register of responses", reverse("desk_responses"))


def _questions(_: Scope) -> Iterable[Work]:
    yield Work("Ask a question of the repository", reverse("front"))
    yield Work("What is held", reverse("held"))


def _audit(scope: Scope) -> Iterable[Work]:
    yield Work("Who did what, and whether the log holds", reverse("desk_log"))
    yield Work("Why somebody sees something, or not", reverse("desk_sight"))
    there = [each for each in show_broken(scope) if each.is_open]
    yield Work("Opened though it was hidden", reverse("desk_glass"), len(there))


def _compartments(scope: Scope) -> Iterable[Work]:
    found, _ = show_compartments(scope)
    there = [
        each
        for held in found
        for each in held.grants
        if each.state == "proposed" and each.proposed_by != scope.who
    ]
    yield Work(
        "Compartments, and who waits for your approval", reverse("desk_compartments"), len(there)
    )


def _review(scope: Scope) -> Iterable[Work]:
    found = show_review(scope, timezone.localdate())
    number = sum(not (each.kept or each.proposed) for each in found.overdue)
    yield Work("Due for review: keep it, or dispose of it", reverse("desk_disposal"), number)
    if scope.may(Permission.CARRY_OUT_DISPOSAL):
        there = [
            each
            for each in found.disposals
            if each.state == "proposed" and each.proposed_by != scope.who
        ]
        yield Work("Proposed to be disposed of", reverse("desk_disposal"), len(there))


def _releases(scope: Scope) -> Iterable[Work]:
    there = [each for each in list_releases(scope) if each.state in ("prepared", "approved")]
    if scope.may(Permission.APPROVE_RELEASE):
        mine = [each for each in there if each.prepared_by != scope.who]
        yield Work("Releases that wait for you", reverse("desk_releases"), len(mine))
    else:
        yield Work("Releases, and those not out yet", reverse("desk_releases"), len(there))


def _editions(scope: Scope) -> Iterable[Work]:
    there = [each for each in list_editions(scope) if each.state in ("prepared", "approved")]
    yield Work("Editions, and those not out yet", reverse("desk_editions"), len(there))


def _judgements(scope: Scope) -> Iterable[Work]:
    number = len(judgements_waiting(scope, timezone.localdate()))
    yield Work("Judgements, and those that wait for you", reverse("desk_judgements"), number)


def _links(scope: Scope) -> Iterable[Work]:
    yield Work("Links in doubt", reverse("desk_links"))
    there = [each for each in waiting_links(scope) if each.proposed_by != scope.who]
    yield Work("Links that wait for your agreement", reverse("desk_links_waiting"), len(there))


def _disputes(scope: Scope) -> Iterable[Work]:
    number = sum(each.state == "open" for each in show_disputes(scope))
    yield Work("Records that people dispute", reverse("desk_disputes"), number)


def _records(scope: Scope) -> Iterable[Work]:
    said = "another" if scope.stated else "a purpose"
    yield Work(f"State {said} that you read records and names for", reverse("desk_purpose"))
    yield Work("Open what is hidden from you, for an hour", reverse("desk_glass"))


def _of_the_centre(name: str, words: str) -> Callable[[Scope], Iterable[Work]]:
    return lambda _: [Work(words, reverse(name))]


_WORK: tuple[tuple[Permission, Callable[[Scope], Iterable[Work]]], ...] = (
    (Permission.APPROVE_APPOINTMENT, _people),
    (Permission.MAKE_TOKEN, _programs),
    (Permission.TEND_OUTBOX, _outbox),
    (
        Permission.TEND_WEBHOOKS,
        _of_the_centre("desk_webhooks", "Addresses that your systems are told by"),
    ),
    (Permission.READ_ASKS, _asks),
    (Permission.READ_SUBMISSIONS, _submissions),
    (Permission.READ_RESPONSES, _requests),
    (Permission.READ_RELEASES, _releases),
    (Permission.READ_RELEASES, _editions),
    (Permission.READ_JUDGEMENT, _judgements),
    (Permission.RUN_JOB, _of_the_centre("desk_jobs", "Long work: asked for, and how far it is")),
    (Permission.DECIDE_LINK, _links),
    (Permission.GRADE_ITEM, _of_the_centre("desk_items", "Items and their grades")),
    (Permission.READ_COVERAGE, _of_the_centre("desk_coverage", "Coverage of the requirement")),
    (Permission.GRANT_COMPARTMENT, _compartments),
    (Permission.CHANGE_AGENCY, _of_the_centre("desk_agencies", "Agencies that merge or close")),
    (Permission.PROPOSE_DISPOSAL, _review),
    (Permission.BREAK_GLASS, _records),
    (
        Permission.ANSWER_SUBJECT,
        _of_the_centre("desk_subjects", "What is held about one person who asks"),
    ),
    (Permission.READ_DISPUTES, _disputes),
    (Permission.READ_LOG, _audit),
    (Permission.READ_FIGURES, _questions),
    (Permission.SAVE_QUESTION, _of_the_centre("desk_saved", "Questions you saved")),
)
