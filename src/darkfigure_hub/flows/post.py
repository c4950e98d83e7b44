"""Send what waits in the outbox; say what was given up; let people choose what they are told of.

Each is entered once, with its deed, and sent at least once: where the worker dies between a mail
server's yes and noting it, SMTP has no way to ask, and it is sent once more under the same
Message-ID; where that happens twice it is given up. Who receives a webhook tells by its ID.

What is sent says that something waits, and where. It names nobody and nothing.
"""

from __future__ import annotations

import json
import smtplib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from math import ceil
from time import monotonic
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from darkfigure.basis.errors import DarkfigureError, UnknownName
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.client.verifying import ID, SIGNATURE, TIME, signature
from darkfigure_hub.access import logging, record
from darkfigure_hub.access.sealing import locked
from darkfigure_hub.store.hooks import deliver
from darkfigure_hub.store.queries import outbox as store
from darkfigure_hub.store.queries import webhooks, words
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
#: Seconds for which one webhook is waited for before others are sent theirs.
SHARE = 20
#: From here on an answer of a mail server is final (RFC 5321).
PERMANENT = 500
SUBJECT = "Something waits for you"
BODY = (
    "Something waits for you at your desk:\n\n{address}/desk/\n\n"
    "This message says no more by design: sign in to see what it is. What you are told of, and "
    "when, you choose there.\n"
)
WORD = "A response that you were given has changed"
WORD_BODY = (
    "A response that you were given was corrected or withdrawn, or a figure of it is another "
    "today.\n\nWhat is public of it stands here:\n\n{address}/answers\n\nThis message says no more "
    "by design: ask whoever sent you the response.\n"
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
    "answer changed": _kind(
        "What is said to a question you saved has changed", Permission.SAVE_QUESTION
    ),
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
    "link waits": _kind("A decision on a link waits for your agreement", Permission.DECIDE_LINK),
    "link agreed": _kind("A decision on a link that you proposed is made", Permission.DECIDE_LINK),
    "record disputed": _kind("A record of your agency's is disputed", Permission.READ_DISPUTES),
    "read record disputed": _kind(
        "A record that you read is disputed", Permission.READ_LINKS, Permission.READ_NAMES
    ),
    "dispute answered": _kind("A dispute that you opened is answered", Permission.ANSWER_SUBJECT),
    "webhook ended": _kind(
        "A webhook of your agency was ended, as nothing arrived", Permission.TEND_WEBHOOKS
    ),
    "judgement opens": _kind("A judgement wants to be looked at anew", Permission.DRAFT_JUDGEMENT),
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
        with logging(scope):
            if lost := store.take_up_lost():
                record(scope, "messages taken up", {"messages": lost})
        webhooks.hand_on([*store.EVENTS])
        by, spent = get_connection(), Counter[int]()
        while taken := _next(spent):
            begun = monotonic()
            done[_hand_over(scope, taken, by)] += 1
            if taken[0].webhook:
                spent[taken[0].webhook] += ceil(monotonic() - begun)
        by.close()
    return done


def _next(spent: Counter[int]) -> list[HeldMessage]:
    """What is sent next: as its people wish, who may have been told of it just now; nothing more to
    a webhook that took its share of seconds, whose next are sent when others had their turn.
    """
    store.sort_out(_next_round(timezone.localtime()))
    return store.begin_next(but=[hook for hook, seconds in spent.items() if seconds > SHARE])


def _next_round(now: datetime) -> datetime:
    today = timezone.make_aware(datetime.combine(now.date(), ROUND))
    if now < today:
        return today
    return timezone.make_aware(datetime.combine(now.date() + timedelta(days=1), ROUND))


def _hand_over(scope: Scope, taken: list[HeldMessage], by: BaseEmailBackend) -> str:
    """Send a message, and record what became of it."""
    first, numbers = taken[0], [each.number for each in taken]
    why, for_good = _delivered(first) if first.webhook else _mailed(first, by)
    with logging(scope), transaction.atomic():
        if not why:
            store.sent(numbers)
            record(scope, "message sent", {"messages": numbers})
            return "sent"
        store.put_off(first, numbers, why, for_good=for_good)
        given_up = for_good or first.attempt > len(store.PAUSES)
        said = "message given up" if given_up else "message put off"
        record(scope, said, {"messages": numbers, "attempt": first.attempt})
        if given_up and first.webhook:
            _end_webhook(scope, first, why)
    return "given up" if given_up else "put off"


def _delivered(held: HeldMessage) -> tuple[str, bool]:
    """Deliver a message to a webhook, signed. Gives why it did not arrive, nothing where it did,
    and whether it never will.
    """
    hook, event = webhooks.of_message(held.number)
    if hook.ended_at:
        return f"{hook.name} has ended.", True
    body = json.dumps({"id": held.ticket, **event}, sort_keys=True).encode()
    moment, secret = int(timezone.now().timestamp()), locked().decrypt(hook.locked).decode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Darkfigure",
        ID: held.ticket,
        TIME: str(moment),
        SIGNATURE: signature(secret, held.ticket, moment, body),
    }
    try:
        deliver(hook.address, body, headers)
    except DarkfigureError as error:
        return str(error), False
    webhooks.delivered(hook.number)
    return "", False


def _end_webhook(scope: Scope, held: HeldMessage, why: str) -> None:
    """End a webhook to which a message could not be delivered in two days, and tell its agency."""
    hook, _ = webhooks.of_message(held.number)
    with logging(scope):
        if webhooks.end(hook.number, scope.who, f"Nothing arrived for two days: {why}"):
            tends = store.holders(Permission.TEND_WEBHOOKS, hook.agency)
            store.tell("webhook ended", f"webhook {hook.number}", tends)
            record(scope, "webhook ended", {"webhook": hook.number, "agency": hook.agency})


def _address_of(held: HeldMessage) -> str:
    """Whom a mail goes to: somebody with an account, or whoever was given a response."""
    if not held.response:
        return store.address_of(held.account or 0)
    kept = words.address_locked(held.response)
    return locked().decrypt(kept).decode() if kept else ""


def _mailed(held: HeldMessage, by: BaseEmailBackend) -> tuple[str, bool]:
    """Send a mail. Gives why it did not leave, nothing where it did, and whether it never will. No
    word of a server's is told: it may repeat an address.
    """
    address = _address_of(held)
    if not address:
        return "Who it is for has no account any more, or no address is kept.", True
    subject, body = (WORD, WORD_BODY) if held.response else (SUBJECT, BODY)
    mail = EmailMessage(
        subject,
        body.format(address=settings.ADDRESS),
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
