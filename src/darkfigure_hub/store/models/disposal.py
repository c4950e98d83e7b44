"""What is reviewed and disposed of: holds that keep a thing, proposals, and what was carried out.

Nothing here says what a thing held: it is named by its number, and proved by the hash of its file,
or of all that went. Of a person the number is that of a row in which they stand.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThanOrEqual

#: What is disposed of.
OF = ("return", "report", "response", "person")


class Hold(models.Model):
    """A thing is kept, for a reason, until a day or until somebody ends it: as it is still needed
    (`retained`), for an inquiry or a court, as a person asked for restriction. Of a person
    `returns` are those in which they stand: it is shown to who sees all of these.
    """

    kind = models.CharField(max_length=10)
    target = models.BigIntegerField()
    returns = ArrayField(models.BigIntegerField(), default=list)
    ground = models.CharField(max_length=20)
    why = models.TextField()
    until = models.DateField(null=True)
    held_by = models.CharField(max_length=120)
    held_at = models.DateTimeField(auto_now_add=True)
    ended_by = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.TextField(blank=True)

    class Meta:
        """Of a kind, for a reason; what is retained is reviewed again."""

        constraints = [
            models.CheckConstraint(condition=Q(kind__in=OF), name="held_of_a_kind"),
            models.CheckConstraint(
                condition=Q(ground__in=("inquiry", "court", "restricted"))
                | Q(ground="retained", until__isnull=False),
                name="held_for_some_time",
            ),
            models.CheckConstraint(
                condition=GreaterThanOrEqual(Length("why"), 10), name="hold_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"HOLD-{self.pk}"


class Disposal(models.Model):
    """A thing that somebody proposed to dispose of; once another carried it out, the proof: what
    hash it had, how many rows went from which table. `returns` as of a hold.
    """

    kind = models.CharField(max_length=10)
    target = models.BigIntegerField()
    returns = ArrayField(models.BigIntegerField(), default=list)
    under = models.CharField(max_length=40)
    due = models.DateField()
    why = models.TextField()
    sha256 = models.CharField(max_length=64, blank=True)
    proposed_by = models.CharField(max_length=120)
    proposed_at = models.DateTimeField(auto_now_add=True)
    withdrawn_by = models.CharField(max_length=120, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    carried_out_by = models.CharField(max_length=120, blank=True)
    carried_out_at = models.DateTimeField(null=True)
    gone = models.JSONField(null=True)

    class Meta:
        """Two persons, for a reason, once at a time."""

        constraints = [
            models.CheckConstraint(condition=Q(kind__in=OF), name="disposed_of_a_kind"),
            models.CheckConstraint(
                condition=GreaterThanOrEqual(Length("why"), 10), name="disposal_has_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(carried_out_by=F("proposed_by")), name="disposed_of_by_another"
            ),
            models.CheckConstraint(
                condition=Q(carried_out_at__isnull=True, carried_out_by="")
                | Q(carried_out_at__isnull=False) & ~Q(carried_out_by=""),
                name="disposed_of_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["kind", "target"],
                condition=Q(withdrawn_at__isnull=True),
                name="disposed_of_once",
            ),
        ]

    def __str__(self) -> str:
        return f"DISPOSAL-{self.pk}"
