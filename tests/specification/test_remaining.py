"""What is left of a total for longer time once the figures shown are taken from it. SYNTHETIC."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

from darkfigure.publication import ask
from darkfigure.reading import evidence_from
from darkfigure.tables.gathering import gather_evidence
from darkfigure.tables.remaining import Remaining
from darkfigure.tables.selection import select
from darkfigure.tables.tabulate import tabulate

DAY = date(2026, 11, 23)
HEADING = "measure,stated_by,source,stated_on,unit,period,sex,value,low,high,reason"


def row(period, value, low, high, *, by="HO", on="2020-01-01", sex="", source="SYNTHETIC"):
    """A statement of convictions."""
    known = (value, "", "") if value is not None else ("", low, high)
    reason = "" if value is not None else "suppressed"
    kept = ["convictions", by, source, on, "convictions", period, sex]
    return ",".join(map(str, [*kept, *known, reason]))


def evidence_of(*rows):
    """A file that states them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "synthetic.csv"
        path.write_text("\n".join([HEADING, *rows, ""]), encoding="utf-8")
        return evidence_from([path], DAY)


def left(question, evidence):
    """What each total leaves, as figures and days."""
    return [told(each) for each in tabulate(gather_evidence(question, evidence)).remaining]


def told(found: Remaining):
    """The total, the rest of it, and the years that it lies in."""
    days = [(each.start.year, each.end.year) for each in found.days]
    return found.total.value, tuple(found.rest), days


def one(*rows, **more):
    question = ask("convictions", DAY, unit="convictions", **{"by": ["year"], **more})
    return left(question, evidence_of(*rows))


PART, WHOLE = row(2014, 5, 5, 5), row("2014..2016", 9, 9, 9)


def test_a_total_counts_only_where_it_knows_of_the_figures_shown():
    assert one(PART, WHOLE) == [(9, (4, 4, 4), [(2015, 2016)])]
    assert one(PART, row("2014..2016", 9, 9, 9, by="UKHTC")) == []
    assert one(PART, row("2014..2016", 9, 9, 9, on="2019-12-31")) == []
    assert one(PART, row("2014..2016", 9, 9, 9, on="2021-01-01")) == [
        (9, (4, 4, 4), [(2015, 2016)])
    ]


def test_a_total_counts_only_of_what_is_asked():
    assert one(PART, WHOLE, period="2014..2016") == [(9, (4, 4, 4), [(2015, 2016)])]
    assert one(PART, WHOLE, period="2014..2015") == []
    assert one(PART, row("2014..2016", 9, 9, 9, sex="female")) == []
    assert one(row(2014, 5, 5, 5, sex="female"), WHOLE, by=["year", "sex"]) == []
    divided = [row(2014, 5, 5, 5, sex="female"), row("2014..2016", 9, 9, 9, sex="female")]
    assert one(*divided, by=["year", "sex"]) == [(9, (4, 4, 4), [(2015, 2016)])]
    assert one(*divided, where=["sex=female"]) == [(9, (4, 4, 4), [(2015, 2016)])]


def test_nothing_remains_where_time_is_not_cut_or_the_days_are_not_known():
    assert one(PART, WHOLE, by=[]) == []
    assert one(PART, row("2014-15", 9, 9, 9)) == []
    question = ask("arrests_no_further_action", DAY, by=["year"])
    assert select(question, evidence_of(WHOLE).blocks("convictions")).longer == ()


def test_two_totals_of_one_matter_and_day_are_none():
    """Neither is known to be the one that stands: nothing is worked out from either."""
    assert one(PART, WHOLE, row("2014..2016", 12, 12, 12, source="SYNTHETIC other")) == []


def test_a_total_that_the_figures_shown_exceed_leaves_nothing():
    assert one(row(2014, 10, 10, 10), WHOLE) == []
    assert one(row(2014, 9, 9, 9), WHOLE) == [(9, (0, 0, 0), [(2015, 2016)])]
