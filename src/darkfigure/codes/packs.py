"""Packs: folders of dated tables that add to the code lists and to the measures.

The packs of the package are always in use; a program says which others are. What a pack says of a
code that stands is added to it; nothing that stands is changed (`pack_checks` refuses it).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files

from darkfigure.codes.code import Code
from darkfigure.codes.following import lists_changed
from darkfigure.codes.pack import Pack
from darkfigure.codes.pack_files import read_pack

_own: tuple[Pack, ...] = ()


def packs_in_use() -> tuple[Pack, ...]:
    """The packs of the package, then those in use beside them."""
    return (*packaged(), *_own)


def use_packs(packs: Iterable[Pack]) -> None:
    """Use these packs, and no others, beside those of the package."""
    global _own
    _own = tuple(packs)
    lists_changed()


@lru_cache(1)
def packaged() -> tuple[Pack, ...]:
    """The packs that the package carries."""
    folder = files("darkfigure") / "data" / "packs"
    folders = sorted(
        (entry for entry in folder.iterdir() if entry.is_dir()), key=lambda entry: entry.name
    )
    return tuple(read_pack(entry) for entry in folders)


def extended(listed: Sequence[Code], codes: Iterable[Code]) -> list[Code]:
    """A list with the codes of a pack: those that are not there after the others, those that are
    with what is said of them besides.
    """
    listed_by = {entry.code: entry for entry in listed}
    for entry in codes:
        listed_by[entry.code] = (
            _filled(listed_by[entry.code], entry) if entry.code in listed_by else entry
        )
    return [*listed_by.values()]


def _filled(code: Code, added: Code) -> Code:
    """A code with what is said of it besides: names, and whatever was empty."""
    return replace(
        code,
        aliases=tuple(dict.fromkeys((*code.aliases, *added.aliases))),
        labels=tuple(dict.fromkeys((*code.labels, *added.labels))),
        **{name: getattr(code, name) or getattr(added, name) for name in FILLED},
    )


#: What of a code that stands a pack may say where nothing is said.
FILLED = ("valid_from", "valid_to", "namespace", "group", "successors", "parent")
