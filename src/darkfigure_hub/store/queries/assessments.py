"""Editions of the yearly assessment: frozen, their restricted files, what became of the release by
which each goes out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.db.models import QuerySet

from darkfigure.basis.marking import Marking, Scope
from darkfigure.basis.permission import Permission
from darkfigure_hub.store.models import Edition, EditionFile
from darkfigure_hub.store.queries.releases import state_of

_NAMED = "EDITION-"


@dataclass(frozen=True)
class HeldEdition:
    """An edition as it is held, without what it says and its files; `release` is the number of the
    release by which its public rendering goes out, `state` how far that is.
    """

    number: int
    name: str
    title: str
    as_at: date
    marking: Marking
    requirements: str
    content: str
    release: int
    version: int
    state: str
    snapshot: str
    code: str
    prepared_by: str
    prepared_at: datetime
    approved_by: str

    @property
    def reference(self) -> str:
        """How it is referred to."""
        return f"{_NAMED}{self.number}"


def number_of(reference: str) -> int:
    """The number of a reference, 0 where it is none."""
    said = reference.strip().upper()
    text = said.removeprefix(_NAMED)
    if text == said or not (text.isascii() and text.isdecimal() and len(text) < 10):
        return 0
    return int(text)


def _seen(scope: Scope) -> QuerySet[Edition]:
    """The editions whose restricted rendering somebody may see: who works on releases, up to their
    marking.
    """
    if not scope.may(Permission.READ_RELEASES):
        return Edition.objects.none()
    return Edition.objects.filter(marking__lte=scope.sees)


def editions(scope: Scope, *, number: int = 0, name: str = "") -> list[HeldEdition]:
    """Editions that somebody may see, oldest first; those of a number, or of a name."""
    rows = _seen(scope).select_related("public").defer("said").order_by("pk")
    if number:
        rows = rows.filter(pk=number)
    if name:
        rows = rows.filter(name=name)
    return [_held(row) for row in rows]


def _held(row: Edition) -> HeldEdition:
    release = row.public
    return HeldEdition(
        row.pk,
        row.name,
        row.title,
        row.as_at,
        Marking(row.marking),
        row.requirements,
        row.content,
        release.pk,
        release.version,
        state_of(release),
        row.snapshot,
        row.code,
        row.prepared_by,
        row.prepared_at,
        release.approved_by,
    )


def edition_said(scope: Scope, number: int) -> Mapping[str, Any] | None:
    """What an edition holds, as plain data; None where it may not be seen."""
    row = _seen(scope).filter(pk=number).only("said").first()
    return None if row is None else dict(row.said)


def edition_files(scope: Scope, number: int) -> dict[str, bytes]:
    """The files of an edition's restricted rendering by name, in the order they were made."""
    rows = EditionFile.objects.filter(of__in=_seen(scope).filter(pk=number)).order_by("pk")
    return {row.name: bytes(row.body) for row in rows}


def edition_file_names(scope: Scope, number: int) -> list[str]:
    """What the files of an edition's restricted rendering are called, in order."""
    rows = EditionFile.objects.filter(of__in=_seen(scope).filter(pk=number)).order_by("name")
    return [name for (name,) in rows.values_list("name")]


def edition_file(scope: Scope, number: int, name: str) -> bytes | None:
    """One file of an edition's restricted rendering; None where there is none to be seen."""
    rows = EditionFile.objects.filter(of__in=_seen(scope).filter(pk=number), name=name)
    return next((bytes(row.body) for row in rows), None)


def add(entry: Mapping[str, Any], made: Mapping[str, bytes]) -> int:
    """Enter an edition that was frozen, with its restricted files. Gives its number."""
    row = Edition.objects.create(**entry)
    EditionFile.objects.bulk_create(
        EditionFile(of=row, name=name, sha256=sha256(body).hexdigest(), body=body)
        for name, body in made.items()
    )
    return int(row.pk)
