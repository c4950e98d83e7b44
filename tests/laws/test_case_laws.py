"""Laws of counting from records: bounds hold the truth and are sharp, bridges add up, what is later
leaves the past alone.
"""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from darkfigure.cases.casework import columns_of
from darkfigure.cases.records import KINDS
from darkfigure.evidence.case_memory import in_memory
from darkfigure.publication import answer_from_cases, ask, bridge_from_cases
from darkfigure.tables.bounds import bounded_cells
from darkfigure.tables.case_cells import counts_of

DAYS = [date(2008, 1, 1) + timedelta(days=60 * step) for step in range(6)]
OPERATIONS, TYPES, SEXES, DEFINITIONS = (
    ["Pentameter 1", "Pentameter 2"],
    ["sexual", "labour", "sexual+labour"],
    ["female", "male"],
    ["met", "not_met"],
)
relaxed = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))

QUESTIONS = [
    {"by": ["operation"]},
    {"by": ["operation", "exploitation"]},
    {"by": ["exploitation", "sex"], "where": ["operation=Pentameter 2"]},
    {"by": ["sex"], "where": ["exploitation~sexual"]},
    {"by": ["definition"]},
    {"by": ["operation"], "where": ["definition=met"]},
    {"by": ["exploitation", "definition"], "where": ["operation=Pentameter 2"]},
    {"by": [], "where": ["operation=Pentameter 1", "sex=female"]},
]


def frame(kind, rows):
    names = columns_of(KINDS[kind])
    fixed = {
        "agency": "essex",
        "withdrawn": False,
        "synthetic": True,
        "return_id": 1,
        "known_from": DAYS[0],
    }
    full = [
        {**dict.fromkeys(names), **fixed, "row": number, **row}
        for number, row in enumerate(rows, start=1)
    ]
    return pl.DataFrame(full, schema={**names, "return_id": pl.Int64})


def hold(recoveries, persons, operations=("Pentameter 1", "Pentameter 2")):
    return in_memory(
        {
            "recovery": frame("recovery", recoveries),
            "person": frame("person", persons),
            "operation": frame(
                "operation", [{"record": name, "campaign": name} for name in operations]
            ),
        },
        [],
    )


people = st.lists(st.sampled_from(SEXES), min_size=1, max_size=5)
events = st.lists(
    st.tuples(st.integers(0, 4), st.sampled_from(OPERATIONS), st.sampled_from(TYPES)),
    min_size=1,
    max_size=8,
)


def casework(sexes, found):
    persons = [{"record": f"essex:{number:016x}", "sex": sex} for number, sex in enumerate(sexes)]
    recoveries = [
        {
            "record": f"R{number}",
            "person": persons[who % len(persons)]["record"],
            "date": DAYS[0],
            "operation": operation,
            "exploitation": exploitation,
            "definition": DEFINITIONS[(number + who) % 2],
        }
        for number, (who, operation, exploitation) in enumerate(found)
    ]
    return recoveries, persons


def hidden(rows, names, choices):
    """The same rows with some fields forgotten; a definition may also be said not to be known."""

    def forgotten(name):
        return "not_known" if name == "definition" and next(choices) else None

    return [
        {
            name: forgotten(name) if name in names and next(choices) else value
            for name, value in row.items()
        }
        for row in rows
    ]


@relaxed
@given(
    people,
    events,
    st.lists(st.booleans(), min_size=30, max_size=30),
    st.sampled_from(QUESTIONS),
    st.booleans(),
)
def test_bounds_hold_the_truth(sexes, found, forget, asked, by_event):
    recoveries, persons = casework(sexes, found)
    choices = itertools.cycle(forget)
    partly = hold(
        hidden(recoveries, {"operation", "exploitation", "definition"}, choices),
        hidden(persons, {"sex"}, choices),
    )
    question = ask(
        "victims_recovered",
        DAYS[-1],
        evidence="cases",
        rule="events" if by_event else None,
        **asked,
    )
    truth = {
        each.key: each.low for each in bounded_cells(counts_of(question, hold(recoveries, persons)))
    }
    known = {each.key: each for each in bounded_cells(counts_of(question, partly), expected=truth)}
    for key, value in truth.items():
        assert known[key].low <= value <= known[key].high
    for key, each in known.items():
        if None not in key and key not in truth:
            assert each.low == 0


@relaxed
@given(
    people,
    st.lists(
        st.tuples(st.integers(0, 4), st.sampled_from(OPERATIONS), st.just("sexual")),
        min_size=1,
        max_size=5,
    ),
    st.lists(st.booleans(), min_size=10, max_size=10),
    st.sampled_from(OPERATIONS),
)
def test_bounds_are_sharp(sexes, found, forget, operation):
    """Of all the ways in which what is forgotten can have been, one reaches the lower bound and one
    the upper.
    """
    recoveries, persons = casework(sexes, found)
    partly = hidden(recoveries, {"operation"}, itertools.cycle(forget))
    question = ask("victims_recovered", DAYS[-1], evidence="cases", by=["operation"])
    (cell,) = [
        each
        for each in bounded_cells(
            counts_of(question, hold(partly, persons)), expected=[(operation,)]
        )
        if each.key == (operation,)
    ]
    open_rows = [place for place, row in enumerate(partly) if row["operation"] is None]
    reached = set()
    for filled in itertools.product(OPERATIONS, repeat=len(open_rows)):
        whole = [dict(row) for row in partly]
        for place, value in zip(open_rows, filled, strict=True):
            whole[place]["operation"] = value
        reached.add(len({row["person"] for row in whole if row["operation"] == operation}))
    assert (cell.low, cell.high) == (min(reached), max(reached))


reasons = st.sampled_from(["reclassified", "duplicate", "recorded_in_error", None])
histories = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.sampled_from(DAYS),
        st.sampled_from(OPERATIONS),
        st.sampled_from(TYPES),
        st.booleans(),
        reasons,
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda entry: (entry[0], entry[1]),
)


def history(entries):
    rows = [
        {
            "record": f"R{number}",
            "person": f"essex:{number % 4:016x}",
            "date": DAYS[0],
            "operation": None if gone else operation,
            "exploitation": exploitation,
            "withdrawn": gone,
            "reason": reason,
            "known_from": day,
        }
        for number, day, operation, exploitation, gone, reason in entries
    ]
    return rows, [{"record": f"essex:{number:016x}", "sex": "female"} for number in range(4)]


@relaxed
@given(
    histories,
    st.sampled_from(DAYS),
    st.sampled_from(DAYS),
    st.sampled_from([{}, {"by": ["exploitation"]}]),
    st.booleans(),
)
def test_a_bridge_of_records_adds_up(entries, one, other, asked, by_event):
    records = hold(*history(entries))
    rule = "events" if by_event else None
    question = ask("victims_recovered", DAYS[-1], evidence="cases", rule=rule, **asked)
    found = bridge_from_cases(question, min(one, other), max(one, other), records)
    assert found.adds_up
    for line in found.lines:
        assert line.amount != 0


@relaxed
@given(histories, st.sampled_from(DAYS[:-1]), st.sampled_from(QUESTIONS))
def test_what_becomes_known_later_never_changes_the_past(entries, day, asked):
    whole, earlier = history(entries), history([entry for entry in entries if entry[1] <= day])
    question = ask("victims_recovered", day, evidence="cases", **asked)

    def shown(rows):
        return [
            (dict(c.dims), c.value, c.low, c.high)
            for c in answer_from_cases(question, hold(*rows)).cells
        ]

    assert shown(whole) == shown(earlier)


@relaxed
@given(histories, st.randoms(use_true_random=False), st.sampled_from(DAYS))
def test_the_order_of_arrival_does_not_matter(entries, chance, day):
    shuffled = list(entries)
    chance.shuffle(shuffled)
    question = ask("victims_recovered", day, by=["operation"], evidence="cases")
    one, other = (counts_of(question, hold(*history(found))) for found in (entries, shuffled))
    assert one.units == other.units
    in_order = [
        sorted(bounded_cells(found), key=lambda each: str(each.key)) for found in (one, other)
    ]
    assert in_order[0] == in_order[1]
