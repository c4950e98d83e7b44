"""Send what waits in the outbox, once each; say what was given up; let people choose what they are
told of.

What is sent says that something waits, and where. It names nobody and nothing.
"""

from __future__ import annotations

import smtplib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from darkfigure.basis.errors import UnknownName
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure_hub.access import logging, record
from darkfigure_hub.store.queries import outbox as store
from darkfigure_hub.store.queries.outbox import HeldMessage

__all__ = [
    "KINDS",
    "WHENS",
    "HeldMessage",
    "Kind",
    "Outbox",
    "choose_told",
    "send_again",
    "send_post",
    "show_outbox",
    "show_told",
]

#: What is listed at most.
LISTED = 200
#: The hour at which what is told once a day is sent.
ROUND = time(7)
#: From here on an answer of a mail server is final (RFC 5321).
PERMANENT = 500
SUBJECT = "Something waits for you"
BODY = (
    "Something waits for you at your desk:\n\n{address}/desk/\n\n"
    "This message says no more by design: sign in to see what it is. What you are told of, and "
    "when, you choose there.\n"
)
#: When somebody is told of a thing.
WHENS = {"at once": "At once", "daily": "Once a day", "never": "Not by mail"}


@dataclass(frozen=True)
class Kind:
    """A kind of thing that people are told of: in words, and the permissions of which one makes it
    theirs to be told.
    """

    words: str
    whose: tuple[Permission, ...]


def _kind(words: str, *whose: Permission) -> Kind:
    return Kind(words, whose)


_LATE = (Permission.DRAFT_SUBMISSION, Permission.RELEASE_SUBMISSION, Permission.RAISE_ASK)
_REQUESTS = (Permission.DRAFT_RESPONSE, Permission.REGISTER_RESPONSE)
KINDS: dict[str, Kind] = {
    "ask is due": _kind("An ask is due soon", Permission.DRAFT_SUBMISSION),
    "ask is overdue": _kind("An ask is overdue", *_LATE),
    "draft waits": _kind("A draft waits for your release", Permission.RELEASE_SUBMISSION),
    "draft released": _kind("A draft of yours was released", Permission.DRAFT_SUBMISSION),
    "draft sent back": _kind("A draft of yours was sent back", Permission.DRAFT_SUBMISSION),
    "items wait": _kind("Items wait for a grade", Permission.GRADE_ITEM),
    "role waits": _kind("A role waits for your approval", Permission.APPROVE_APPOINTMENT),
    "job ended": _kind("Long work that you asked for has ended", Permission.RUN_JOB),
    "request is due": _kind("A request is due soon", *_REQUESTS),
    "request is overdue": _kind("A request is overdue", *_REQUESTS),
    "response waits": _kind("A response waits for your release", Permission.REGISTER_RESPONSE),
}


@dataclass(frozen=True)
class Outbox:
    """What is in the outbox: numbers by what became of it, and what waits, was given up or may have
    been sent twice.
    """

    counts: Mapping[str, int]
    messages: tuple[HeldMessage, ...]


def send_post(scope: Scope) -> Mapping[str, int]:
    """Send what is due, one message after another, and record each. Gives how many of them were
    sent, put off and given up; nothing where somebody else is sending.
    """
    scope.require(Permission.SEND_POST)
    done: Counter[str] = Counter()
    if not store.anything_waits():
        return done
    with store.sending() as mine:
        if not mine:
            return done
        if lost := store.take_up_lost():
            record(scope, "messages taken up", {"messages": lost})
        store.sort_out(_next_round(timezone.localtime()))
        by = get_connection()
        while taken := store.begin_next():
            done[_hand_over(scope, taken, by)] += 1
        by.close()
    return done


def _next_round(now: datetime) -> datetime:
    today = timezone.make_aware(datetime.combine(now.date(), ROUND))
    if now < today:
        return today
    return timezone.make_aware(datetime.combine(now.date() + timedelta(days=1), ROUND))


def _hand_over(scope: Scope, taken: list[HeldMessage], by: BaseEmailBackend) -> str:
    """Send a message, and record what became of it."""
    first, numbers = taken[0], [each.number for each in taken]
    why, for_good = _mailed(first, by)
    with logging(scope), transaction.atomic():
        if not why:
            store.sent(numbers)
            record(scope, "message sent", {"messages": numbers})
            return "sent"
        store.put_off(first, numbers, why, for_good=for_good)
        given_up = for_good or first.attempt > len(store.PAUSES)
        said = "message given up" if given_up else "message put off"
        record(scope, said, {"messages": numbers, "attempt": first.attempt})
    return "given up" if given_up else "put off"


def _mailed(held: HeldMessage, by: BaseEmailBackend) -> tuple[str, bool]:
    """Send a mail. Gives why it did not leave, nothing where it did, and whether it never will. No
    word of a server's is told: it may repeat an address.
    """
    address = store.address_of(held.account or 0)
    if not address:
        return "Who it is for has no account any more.", True
    mail = EmailMessage(
        SUBJECT,
        BODY.format(address=settings.ADDRESS),
        to=[address],
        connection=by,
        headers={
            "Message-ID": f"<{held.ticket}@{urlsplit(settings.ADDRESS).hostname}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    try:
        by.open()  # and stays open for the next
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        code = next((answer[0] for answer in error.recipients.values()), 0)
        return f"The mail server refuses the address ({code}).", code >= PERMANENT
    except smtplib.SMTPResponseException as error:
        by.close()
        return f"The mail server answers {error.smtp_code}.", False
    except (smtplib.SMTPException, OSError) as error:
        by.close()
        return f"The mail server cannot be reached ({type(error).__name__}).", False
    return "", False


def show_outbox(scope: Scope) -> Outbox:
    """What is in the outbox. Raises NotPermitted."""
    scope.require(Permission.TEND_OUTBOX)
    found = Outbox(store.counts(), tuple(store.messages(LISTED)))
    record(scope, "outbox shown", {"messages": len(found.messages)})
    return found


def send_again(scope: Scope, number: int) -> int:
    """Have a message that was given up tried once more. Gives its number. Raises NotPermitted,
    UnknownName.
    """
    scope.require(Permission.TEND_OUTBOX)
    with logging(scope):
        if not store.again(number):
            raise UnknownName("There is no such message that was given up.")
        record(scope, "message tried again", {"messages": [number]})
    return number


def show_told(scope: Scope) -> dict[str, str]:
    """When one is told of each kind of thing that is one's own to be told of."""
    scope.require(Permission.CHOOSE_TOLD)
    wished = store.wishes(_account(scope))
    return {
        name: wished.get(name, "at once")
        for name, kind in KINDS.items()
        if any(map(scope.may, kind.whose))
    }


def choose_told(scope: Scope, wanted: Mapping[str, str]) -> Mapping[str, str]:
    """Choose when one is told of each kind of thing. Gives what was chosen. Raises NotPermitted;
    UnknownName for a kind or a time there is not.
    """
    scope.require(Permission.CHOOSE_TOLD)
    if set(wanted) - set(KINDS) or set(wanted.values()) - set(WHENS):
        raise UnknownName(f"One is told of a thing {', '.join(WHENS)}.")
    with logging(scope):
        store.wish(_account(scope), wanted)
        record(scope, "what is told chosen", {"kinds": sorted(wanted)})
    return wanted


def _account(scope: Scope) -> int:
    """The account of somebody who signed in; none at the machine."""
    return next(iter(store.account_in(scope.who)), 0)
