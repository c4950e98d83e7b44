"""Bodies that state figures and make returns."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models


class Agency(models.Model):
    """A body as it was during some time: its name, kind and area may change, its code does not."""

    code = models.CharField(max_length=40)
    name = models.TextField()
    kind = models.CharField(max_length=40)
    area = models.TextField(blank=True)
    valid = DateRangeField()

    class Meta:
        """One description for each code on each day."""

        constraints = [
            ExclusionConstraint(
                name="agency_described_once",
                expressions=[("code", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            )
        ]

    def __str__(self) -> str:
        return self.code
