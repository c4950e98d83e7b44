"""What is held is what the days of the statements are, one by one, whatever was stated."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from darkfigure.basis.period import parse_period
from darkfigure.basis.statement import DIMENSIONS
from darkfigure.reading import evidence_from
from darkfigure.tables.holdings import Fill, held
from darkfigure.tables.measures import measure_named

STATED = date(2022, 1, 1)
AFTER = date(2023, 1, 1)
LENGTHS = ["2015", "2016", "2019", "2017Q1", "2017Q3", "2018-02", "2016/17", "2014..2015", "2020"]
SHAPES = {
    (): {},
    ("area",): {"area": "Kent"},
    ("sex",): {"sex": "female"},
    ("age_group", "sex"): {"sex": "male", "age_group": "adult"},
}
HEADING = ("period", "area", "sex", "age_group", "value", "stated_on")
statements = st.sets(
    st.tuples(st.sampled_from(LENGTHS), st.sampled_from(sorted(SHAPES))), min_size=1
)


def days_of(period):
    return {period.start + timedelta(days=number) for number in range(period.days)}


def what_is_held(stated, as_at):
    """What is held of referrals after a file, made up here, that states these figures."""
    rows = [
        ",".join([period, *(SHAPES[by].get(name, "") for name in HEADING[1:4]), "7", f"{STATED}"])
        for period, by in stated
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "synthetic.csv"
        lines = [f"nrm_referrals,Home Office,SYNTHETIC,{row}" for row in rows]
        heading = f"measure,stated_by,source,{','.join(HEADING)}"
        path.write_text("\n".join([heading, *lines, ""]), encoding="utf-8")
        evidence = evidence_from([path], AFTER)
        (found,) = held(evidence, as_at, [measure_named("nrm_referrals")])
    return found


@given(statements)
def test_a_year_is_held_as_its_days_are(stated):
    found = what_is_held(stated, AFTER)
    days = {}
    for period, by in stated:
        days.setdefault(by, set()).update(days_of(parse_period(period)))
    assert {frozenset(each.by) for each in found.breakdowns} == {frozenset(by) for by in days}
    assert set(found.dimensions) == {name for by in days for name in by}
    every = set().union(*days.values())
    assert (found.years[0], found.years[-1]) == (min(every).year, max(every).year)
    for each in found.breakdowns:
        mine = next(of for by, of in days.items() if frozenset(by) == frozenset(each.by))
        assert set().union(*map(days_of, each.periods)) == mine
        assert each.newest == STATED
        for year in range(2012, 2023):
            wanted = days_of(parse_period(str(year)))
            assert each.filled(year) is (
                Fill.WHOLE if wanted <= mine else Fill.PART if wanted & mine else Fill.NONE
            )


@given(statements)
def test_nothing_is_held_before_it_was_stated(stated):
    found = what_is_held(stated, STATED - timedelta(days=1))
    assert (found.breakdowns, list(found.years), found.span) == ((), [], "")
    assert set(found.dimensions) <= set(DIMENSIONS)
