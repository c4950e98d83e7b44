"""The thirteen axioms of requirement coverage, each a test over any ledgers; and the worked numbers
they were checked with.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from darkfigure.intelligence.cells import cells_of
from darkfigure.intelligence.coverage import RANK, Coverage, coverage, updated
from darkfigure.intelligence.coverage_change import coverage_change
from darkfigure.intelligence.grading import weight
from darkfigure.intelligence.ledgers import (
    ANSWERS,
    ASKS,
    CLOSURES,
    CORROBORATORS,
    ITEMS,
    REPLIES,
    Ledgers,
)
from darkfigure.intelligence.planning import GUARANTEE, Candidate, bits_gained, good_turing, plan
from darkfigure.intelligence.requirement_sets import read_set
from support import examples

START = date(2026, 4, 1)
YEAR = 365.25
settings.register_profile("coverage", deadline=None, max_examples=examples(60))
settings.load_profile("coverage")

SET = """
edition: {edition}
title: "A synthetic set"
valid: {{from: 2026-04-01, to: 2027-03-31}}
areas: [{{code: HT, title: "Synthetic"}}]
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
{questions}
{more}
"""


def made_set(codes, edition="syn-1", more="", kind="existence", areas="[Kent, Surrey]"):
    """A set of questions, code to priority."""
    questions = "\n".join(
        f'      - {{code: {code}, text: "Synthetic?", answer: {kind}, accept: "anything", priority: {priority}, '  # noqa: E501
        f"domain: {{areas: {areas}, period: year}}}}"
        for code, priority in codes.items()
    )
    return read_set(SET.format(edition=edition, questions=questions, more=more), edition)


ONE = made_set({"HT.1.1": 2, "HT.1.2": 1})
CELLS = cells_of(ONE)
PERIOD = CELLS.cells["period"][0]


def item(
    number,
    agency="A",
    origin="a",
    grade="2B",
    day=0,
    relation="supports",
    question="HT.1.1",
    area="Kent",
    **given_,
):
    on = START + timedelta(days=day)
    return {
        "question": question,
        "area": area,
        "period": PERIOD,
        "item": f"R/{number}",
        "agency": agency,
        "origin": origin,
        "kind": "officer",
        "relation": relation,
        "source": grade[0],
        "information": grade[1],
        "corroborated_by": None,
        "on": on,
        "known_from": on,
        "known_to": None,
        **given_,
    }


def frame(rows, columns):
    return pl.DataFrame(rows, schema=columns, orient="row")


def ledgers(items=(), replies=(), asks=(), answers=(), closures=(), corroborators=()):
    return Ledgers(
        frame(asks, ASKS),
        frame(replies, REPLIES),
        frame(items, ITEMS),
        frame(answers, ANSWERS),
        frame(closures, CLOSURES),
        frame(corroborators, CORROBORATORS),
    )


def ask(reference="ASK-1", agency="A", question="HT.1.1", area="Kent", due=30):
    return {
        "question": question,
        "area": area,
        "period": PERIOD,
        "ask": reference,
        "agency": agency,
        "due": START + timedelta(days=due),
        "asked_on": START,
        "known_from": START,
        "known_to": None,
    }


def reply(kind, reference="ASK-1", agency="A", question="HT.1.1", area="Kent", effort=None, day=20):
    on = START + timedelta(days=day)
    return {
        "ask": reference,
        "question": question,
        "area": area,
        "period": PERIOD,
        "agency": agency,
        "kind": kind,
        "effort": effort,
        "on": on,
        "known_from": on,
        "known_to": None,
    }


def answered(question="HT.1.1", area="Kent", day=100, lapses=None, period=PERIOD):
    on = START + timedelta(days=day)
    return {
        "question": question,
        "area": area,
        "period": period,
        "accepted_on": on,
        "lapses_on": lapses and START + timedelta(days=lapses),
        "known_from": on,
        "known_to": None,
    }


def at(held, day=300, cells=CELLS, **given_):
    return coverage(cells, held, START + timedelta(days=day), **given_)


def first(found: Coverage):
    return found.cells.filter((pl.col("question") == "HT.1.1") & (pl.col("area") == "Kent")).row(
        0, named=True
    )


@st.composite
def some_items(draw, most=8, relation=("supports", "refutes")):
    """Items about one cell from a few agencies and origins."""
    number = draw(st.integers(0, most))
    return [
        item(
            at_,
            agency=draw(st.sampled_from("ABC")),
            origin=draw(st.sampled_from(["a", "b", "c", None])),
            grade=draw(st.sampled_from("123")) + draw(st.sampled_from("ABCDE")),
            day=draw(st.integers(0, 250)),
            relation=draw(st.sampled_from(relation)),
        )
        for at_ in range(number)
    ]


# --- the worked numbers ---------------------------------------------------------------------------
# ------------------------


@pytest.mark.parametrize(
    ("agency", "expected"),
    [("B", (0.701, 0.527, 0.388, 0.204)), ("A", (0.671, 0.496, 0.362, 0.188))],
)
def test_evidence_of_two_origins_ages_as_worked_out(agency, expected):
    """Origin a 2B at nought and again at half a year, origin b 2C at a quarter; half-life one
    year.
    """
    held = ledgers(
        [item(1, day=0), item(2, day=round(YEAR / 2)), item(3, agency, "b", "2C", round(YEAR / 4))]
    )
    for years, value in zip((0.5, 1, 1.5, 2.5), expected, strict=True):
        assert first(at(held, round(years * YEAR)))["e_for"] == pytest.approx(value, abs=0.0015)


def test_counting_a_repeat_as_new_would_give_more():
    held = ledgers(
        [
            item(1, day=0),
            item(2, origin="again", agency="C", day=round(YEAR / 2)),
            item(3, "B", "b", "2C", round(YEAR / 4)),
        ]
    )
    assert first(at(held, round(YEAR / 2)))["e_for"] == pytest.approx(0.828, abs=0.0015)


def test_six_weighted_cells_one_dropped_one_added():
    """Published .455 to .583; like for like .400 to .500: closed +.300, lapsed -.200; scope
    +.029.
    """
    before = made_set(
        {"HT.1.1": 2, "HT.1.2": 3, "HT.1.3": 2, "HT.1.4": 2, "HT.1.5": 1, "HT.1.6": 1}, areas="[UK]"
    )
    after = made_set(
        {"HT.1.1": 2, "HT.1.2": 3, "HT.1.3": 2, "HT.1.4": 2, "HT.1.5": 1, "HT.1.7": 2},
        "syn-2",
        areas="[UK]",
    )
    earlier = ledgers(
        answers=[
            answered(code, "UK", 10, lapses=200 if code == "HT.1.3" else None)
            for code in ("HT.1.1", "HT.1.3", "HT.1.6")
        ]
    )
    later = ledgers(
        answers=[
            *earlier.answers.to_dicts(),
            answered("HT.1.2", "UK", 250),
            answered("HT.1.7", "UK", 250),
        ]
    )
    published = at(earlier, 100, cells_of(before))
    now = at(later, 300, cells_of(after))
    change = coverage_change(
        published, at(later, 100, cells_of(before), known=START + timedelta(days=300)), now
    )
    assert (change.opening, change.closing) == (pytest.approx(5 / 11), pytest.approx(7 / 12))
    assert (round(change.opening, 3), round(change.closing, 3)) == (0.455, 0.583)
    assert (change.like_before, change.like_after) == (pytest.approx(0.4), pytest.approx(0.5))
    assert (change.closed, change.lapsed) == (pytest.approx(0.3), pytest.approx(0.2))
    assert change.scope == pytest.approx(0.029, abs=0.0005)
    assert change.revision == 0
    assert (change.added, change.dropped) == (("HT.1.7",), ("HT.1.6",))
    whole = change.opening + change.revision + change.closed - change.lapsed + change.scope
    assert whole == pytest.approx(change.closing)


def test_an_interval_narrows_by_bits_and_singletons_tell_what_was_met():
    assert round(bits_gained((10_000, 136_000), (10_000, 13_000)), 2) == 3.31
    assert good_turing(120, 30) == 0.75


# --- the axioms -----------------------------------------------------------------------------------
# ------------------------


@given(some_items(), st.integers(0, 7))
def test_1_the_same_report_again_or_twenty_of_one_origin_change_nothing(items, which):
    before = at(ledgers(items))
    if not items:
        return
    again = items[which % len(items)]
    many = [{**again, "item": f"again/{number}"} for number in range(20)]
    after = at(ledgers([*items, *many]))
    assert first(after)["status"] == first(before)["status"]
    assert first(after)["e_for"] == pytest.approx(first(before)["e_for"])
    assert after.headline == before.headline


@given(some_items(), st.sampled_from("123"), st.sampled_from("ABCDE"), st.integers(0, 250))
def test_2_an_independent_item_never_lowers_evidence_and_grade_e_adds_nothing(
    items, source, letter, day
):
    more = item("new", "D", "another origin", source + letter, day)
    before, after = first(at(ledgers(items))), first(at(ledgers([*items, more])))
    assert after["e_for"] >= before["e_for"] - 1e-12
    if letter == "E":
        assert after["e_for"] == before["e_for"]
        assert after["status"] == before["status"]


@given(some_items(), st.integers(251, 600), st.integers(0, 900))
def test_3_without_input_evidence_never_rises_and_an_answer_lapses_on_its_day(items, day, later):
    held = ledgers(items, answers=[answered(lapses=400)])
    before, after = first(at(held, day)), first(at(held, day + later))
    assert after["e_for"] <= before["e_for"] + 1e-12
    calm = ledgers(answers=[answered(lapses=400)])
    assert first(at(calm, 399))["status"] == "N5"
    assert first(at(calm, 400))["status"] == "L"


def test_4_nil_after_a_search_missing_and_refused_are_different():
    found = {}
    for kind in ("nil_searched", "nil_unsearched", "refused", "not_held", "not_recorded_in_unit"):
        effort = "targeted" if kind == "nil_searched" else None
        found[kind] = first(at(ledgers(asks=[ask()], replies=[reply(kind, effort=effort)])))
    missing, unasked = first(at(ledgers(asks=[ask()]))), first(at(ledgers()))
    assert found["nil_searched"]["status"] == "N2"
    assert {found[kind]["status"] for kind in found if kind != "nil_searched"} == {"N1"}
    assert (missing["status"], unasked["status"]) == ("N1", "N0")
    assert (missing["replied"], found["refused"]["replied"], found["refused"]["informed"]) == (
        0,
        1,
        0,
    )
    assert found["nil_searched"]["e_against"] == pytest.approx(0.3 * 2 ** (-280 / YEAR))
    assert found["nil_unsearched"]["e_against"] == 0


@given(some_items(), st.booleans())
def test_5_splitting_and_merging_with_a_concordance_leave_shares_unchanged(items, is_answered):
    answers = [answered()] if is_answered else []
    held = ledgers(items, answers=answers, asks=[ask()])
    before = at(held)
    split = made_set(
        {"HT.1.3": 1, "HT.1.4": 1, "HT.1.2": 1},
        "syn-2",
        (
            "concordance:\n  - {kind: split, from: [HT.1.1], to: [HT.1.3, HT.1.4], reason: "
            '"synthetic"}'
        ),
    )
    merged = made_set(
        {"HT.1.5": 3},
        "syn-3",
        (
            "concordance:\n  - {kind: merged, from: [HT.1.1, HT.1.2], to: [HT.1.5], reason: "
            '"synthetic"}'
        ),
    )
    for later in (split, merged):
        after = at(held, cells=cells_of(later, ONE))
        for status in ("N0", "N1", "N2", "N3", "N4", "N5", "X", "L"):
            assert after.shares()[status][0] == pytest.approx(before.shares()[status][0])
        assert after.cells["weight"].sum() == pytest.approx(before.cells["weight"].sum())


@given(some_items())
def test_6_an_easy_question_cannot_raise_the_like_for_like_figure(items):
    easy = made_set({"HT.1.1": 2, "HT.1.2": 1, "HT.1.9": 9}, "syn-2")
    held = ledgers(items, answers=[answered("HT.1.9"), answered("HT.1.9", "Surrey")])
    before, after = at(ledgers(items)), at(held, cells=cells_of(easy))
    change = coverage_change(before, before, after)
    assert change.like_after == pytest.approx(change.like_before + change.closed - change.lapsed)
    assert change.like_after == before.headline
    assert change.scope > 0


@given(some_items(), st.randoms(use_true_random=False))
def test_7_order_of_arrival_does_not_matter_and_a_day_gives_the_same_bytes(items, random):
    shuffled = list(items)
    random.shuffle(shuffled)
    one, other = at(ledgers(items)), at(ledgers(shuffled))
    assert one.cells.equals(other.cells)
    assert one.cells.write_csv() == at(ledgers(items)).cells.write_csv()


@given(some_items(), st.sampled_from("123"), st.sampled_from("ABCDE"), st.booleans())
def test_8_a_contradiction_never_moves_a_cell_up(items, source, letter, is_answered):
    answers = [answered()] if is_answered else []
    against = item("against", "D", "another origin", source + letter, 200, "refutes")
    before = first(at(ledgers(items, answers=answers, asks=[ask()])))
    after = first(at(ledgers([*items, against], answers=answers, asks=[ask()])))
    assert RANK[after["status"]] <= RANK[before["status"]]


def test_9_a_reader_without_clearance_sees_withheld_and_no_other_number():
    whole = at(ledgers([item(1, grade="1A"), item(2, "B", "b", "1A")]))
    cell = first(whole)["cell"]
    hidden = first(whole.withheld_from([cell]))
    assert first(whole)["status"] == "N4"
    assert hidden["status"] == "W"
    assert [hidden[name] for name in ("e_for", "e_against", "origins", "largest_share", "age")] == [
        None
    ] * 5
    assert whole.withheld_from([cell]).shares()["W"][0] == pytest.approx(1 / 3)


def test_11_statuses_that_hang_on_the_weights_are_flagged():
    strong = at(ledgers([item(1, grade="1A", day=290), item(2, "B", "b", "1A", 290)]))
    weak = at(ledgers([item(1, grade="2C", day=290), item(2, "B", "b", "2A", 290)]))
    assert (first(strong)["status"], first(strong)["fragile"]) == ("N4", False)
    assert first(weak)["fragile"] is True
    assert weak.shares()["fragile"][0] == pytest.approx(1 / 3)


@given(some_items(), st.integers(1, 30))
def test_12_an_agency_cannot_raise_the_score_by_volume(items, times):
    many = [
        {**each, "item": f"{each['item']}-{number}"} for each in items for number in range(times)
    ]
    before, after = at(ledgers(items)), at(ledgers(many))
    assert after.cells["status"].to_list() == before.cells["status"].to_list()
    assert after.headline == before.headline


def test_13_no_ledger_reads_the_log():
    """Neither the library nor the queries of intelligence know the log."""
    root = Path(__file__).parents[2] / "src"
    files = [
        *(root / "darkfigure" / "intelligence").glob("*.py"),
        root / "darkfigure_hub" / "store" / "queries" / "intelligence.py",
    ]
    for path in files:
        names = {
            node.id for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Name)
        }
        assert "LogEntry" not in names
        assert "store_logentry" not in path.read_text()


# --- what follows from the definition
# -------------------------------------------------------------------------------------


def confirming(name, agency="B", origin="b", day=0, until=None):
    on = START + timedelta(days=day)
    known_to = None if until is None else START + timedelta(days=until)
    return {
        "item": name, "agency": agency, "origin": origin, "known_from": on, "known_to": known_to,
    }  # fmt: skip


def test_b_is_borne_by_an_item_held_of_another_origin_outside_the_cell():
    confirmed = [item(1, grade="2B", corroborated_by="R/2")]
    other = confirming("R/2")
    found = {
        "outside": ledgers(confirmed, corroborators=[other]),
        "not held": ledgers(confirmed),
        "not yet": ledgers(confirmed, corroborators=[confirming("R/2", day=1)]),
        "taken back": ledgers(confirmed, corroborators=[confirming("R/2", until=0)]),
        "same origin": ledgers(confirmed, corroborators=[confirming("R/2", origin="a")]),
        "inside": ledgers([*confirmed, item(2, "B", "b", "3E")], corroborators=[other]),
    }
    weighed = {name: first(at(held, 0))["e_for"] for name, held in found.items()}
    assert weighed.pop("outside") == pytest.approx(weight("2", "B"))
    assert weighed == dict.fromkeys(weighed, pytest.approx(weight("2", "C")))


def test_an_item_of_the_agency_asked_replies_and_one_announced_does_not():
    asked, sent = [ask()], [item(1, day=5)]
    announced = first(at(ledgers(asks=asked, replies=[reply("items")]), 40))
    assert (announced["status"], announced["replied"], announced["informed"]) == ("N1", 1, 0)
    by_item = first(at(ledgers(sent, asks=asked), 40))
    assert (by_item["status"], by_item["replied"], by_item["informed"]) == ("N3", 1, 1)
    of_another = first(at(ledgers([item(1, agency="B", day=5)], asks=asked), 40))
    assert (of_another["replied"], of_another["informed"]) == (0, 0)
    before = {**asked[0], "asked_on": START + timedelta(days=6)}
    assert first(at(ledgers(sent, asks=[before]), 40))["replied"] == 0


def test_two_origins_of_one_agency_and_kind_indicate_and_of_two_corroborate():
    same = [item(1, grade="1A", day=290), item(2, origin="b", grade="1A", day=290)]
    assert first(at(ledgers(same)))["status"] == "N3"
    assert first(at(ledgers([same[0], {**same[1], "kind": "victim"}])))["status"] == "N4"
    assert first(at(ledgers([same[0], {**same[1], "agency": "B"}])))["status"] == "N4"


def test_the_ladder_from_the_top():
    strong = [item(1, grade="1A", day=100), item(2, "B", "b", "1A", 100)]
    against = item(3, "C", "c", "1A", 100, "refutes")
    closed = {
        "question": "HT.1.1",
        "area": "Kent",
        "period": PERIOD,
        "why": "unlawful",
        "known_from": START,
        "known_to": None,
    }
    assert first(at(ledgers(strong), 101))["status"] == "N4"
    assert first(at(ledgers(strong), 900))["status"] == "L"
    assert first(at(ledgers([*strong, against]), 101))["status"] == "X"
    assert first(at(ledgers([*strong, against], answers=[answered(day=100)]), 101))["status"] == "X"
    assert first(at(ledgers(strong, answers=[answered(day=100)]), 101))["status"] == "N5"
    done = at(ledgers(strong, closures=[closed]))
    assert first(done)["status"] == "Z"
    assert done.shares()["cells"][0] == CELLS.cells.height - 1


def test_a_regrade_is_seen_from_its_day_and_not_before():
    old = item(1, grade="1A", known_to=START + timedelta(days=50))
    new = {**item(1, grade="3D"), "known_from": START + timedelta(days=50)}
    held = ledgers([old, new])
    day = START + timedelta(days=40)
    assert first(at(held, 40))["e_for"] > first(at(held, 60))["e_for"]
    then, revised = (
        coverage(CELLS, held, day),
        coverage(CELLS, held, day, known=START + timedelta(days=60)),
    )
    assert first(then)["e_for"] > first(revised)["e_for"]


@given(some_items(), some_items())
def test_updating_after_a_report_gives_what_a_full_run_gives(items, more):
    moved = [{**each, "item": f"more/{number}"} for number, each in enumerate(more)]
    before, whole = at(ledgers(items)), ledgers([*items, *moved])
    after = updated(before, CELLS, whole, [first(before)["cell"]])
    assert after.cells.equals(at(whole).cells)


def test_floor_counts_questions_with_nothing_at_all():
    assert at(ledgers()).floor == ["HT.1.1", "HT.1.2"]
    assert at(ledgers([item(1)])).floor == ["HT.1.2"]


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.floats(0.1, 5), st.floats(0.05, 0.9)),
        min_size=1,
        max_size=7,
    ),
    st.integers(1, 4),
)
def test_the_plan_reaches_what_is_promised(drawn, budget):
    """Against the best of every choice, for asks of one cost."""
    from itertools import combinations

    weights = {}
    candidates = []
    for number, (cell, value, strength) in enumerate(drawn):
        candidates.append(
            Candidate(cell, f"agency {number}", weights.setdefault(cell, value), 0.2, 1.0, strength)
        )

    def gain(chosen):
        total = 0.0
        for cell, value in weights.items():
            missing = 1 - 0.2
            for each in chosen:
                missing *= 1 - each.strength if each.cell == cell else 1
            total += value * (0.8 - missing)
        return total

    best = max(
        gain(each)
        for size in range(budget + 1)
        for each in combinations(candidates, min(size, len(candidates)))
    )
    found = plan(candidates, budget)
    assert gain([each.candidate for each in found]) >= GUARANTEE * best - 1e-9
    assert sum(each.gain for each in found) == pytest.approx(
        gain([each.candidate for each in found])
    )
    assert replace(found[0], spent=0).candidate in candidates
