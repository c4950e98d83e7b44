"""Laws of what is held in part: no label claims days that nothing is held for, no figure passes for
whole where a body returned nothing, and a whole table's silence is nought.
"""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from darkfigure.basis.period import BUCKETS, Period, financial_quarter
from darkfigure.basis.spans import WRITTEN, claimed, fills
from darkfigure.basis.status import CellReason
from darkfigure.publication import answer, ask, bridge
from darkfigure.reading import evidence_from
from darkfigure.writing.answers.as_text import write_bridge
from darkfigure.writing.words import ENGLISH
from support import examples

DAY = date(2026, 11, 23)
QUARTERS = [(year, number) for year in (2016, 2017) for number in (1, 2, 3, 4)]
AREAS, OFFENCES = ["Kent", "Essex", "Surrey"], ["106", "104"]
HEADING = (
    "Financial Year,Financial Quarter,Force Name,Offence Description,Offence Group,"
    "Offence Subgroup,Offence Code,Number of Offences"
)
QUESTIONS = [
    {"by": []},
    {"by": ["area"]},
    {"by": ["offence"]},
    {"by": ["area", "offence"]},
    {"by": ["year"]},
    {"by": ["financial_year", "area"]},
    {"by": ["quarter", "offence"]},
    {"by": ["period"]},
    {"by": ["offence"], "where": ["area=Kent"]},
    {"by": ["year"], "where": ["offence=prc:106"]},
    {"by": [], "period": "2017"},
]

tables = st.dictionaries(
    st.sampled_from(QUARTERS),
    st.dictionaries(
        st.sampled_from(AREAS),
        st.dictionaries(st.sampled_from(OFFENCES), st.integers(0, 40), min_size=1),
        min_size=1,
    ),
    min_size=1,
)
relaxed = settings(
    max_examples=examples(120), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def held(table):
    """Evidence of one file of recorded crime: by quarter, area and class."""
    lines = [
        f"{year}/{year % 100 + 1},{number},{area},SYNTHETIC,group,subgroup,{offence},{count}"
        for (year, number), areas in table.items()
        for area, offences in areas.items()
        for offence, count in offences.items()
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "synthetic_crime.csv"
        path.write_text("\n".join([HEADING, *lines, ""]), encoding="utf-8")
        return evidence_from([path], DAY)


def by_hand(table, cell, question):
    """Sum, and the bodies and quarters without a return, of what a cell is asked to hold."""
    kept = dict(text.split("=") for text in question.get("where", ()))
    wanted = {
        "area": cell.dims.get("area") or kept.get("area"),
        "offence": cell.dims.get("offence") or kept.get("offence"),
    }
    total, quarters, missing = 0, [], []
    every = {area for areas in table.values() for area in areas}
    for (year, number), areas in table.items():
        period = financial_quarter(year, number)
        if not within(period, cell, question):
            continue
        quarters.append(period)
        for area in sorted(every):
            if wanted["area"] not in (None, area):
                continue
            if area not in areas:
                missing += [area] * has(table, area, wanted["offence"])
            for offence, count in areas.get(area, {}).items():
                if wanted["offence"] in (None, f"prc:{offence}"):
                    total += count
    return total, quarters, missing


def has(table, area, offence):
    """Whether any quarter has something of an area, of an offence."""
    return any(
        offence in (None, f"prc:{each}") for areas in table.values() for each in areas.get(area, {})
    )


def within(period, cell, question):
    asked = question.get("period")
    if asked and not Period(date(int(asked), 1, 1), date(int(asked), 12, 31)).covers(period):
        return False
    for cut, label in cell.dims.items():
        if cut == "period" and period.label != label:
            return False
        if cut in BUCKETS and BUCKETS[cut](period.start).label != label:
            return False
    return True


@relaxed
@given(tables, st.sampled_from(QUESTIONS))
@example(
    {(2017, 1): {"Kent": {"106": 1}, "Essex": {"106": 2}}, (2017, 2): {"Kent": {"106": 3}}},
    {"by": []},
)
@example({(2017, 1): {"Kent": {"106": 1}}, (2017, 3): {"Kent": {"104": 3}}}, {"by": ["offence"]})
def test_figures_and_labels_are_as_added_up_by_hand(table, question):
    found = answer(ask("recorded_offences", DAY, **question), held(table))
    for cell in found.cells:
        total, quarters, missing = by_hand(table, cell, question)
        assert cell.period == claimed(quarters)
        if missing:
            assert (cell.value, cell.low or 0, cell.high) == (None, total, None)
            assert cell.reasons == (CellReason.NO_RETURN,)
        else:
            assert (cell.value, cell.reasons) == (total, ())
        cut = next((name for name in cell.dims if name in BUCKETS), "")
        whole = not cut or fills(quarters, BUCKETS[cut](quarters[0].start))
        assert cell.partly is not whole
        assert (cell.labelled(cut) == cell.dims.get(cut)) is whole


@relaxed
@given(tables, st.sampled_from(QUESTIONS))
def test_asked_strictly_what_is_not_whole_has_no_figure(table, question):
    evidence = held(table)
    loose = answer(ask("recorded_offences", DAY, **question), evidence)
    strict = answer(ask("recorded_offences", DAY, strict=True, **question), evidence)
    for one, other in zip(loose.cells, strict.cells, strict=True):
        assert (one.dims, one.value, one.reasons) == (other.dims, other.value, other.reasons)
        assert other.value is not None or other.low is other.high is None


def test_a_bridge_notes_what_is_known_of_a_figure_that_is_not_whole():
    table = {(2017, 1): {"Kent": {"106": 4}, "Essex": {"106": 2}}, (2017, 2): {"Kent": {"106": 3}}}
    question = ask("recorded_offences", DAY)
    found = bridge(question, DAY - timedelta(days=1), DAY, held(table))
    assert (found.opening, found.closing, found.lines) == (None, None, ())
    told = [ENGLISH.say(note) for note in found.notes]
    assert any("no return received; at least 9" in each for each in told)
    assert "no change" not in write_bridge(found)


@given(st.sets(st.integers(0, 60), min_size=1, max_size=20))
def test_a_label_claims_the_days_held_and_no_others(held_days):
    start = date(2008, 1, 1)
    periods = [
        Period(day, day, day.isoformat())
        for day in sorted(start + timedelta(days=number) for number in held_days)
    ]
    label = claimed(reversed(periods))
    stretches = label.split(", ")
    if " parts of " in label:
        assert int(label.split()[0]) > WRITTEN
        return
    told = set()
    for stretch in stretches:
        first, _, last = stretch.partition(" to ")
        day, end = date.fromisoformat(first), date.fromisoformat(last or first)
        while day <= end:
            told.add(day)
            day += timedelta(days=1)
    assert told == {period.start for period in periods}
    whole = Period(periods[0].start, periods[-1].end)
    assert fills(periods, whole) is (len(told) == whole.days)
