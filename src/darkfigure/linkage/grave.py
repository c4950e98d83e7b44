"""Which decisions on a link are grave, so that another person has to agree: rules kept as data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True)
class Effect:
    """What a decision would do to two records: whether it joins or parts them, of which agencies
    all records concerned are, which outcomes of court any of them has, how probable the model takes
    it to be that the two are one person's, whether a figure that was published would change.
    """

    joins: bool = False
    parts: bool = False
    agencies: frozenset[str] = frozenset()
    outcomes: frozenset[str] = frozenset()
    share: float = 0.0
    published: bool = False


@cache
def _rules() -> Mapping[str, Mapping[str, Any]]:
    text = (files("darkfigure") / "data" / "linkage" / "grave.toml").read_text(encoding="utf-8")
    return {each["rule"]: each for each in tomllib.loads(text)["grave"]}


def words_of(rule: str) -> str:
    """Why a decision is grave by a rule, in words."""
    return str(_rules()[rule]["words"])


def grave_by(effect: Effect) -> list[str]:
    """The rules by which a decision of this effect is grave; none where it is not."""
    rules = _rules()
    met = {
        "changes_published": effect.published,
        "joins_convicted": effect.joins
        and len(effect.agencies) > 1
        and bool(effect.outcomes & set(rules.get("joins_convicted", {}).get("outcomes", ()))),
        "parts_sure": effect.parts
        and effect.share >= float(rules.get("parts_sure", {}).get("share", 2.0)),
    }
    return [rule for rule in rules if met[rule]]
