"""Releases: what was prepared, who approved it, when it went out; its tables as answers that are
kept, its files byte by byte.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThanOrEqual


class Release(models.Model):
    """A version of an edition of a series. `content` is the hash of all that it says, `said` that
    itself; `access` are the posts that see it before it is out, each from when and why.

    Nothing of it changes once it was prepared; that it was approved, went out or was withdrawn is
    entered once. `published_at` is when it went out, no earlier than `out_at`.
    """

    series = models.CharField(max_length=60)
    edition = models.CharField(max_length=60)
    version = models.IntegerField()
    title = models.CharField(max_length=300)
    out_at = models.DateTimeField()
    content = models.CharField(max_length=64)
    said = models.JSONField()
    access = models.JSONField(default=list)
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="corrected_by"
    )
    reason = models.TextField(blank=True)
    release_reason = models.TextField(blank=True)
    prepared_by = models.CharField(max_length=120)
    prepared_at = models.DateTimeField(auto_now_add=True)
    approved_by = models.CharField(max_length=120, blank=True)
    approved_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=120, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.TextField(blank=True)

    class Meta:
        """Two persons; out once, and not before its minute; what is withdrawn says why."""

        constraints = [
            models.CheckConstraint(
                condition=~Q(approved_by=F("prepared_by")), name="release_approved_by_another"
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True)
                | Q(approved_at__isnull=False, published_at__gte=F("out_at")),
                name="release_out_at_its_minute",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True)
                | Q(GreaterThanOrEqual(Length("withdrawn_why"), 10)),
                name="release_withdrawn_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(reason=""),
                name="release_corrected_for_a_reason",
            ),
            models.UniqueConstraint(
                fields=["series", "edition", "version"],
                condition=Q(published_at__isnull=False),
                name="release_version_out_once",
            ),
        ]

    def __str__(self) -> str:
        return f"RELEASE-{self.pk}"


class ReleaseTable(models.Model):
    """A table of a release: the answer that it was taken from, as it goes out."""

    of = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="tables")
    code = models.CharField(max_length=60)
    answer = models.ForeignKey("KeptAnswer", on_delete=models.PROTECT, related_name="releases")

    class Meta:
        """A code stands once in a release."""

        constraints = [
            models.UniqueConstraint(fields=["of", "code"], name="release_table_stands_once")
        ]

    def __str__(self) -> str:
        return f"{self.of} {self.code}"


class ReleaseFile(models.Model):
    """A file of a release as it was approved, and as it is read for ever."""

    of = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    body = models.BinaryField()

    class Meta:
        """A name stands once in a release."""

        constraints = [
            models.UniqueConstraint(fields=["of", "name"], name="release_file_stands_once")
        ]

    def __str__(self) -> str:
        return f"{self.of} {self.name}"


class ReleaseCopy(models.Model):
    """A numbered copy that a post had of a release before it was out."""

    of = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="copies")
    number = models.IntegerField()
    post = models.CharField(max_length=200)
    given_by = models.CharField(max_length=120)
    given_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Copies of a release are numbered."""

        constraints = [
            models.UniqueConstraint(fields=["of", "number"], name="release_copy_numbered")
        ]

    def __str__(self) -> str:
        return f"{self.of} copy {self.number}"
