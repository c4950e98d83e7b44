"""What a total for longer time leaves beside the figures shown: worked out by hand over any years
stated and any total, and said where it follows, and nowhere else. SYNTHETIC.
"""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from darkfigure.publication import answer, ask
from specification.test_remaining import evidence_of, left, row
from support import examples

DAY = date(2026, 11, 23)
YEARS = range(2014, 2019)
figures = st.one_of(
    st.integers(0, 30).map(lambda value: (value, value, value)),
    st.tuples(st.integers(0, 9), st.integers(0, 9)).map(lambda two: (None, *sorted(two))),
)
parts = st.dictionaries(st.sampled_from(YEARS), figures, min_size=1, max_size=5)
totals = st.tuples(
    st.sampled_from([(a, b) for a in YEARS for b in YEARS if a < b]), st.integers(0, 90)
)


def runs(years):
    """Years as stretches without a gap."""
    return [
        (year, next(end for end in range(year, 2020) if end + 1 not in years))
        for year in sorted(years)
        if year - 1 not in years
    ]


@settings(max_examples=examples(200))
@given(parts, totals)
def test_what_remains_is_what_is_left_by_hand(stated, total):
    (first, last), whole = total
    evidence = evidence_of(
        *(row(year, *figure) for year, figure in stated.items()),
        row(f"{first}..{last}", whole, whole, whole),
    )
    question = ask("convictions", DAY, unit="convictions", by=["year"])
    inside = {year: figure for year, figure in stated.items() if first <= year <= last}
    days = runs(set(range(first, last + 1)) - set(inside))
    lows, highs = (sum(figure[at] for figure in inside.values()) for at in (1, 2))
    exact = all(figure[0] is not None for figure in inside.values())
    found = left(question, evidence)
    if inside and days and whole >= lows:
        value = whole - lows if exact else None
        assert found == [(whole, (value, max(0, whole - highs), whole - lows), days)]
    else:
        assert found == []
    notes = [note for note in answer(question, evidence).notes if note.code == "period.remaining"]
    assert len(notes) == len(found)
