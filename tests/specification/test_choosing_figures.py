"""Which figures answer a question: what can be used, which is preferred, how periods are covered.

Blocks here are made by hand; they are SYNTHETIC.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkfigure.basis.marking import Marking
from darkfigure.basis.period import parse_period
from darkfigure.basis.statement import Block, Role
from darkfigure.publication import answer
from darkfigure.reading import evidence_from
from darkfigure.tables.cover import Span, plan_cover
from darkfigure.tables.evidence import Total
from darkfigure.tables.pieces import Key, gather, joined, piece_from, settle_twins
from darkfigure.tables.question import ask
from darkfigure.tables.selection import can_collapse, select, twins
from darkfigure.tables.tabulate import RULES
from support import statement, statement_file

DAY, LATER = date(2009, 1, 1), date(2009, 2, 1)


def block(number=1, shape=("operation",), period="2008", stated_on=DAY, **given):
    made = Block(
        id=number,
        return_id=1,
        return_sha256="a",
        file_name="synthetic.csv",
        measure="victims_recovered",
        unit="persons",
        population="",
        role=Role.FIGURE,
        shape=frozenset(shape),
        period=parse_period(period),
        status="final",
        stated_on=stated_on,
        precision="day",
        stated_by="HO",
        stated_as="Home Office",
        source="synthetic",
        whole=False,
        rank=0,
        marking=Marking.PUBLIC,
        known_from=stated_on,
        known_to=None,
        received_on=stated_on,
    )
    return replace(made, **given)


def total(number=1, value=5, dims=(None,), **given):
    made = Total([number], dims, 1, 1, value, 0, 0, 0, 0, (), "")
    for name, held in given.items():
        setattr(made, name, held)
    return made


def question(by=("operation",), measure="victims_recovered", day=LATER, **given):
    return ask(measure, day, by=by, **given)


def sorted_as(found):
    return {
        name: [each.id for each in getattr(found, name)]
        for name in ("usable", "undivided", "unfiltered", "crossing")
        if getattr(found, name)
    }


# What can be used


def test_only_figures_that_stand_on_the_day_and_meet_the_period_are_looked_at():
    blocks = [
        block(1),
        block(2, role=Role.CHANGE),
        block(3, known_from=LATER + timedelta(days=1)),
        block(4, known_to=LATER),
        block(5, period="2007"),
        block(6, known_to=LATER + timedelta(days=1)),
    ]
    assert sorted_as(select(question(period="2008"), blocks)) == {"usable": [1, 6]}
    assert sorted_as(select(question(), blocks)) == {"usable": [1, 5, 6]}


@pytest.mark.parametrize(
    ("given", "shape", "where_it_goes"),
    [
        ({}, ("operation",), "usable"),
        ({}, ("operation", "sex"), "usable"),
        ({}, ("sex",), "undivided"),
        ({}, (), "undivided"),
        ({"by": ()}, (), "usable"),
        ({"by": ()}, ("sex",), "usable"),
        ({"by": ("operation", "sex")}, ("sex",), "usable"),
        ({"where": ["sex=female"]}, ("operation", "sex"), "usable"),
        ({"where": ["sex=female"]}, ("operation",), "unfiltered"),
        ({"where": ["sex=female", "age_group=child"]}, ("operation", "sex"), "unfiltered"),
        ({"by": (), "period": "2008"}, (), "usable"),
        ({"by": (), "period": "2008Q1"}, (), "crossing"),
        ({"by": ("year",)}, (), "usable"),
        ({"by": ("quarter",)}, (), "crossing"),
        ({"by": ("operation", "quarter")}, ("sex",), "crossing"),
        ({"by": ("operation", "quarter"), "where": ["sex=female"]}, ("area",), "unfiltered"),
    ],
)
def test_where_a_block_goes(given, shape, where_it_goes):
    assert sorted_as(select(question(**given), [block(shape=shape)])) == {where_it_goes: [1]}


def test_shares_and_estimates_are_used_only_as_they_are_broken_down():
    share = block(measure="arrests_no_further_action", unit="percent", shape=("operation", "area"))
    asked = {"measure": "arrests_no_further_action"}
    assert sorted_as(select(question(**asked), [share])) == {"undivided": [1]}
    assert sorted_as(select(question(("operation", "area"), **asked), [share])) == {"usable": [1]}
    kept = question(**asked, where=["area=Essex"])
    assert sorted_as(select(kept, [share])) == {"usable": [1]}


def test_the_unit_is_the_one_asked_else_the_first_that_is_held():
    blocks = [
        block(1, (), unit="convictions"),
        block(2, (), unit="persons"),
        block(3, (), unit="convictions"),
    ]
    asked = question((), "convictions")
    found = select(asked, blocks)
    assert (found.unit, found.other_units, sorted_as(found)) == (
        "persons",
        ("convictions",),
        {"usable": [2]},
    )
    found = select(asked, [blocks[0]])
    assert (found.unit, found.other_units) == ("convictions", ())
    found = select(question((), "convictions", unit="convictions"), blocks)
    assert (found.unit, found.other_units, sorted_as(found)) == (
        "convictions",
        ("persons",),
        {"usable": [1, 3]},
    )
    found = select(asked, [])
    assert (found.unit, found.other_units, sorted_as(found)) == ("persons", (), {})


def test_twins_are_of_one_matter_and_one_day():
    one, same, other = block(1), block(2), block(3, stated_by="UKHTC")
    later = block(4, stated_on=LATER)
    assert twins([one, same, other, later]) == ([other, later], [one, same])
    assert twins([]) == ([], [])


def test_rows_are_added_over_all_blocks_where_none_meet():
    first, second = block(1), block(2, period="2007")
    assert can_collapse(question(), [first, second])
    assert can_collapse(question(()), [first])
    assert can_collapse(
        question(), [first, block(2, stated_on=LATER)]
    )  # one is closed by the other


@pytest.mark.parametrize(
    ("asked", "blocks"),
    [
        (question(), []),
        (question(("operation", "year")), [block()]),
        (question(("operation",), "arrests_no_further_action"), [block()]),
        (question(), [block(1), block(2, ("operation", "sex"), period="2007")]),
        (question(), [block(1), block(2, period="2007", stated_by="UKHTC")]),
        (question(), [block(1), block(2, period="2007", population="other")]),
        (question(("operation", "sex")), [block()]),
        (question(), [block(1), block(2)]),
        (question(), [block(1), block(2, period="2008Q4..2009Q1")]),
        (question(), [block(1), block(2, period="2008-12-31")]),
    ],
)
def test_rows_are_not_added_over_blocks(asked, blocks):
    assert not can_collapse(asked, blocks)


# What is preferred


def piece(number=1, value=5, extra=0, **given):
    return piece_from([block(number, **given)], total(number, value), extra)


def test_a_piece_is_preferred_by_day_directness_document_and_a_fixed_order():
    ordered = [
        piece(stated_on=LATER, extra=9, rank=9),
        piece(extra=0, rank=9),
        piece(extra=1, rank=0, stated_by="Z"),
        piece(extra=1, rank=1, stated_by="A", return_sha256="z"),
        piece(extra=1, rank=1, stated_by="B", return_sha256="a", source="z"),
        piece(extra=1, rank=1, stated_by="B", return_sha256="b", source="a"),
        piece(extra=1, rank=1, stated_by="B", return_sha256="b", source="b"),
    ]
    backwards = ordered[::-1]
    assert sorted(backwards, key=lambda each: each.preference) == ordered


def test_a_set_is_as_recent_as_its_oldest_part():
    assert joined([piece(1), piece(2, stated_on=LATER)]).stated_on == DAY


def test_a_figure_is_whole_where_every_row_holds_one():
    whole = piece_from([block()], total(value=7, count=2, valued=2, note="n"), 3)
    assert (whole.value, whole.complete, whole.notes, whole.extra) == (7, True, ("n",), 3)
    part = piece_from([block()], total(value=7, count=2, valued=1, reasons=["not_known"]), 0)
    assert (part.value, part.complete, part.notes) == (None, False, ())
    assert part.reasons == {"not_known"}


def test_a_lower_bound_needs_one_row_an_upper_bound_every_row():
    bounds = {"count": 2, "valued": 0, "low": 3, "high": 9}
    for lows, highs, expected in [
        (0, 0, (None, None)),
        (1, 1, (3, None)),
        (2, 2, (3, 9)),
    ]:
        made = piece_from([block()], total(**bounds, lows=lows, highs=highs), 0)
        assert (made.low, made.high) == expected


def test_pieces_joined_add_up_what_each_has():
    one = piece(1, 5)._replace(low=1, high=6, notes=("b",), extra=2, reasons=frozenset({"x"}))
    two = piece(2, 7)._replace(low=2, high=8, notes=("a",), extra=1, reasons=frozenset({"y"}))
    made = joined([one, two])
    assert [each.id for each in made.blocks] == [1, 2]
    assert (made.value, made.low, made.high, made.complete) == (12, 3, 14, True)
    assert (made.notes, made.extra, made.reasons) == (("a", "b"), 2, {"x", "y"})
    open_one = two._replace(value=None, low=None, high=None, complete=False)
    made = joined([one, open_one])
    assert (made.value, made.low, made.high, made.complete) == (None, 1, None, False)
    assert joined([open_one, open_one]).low is None
    assert joined([one]) is one


def test_two_pieces_say_the_same_where_figure_and_bounds_agree():
    one = piece()
    assert one.says_same_as(piece(2))
    for other in (one._replace(value=6), one._replace(low=1), one._replace(high=9)):
        assert not one.says_same_as(other)


def test_a_key_refines_what_it_breaks_down():
    whole, part = Key("", "", (None, None)), Key("", "", ("a", None))
    assert part.refines(whole)
    assert Key("", "", ("a", "b")).refines(part)
    assert not whole.refines(part)
    assert not part.refines(part)
    assert not Key("", "", ("b", "c")).refines(part)
    assert not Key("other", "", ("a", "b")).refines(part)
    assert not Key("", "2008", ("a", "b")).refines(part)
    with pytest.raises(ValueError, match="zip"):  # keys of two questions are not compared
        Key("", "", ("a",)).refines(whole)


def test_pieces_are_gathered_by_cell_and_period_and_of_one_body_added():
    blocks = [
        block(1, ("operation", "sex")),
        block(2, ("operation", "sex")),
        block(3, ("operation",), stated_by="UKHTC"),
        block(4, ("operation",), period="2007"),
        block(5, ("operation",), population="other"),
        block(6, ("operation",)),
    ]
    by_id = {each.id: each for each in blocks}
    rows = [total(each.id, each.id, ("P",)) for each in blocks] + [total(6, 60, ("Q",))]
    found = gather(question(), rows, by_id)
    year, before = (date(2008, 1, 1), date(2008, 12, 31)), (date(2007, 1, 1), date(2007, 12, 31))
    values = {
        key: {period: [each.value for each in pieces] for period, pieces in periods.items()}
        for key, periods in found.items()
    }
    assert values == {
        Key("", "", ("P",)): {year: [3, 3, 6], before: [4]},
        Key("other", "", ("P",)): {year: [5]},
        Key("", "", ("Q",)): {year: [60]},
    }
    assert [each.extra for each in found[Key("", "", ("P",))][year]] == [1, 0, 0]


def test_a_dimension_kept_to_is_none_that_was_added_over():
    made = gather(
        question(where=["sex=female"]),
        [total(1, 5, ("P",))],
        {1: block(1, ("operation", "sex", "area"))},
    )
    assert [
        piece.extra for periods in made.values() for each in periods.values() for piece in each
    ] == [1]


def test_pieces_are_gathered_by_the_bucket_of_time_asked_for():
    by_id = {1: block(1, (), period="2008Q1"), 2: block(2, (), period="2007Q1")}
    found = gather(question(("year",)), [total(1, 5, ()), total(2, 6, ())], by_id)
    assert list(found) == [Key("", "2008", ()), Key("", "2007", ())]


def test_of_shares_the_one_to_use_is_taken_and_none_are_added():
    share = {"measure": "arrests_no_further_action", "unit": "percent"}
    by_id = {1: block(1, **share), 2: block(2, stated_on=LATER, **share)}
    rows = [total(1, 20, ("P",)), total(2, 30, ("P",))]
    asked = question(("operation",), "arrests_no_further_action")
    ((pieces,),) = [list(periods.values()) for periods in gather(asked, rows, by_id).values()]
    assert [each.value for each in pieces] == [30]


def test_twins_count_once_and_what_differs_is_said():
    by_id = {1: block(1, rank=1), 2: block(2), 3: block(3, period="2007")}
    rows = [
        total(1, 5, ("P", "f")),
        total(2, 7, ("P", "f")),
        total(1, 4, ("P", "m")),
        total(2, 4, ("P", "m")),
        total(3, 9, ("P", "f")),
    ]
    used, differing = settle_twins(question(), rows, by_id, ("operation", "sex"))
    assert [(each.blocks, each.dims, each.value) for each in used] == [
        ([2], ("P",), 7),
        ([2], ("P",), 4),
        ([3], ("P",), 9),
    ]
    assert [(one.value, other.value) for one, other in differing] == [(7, 5)]
    bounded = [total(1, 0, ("P", "f"), low=1), total(2, 0, ("P", "f"), low=2)]
    assert len(settle_twins(question(), bounded, by_id, ("operation", "sex"))[1]) == 1
    used, _ = settle_twins(question(("area", "operation")), rows[:1], by_id, ("operation", "sex"))
    assert used[0].dims == (None, "P")


# How periods are covered


def span(first, last, stated=0):
    start = date(2020, 1, 1)
    return Span(
        start + timedelta(days=first),
        start + timedelta(days=last),
        DAY + timedelta(days=stated),
    )


def test_the_most_days_with_the_fewest_figures():
    assert span(0, 0).days == 1
    year, half, other = span(0, 9), span(0, 4), span(5, 9)
    assert plan_cover((half, other, year)).chosen == (2,)
    assert plan_cover((half, other)).chosen == (0, 1)
    assert plan_cover((other, half)).chosen == (1, 0), "in order of time"
    assert plan_cover(()) == ((), ())


def test_of_choices_alike_the_one_that_ends_later_in_whatever_order_they_come():
    early, late = span(0, 4), span(3, 7)
    assert plan_cover((early, late)).chosen == (1,)
    assert plan_cover((late, early)).chosen == (0,)


def test_a_day_in_two_figures_is_in_one():
    assert plan_cover((span(0, 5), span(5, 9))).chosen == (0,)
    assert plan_cover((span(0, 4), span(5, 9), span(4, 6))).chosen == (0, 1)
    assert plan_cover((span(0, 2), span(1, 9), span(9, 12))).chosen == (1,)


def test_what_is_tiled_exactly_is_said_and_gives_way_to_parts_stated_later():
    whole, first, second = span(0, 9), span(0, 4, 1), span(5, 9, 1)
    plan = plan_cover((whole, first, second))
    assert plan == ((1, 2), ((0, (1, 2)),))
    same_day = plan_cover((whole, span(0, 4), span(5, 9)))
    assert same_day == ((0,), ((0, (1, 2)),))
    one_older = plan_cover((whole, span(0, 4, 1), span(5, 9)))
    assert one_older.chosen == (0,)
    assert plan_cover((whole, span(0, 4, 1), span(6, 9, 1))) == ((0,), ())
    assert plan_cover((whole, span(0, 9, 1))).tiled == ()


def test_of_several_tilings_the_finest_is_said():
    spans = (span(0, 9), span(0, 4), span(5, 9), span(5, 6), span(7, 9))
    assert plan_cover(spans).tiled == ((0, (1, 3, 4)), (2, (3, 4)))


spans = st.lists(
    st.tuples(st.integers(0, 8), st.integers(0, 4), st.integers(0, 2)).map(
        lambda found: span(found[0], found[0] + found[1], found[2])
    ),
    max_size=7,
).map(tuple)


def apart(chosen):
    days = [
        day for each in chosen for day in range(each.start.toordinal(), each.end.toordinal() + 1)
    ]
    return len(days) == len(set(days))


@given(spans)
def test_no_choice_covers_more_days_or_as_many_with_fewer(found):
    from itertools import combinations

    plan = plan_cover(found)
    dropped = {
        place
        for place, tiles in plan.tiled
        if min(found[tile].stated_on for tile in tiles) > found[place].stated_on
    }
    kept = [place for place in range(len(found)) if place not in dropped]
    best = max(
        (sum(found[place].days for place in chosen), -len(chosen))
        for size in range(len(kept) + 1)
        for chosen in combinations(kept, size)
        if apart([found[place] for place in chosen])
    )
    chosen = [found[place] for place in plan.chosen]
    assert apart(chosen)
    assert (sum(each.days for each in chosen), -len(chosen)) == best
    assert [each.start for each in chosen] == sorted(each.start for each in chosen)
    for place, tiles in plan.tiled:
        assert apart([found[tile] for tile in tiles])
        assert sum(found[tile].days for tile in tiles) == found[place].days


FEBRUARY = {"period": "2008", "stated_on": "2009-02-01"}


@pytest.mark.parametrize(
    ("records", "rule"),
    [
        ([{"value": 5}, {"value": 7, "source": "another"}], "order"),
        (
            [{"value": 5, "exploitation": "sexual"}, {"value": 7, "operation": "Pentameter 2"}],
            "apart",
        ),
        ([{"value": 7}, {"value": 5, "exploitation": "sexual"}], "direct"),
        ([{"value": 5}, {"value": 7, "stated_on": "2009-03-01", "stated_by": "UKHTC"}], "latest"),
    ],
)
def test_the_rule_told_is_the_one_that_decided(tmp_path, records, rule):
    rows = [statement(**{**FEBRUARY, **record}) for record in records]
    evidence = evidence_from([statement_file(tmp_path / "own.csv", *rows)], date(2010, 1, 1))
    (cell,) = answer(ask("victims_recovered", date(2010, 1, 1), period="2008"), evidence).cells
    (other,) = cell.conflicts
    assert (cell.rule, other.rule) == (RULES[rule], RULES[rule])
