"""The outbox: what waits to be sent, whom it goes to, what became of it."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import BooleanField, Count, ExpressionWrapper, F, Q
from django.utils import timezone

from darkfigure_hub.store.models import Account, Appointment, Outgoing, Wish
from darkfigure_hub.store.policy import is_bound, permissions_of, rules

#: The lock of who sends: one sender at a time, and one that dies lets go of it.
SENDING = 20081221
#: Minutes that pass before a message is tried once more; after the last it is given up.
PAUSES = (1, 5, 25, 120, 360, 720, 1440)
#: What an agency's systems may be told of.
EVENTS = {
    "submission.checked": "A submission was drafted, and its checks can be read",
    "submission.released": "A submission was released",
    "submission.sent_back": "A submission was sent back",
    "ask.raised": "An ask was put to the agency",
    "ask.overdue": "An ask is overdue",
}
_TO_A_WEBHOOK = ExpressionWrapper(Q(webhook__isnull=False), output_field=BooleanField())
TWICE = "Its sender died twice while it was being sent: it may have arrived."


@dataclass(frozen=True)
class HeldMessage:
    """A message and how far it has come."""

    number: int
    kind: str
    ticket: str
    account: int | None
    webhook: int | None
    response: int | None
    made_at: datetime
    due_at: datetime
    gathered: bool
    attempt: int
    doubtful: bool
    said: str
    ended_at: datetime | None
    outcome: str

    @property
    def name(self) -> str:
        """What it is called."""
        return f"MESSAGE-{self.number}"

    @property
    def state(self) -> str:
        """What follows from its events."""
        return self.outcome or ("tried again" if self.attempt else "waiting")


def _held(row: Outgoing) -> HeldMessage:
    return HeldMessage(
        row.pk,
        row.kind,
        row.ticket,
        row.account_id,
        row.webhook_id,
        row.response_id,
        row.made_at,
        row.due_at,
        row.gathered,
        row.attempt,
        row.doubtful,
        row.said,
        row.ended_at,
        row.outcome,
    )


def tell(kind: str, about: str, accounts: Collection[int]) -> None:
    """Have each account told of a thing, once for all; in the transaction of the deed."""
    _enter([(kind, about, account) for account in accounts], together=False)


def tell_together(wanted: Collection[tuple[str, str, int]]) -> int:
    """Have accounts told of many things (kind, about what, whom), each in one message. Gives how
    many they had not been told of.
    """
    before = Outgoing.objects.count()
    _enter(wanted, together=True)
    return Outgoing.objects.count() - before


def _enter(wanted: Collection[tuple[str, str, int]], *, together: bool) -> None:
    now = timezone.now()
    Outgoing.objects.bulk_create(
        [
            Outgoing(
                kind=kind,
                key=f"{kind}:{about}:{account}",
                ticket=secrets.token_hex(16),
                account_id=account,
                due_at=now,
                gathered=together,
            )
            for kind, about, account in sorted(set(wanted))
        ],
        batch_size=1000,
        ignore_conflicts=True,
    )


def announce(event: str, agency: str, **numbers: object) -> None:
    """Have an agency's systems told of an event of its own, by numbers alone; in the transaction of
    the deed.
    """
    announce_all([(event, agency, numbers)])


def announce_all(events: Sequence[tuple[str, str, Mapping[str, object]]]) -> None:
    """The same of many: each event, of which agency, with its numbers."""
    now = timezone.now()
    Outgoing.objects.bulk_create(
        [
            Outgoing(
                kind=event,
                key=f"{event}:{agency}:{' '.join(map(str, numbers.values()))}",
                ticket=secrets.token_hex(16),
                agency=agency,
                event={"event": event, "agency": agency, **numbers},
                due_at=now,
            )
            for event, agency, numbers in events
            if agency
        ],
        batch_size=1000,
        ignore_conflicts=True,
    )


def account_in(who: str) -> list[int]:
    """The account that the log names so; none for a program and the machine's operator."""
    number = who.removeprefix("account:")
    return [int(number)] if number != who else []


def holders(
    permission: str, agency: str = "", marking: int = 0, *, but: Collection[str] = ()
) -> list[int]:
    """Who may do something and may sign in: of an agency, in its own roles, else of the centre; who
    sees what is marked so high. `but` are left out, as the log names them.
    """
    named = {rule.role for rule in rules() if rule.role != "operator"}
    roles = [
        role
        for role in named
        if permission in permissions_of(role) and is_bound(role) == bool(agency)
    ]
    found = Appointment.objects.filter(
        role__in=roles,
        marking__gte=marking,
        approved_at__isnull=False,
        ended_at__isnull=True,
        account__disabled_at__isnull=True,
    )
    if agency:
        found = found.filter(agency=agency)
    left_out = [number for who in but for number in account_in(who)]
    return sorted(set(found.values_list("account_id", flat=True)) - set(left_out))


@contextmanager
def sending() -> Iterator[bool]:
    """A stretch in which this connection alone sends; false where another does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [SENDING])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine and connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [SENDING])


def anything_waits() -> bool:
    """Whether anything is to be sent now."""
    return Outgoing.objects.filter(ended_at__isnull=True, due_at__lte=timezone.now()).exists()


def take_up_lost() -> int:
    """Have what a sender died with tried once more, and given up the second time. For who alone
    sends. Gives how many there were.
    """
    lost = Outgoing.objects.filter(begun_at__isnull=False, ended_at__isnull=True)
    now = timezone.now()
    ended = lost.filter(doubtful=True).update(
        ended_at=now, outcome="given up", said=TWICE, begun_at=None
    )
    return ended + lost.update(begun_at=None, doubtful=True, due_at=now)


def sort_out(next_round: datetime) -> None:
    """Have what was just entered wait for the next round, or not be sent, as its people wish."""
    fresh = Outgoing.objects.filter(
        account__isnull=False, attempt=0, begun_at__isnull=True, ended_at__isnull=True
    ).filter(due_at__lte=F("made_at"))
    wished = [
        (wish.account_id, wish.kind, wish.when)
        for wish in Wish.objects.filter(account__in=fresh.values("account"))
        if wish.when != "at once"
    ]
    for account, kind, when in wished:
        mine = fresh.filter(account=account, kind=kind)
        if when == "never":
            mine.update(ended_at=timezone.now(), outcome="unwanted")
        else:
            mine.update(gathered=True, due_at=next_round)


def begin_next(*, but: Collection[int] = ()) -> list[HeldMessage]:
    """The message that is due first, taken in hand; mail before webhooks, of which one that is slow
    keeps waiting no more than what came meanwhile. With it all others that are gathered for the
    same person. Nothing where none is due, but to webhooks that are left out.
    """
    now = timezone.now()
    due = Outgoing.objects.filter(ended_at__isnull=True, begun_at__isnull=True, due_at__lte=now)
    due = due.exclude(account__isnull=True, webhook__isnull=True, response__isnull=True)
    due = due.exclude(webhook__in=but) if but else due
    with transaction.atomic():
        in_turn = due.order_by(_TO_A_WEBHOOK, "due_at", "id")
        row = in_turn.select_for_update(of=("self",)).first()
        if row is None:
            return []
        rows = [row]
        if row.gathered:
            alike = due.filter(gathered=True, account=row.account_id).exclude(pk=row.pk)
            rows += alike.select_for_update().order_by("id")
        numbers = [each.pk for each in rows]
        for each in rows:
            each.attempt += 1
        Outgoing.objects.bulk_update(rows, ["attempt"])
        Outgoing.objects.filter(pk__in=numbers).update(begun_at=now)
    return [_held(each) for each in rows]


def address_of(account: int) -> str:
    """The address of an account that may sign in; nothing where it may not any more."""
    held = Account.objects.filter(pk=account, disabled_at__isnull=True)
    return str(held.values_list("email", flat=True).first() or "")


def sent(numbers: Collection[int]) -> None:
    """They have left."""
    now = timezone.now()
    Outgoing.objects.filter(pk__in=numbers).update(ended_at=now, outcome="sent", begun_at=None)


def put_off(held: HeldMessage, numbers: Collection[int], why: str, *, for_good: bool) -> None:
    """They did not leave: tried again after a pause, or given up."""
    now, found = timezone.now(), Outgoing.objects.filter(pk__in=numbers)
    if for_good or held.attempt > len(PAUSES):
        found.update(ended_at=now, outcome="given up", said=why, begun_at=None)
        return
    pause = timedelta(minutes=PAUSES[held.attempt - 1])
    found.update(begun_at=None, due_at=now + pause, said=why)


def counts() -> Mapping[str, int]:
    """How many wait, and how many ended in which way."""
    found = Outgoing.objects.values("outcome").annotate(number=Count("id"))
    held = {row["outcome"] or "waiting": row["number"] for row in found}
    return {name: held.get(name, 0) for name in ("waiting", "sent", "unwanted", "given up")}


def messages(most: int) -> list[HeldMessage]:
    """What waits or was given up, and what may have been sent twice; the latest first."""
    told = Q(ended_at__isnull=True) | Q(outcome="given up") | Q(doubtful=True)
    return [_held(row) for row in Outgoing.objects.filter(told).order_by("-id")[:most]]


def again(number: int) -> bool:
    """Have a message that was given up tried from the beginning. Gives whether there was one."""
    found = Outgoing.objects.filter(pk=number, outcome="given up")
    return bool(found.update(ended_at=None, outcome="", attempt=0, said="", due_at=timezone.now()))


def wishes(account: int) -> dict[str, str]:
    """What somebody wishes, by kind."""
    return dict(Wish.objects.filter(account=account).values_list("kind", "when"))


def wish(account: int, wanted: Mapping[str, str]) -> None:
    """Somebody wishes to be told so."""
    for kind, when in wanted.items():
        Wish.objects.update_or_create(account_id=account, kind=kind, defaults={"when": when})
