"""Laws of counting from records: bounds hold the truth and are sharp, bridges add up, what is later
leaves the past alone.
"""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from hashlib import sha256

import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from darkfigure.basis.reference import record_pseudonym
from darkfigure.cases.casework import columns_of
from darkfigure.cases.records import KINDS, references_of
from darkfigure.codes.offences import statutory_maximum, trafficking_offences
from darkfigure.evidence.case_memory import in_memory
from darkfigure.publication import answer_from_cases, ask, bridge_from_cases
from darkfigure.tables.bounds import bounded_cells
from darkfigure.tables.case_cells import counts_of
from darkfigure.tables.counting import SEVERITY
from support import examples

DAYS = [date(2008, 1, 1) + timedelta(days=60 * step) for step in range(6)]
OPERATIONS, TYPES, SEXES, DEFINITIONS = (
    ["Pentameter 1", "Pentameter 2"],
    ["sexual", "labour", "sexual+labour"],
    ["female", "male"],
    ["met", "not_met"],
)
relaxed = settings(
    max_examples=examples(40), deadline=None, suppress_health_check=list(HealthCheck)
)

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


@pytest.mark.long
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


def sealed(name, key):
    """A name of a record under a key, each part by itself, as the store has them."""
    kind, _, digits = name.partition(":")
    parts = [
        each if len(each) < 16 else sha256(f"{key}|{kind}|{each}".encode()).hexdigest()[:16]
        for each in digits.split("/")
    ]
    return f"{kind}:{'/'.join(parts)}"


def renamed(tables, key):
    """Tables of records with every reference a pseudonym."""
    return {
        kind: [
            row
            | {
                column: sealed(record_pseudonym(to, row[column]), key)
                for column, to in references_of(KINDS[kind]).items()
                if row.get(column) and to != "operation"
            }
            for row in rows
        ]
        for kind, rows in tables.items()
    }


OFFENCES = ["court:72/1", "court:72/2", "court:38/1"]
charged = st.lists(
    st.tuples(
        st.sampled_from(["52AB001/", "52AB002/", "X"]),
        st.sampled_from(["", "1", "2", "10", "H2", "1999", "1/2"]),
        st.integers(0, 1),
        st.sampled_from(["Kent", "Essex"]),
        st.sampled_from(OFFENCES),
        st.sampled_from([(12, "immediate_custody"), (24, "immediate_custody"), (None, "fine")]),
        st.booleans(),
    ),
    min_size=1,
    max_size=9,
    unique_by=lambda each: each[:2],
)


#: Charges without a number of their own, of which the reference decided.
ALIKE = [
    ("52AB001/", last, 0, area, OFFENCES[0], (12, "immediate_custody"), False)
    for last, area in (("H2", "Kent"), ("1999", "Essex"), ("1/2", "Essex"))
]


def prosecuted(entries):
    """Charges convicted and sentenced, or without a sentence yet."""
    charges, hearings, sentences = [], [], []
    for number, (urn, last, who, area, offence, (months, disposal), waits) in enumerate(entries):
        name = f"{urn}{last}".removesuffix("/") or "X"
        charge = {"record": name, "person": f"essex:{who:016x}", "area": area, "offence": offence}
        charges.append({**charge, "date": DAYS[number % 2]})
        heard = {"charge": name, "date": DAYS[2]}
        hearings.append({"record": f"H{number}", **heard, "stage": "trial", "outcome": "convicted"})
        if not waits:
            sentences.append(
                {"record": f"S{number}", **heard, "disposal": disposal, "months": months}
            )
    return {"charge": charges, "hearing": hearings, "sentence": sentences}


@pytest.mark.long
@settings(relaxed, max_examples=examples(6))
@given(charged, st.integers(0, 10**6), st.sampled_from(["area", "offence", "month"]))
@example(ALIKE, 1, "area")
@example(ALIKE[::-1], 2, "area")
def test_the_principal_offence_is_the_same_under_any_names(entries, key, by):
    """As agencies write references, and as pseudonyms in whatever order a key puts them."""
    tables = prosecuted(entries)

    def cells(held):
        frames = {kind: frame(kind, rows) for kind, rows in held.items() if rows}
        found = []
        for measure in ("defendants_found_guilty", "defendants_sentenced"):
            question = ask(measure, DAYS[-1], by=[by], evidence="cases")
            answer = answer_from_cases(question, in_memory(frames, []))
            found += [(each.dims, each.value, each.low, each.high) for each in answer.cells]
        return found

    as_written = cells(tables)
    assert all(cells(renamed(tables, key + step)) == as_written for step in range(2))


@pytest.mark.long
@relaxed
@given(charged)
def test_of_equal_sentences_the_first_by_number_is_the_principal_one(entries):
    """By hand, where charges are numbered: as references put them in order."""
    numbered = [each for each in entries if each[1] in ("", "1", "2", "10") and not each[-1]]
    if not numbered:
        return
    tables = prosecuted(numbered)
    maximum = statutory_maximum()
    first = {}
    for charge, sentence in zip(tables["charge"], tables["sentence"], strict=True):
        weight = (
            -SEVERITY.index(sentence["disposal"]),
            -(sentence["months"] or 0),
            -maximum.get(charge["offence"], 0),
            charge["record"],
        )
        place = charge["person"], charge["record"].partition("/")[0]
        first[place] = min(first.get(place, (weight, charge)), (weight, charge), key=lambda e: e[0])
    expected = {}
    for _, charge in first.values():
        if charge["offence"] in trafficking_offences():
            expected.setdefault(charge["area"], set()).add(charge["person"])
    question = ask("defendants_found_guilty", DAYS[-1], by=["area"], evidence="cases")
    frames = {kind: frame(kind, rows) for kind, rows in tables.items()}
    cells = answer_from_cases(question, in_memory(frames, [])).cells
    told = {each.dims["area"]: each.value for each in cells if each.value}
    assert told == {area: len(persons) for area, persons in expected.items()}
