"""Case records: one table of versions for each kind, made from the kind's declaration.

A version is a record as an agency made it known on a day; it stands until its next version. Nothing
is changed but the day a version ended, and nothing is deleted.
"""

from __future__ import annotations

from typing import Any

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


def _model(kind: RecordKind) -> type[Version]:
    meta = type(
        "Meta",
        (),
        {
            "db_table": f"case_{kind.name}",
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
