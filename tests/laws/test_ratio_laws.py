"""Shares of one figure in another: whatever the truth is within the bounds of both, the part within
the whole, the share's bounds hold it; and no narrower ones would.
"""

from __future__ import annotations

import tempfile
from datetime import date
from fractions import Fraction
from itertools import product
from pathlib import Path

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from darkfigure.publication import answer, ask
from darkfigure.publication.views import viewed, wishes_for
from darkfigure.reading import evidence_from
from darkfigure.tables.intervals import Bounded, share_of_part
from support import examples

DAY = date(2026, 11, 23)
NEAR = Fraction(1, 10**9)
MOST = 12


@st.composite
def figures(draw):
    """A figure with its bounds, exact or not; the upper one may be missing."""
    low = draw(st.integers(0, MOST))
    high = draw(st.one_of(st.none(), st.integers(low, MOST)))
    return Bounded(low, low, low) if high == low else Bounded(None, low, high)


def within(figure):
    """The whole numbers that a figure may be, as far as they are looked at."""
    return range(figure.low, (2 * MOST if figure.high is None else figure.high) + 1)


@settings(max_examples=examples(1000))
@given(figures(), figures())
def test_bounds_of_a_share_hold_any_truth_and_are_reached(part, whole):
    found = share_of_part(part, whole)
    truths = [
        Fraction(100 * one, all_)
        for one, all_ in product(within(part), within(whole))
        if all_ and one <= all_
    ]
    if found is None:
        assert not truths
        return
    assert truths
    assert all(found.low - NEAR <= truth <= found.high + NEAR for truth in truths)
    if whole.high is not None:
        assert abs(min(truths) - Fraction(found.low)) < NEAR
    assert abs(max(truths) - Fraction(found.high)) < NEAR
    if found.value is not None:
        assert {truth for truth in truths if abs(truth - Fraction(found.value)) > NEAR} == set()


rows = st.dictionaries(
    st.tuples(st.sampled_from(["female", "male"]), st.sampled_from(["Kent", "Essex"])),
    st.tuples(st.integers(0, 30), st.integers(0, 5), st.integers(0, 5)),
    min_size=1,
)


@given(rows, st.sampled_from([[], ["area"]]))
def test_a_share_asked_of_figures_holds_the_truth(table, by):
    """A made-up table by sex and area, some figures within bounds: of whatever is true of it, the
    share of women is within what the view says.
    """
    assume(any(sex == "female" for sex, _ in table))
    lines = ["measure,period,sex,area,value,low,high,reason,stated_on,stated_by,source"]
    for (sex, area), (truth, down, up) in table.items():
        low, high = max(truth - down, 0), truth + up
        told = f"{truth},,," if low == high else f",{low},{high},suppressed"
        lines.append(f"charged,2016,{sex},{area},{told},2017-01-01,HO,SYNTHETIC")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "synthetic.csv"
        path.write_text("\n".join([*lines, ""]), encoding="utf-8")
        evidence = evidence_from([path], DAY)
    question = ask("charged", DAY, by=by, where=["sex=female"])
    view = viewed(question, wishes_for(question, of="sex"), lambda each: answer(each, evidence))
    for row in view.rows:
        women, all_ = (
            sum(
                truth
                for (sex, area), (truth, _, _) in table.items()
                if row.dims.get("area", area) == area and (sex == "female" or not only)
            )
            for only in (True, False)
        )
        share = row.share.figure
        if all_ and not row.share.why:
            assert share.low - NEAR <= Fraction(100 * women, all_) <= share.high + NEAR
        else:
            assert row.share.why or not all_
