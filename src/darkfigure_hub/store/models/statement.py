"""Figure statements: blocks, which carry when they were known, and the rows under them."""

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models

from darkfigure.basis.statement import ROW_COLUMNS
from darkfigure_hub.store.models.returns import NOBODYS, Return, Walled


class Block(Walled):
    """What one body stated on one day about one measure, unit, population, period and breakdown.

    `known` is the time the centre held it to be so; `plain` says that every row is a bare figure.
    """

    of = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="blocks")
    measure = models.CharField(max_length=60)
    unit = models.CharField(max_length=40)
    population = models.CharField(max_length=60)
    role = models.CharField(max_length=10)
    shape = ArrayField(models.CharField(max_length=40))
    period_start = models.DateField()
    period_end = models.DateField()
    period_label = models.TextField()
    period_exact = models.BooleanField()
    status = models.CharField(max_length=20)
    stated_on = models.DateField()
    precision = models.CharField(max_length=10)
    stated_by = models.CharField(max_length=40)
    stated_as = models.TextField()
    source = models.TextField()
    whole = models.BooleanField()
    rank = models.SmallIntegerField()
    known = DateRangeField()
    plain = models.BooleanField(default=False)
    rows = models.BigIntegerField(default=0)

    class Meta:
        """Found by measure; blocks about the same matter are found by body and period."""

        indexes = [
            models.Index(fields=["measure", "stated_by", "period_start"], name="block_matter")
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(period_end__gte=models.F("period_start")),
                name="period_runs_forward",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=["figure", "change", "breakdown"]),
                name="block_role_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.period_label}"


class Statement(models.Model):
    """One row under a block: breakdown values, figure or reason, and the row of the file it stands
    on.

    There is no foreign key to the block in the database: checked row by row it would double the
    time of a large return. Rows are written in the same transaction as their block, by one
    function.
    """

    pk = models.CompositePrimaryKey("block", "row")
    block = models.ForeignKey(
        Block,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="statements",
    )
    row = models.BigIntegerField()
    wall = models.IntegerField(db_default=NOBODYS)
    place = models.TextField(null=True)
    operation = models.TextField(null=True)
    exploitation = models.TextField(null=True)
    age_group = models.TextField(null=True)
    sex = models.TextField(null=True)
    nationality = models.TextField(null=True)
    area = models.TextField(null=True)
    organisation = models.TextField(null=True)
    organisation_kind = models.TextField(null=True)
    outcome = models.TextField(null=True)
    offence = models.TextField(null=True)
    location = models.TextField(null=True)
    victim_age_group = models.TextField(null=True)
    nationality_group = models.TextField(null=True)
    definition = models.TextField(null=True)
    value = models.DecimalField(max_digits=21, decimal_places=6, null=True)
    low = models.DecimalField(max_digits=21, decimal_places=6, null=True)
    high = models.DecimalField(max_digits=21, decimal_places=6, null=True)
    reason = models.TextField(null=True)
    change_reason = models.TextField(null=True)
    corrects = models.DecimalField(max_digits=21, decimal_places=6, null=True)
    note = models.TextField(null=True)
    closed = models.DateField(null=True)

    class Meta:
        """A row says a figure, bounds, or why there is none."""

        constraints = [
            models.CheckConstraint(
                condition=models.Q(value__isnull=False)
                | models.Q(reason__isnull=False)
                | models.Q(low__isnull=False)
                | models.Q(high__isnull=False),
                name="figure_or_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.block_id}/{self.row}"


COPY_COLUMNS = ("block_id", "wall", *ROW_COLUMNS)
