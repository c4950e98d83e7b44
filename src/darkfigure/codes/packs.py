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
    found = sorted((each for each in folder.iterdir() if each.is_dir()), key=lambda each: each.name)
    return tuple(read_pack(each) for each in found)


def extended(listed: Sequence[Code], codes: Iterable[Code]) -> list[Code]:
    """A list with the codes of a pack: those that are not there after the others, those that are
    with what is said of them besides.
    """
    held = {each.code: each for each in listed}
    for each in codes:
        held[each.code] = _filled(held[each.code], each) if each.code in held else each
    return [*held.values()]


def _filled(held: Code, said: Code) -> Code:
    """A code with what is said of it besides: names, and whatever was empty."""
    return replace(
        held,
        aliases=tuple(dict.fromkeys((*held.aliases, *said.aliases))),
        labels=tuple(dict.fromkeys((*held.labels, *said.labels))),
        **{name: getattr(held, name) or getattr(said, name) for name in FILLED},
    )


#: What of a code that stands a pack may say where nothing is said.
FILLED = ("valid_from", "valid_to", "namespace", "group", "successors", "parent")
