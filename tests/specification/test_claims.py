"""Which claims figures cannot bear, and that they are told wherever figures are."""

import json
from dataclasses import replace
from datetime import date
from html import escape

import pytest

from darkfigure.publication.release import as_data, from_data
from darkfigure.tables.claims import all_claims, cannot_bear
from darkfigure.tables.measures import all_measures
from darkfigure.tables.question import ask
from darkfigure.writing.releases.bundle import files_of
from darkfigure.writing.releases.pages import embedded
from darkfigure.writing.releases.workbook import sheets_of
from darkfigure.writing.wording import claims_of
from darkfigure.writing.words import ENGLISH
from releases_drawn import released, table

DAY = date(2009, 6, 1)


def claims(measure, **asked):
    return cannot_bear(ask(measure, DAY, **asked))


def test_referrals_are_not_victims_and_tell_no_trend():
    said = claims("nrm_referrals")
    assert {"referrals_are_not_victims", "trend", "prevalence"} <= set(said)
    assert "a fall in referrals is not a fall in trafficking" in ENGLISH.text("claims.cannot.trend")


def test_recoveries_cannot_say_how_much_there_is():
    assert {"prevalence", "campaign"} <= set(claims("victims_recovered"))
    assert "prevalence" not in claims("hidden_victims")


def test_claims_follow_the_unit_and_the_evidence():
    assert "shares_give_no_counts" in claims("arrests_share")
    assert "shares_give_no_counts" not in claims("arrests")
    assert "records_are_of_who_returned" in claims("victims_recovered", evidence="cases")
    assert "records_are_of_who_returned" not in claims("victims_recovered")


@pytest.mark.parametrize("measure", all_measures())
def test_every_measure_has_a_claim_that_it_cannot_bear(measure):
    assert claims(measure)
    assert all(claims_of(ask(measure, DAY)))


def test_every_claim_is_said_and_names_measures_that_there_are():
    for claim in all_claims():
        assert claim.measures | claim.but <= set(all_measures()), claim.code
        assert ENGLISH.has(f"claims.cannot.{claim.code}"), claim.code
        assert any(
            claim.is_beyond(code, unit, evidence)
            for code, measure in all_measures().items()
            for unit in measure.units
            for evidence in ("statements", "cases")
        ), claim.code


SAID = ("how many persons were victims. Somebody <referred> may be one.",)


def test_a_release_shows_them_beside_its_figures_and_keeps_them():
    shown = replace(table(), cannot_bear=SAID)
    release = released(tables=(shown,))
    assert from_data(as_data(release)) == release
    files = files_of(release)
    told = b"Somebody &lt;referred&gt; may be one."
    assert told in files["index.html"]
    assert told in files["by-sex.html"]
    cells = [cell for row in sheets_of(release)[2].rows for cell in row]
    assert f"Referrals: {SAID[0]}" in cells
    assert SAID[0] in json.loads(files["by-sex.csv-metadata.json"])["notes"]
    stat = json.loads(files["by-sex.jsonstat.json"])
    assert stat["extension"]["cannot_bear"] == [*SAID]


def test_a_release_from_before_says_what_it_said():
    assert "cannot_bear" not in as_data(released())["tables"][0]
    assert b"Cannot say" not in files_of(released())["by-sex.html"]


def test_what_is_embedded_runs_nothing_and_says_what_it_cannot():
    shown = replace(table(), cannot_bear=SAID)
    release = released(tables=(shown,))
    code = embedded(release, shown)
    for name in ("script", "iframe", "style", "onload"):
        assert name not in code
    assert "https://example.org/figures/releases/referrals/2009-q1/v1/by-sex.svg" in code
    assert "Somebody &lt;referred&gt; may be one." in code
    assert "version 1" in code
    assert escape(code).encode() in files_of(release)["by-sex.html"]
    assert b"another site" not in files_of(released())["by-sex.html"]
