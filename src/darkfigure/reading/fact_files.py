"""Files that state the facts of a case, in YAML or JSON."""

from __future__ import annotations

from typing import Any

from darkfigure.basis.errors import Unreadable
from darkfigure.intelligence.documents import read_document

#: No case needs more text than this.
MOST = 100_000


def read_facts(text: str, name: str) -> dict[str, Any]:
    """What a file states, by field. Raises ReturnRefused with the line where it is neither
    form, Unreadable where it is no set of fields.
    """
    if len(text) > MOST:
        raise Unreadable(f"{name} is longer than {MOST:,} characters: one case needs no more.")
    facts = read_document(text, name)
    if not isinstance(facts, dict):
        raise Unreadable(
            f"{name} does not say what it states. Write fields with values, as act: [transport]."
        )
    return {str(field): value for field, value in facts.items()}
