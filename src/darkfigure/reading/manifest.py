"""The example files that the package carries, with origin, licence and known faults."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from darkfigure.basis.errors import UnknownName


@dataclass(frozen=True)
class Example:
    """One file of data/sources."""

    name: str
    kind: str
    title: str
    origin: str
    licence: str
    attribution: str
    faults: tuple[str, ...]

    @property
    def cited(self) -> str:
        """Its title, origin, licence, attribution and known faults, in words."""
        faults = " ".join(self.faults)
        return (
            f"{self.title}. {self.origin}. {self.licence}. {self.attribution} Known faults: "
            f"{faults}"
        )


def examples() -> list[Example]:
    """The example files in the order they are loaded."""
    text = (files("darkfigure") / "data" / "sources" / "manifest.toml").read_text(encoding="utf-8")
    return [
        Example(**{**entry, "faults": tuple(entry["faults"])})
        for entry in tomllib.loads(text)["file"]
    ]


def example(name: str) -> Path:
    """Where an example file lies. Raises UnknownName, with those there are."""
    known = {each.name for each in examples()}
    if name not in known:
        raise UnknownName(f"{name!r} is not an example file. They are {', '.join(sorted(known))}.")
    return Path(str(files("darkfigure") / "data" / "sources" / name))
