"""Releases: prepared, approved, out, withdrawn; their tables, their files, and everything that went
out in any of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone

from darkfigure.basis.marking import Marking, Scope
from darkfigure.basis.permission import Permission
from darkfigure_hub.store.models import (
    KeptAnswer,
    Release,
    ReleaseCopy,
    ReleaseFile,
    ReleaseTable,
)
from darkfigure_hub.store.queries.kept_answers import Given, given_of

_NAMED = "RELEASE-"


@dataclass(frozen=True)
class HeldRelease:
    """A release as it is held, without what it says and its files; `corrected_by` is the version
    out in its place; `copies` are how many were given before it was out.
    """

    number: int
    series: str
    edition: str
    version: int
    title: str
    out_at: datetime
    content: str
    corrects: int | None
    corrected_by: int | None
    reason: str
    prepared_by: str
    prepared_at: datetime
    approved_by: str
    approved_at: datetime | None
    published_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_why: str
    access: Sequence[Mapping[str, str]]
    copies: int

    @property
    def name(self) -> str:
        """How it is referred to."""
        return named(self.number)

    @property
    def address(self) -> str:
        """What names it in its address."""
        return f"{self.series}/{self.edition}/v{self.version}"

    @property
    def state(self) -> str:
        """How far it is."""
        return state_of(self)


def state_of(release: HeldRelease | Release) -> str:
    """How far a release is, as it is held or as its row says."""
    if release.withdrawn_at:
        return "withdrawn"
    if release.published_at:
        return "out"
    return "approved" if release.approved_at else "prepared"


def named(number: int) -> str:
    """How a release is referred to."""
    return f"{_NAMED}{number}"


def number_of(reference: str) -> int:
    """The number of a reference, 0 where it is none."""
    text = reference.strip().upper().removeprefix(_NAMED)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _seen(scope: Scope) -> QuerySet[Release]:
    """The releases that somebody may see: those that went out, and who works on them all; one that
    is not out is kept as what is OFFICIAL.
    """
    if scope.sees < Marking.PUBLIC:
        return Release.objects.none()
    if scope.sees >= Marking.OFFICIAL and scope.may(Permission.READ_RELEASES):
        return Release.objects.all()
    return Release.objects.exclude(published_at=None)


def releases(
    scope: Scope, *, number: int = 0, series: str = "", edition: str = "", version: int = 0
) -> list[HeldRelease]:
    """Releases that somebody may see, oldest first; those of a number, series, edition, version."""
    wanted = {"pk": number, "series": series, "edition": edition, "version": version}
    rows = _seen(scope).filter(**{name: value for name, value in wanted.items() if value})
    out = Release.objects.exclude(published_at=None).exclude(corrects=None)
    corrected = dict(out.order_by("version").values_list("corrects_id", "version"))
    counted = rows.annotate(given=Count("copies")).order_by("pk")
    return [_held(row, corrected.get(row.pk)) for row in counted.defer("said")]


def _held(row: Release, corrected_by: int | None) -> HeldRelease:
    return HeldRelease(
        row.pk,
        row.series,
        row.edition,
        row.version,
        row.title,
        row.out_at,
        row.content,
        row.corrects_id,
        corrected_by,
        row.reason,
        row.prepared_by,
        row.prepared_at,
        row.approved_by,
        row.approved_at,
        row.published_at,
        row.withdrawn_at,
        row.withdrawn_why,
        row.access,
        row.given,  # type: ignore[attr-defined]
    )


def said(scope: Scope, numbers: Sequence[int]) -> dict[int, Mapping[str, Any]]:
    """What releases say, as plain data, by their numbers."""
    rows = _seen(scope).filter(pk__in=list(numbers))
    return dict(rows.values_list("pk", "said"))


def due() -> list[int]:
    """The releases that were approved, are not out and are to be by now, oldest first."""
    waiting = Release.objects.filter(published_at=None, withdrawn_at=None)
    ready = waiting.exclude(approved_at=None).filter(out_at__lte=timezone.now())
    return list(ready.order_by("pk").values_list("pk", flat=True))


def add(
    entry: Mapping[str, Any], tables: Sequence[tuple[str, str]], files: Mapping[str, bytes]
) -> int:
    """Enter a release that was prepared: its tables as code and answer's id, its files. Gives its
    number.
    """
    made = Release.objects.create(**entry)
    ReleaseTable.objects.bulk_create(
        ReleaseTable(of=made, code=code, answer_id=answer) for code, answer in tables
    )
    ReleaseFile.objects.bulk_create(
        ReleaseFile(of=made, name=name, sha256=sha256(body).hexdigest(), body=body)
        for name, body in files.items()
    )
    return int(made.pk)


def approve(number: int, by: str) -> bool:
    """Enter that a release is approved; whether it was not before."""
    waiting = Release.objects.filter(pk=number, approved_at=None)
    return bool(waiting.update(approved_by=by, approved_at=timezone.now()))


def publish(number: int) -> bool:
    """Enter that a release is out from now on; whether it was approved and not out before."""
    waiting = Release.objects.filter(pk=number, published_at=None).exclude(approved_at=None)
    return bool(waiting.update(published_at=timezone.now()))


def withdraw(number: int, by: str, why: str) -> bool:
    """Enter that a release is withdrawn from now on; whether it was not before."""
    standing = Release.objects.filter(pk=number, withdrawn_at=None)
    return bool(standing.update(withdrawn_by=by, withdrawn_at=timezone.now(), withdrawn_why=why))


def files(scope: Scope, number: int) -> dict[str, bytes]:
    """The files of a release by name, in the order in which they were made."""
    rows = ReleaseFile.objects.filter(of__in=_seen(scope).filter(pk=number)).order_by("pk")
    return {row.name: bytes(row.body) for row in rows}


def file_hashes(scope: Scope) -> list[tuple[int, str, str]]:
    """The files of every release: the release's number, the file's name and hash."""
    rows = ReleaseFile.objects.filter(of__in=_seen(scope)).order_by("of_id", "pk")
    return list(rows.values_list("of_id", "name", "sha256"))


def file(scope: Scope, number: int, name: str) -> tuple[bytes, str] | None:
    """One file of a release, and its hash."""
    row = ReleaseFile.objects.filter(of__in=_seen(scope).filter(pk=number), name=name).first()
    return (bytes(row.body), row.sha256) if row else None


def copy(number: int, post: str, by: str) -> int:
    """Enter that a post is given a copy. Gives the copy's number, from 1."""
    last = ReleaseCopy.objects.filter(of=number).count()
    ReleaseCopy.objects.create(of_id=number, number=last + 1, post=post, given_by=by)
    return last + 1


def answers_of(scope: Scope, number: int) -> list[tuple[str, Given]]:
    """The tables of a release, each by its code with the answer it was taken from."""
    return [
        (code, kept)
        for _, code, kept in _tables(scope, _seen(scope).filter(pk=number).values_list("pk"))
    ]


def everything_out(scope: Scope) -> list[tuple[str, str, Given]]:
    """Every table that went out or is approved to, whatever became of it: its release, its code,
    and the answer that it was taken from.
    """
    return _tables(scope, _seen(scope).exclude(approved_at=None).values_list("pk"))


def _tables(scope: Scope, of: Iterable[Any]) -> list[tuple[str, str, Given]]:
    rows = ReleaseTable.objects.filter(of__in=of).select_related("of").order_by("pk")
    kept = KeptAnswer.objects.in_bulk([row.answer_id for row in rows])
    return [
        (
            f"{row.of.series}/{row.of.edition}/v{row.of.version}",
            row.code,
            given_of(scope.sees, kept[row.answer_id]),
        )
        for row in rows
        if row.answer_id in kept
    ]
