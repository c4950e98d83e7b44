"""Tables of counts that nobody chose, and answers of which each counts a part of one. Synthetic."""

from __future__ import annotations

from datetime import date
from itertools import product

from hypothesis import strategies as st

from darkfigure.publication import Answer, ask
from darkfigure.publication.answer import named_by_content
from darkfigure.tables.cell import Cell

DAY = date(2026, 11, 26)
VALUES = {
    "sex": ("female", "male"),
    "exploitation": ("sexual", "labour", "criminal"),
    "age_group": ("adult", "child"),
    "year": ("2017", "2018"),
}
UNITS = [*product(*VALUES.values())]
#: A value of a dimension that no question names: people may have it, for all that anybody knows.
OTHERWISE = "otherwise"
#: Everybody whom somebody can think of who knows the dimensions: those drawn first.
THINKABLE = [
    *UNITS,
    *(each for each in product(*((*v, OTHERWISE) for v in VALUES.values())) if OTHERWISE in each),
]
NAMES = [*VALUES]
tables = st.lists(
    st.one_of(st.integers(0, 4), st.sampled_from([0, 0, 5, 9, 40, 163])),
    min_size=len(UNITS),
    max_size=len(UNITS),
)
parts = st.lists(
    st.tuples(
        st.lists(st.sampled_from(NAMES), max_size=3, unique=True),
        st.dictionaries(st.sampled_from(NAMES), st.integers(0, 1), max_size=2),
    ),
    min_size=1,
    max_size=5,
)


def kept_to(where):
    """What a part keeps to, by dimension."""
    return {name: VALUES[name][place] for name, place in where.items()}


def answered(table, by, where, day=DAY, among=UNITS):
    """A part as it would be counted on a day, for each of its cells the units in it, and the units
    that it leaves without anybody, of those `among` which somebody looks.
    """
    kept = kept_to(where)
    question = ask(
        "victims_recovered",
        day,
        by=by,
        where=[f"{name}={value}" for name, value in kept.items() if name != "year"],
        period=kept.get("year"),
        evidence="cases",
    )
    cells, members = [], []
    for place, values in enumerate(product(*(VALUES[name] for name in by))):
        within = [
            unit
            for unit, own in enumerate(among)
            if all(own[NAMES.index(name)] == value for name, value in kept.items())
            and all(own[NAMES.index(name)] == value for name, value in zip(by, values, strict=True))
        ]
        count = sum(table[unit] for unit in within if unit < len(table))
        if count or not by:
            dims = dict(zip(by, values, strict=True))
            told = (count, count, count)
            cells.append(Cell(f"x-{place:06}", dims, *told, "final", (), (), (), "2017-01-09"))
            members.append(within)
    out = [
        unit
        for unit, own in enumerate(among)
        if all(own[NAMES.index(name)] == value for name, value in kept.items())
        and not any(unit in within for within in members)
    ]
    return (
        named_by_content(Answer(question, "persons", "basis", tuple(cells), (), ())),
        members,
        out,
    )
