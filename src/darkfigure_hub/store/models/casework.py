"""Case records: one table of versions for each kind, made from the kind's declaration.

A version is a record as an agency made it known on a day; it stands until its next version. Nothing
is changed but the day a version ended, and nothing is deleted.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from darkfigure.cases.records import KINDS, Field, FieldType, RecordKind
from darkfigure_hub.store.models.returns import NOBODYS


class Version(models.Model):
    """What every version of a record carries.

    There is no foreign key to the return in the database: versions are written in bulk in the same
    transaction as it.
    """

    record = models.CharField(max_length=120)
    agency = models.CharField(max_length=40)
    known_from = models.DateField()
    known_to = models.DateField(null=True)
    reason = models.CharField(max_length=40, null=True)
    withdrawn = models.BooleanField()
    synthetic = models.BooleanField()
    return_id = models.BigIntegerField()
    row = models.BigIntegerField()
    wall = models.IntegerField(db_default=NOBODYS)

    class Meta:
        """Shared by the tables; itself none."""

        abstract = True

    def __str__(self) -> str:
        return self.record


def _column(field: Field) -> models.Field[Any, Any]:
    if field.type is FieldType.DATE:
        return models.DateField(null=True)
    if field.type is FieldType.WHOLE:
        return models.IntegerField(null=True)
    if field.type is FieldType.FLAG:
        return models.BooleanField(null=True)
    return models.TextField(null=True)


#: Which pages may hold a name: a hundredth of a table is read for one, and taking rows in costs
#: nothing, as pages are summed up once they are full.
_MAY_HOLD = "text_bloom_ops(n_distinct_per_range=-0.3)"


def _indexes(kind: RecordKind) -> list[models.Index]:
    """Records are found by their return, the rows of which lie together, and by whom and what they
    name.
    """
    named = [
        field.name
        for field in kind.kept
        if field.type in (FieldType.PERSON, FieldType.LINK) and field.name not in _OF_OPERATIONS
    ]
    return [
        BrinIndex(fields=["return_id"], autosummarize=True, name=f"{kind.name}_of_return"),
        *(
            BrinIndex(
                fields=[name],
                opclasses=[_MAY_HOLD],
                pages_per_range=32,
                autosummarize=True,
                name=f"{kind.name}_by_{name}",
            )
            for name in named
        ),
    ]


#: Columns that name an operation, of which there are few: no index would tell its records apart.
_OF_OPERATIONS = ("operation", "part_of")


def _model(kind: RecordKind) -> type[Version]:
    meta = type(
        "Meta",
        (),
        {
            "db_table": f"case_{kind.name}",
            "indexes": _indexes(kind),
            "constraints": [
                models.UniqueConstraint(
                    fields=["record", "agency", "known_from"], name=f"{kind.name}_once_a_day"
                ),
                models.CheckConstraint(
                    condition=models.Q(known_to__isnull=True)
                    | models.Q(known_to__gt=models.F("known_from")),
                    name=f"{kind.name}_runs_forward",
                ),
            ],
        },
    )
    name = "Case" + "".join(part.capitalize() for part in kind.name.split("_"))
    columns = {field.name: _column(field) for field in kind.kept}
    about = {"__module__": __name__, "__doc__": f"Case records of kind {kind.name}.", "Meta": meta}
    return type(name, (Version,), {**about, **columns})


#: The model of each kind of record.
CASE_MODELS: dict[str, type[Version]] = {kind.name: _model(kind) for kind in KINDS.values()}
globals().update({model.__name__: model for model in CASE_MODELS.values()})
