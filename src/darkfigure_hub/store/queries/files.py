"""Received files: kept byte for byte, read back piece by piece."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from darkfigure.basis.marking import Scope
from darkfigure_hub.store.models import FilePiece, ReceivedFile, Return

PIECE_BYTES = 1024 * 1024


def hash_of(path: Path) -> str:
    """The SHA-256 of a file on disk, in hexadecimal."""
    digest = sha256()
    with path.open("rb") as source:
        while piece := source.read(PIECE_BYTES):
            digest.update(piece)
    return digest.hexdigest()


def keep(path: Path, digest: str) -> ReceivedFile:
    """Keep a file's bytes under their hash."""
    kept = ReceivedFile.objects.create(sha256=digest, name=path.name, size=path.stat().st_size)
    with path.open("rb") as source:
        place = 0
        while piece := source.read(PIECE_BYTES):
            FilePiece.objects.create(file=kept, place=place, content=piece)
            place += 1
    return kept


def pieces(scope: Scope, return_id: int) -> Iterator[bytes]:
    """The bytes of the file of a return that the reader may see, in order."""
    allowed = Return.objects.filter(id=return_id, marking__lte=scope.sees)
    for place in FilePiece.objects.filter(file__in=allowed.values("file")).order_by("place").values_list("id", flat=True):
        yield bytes(FilePiece.objects.values_list("content", flat=True).get(id=place))
