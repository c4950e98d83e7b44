"""The log: a chain in which each entry holds the hash of the one before."""

from django.db import models


class LogEntry(models.Model):
    """Who did what, for what purpose, when. No names of victims, no free text of theirs."""

    at = models.DateTimeField()
    who = models.TextField()
    purpose = models.TextField()
    action = models.CharField(max_length=40)
    detail = models.JSONField()
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"
