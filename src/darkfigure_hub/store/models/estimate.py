"""Estimates made here: each dated, with what it rests on and what it replaces. None is ever
changed.
"""

from django.db import models


class Estimate(models.Model):
    """An estimate of a hidden number as it was made on a day.

    `table` holds the capture table it was made from (lists, and counts by history) and `settings`
    all that is needed to make it again; `basis` is the hash of both. `replaces` names a published
    estimate that it revises, where there is one.
    """

    population = models.CharField(max_length=60)
    definition = models.TextField()
    period_start = models.DateField()
    period_end = models.DateField()
    period_label = models.TextField()
    method = models.TextField()
    known = models.BigIntegerField()
    low = models.FloatField(null=True)
    point = models.FloatField()
    high = models.FloatField(null=True)
    level = models.FloatField()
    basis = models.CharField(max_length=64)
    table = models.JSONField()
    settings = models.JSONField()
    stated_on = models.DateField()
    stated_by = models.TextField()
    reason = models.CharField(max_length=40, blank=True)
    note = models.TextField(blank=True)
    supersedes = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="superseded_by"
    )
    replaces = models.TextField(blank=True)

    class Meta:
        """An estimate that replaces another says why."""

        constraints = [
            models.CheckConstraint(
                condition=(models.Q(supersedes__isnull=True) & models.Q(replaces=""))
                | ~models.Q(reason=""),
                name="revision_has_a_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.population} {self.period_label}: {self.point:,.0f}"
