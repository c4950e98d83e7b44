"""Sentences about figures that must be true: what was used in place of another, when something was
stated, what a label claims, which names are offered. All made up here.
"""

from __future__ import annotations

from datetime import date

import pytest

from darkfigure.basis.errors import UnknownName, Unreadable
from darkfigure.basis.period import Period, parse_period
from darkfigure.basis.spans import claimed
from darkfigure.basis.status import CellReason
from darkfigure.codes import codes_for
from darkfigure.publication import answer, ask
from darkfigure.publication.not_divided import in_no_cell, stated
from darkfigure.publication.views.ratio import whole_of
from darkfigure.reading import evidence_from
from darkfigure.tables.gathering import gather_evidence
from darkfigure.tables.holdings import held
from darkfigure.tables.measures import all_measures
from darkfigure.tables.question import asked_again
from darkfigure.tables.undivided import breakdowns_that_fail, kept_to, undivided_by
from darkfigure.writing.answers import as_json
from darkfigure.writing.commands import asking
from darkfigure.writing.held import as_text as held_as_text
from darkfigure.writing.words import ENGLISH
from support import statement, statement_file

DAY = date(2026, 11, 26)


def evidence_of(tmp_path, *records):
    rows = [statement(**{"measure": "arrests", "operation": "", **each}) for each in records]
    return evidence_from([statement_file(tmp_path / "synthetic.csv", *rows)], DAY)


def conflicts(found):
    return [ENGLISH.say(note) for note in found.notes if " stated " in ENGLISH.say(note)]


QUARTERS = [
    {"period": f"2010Q{number}", "value": 10 * number, "stated_on": "2011-05-01"}
    for number in range(1, 5)
]
EARLIER = {"period": "2010Q2", "value": 17, "stated_on": "2010-08-01", "stated_by": "UKHTC"}


def test_a_figure_of_a_part_is_held_against_what_is_used_for_that_part(tmp_path):
    found = answer(ask("arrests", DAY, by=["year"]), evidence_of(tmp_path, *QUARTERS, EARLIER))
    assert [cell.value for cell in found.cells] == [100]
    (said,) = conflicts(found)
    assert "for 2010 Q2 United Kingdom Human Trafficking Centre stated 17" in said
    assert "Used for it is 20: the latest statement is used" in said
    read = as_json.read_answer(as_json.write_answer(found))
    instead = [[source.instead for source in each.cells[0].sources] for each in (read, found)]
    assert instead == [[None, (20, 20, 20)]] * 2


def test_a_figure_of_the_whole_is_held_against_the_whole(tmp_path):
    whole = {"period": "2010", "value": 90, "stated_on": "2010-08-01", "stated_by": "UKHTC"}
    found = answer(ask("arrests", DAY, by=["year"]), evidence_of(tmp_path, *QUARTERS, whole))
    (said,) = conflicts(found)
    assert "stated 90" in said
    assert "Used is 100" in said


def test_a_part_that_loses_to_a_year_stated_later_is_told_for_itself(tmp_path):
    """The year is used, which says nothing of its quarters: no quarter is held against it."""
    year = {"period": "2010", "value": 101, "stated_on": "2012-01-01"}
    found = answer(ask("arrests", DAY, by=["year"]), evidence_of(tmp_path, *QUARTERS, year))
    assert [cell.value for cell in found.cells] == [101]
    assert [said for said in conflicts(found) if "Used is 101" in said]
    assert not [said for said in conflicts(found) if "Q2" in said]


def test_a_reason_for_one_value_is_no_reason_for_another(tmp_path):
    labour = {"exploitation": "labour", "reason": "not_collected", "note": "SYNTHETIC: of labour."}
    rows = statement_file(
        tmp_path / "synthetic.csv", statement(measure="hidden_victims", period="2012", **labour)
    )
    evidence = evidence_from([rows], DAY)

    def reasons(**asked):
        found = answer(ask("hidden_victims", DAY, **asked), evidence)
        return [refusal.reason for refusal in found.cannot]

    assert reasons(where=["exploitation=labour"]) == [CellReason.NOT_COLLECTED]
    assert reasons(where=["exploitation=sexual"]) == [CellReason.NO_RETURN]
    assert reasons() == [CellReason.NOT_COLLECTED]


def test_a_day_of_receipt_is_not_called_one_of_statement(memory):
    found = answer(ask("recorded_offences", date(2019, 1, 1)), memory)
    (refusal,) = found.cannot
    said = ENGLISH.say(refusal.detail)
    assert "no day stated; it was received on 23 November 2026" in said
    assert "first figure was stated" not in said


def test_where_something_was_stated_first_that_day_is_said(tmp_path):
    evidence = evidence_of(tmp_path, QUARTERS[0])
    (refusal,) = answer(ask("arrests", date(2010, 1, 1)), evidence).cannot
    assert "the first figure was stated on 1 May 2011" in ENGLISH.say(refusal.detail)


@pytest.mark.parametrize(
    ("periods", "label"),
    [
        (["2004..2008-07-17", "2004..2008-12"], "2004 to 2008-12"),
        (["2004..2006", "2005..2008-12"], "2004 to 2008-12"),
        (["2004..2006", "2007"], "2004 to 2007"),
        (["2004", "2005"], "2004 to 2005"),
        (["2004", "2004..2006"], "2004 to 2006"),
        (["2004..2006", "2009"], "2004 to 2006, 2009"),
    ],
)
def test_a_stretch_is_named_from_its_first_end_to_its_last(periods, label):
    assert claimed(map(parse_period, periods)) == label


def test_words_that_say_no_days_are_left_whole():
    spring = Period(date(2004, 4, 1), date(2004, 6, 30), "April to June 2004")
    assert claimed([spring, parse_period("2004-07")]) == "April to June 2004 to 2004-07"


@pytest.mark.parametrize("text", ["Rape", "rape", "Rpe"])
def test_a_name_that_is_offered_finds_what_it_names(text):
    """Several codes have one label, or none is found by it: the code is offered in its place."""
    offences = codes_for("offence")
    said = str(offences.suggest(text))
    assert "'court:19/0' (Rape)" in said
    assert offences.find("court:19/0") == "court:19/0"
    assert "'Rape'" not in said


def test_a_place_that_several_cover_names_them():
    with pytest.raises(UnknownName) as refused:
        ask("arrests", DAY, where=["area=london"])
    said = str(refused.value)
    assert "covered by 'Metropolitan Police' and 'London, City of'" in said
    assert "Maldon" not in said
    areas = codes_for("area")
    assert all(areas.find(name) for name in ("Metropolitan Police", "London, City of"))


SAID = {"sex": "*", "area": "Kent", "reason": "case_notes", "note": "SYNTHETIC: in free text."}


def with_breakdown(tmp_path, *records):
    """Evidence of arrests with what is said of their sexes in Kent."""
    path = tmp_path / "synthetic.csv"
    names = ["measure", "period", "sex", "area", "value", "reason", "note"]
    rows = [{"measure": "arrests", "period": "2010", **each} for each in (SAID, *records)]
    lines = [",".join(str(row.get(name, "")) for name in names) for row in rows]
    told = [f"{line},2011-05-01,HO,SYNTHETIC" for line in lines]
    heading = ",".join([*names, "stated_on", "stated_by", "source"])
    path.write_text("\n".join([heading, *told, ""]), encoding="utf-8")
    return evidence_from([path], DAY)


def test_what_is_said_of_a_breakdown_is_of_the_body_it_names(tmp_path):
    evidence = with_breakdown(tmp_path, {"area": "Kent", "value": 5})

    def rows(**asked):
        question = ask("arrests", DAY, **asked)
        return breakdowns_that_fail(question, evidence.blocks("arrests"), evidence)

    (row,) = rows(by=["sex"], where=["area=Kent"])
    assert undivided_by(row) == ("sex",)
    assert [str(each) for each in kept_to(row)] == ["area=Kent"]
    refusal = stated(row)
    assert (refusal.reason, refusal.by) == (CellReason.CASE_NOTES, ("sex",))
    assert "Not broken down by sex for 2010 of Kent: SYNTHETIC" in ENGLISH.say(refusal.detail)
    assert rows(by=["sex", "area"]) == (row,)
    assert rows(by=["sex"]) == rows(by=["sex"], where=["area=Essex"]) == ()
    assert rows(by=["area"]) == rows(by=["sex"], where=["area=Kent"], period="2012") == ()


def test_rows_that_lack_a_dimension_altogether_are_said_once(tmp_path):
    essex = {"area": "Essex", "value": 7}
    evidence = with_breakdown(tmp_path, {"area": "Kent", "value": 5}, essex)
    question = ask("arrests", DAY, by=["area", "sex"])
    found = answer(question, evidence)
    reasons = [(each.reason, ENGLISH.say(each.detail)) for each in found.cannot]
    assert [reason for reason, _ in reasons] == [CellReason.CASE_NOTES, CellReason.NOT_DIVIDED]
    assert "What is held for 2010 is not broken down by sex" in reasons[1][1]
    gathered = gather_evidence(question, evidence)
    assert [each.by for each in in_no_cell(question, found.cells, gathered)] == [("sex",)]
    kent = [cell for cell in found.cells if cell.dims["area"] == "Kent"]
    assert in_no_cell(question, kent, gathered) == []


def test_dimensions_that_are_held_apart_are_not_held_together(tmp_path):
    rows = [{"area": "Essex", "value": 7}, {"sex": "female", "value": 3}]
    found = answer(ask("arrests", DAY, by=["area", "sex"]), with_breakdown(tmp_path, *rows))
    said = [ENGLISH.say(each.detail) for each in found.cannot]
    assert any("not broken down by area and sex together" in each for each in said)


def test_the_whole_of_a_share_is_the_same_without_the_condition():
    question = ask("arrests", DAY, where=["sex=female", "area=Kent"], by=["operation"])
    assert whole_of(question, "sex") == ask("arrests", DAY, where=["area=Kent"], by=["operation"])


def test_what_is_held_without_a_day_says_when_it_was_received(memory):
    measures = [all_measures()[name] for name in ("recorded_offences", "arrests")]
    text = held_as_text.write_held(held(memory, DAY, measures))
    undated, stated_ones = text.split("\n\nArrests", 1)
    assert "no day stated; received on 23 November 2026" in undated
    assert "newest statement" not in undated
    assert "newest statement" in stated_ones
    assert "no day stated" not in stated_ones


def said_in_all(found):
    return " ".join(map(ENGLISH.say, (*found.notes, *(each.detail for each in found.cannot))))


@pytest.mark.parametrize("period", ["..2010", "1500-01-01..2010-12-31"])
def test_a_time_without_a_beginning_is_named_by_its_end(tmp_path, period):
    held = evidence_of(tmp_path, *QUARTERS)
    asked = ask("arrests", DAY, period=period)
    assert asked.period.label == "up to the end of 2010"
    assert asking(asked).split(" --period ")[1].startswith("..2010 ")
    assert asked_again(asked.canonical(), DAY) == asked
    found = answer(asked, held)
    assert [cell.value for cell in found.cells] == [100]
    assert "No figure covers the time up to 31 December 2009" not in said_in_all(found)
    assert "No figure covers the time up to the end of 2009:" in said_in_all(found)
    none = answer(ask("arrests", DAY, period="..2009-06-30"), held)
    assert "Nothing is held up to 30 June 2009." in said_in_all(none)
    undivided = answer(ask("arrests", DAY, period=period, by=["sex"]), held)
    assert "What is held up to the end of 2010 is not broken down by sex." in said_in_all(undivided)
    assert not any("1500" in said_in_all(each) for each in (found, none, undivided))
    with pytest.raises(Unreadable, match=r"\.\.2023: up to then"):
        parse_period("2010..")


def evidence_in(tmp_path, *rows):
    lines = ["measure,stated_by,source,stated_on,unit,period,sex,value"]
    lines += [f"{row[0]},Home Office,Synthetic,2012-01-01,{','.join(row[1:])}" for row in rows]
    path = tmp_path / "synthetic.csv"
    path.write_text("\n".join(lines) + "\n")
    return evidence_from([path], DAY)


def test_what_is_divided_for_another_time_is_not_said_to_be_undivided(tmp_path):
    held = evidence_in(
        tmp_path,
        ("arrests", "arrests", "2010", "", "100"),
        ("arrests", "arrests", "2011", "female", "3"),
    )
    said = said_in_all(answer(ask("arrests", DAY, period="2010", where=["sex=female"]), held))
    assert "What is held for 2010 is not broken down by sex. Held is 100" in said
    assert "Nothing is held so divided for 2010. Held is 3 for 2011 of Female." in said


def test_what_is_counted_in_a_unit_is_not_said_to_be_nowhere(tmp_path):
    held = evidence_in(
        tmp_path,
        ("convictions", "convictions", "2010", "", "96"),
        ("convictions", "persons", "2010", "female", "15"),
    )
    said = said_in_all(answer(ask("convictions", DAY, unit="convictions", by=["sex"]), held))
    begins = "What is held counted in convictions is not broken down by sex. Held is 96 for 2010"
    assert begins in said
    assert "Nothing so divided is held counted in convictions. Held is 15 persons for 2010" in said


def test_the_year_of_a_last_quarter_is_said(tmp_path):
    spans = [Period(date(2010, 1, 1), date(2010, 12, 31), "2010")]
    spans.append(Period(date(2011, 1, 1), date(2011, 9, 30), "2011 Q1 to Q3"))
    assert claimed(spans) == "2010 to 2011 Q3"


def test_a_question_asked_again_names_its_time_as_it_was_asked():
    for written in ("2022Q4", "2022", "2022/23", "2022-04", "2021..2022"):
        asked = ask("arrests", DAY, period=written)
        again = asked_again(asked.canonical(), DAY)
        assert (again.period.start, again.period.end) == (asked.period.start, asked.period.end)
        if ".." not in written:
            assert again.period.label == asked.period.label
