"""Tables of counts, anybody's, to be protected or checked: any file of tables, found by its
headings.

A table to be protected has a count in every row. A published one has numbers, ranges and marks: a
count that is not told is empty or marked as suppressed. What stands in a cell is never repeated in
a fault.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from darkfigure.basis.errors import Unreadable
from darkfigure.basis.status import CellReason
from darkfigure.disclosure.cube import TOTAL
from darkfigure.disclosure.elementary import ENDLESS
from darkfigure.disclosure.protect import State
from darkfigure.disclosure.published import PublishedCell, PublishedTable, Share
from darkfigure.disclosure.rules import Rule, rule_of
from darkfigure.reading.instructions import tidy_key
from darkfigure.reading.located import Located, headed_by, tables_of
from darkfigure.reading.sheets import open_workbook
from darkfigure.reading.sheets.workbook import refuse
from darkfigure.reading.shorthand import Shorthand, read_cell
from darkfigure.reading.spellings import Spellings

STATUS, LOW, HIGH, RULE = "status", "low", "high", "rule"
#: What stands beside the dimensions and the counts of a table that was protected.
OWN_COLUMNS = (STATUS, LOW, HIGH, RULE)
#: What a column of counts is called, where it is not said.
COUNTS = ("count", "number", "people", "persons", "value", "n", "total", "freq", "frequency")
#: And one of percentages.
SHARES = ("percent", "per cent", "percentage", "share", "%", *COUNTS)
PERCENT = re.compile(r"\d{1,3}(\.\d{1,6})?", re.ASCII)
#: A star, a dash or a c in a table of counts is a number that is not told.
MARKS = Shorthand(
    marks={mark: str(CellReason.SUPPRESSED) for mark in ("*", "c", "x", "~", "..", ":", "#", "-")}
)

#: What a row is called that adds others up, where it is not called as totals are.
ADDED_UP = (
    *("total", "totals", "grand total", "sub-total", "subtotal", "all", "overall", "sum"),
    *("all persons", "all people", "everyone", "both sexes", "all ages", "cyfanswm"),
    *("gesamt", "insgesamt", "summe", "totale", "totaal", "totaux", "suma", "razem", "итого"),
)
#: Numbers that count nobody.
NO_COUNTS = "%£$€"
#: More than so many people nowhere are.
MOST_PEOPLE = 10**9


def read_counts(
    path: Path, by: Sequence[str], count: str = "", beside: Sequence[str] = ()
) -> pl.DataFrame:
    """A table to be protected: text columns of the dimensions and of what stands `beside` them, and
    one of counts called `count`.

    Without a column of counts every row is one person. Raises Unreadable or ReturnRefused with the
    line of what is wrong.
    """
    keys = [tidy_key(column) for column in (*by, *([count] if count else []))]
    if twice := [column for column in (*by, count) if keys.count(tidy_key(column)) > 1]:
        raise Unreadable(f"{twice[0]} is named twice: a column is one dimension, or the counts.")
    columns = [*dict.fromkeys([*by, *beside])]
    table, name = _found(path, [*columns, *([count] if count else [])])
    _refuse_alike(table, [*columns, count], name)
    texts: dict[str, list[str]] = {column: [] for column in columns}
    counts: list[int] = []
    spellings, lines = Spellings(), dict[tuple[str, str], int]()
    for line, cells in _rows_in(table, name):
        for column in columns:
            value = _cell(table, cells, column)
            if not value:
                raise Unreadable(
                    f"{name}, line {line}: nothing stands under {column}. Write what is not "
                    "known as a value of its own, such as 'Not known'."
                )
            if column in by and _adds_up(value):
                raise Unreadable(
                    f"{name}, line {line}: {value!r} under {column} adds others up. Leave such "
                    "rows out: margins are worked out, not read."
                )
            spelled = spellings.value(column, value)
            first = lines.setdefault((column, spelled), line)
            if column in by and spelled != value:
                raise Unreadable(
                    f"{name}: what stands under {column} in lines {first} and {line} differs in "
                    "nothing but the case of letters and spaces. Spell it alike, as it is counted "
                    "apart otherwise."
                )
            texts[column].append(value)
        counts.append(_count(name, line, _cell(table, cells, count)) if count else 1)
    if not counts:
        raise Unreadable(f"{name}: no row stands under its headings. Give a row for each count.")
    return pl.DataFrame(
        {**texts, count or "count": counts},
        schema={**dict.fromkeys(columns, pl.String), count or "count": pl.Int64},
    )


def _adds_up(value: str) -> bool:
    """Whether a value is called as what adds others up is."""
    return " ".join(value.split()).strip(" :").casefold() in ADDED_UP


def _counts_nobody(text: str) -> bool:
    """Whether a number is a percentage, or of money."""
    return any(sign in text for sign in NO_COUNTS)


def _count(name: str, line: int, text: str) -> int:
    read = read_cell(text)
    if not read.value or not read.value.isdecimal() or _counts_nobody(text):
        raise Unreadable(
            f"{name}, line {line}: the count is not a whole number, nought or more. To protect a "
            "table all its counts are needed."
        )
    if (number := int(read.value)) > MOST_PEOPLE:
        raise Unreadable(
            f"{name}, line {line}: no count of people is as large; {MOST_PEOPLE:,} is the most."
        )
    return number


@dataclass(frozen=True)
class _Reading:
    """How the rows of a published table are read: its dimensions, where its numbers stand, what
    they are.
    """

    table: Located
    name: str
    names: Sequence[str]
    count: str
    rule: Rule
    total: str
    base: int
    over: tuple[str, ...]

    def cell(self, row: Sequence[str], line: int) -> PublishedCell | None:
        """What a row says; nothing of one without values."""
        values = {column: _cell(self.table, row, column) for column in self.names}
        if not any(values.values()):
            return None
        values_of = {
            column: value
            for column, value in values.items()
            if value and value.casefold() != self.total.casefold()
        }
        if any(map(_adds_up, values_of.values())):
            raise Unreadable(
                f"{self.name}, line {line}: a value that adds others up is not called "
                f"{self.total!r}. Say what totals are called (--total WORD), the same in all "
                "columns."
            )
        text = _cell(self.table, row, self.count)
        if self.over:
            return self._share(values_of, text, line)
        status = _cell(self.table, row, STATUS).lower()
        read = read_cell(text, MARKS)
        if read.bad or (read.value and not read.value.isdecimal()) or _counts_nobody(text):
            raise Unreadable(
                f"{self.name}, line {line}: neither a whole number, nor a range, nor a mark for "
                "what is not told stands under the counts."
            )
        if read.value and status != State.SUPPRESSED:
            return self._number(values_of, int(read.value), status, line)
        least = int(self.rule.noughts_shown)
        low, high = _cell(self.table, row, LOW), _cell(self.table, row, HIGH)
        low, high = low or read.low, high or read.high
        return PublishedCell(
            values_of,
            max(int(low), least) if low.isdecimal() else least,
            int(high) if high.isdecimal() else ENDLESS,
            line,
        )

    def _number(
        self, values_of: Mapping[str, str], number: int, status: str, line: int
    ) -> PublishedCell:
        if status == State.NOISY or (status == State.ROUNDED and len(values_of) < len(self.names)):
            # margins of a table that was rounded so are sums: they say nothing besides
            return PublishedCell(values_of, 0, ENDLESS, line, near=True)
        if status == State.PERTURBED:
            most = self.rule.threshold
            # noise is added to cells that hold somebody alone
            return PublishedCell(values_of, max(number - most, 1), number + most, line, near=True)
        width = self.base or (self.rule.threshold if status == State.ROUNDED else 1)
        low, high = max(number - width + 1, 0), number + width - 1
        return PublishedCell(values_of, low, high, line, near=width > 1)

    def _share(self, values_of: Mapping[str, str], text: str, line: int) -> PublishedCell:
        """A percentage, which lies within half of its last place."""
        if lacking := [column for column in self.over if column not in values_of]:
            raise Unreadable(
                f"{self.name}, line {line}: nothing, or a total, stands under {lacking[0]}, and "
                "shares are said to be of all over it. Leave rows of 100 percent out."
            )
        number = text.removesuffix("%").strip()
        if not PERCENT.fullmatch(number):
            if number and number not in MARKS.marks:
                raise Unreadable(
                    f"{self.name}, line {line}: neither a percentage nor a mark for what is not "
                    "told stands under the shares."
                )
            return PublishedCell(values_of, 0, ENDLESS, line)
        whole, _, rest = number.partition(".")
        tenth = 10 ** len(rest)
        twice, per = 2 * int(whole + rest), 200 * tenth
        if twice > per:
            raise Unreadable(f"{self.name}, line {line}: a share is of 100 percent at most.")
        share = Share(self.over, max(twice - 1, 0), min(twice + 1, per), per)
        return PublishedCell(values_of, 0, ENDLESS, line, near=True, share=share)


def read_published(
    path: Path,
    rule: Rule,
    by: Sequence[str] = (),
    count: str = "",
    total: str = TOTAL,
    base: int = 0,
    over: Sequence[str] = (),
) -> PublishedTable:
    """A published table: cells with their number, their range, or neither.

    Dimensions are all columns but the counts, where they are not named. `base` says that every
    number was rounded to it; `over` that numbers are percent of all who differ in these dimensions
    alone. Totals are values called `total`. What the file says of its own rule holds in place of
    `rule`.
    """
    wanted = [*by, *over, *([count] if count else [])]
    table, name = _found(path, wanted)
    count = count or _counts(table, name, SHARES if over else COUNTS)
    others = {tidy_key(count), *OWN_COLUMNS}
    names = list(by) or [column for column in table.area.labels if tidy_key(column) not in others]
    _refuse_alike(table, [*names, count, *OWN_COLUMNS], name)
    own = None if RULE in map(tidy_key, by) else _own_rule(table, name)
    reading = _Reading(table, name, names, count, own or rule, total, base, tuple(over))
    cells = [cell for line, row in _rows_in(table, name) if (cell := reading.cell(row, line))]
    unlisted = _unlisted(table, own or rule, base)
    # in no spelling but its own; cells that differ by their case alone are refused
    return Spellings().table(PublishedTable(name, tuple(names), tuple(cells), unlisted, own))


def _own_rule(table: Located, name: str) -> Rule | None:
    """The rule by which a file says that it was protected."""
    told = {text for _, row in table.rows() if (text := _cell(table, row, RULE))}
    try:
        rules = {*map(rule_of, told)}
    except Unreadable as error:
        raise Unreadable(
            f"{name}: what stands under {RULE} is not the rule that a table was protected by. Call "
            f"the column otherwise, or name the dimensions (--by). {error}"
        ) from error
    if len(rules) > 1:
        raise Unreadable(f"{name}: its rows say different rules. Check each part by itself.")
    return rules.pop() if rules else None


def _unlisted(table: Located, rule: Rule, base: int) -> int:
    """The most that a cell may hold which is not listed: one that was rounded to nought, or that
    noise took away.
    """
    most = {
        str(State.ROUNDED): (base or rule.threshold) - 1,
        str(State.PERTURBED): rule.threshold,
        str(State.NOISY): ENDLESS,
    }
    marked = {_cell(table, row, STATUS).lower() for _, row in table.rows()}
    return max([most[status] for status in marked & most.keys()] + [max(base - 1, 0)])


def read_groups(path: Path) -> tuple[str, str, Mapping[str, str]]:
    """What lies within what: a table of two columns, a value and its group. Gives both headings."""
    headings, *rows = _rows_of_two(path)
    pairs: dict[str, str] = {}
    for row in rows:
        if pairs.setdefault(row[0], row[1]) != row[1]:
            raise Unreadable(f"{path.name}: a value stands in two groups.")
    return headings[0], headings[1], pairs


def _rows_of_two(path: Path) -> list[list[str]]:
    book = open_workbook(path)
    rows = [
        [cell.strip() for cell in row]
        for sheet in book.sheets
        for _, row in sheet.rows()
        if sum(bool(cell.strip()) for cell in row) == 2
    ]
    if len(rows) < 2:
        raise Unreadable(
            f"{path.name}: a first line with two headings, and a line for each value and its "
            "group, are needed."
        )
    return rows


def _found(path: Path, wanted: Sequence[str]) -> tuple[Located, str]:
    """The table under a line that has some headings; where none are named, one of counts or
    status.
    """
    book = open_workbook(path)
    for names in [wanted] if wanted else [[STATUS], *([name] for name in SHARES)]:
        if tables := headed_by(book, names):
            return tables[0], path.name
    tables = tables_of(book)
    if not tables:
        refuse(path.name, "no_tables", "heading_and_rows")
    if lacking := [name for name in wanted if not any(table.column(name) for table in tables)]:
        raise Unreadable(f"{path.name}: there is no column {', '.join(lacking)}.")
    return tables[0], path.name


def _rows_in(table: Located, name: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a table. Raises Unreadable where more stand after a gap, and would be left out
    without a word.
    """
    last = table.area.first
    for line, row in table.rows():
        last = line
        yield line, row
    if table.area.last:
        return
    for line, cells in table.sheet.rows():
        # a note beneath a table is one cell
        if line > last and sum(bool(cell.strip()) for cell in cells) > 1:
            raise Unreadable(
                f"{name}, line {line}: rows stand after empty lines, and it is not plain that they "
                "are of the table. Take the empty lines out, or put what follows in another file."
            )


def _refuse_alike(table: Located, names: Sequence[str], name: str) -> None:
    """Of columns that are called alike nobody knows which is meant."""
    keys = [tidy_key(column) for column in table.area.labels]
    for column in names:
        if keys.count(tidy_key(column)) > 1:
            raise Unreadable(
                f"{name}: two columns are called {column}, whatever the case and the spaces. Call "
                "one of them otherwise."
            )


def _counts(table: Located, name: str, known: Sequence[str]) -> str:
    labels = list(table.area.labels)
    keys = [tidy_key(column) for column in labels]
    if STATUS in keys and keys.index(STATUS) > 0:
        return labels[keys.index(STATUS) - 1]
    for column in known:
        if column in keys:
            return labels[keys.index(column)]
    raise Unreadable(f"{name}: say which column has the counts (--count COLUMN).")


def _cell(table: Located, row: Sequence[str], name: str) -> str:
    at = table.column(name)
    return row[at - 1].strip() if at and at <= len(row) else ""


def groups_in(paths: Sequence[Path]) -> dict[str, list[Mapping[str, str]]]:
    """The groups of values that some files say, by the heading of the values."""
    groups: dict[str, list[Mapping[str, str]]] = {}
    for path in paths:
        heading, _, pairs = read_groups(path)
        groups.setdefault(heading, []).append(pairs)
    return groups
