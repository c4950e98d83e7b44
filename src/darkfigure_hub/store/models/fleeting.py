"""What the processes of the service remember for a while."""

from __future__ import annotations

from django.db import models


class Fleeting(models.Model):
    """Something that is remembered until a moment, by the hash of what it is called. In no log of
    the database's: after a crash nothing is remembered (`store/queries/fleeting.py`).
    """

    key = models.CharField(max_length=64, primary_key=True)
    value = models.TextField()
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key[:8]
