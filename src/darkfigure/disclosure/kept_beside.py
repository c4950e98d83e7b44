"""A table protected beside others that are out already: what all of them tell together.

What the others tell counts as known. Where something that is hidden, here or there, comes out of
all of them, more is hidden here, until nothing does; what they tell by themselves cannot be kept
any more, and is said.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from darkfigure.disclosure.check import Checked, Found, Meets, check
from darkfigure.disclosure.cube import TOTAL, Cube, Yes
from darkfigure.disclosure.elementary import ENDLESS
from darkfigure.disclosure.published import PublishedCell, PublishedTable
from darkfigure.disclosure.rules import Rule
from darkfigure.disclosure.suppress import Suppressed
from darkfigure.disclosure.together import together, vintages_together

#: What the table that goes out now is called among the others.
OWN = ""
LEAST_SECONDS = 1.0
Within = Sequence[Mapping[str, Mapping[str, str]]]


@dataclass(frozen=True)
class Others:
    """What is out already: tables of the same people, earlier vintages of this one, and what value
    of a dimension goes with which of another.
    """

    beside: Sequence[PublishedTable] = ()
    earlier: Sequence[PublishedTable] = ()
    within: Within = ()


def published(cube: Cube, hidden: Yes, rule: Rule) -> PublishedTable:
    """A table as everybody gets it: a cell's place is its figure."""
    cells: dict[tuple[str, ...], PublishedCell] = {}
    for values, figure in cube.rows():
        named = {name: value for name, value in values.items() if value != TOTAL}
        number = int(cube.values[figure])
        low, high = (int(rule.noughts_shown), ENDLESS) if hidden[figure] else (number, number)
        # a value that is a group of its own stands once
        cells.setdefault(tuple(values.values()), PublishedCell(named, low, high, figure))
    return PublishedTable(OWN, tuple(axis.name for axis in cube.dimensions), tuple(cells.values()))


def kept_beside(
    cube: Cube,
    rule: Rule,
    must: Yes,
    suppressed: Callable[[Yes, float], Suppressed],
    others: Others,
    seconds: float = 60.0,
) -> tuple[Suppressed, tuple[Found, ...]]:
    """A table protected so that nothing comes out of it, of tables beside it and, where the rule
    takes it that revisions move few, of its earlier vintages; and what of theirs, or of its own,
    those tell by themselves. `suppressed` hides some figures and what else it takes.

    Raises Unreadable where they cannot be of the same people.
    """
    ends = time.monotonic() + seconds
    must = must.copy()
    while True:
        left = max(ends - time.monotonic(), LEAST_SECONDS)
        made = suppressed(must, left)
        table = published(cube, made.hidden, rule)
        found = [each for one in _attacks(table, rule, others, left) for each in one.found]
        out = [each for each in found if each.meets is not Meets.PROTECTED]
        more = {
            figure
            for each in out
            if each.meets is not Meets.UNPROVED
            and (figure := _figure(cube, made.hidden, each)) is not None
        }
        if not more:
            return made, tuple(out)
        must[[*more]] = True


def _attacks(table: PublishedTable, rule: Rule, others: Others, seconds: float) -> list[Checked]:
    told = []
    if others.beside:
        told.append(together([table, *others.beside], rule, others.within))
    if others.earlier and rule.moves:
        told.append(vintages_together([*others.earlier, table], rule, others.within))
    return [check(each, rule, seconds) for each in told]


def _figure(cube: Cube, hidden: Yes, found: Found) -> int | None:
    """What is hidden besides, so that something does not come out: the smallest shown figure of the
    sum that tells it, or of those that count some of the same people.
    """
    by = [term.cell.place for term in found.by if term.cell.table == OWN]
    figures = [figure for figure in by if not hidden[figure]]
    if not figures and not found.by:
        sought = dict(found.cell.values)
        figures = [
            figure
            for values, figure in cube.rows()
            if not hidden[figure]
            and all(value in (TOTAL, sought.get(name, value)) for name, value in values.items())
        ]
    return min(figures, key=lambda figure: (int(cube.values[figure]), figure), default=None)
