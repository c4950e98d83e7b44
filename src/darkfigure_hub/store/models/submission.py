"""What agencies draft and submit: each with what it is, who drafted it, what became of it."""

from django.db import models


class Submission(models.Model):
    """A file that an agency's officer drafted, until its supervisor releases it or it is discarded.

    Its bytes stand in the schema identity, locked, and are gone once it is released: then they are
    with the return or report that was made of it. `sha256` is what a release is bound to. `reading`
    is the kind of file it is read as, where it is not recognised by its content. One that went with
    all that was held of a person is discarded by who disposed of it, and says the day.
    """

    agency = models.CharField(max_length=40)
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    marking = models.SmallIntegerField()
    reading = models.CharField(max_length=60, blank=True)
    drafted_by = models.CharField(max_length=120)
    drafted_at = models.DateTimeField(auto_now_add=True)
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced_by"
    )
    released_by = models.CharField(max_length=120, blank=True)
    released_at = models.DateTimeField(null=True)
    made = models.JSONField(default=dict)
    compartment = models.ForeignKey(
        "Compartment", on_delete=models.PROTECT, null=True, related_name="submissions"
    )
    discarded_by = models.CharField(max_length=120, blank=True)
    discarded_at = models.DateTimeField(null=True)
    disposed_on = models.DateField(null=True)
    sent_back_by = models.CharField(max_length=120, blank=True, db_default="")
    sent_back_at = models.DateTimeField(null=True)
    sent_back_why = models.TextField(blank=True, db_default="")

    class Meta:
        """Nobody releases what they drafted; a content is released once by an agency."""

        constraints = [
            models.CheckConstraint(
                condition=~models.Q(released_by=models.F("drafted_by")), name="released_by_another"
            ),
            models.CheckConstraint(
                condition=models.Q(released_at__isnull=True) | models.Q(discarded_at__isnull=True),
                name="released_or_discarded",
            ),
            models.CheckConstraint(
                condition=~models.Q(sent_back_by=models.F("drafted_by")),
                name="sent_back_by_another",
            ),
            models.CheckConstraint(
                condition=models.Q(sent_back_at__isnull=True, sent_back_by="", sent_back_why="")
                | models.Q(sent_back_at__isnull=False)
                & ~models.Q(sent_back_by="")
                & ~models.Q(sent_back_why=""),
                name="sent_back_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"SUBMISSION-{self.pk}"
