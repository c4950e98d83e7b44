"""Add a pack: kept in the data folder, its agencies entered, and what was kept without a code coded
by it where it can be.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from darkfigure.basis.errors import DarkfigureError
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.codes import codes_for, read_combined
from darkfigure.codes.pack import Pack
from darkfigure.codes.uncoded import as_received
from darkfigure_hub.access import record
from darkfigure_hub.flows.own_packs import check_own_pack, follow_packs, packs_folder
from darkfigure_hub.store.queries import holdings, uncoded_values
from darkfigure_hub.store.queries.locks import RECEIVING, hold


@dataclass(frozen=True)
class Added:
    """A pack taken in: whether it was there before, how many agencies were entered, how many
    statements were coded by dimension, and how many have no code still; labels that stand now for
    several names as received, whose figures are added up.
    """

    pack: Pack
    before: bool
    agencies: int
    coded: Counter[str]
    left: Counter[str]
    several: tuple[str, ...] = ()


def add_pack(scope: Scope, folder: Path) -> Added:
    """Check a pack, keep it, and code by it what has no code; altogether or not at all.

    Raises PackRefused with every fault.
    """
    scope.require(Permission.ADD_PACK)
    pack = check_own_pack(folder)
    with hold(RECEIVING):
        before = _keep(folder, pack.name)
        try:
            follow_packs()
            agencies = holdings.enter_agencies(codes_for("agency"))
            coded, several = _code(uncoded_values.kept())
            left = Counter(
                {name: sum(texts.values()) for name, texts in uncoded_values.kept().items()}
            )
            detail = {
                "pack": pack.name,
                "version": pack.version,
                "agencies": agencies,
                "coded": dict(coded),
                "without a code": dict(left),
            }
            record(scope, "pack added", detail)
        except BaseException:
            _take_back(pack.name)
            raise
        shutil.rmtree(packs_folder() / f".{pack.name}.before", ignore_errors=True)
    return Added(pack, before, agencies, coded, left, tuple(several))


def code_held(dimension: str, text: str) -> str | None:
    """The code of a value that was kept as received, if there is one now."""
    return read_combined(dimension, text) or codes_for(dimension).find_spelt(text)


def _code(kept: dict[str, Counter[str]]) -> tuple[Counter[str], list[str]]:
    """Code what the lists know now; gives how many statements of each dimension were coded, and the
    labels of codes that several names came to.
    """
    coded: Counter[str] = Counter()
    several: list[str] = []
    for dimension, texts in kept.items():
        codes = {text: code_held(dimension, as_received(text)) for text in texts}
        named = {text: code for text, code in codes.items() if code is not None}
        if named:
            coded[dimension] = uncoded_values.code(dimension, named)
            met = Counter(named.values())
            several += [codes_for(dimension).label(code) for code in met if met[code] > 1]
    return coded, several


def _keep(folder: Path, name: str) -> bool:
    """Copy a pack into the data folder beside those there, then put it in its place at once."""
    target, copy = packs_folder() / name, packs_folder() / f".{name}.new"
    aside = packs_folder() / f".{name}.before"
    try:
        packs_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in (copy, aside):
            shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(folder, copy)
        before = target.exists()
        if before:
            os.replace(target, aside)
        os.replace(copy, target)
    except OSError as error:
        raise DarkfigureError(
            f"The pack {name} cannot be kept in {packs_folder()}: {error.strerror}."
        ) from error
    return before


def _take_back(name: str) -> None:
    """Put things as they were."""
    target, aside = packs_folder() / name, packs_folder() / f".{name}.before"
    shutil.rmtree(target, ignore_errors=True)
    if aside.exists():
        os.replace(aside, target)
    follow_packs()
