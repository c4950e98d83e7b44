"""Addresses to which an agency is told of what happens to its own."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Webhook(models.Model):
    """An address of an agency, told of events of its own. `locked` is the secret that messages are
    signed with, told once: who reads the table cannot sign.
    """

    agency = models.CharField(max_length=40)
    address = models.CharField(max_length=300)
    events = ArrayField(models.CharField(max_length=30))
    locked = models.TextField()
    made_by = models.CharField(max_length=120)
    made_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.TextField(blank=True)

    class Meta:
        """It is told of something; one that ended says why."""

        constraints = [
            models.CheckConstraint(
                condition=Q(events__len__gt=0), name="webhook_told_of_something"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | ~Q(ended_why=""),
                name="webhook_ended_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"WEBHOOK-{self.pk}"
