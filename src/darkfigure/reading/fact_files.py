"""Files that state the facts of a case, in YAML or JSON."""

from __future__ import annotations

import json
from typing import Any

import yaml

from darkfigure.basis.errors import Unreadable

#: No case needs more text than this.
MOST = 100_000


def read_facts(text: str, name: str) -> dict[str, Any]:
    """What a file states, by field. Raises Unreadable with the line where it is neither form."""
    if len(text) > MOST:
        raise Unreadable(f"{name} is longer than {MOST:,} characters: one case needs no more.")
    try:
        found = json.loads(text) if text.lstrip().startswith("{") else yaml.safe_load(text)
    except (yaml.YAMLError, json.JSONDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else getattr(error, "lineno", None)
        where = f", line {line}" if line else ""
        raise Unreadable(
            f"{name}{where}: this is neither YAML nor JSON. Check the form."
        ) from error
    except RecursionError:
        raise Unreadable(f"{name} is nested too deeply to be the facts of a case.") from None
    if not isinstance(found, dict):
        raise Unreadable(
            f"{name} does not say what it states. Write fields with values, as act: [transport]."
        )
    return {str(field): value for field, value in found.items()}
