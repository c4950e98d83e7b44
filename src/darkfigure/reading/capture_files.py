"""Capture tables from files as people have them: tables of histories, one row a person, rows of
person and list, counts of counts.

What a file holds is told from its columns, never from its name. Whatever is not recognised is
refused without showing what is in it: it may be a list of people.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from darkfigure.basis.errors import Unreadable
from darkfigure.basis.saying import Saying, say
from darkfigure.estimation import capture
from darkfigure.estimation.bounded import Bounded
from darkfigure.estimation.capture import CaptureTable
from darkfigure.estimation.methods import MOST_LISTS
from darkfigure.reading import instructions
from darkfigure.reading.capture_text import MOST_BYTES, WANTED, Rows, decoded, rows_of, tidied
from darkfigure.reading.capture_words import (
    COUNTS,
    LISTS,
    NOTHING,
    OFTEN,
    PERSONAL,
    PERSONS,
    SUPPRESSED_BELOW,
    TOTALS,
    Count,
    count,
    flag,
    flags_of,
    plain,
    shown,
)
from darkfigure.reading.door import is_packed
from darkfigure.reading.lists_by_reading import rows_by

Table = CaptureTable | Bounded


@dataclass(frozen=True)
class Reading:
    """What a file held: tables by stratum (one, named "", where there are none), or persons by how
    often each was seen.

    `failed` names strata of which no table can be made, with the reason; `remarks` say what was
    left out or taken to mean something.
    """

    tables: dict[str, Table]
    times: dict[int, int] | None = None
    remarks: tuple[Saying, ...] = ()
    failed: tuple[tuple[str, Saying], ...] = ()


def read(path: Path | str, by: instructions.Reading | None = None) -> Reading:
    """Read a file of capture histories, its columns called as a reading says. Raises Unreadable,
    saying where and what would be right.
    """
    path = Path(path)
    if by is not None or is_packed(path):
        return _from_table(path, by)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Unreadable(
                f"{path.name} is larger than {MOST_BYTES // 2**20} MB, which no capture table "
                "is. "
                f"{WANTED}"
            )
        content = path.read_bytes()
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror}.") from error
    try:
        text, remarks = decoded(content)
        found = _understood(rows_of(text))
    except Unreadable as error:
        raise Unreadable(f"{path.name}: {error}") from error
    return replace(found, remarks=(*remarks, *found.remarks))


def _from_table(path: Path, by: instructions.Reading | None) -> Reading:
    try:
        return _understood(tidied(rows_by(path, by)))
    except Unreadable as error:
        raise Unreadable(f"{path.name}: {error}") from error


def _understood(rows: Rows) -> Reading:
    """What kind of file it is, and what it says."""
    rows, stated = _without_total(rows)
    kinds = [
        flags_of({plain(value) for value in rows.column(place)}) for place in range(len(rows.names))
    ]
    counts = _count_column(rows, kinds)
    if counts is not None and len(rows.names) == 2 and kinds[1 - counts] is None:
        often = _often(rows, counts)
        if often is not None:
            return Reading({}, often)
    if counts is not None:
        return _histories(rows, counts, stated)
    if len(rows.names) == 2 and None in kinds:
        return _long(rows)
    return _case_level(rows, kinds)


def _without_total(rows: Rows) -> tuple[Rows, int | None]:
    """Without a last row of totals; what it says is added up against the rest later."""
    last = [plain(value) for value in rows.fields[-1]]
    named = any(value in TOTALS for value in last)
    empty = len(last) > 2 and sum(value in NOTHING for value in last) == len(last) - 1
    if len(rows.fields) < 3 or not (named or empty):
        return rows, None
    figures = [value for value in last if value not in NOTHING and value not in TOTALS]
    if len(figures) != 1:
        # Totals of each list, or something else: nothing to compare.
        return (
            (replace(rows, lines=rows.lines[:-1], fields=rows.fields[:-1]), None)
            if named
            else (rows, None)
        )
    stated = count(figures[0], rows.lines[-1])
    exact = stated.low if stated and stated.low == stated.high else None
    return replace(rows, lines=rows.lines[:-1], fields=rows.fields[:-1]), exact


def _is_count(values: Sequence[str]) -> bool:
    """Whether a column can be one of counts: most values are, and some is not 0 or 1."""
    fine = 0
    for value in values:
        try:
            count(value, 0)
        except Unreadable:
            continue
        fine += 1
    return fine * 2 > len(values) and not {plain(value) for value in values} <= NOTHING


def _count_column(rows: Rows, kinds: Sequence[object]) -> int | None:
    """The column of counts: by its heading, else the only column, or the last, of numbers that are
    not 0 and 1.
    """
    named = [place for place, name in enumerate(rows.names) if plain(name) in COUNTS]
    if len(named) == 1 and (
        kinds[named[0]] is None or not all(kinds) or len(named) < len(rows.names)
    ):
        return named[0]
    able = [
        place
        for place, kind in enumerate(kinds)
        if kind is None
        and plain(rows.names[place]) not in PERSONS
        and _is_count(rows.column(place))
    ]
    others = [place for place in able if not _numbering(rows.column(place))]
    return others[-1] if others and len(rows.names) > 1 else None


def _numbering(values: Sequence[str]) -> bool:
    """Whether a column only numbers the rows."""
    return list(values) in (
        [str(n) for n in range(len(values))],
        [str(n) for n in range(1, len(values) + 1)],
    )


def _whole(value: str) -> bool:
    return value.isascii() and value.isdigit()


def _often(rows: Rows, counts: int) -> dict[int, int] | None:
    """How often persons were seen, with how many; None where the other column is none of that."""
    found: dict[int, int] = {}
    other = 1 - counts
    if plain(rows.names[other]) not in OFTEN and not all(
        _whole(value) for value in rows.column(other)
    ):
        return None
    for line, row in zip(rows.lines, rows.fields, strict=True):
        times, number = row[other], count(row[counts], line)
        if not _whole(times) or len(times) > 4 or int(times) in found:
            return None
        if number is None or number.low != number.high:
            raise Unreadable(f"line {line}: how many were seen so often must be a whole number.")
        if int(times):
            found[int(times)] = number.low
        elif number.low:
            raise Unreadable(
                f"line {line}: {number.low} persons never seen: they are what is estimated; "
                "leave "
                "the row out."
            )
    return found


def _histories(rows: Rows, counts: int, stated: int | None) -> Reading:
    """A table of histories with counts; columns that are neither are strata."""
    lists = [
        place
        for place in range(len(rows.names))
        if place != counts
        and (
            flags_of({plain(value) for value in rows.column(place)})
            or not _is_stratum(rows, place, counts)
        )
    ]
    strata = [place for place in range(len(rows.names)) if place != counts and place not in lists]
    if any(
        plain(rows.names[place]) in PERSONAL or 2 * len(set(rows.column(place))) > len(rows.fields)
        for place in strata
    ):
        # As many values as rows, or a heading of persons: these may be names.
        raise Unreadable(
            f"it is not a table that can be read here: a column tells persons apart. {WANTED}"
        )
    names = [rows.names[place] for place in lists]
    _enough(names)
    groups: dict[str, dict[int, Count]] = {}
    seen: dict[tuple[str, int], int] = {}
    remarks: list[Saying] = []
    whole = 0
    for line, row in zip(rows.lines, rows.fields, strict=True):
        stratum = ", ".join(row[place] for place in strata)
        mask, number = _mask(rows, lists, line, row), count(row[counts], line)
        if mask == 0:
            if number and number.low:
                raise Unreadable(
                    f"line {line}: {number.low} persons on no list. Who is on no list is what "
                    "is "
                    "estimated; leave the row out."
                )
            groups.setdefault(stratum, {})
            continue
        if (stratum, mask) in seen:
            raise Unreadable(
                f"line {line}: the same combination of lists as line {seen[stratum, mask]}. "
                "Add "
                "the two up."
            )
        if number is None:
            raise Unreadable(
                f"line {line}: no count of persons. Give it, 0 where there is nobody, or "
                "bounds "
                "such as 0-9."
            )
        seen[stratum, mask] = line
        groups.setdefault(stratum, {})[mask] = number
        whole += number.low if number.low == number.high else 0
        if row[counts] in ("*", ".."):
            remarks.append(
                say("estimates.file.suppressed", sign=row[counts], most=SUPPRESSED_BELOW)
            )
    bounded = any(each.low != each.high for held in groups.values() for each in held.values())
    if stated is not None and not bounded and stated != whole:
        raise Unreadable(f"the row of totals says {stated:,}; the rows add up to {whole:,}.")
    made: dict[str, Table] = {}
    failed: dict[str, Saying] = {}
    for name, held in groups.items():
        try:
            made[name] = _table(names, held, name, remarks)
        except Unreadable as error:
            if len(groups) == 1:
                raise
            failed[name] = error.said
    return Reading(made, None, tuple(dict.fromkeys(remarks)), tuple(failed.items()))


def _is_stratum(rows: Rows, place: int, counts: int) -> bool:
    """Whether a column that holds more than 0 and 1 splits the rows into parts, each with rows of
    its own.
    """
    values = rows.column(place)
    often = Counter(values)
    others = [
        tuple(v for p, v in enumerate(row) if p not in (place, counts)) for row in rows.fields
    ]
    # Letters alone may well be a code of their own: F and M.
    flagged = sum(flag(value) is not None and (len(value) > 1 or value in "01") for value in values)
    if flagged * 2 > len(values):
        return False
    if len(often) == 1:
        # One stratum alone: a word or a year, not a figure out of place.
        return (
            not flagged
            and plain(values[0]) not in NOTHING
            and not (values[0].isdigit() and len(values[0]) < 4)
        )
    return len(set(others)) < len(others)


def _enough(names: Sequence[str]) -> None:
    if len(names) < 2:
        raise Unreadable(
            "One list says nothing of who is on none: an estimate needs two lists or more."
        )
    if len(names) > MOST_LISTS:
        raise Unreadable(
            f"{len(names)} lists are more than can be handled ({MOST_LISTS}): merge or omit some."
        )


def _mask(rows: Rows, lists: Sequence[int], line: int, row: Sequence[str]) -> int:
    mask = 0
    for bit, place in enumerate(lists):
        on = flag(row[place])
        if (
            on is None
            and not row[place]
            and flags_of({plain(value) for value in rows.column(place)})
        ):
            on = 0
        if on is None:
            raise Unreadable(
                f"line {line}, column {place + 1}: {shown(row[place])} is neither 1 (on the "
                "list) "
                "nor 0."
            )
        mask |= on << bit
    return mask


def _table(
    names: Sequence[str], held: dict[int, Count], stratum: str, remarks: list[Saying]
) -> Table:
    """A table of what was read; a list nobody is on is left out, and said."""
    low, high = (np.zeros(1 << len(names)) for _ in range(2))
    for mask, number in held.items():
        low[mask], high[mask] = number.low, number.high
    used = [
        place
        for place in range(len(names))
        if high[[mask for mask in range(len(high)) if mask >> place & 1]].sum() > 0
    ]
    for place in range(len(names)):
        if place not in used:
            where = say("estimates.file.within", stratum=stratum) if stratum else None
            remarks.append(say("estimates.file.left_out", list=names[place], where=where))
    _enough([names[place] for place in used])
    least, most = (_narrowed(each, used) for each in (low, high))
    kept = [names[place] for place in used]
    if np.array_equal(least, most):
        return capture.table(kept, least)
    capture.table(kept, most)
    return Bounded(CaptureTable(tuple(kept), least), CaptureTable(tuple(kept), most))


def _narrowed(counts: capture.Counts, used: Sequence[int]) -> capture.Counts:
    found = np.zeros(1 << len(used))
    for mask in np.flatnonzero(counts):
        found[sum(1 << new for new, old in enumerate(used) if mask >> old & 1)] += counts[mask]
    return found


def _case_level(rows: Rows, kinds: Sequence[object]) -> Reading:
    """One row a person, a column for each list; a column that tells persons apart is left."""
    lists = [
        place
        for place, kind in enumerate(kinds)
        if kind is not None and plain(rows.names[place]) not in PERSONS
    ]
    others = [place for place in range(len(rows.names)) if place not in lists]
    numbers = [place for place in others if len(set(rows.column(place))) == len(rows.fields)]
    if len(lists) < 2 or len(others) > 1 or others != numbers:
        raise Unreadable(f"it is not a table that can be read here. {WANTED}")
    names = [rows.names[place] for place in lists]
    _enough(names)
    held: Counter[int] = Counter()
    nobody = 0
    for line, row in zip(rows.lines, rows.fields, strict=True):
        mask = _mask(rows, lists, line, row)
        held[mask] += bool(mask)
        nobody += not mask
    remarks = [say("estimates.file.rows", number=sum(held.values()))]
    if nobody:
        remarks.append(say("estimates.file.on_none", number=nobody))
    counts = {mask: Count(number, number) for mask, number in held.items() if mask}
    return Reading({"": _table(names, counts, "", remarks)}, None, tuple(remarks))


def _long(rows: Rows) -> Reading:
    """Rows of person and list, in either order."""
    persons, lists = 0, 1
    distinct = [len(set(rows.column(place))) for place in (0, 1)]
    if plain(rows.names[0]) in LISTS or plain(rows.names[1]) in PERSONS:
        persons, lists = 1, 0
    named = plain(rows.names[lists]) in LISTS or plain(rows.names[persons]) in PERSONS
    repeated = distinct[persons] < len(rows.fields)
    if (
        not named
        or not 2 <= distinct[lists] <= MOST_LISTS
        or not (repeated and distinct[lists] < len(rows.fields))
    ):
        raise Unreadable(f"it is not a table that can be read here. {WANTED}")
    held: dict[str, list[str]] = {}
    for line, row in zip(rows.lines, rows.fields, strict=True):
        if not row[persons] or not row[lists]:
            raise Unreadable(f"line {line}: a row of person and list has one of them empty.")
        held.setdefault(row[lists], []).append(row[persons])
    made = capture.from_lists(held)
    return Reading(
        {"": made}, None, (say("estimates.file.long", known=made.known, lists=made.size),)
    )
