"""The rules of disclosure that are kept as data, by audience and measure: words of a rule."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from darkfigure.basis.errors import Unreadable

PUBLIC = "public"


def words_for(audience: str, measure: str = "") -> Mapping[str, str]:
    """The words of the rule for an audience, and for one of its measures: name to value.

    Raises Unreadable for an audience that there is none of. A measure without a rule of its own has
    the audience's.
    """
    known = _kept()
    if audience not in known:
        raise Unreadable(f"rule: for={audience} must be one of {', '.join(known)}.")
    kept = {name: word for name, word in known[audience].items() if name != "measures"}
    return MappingProxyType({**kept, **known[audience].get("measures", {}).get(measure, {})})


def audiences() -> tuple[str, ...]:
    """Whom there are rules for."""
    return tuple(_kept())


@cache
def _kept() -> dict[str, dict[str, Any]]:
    path = files("darkfigure") / "data" / "disclosure" / "rules.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))
