"""What is not there: noughts that whole tables state by silence, and returns that were not made.

Blocks, and the files of recorded crime, are SYNTHETIC.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from test_choosing_figures import block

from darkfigure.basis.period import parse_period
from darkfigure.basis.statement import Role, Row
from darkfigure.basis.status import CellReason
from darkfigure.publication import answer, ask
from darkfigure.reading import evidence_from
from darkfigure.tables.evidence import Total
from darkfigure.tables.measures import all_measures
from darkfigure.tables.memory import MemoryEvidence, _Held
from darkfigure.tables.noughts import with_noughts
from darkfigure.tables.pieces import Key, Piece
from darkfigure.tables.unreturned import Lacking, Unreturned, what_is_lacking

DAY = date(2020, 1, 1)
HEADING = (
    "Financial Year,Financial Quarter,Force Name,Offence Description,Offence Group,"
    "Offence Subgroup,Offence Code,Number of Offences"
)


@pytest.fixture
def answered(tmp_path):
    """Questions answered from files of recorded crime, each `(year, quarter, area, offence,
    count)` lines stated on a day.
    """

    def make(*files, days=(), **asked):
        paths = []
        for at, lines in enumerate(files):
            path = tmp_path / f"synthetic_{at}.csv"
            rows = [
                f"{year}/{year % 100 + 1},{quarter},{area},SYNTHETIC,g,s,{offence},{count}"
                for year, quarter, area, offence, count in lines
            ]
            path.write_text("\n".join([HEADING, *rows, ""]), encoding="utf-8")
            paths.append(path)
        held = evidence_from(paths, date(2026, 11, 23))
        return answer(ask("recorded_offences", date(2026, 11, 23), **asked), held)

    return make


def figures(found):
    return {
        " ".join(str(value) for value in cell.dims.values()): (
            cell.value,
            cell.low,
            tuple(map(str, cell.reasons)),
        )
        for cell in found.cells
    }


KENT = [(2016, 1, "Kent", "106", 5), (2016, 2, "Kent", "106", 7)]
ESSEX = (2016, 1, "Essex", "106", 2)
WHOLE, NO_RETURN = (), (str(CellReason.NO_RETURN),)


def test_a_sum_over_a_body_that_made_no_return_is_a_lower_bound(answered):
    found = answered([*KENT, ESSEX])
    assert figures(found) == {"": (None, 14, NO_RETURN)}
    said = " ".join(str(each.detail) for each in found.cannot)
    assert "Essex (2016/17 Q2)" in said
    assert figures(answered(KENT)) == {"": (12, 12, WHOLE)}


def test_asked_strictly_there_is_no_figure(answered):
    (cell,) = answered([*KENT, ESSEX], strict=True).cells
    assert (cell.value, cell.low) == (None, None)
    assert cell.reasons == (CellReason.NO_RETURN,)


def test_the_body_that_made_none_is_named_and_no_other(answered):
    found = answered([*KENT, ESSEX], by=["area"])
    assert figures(found) == {"Essex": (None, 2, NO_RETURN), "Kent": (12, 12, WHOLE)}


def test_by_quarter_the_quarter_without_a_return_has_no_figure(answered):
    found = answered([*KENT, ESSEX], by=["quarter", "area"])
    told = figures(found)
    assert {where for where, (*_, reasons) in told.items() if reasons} == {"Essex 2016 Q3"}
    assert told["Essex 2016 Q3"][:2] == (None, None)
    assert told["Essex 2016 Q2"] == (2, 2, WHOLE)
    assert told["Kent 2016 Q3"] == (7, 7, WHOLE)


def test_another_file_that_holds_the_return_fills_the_place(answered):
    """A file may correct single figures of another: what one lacks, the other may hold."""
    more = [(2016, 2, "Essex", "106", 4), (2016, 2, "Kent", "106", 7)]
    found = answered([*KENT, ESSEX], more, by=["area"])
    assert {cell.dims["area"]: cell.reasons for cell in found.cells}["Essex"] == WHOLE


def test_kept_to_a_body_that_made_its_returns_nothing_is_lacking(answered):
    lines = [*KENT, ESSEX]
    assert figures(answered(lines, where=["area=Kent"])) == {"": (12, 12, WHOLE)}
    assert figures(answered(lines, where=["area=Essex"])) == {"": (None, 2, NO_RETURN)}


def test_a_body_lacks_only_what_its_other_returns_hold(answered):
    """Essex never returned offence 104: what is asked of it lacks nothing."""
    lines = [*KENT, ESSEX, (2016, 1, "Kent", "104", 1)]
    told = figures(answered(lines, by=["offence"]))
    assert told["prc:104"] == (1, 1, WHOLE)
    assert told["prc:106"] == (None, 14, NO_RETURN)


def test_outside_the_time_asked_nothing_is_lacking(answered):
    found = answered([*KENT, ESSEX], period="2016Q2")
    assert figures(found) == {"": (7, 7, WHOLE)}


def test_a_body_of_a_later_time_is_not_missed_before_it_was(answered):
    """UK Finance took over from Financial Fraud Action UK in July 2017."""
    lines = [
        (2017, 1, "Financial Fraud Action UK", "106", 3),
        (2017, 1, "Kent", "106", 5),
        (2017, 2, "UK Finance", "106", 4),
        (2017, 2, "Kent", "106", 6),
    ]
    assert figures(answered(lines)) == {"": (18, 18, WHOLE)}


ASKED = {"by": ["operation"]}


def asked(**given):
    return ask("victims_recovered", DAY, **given)


def days(text):
    return parse_period(text).start, parse_period(text).end


def piece(made, value=5):
    return Piece((made,), value, 0, 0, complete=True, reasons=frozenset(), notes=(), extra=0)


def table(number, period, shape=("operation",), **given):
    return block(number, shape, period, **{"whole": True, **given})


def noughts(question, held, usable, buckets=None, dims=("Pentameter 2",), bucket=""):
    """The periods at which a nought is put beside the pieces held, with its block's number."""
    key = Key("", bucket, dims)
    pieces = {key: {days(each.period.label): [piece(each)] for each in held}}
    buckets = buckets or {each.id: bucket for each in usable}
    found = with_noughts(question, pieces, usable, buckets)
    assert list(found) == [key]
    assert all(found[key][at] == put for at, put in pieces[key].items()), "what is held stays"
    return {at: made[0].blocks[0].id for at, made in found[key].items() if at not in pieces[key]}


def test_a_whole_table_that_leaves_a_value_out_says_nought_of_it():
    held, silent = table(1, "2006"), table(2, "2007")
    assert noughts(asked(**ASKED), [held], [held, silent]) == {days("2007"): 2}


def test_a_nought_is_a_figure_like_any_other():
    held, silent = table(1, "2006"), table(2, "2007")
    key = Key("", "", ("Pentameter 2",))
    pieces = {key: {days("2006"): [piece(held)]}}
    found = with_noughts(asked(**ASKED), pieces, [held, silent], {1: "", 2: ""})
    (made,) = found[key][days("2007")]
    assert made == Piece((silent,), 0, 0, 0, complete=True, reasons=frozenset(), notes=(), extra=0)


def test_a_nought_says_over_how_many_other_dimensions_it_is():
    shape = ("operation", "exploitation", "age_group", "area")
    held, silent = table(1, "2006", shape), table(2, "2007", shape)
    key = Key("", "", ("Pentameter 2",))
    question = asked(**ASKED, where=["exploitation=sexual"])
    found = with_noughts(
        question, {key: {days("2006"): [piece(held)]}}, [held, silent], {1: "", 2: ""}
    )
    assert found[key][days("2007")][0].extra == 2


def test_what_is_no_whole_table_says_nothing_by_silence():
    held, part = table(1, "2006"), table(2, "2007", whole=False)
    assert noughts(asked(**ASKED), [held], [held, part]) == {}
    part, silent = table(1, "2006", whole=False), table(2, "2007")
    assert noughts(asked(**ASKED), [part], [part, silent]) == {}


def test_only_a_table_of_the_same_breakdown_body_population_and_stretch_does():
    held = table(1, "2006")
    for other in (
        {"stated_by": "UKHTC"},
        {"population": "adults"},
        {"shape": frozenset({"operation", "area"})},
    ):
        assert noughts(asked(**ASKED), [held], [held, table(2, "2007", **other)]) == {}, other
    both = [held, table(2, "2007")]
    cut = asked(by=["operation", "year"])
    assert noughts(cut, [held], both, {1: "2006", 2: "2007"}, bucket="2006") == {}
    assert noughts(cut, [held], both, {1: "2006", 2: "2006"}, bucket="2006") == {days("2007"): 2}


def test_a_table_without_the_breakdown_asked_says_nothing_of_it():
    held, other = table(1, "2006", ("area",)), table(2, "2007", ("area",))
    assert noughts(asked(**ASKED), [held], [held, other]) == {}


def test_no_nought_stands_where_something_is_held_of_the_days():
    year, quarter = table(1, "2006"), table(2, "2006Q2")
    assert noughts(asked(**ASKED), [year], [year, quarter]) == {}
    assert noughts(asked(**ASKED), [quarter], [year, quarter]) == {}
    before = table(3, "2005Q4")
    assert noughts(asked(**ASKED), [year], [year, before]) == {days("2005Q4"): 3}
    after = table(4, "2007Q1")
    assert noughts(asked(**ASKED), [year], [year, after]) == {days("2007Q1"): 4}
    touching = table(5, "2005-06-01..2006-01-01")
    assert noughts(asked(**ASKED), [year], [year, touching]) == {}
    touching = table(6, "2006-12-31..2007-06-01")
    assert noughts(asked(**ASKED), [year], [year, touching]) == {}


def test_of_tables_for_the_same_days_the_first_says_it():
    held, one, other = table(1, "2006"), table(2, "2007"), table(3, "2007")
    assert noughts(asked(**ASKED), [held], [held, one, other]) == {days("2007"): 2}
    assert noughts(asked(**ASKED), [held], [held, other, one]) == {days("2007"): 3}


def test_tables_of_several_periods_say_it_each():
    held = table(1, "2006")
    silent = [table(number, str(2000 + number)) for number in (7, 8, 9)]
    assert noughts(asked(**ASKED), [held], [held, *silent]) == {
        days("2007"): 7,
        days("2008"): 8,
        days("2009"): 9,
    }


AREAS = {"by": ["area"]}
LATE = "UK Finance"


def test_a_nought_is_said_only_of_what_was_in_use():
    """UK Finance took over in July 2017."""
    tables = [table(n, f"2017Q{n}", ("area",)) for n in (1, 2, 3, 4)]
    assert noughts(asked(**AREAS), tables[3:], tables, dims=(LATE,)) == {days("2017Q3"): 3}
    assert len(noughts(asked(**AREAS), tables[3:], tables, dims=("Kent",))) == 3
    kept = asked(by=["operation"], where=[f"area={LATE}"])
    tables = [table(n, f"2017Q{n}", ("area", "operation")) for n in (1, 2, 3, 4)]
    assert noughts(kept, tables[3:], tables) == {days("2017Q3"): 3}


# What is lacking, block by block.


def quarter(number, area_rows, **given):
    """A block of recorded crime for a quarter of 2017 with its rows: area, class, and the day it
    was replaced, if it was.
    """
    made = block(number, ("area", "offence"), given.pop("period", f"2017Q{number}"), **given)
    rows = [
        Row(made, at, "", dims(area, offence), 5, None, None, "", "", None, "", *closed or [None])
        for at, (area, offence, *closed) in enumerate(area_rows, 2)
    ]
    return _Held(made, rows)


def dims(area, offence):
    return {"area": area, **({"offence": offence} if offence else {})}


def lacking(*held, usable=None, **asked):
    evidence = MemoryEvidence()
    evidence._held = [*held]
    blocks = [each.block for each in held]
    question = ask("recorded_offences", DAY, **{"by": ["offence"], **asked})
    return what_is_lacking(question, blocks if usable is None else usable, blocks, evidence)


def no_return(number, *of):
    return Total([number], of, 1, 0, 0, 0, 0, 0, 0, ["no_return"], "")


KENT_AND_ESSEX = [
    ("Kent", "prc:106"),
    ("Essex", "prc:106"),
    ("Essex", ""),
    ("Essex", "prc:104"),
]
KENT_ALONE = [("Kent", "prc:106")]


def test_in_the_place_of_each_figure_that_was_not_returned_stands_that_it_was_not():
    one, other = quarter(1, KENT_AND_ESSEX), quarter(2, KENT_ALONE)
    assert lacking(one, other) == Lacking(
        (Unreturned(other.block, "Essex", (other.block.period,)),),
        (no_return(2, "prc:104"), no_return(2, "prc:106"), no_return(2, None)),
    )
    by_area = lacking(one, other, by=["area"])
    assert by_area.totals == (no_return(2, "Essex"),)
    assert lacking(one, other, by=[]).totals == (no_return(2),)
    kept = lacking(one, other, where=["offence=prc:104"])
    assert kept.totals == (no_return(2, "prc:104"),)


def test_each_file_lacks_what_it_lacks():
    files = (
        quarter(1, KENT_AND_ESSEX),
        quarter(2, KENT_ALONE),
        quarter(3, KENT_AND_ESSEX, return_id=2),
        quarter(4, KENT_ALONE, return_id=2),
    )
    found = lacking(*files, by=[])
    assert found.pieces == (
        Unreturned(files[1].block, "Essex", (files[1].block.period,)),
        Unreturned(files[3].block, "Essex", (files[3].block.period,)),
    )
    assert found.totals == (no_return(2), no_return(4))


def test_what_another_file_of_another_time_holds_is_not_missed_in_this():
    assert lacking(quarter(1, KENT_AND_ESSEX, return_id=2), quarter(2, KENT_ALONE)) == Lacking()


def test_what_cannot_be_used_lacks_nothing():
    one, other = quarter(1, KENT_AND_ESSEX), quarter(2, KENT_ALONE)
    assert lacking(one, other, usable=[one.block]) == Lacking()
    assert lacking(one, other, usable=[]) == Lacking()


def test_a_statement_of_a_change_is_no_return():
    change = quarter(3, [("Essex", "prc:106")], role=Role.CHANGE)
    assert lacking(quarter(1, KENT_ALONE), quarter(2, KENT_ALONE), change) == Lacking()


def test_what_no_longer_stands_is_no_return_either():
    past = date(2019, 1, 1)
    gone = quarter(3, KENT_AND_ESSEX, known_to=past)
    assert lacking(quarter(1, KENT_ALONE), quarter(2, KENT_ALONE), gone) == Lacking()
    replaced = quarter(2, KENT_AND_ESSEX, known_to=past, return_id=2)
    replaced.block = replace(replaced.block, id=9)
    replaced.rows = [replace(row, block=replaced.block) for row in replaced.rows]
    found = lacking(quarter(1, KENT_AND_ESSEX), quarter(2, KENT_ALONE), replaced)
    assert [(each.block.id, each.area) for each in found.pieces] == [(2, "Essex")]


def test_a_row_that_was_replaced_holds_nothing_any_more():
    past = date(2019, 1, 1)
    closed = quarter(2, [*KENT_ALONE, ("Essex", "prc:106", past)])
    found = lacking(quarter(1, [*KENT_ALONE, ("Essex", "prc:106")]), closed)
    assert [(each.block.id, each.area) for each in found.pieces] == [(2, "Essex")]
    one = quarter(1, [*KENT_ALONE, ("Essex", "prc:106"), ("Essex", "prc:104", past)])
    assert lacking(one, quarter(2, KENT_ALONE)).totals == (no_return(2, "prc:106"),)


def test_of_a_measure_that_is_never_summed_nothing_is_lacking():
    assert figures_of_no_sum() == Lacking()


def figures_of_no_sum():
    one, other = quarter(1, KENT_AND_ESSEX), quarter(2, KENT_ALONE)
    evidence = MemoryEvidence()
    evidence._held = [one, other]
    name = next(each for each, measure in all_measures().items() if not measure.additive)
    blocks = [one.block, other.block]
    return what_is_lacking(ask(name, DAY), blocks, blocks, evidence)
