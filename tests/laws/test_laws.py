"""Laws that hold for any statements: as-at keeps the past, bridges add up, order of loading does
not matter.
"""

from __future__ import annotations

import random
import tempfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from darkfigure.publication import answer, ask, bridge
from darkfigure.reading import evidence_from
from darkfigure.writing.answers import as_csv, as_json
from darkfigure.writing.words import ENGLISH
from support import examples, statement, statement_file

RECEIVED = date(2026, 11, 23)
DAYS = [date(2008, 1, 1) + timedelta(days=40 * step) for step in range(12)]
LAST = DAYS[-1]
QUESTIONS = [
    {"by": ["operation", "exploitation"]},
    {"by": ["operation"]},
    {"by": []},
    {"by": ["exploitation"]},
    {"by": ["year"]},
    {"by": ["quarter", "exploitation"]},
    {"by": [], "where": ["exploitation=sexual"]},
    {"by": ["operation"], "period": "2006"},
]

records = st.builds(
    lambda period, operation, exploitation, value, day, body, reason, unknown: statement(
        period=period,
        operation=operation,
        exploitation=exploitation,
        stated_on=day.isoformat(),
        stated_by=body,
        **({"reason": reason} if unknown else {"value": value}),
    ),
    st.sampled_from(["2006", "2006Q1", "2006Q2", "2006Q3", "2006Q4", "2007", "2007-08"]),
    st.sampled_from(["", "Pentameter 1", "Pentameter 2"]),
    st.sampled_from(["", "sexual", "labour", "sexual & labour"]),
    st.integers(0, 500),
    st.sampled_from(DAYS),
    st.sampled_from(["HO", "UKHTC"]),
    st.sampled_from(["not_collected", "not_linked", "not_known"]),
    st.integers(0, 9).map(lambda number: number == 0),
)


def one_each(found):
    """Drop statements that a file may not make twice."""
    return list(
        {
            (r["period"], r["operation"], r["exploitation"], r["stated_on"], r["stated_by"]): r
            for r in found
        }.values()
    )


files = st.lists(st.lists(records, min_size=1, max_size=6).map(one_each), min_size=1, max_size=4)
relaxed = settings(
    max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def hold(*contents):
    """Evidence in memory of several files, received in that order."""
    with tempfile.TemporaryDirectory() as folder:
        # A file is known by its content: its name follows from it, whatever its place in the order.
        paths = [
            statement_file(Path(folder) / f"{abs(hash(repr(content)))}.csv", *content)
            for content in contents
        ]
        return evidence_from(dict.fromkeys(paths), RECEIVED)


def cells(question, evidence):
    return [
        (dict(cell.dims), cell.value, cell.low, cell.high, cell.reasons)
        for cell in answer(question, evidence).cells
    ]


def asked(given, day):
    return ask("victims_recovered", day, **given)


@relaxed
@given(
    files,
    st.lists(records, min_size=1, max_size=6).map(one_each),
    st.sampled_from(QUESTIONS),
    st.sampled_from(DAYS[:-1]),
)
def test_what_is_stated_later_never_changes_what_was_known(known, later, question, day):
    later = one_each(
        [{**record, "stated_on": (LAST + timedelta(days=30)).isoformat()} for record in later]
    )
    before = cells(asked(question, day), hold(*known))
    assert cells(asked(question, day), hold(*known, later)) == before


@relaxed
@given(files, st.sampled_from(QUESTIONS), st.sampled_from(DAYS), st.sampled_from(DAYS))
def test_a_bridge_always_adds_up(known, question, one, other):
    found = bridge(asked(question, LAST), min(one, other), max(one, other), hold(*known))
    assert found.adds_up


@relaxed
@given(
    st.integers(1, 400),
    st.integers(0, 400),
    st.integers(-400, 400),
    st.sampled_from(["recorded_in_error", "duplicate"]),
)
def test_a_bridge_with_explanations_adds_up(before, after, explained, reason):
    evidence = hold(
        [statement(operation="Pentameter 2", value=before, stated_on="2008-07-02")],
        [
            statement(
                operation="Pentameter 2", value=after, stated_on="2009-02-01", stated_by="UKHTC"
            )
        ],
        [
            statement(
                operation="Pentameter 2",
                value=explained,
                role="change",
                change_reason=reason,
                corrects=before,
                stated_on="2009-10-20",
            )
        ],
    )
    found = bridge(
        asked({"where": ["operation=Pentameter 2"]}, RECEIVED),
        date(2008, 12, 1),
        date(2009, 12, 1),
        evidence,
    )
    amounts = {line.reason: line.amount for line in found.lines}
    assert found.adds_up
    if before != after:
        assert amounts.get(reason, 0) == explained
        assert amounts.get("not_explained", 0) == after - before - explained


@relaxed
@given(files, st.randoms(use_true_random=False), st.sampled_from(QUESTIONS), st.sampled_from(DAYS))
def test_the_order_of_loading_does_not_matter(known, chance, question, day):
    shuffled = list(known)
    chance.shuffle(shuffled)
    first, second = (
        answer(asked(question, day), hold(*known)),
        answer(asked(question, day), hold(*shuffled)),
    )
    assert first.basis == second.basis
    assert cells(asked(question, day), hold(*known)) == cells(asked(question, day), hold(*shuffled))


@relaxed
@given(files, st.sampled_from(QUESTIONS), st.sampled_from(DAYS))
def test_known_bounds_hold_the_figure(known, question, day):
    for cell in answer(asked(question, day), hold(*known)).cells:
        if cell.value is not None:
            assert cell.low == cell.value == cell.high
        else:
            assert cell.reasons
            assert cell.high is None


def as_written(cell):
    """A cell as its written forms have it: what it says in words, and no place in a repository."""
    return cell._replace(
        blocks=(),
        notes=tuple(map(ENGLISH.say, cell.notes)),
        rule=ENGLISH.say(cell.rule),
        sources=[source._replace(rule=ENGLISH.say(source.rule)) for source in cell.sources],
    )


def as_told(found):
    """The notes and refusals of an answer in words."""
    refusals = [(each.reason, ENGLISH.say(each.detail), each.requirement) for each in found.cannot]
    return [*map(ENGLISH.say, found.notes)], refusals


@relaxed
@given(files, st.sampled_from(QUESTIONS), st.sampled_from(DAYS))
def test_answers_survive_json_and_csv(known, question, day):
    found = answer(asked(question, day), hold(*known))
    read = as_json.read_answer(as_json.write_answer(found))
    assert read.question == found.question or read.question.id == found.question.id
    assert list(map(as_written, found.cells)) == list(map(as_written, read.cells))
    assert as_told(read) == as_told(found)
    assert read.basis == found.basis
    again = as_csv.read_cells(as_csv.write_answer(found))
    assert list(map(as_written, again)) == [
        as_written(cell._replace(sources=())) for cell in found.cells
    ]


@pytest.mark.django_db
@settings(max_examples=examples(25), deadline=None, suppress_health_check=list(HealthCheck))
@given(files, st.integers(0, 10_000), st.sampled_from(DAYS))
def test_the_store_corrects_as_the_memory_does(operator, known, seed, day):
    """The same files in any order: the repository gives what the plain rules in memory give, for
    every question.
    """
    from django.db import transaction

    from darkfigure_hub.flows.receive_return import receive_return
    from darkfigure_hub.store.models import Block
    from darkfigure_hub.store.queries.evidence import StoreEvidence

    plain = hold(*known)
    shuffled = list(known)
    random.Random(seed).shuffle(shuffled)
    with transaction.atomic(), tempfile.TemporaryDirectory() as folder:
        Block.objects.filter(measure="victims_recovered").update(measure="set_aside")
        for content in shuffled:
            receive_return(
                operator, statement_file(Path(folder) / f"{abs(hash(repr(content)))}.csv", *content)
            )
        for question in QUESTIONS:
            stored = StoreEvidence(operator)
            assert cells(asked(question, day), stored) == cells(asked(question, day), plain)
            assert (
                answer(asked(question, day), stored).basis
                == answer(asked(question, day), plain).basis
            )
        transaction.set_rollback(True)
