"""What went wrong with a request, in the one shape that programs are told it (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from darkfigure.writing.documents.head import document

MEDIA = "application/problem+json"
#: The kind of problem that a key was used for something else.
KEY_USED = "darkfigure:problem/key-used"


def problem_details(
    status: int,
    detail: str,
    kind: str = "about:blank",
    faults: Sequence[Mapping[str, Any]] | None = None,
) -> str:
    """A problem as JSON: its status, the status in words, and a sentence that says what would be
    right; its kind and its faults one by one, where it has some.
    """
    said = {"type": kind, "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    more = {} if faults is None else {"faults": list(faults)}
    return document("problem", {**said, **more}, synthetic=False, indent=None).rstrip()
