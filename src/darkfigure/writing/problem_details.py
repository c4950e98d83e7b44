"""What went wrong with a request, in the one shape that programs are told it (RFC 9457)."""

from __future__ import annotations

from http import HTTPStatus

from darkfigure.writing.documents.head import document

MEDIA = "application/problem+json"


def problem_details(status: int, detail: str) -> str:
    """A problem as JSON: its status, the status in words, and a sentence that says what would be
    right.
    """
    said = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    return document("problem", {**said, "detail": detail}, synthetic=False, indent=None).rstrip()
