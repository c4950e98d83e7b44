"""A cell opened shows of a file's row what the reading takes and no more. All synthetic."""

from __future__ import annotations

import json
from datetime import date

import pytest

from darkfigure.basis.errors import NotPermitted
from darkfigure.basis.marking import Marking
from darkfigure.publication import ask
from darkfigure_hub.access import for_public
from darkfigure_hub.flows.answer_question import answer_question
from darkfigure_hub.flows.open_source import open_source
from darkfigure_hub.flows.opened_data import opened_data
from darkfigure_hub.flows.receive_return import receive_return
from darkfigure_hub.flows.show_references import show_references
from darkfigure_hub.store.models import LogEntry

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
PLANTED = "Plantedworker-1"
READING = """
form = "figures"

[always]
measure = "nrm_referrals"
stated_by = "Home Office"
stated_on = "2000-03-01"
source = "Synthetic"

[columns]
Caseworker = "nothing"
Year = "period"
Nationality = "nationality"
"NRM referrals" = "value"
"""
CSV = f"Caseworker,Year,Nationality,NRM referrals,Remarks\n{PLANTED},1999,Albanian,5,{PLANTED}\n"


@pytest.fixture(params=["figures.csv", "semicolons.csv"])
def loaded(operator, tmp_path, request):
    """The cell of a file with columns that no reading takes."""
    path, reading = tmp_path / request.param, tmp_path / "of.toml"
    text = CSV if request.param == "figures.csv" else CSV.replace(",", ";")
    path.write_text(text, encoding="utf-8")
    reading.write_text(READING, encoding="utf-8")
    receive_return(operator, path, reading=reading)
    asked = ask("nrm_referrals", TODAY, where=["nationality=Albania"], period="1999")
    return answer_question(operator, asked).cells[0].id


def test_columns_that_no_reading_takes_are_shown_to_nobody(loaded, operator):
    for scope in (operator, for_public("test")):
        opened = open_source(scope, loaded)
        said = json.dumps(opened_data(opened))
        assert PLANTED not in said
        assert "Caseworker" not in said
        original = dict(opened.statements[0].original)
        assert original["Nationality"] == "Albanian"
        assert original["NRM referrals"] == "5"
        assert original["column A"] == original["column E"] == "not read"


def test_an_operator_reads_them_on_record(loaded, operator):
    opened = show_references(operator, loaded)
    assert dict(opened.statements[0].original)["Caseworker"] == PLANTED
    entry = LogEntry.objects.filter(action="references shown").latest("id")
    assert loaded in json.dumps(entry.detail)
    with pytest.raises(NotPermitted):
        show_references(for_public("test"), loaded)


def test_what_rests_on_a_marked_return_carries_its_marking(operator, tmp_path):
    path, reading = tmp_path / "figures.csv", tmp_path / "of.toml"
    path.write_text(CSV, encoding="utf-8")
    reading.write_text(READING, encoding="utf-8")
    marking = Marking.OFFICIAL_SENSITIVE
    receive_return(operator, path, reading=reading, marking=marking)
    asked = ask("nrm_referrals", TODAY, where=["nationality=Albania"], period="1999")
    assert answer_question(operator, asked).marking == marking
    assert not answer_question(for_public("test"), asked).cells
    assert answer_question(for_public("test"), asked).marking == Marking.PUBLIC
