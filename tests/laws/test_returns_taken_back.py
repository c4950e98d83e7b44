"""The law of returns taken back: on every day the repository gives what it would give had it held
the returns that were not away on that day and no others; what was known before does not change.
"""

from __future__ import annotations

import json
import random
import tempfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_laws import QUESTIONS, asked, cells, files, hold

from darkfigure.cases.records import FORM
from darkfigure.evidence.case_memory import records_from
from darkfigure.publication import answer_from_cases, ask
from darkfigure.reading.kinds import KINDS, read_file, read_files
from darkfigure.tables.extent import Extent
from darkfigure.tables.memory import MemoryEvidence
from darkfigure_hub.flows.receive_return import receive_return
from darkfigure_hub.flows.take_back import withdraw
from darkfigure_hub.store.models import Block
from darkfigure_hub.store.queries.case_records import StoreRecords
from darkfigure_hub.store.queries.evidence import StoreEvidence
from support import examples, statement_file

pytestmark = [pytest.mark.django_db, pytest.mark.long]
TODAY = date(2026, 11, 25)
STEP = timedelta(days=1)
turns = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 6)), max_size=4)


def away_by_days(turned, known):
    """For each return the stretches for which it is away, in steps from today, as toggled."""
    away, day = {number: [] for number in range(known)}, 0
    for which, later in turned:
        day += later + 1
        stretches = away[which % known]
        if stretches and stretches[-1][1] is None:
            stretches[-1][1] = day
        else:
            stretches.append([day, None])
    return away


def is_away(stretches, day):
    return any(first <= day and (until is None or day < until) for first, until in stretches)


def steps(away):
    """Today, and every step at which something changes with the one before it."""
    turns_made = {
        step for stretches in away.values() for each in stretches for step in each if step
    }
    return sorted({0, *turns_made, *(step - 1 for step in turns_made)})


def take_back(operator, numbers, away):
    events = [
        (step, which, place)
        for which, stretches in away.items()
        for stretch in stretches
        for place, step in enumerate(stretch)
        if step is not None
    ]
    for step, which, undo in sorted(events):
        day = TODAY + step * STEP
        withdraw(operator, "return", str(numbers[which]), "synthetic", day, undo=bool(undo))


def received(operator, folder, contents, seed):
    """The numbers of the returns of statement files, received in an order by chance."""
    order = list(range(len(contents)))
    random.Random(seed).shuffle(order)
    numbers = {}
    for which in order:
        path = statement_file(Path(folder) / f"{seed}-{which}.csv", *contents[which])
        given = receive_return(operator, path, extent=Extent.WHOLE)
        numbers[which] = given.returns[0].id
    return numbers


def different(contents):
    return list({repr(content): content for content in contents}.values())


@settings(max_examples=examples(20), deadline=None, suppress_health_check=list(HealthCheck))
@given(files.map(different), turns, st.integers(0, 100), st.sampled_from(QUESTIONS))
def test_figures_are_of_the_returns_that_stand(operator, contents, turned, seed, question):
    with transaction.atomic(), tempfile.TemporaryDirectory() as folder:
        Block.objects.filter(measure="victims_recovered").update(measure="set_aside")
        numbers = received(operator, folder, contents, seed)
        long_ago = date(2008, 9, 1)
        before = cells(asked(question, long_ago), StoreEvidence(operator))
        away = away_by_days(turned, len(contents))
        take_back(operator, numbers, away)
        for step in steps(away):
            day = TODAY + step * STEP
            left = [
                content for which, content in enumerate(contents) if not is_away(away[which], step)
            ]
            assert cells(asked(question, day), StoreEvidence(operator)) == cells(
                asked(question, day), hold(*left)
            )
        assert cells(asked(question, long_ago), StoreEvidence(operator)) == before
        transaction.set_rollback(True)


HEADING = "series,vintage,year,quarter,age_at_exploitation,dimension,category,value"
AGES = ["Adult (18 or over)", "Child (17 or under)"]
RELEASED = [date(2012, month, 2) for month in (5, 8, 11)]
releases = st.lists(
    st.dictionaries(
        st.tuples(st.sampled_from(["Q1", "Q2"]), st.sampled_from(AGES)),
        st.integers(0, 50),
        min_size=1,
    ),
    min_size=1,
    max_size=3,
)


def release(folder, number, table):
    """A release file of a quarter's and an age's referrals: a whole table."""
    rows = [
        f"referrals,2012R{number},2011,{quarter},{age},none,Total,{count}"
        for (quarter, age), count in table.items()
    ]
    path = Path(folder) / f"release-{number}.csv"
    path.write_text("\n".join([HEADING, *rows, ""]), encoding="utf-8")
    return path


@settings(max_examples=examples(20), deadline=None, suppress_health_check=list(HealthCheck))
@given(releases, turns, st.sampled_from([[], ["age_group"], ["quarter"], ["year"]]))
def test_tables_are_of_the_returns_that_stand(operator, tables, turned, by):
    with transaction.atomic(), tempfile.TemporaryDirectory() as folder:
        Block.objects.filter(measure="nrm_referrals").update(measure="set_aside")
        paths = [release(folder, number, table) for number, table in enumerate(tables)]
        numbers = {}
        for number, path in enumerate(paths):
            given = receive_return(operator, path, stated_on=RELEASED[number], extent=Extent.WHOLE)
            numbers[number] = given.returns[0].id
        away = away_by_days(turned, len(tables))
        take_back(operator, numbers, away)
        question = {"by": by, "period": "2011"}
        for step in steps(away):
            evidence = MemoryEvidence()
            for number, path in enumerate(paths):
                if not is_away(away[number], step):
                    (read,) = read_file(path, KINDS["nrm_releases"], TODAY, RELEASED[number])
                    evidence.receive(read, received_on=TODAY, extent=Extent.WHOLE)
            asked_for = ask("nrm_referrals", TODAY + step * STEP, **question)
            assert cells(asked_for, StoreEvidence(operator)) == cells(asked_for, evidence)
        transaction.set_rollback(True)


recoveries = st.lists(
    st.dictionaries(
        st.sampled_from(["R1", "R2", "R3"]),
        st.sampled_from(["sexual", "labour", "domestic servitude"]),
        min_size=1,
    ),
    min_size=1,
    max_size=3,
)


def case_return(folder, number, found):
    """A case return that states recoveries, or corrects those stated before."""
    head = {"form": FORM, "reported_by": "essex", "synthetic": True}
    rows = [
        {"record": f"{record}", "person": f"P{record}", "date": "2010-01-05", "exploitation": kind}
        for record, kind in found.items()
    ]
    day = f"2010-0{number + 2}-01"
    data = {**head, "stated_on": day, "records": {"recovery": rows}}
    path = Path(folder) / f"cases-{number}.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


@settings(max_examples=examples(20), deadline=None, suppress_health_check=list(HealthCheck))
@given(recoveries, turns)
def test_records_are_of_the_returns_that_stand(operator, found, turned):
    with transaction.atomic(), tempfile.TemporaryDirectory() as folder:
        paths = [case_return(folder, number, each) for number, each in enumerate(found)]
        numbers = {
            number: receive_return(operator, path).returns[0].id
            for number, path in enumerate(paths)
        }
        away = away_by_days(turned, len(found))
        take_back(operator, numbers, away)
        for step in steps(away):
            asked_for = ask(
                "victims_recovered",
                TODAY + step * STEP,
                by=["exploitation"],
                period="2010",
                evidence="cases",
            )
            left = [path for number, path in enumerate(paths) if not is_away(away[number], step)]
            told = answer_from_cases(asked_for, StoreRecords(operator)).cells
            right = (
                answer_from_cases(asked_for, records_from(read_files(left, TODAY))).cells
                if left
                else ()
            )
            assert [(cell.dims, cell.value) for cell in told if cell.value] == [
                (cell.dims, cell.value) for cell in right if cell.value
            ]
        transaction.set_rollback(True)
