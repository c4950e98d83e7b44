"""Reasons stated once for a whole breakdown, in a file of the own form and by a reading: received,
restated, taken back, carried by a snapshot. All made up.
"""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.utils import timezone

from darkfigure.basis.errors import ReturnRefused
from darkfigure.basis.status import CellReason
from darkfigure.publication import answer, ask
from darkfigure.reading import evidence_from
from darkfigure.reading.sources import statements
from darkfigure_hub.flows import ask_snapshot
from darkfigure_hub.flows.answer_question import answer_question
from darkfigure_hub.flows.receive_return import receive_return
from darkfigure_hub.flows.take_back import withdraw
from darkfigure_hub.flows.take_snapshot import take_snapshot
from darkfigure_hub.store.queries.evidence import StoreEvidence

DAY = date(2026, 11, 23)
HEADING = "measure,period,area,sex,value,reason,stated_on,stated_by,source,note"
FIGURE = "charged,1990,Kent,,7,,1999-05-01,HO,SYNTHETIC,"
SAID = "charged,1980..1999,,*,,not_held,{day},HO,SYNTHETIC,{note}"
FIRST = SAID.format(day="2000-01-10", note="SYNTHETIC: the sex is not in the form.")
LATER = SAID.format(day="2003-01-10", note="SYNTHETIC: the form has a field that nobody fills in.")
BY_SEX = ask("charged", DAY, by=["sex"], period="1990")


def written(folder, *lines, name="synthetic.csv"):
    path = folder / name
    path.write_text("\n".join([HEADING, *lines, ""]), encoding="utf-8")
    return path


def told(found):
    return [(refusal.reason, str(refusal.detail)) for refusal in found.cannot]


def test_what_a_body_says_of_a_breakdown_is_the_reason_and_the_figure_is_named(
    db, operator, tmp_path
):
    receive_return(operator, written(tmp_path, FIGURE, FIRST))
    found = answer_question(operator, BY_SEX)
    ((reason, detail),) = told(found)
    assert reason is CellReason.NOT_HELD
    assert "Not broken down by sex for 1980 to 1999: SYNTHETIC: the sex" in detail
    assert "Held is 7 for 1990" in detail
    (near,) = found.cannot[0].nearest
    assert [cell.value for cell in answer_question(operator, near).cells] == [7]
    beside = answer_question(operator, ask("charged", DAY, by=["area", "sex"], period="1990"))
    assert [(cell.dims["sex"], cell.value) for cell in beside.cells] == [(None, 7)]
    assert [reason for reason, _ in told(beside)] == [CellReason.NOT_HELD]


def test_it_is_replaced_by_what_the_body_says_later_and_stands_again(apart, operator, tmp_path):
    receive_return(operator, written(tmp_path, FIGURE, FIRST))
    later = receive_return(operator, written(tmp_path, LATER, name="later.csv"))
    ((_, now),) = told(answer_question(operator, BY_SEX))
    assert "nobody fills in" in now
    before = ask("charged", date(2002, 1, 1), by=["sex"], period="1990")
    assert "not in the form" in told(answer_question(operator, before))[0][1]
    withdraw(operator, "return", str(later.returns[0].id), "sent by mistake", timezone.localdate())
    today = ask("charged", timezone.localdate(), by=["sex"], period="1990")
    ((_, again),) = told(answer_question(operator, today))
    assert "not in the form" in again


def test_a_snapshot_and_a_file_written_from_it_say_the_same(apart, operator, tmp_path):
    receive_return(operator, written(tmp_path, FIGURE, FIRST))
    taken = take_snapshot(operator, DAY, tmp_path / "snapshot")
    held = ask_snapshot.open_snapshot(taken.folder, verify=True)
    here = told(answer_question(operator, BY_SEX))
    assert told(ask_snapshot.answer_from_snapshot(held, BY_SEX)) == here
    evidence, out = StoreEvidence(operator), io.StringIO(newline="")
    blocks = [each for each in evidence.blocks("charged") if each.source == "SYNTHETIC"]
    statements.write(evidence.rows(blocks, (), None), out)
    path = tmp_path / "again.csv"
    path.write_text(out.getvalue(), encoding="utf-8")
    assert told(answer(BY_SEX, evidence_from([path], DAY))) == here


def test_a_reading_says_it_of_every_row(tmp_path):
    path = tmp_path / "reply.csv"
    path.write_text(
        "what,number,why\nArrests,,SYNTHETIC: custody records have none\n", encoding="utf-8"
    )
    (tmp_path / "reply.csv.reading.toml").write_text(
        'form = "figures"\nempty = "refuse"\n[always]\nperiod = "2016"\nreason = "case_notes"\n'
        'stated_by = "HO"\nstated_on = "2017-01-01"\nsource = "SYNTHETIC reply"\n'
        'nationality = "*"\n[columns]\nwhat = "measure"\nnumber = "value"\nwhy = "note"\n',
        encoding="utf-8",
    )
    found = answer(ask("arrests", DAY, by=["nationality"]), evidence_from([path], DAY))
    assert [reason for reason, _ in told(found)] == [CellReason.CASE_NOTES]
    assert not answer(ask("arrests", DAY), evidence_from([path], DAY)).cells


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("arrests,2016,*,,5,,2017-01-01,HO,SYNTHETIC,", "speaks of a breakdown as a whole"),
        ("arrests,2016,*,,,,2017-01-01,HO,SYNTHETIC,", "no figure and no reason"),
    ],
)
def test_a_breakdown_as_a_whole_has_a_reason_and_no_figure(tmp_path, line, said):
    with pytest.raises(ReturnRefused, match=said):
        evidence_from([written(tmp_path, line)], DAY)
