"""Records of bodies that went over into others: counted at what their body became, never divided.

A record made under a body stands under it for good. Asked about on a day after a merger it is
counted at the body that the merger made; where its body was divided it may be of any of the parts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import ibis

from darkfigure.basis.status import CellReason
from darkfigure.codes import SEPARATOR
from darkfigure.codes.nationality_groups import UNKNOWN as UNKNOWN_NATIONALITY
from darkfigure.codes.nationality_groups import unions
from darkfigure.codes.succession import Lineage, became, gone_over, lineage
from darkfigure.tables.casebook import Table
from darkfigure.tables.counted import UNKNOWN, YES
from darkfigure.tables.question import Condition, Question
from darkfigure.tables.succession import histories

_MAYBE = UNKNOWN + CellReason.NOT_DIVIDED
#: Bits that a whole number of an engine surely has.
MARKS = 62


class Gone(NamedTuple):
    """A body that records stand under and that had gone over into others: where it is counted."""

    dimension: str
    code: str
    counted_at: str


def may_be_gone(question: Question, name: str) -> tuple[Gone, ...]:
    """The bodies of a dimension that went over into others, at what each had become by the day of
    the question; none where the dimension is asked by name as well: then each stands alone.
    """
    listed = gone_over(name)
    if not listed or any(condition.dimension == name for condition, _ in histories(question)):
        return ()
    return tuple(Gone(name, code, became(name, code, question.as_at)) for code in sorted(listed))


def counted_at(column: Any, gone: Sequence[Gone]) -> Any:
    """The column of a dimension, each body as what it became."""
    into: dict[str, list[str]] = {}
    for each in gone:
        if each.code != each.counted_at:
            into.setdefault(each.counted_at, []).append(each.code)
    if not into:
        return column
    # Nearly every row is of none of them, and one look among many is enough to say so.
    among = column.isin([code for codes in into.values() for code in codes])
    over = [(column.isin(codes), name) for name, codes in into.items()]
    return ibis.ifelse(among, ibis.cases(*over, else_=column), column)


def marks(column: Any, gone: Sequence[Gone]) -> list[Any]:
    """What says of a group which of the bodies have rows in it: sums of bits, `MARKS` in each."""
    found = []
    for first in range(0, len(gone), MARKS):
        some = gone[first : first + MARKS]
        bits = [
            (column == each.code, ibis.literal(1 << place, "int64"))
            for place, each in enumerate(some)
        ]
        none = ibis.literal(0, "int64")
        among = column.isin([each.code for each in some])
        found.append(ibis.ifelse(among, ibis.cases(*bits, else_=none), none).bit_or())
    return found


def marked(gone: Sequence[Gone], found: Sequence[int]) -> tuple[Gone, ...]:
    """The bodies that `marks` says have rows."""
    return tuple(each for at, each in enumerate(gone) if found[at // MARKS] >> at % MARKS & 1)


def met(table: Table, question: Question, condition: Condition) -> Any:
    """Whether rows meet a condition: "yes", "no", or "?" and why it is not known."""
    if union := of_union(condition):
        return _of_union(table.nationality, union)
    column = table[condition.dimension]
    line = dict(histories(question)).get(condition)
    if condition.inclusive:
        holds = (ibis.literal("+") + column + "+").contains(f"+{condition.code}+")
    else:
        holds = (
            column.isin([span.code for span in line.parts]) if line else column == condition.code
        )
    cases = [(column.startswith(UNKNOWN), column)]
    if line and (maybe := _perhaps(condition.dimension, line)):
        cases.append((column.isin(maybe), _MAYBE))
    return ibis.cases(*cases, (holds, YES), else_="no")


def of_union(condition: Condition) -> frozenset[str] | None:
    """The nationalities that a condition keeps to, where it names a union of states."""
    return unions().get(condition.code) if condition.dimension == "nationality_group" else None


def _of_union(nationality: Any, union: frozenset[str]) -> Any:
    """Whether persons are of a union: who has several nationalities may be."""
    open_ = nationality.startswith(UNKNOWN) | (nationality == UNKNOWN_NATIONALITY)
    several = nationality.contains(SEPARATOR)
    not_known = ibis.literal(UNKNOWN + CellReason.NOT_KNOWN)
    within = nationality.isin(sorted(union))
    return ibis.cases((open_ | several, not_known), (within, YES), else_="no")


def _perhaps(dimension: str, line: Lineage) -> list[str]:
    """The bodies that went over into a body and others, and what those had been before."""
    perhaps: set[str] = set()
    waiting = [code.code for code in line.shared]
    while waiting:
        before = lineage(dimension, waiting.pop())
        waiting += [code.code for code in before.shared if code.code not in perhaps]
        perhaps |= {span.code for span in before.parts}
    return sorted(perhaps)


def went_over(
    question: Question, before: frozenset[tuple[str | None, ...]], day: date
) -> frozenset[tuple[str | None, ...]]:
    """The cells of a breakdown with each body as what it had become by a day."""
    alone = {condition.dimension for condition, _ in histories(question)}
    over = [name not in alone for name in question.by]

    def become(at: int, code: str | None) -> str | None:
        name = question.by[at] if at < len(over) and over[at] else ""
        return became(name, code, day) if code and name and code in gone_over(name) else code

    return frozenset(tuple(become(at, code) for at, code in enumerate(cell)) for cell in before)


def by_successor(gone: tuple[Gone, ...]) -> Mapping[tuple[str, str], list[str]]:
    """The bodies that are counted at another, by dimension and that other."""
    counted: dict[tuple[str, str], list[str]] = {}
    for each in gone:
        if each.code != each.counted_at:
            counted.setdefault((each.dimension, each.counted_at), []).append(each.code)
    return counted
