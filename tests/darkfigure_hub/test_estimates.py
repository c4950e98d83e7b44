"""Estimates in the repository: the series, its revisions, tables from case records, the command."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest

from darkfigure.basis.errors import DarkfigureError, NotPermitted, UnknownName, Unreadable
from darkfigure.basis.period import parse_period
from darkfigure.codes import codes_for
from darkfigure.estimation import example
from darkfigure.estimation.single import estimate
from darkfigure.publication.series import by_population
from darkfigure.tables.capture_lists import lists_of_victims
from darkfigure.writing.charts import estimate_charts
from darkfigure.writing.estimates import as_text as written
from darkfigure_hub.access import for_public
from darkfigure_hub.flows.ask_snapshot import capture_from_snapshot
from darkfigure_hub.flows.revise_estimate import estimate_series, revise_estimate
from darkfigure_hub.store.models import Estimate
from support import SOURCES, run

pytestmark = pytest.mark.django_db
#: A line of the series that begins an entry: the day it was stated.
STATED = re.compile(r" (\d{1,2} )?([A-Z][a-z]+ )?(19|20)\d\d ")
UK = example("uk_2013_list_overlaps")
POPULATION = "Potential victims of modern slavery in UK"
PUBLISHED = {
    "ho-2000",
    "ho-2003",
    "brain-2008",
    "ceop-2009",
    "hac-2009",
    "acpo-2010",
    "nca-2013",
    "ho-2014",
}


def revise(scope, result, **given):
    return revise_estimate(
        scope,
        UK,
        result,
        population=given.pop("population", POPULATION),
        period=parse_period("2013"),
        definition="UN Protocol, Article 3",
        settings={"method": result.method},
        **given,
    )


def test_the_series_holds_the_eight_published_estimates(operator):
    held = {entry.id: entry for entry in estimate_series(operator)}
    assert set(held) >= PUBLISHED
    assert (held["ho-2000"].low, held["ho-2000"].high) == (142, 1420)
    assert (held["ho-2014"].low, held["ho-2014"].high) == (10_000, 13_000)
    assert "multiple systems" in held["ho-2014"].method
    assert held["acpo-2010"].point == 2600


def test_a_revision_needs_a_reason_and_replaces_nothing(operator):
    result = estimate(UK, "stepwise")
    with pytest.raises(DarkfigureError, match=r"ho-2014 .* say why it is revised"):
        revise(operator, result)
    with pytest.raises(DarkfigureError, match="not a reason for a revision"):
        revise(operator, result, reason="because")
    with pytest.raises(NotPermitted):
        revise(for_public("test"), result, reason="new_data")
    first = revise(
        operator, result, reason="method_changed", note="Stepwise on the published overlaps."
    )
    second = revise(operator, estimate(UK, "bic"), reason="method_changed")
    assert (first.supersedes, second.supersedes) == ("ho-2014", first.id)
    held = {entry.id: entry for entry in estimate_series(operator)}
    assert set(held) >= {*PUBLISHED, first.id, second.id}
    assert held[first.id].point == pytest.approx(11417.9911, abs=1e-3)
    kept = Estimate.objects.get(pk=int(second.id[1:]))
    assert kept.table["histories"]["PF"] == 907
    assert kept.basis == second.basis
    assert first.basis != second.basis


def test_a_first_estimate_of_a_population_needs_no_reason(operator):
    entry = revise(operator, estimate(UK, "chao"), population="uk")
    assert (entry.supersedes, entry.reason) == ("", "")


def test_populations_are_never_one_line(operator):
    entries = estimate_series(operator)
    groups = by_population(entries)
    assert len(groups) >= 7
    assert all(
        {entry.population for entry in held} == {population} for population, held in groups.items()
    )
    drawn = estimate_charts.series(entries)
    assert drawn.svg.count("<svg") == 1
    assert [row[0] for row in drawn.rows] == [
        codes_for("population").label(population)
        for population, held in groups.items()
        for _ in held
    ]
    lines = written.write_series(entries).splitlines()
    titles = [codes_for("population").label(population) for population in groups]
    places = [place for place, line in enumerate(lines) if line.strip() in titles]
    assert [lines[place].strip() for place in places] == titles
    for held, start, end in zip(groups.values(), places, [*places[1:], len(lines)], strict=True):
        stated = [line for line in lines[start:end] if STATED.match(line)]
        assert len(stated) == len(held), "a table holds the estimates of its population alone"
    text = "\n".join(lines)
    assert "up to 4,000" in text
    assert "at least 5,000" in text


def test_lists_of_victims_from_case_records(records):
    found = lists_of_victims(records, date(2009, 3, 1), "agency")
    # 35 forces, and the centre for the first campaign.
    assert len(found) == 36
    assert sum(map(len, found.values())) == 169 + 88
    with pytest.raises(UnknownName, match="does not make lists"):
        lists_of_victims(records, date(2009, 3, 1), "colour")


def test_lists_that_do_not_overlap_say_so(snapshot):
    with pytest.raises(Unreadable, match="more than can be handled"):
        capture_from_snapshot(snapshot, date(2009, 3, 1), "agency", [], None)
    with pytest.raises(Unreadable, match="One list"):
        capture_from_snapshot(snapshot, date(2009, 3, 1), "area", ["area=Essex"], None)


@pytest.mark.xdist_group("program")
def test_the_command(home):
    path = SOURCES.parent / "estimation" / "uk_2013_list_overlaps.csv"

    def asked(*arguments):
        return json.loads(run("estimate", *arguments, "--format", "json", home=home).stdout)

    found = asked(path, "--method", "bic")
    assert found["total"] == pytest.approx(12349.58695, abs=1e-4)
    assert found["model"] == "[12,13,25,35,36,45]"
    assert found["bic"] == pytest.approx(244.1193457, abs=1e-6)
    assert found["dark_figure"] == pytest.approx(found["total"] - 2744)
    assert {"known", "interval", "checks", "seconds"} <= set(found)
    stepwise = asked(path, "--method", "stepwise", "--bootstrap", 200, "--seed", 5)
    assert stepwise["total"] == pytest.approx(11417.9911, abs=1e-3)
    assert (
        stepwise["interval"]
        == asked(path, "--method", "stepwise", "--bootstrap", 200, "--seed", 5)["interval"]
    )
    changed = asked(path, "--omit", "LA", "--merge", "PF,NCA")
    assert changed["lists"] == ["NG", "PF+NCA", "GO", "GP"]
    strata = asked(
        path,
        SOURCES.parent / "estimation" / "netherlands.csv",
        "--method",
        "stepwise",
        "--bootstrap",
        50,
    )["strata"]
    assert strata[2]["total"] == pytest.approx(strata[0]["total"] + strata[1]["total"])
    refused = run("estimate", path, "--omit", "XX", home=home, check=False)
    assert refused.returncode == 2
    assert "'XX' is not a list of the table" in refused.stderr
    assert run("estimate", home=home, check=False).returncode == 2
