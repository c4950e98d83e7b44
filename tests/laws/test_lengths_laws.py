"""Laws of bodies that return at different lengths: a year stands where quarters are asked for, or
the other way about. Nothing was returned where, day by day, nothing is held; else what is held is
not divided so.
"""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from darkfigure.basis.period import parse_period
from darkfigure.basis.status import CellReason
from darkfigure.codes import codes_for
from darkfigure.publication import answer, ask
from darkfigure.reading import evidence_from, read_files
from darkfigure.tables.reconcile import watched
from darkfigure.writing.words import ENGLISH
from support import examples

DAY = date(2026, 11, 23)
LENGTHS = ["2016", "2017", *(f"2016Q{number}" for number in (1, 2, 3, 4)), "2016-01", "2016-05"]
AREAS = ["Kent", "Essex", "Surrey"]
HEADING = "measure,period,area,value,stated_on,stated_by,source"
QUESTIONS = [
    {"by": []},
    {"by": ["area"]},
    {"by": ["year"]},
    {"by": ["quarter"]},
    {"by": ["year", "area"]},
    {"by": ["quarter", "area"]},
    {"by": [], "where": ["area=Kent"]},
    {"by": ["area"], "period": "2016"},
    {"by": ["area"], "period": "2016Q2"},
    {"by": [], "period": "2016Q1"},
]
tables = st.dictionaries(
    st.tuples(st.sampled_from(LENGTHS), st.sampled_from(AREAS)), st.integers(0, 40), min_size=1
)
BY_YEAR_AND_BY_QUARTER = {
    ("2016", "Kent"): 10,
    **{(f"2016Q{number}", "Essex"): number for number in (1, 2, 3, 4)},
}
relaxed = settings(
    max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def held(table, use):
    """What `use` makes of one file that states a table."""
    rows = [
        f"nrm_referrals,{period},{area},{value},2018-07-01,Home Office,SYNTHETIC"
        for (period, area), value in table.items()
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "synthetic.csv"
        path.write_text("\n".join([HEADING, *rows, ""]), encoding="utf-8")
        return use(path)


def days_of(label):
    period = parse_period(label)
    return {period.start + timedelta(days=number) for number in range(period.days)}


def why_missing(table, period, area):
    """Why a period holds nothing of a body that the file knows, looked up day by day."""
    wanted = days_of(period)
    found = set().union(*(days_of(each) for each, of in table if of == area)) & wanted
    reasons = {CellReason.NO_RETURN: found < wanted, CellReason.NOT_DIVIDED: bool(found)}
    return {reason for reason, so in reasons.items() if so}


@relaxed
@given(tables, st.sampled_from(QUESTIONS))
@example(BY_YEAR_AND_BY_QUARTER, {"by": []})
@example(BY_YEAR_AND_BY_QUARTER, {"by": ["area"]})
@example(BY_YEAR_AND_BY_QUARTER, {"by": ["quarter", "area"]})
def test_a_body_has_not_returned_what_nothing_of_it_covers(table, question):
    evidence = held(table, lambda path: evidence_from([path], DAY))
    found = answer(ask("nrm_referrals", DAY, **question), evidence)
    label_of = {
        block.id: next(each for each in LENGTHS if parse_period(each).label == block.period.label)
        for block in evidence.blocks("nrm_referrals")
    }
    kept = dict(text.split("=") for text in question.get("where", ()))
    for cell in found.cells:
        only = cell.dims.get("area") or kept.get("area")
        areas = {area for _, area in table if only in (None, area)}
        total, reasons = 0, set()
        for number in {*cell.blocks}:
            for area in areas:
                if (label_of[number], area) in table:
                    total += table[label_of[number], area]
                else:
                    reasons |= why_missing(table, label_of[number], area)
        assert set(cell.reasons) == reasons
        assert cell.value == (None if reasons else total)
        assert (cell.low or 0) == total
        if question["by"] == ["area"] and "period" not in question:
            # whoever is asked about alone, and at any length, has every figure there is
            assert set(cell.reasons) != {CellReason.NOT_DIVIDED}
    told = [refusal.reason for refusal in found.cannot]
    assert set(told) >= {reason for cell in found.cells for reason in cell.reasons}


@relaxed
@given(tables)
@example(BY_YEAR_AND_BY_QUARTER)
def test_what_is_noticed_of_a_file_is_what_no_day_of_it_holds(table):
    def remarks(path):
        ((_, submissions),) = read_files([path], DAY)
        for submission in submissions:
            list(watched(submission))
            return [ENGLISH.say(each.said) for each in submission.remarks]

    told = [each for each in held(table, remarks) if "counts as not returned" in each]
    lacking = {
        area
        for area in {area for _, area in table}
        for period in {period for period, _ in table}
        if (period, area) not in table and CellReason.NO_RETURN in why_missing(table, period, area)
    }
    label = codes_for("area").label
    assert sorted(each.partition(":")[0] for each in told) == sorted(map(label, lacking))


def test_two_bodies_of_one_file_by_year_and_by_quarter():
    """Each has its figure; of both together what is known is a bound, and why is said truly."""
    evidence = held(BY_YEAR_AND_BY_QUARTER, lambda path: evidence_from([path], DAY))
    each = answer(ask("nrm_referrals", DAY, by=["area"]), evidence)
    assert {cell.dims["area"]: cell.value for cell in each.cells} == {"Kent": 10, "Essex": 10}
    assert not each.cannot
    both = answer(ask("nrm_referrals", DAY), evidence)
    (cell,) = both.cells
    assert (cell.value, cell.low, cell.high) == (None, 10, None)
    assert cell.reasons == (CellReason.NOT_DIVIDED,)
    (refusal,) = both.cannot
    assert "Essex is for other periods, and is not divided so" in ENGLISH.say(refusal.detail)
