"""The body of a request: a file as it is, taken in whole or not at all."""

from __future__ import annotations

import base64
import mimetypes
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import PurePath

from django.http import HttpRequest, UnreadablePostError
from django.utils.http import parse_header_parameters

from darkfigure_hub.api.telling import Refusal
from darkfigure_hub.flows.submit import LARGEST

LINES = "application/x-ndjson"
#: A body longer than this is large: one is taken in at a time, as it takes many times its length of
#: memory; who comes meanwhile waits for so many seconds.
LARGE, PATIENCE = 20_000_000, 5.0
_PLACE = threading.BoundedSemaphore(1)
_PIECE = 1 << 20
_DIGEST = re.compile(r"(?:^|,)\s*sha-256=:([A-Za-z0-9+/=]{44}):", re.ASCII)


@dataclass(frozen=True)
class Body:
    """What was sent, its hash, what it says it is, and what it is called."""

    content: bytes = field(repr=False)
    sha256: str
    media: str
    name: str


@contextmanager
def room_for(request: HttpRequest) -> Iterator[None]:
    """A stretch in which the body of a request is taken in. Raises Refusal where it is large, and
    another that is large is being taken in.
    """
    if _length(request) <= LARGE:
        yield
        return
    if not _PLACE.acquire(timeout=PATIENCE):
        raise Refusal(503, "Another large file is being taken in just now. Send it again shortly.")
    try:
        yield
    finally:
        _PLACE.release()


def body_of(request: HttpRequest, name: str = "") -> Body:
    """The body of a request. Raises Refusal where its length is not said or too great, where it did
    not come whole, and where it is packed on the way.
    """
    if request.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise Refusal(415, "Send the file as it is, without Content-Encoding. A .gz is read.")
    content = _content(request, _length(request))
    digest = sha256(content)
    _as_said(request, digest.digest())
    media = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return Body(content, digest.hexdigest(), media, _name(request, name, media))


def _length(request: HttpRequest) -> int:
    said = request.META.get("CONTENT_LENGTH") or ""
    if not said.isascii() or not said.isdigit():
        raise Refusal(411, "Say how long the file is, with the header Content-Length.")
    if int(said) > LARGEST:
        raise Refusal(413, f"A file is at most {LARGEST // 10**6} MB long. Send it in parts.")
    return int(said)


def _content(request: HttpRequest, length: int) -> bytes:
    made = bytearray()
    try:
        while len(made) < length and (piece := request.read(min(_PIECE, length - len(made)))):
            made += piece
    except (OSError, UnreadablePostError):
        made = bytearray()
    if len(made) != length:
        raise Refusal(400, "The file did not come whole. Send it again under the same key.")
    return bytes(made)


def _as_said(request: HttpRequest, digest: bytes) -> None:
    """What came is what the header Content-Digest (RFC 9530) says, where it says it."""
    found = _DIGEST.search(request.headers.get("Content-Digest", ""))
    if found and found[1] != base64.b64encode(digest).decode():
        raise Refusal(400, "The file is not what Content-Digest says. Send it again.")


def _name(request: HttpRequest, given: str, media: str) -> str:
    """What the file is called: as the address says, or the header; else by what it is."""
    header = request.headers.get("Content-Disposition", "")
    said = given or parse_header_parameters(header)[1].get("filename", "")
    name = PurePath(said.replace("\\", "/")).name
    if name and name not in (".", "..") and name.isprintable():
        return name
    return f"file{mimetypes.guess_extension(media) or ''}"
