"""What is sent is taken in before it has a place in work, as far as it is short: whoever sends
slowly keeps nobody else waiting.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterable
from typing import Any

from darkfigure_hub.settings import DATA_UPLOAD_MAX_MEMORY_SIZE as SHORT

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
#: What programs send up to this length is taken in before it has a place, too, of so many at once;
#: of more, as what is longer, in the place itself.
MIDDLING, TOGETHER = 20_000_000, 8
_PIECE = 1 << 20


class TakenInFirst:
    """A WSGI application that is asked once the whole of what was sent is there."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._places = threading.BoundedSemaphore(TOGETHER)

    def __call__(self, environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        """Take in what is short, and ask; what did not come whole is for whoever reads it."""
        length = length_of(environ)
        if 0 < length <= SHORT:
            environ["wsgi.input"] = _whole(environ["wsgi.input"], length)
        elif _middling(environ, length) and self._places.acquire(blocking=False):
            try:
                environ["wsgi.input"] = _whole(environ["wsgi.input"], length)
            finally:
                self._places.release()
        return self._application(environ, start)


def _middling(environ: Environ, length: int) -> bool:
    by_program = "HTTP_AUTHORIZATION" in environ
    return SHORT < length <= MIDDLING and by_program and environ["PATH_INFO"].startswith("/api/")


def length_of(environ: Environ) -> int:
    """How long what was sent is, as it says itself; nought where it does not."""
    said = environ.get("CONTENT_LENGTH") or ""
    return int(said) if said.isascii() and said.isdigit() else 0


def _whole(stream: Any, length: int) -> io.BytesIO:
    made = io.BytesIO()
    while made.tell() < length and (piece := stream.read(min(_PIECE, length - made.tell()))):
        made.write(piece)
    made.seek(0)
    return made
