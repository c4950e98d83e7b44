"""Received files: kept byte for byte, read back piece by piece."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pyarrow as pa

from darkfigure.basis.marking import Scope
from darkfigure.reading.file_names import kept_name
from darkfigure_hub.store.models import FilePiece, KeptReading, ReceivedFile, Return
from darkfigure_hub.store.queries.copying import copying_into

PIECE_BYTES = 1024 * 1024
#: The columns of a table of pieces.
_PIECES = ("file_id", "place", "size", "packed")


def hash_of(path: Path) -> str:
    """The SHA-256 of a file on disk, in hexadecimal."""
    digest = sha256()
    with path.open("rb") as source:
        while piece := source.read(PIECE_BYTES):
            digest.update(piece)
    return digest.hexdigest()


def keep(path: Path, digest: str) -> ReceivedFile:
    """Keep a file's bytes under their hash; a file kept before, and read anew, is kept once. One
    that was only named before, by a snapshot, has its bytes from now on.
    """
    kept, _ = ReceivedFile.objects.get_or_create(
        sha256=digest, defaults={"name": kept_name(path.name), "size": path.stat().st_size}
    )
    if not is_kept(digest):
        ReceivedFile.objects.filter(sha256=digest).update(size=path.stat().st_size)
        copy_pieces(path, digest, "store_filepiece")
    return kept


def named(digest: str) -> ReceivedFile:
    """The file of a hash, kept or named before."""
    return ReceivedFile.objects.get(sha256=digest)


def name_only(name: str, digest: str) -> ReceivedFile:
    """A file that a snapshot names, of which the bytes are not held here."""
    kept, _ = ReceivedFile.objects.get_or_create(
        sha256=digest, defaults={"name": kept_name(name), "size": 0}
    )
    return kept


def is_kept(digest: str) -> bool:
    """Whether the bytes of a file are held, and not its name alone."""
    return FilePiece.objects.filter(file_id=digest).exists()


def keep_reading(text: str) -> KeptReading:
    """Keep a reading as it is, once."""
    digest = sha256(text.encode()).hexdigest()
    kept, _ = KeptReading.objects.get_or_create(sha256=digest, defaults={"text": text})
    return kept


def reading_text(return_id: int) -> str | None:
    """The reading by which a return was taken in, as it was; None where by none."""
    held = Return.objects.filter(id=return_id, reading__isnull=False)
    return held.values_list("reading__text", flat=True).first()


def copy_pieces(path: Path, digest: str, into: str) -> None:
    """Copy a file's bytes, packed and in pieces, into a table."""
    with path.open("rb") as source, copying_into(into, _PIECES, "binary") as copy:
        copy.set_types(["text", "int4", "int4", "bytea"])
        place = 0
        while piece := source.read(PIECE_BYTES):
            copy.write_row(
                (digest, place, len(piece), pa.compress(piece, codec="zstd", asbytes=True))
            )
            place += 1


def pieces(scope: Scope, return_id: int) -> Iterator[bytes]:
    """The bytes of the file of a return that the reader may see, in order."""
    allowed = Return.objects.filter(id=return_id, marking__lte=scope.sees)
    for place in (
        FilePiece.objects.filter(file__in=allowed.values("file"))
        .order_by("place")
        .values_list("id", flat=True)
    ):
        size, packed = FilePiece.objects.values_list("size", "packed").get(id=place)
        yield pa.decompress(bytes(packed), decompressed_size=size, codec="zstd", asbytes=True)
