"""Editions of the yearly assessment: what was frozen of each, its restricted files, the release by
which its public rendering goes out.
"""

from __future__ import annotations

from django.db import models


class Edition(models.Model):
    """An edition as it was frozen: `said` is what it holds in its restricted rendering, from which
    every file can be made again, `content` the hash of that; `public` is the release that its
    public rendering goes out by, approved by another person and corrected as any release is.
    `snapshot` is the content of the snapshot taken with it, where one was. Nothing of it changes.
    """

    name = models.CharField(max_length=60)
    title = models.CharField(max_length=300)
    as_at = models.DateField()
    marking = models.SmallIntegerField()
    requirements = models.CharField(max_length=60)
    content = models.CharField(max_length=64)
    said = models.JSONField()
    public = models.ForeignKey("Release", on_delete=models.PROTECT, related_name="editions")
    snapshot = models.CharField(max_length=64, blank=True)
    code = models.CharField(max_length=60)
    prepared_by = models.CharField(max_length=120)
    prepared_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """A release is the public rendering of one edition."""

        constraints = [
            models.UniqueConstraint(fields=["public"], name="edition_has_its_own_release")
        ]

    def __str__(self) -> str:
        return f"EDITION-{self.pk}"


class EditionFile(models.Model):
    """A file of an edition's restricted rendering, byte by byte."""

    of = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    body = models.BinaryField()

    class Meta:
        """A name stands once in an edition."""

        constraints = [
            models.UniqueConstraint(fields=["of", "name"], name="edition_file_stands_once")
        ]

    def __str__(self) -> str:
        return f"{self.of} {self.name}"
