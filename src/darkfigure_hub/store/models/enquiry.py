"""What the answers desk works on: requests as they came, until each went out as a response."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from darkfigure_hub.store.models.answer import Response


class Enquiry(models.Model):
    """A request from when it came until a response went out, or it was closed without one.

    Its words and parts stand in the schema identity, locked, and are gone when it ends: the words
    are then with the response. `sha256` is of them and of what stands here at its head: a change
    and a release are bound to it. `writers` are all who wrote any of it.
    """

    received_on = models.DateField()
    due_on = models.DateField(null=True)
    reference = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=200, blank=True)
    asked_by = models.CharField(max_length=20)
    form = models.CharField(max_length=10)
    language = models.CharField(max_length=5)
    corrects = models.ForeignKey(
        Response, on_delete=models.PROTECT, null=True, related_name="corrections"
    )
    reason = models.TextField(blank=True)
    as_at = models.DateField(null=True)
    marking = models.SmallIntegerField()
    sha256 = models.CharField(max_length=64)
    writers = ArrayField(models.CharField(max_length=120))
    opened_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    released_by = models.CharField(max_length=120, blank=True)
    released_at = models.DateTimeField(null=True)
    response = models.OneToOneField(
        Response, on_delete=models.PROTECT, null=True, related_name="enquiry"
    )
    closed_by = models.CharField(max_length=120, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_because = models.TextField(blank=True)

    class Meta:
        """It ends once; one that corrects says why. (That a writer never releases stands in the
        migration.)
        """

        constraints = [
            models.CheckConstraint(
                condition=models.Q(released_at__isnull=True) | models.Q(closed_at__isnull=True),
                name="enquiry_ends_once",
            ),
            models.CheckConstraint(
                condition=models.Q(corrects__isnull=True) | ~models.Q(reason=""),
                name="enquiry_that_corrects_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"ENQUIRY-{self.pk}"
