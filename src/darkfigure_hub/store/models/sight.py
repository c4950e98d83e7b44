"""What decides beside agency and marking who sees a thing: compartments and who is in them, the
conditions that things are shared under, and walls broken through for an hour.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThanOrEqual

from darkfigure_hub.store.models.account import Account


class Compartment(models.Model):
    """A need to know. What it is called is told to who is in it and who names compartments alone;
    to anybody else it is a number at most. `owner` is told of each wall of it that is broken.
    """

    name = models.CharField(max_length=80, unique=True)
    owner = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="owns")
    named_by = models.CharField(max_length=120)
    named_at = models.DateTimeField(auto_now_add=True)
    closed_by = models.CharField(max_length=120, blank=True)
    closed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"COMPARTMENT-{self.pk}"


class CompartmentGrant(models.Model):
    """Somebody is in a compartment from a day up to a day, once a second person approved it."""

    compartment = models.ForeignKey(Compartment, on_delete=models.PROTECT, related_name="grants")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="compartments")
    valid_from = models.DateField()
    valid_to = models.DateField()
    proposed_by = models.CharField(max_length=120)
    proposed_at = models.DateTimeField(auto_now_add=True)
    approved_by = models.CharField(max_length=120, blank=True)
    approved_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.TextField(blank=True)

    class Meta:
        """Two persons decide, for some time, and not twice at once."""

        constraints = [
            models.CheckConstraint(
                condition=~Q(approved_by=F("proposed_by")), name="granted_by_another"
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, approved_by="")
                | Q(approved_at__isnull=False) & ~Q(approved_by=""),
                name="granted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")), name="granted_forward"
            ),
            models.UniqueConstraint(
                fields=["compartment", "account"],
                condition=Q(ended_at__isnull=True),
                name="granted_once",
            ),
        ]

    def __str__(self) -> str:
        return f"GRANT-{self.pk}"


class HandlingCondition(models.Model):
    """What an item under handling C is shared under: with which roles, of which agencies, for which
    purposes (all, where none is named; of roles those that the policy lets read what is
    conditional), sanitised or as it is, until which day. The same condition is kept once.
    """

    roles = ArrayField(models.CharField(max_length=40))
    agencies = ArrayField(models.CharField(max_length=40))
    purposes = ArrayField(models.CharField(max_length=40))
    sanitised = models.BooleanField()
    until = models.DateField(null=True)

    class Meta:
        """Once."""

        constraints = [
            models.UniqueConstraint(
                fields=["roles", "agencies", "purposes", "sanitised", "until"],
                name="condition_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"CONDITION-{self.pk}"


class BrokenGlass(models.Model):
    """What somebody opened that a compartment, a condition or another agency's wall hid from them:
    one return, report or person, for an hour at most, with a reason. Entered and never changed but
    for its end.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="broke")
    kind = models.CharField(max_length=10)
    target = models.CharField(max_length=120)
    why = models.TextField()
    broken_at = models.DateTimeField()
    until = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        """One thing, for an hour at most, for a reason of some length."""

        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=("return", "report", "person")), name="glass_of_a_kind"
            ),
            models.CheckConstraint(
                condition=GreaterThanOrEqual(Length("why"), 40), name="glass_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"GLASS-{self.pk}"
