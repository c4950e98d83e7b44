"""The log: a chain in which each entry holds the hash of the one before; and the sets of records
that entries speak of.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class LogEntry(models.Model):
    """Who did what, for what purpose, when. No names of victims, no free text of theirs.

    `sealed_by` is the sign of the key that the hash is made with; without one, it is made with
    none, as it was before there were keys.
    """

    at = models.DateTimeField()
    who = models.TextField()
    purpose = models.TextField()
    action = models.CharField(max_length=40)
    detail = models.JSONField()
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)
    sealed_by = models.CharField(max_length=16, default="")

    class Meta:
        """What somebody did is found without reading the whole."""

        indexes = [models.Index(fields=["who", "id"], name="log_by_who")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"


class RecordSet(models.Model):
    """The records that something was done with, by pseudonym or row; entries of the log name the
    set by its hash.
    """

    hash = models.CharField(max_length=64, primary_key=True)
    members = ArrayField(models.TextField())

    class Meta:
        """Sets that hold a record are found without reading them all."""

        indexes = [GinIndex(fields=["members"], name="record_set_members")]

    def __str__(self) -> str:
        return self.hash[:12]
