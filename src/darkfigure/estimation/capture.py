"""Capture tables: how many persons have each combination of lists."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np

from darkfigure.basis.errors import UnknownName, Unreadable
from darkfigure.basis.saying import say
from darkfigure.estimation.methods import MOST_LISTS

#: Said where no overlap speaks of persons missed.
OVERLAP_LACKING = say("estimates.none.no_overlap")
#: Numbers by capture history, or rows of them.
Counts = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, eq=False)
class CaptureTable:
    """Counts by capture history.

    `lists` names the lists; `counts` has 2^k entries, that of history w at the number with bit j
    set for each list j of w. The entry of the empty history is nought: those it would count are who
    is to be estimated.
    """

    lists: tuple[str, ...]
    counts: Counts

    @property
    def known(self) -> int:
        """Persons on at least one list."""
        return int(self.counts.sum())

    @property
    def size(self) -> int:
        """How many lists."""
        return len(self.lists)

    @property
    def totals(self) -> dict[str, int]:
        """Persons on each list."""
        masks = np.arange(len(self.counts))
        return {
            name: int(self.counts[masks >> place & 1 == 1].sum())
            for place, name in enumerate(self.lists)
        }

    def label(self, mask: int) -> str:
        """A history or term by the names of its lists."""
        return "&".join(name for place, name in enumerate(self.lists) if mask >> place & 1)

    def histories(self) -> dict[str, int]:
        """Counts by history, those with anybody."""
        return {
            self.label(int(mask)): int(self.counts[mask]) for mask in np.flatnonzero(self.counts)
        }

    def place(self, name: str) -> int:
        """The place of a list. Raises UnknownName."""
        if name not in self.lists:
            raise UnknownName(
                f"{name!r} is not a list of the table. Its lists are {', '.join(self.lists)}."
            )
        return self.lists.index(name)

    def omit(self, *names: str) -> CaptureTable:
        """Without some lists; who was on these alone is no longer known."""
        gone = {self.place(name) for name in names}
        kept = [place for place in range(self.size) if place not in gone]
        return self._mapped([[place] for place in kept], [self.lists[place] for place in kept])

    def merge(self, names: Sequence[str], name: str = "") -> CaptureTable:
        """With some lists taken as one: on it is who is on any of them."""
        together = [self.place(each) for each in names]
        if len(set(together)) < 2:
            raise Unreadable("Merging takes at least two different lists.")
        groups: list[list[int]] = []
        titles: list[str] = []
        for place in range(self.size):
            if place == min(together):
                groups.append(sorted(together))
                titles.append(name or "+".join(self.lists[each] for each in sorted(together)))
            elif place not in together:
                groups.append([place])
                titles.append(self.lists[place])
        return self._mapped(groups, titles)

    def rename(self, names: Mapping[str, str]) -> CaptureTable:
        """With other names for some lists."""
        for name in names:
            self.place(name)
        return table([names.get(name, name) for name in self.lists], self.counts)

    def _mapped(self, groups: Sequence[Sequence[int]], titles: Sequence[str]) -> CaptureTable:
        counts = np.zeros(1 << len(groups))
        for mask in np.flatnonzero(self.counts):
            there = sum(
                1 << new
                for new, old in enumerate(groups)
                if any(mask >> place & 1 for place in old)
            )
            if there:
                counts[there] += self.counts[mask]
        return table(titles, counts)

    def with_counts(self, counts: Counts) -> CaptureTable:
        """The same lists with other counts."""
        return CaptureTable(self.lists, counts)


def table(lists: Iterable[str], counts: Counts) -> CaptureTable:
    """A table checked. Raises Unreadable, saying what is wrong."""
    names = _checked(tuple(lists))
    held = np.asarray(counts, dtype=float).copy()
    held[0] = 0.0
    if not held.sum():
        raise Unreadable("The table holds nobody.")
    masks = np.arange(len(held))
    single = (masks & (masks - 1)) == 0
    if not held[~single].sum():
        raise Unreadable(OVERLAP_LACKING)
    return CaptureTable(names, held)


def _checked(names: tuple[str, ...]) -> tuple[str, ...]:
    if len(names) < 2:
        raise Unreadable(
            "One list says nothing of who is on none: an estimate needs two lists or more."
        )
    if len(names) > MOST_LISTS:
        raise Unreadable(
            f"{len(names)} lists are more than can be handled ({MOST_LISTS}): merge or omit some."
        )
    if len(set(names)) < len(names):
        raise Unreadable(f"Two lists have the same name among {', '.join(names)}.")
    return names


def from_rows(lists: Sequence[str], rows: Iterable[tuple[int, Sequence[Any], Any]]) -> CaptureTable:
    """A table from rows of (line, flags, count); the last of each row is its count."""
    counts = np.zeros(1 << len(_checked(tuple(lists))))
    seen: dict[int, int] = {}
    for line, flags, count in rows:
        mask = _history(lists, line, flags)
        number = _count(line, count)
        if mask == 0:
            if number:
                raise Unreadable(
                    f"line {line}: {number} persons on no list. Who is on no list is what is "
                    "estimated; leave the row out."
                )
            continue
        if mask in seen:
            raise Unreadable(
                f"line {line}: the same combination of lists as line {seen[mask]}. Add the two up."
            )
        seen[mask] = line
        counts[mask] = number
    return table(lists, counts)


def _history(lists: Sequence[str], line: int, flags: Sequence[Any]) -> int:
    mask = 0
    for place, (name, flag) in enumerate(zip(lists, flags, strict=True)):
        text = str(flag).strip().removesuffix(".0")
        if text not in ("0", "1"):
            raise Unreadable(
                f"line {line}, column {name!r}: {text!r} is neither 1 (on the list) nor 0."
            )
        mask |= int(text) << place
    return mask


def _count(line: int, given: Any) -> int:
    text = str(given).strip().removesuffix(".0")
    if text.startswith("-") and text[1:].isdigit():
        raise Unreadable(f"line {line}: a negative count ({text}).")
    if not (text.isascii() and text.isdigit()):
        raise Unreadable(f"line {line}: {text!r} is not a whole number of persons.")
    if len(text) > 15:
        raise Unreadable(f"line {line}: a number of {len(text)} digits is no count of persons.")
    return int(text)


def read_csv(path: Path | str) -> CaptureTable:
    """A table from a CSV file: a column of 0 and 1 for each list, the last column the count. Absent
    histories are nought.
    """
    path = Path(path)
    try:
        with path.open(newline="", encoding="utf-8-sig") as source:
            rows = list(csv.reader(source))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Unreadable(f"{path} cannot be read as CSV.") from error
    if not rows or len(rows[0]) < 2:
        raise Unreadable(f"{path.name}: there is no heading with the lists and the count.")
    names = [name.strip() for name in rows[0]]
    for line, row in enumerate(rows[1:], start=2):
        if len(row) != len(names):
            raise Unreadable(f"line {line}: {len(row)} fields where the heading has {len(names)}.")
    return from_rows(
        names[:-1], ((line, row[:-1], row[-1]) for line, row in enumerate(rows[1:], start=2))
    )


EXAMPLES = ("uk_2013_list_overlaps", "netherlands", "new_orleans", "artificial_3")


def example(name: str) -> CaptureTable:
    """A published table that the package carries: one of EXAMPLES."""
    if name not in EXAMPLES:
        raise UnknownName(f"{name!r} is not a table carried here. They are {', '.join(EXAMPLES)}.")
    with as_file(files("darkfigure") / "data" / "estimation" / f"{name}.csv") as path:
        return read_csv(path)


def from_frame(frame: Any) -> CaptureTable:
    """A table from any DataFrame with the same columns (pandas, Polars, Arrow)."""
    columns = list(getattr(frame, "column_names", None) or frame.columns)
    values = [
        list(frame[name].to_pylist() if hasattr(frame[name], "to_pylist") else frame[name])
        for name in columns
    ]
    rows = zip(*values, strict=True)
    return from_rows(
        [str(name) for name in columns[:-1]],
        ((line, row[:-1], row[-1]) for line, row in enumerate(rows, 1)),
    )


def from_lists(lists: Mapping[str, Iterable[str]]) -> CaptureTable:
    """A table from lists of persons, each known by the same reference on every list it is on."""
    names = _checked(tuple(lists))
    masks: dict[str, int] = {}
    for place, persons in enumerate(lists.values()):
        for person in persons:
            masks[person] = masks.get(person, 0) | 1 << place
    counts = np.zeros(1 << len(lists))
    for mask in masks.values():
        counts[mask] += 1
    return table(names, counts)
