"""A world that changes: packs added to a repository, what had no code coded by them, and figures
asked after a merger.
"""

from __future__ import annotations

import csv
import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from darkfigure.basis.errors import NotPermitted
from darkfigure.basis.status import CellReason
from darkfigure.codes import codes_for
from darkfigure.codes.pack import PackRefused
from darkfigure.codes.packs import packs_in_use, use_packs
from darkfigure.publication import ask
from darkfigure.tables.measures import all_measures
from darkfigure_hub.access import for_public
from darkfigure_hub.flows import own_packs
from darkfigure_hub.flows.add_pack import add_pack
from darkfigure_hub.flows.answer_question import answer_question
from darkfigure_hub.flows.open_source import open_source
from darkfigure_hub.flows.read_log import read_log
from darkfigure_hub.flows.receive_return import receive_return
from darkfigure_hub.store.models import Agency
from support import run

EXAMPLES = Path(__file__).parents[2] / "examples" / "packs"
DAY = date(2026, 11, 26)
COLUMNS = ("measure", "period", "area", "value", "stated_on", "stated_by", "source")


@pytest.fixture
def packs(tmp_path, monkeypatch):
    """A data folder of its own for packs, left as it was."""
    monkeypatch.setattr(own_packs, "data_folder", lambda: tmp_path / "home")
    yield tmp_path / "home" / "packs"
    use_packs([])
    monkeypatch.setattr(own_packs, "_followed", None)


def areas_file(path, *rows):
    """A SYNTHETIC file of arrests by area: (period, area, value)."""
    with path.open("w", newline="", encoding="utf-8") as target:
        out = csv.writer(target, lineterminator="\n")
        out.writerow(COLUMNS)
        for period, area, value in rows:
            out.writerow(("arrests", period, area, value, "2024-02-01", "HO", "SYNTHETIC table"))
    return path


def figures(operator, **asked):
    found = answer_question(operator, ask("arrests", DAY, **asked))
    return {cell.dims.get("area") or cell.dims.get("year"): cell.value for cell in found.cells}


@pytest.mark.django_db
def test_what_had_no_code_follows_a_pack_by_itself(operator, packs, tmp_path):
    rows = [("2023", "Kent", 5), ("2023", "Surrey", 4), ("2023", "Police nationale norlandaise", 7)]
    receive_return(operator, areas_file(tmp_path / "table.csv", *rows))
    before = figures(operator, by=["area"], period="2023")
    assert before == {"Kent": 5, "Surrey": 4, "?Police nationale norlandaise": 7}

    added = add_pack(operator, EXAMPLES / "norland")
    assert (dict(added.coded), added.several) == ({"area": 1}, ())
    assert figures(operator, by=["area"], period="2023") == {
        "Kent": 5,
        "Surrey": 4,
        "nor:police": 7,
    }
    assert figures(operator, where=["area=Norland National Police"], period="2023") == {None: 7}
    assert Agency.objects.filter(code="nor-police").exists()
    entry = read_log(operator, 20).entries
    (logged,) = [each.detail for each in entry if each.action == "pack added"]
    assert logged["coded"] == {"area": 1}
    assert all_measures()["helpline_calls"].units == ("calls",)


@pytest.mark.django_db
def test_two_names_that_are_one_code_are_told(operator, packs, tmp_path):
    rows = [("2023", "Kent", 5), ("2023", "Surrey", 4)]
    rows += [("2023", "Hills Division", 2), ("2023", "Police des Collines norlandaises", 1)]
    receive_return(operator, areas_file(tmp_path / "table.csv", *rows))
    assert add_pack(operator, EXAMPLES / "norland").several == ("Norland Hills Police",)
    assert figures(operator, where=["area=nor:hills"], period="2023") == {None: 3}


@pytest.mark.django_db
def test_an_older_table_is_closed_once_its_name_is_seen_to_be_the_same(operator, packs, tmp_path):
    old = areas_file(tmp_path / "old.csv", ("2023", "Kent", 1), ("2023", "Coast Division", 4))
    receive_return(operator, old)
    new = areas_file(tmp_path / "new.csv", ("2023", "Kent", 1), ("2023", "nor:coast", 6))
    new.write_text(new.read_text().replace("2024-02-01", "2024-03-01"))
    receive_return(operator, new)
    add_pack(operator, EXAMPLES / "norland")
    assert figures(operator, where=["area=nor:coast"], period="2023") == {None: 6}


@pytest.mark.django_db
def test_a_pack_that_is_refused_changes_nothing(operator, packs, tmp_path):
    faulty = tmp_path / "faulty"
    shutil.copytree(EXAMPLES / "norland", faulty)
    (faulty / "sex.csv").write_text("code,label\nnone,None\n")
    with pytest.raises(PackRefused, match=r"sex.csv, line 2, column 'code'"):
        add_pack(operator, faulty)
    assert not packs.exists()
    assert [each.name for each in packs_in_use()] == ["united_kingdom"]
    with pytest.raises(NotPermitted):
        add_pack(for_public("test"), EXAMPLES / "norland")


@pytest.mark.django_db
def test_a_pack_is_added_again_but_may_not_lose_what_it_held(operator, packs, tmp_path):
    assert not add_pack(operator, EXAMPLES / "norland").before
    assert add_pack(operator, EXAMPLES / "norland").before
    less = tmp_path / "less"
    shutil.copytree(EXAMPLES / "norland", less)
    rows = (less / "offence.csv").read_text().splitlines()
    (less / "offence.csv").write_text("\n".join(rows[:2]) + "\n")
    with pytest.raises(PackRefused, match="held 'nor:202' and leaves it out"):
        add_pack(operator, less)
    assert sorted(path.name for path in packs.iterdir()) == ["norland"]


@pytest.mark.django_db
def test_a_pack_whose_coding_fails_is_not_kept(operator, packs, monkeypatch):
    from darkfigure_hub.flows import add_pack as flow

    def fails(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(flow, "_code", fails)
    with pytest.raises(KeyboardInterrupt):
        add_pack(operator, EXAMPLES / "norland")
    assert not list(packs.iterdir())
    assert codes_for("area").find("nor:coast") is None


SCOTLAND = {
    "Central Scotland Police": 1,
    "Dumfries and Galloway Constabulary": 2,
    "Fife Constabulary": 3,
    "Grampian Police": 4,
    "Lothian and Borders Police": 5,
    "Northern Constabulary": 6,
    "Strathclyde Police": 70,
    "Tayside Police": 8,
}


@pytest.mark.django_db
def test_a_merged_force_is_asked_for_days_before_it(operator, tmp_path):
    rows = [("2012/13", area, value) for area, value in SCOTLAND.items()]
    rows += [("2013/14", "Police Scotland", 120), ("2013/14", "Kent", 9)]
    receive_return(operator, areas_file(tmp_path / "scotland.csv", *rows))
    question = ask("arrests", DAY, by=["financial_year"], where=["area=Police Scotland"])
    found = answer_question(operator, question)
    assert {cell.dims["financial_year"]: cell.value for cell in found.cells} == {
        "2012/13": 99,
        "2013/14": 120,
    }
    notes = " ".join(map(str, found.notes))
    assert "Police Scotland is there since 1 April 2013." in notes
    assert "Northern Constabulary" in notes
    opened = open_source(operator, found.cells[0].id)
    assert sum(each.row.value for each in opened.statements if each.used) == 99


@pytest.mark.django_db
def test_where_a_force_is_missing_the_sum_is_a_lower_bound_that_names_it(operator, tmp_path):
    rows = [("2012/13", area, value) for area, value in SCOTLAND.items() if area[0] != "T"]
    receive_return(operator, areas_file(tmp_path / "scotland.csv", *rows))
    question = ask("arrests", DAY, where=["area=Police Scotland"], period="2012/13")
    found = answer_question(operator, question)
    (cell,) = found.cells
    assert (cell.value, cell.low, cell.high) == (None, 91, None)
    (cannot,) = found.cannot
    assert cannot.reason is CellReason.NO_RETURN
    assert "nothing is held of Tayside Police (2012/13)" in str(cannot.detail)


@pytest.mark.django_db
def test_the_figure_of_a_merged_force_is_never_divided(operator, tmp_path):
    receive_return(
        operator, areas_file(tmp_path / "scotland.csv", ("2014", "Police Scotland", 120))
    )
    question = ask("arrests", DAY, where=["area=Fife Constabulary"], period="2014")
    found = answer_question(operator, question)
    assert not found.cells
    assert found.cannot[0].reason is CellReason.NOT_DIVIDED
    assert "part of Police Scotland, whose figures are not divided" in str(found.cannot[0].detail)


@pytest.mark.django_db
def test_a_page_goes_by_a_pack_that_another_process_added(client, packs):
    assert "helpline" not in client.get("/measures").content.decode()
    packs.mkdir(parents=True)
    shutil.copytree(EXAMPLES / "norland", packs / "norland")
    assert "Calls to the helpline" in client.get("/measures").content.decode()
    (packs / "norland" / "area.csv").write_bytes(b"\xff")
    packs.touch()
    assert "Calls to the helpline" in client.get("/measures").content.decode()


@pytest.mark.django_db
def test_records_of_before_are_said_to_be_counted_at_what_their_body_became(operator):
    question = ask("arrests", DAY, where=["area=Police Scotland"], evidence="cases")
    notes = " ".join(map(str, answer_question(operator, question).notes))
    assert "Records of Central Scotland Police" in notes
    assert "are counted at Police Scotland, which they went over into" in notes


@pytest.mark.long
def test_the_program_takes_a_pack_and_says_what_it_did(tmp_path):
    home = tmp_path / "home"
    table = areas_file(tmp_path / "table.csv", ("2023", "Kent", 5), ("2023", "Hills Division", 3))

    def told(*words):
        return run(*words, home=home).stdout

    try:
        told("load", table)
        assert "Hills Division (not coded)" in told("ask", "arrests", "--by", "area")
        added = told("pack", "add", EXAMPLES / "norland")
        assert "1 statements coded by area" in added
        assert "Norland Hills Police" in told("ask", "arrests", "--by", "area")
        listed = json.loads(told("pack", "list", "--format", "json"))
        assert [each["name"] for each in listed["packs"]] == ["united_kingdom", "norland"]
        assert "helpline_calls" in told("measures")
    finally:
        told("stop")
