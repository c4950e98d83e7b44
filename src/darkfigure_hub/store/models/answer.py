"""Questions that were answered, so that a cell of an answer can be opened later."""

from django.db import models


class KeptAnswer(models.Model):
    """A question as at a day, by its id, with the basis of the answer first given."""

    id = models.CharField(max_length=10, primary_key=True)
    question = models.JSONField()
    as_at = models.DateField()
    basis = models.CharField(max_length=64)
    first_given = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.id
