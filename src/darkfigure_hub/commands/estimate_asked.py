"""What was asked of the estimate command: the tables named, and options that do not go together
refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from darkfigure.basis.errors import DarkfigureError, Unreadable
from darkfigure.basis.saying import Saying, quote, say
from darkfigure.estimation import methods
from darkfigure.estimation.bounded import Bounded
from darkfigure.estimation.capture import CaptureTable
from darkfigure.estimation.methods import NotTaken
from darkfigure.reading import capture_files
from darkfigure.reading.capture_files import Table
from darkfigure.reading.instructions import read_reading
from darkfigure_hub.commands import given

REVISE, SERIES = "revise", "series"
#: Replicates where strata or the panel need them and none were asked for.
FOR_STRATA, FOR_PANEL = 500, 1000


@dataclass(frozen=True)
class Asked:
    """What decides an estimate: kept with it, so that it can be made again. None is what was not
    given.
    """

    method: str | None = None
    order: int | None = None
    model: str = ""
    bootstrap: int | None = None
    seed: int | None = None
    lists: tuple[str, ...] = ()
    threshold: float | None = None
    prior_variance: float | None = None
    draws: int | None = None
    omit: tuple[str, ...] = ()
    merge: tuple[str, ...] = ()

    @property
    def by(self) -> str:
        """The method, bic where none is named."""
        return self.method or "bic"

    @property
    def settings(self) -> dict[str, Any]:
        """What the method is given, by the names of `single.Settings`."""
        named = {
            "order": self.order,
            "replicates": self.bootstrap,
            "seed": self.seed,
            "model": self.model,
            "lists": self.lists,
            "threshold": self.threshold,
            "prior_variance": self.prior_variance,
            "draws": self.draws,
        }
        return {name: value for name, value in named.items() if value not in (None, "", ())}

    @property
    def kept(self) -> dict[str, object]:
        """What is kept with an estimate in the series."""
        return {"method": self.by, "omit": list(self.omit), "merge": list(self.merge)} | {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in self.settings.items()
        }


@dataclass(frozen=True)
class Held:
    """Tables by name, how often persons were seen where that is all there is, names of tables that
    failed and why, remarks.
    """

    tables: dict[str, Table]
    times: dict[int, int] | None = None
    failed: dict[str, Saying] = field(default_factory=dict)
    remarks: tuple[Saying, ...] = ()

    @property
    def strata(self) -> bool:
        """Whether there are several."""
        return len(self.tables) + len(self.failed) > 1


def read(names: Sequence[str], reading: Path | None = None) -> Held:
    """Read the files. Several are strata, keyed by their paths; one that fails is named and does
    not stop the others.
    """
    if not names:
        raise Unreadable("Name a file of capture histories, or a snapshot with --snapshot.")
    by = None if reading is None else read_reading(reading)
    paths = [Path(name).resolve() for name in names]
    twice = [name for name, path in zip(names, paths, strict=True) if paths.count(path) > 1]
    if twice:
        raise Unreadable(f"{twice[0]} is named twice: a person must be in one stratum only.")
    files = {_shown(name): given.file(Path(name)) for name in names}
    tables: dict[str, Table] = {}
    failed: dict[str, Saying] = {}
    remarks: list[Saying] = []
    for name, path in files.items():
        if len(names) > 1 and not path.exists():
            raise Unreadable(f"{name} does not exist.")
        try:
            found = capture_files.read(path, by)
        except DarkfigureError as error:
            if len(names) == 1:
                raise
            failed[name] = quote(str(error).removeprefix(f"{path.name}: "))
            continue
        if found.times is not None and len(names) == 1:
            return Held({}, found.times, {}, found.remarks)
        if found.times is not None:
            failed[name] = say("estimates.file.times")
        for stratum, table in found.tables.items():
            tables[_named(name, stratum, len(names))] = table
        failed |= {_named(name, stratum, len(names)): why for stratum, why in found.failed}
        remarks += [
            say("estimates.file.of", name=name, remark=remark) if len(names) > 1 else remark
            for remark in found.remarks
        ]
    return Held(tables, None, failed, tuple(remarks))


def _shown(name: str) -> str:
    return "standard input" if name == "-" else name


def _named(name: str, stratum: str, files: int) -> str:
    if not stratum:
        return name
    return stratum if files == 1 else f"{name}: {stratum}"


def changed(held: Held, asked: Asked) -> Held:
    """With lists merged and omitted. Raises DarkfigureError for lists that are none, or where there
    is no table to change.
    """
    if not asked.omit and not asked.merge:
        return held
    if held.times is not None:
        raise NotTaken(
            "--omit and --merge need to know who is on which list; the file says only how "
            "often "
            "persons were seen."
        )
    tables: dict[str, Table] = {}
    failed = dict(held.failed)
    for name, table in held.tables.items():
        try:
            tables[name] = _changed(table, asked)
        except DarkfigureError as error:
            if not held.strata:
                raise
            failed[name] = error.said
    return Held(tables, None, failed, held.remarks)


def _changed(table: Table, asked: Asked) -> Table:
    for pair in asked.merge:
        table = table.merge([each.strip() for each in pair.split(",")])
    return table.omit(*asked.omit) if asked.omit else table


def refuse(
    mode: str, asked: Asked, others: Mapping[str, object], *, snapshot: bool, files: bool
) -> None:
    """Refuse options that this way of asking does not take: `mode` is series, revise, panel,
    sensitivity, strata or one.

    `others` are the options that decide nothing about the method, by name. Raises NotTaken.
    """
    entry = ("--population", "--definition", "--reason", "--note")
    by_snapshot = ("--lists-by", "--where", "--as-at")
    said = [name for name, value in others.items() if value]
    if mode == SERIES:
        wrong = [
            *said,
            *(methods.OPTIONS[name] for name in asked.settings),
            *(["--method"] if asked.method else []),
        ]
        wrong += (
            ["--omit"] * bool(asked.omit)
            + ["--merge"] * bool(asked.merge)
            + ["--snapshot"] * snapshot
            + ["FILE"] * files
        )
        _none(wrong, "`estimate series` shows what is held and takes only --format and --out")
        return
    if snapshot and files:
        raise NotTaken("Name files or a --snapshot, not both.")
    if mode != REVISE:
        _none(
            [name for name in said if name in entry],
            "only `estimate revise` takes what enters an estimate in the series",
        )
    if not snapshot:
        _none(
            [name for name in said if name in by_snapshot],
            "these choose from a snapshot: name one with --snapshot",
        )
        if mode != REVISE:
            _none(
                [name for name in said if name == "--period"],
                "a period is for --snapshot and for `estimate revise`",
            )
    if mode == "panel":
        wrong = [
            methods.OPTIONS[name] for name in asked.settings if name not in ("replicates", "seed")
        ]
        _none(
            [*(["--method"] if asked.method else []), *wrong],
            "--panel lays all methods side by side and takes --bootstrap and --seed",
        )


def _none(wrong: Sequence[str], why: str) -> None:
    if wrong:
        raise NotTaken(f"{', '.join(wrong)} cannot be given here: {why}. Leave it out.")


def one(held: Held, what: str) -> CaptureTable | Bounded:
    """The only table. Raises NotTaken for strata or counts of counts, of which `what` is not
    made.
    """
    if held.times is not None:
        raise NotTaken(
            f"{what} needs to know who is on which list; the file says only how often persons "
            "were seen."
        )
    if held.strata:
        raise NotTaken(f"{what} takes one table; {len(held.tables) + len(held.failed)} were given.")
    (table,) = held.tables.values()
    return table


def exact(table: CaptureTable | Bounded, what: str) -> CaptureTable:
    """The table where its counts are known. Raises NotTaken where some are bounds."""
    if isinstance(table, Bounded):
        raise NotTaken(
            f"{what} does not take counts given as bounds (<5, *). Estimate by one method, or "
            "supply the counts."
        )
    return table


def seed_or_one(asked: Asked) -> int:
    """The seed given, or 1. Raises Unreadable for a negative one."""
    return whole("--seed", asked.seed, 0, 1)


def whole(option: str, value: int | None, least: int, otherwise: int) -> int:
    """A number given, or another. Raises Unreadable below `least`."""
    if value is not None and value < least:
        raise Unreadable(f"{option} is {least} or more here; {value} was given.")
    return otherwise if value is None else value
