"""Values that no code list knew when they were received, kept as they came until one does."""

from __future__ import annotations

_MARK = "?"


def uncoded(text: str) -> str:
    """How a value without a code is kept."""
    return _MARK + " ".join(text.removeprefix(_MARK).split())


def is_uncoded(code: str) -> bool:
    """Whether a stored value is one that no list knew."""
    return code.startswith(_MARK)


def as_received(code: str) -> str:
    """The text of a value without a code."""
    return code.removeprefix(_MARK)
