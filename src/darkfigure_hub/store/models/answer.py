"""Questions that were answered, so that a cell of an answer can be opened later; and the register
of responses: answers that went out of the door.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class KeptAnswer(models.Model):
    """An answer by its id: the question and its day, what it rested on, when it was first given.

    `content` is the answer as it was given (JSON, packed); nothing for those kept before contents
    were. `marking` is the lowest marking up to which somebody sees who was given it; `below` and
    `listed` are the walls through which all of them see (`store/gate_walls.sql`).
    """

    id = models.CharField(max_length=16, primary_key=True)
    question = models.JSONField()
    as_at = models.DateField()
    basis = models.CharField(max_length=64)
    first_given = models.DateTimeField(auto_now_add=True)
    content = models.BinaryField(null=True)
    marking = models.SmallIntegerField(null=True)
    below = models.IntegerField(db_default=0)
    listed = ArrayField(models.IntegerField(), db_default=[])

    def __str__(self) -> str:
        return self.id


class Response(models.Model):
    """An answer that went out: to what kind of person, in which form, who released it, when.

    Rows are only ever added: a response that corrects another names it, with the reason. `public`
    says that it stands in the disclosure log. The words of the request are in the schema identity.
    `authority` is whose it is, as at its head; `release_reason` why what is marked went out.
    """

    title = models.CharField(max_length=200)
    request = models.CharField(max_length=40, blank=True)
    asked_by = models.CharField(max_length=20)
    form = models.CharField(max_length=10)
    language = models.CharField(max_length=5)
    sent_on = models.DateField()
    released_by = models.CharField(max_length=100)
    registered_at = models.DateTimeField(auto_now_add=True)
    marking = models.SmallIntegerField()
    public = models.BooleanField()
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="corrected_by"
    )
    reason = models.TextField(blank=True)
    authority = models.JSONField(default=dict)
    release_reason = models.TextField(blank=True)

    class Meta:
        """One that corrects another says why; nothing in the disclosure log is marked."""

        constraints = [
            models.CheckConstraint(
                condition=models.Q(corrects__isnull=True) | ~models.Q(reason=""),
                name="correction_has_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(public=False) | models.Q(marking=0),
                name="disclosed_is_public",
            ),
        ]

    def __str__(self) -> str:
        return f"RESPONSE-{self.pk}"


class ResponsePart(models.Model):
    """A part of a response: the answer given, or why it was refused though asked."""

    of = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="parts")
    letter = models.CharField(max_length=2)
    measure = models.CharField(max_length=60)
    answer = models.ForeignKey(KeptAnswer, on_delete=models.PROTECT, related_name="responses")
    refused = models.JSONField(null=True)

    class Meta:
        """A letter stands once in a response."""

        constraints = [
            models.UniqueConstraint(fields=["of", "letter"], name="part_stands_once"),
        ]

    def __str__(self) -> str:
        return f"{self.of} ({self.letter})"
