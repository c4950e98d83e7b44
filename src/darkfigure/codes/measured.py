"""What is said of each measure: by the package, then by the packs in use. `tables.measures` makes
measures of it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Any

from darkfigure.codes.pack import Pack
from darkfigure.codes.packs import packs_in_use


def measures_said(packs: Iterable[Pack] | None = None) -> dict[str, Mapping[str, Any]]:
    """What is said of each measure, by code, in the order of the files."""
    text = (files("darkfigure") / "data" / "measures.toml").read_text(encoding="utf-8")
    said: dict[str, Mapping[str, Any]] = dict(tomllib.loads(text))
    for pack in packs_in_use() if packs is None else packs:
        for each in pack.measures:
            said.setdefault(each.code, each.said)
    return said
