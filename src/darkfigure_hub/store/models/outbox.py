"""What waits to be sent, and what each person wants to be told of."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from darkfigure_hub.store.models.account import Account
from darkfigure_hub.store.models.answer import Response
from darkfigure_hub.store.models.webhook import Webhook


class Outgoing(models.Model):
    """A message from when the deed it tells of was done until it was sent or given up.

    It is entered in the transaction of the deed, once under `key`. It has no words of its own: what
    leaves says that something waits, and where. `ticket` names it where it leaves, so that one that
    comes twice is known for one. `doubtful` says that a sender died with it in hand: it may have
    left before. It goes to an account, to a webhook, or to whoever was given a response; an `event`
    of an agency without a webhook is handed to each of its webhooks when it is sent.
    """

    kind = models.CharField(max_length=30)
    key = models.CharField(max_length=200, unique=True)
    ticket = models.CharField(max_length=32, unique=True)
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="outgoing"
    )
    agency = models.CharField(max_length=40, blank=True, db_default="")
    event = models.JSONField(null=True)
    webhook = models.ForeignKey(
        Webhook, on_delete=models.PROTECT, null=True, related_name="outgoing"
    )
    response = models.ForeignKey(
        Response, on_delete=models.PROTECT, null=True, related_name="words"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField()
    gathered = models.BooleanField(default=False)
    attempt = models.SmallIntegerField(default=0)
    begun_at = models.DateTimeField(null=True)
    doubtful = models.BooleanField(default=False)
    said = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, blank=True)

    class Meta:
        """What ended ended in some way; what is given up says why."""

        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, outcome="")
                | Q(ended_at__isnull=False, outcome__in=("sent", "unwanted", "given up")),
                name="outgoing_ends_in_some_way",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="given up") | ~Q(said=""), name="given_up_for_a_reason"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(ended_at__isnull=True), name="outgoing_that_waits"
            )
        ]

    def __str__(self) -> str:
        return f"MESSAGE-{self.pk}"


class Wish(models.Model):
    """When somebody wants to be told of a kind of thing; at once where nothing is said."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="wishes")
    kind = models.CharField(max_length=30)
    when = models.CharField(max_length=10)

    class Meta:
        """One wish for a kind."""

        constraints = [
            models.UniqueConstraint(fields=["account", "kind"], name="wished_once"),
            models.CheckConstraint(
                condition=Q(when__in=("at once", "daily", "never")), name="wished_in_some_way"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.kind}"
