"""What people dispute of the records that are held about them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThanOrEqual

from darkfigure_hub.store.models.returns import Return


class Dispute(models.Model):
    """A row of a case return that a person disputes, asked of the agency that gave it. A later
    version of the record answers it, or the agency says why it keeps it.
    """

    agency = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    target = models.BigIntegerField()
    of = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="disputes")
    row = models.BigIntegerField()
    marking = models.SmallIntegerField()
    fields = ArrayField(models.CharField(max_length=40))
    ground = models.CharField(max_length=20)
    why = models.TextField()
    due_on = models.DateField()
    opened_by = models.CharField(max_length=120)
    opened_at = models.DateTimeField(auto_now_add=True)
    ended_by = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.TextField(blank=True)

    class Meta:
        """It says why; who opened it does not answer it."""

        constraints = [
            models.CheckConstraint(
                condition=GreaterThanOrEqual(Length("why"), 10), name="dispute_has_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(ended_by=models.F("opened_by")), name="dispute_answered_by_another"
            ),
            models.UniqueConstraint(
                fields=["kind", "target"],
                condition=Q(ended_at__isnull=True),
                name="disputed_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"DISPUTE-{self.pk}"
