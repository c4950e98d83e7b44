"""What desks are asked for and no figure is packaged of: each is answered by the exact reason,
and by a figure once a file of one's own is loaded. All figures are made up.
"""

from __future__ import annotations

from datetime import date

import pytest

from darkfigure.basis.status import CellReason
from darkfigure.codes import codes_for, codes_of_records
from darkfigure.publication import answer, ask
from darkfigure.publication.views import viewed, wishes_for
from darkfigure.reading import evidence_from
from darkfigure.tables.measures import all_measures
from darkfigure.writing.views.columns import per_cent
from darkfigure.writing.words import ENGLISH

DAY = date(2026, 11, 26)
HEADING = (
    "measure,period,area,outcome,victim_age_group,value,reason,stated_on,stated_by,source,note"
)
ASKED = [
    "recorded_offences_county_lines",
    "nrm_referrals_county_lines",
    "allegations",
    "investigations",
    "removals",
    "detained",
    "waiting_time_reasonable_mean",
    "waiting_time_reasonable_median",
    "waiting_time_conclusive_mean",
    "waiting_time_conclusive_median",
    "section_45_defences",
    "supported",
    "returns_due",
    "returns_received",
]


def evidence_of(tmp_path, *rows):
    path = tmp_path / "synthetic.csv"
    path.write_text("\n".join([HEADING, *rows, ""]), encoding="utf-8")
    return evidence_from([path], DAY)


@pytest.mark.parametrize("code", ASKED)
def test_without_a_figure_that_is_the_reason(memory, code):
    found = answer(ask(code, DAY), memory)
    assert found.cells == ()
    (refusal,) = found.cannot
    assert refusal.reason is CellReason.NO_RETURN
    assert ENGLISH.say(refusal.detail).startswith("No return with ")
    assert len(all_measures()[code].definition) > 40


@pytest.mark.parametrize("code", ASKED)
def test_a_file_of_ones_own_answers_it(tmp_path, code):
    evidence = evidence_of(
        tmp_path, f"{code},2023,,,,35,,2024-01-10,HO,SYNTHETIC reply,SYNTHETIC note"
    )
    (cell,) = answer(ask(code, DAY), evidence).cells
    assert cell.value == 35


RECORDED = [
    f"recorded_offences,2019,Northamptonshire,{outcome},{age},{value},,2025-05-01,HO,SYNTHETIC,"
    for outcome, age, value in (
        ("Charged or summonsed", "child", 3),
        ("No suspect identified", "adult", 11),
        ("outcome 16", "adult", 2),
    )
]


def test_recorded_offences_by_outcome_and_age_of_the_victim(tmp_path):
    evidence = evidence_of(tmp_path, *RECORDED)
    by = answer(ask("recorded_offences", DAY, by=["outcome"]), evidence)
    assert {cell.dims["outcome"]: cell.value for cell in by.cells} == {
        "crime:1": 3,
        "crime:18": 11,
        "crime:16": 2,
    }
    adults = ask("recorded_offences", DAY, where=["victim_age_group=adult"])
    assert [cell.value for cell in answer(adults, evidence).cells] == [13]
    charged = ask("recorded_offences", DAY, where=["outcome=Charged or summonsed"])
    view = viewed(charged, wishes_for(charged, of="outcome"), lambda each: answer(each, evidence))
    assert [per_cent(row.share) for row in view.rows] == ["18.8"]


def test_an_outcome_of_a_crime_is_none_of_a_decision():
    crimes = {each for each in codes_for("outcome").codes if each.startswith("crime:")}
    assert len(crimes) == len(codes_for("crime_outcome").codes)
    assert not crimes & set(codes_of_records("outcome").codes)
    assert codes_of_records("outcome").find("positive") == "positive"
    assert codes_of_records("offence").codes == codes_for("offence").codes
    # Its number alone says nothing of what it is.
    assert codes_for("outcome").find("15") is None


def test_returns_received_are_a_share_of_those_due(tmp_path):
    rows = [
        f"{code},2023,,,,{value},,2024-01-10,HO,SYNTHETIC reply,"
        for code, value in (("returns_due", 43), ("returns_received", 35))
    ]
    question = ask("returns_received", DAY)
    evidence = evidence_of(tmp_path, *rows)
    wishes = wishes_for(question, of="returns_due")
    (row,) = viewed(question, wishes, lambda each: answer(each, evidence)).rows
    assert per_cent(row.share) == "81.4"


@pytest.mark.parametrize("code", ["defendants_found_guilty", "defendants_sentenced"])
def test_court_figures_can_be_asked_by_nationality_and_say_why_not(tmp_path, code):
    path = tmp_path / "synthetic.csv"
    path.write_text(
        "measure,period,nationality,value,reason,stated_on,stated_by,source,note\n"
        f"{code},2016,,9,,2017-05-01,MOJ,SYNTHETIC,\n"
        f"{code},2004..2023,*,,not_collected,2024-01-10,MOJ,SYNTHETIC,SYNTHETIC: no such field.\n",
        encoding="utf-8",
    )
    found = answer(ask(code, DAY, by=["nationality"]), evidence_from([path], DAY))
    assert [refusal.reason for refusal in found.cannot] == [CellReason.NOT_COLLECTED]
