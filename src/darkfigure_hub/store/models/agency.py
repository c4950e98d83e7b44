"""Bodies that state figures and make returns."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
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


class AgencyChange(models.Model):
    """An agency that ended here from a day on: merged into another, split into several, closed. Its
    people, tokens, asks and drafts went to the `keeper`, who sees what there is of it; what it said
    stays its own.
    """

    kind = models.CharField(max_length=10)
    agency = models.CharField(max_length=40, unique=True)
    into_agencies = ArrayField(models.CharField(max_length=40))
    keeper = models.CharField(max_length=40, blank=True)
    on_day = models.DateField()
    why = models.TextField()
    changed_by = models.CharField(max_length=120)
    changed_at = models.DateTimeField()

    class Meta:
        """What closes goes over into nobody; what does not is kept by somebody."""

        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="close", keeper="", into_agencies=[])
                | models.Q(kind__in=("merge", "split")) & ~models.Q(keeper=""),
                name="agency_ends_in_some_way",
            )
        ]

    def __str__(self) -> str:
        return self.agency
