"""Judgements: every version as it was drafted, and what was done with it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThanOrEqual

#: What makes a version one that stands, each by another person; once.
_STEPS = ("drafted", "reviewed", "approved")


class JudgementVersion(models.Model):
    """A version of a judgement, known of a day. `content` is the hash of all that it says, `said`
    that itself as its file has it. Nothing of it ever changes.
    """

    code = models.CharField(max_length=40)
    version = models.IntegerField()
    marking = models.SmallIntegerField()
    known_from = models.DateField()
    content = models.CharField(max_length=64)
    said = models.JSONField()

    class Meta:
        """A version stands once."""

        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="judgement_stands_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code}/v{self.version}"


class JudgementEvent(models.Model):
    """What was done with a version, known of a day: drafted, reviewed, sent_back, approved,
    withdrawn, resolved, comment. `why` is the reason, the evidence, or what an agency says; `said`
    what a resolution found, or whose the comment is. `after` is the review that an approval is
    after.
    """

    of = models.ForeignKey(JudgementVersion, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10)
    known_from = models.DateField()
    why = models.TextField(blank=True)
    said = models.JSONField(default=dict)
    after = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="before")
    by = models.CharField(max_length=120)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Three persons; each step once; what is sent back or withdrawn says why, and what is
        approved was reviewed.
        """

        constraints = [
            models.UniqueConstraint(
                fields=["of", "by"], condition=Q(kind__in=_STEPS), name="judgement_by_three"
            ),
            models.UniqueConstraint(
                fields=["of", "kind"],
                condition=Q(kind__in=(*_STEPS, "sent_back", "withdrawn")),
                name="judgement_step_once",
            ),
            models.CheckConstraint(
                condition=~Q(kind="approved") | Q(after__isnull=False),
                name="judgement_approved_after_review",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=("sent_back", "withdrawn", "resolved", "comment"))
                | Q(GreaterThanOrEqual(Length("why"), 10)),
                name="judgement_event_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.of} {self.kind}"
