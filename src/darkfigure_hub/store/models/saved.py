"""Questions that people saved, and when what is said to them changed."""

from __future__ import annotations

from django.db import models

from darkfigure_hub.store.models.account import Account, Appointment


class SavedQuestion(models.Model):
    """A question under a name, asked anew as the appointment it was saved as.

    `said` is the id of the answer that was last noted, `before` the one it took the place of;
    `asked_at` the moment up to which returns have been looked at.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="saved")
    acting = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="saved")
    name = models.CharField(max_length=100)
    measure = models.CharField(max_length=60)
    question = models.JSONField()
    tells = models.BooleanField(default=True)
    said = models.CharField(max_length=16)
    said_on = models.DateField()
    before = models.CharField(max_length=16, blank=True)
    before_on = models.DateField(null=True)
    changed_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField()
    saved_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """A name is used once by somebody."""

        constraints = [
            models.UniqueConstraint(
                fields=["account", "name"],
                condition=models.Q(ended_at__isnull=True),
                name="saved_under_a_name_once",
            )
        ]

    def __str__(self) -> str:
        return f"QUESTION-{self.pk}"
