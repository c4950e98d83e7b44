"""What the store holds is what its evidence says, whoever looks and whatever was taken back. All
synthetic where written here.
"""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.utils import timezone

from darkfigure.tables.holdings import held
from darkfigure.tables.measures import all_measures
from darkfigure.writing.held.as_html import write_held as page
from darkfigure.writing.held.as_json import write_held as data
from darkfigure.writing.held.as_text import write_held as text
from darkfigure_hub.access import for_public
from darkfigure_hub.flows.show_held import cases_held, show_held
from darkfigure_hub.flows.take_back import withdraw
from darkfigure_hub.store.queries.evidence import StoreEvidence
from support import corrected_question, load_corrected

pytestmark = pytest.mark.django_db
DAYS = (date(2007, 1, 1), date(2008, 12, 17), date(2023, 8, 10), timezone.localdate())


def of_evidence(scope, day):
    return held(StoreEvidence(scope), day)


@pytest.mark.parametrize("day", DAYS)
def test_it_is_what_the_evidence_holds(operator, memory, day):
    assert show_held(operator, day) == of_evidence(operator, day)
    # what is held does not hang on where it is kept
    in_memory = {each.measure.code: each.years for each in held(memory, day)}
    assert {each.measure.code: each.years for each in show_held(operator, day)} == in_memory


def test_a_return_taken_back_is_held_no_more(operator, tmp_path):
    today = timezone.localdate()
    measure = corrected_question(today).measure
    empty = show_held(operator, today, measure)
    numbers = load_corrected(operator, tmp_path)
    full = show_held(operator, today, measure)
    for number in numbers:
        withdraw(operator, "return", str(number), "sent by mistake", today)
    assert full != empty
    assert show_held(operator, today, measure) == empty
    assert show_held(operator, today - timedelta(days=1), measure) == full
    assert show_held(operator, today) == of_evidence(operator, today)


def test_who_may_see_less_sees_how_many_are_withheld(operator):
    everything, public = (show_held(scope, DAYS[-1]) for scope in (operator, for_public("test")))
    assert of_evidence(for_public("test"), DAYS[-1]) == public
    assert all(each.withheld == 0 for each in everything)


def test_whether_case_records_are_held(operator):
    assert cases_held(operator)
    assert {each.measure.code for each in show_held(operator, DAYS[-1])} == set(all_measures())


def test_every_form_says_the_same_years(operator):
    found = show_held(operator, DAYS[-1])
    told = {each["measure"]: each for each in json.loads(data(found))["held"]}
    for each in found:
        assert each.measure.title in text(found)
        assert each.measure.title in page(found)
        years = {str(year) for year in each.years}
        for breakdown in told[each.measure.code]["breakdowns"]:
            assert set(breakdown["years"]) == years
    assert "●" in text(found)
    assert "whole year" in page(found)


def test_every_link_to_what_is_held_is_answered(client):
    """What may be more figures than are given at once is linked by its newest year."""
    told = client.get("/held", HTTP_HOST="localhost").content.decode()
    links = [unescape(each) for each in re.findall(r'href="(/ask\?[^"]+)"', told)]
    assert len(links) > 30
    refused = [link for link in links if client.get(link, HTTP_HOST="localhost").status_code != 200]
    assert refused == []
    assert any("&period=" in link for link in links)


def test_years_are_written_as_years(operator):
    said = page(show_held(operator, DAYS[-1]))
    assert ", 3 breakdowns, from 2006 to 2008</summary>" in said
    assert ", 1 breakdown, in 2006</summary>" in said
    assert not re.search(r"\b[12],\d{3}\b", said)
