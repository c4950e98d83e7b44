"""Laws of coverage over days: each day of a series is that day by itself, whatever the order of the
days; and what is counted and weighed is what a reader of the ledgers would, row by row.
"""

from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from darkfigure.intelligence.asked_rows import COUNTS
from darkfigure.intelligence.cells import cells_of
from darkfigure.intelligence.coverage import coverage, coverage_by_day
from darkfigure.intelligence.evidence_rows import EvidenceRows
from darkfigure.intelligence.grading import grading
from darkfigure.intelligence.laid_out import codes_of, in_order, looked_up
from darkfigure.intelligence.ledgers import (
    ANSWERS,
    ASKS,
    CLOSURES,
    CORROBORATORS,
    EXCEPTIONS,
    ITEMS,
    REPLIES,
    Ledgers,
    ReplyKind,
)
from darkfigure.intelligence.requirement_sets import read_set
from support import examples

pytestmark = pytest.mark.program

START, YEAR = date(2026, 4, 1), 365.25
SET = """
edition: syn-days
title: "A synthetic set"
valid: {from: 2026-04-01, to: 2027-03-31}
areas: [{code: HT, title: "Synthetic"}]
requirements:
  - code: HT.1
    area: HT
    title: "Synthetic"
    text: "Synthetic?"
    decision: "none"
    customer: "nobody"
    owner: "nobody"
    priority: 1
    half_life: 1
    questions:
      - {code: HT.1.1, text: "Synthetic?", answer: existence, accept: "anything", priority: 2, domain: {areas: [Kent, Surrey], period: year}}
      - {code: HT.1.2, text: "Synthetic?", answer: quantity, accept: "anything", priority: 1, domain: {areas: [Kent], period: year}}
"""  # noqa: E501
CELLS = cells_of(read_set(SET, "syn-days"))
PLACES = CELLS.cells.select("question", "area", "period").to_dicts()
DAYS = st.integers(0, 400).map(lambda number: START + timedelta(days=number))
AGENCIES = st.sampled_from("ABC")


@st.composite
def spells(draw, since):
    first = since + timedelta(days=draw(st.sampled_from([0, 0, 2, 30])))
    lasting = draw(st.none() | st.integers(1, 200))
    until = None if lasting is None else first + timedelta(days=lasting)
    return {"known_from": first, "known_to": until}


@st.composite
def items(draw):
    on = draw(DAYS)
    return {
        **draw(st.sampled_from(PLACES)),
        "item": f"R/{draw(st.integers(1, 6))}",
        "agency": draw(AGENCIES),
        "origin": draw(st.sampled_from(["a", "b", None])),
        "kind": draw(st.sampled_from(["officer", "victim", None])),
        "relation": draw(st.sampled_from(["supports", "supports", "refutes", "context"])),
        "source": draw(st.sampled_from("123")),
        "information": draw(st.sampled_from("ABBCDE")),
        "corroborated_by": draw(st.sampled_from([None, "R/1", "X/1"])),
        "on": on,
        **draw(spells(on)),
    }


@st.composite
def asked(draw):
    asks = [
        {
            **place,
            "ask": f"ASK-{number}",
            "agency": draw(AGENCIES),
            "due": draw(DAYS),
            "asked_on": (since := draw(DAYS)),
            **draw(spells(since)),
        }
        for number, place in enumerate(draw(st.lists(st.sampled_from(PLACES), max_size=5)))
    ]
    replies = []
    for ask in draw(st.lists(st.sampled_from(asks), max_size=5)) if asks else []:
        on = draw(DAYS)
        replies.append(
            {
                **{name: ask[name] for name in ("ask", "question", "area", "period", "agency")},
                "kind": str(draw(st.sampled_from(list(ReplyKind)))),
                "effort": draw(st.sampled_from([None, *grading()["effort"]])),
                "on": on,
                **draw(spells(on)),
            }
        )
    return asks, replies


def laid(rows, columns):
    return pl.DataFrame(rows, schema=columns, orient="row")


@st.composite
def any_ledgers(draw):
    asks, replies = draw(asked())
    answers = [
        {
            **place,
            "accepted_on": (on := draw(DAYS)),
            "lapses_on": draw(st.none() | DAYS),
            **draw(spells(on)),
        }
        for place in draw(st.lists(st.sampled_from(PLACES), max_size=2))
    ]
    closures = [
        {**place, "why": "synthetic", **draw(spells(draw(DAYS)))}
        for place in draw(st.lists(st.sampled_from(PLACES), max_size=1))
    ]
    confirming = [
        {"item": "X/1", "agency": draw(AGENCIES), "origin": origin, **draw(spells(draw(DAYS)))}
        for origin in draw(st.lists(st.sampled_from(["a", "z", None]), max_size=1))
    ]
    given_longer = [
        {"ask": "ASK-0", "until": draw(DAYS), **draw(spells(draw(DAYS)))}
        for _ in range(draw(st.integers(0, 1)))
    ]
    return Ledgers(
        laid(asks, ASKS),
        laid(replies, REPLIES),
        laid(draw(st.lists(items(), max_size=10)), ITEMS),
        laid(answers, ANSWERS),
        laid(closures, CLOSURES),
        laid(confirming, CORROBORATORS),
        laid(given_longer, EXCEPTIONS),
    )


@settings(max_examples=examples(60), deadline=None)
@given(any_ledgers(), st.lists(DAYS, min_size=1, max_size=5))
def test_each_day_of_a_series_is_that_day_by_itself(ledgers, days):
    for day, told in zip(days, coverage_by_day(CELLS, ledgers, days), strict=True):
        alone = coverage(CELLS, ledgers, day)
        assert (told.at, told.known, told.edition) == (day, day, CELLS.edition)
        assert told.cells.equals(alone.cells)
        assert told.agencies.equals(alone.agencies)


def stands(row, day):
    return row["known_from"] <= day and (row["known_to"] is None or row["known_to"] > day)


def at_place(rows, cell):
    return [
        row
        for row in rows.to_dicts()
        if all(row[name] == cell[name] for name in ("question", "area", "period"))
    ]


def counted_by_hand(ledgers, cell, day):
    """How many asks of a cell are due, replied to, in time and informed."""
    counts = dict.fromkeys(("asked", *COUNTS), 0)
    for ask in at_place(ledgers.asks, cell):
        if not stands(ask, day):
            continue
        counts["asked"] += 1
        said = [
            row
            for row in ledgers.replies.to_dicts()
            if row["ask"] == ask["ask"] and row["agency"] == ask["agency"]
        ]
        sent = [
            row
            for row in at_place(ledgers.items, cell)
            if row["agency"] == ask["agency"]
            and stands(row, day)
            and row["on"] <= day
            and row["known_from"] >= ask["asked_on"]
        ]
        heard = [row for row in said if stands(row, day) and row["on"] <= day]
        if ask["due"] > day:
            continue
        counts["due"] += 1
        counts["replied"] += bool(heard or sent)
        counts["informed"] += bool(sent or [r for r in heard if r["kind"] == "nil_searched"])
        counts["on_time"] += bool(heard or sent) and in_time(ledgers, cell, ask, said, day)
    return counts


def in_time(ledgers, cell, ask, said, day):
    longer = [
        row["until"]
        for row in ledgers.exceptions.to_dicts()
        if row["ask"] == ask["ask"] and stands(row, day)
    ]
    until = max([ask["due"], *longer])
    mine = [row for row in at_place(ledgers.items, cell) if row["agency"] == ask["agency"]]
    still = {row["item"] for row in mine if stands(row, day)}
    first = [
        row["known_from"]
        for row in mine
        if row["item"] in still and ask["asked_on"] <= row["known_from"] <= day
    ]
    # Of the replies known, from the last back as far as each went over into the next.
    rows = sorted((r for r in said if r["known_from"] <= day), key=lambda row: row["known_from"])
    following = None
    for row in reversed(rows):
        if not (stands(row, day) or row["known_to"] == following):
            break
        following = row["known_from"]
        first.append(following)
    return any(each <= until for each in first)


@settings(max_examples=examples(100), deadline=None)
@given(any_ledgers(), DAYS)
def test_asks_are_counted_as_a_reader_would(ledgers, day):
    one_each = ledgers.replies.group_by("ask", "agency", "known_from", maintain_order=True).first()
    ledgers = replace(ledgers, replies=one_each.select(list(REPLIES)))
    for cell in coverage(CELLS, ledgers, day).cells.to_dicts():
        expected = counted_by_hand(ledgers, cell, day)
        assert {name: cell[name] for name in expected} == expected


def weighed_by_hand(ledgers, cell, day):
    """Evidence for and against a cell: noisy-or over agencies, within one partly dependent."""
    tables = grading()
    measure, best = tables["measure"], {}
    rows = [r for r in at_place(ledgers.items, cell) if stands(r, day) and r["on"] <= day]
    for row in sorted(rows, key=lambda r: (r["on"], r["agency"])):
        origin = row["origin"] or f"agency {row['agency']}"
        letter = row["information"]
        if letter == "B" and row["corroborated_by"]:
            others = [
                each["origin"] or f"agency {each['agency']}"
                for each in ledgers.corroborators.to_dicts()
                if each["item"] == row["corroborated_by"] and stands(each, day)
            ]
            inside = any(each["item"] == row["corroborated_by"] for each in rows)
            letter = "B" if others and others[0] != origin and not inside else "C"
        sign = {"supports": 1, "refutes": -1, "context": 0}[row["relation"]]
        weight = tables["weights"]["central"][row["source"]][letter]
        keep(best, cell, day, (sign, origin, row["agency"], weight, row["on"]))
    for row in at_place(ledgers.replies, cell):
        if cell["existence"] and row["kind"] == "nil_searched" and stands(row, day):
            weight = tables["effort"].get(row["effort"], 0.0)
            if row["on"] <= day:
                origin = f"search by {row['agency']}"
                keep(best, cell, day, (-1, origin, row["agency"], weight, row["on"]))
    return [noisy_or(best, sign, measure["dependence"]) for sign in (1, -1)]


def keep(best, cell, day, said):
    """The strongest of each origin, under the agency that had it first."""
    sign, origin, agency, weight, on = said
    if not sign or not weight:
        return
    aged = weight
    if cell["half_life"] is not None:
        aged *= 2 ** (-(day - on).days / YEAR / cell["half_life"])
    before = best.get((sign, origin))
    first = (on, agency) if before is None else min(before[0], (on, agency))
    best[(sign, origin)] = (first, max(aged, before[1] if before else 0.0))


def noisy_or(best, wanted, dependence):
    by_agency = {}
    for (sign, _), ((_, agency), strength) in best.items():
        if sign == wanted:
            by_agency.setdefault(agency, []).append(strength)
    missing = 1.0
    for strengths in by_agency.values():
        none = 1.0
        for strength in strengths:
            none *= 1 - strength
        missing *= 1 - (dependence * max(strengths) + (1 - dependence) * (1 - none))
    return 1 - missing


@settings(max_examples=examples(100), deadline=None)
@given(any_ledgers(), DAYS)
def test_evidence_weighs_as_a_reader_would_weigh_it(ledgers, day):
    for cell in coverage(CELLS, ledgers, day).cells.to_dicts():
        strong, against = weighed_by_hand(ledgers, cell, day)
        assert cell["e_for"] == pytest.approx(strong, abs=1e-9)
        assert cell["e_against"] == pytest.approx(against, abs=1e-9)


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(st.tuples(st.none() | st.text("abc", max_size=2), st.integers(-5, 5))))
def test_rows_are_put_in_order_by_numbers_as_by_what_they_stand_for(rows):
    texts = pl.Series([text for text, _ in rows], dtype=pl.String)
    numbers = pl.Series([number for _, number in rows], dtype=pl.Int64)
    order = in_order([codes_of(texts), numbers.to_numpy()]).tolist()
    last = "d"
    assert [rows[at] for at in order] == sorted(
        rows, key=lambda row: (last if row[0] is None else row[0], row[1])
    )
    table = {"a": 1.0, "bc": 2.0}
    assert [None if number != number else number for number in looked_up(texts, table)] == [
        table.get(text) for text, _ in rows
    ]


def test_no_row_at_all_is_no_evidence():
    empty = Ledgers()
    keyed = empty.items.with_columns(cell=pl.lit(0, pl.Int64))
    replies = empty.replies.with_columns(cell=pl.lit(0, pl.Int64))
    rows = EvidenceRows(CELLS.cells.sort("cell"), keyed, replies, empty.corroborators)
    assert all(not evidence[:, 0].any() for evidence in rows.weighed(20_000, 20_000).values())
