"""Programs of agencies: the tokens they come with, and what they were told once."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from darkfigure_hub.store.models.submission import Submission


class Token(models.Model):
    """What a program of an agency comes with. It is kept as a hash: who made it alone was told it.

    `seal` is made by the program with a key that no reader of this table has, over all that the
    token may do, how long, and who made it: a row that was changed or made up lets nobody in.
    """

    agency = models.CharField(max_length=40)
    called = models.CharField(max_length=60)
    key_hash = models.CharField(max_length=64, unique=True)
    grants = ArrayField(models.CharField(max_length=20))
    marking = models.SmallIntegerField()
    made_by = models.CharField(max_length=120)
    made_at = models.DateTimeField(auto_now_add=True)
    until = models.DateTimeField()
    seal = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=120, blank=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_why = models.TextField(blank=True)

    class Meta:
        """A token is granted something, and is revoked by somebody."""

        constraints = [
            models.CheckConstraint(condition=Q(grants__len__gt=0), name="token_granted_something"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by="")
                | Q(revoked_at__isnull=False) & ~Q(revoked_by=""),
                name="token_revoked_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"TOKEN-{self.pk}"


class SentOnce(models.Model):
    """What a program of an agency sent under a key of its own, and was told: who sends the same
    again is told the same, and nothing is done twice.
    """

    agency = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT)
    status = models.SmallIntegerField(null=True)
    told = models.TextField(blank=True)
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """A key is used once by an agency."""

        constraints = [models.UniqueConstraint(fields=["agency", "key"], name="key_used_once")]

    def __str__(self) -> str:
        return f"{self.agency} {self.submission_id}"
