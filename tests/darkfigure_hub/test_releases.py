"""Releases: whole or a part of what is held, each with its own day, and bodies that returned
nothing. All synthetic.
"""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest

from darkfigure.basis.errors import ReturnRefused, Unreadable
from darkfigure.basis.status import CellReason
from darkfigure.publication import answer, ask
from darkfigure.reading import read_file, recognise
from darkfigure.tables.extent import Extent
from darkfigure.tables.memory import MemoryEvidence
from darkfigure_hub.commands.given import stated_days
from darkfigure_hub.flows.answer_question import answer_question
from darkfigure_hub.flows.check_file import check_file
from darkfigure_hub.flows.receive_return import receive_return
from darkfigure_hub.store.models import Return
from support import statement, statement_file

pytestmark = pytest.mark.django_db
HEADING = "series,vintage,year,quarter,age_at_exploitation,dimension,category,value"
ADULT, CHILD = "Adult (18 or over)", "Child (17 or under)"
WHOLE = {(ADULT, "UK"): 11, (ADULT, "Overseas"): 21, (CHILD, "UK"): 31, (CHILD, "Overseas"): 0}
FIRST, SECOND = date(2012, 5, 2), date(2012, 8, 1)
TODAY = date(2026, 11, 23)


def release(folder, name, cells, quarter="Q1"):
    rows = [
        f"referrals,{name},2011,{quarter},{age},location,{place},{count}"
        for (age, place), count in cells.items()
    ]
    path = folder / f"{name}-{len(cells)}.csv"
    path.write_text("\n".join([HEADING, *rows, ""]), encoding="utf-8")
    return path


def figure(operator, day, **asked):
    (cell,) = answer_question(operator, ask("nrm_referrals", day, period="2011", **asked)).cells
    return cell.value


def load(operator, path, day, **given):
    return receive_return(operator, path, stated_on=day, **given)


PART = {(ADULT, "UK"): 12}


def test_a_part_of_a_release_is_refused_until_it_is_said_what_it_is(operator, tmp_path):
    load(operator, release(tmp_path, "2011Q1", WHOLE), FIRST)
    part, before = release(tmp_path, "2011Q2", PART), Return.objects.count()
    with pytest.raises(ReturnRefused, match="leaves out 2 of the 4 cells held from") as refused:
        load(operator, part, SECOND)
    assert "--part" in str(refused.value)
    assert (Return.objects.count(), figure(operator, SECOND)) == (before, 63)


def refusal(receive):
    """What is said of a return that is not taken in; nothing where it is."""
    try:
        receive()
    except ReturnRefused as refused:
        return [str(problem) for problem in refused.problems]
    return []


@pytest.mark.parametrize("extent", [None, *Extent])
@pytest.mark.parametrize("cells", [PART, {**WHOLE, (ADULT, "UK"): 1}, {(CHILD, "Overseas"): 3}])
@pytest.mark.parametrize("turned", [False, True])
def test_in_memory_a_part_is_refused_by_the_same_rule(operator, tmp_path, extent, cells, turned):
    """Word for word as the store says it, whichever arrives first."""
    files = [
        (release(tmp_path, "2011Q1", WHOLE), FIRST),
        (release(tmp_path, "2011Q2", cells), SECOND),
    ]
    evidence = MemoryEvidence()

    def remember(path, day):
        for submission in read_file(path, recognise(path), TODAY, day):
            evidence.receive(submission, received_on=TODAY, extent=extent)

    for file in reversed(files) if turned else files:
        last = refusal(partial(load, operator, *file, extent=extent))
        assert refusal(partial(remember, *file)) == last
    assert bool(last) is (extent is None and len(cells) < len(WHOLE))
    asked = ask("nrm_referrals", SECOND, period="2011")
    (cell,) = answer(asked, evidence).cells
    assert cell.value == figure(operator, SECOND)


@pytest.mark.parametrize(("extent", "then"), [(Extent.PART, 64), (Extent.WHOLE, 12)])
def test_it_is_laid_over_or_replaces(operator, tmp_path, extent, then):
    load(operator, release(tmp_path, "2011Q1", WHOLE), FIRST)
    load(operator, release(tmp_path, "2011Q2", PART), SECOND, extent=extent)
    assert [figure(operator, day) for day in (FIRST, SECOND)] == [63, then]


def test_the_order_in_which_they_arrive_is_of_no_account(operator, tmp_path):
    load(operator, release(tmp_path, "2011Q2", PART), SECOND)
    with pytest.raises(ReturnRefused, match="and held, leaves out 2 of the 4 cells of this"):
        load(operator, release(tmp_path, "2011Q1", WHOLE), FIRST)
    load(operator, release(tmp_path, "2011Q1", WHOLE), FIRST, extent=Extent.WHOLE)
    assert [figure(operator, day) for day in (FIRST, SECOND)] == [63, 12]


def test_what_leaves_out_noughts_or_other_quarters_leaves_out_nothing(operator, tmp_path):
    load(operator, release(tmp_path, "2011Q1", WHOLE), FIRST)
    without = {place: count for place, count in WHOLE.items() if count}
    load(operator, release(tmp_path, "2011Q2", without), SECOND)
    load(operator, release(tmp_path, "2011Q3", PART, "Q3"), date(2012, 11, 1))
    assert figure(operator, SECOND) == 63


def test_each_release_has_its_own_day(tmp_path):
    both = tmp_path / "both.csv"
    one, other = (release(tmp_path, name, WHOLE).read_text() for name in ("2011Q1", "2011Q2"))
    both.write_text(one + other.partition("\n")[2])
    with pytest.raises(ReturnRefused, match="several releases of which no day is on record"):
        check_file(both, TODAY, stated_on=date(2026, 1, 1))
    days = stated_days(["2011Q1=2026-01-01", "2011Q2=2026-02-01"])
    assert check_file(both, TODAY, stated_on=days).parts == ("2011Q1", "2011Q2")
    with pytest.raises(ReturnRefused, match="a day is given for a release that the file does not"):
        check_file(both, TODAY, stated_on={**days, "2010Q1": date(2026, 1, 1)})
    with pytest.raises(Unreadable, match="a day for each release"):
        stated_days(["2011Q1=2026-01-01", "2026-02-01"])


def test_a_day_on_record_is_not_overruled(tmp_path):
    path = release(tmp_path, "2023Q1", WHOLE)
    path.write_text(path.read_text().replace(",2011,", ",2022,"))
    assert check_file(path, TODAY, stated_on=date(2023, 5, 4)).rows == 4
    with pytest.raises(ReturnRefused, match="published on 4 May 2023"):
        check_file(path, TODAY, stated_on=date(2023, 5, 5))


def test_a_file_that_says_its_day_is_given_none(tmp_path):
    path = statement_file(tmp_path / "own.csv", statement(value=3))
    with pytest.raises(Unreadable, match="says itself when it was stated"):
        check_file(path, TODAY, stated_on=date(2020, 1, 1))


CRIME = (
    "Financial Year,Financial Quarter,Force Name,Offence Description,Offence Group,"
    "Offence Subgroup,Offence Code,Number of Offences"
    """
2017/18,1,Kent,SYNTHETIC,group,subgroup,106,10
2017/18,1,Essex,SYNTHETIC,group,subgroup,106,15
2017/18,2,Kent,SYNTHETIC,group,subgroup,106,20
2017/18,3,Kent,SYNTHETIC,group,subgroup,106,20
2017/18,3,Essex,SYNTHETIC,group,subgroup,106,25
"""
)


def test_what_a_body_did_not_return_is_noticed_and_no_nought(operator, tmp_path):
    path = tmp_path / "crime.csv"
    path.write_text(CRIME)
    received = load(operator, path, date(2019, 7, 19))
    (remark,) = [each for each in received.returns[0].remarks if "not returned" in each]
    assert remark.startswith("Essex: nothing for 2017/18 Q2")
    asked = {"where": ["offence=prc:106"], "by": ["area"]}
    day = date(2019, 8, 1)
    found = answer_question(operator, ask("recorded_offences", day, **asked))
    told = {cell.dims["area"]: (cell.value, cell.low, cell.high) for cell in found.cells}
    assert told["Essex"] == (None, 40, None)
    assert told["Kent"] == (50, 50, 50)
    (refusal,) = found.cannot
    assert refusal.reason is CellReason.NO_RETURN
    assert "Essex (2017/18 Q2)" in str(refusal.detail)


OWN = "measure,period,area,value,stated_on,stated_by,source"


def test_figures_corrected_by_themselves_leave_nothing_unreturned(operator, tmp_path):
    def own(day, *cells):
        rows = [f"nrm_referrals,{cell},{day},Home Office,SYNTHETIC" for cell in cells]
        path = tmp_path / f"{day}.csv"
        path.write_text("\n".join([OWN, *rows, ""]), encoding="utf-8")
        receive_return(operator, path)

    own("2023-07-01", "2023 Q1,Kent,10", "2023 Q1,Essex,20", "2023 Q2,Kent,12", "2023 Q2,Essex,13")
    own("2023-10-01", "2023 Q2,Kent,14", "2023 Q1,Essex,11")
    found = answer_question(
        operator, ask("nrm_referrals", date(2023, 11, 1), by=["area", "quarter"])
    )
    assert [cell.value for cell in found.cells] == [11, 13, 10, 14]
    assert not found.cannot
