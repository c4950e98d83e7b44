"""What a pack is: a folder of dated tables that adds to lists and changes nothing that stands."""

from __future__ import annotations

import json
import shutil
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from darkfigure.codes import codes_for
from darkfigure.codes.codelist import carried
from darkfigure.codes.following import follows_lists
from darkfigure.codes.measured import measures_said
from darkfigure.codes.pack import PackRefused
from darkfigure.codes.pack_checks import CLOSED, check_pack, disagreements, lists_known
from darkfigure.codes.pack_files import COLUMNS, METADATA, read_pack
from darkfigure.codes.packs import packaged, use_packs
from darkfigure.intelligence.requirement_sets import domains, schema
from darkfigure.tables.measures import all_measures, measure_named
from darkfigure.writing.forms import csvw

EXAMPLES = Path(__file__).parents[2] / "examples" / "packs"
PACKAGED = Path(str(files("darkfigure"))) / "data" / "packs"
FOLDERS = [*EXAMPLES.iterdir(), *PACKAGED.iterdir()]


@pytest.fixture
def norland():
    """The made-up country in use."""
    use_packs([check_pack(EXAMPLES / "norland")])
    yield
    use_packs([])


@pytest.fixture
def copy(tmp_path):
    """A copy of the made-up country's folder, to be broken."""
    return Path(shutil.copytree(EXAMPLES / "norland", tmp_path / "norland"))


def faults(folder):
    with pytest.raises(PackRefused) as refused:
        check_pack(folder)
    return [str(fault) for fault in refused.value.faults]


@pytest.mark.parametrize("folder", sorted(EXAMPLES.iterdir()), ids=lambda path: path.name)
def test_the_examples_have_no_faults(folder):
    pack = check_pack(folder)
    assert (pack.name, bool(pack.licence), bool(pack.source)) == (folder.name, True, True)


def test_the_packs_of_the_package_agree_with_its_lists_and_name_a_source_for_what_is_new():
    for pack in packaged():
        assert [str(fault) for fault in disagreements(pack, [])] == []
        for name in pack.lists:
            standing = {code.code for code in carried(name)}
            unsourced = [code.code for code in pack.codes(name) if not code.source]
            assert set(unsourced) <= standing


def test_a_pack_adds_codes_names_measures_and_domains(norland):
    areas = codes_for("area")
    assert areas.find("Police nationale norlandaise") == areas.find("nor:police") == "nor:police"
    assert areas.codes["nor:coast"].successors == ("nor:police",)
    assert codes_for("offence").label("nor:201") == "Trade in persons (Norland)"
    assert measure_named("calls_to_helpline").code == "helpline_calls"
    assert domains()["norland_forces"] == ["nor:coast", "nor:hills", "nor:police"]
    assert "norland_forces" in json.dumps(schema())


def test_without_it_nothing_is_left_of_it(norland):
    assert "helpline_calls" in all_measures()
    use_packs([])
    assert codes_for("area").find("nor:police") is None
    assert "helpline_calls" not in all_measures()
    assert "helpline_calls" not in measures_said()
    assert "norland_forces" not in domains()


def test_what_is_worked_out_from_lists_is_worked_out_anew():
    asked = []

    @follows_lists()
    def counted():
        asked.append(1)
        return len(codes_for("area").codes)

    before = counted()
    assert (counted(), len(asked)) == (before, 1)
    use_packs([check_pack(EXAMPLES / "norland")])
    try:
        assert (counted(), len(asked)) == (before + 4, 2)
    finally:
        use_packs([])


def test_every_fault_is_told_at_once_with_its_place(copy):
    (copy / "pack.toml").write_text('name = "Nor land"\ntitle = "x"\ncolour = "red"\n')
    (copy / "area.csv").write_text(
        "code,label,valid_from,valid_to,successors,parent\n"
        "Kent,Kentish,,,,\n"
        "syn:a,Kent Police,2013-4-1,,,\n"
        "syn:b,B,2014-01-01,2013-01-01,syn:c,nowhere\n"
        "syn:b,B,,,,\n"
        "?x+y,,,,,\n"
    )
    (copy / "sexes.csv").write_text("code,label\nx,y\n")
    (copy / "sex.csv").write_text("code,label\nnone,None\n")
    (copy / "nationality.csv").write_text("code,labels\nx,y\n")
    told = "\n".join(faults(copy))
    for place in (
        "pack.toml, column 'name': this is not what it should be",
        "pack.toml, column 'colour': this is not said of a pack",
        "pack.toml, column 'licence': this is not said",
        "area.csv, line 2, column 'label': the code stands already, with 'Kent' here",
        "area.csv, line 3, column 'valid_from': not a day",
        "area.csv, line 4, column 'valid_to': the last day lies before the first",
        "area.csv, line 4, column 'successors': 'syn:c' is no code of the list",
        "area.csv, line 4, column 'parent': 'nowhere' is no code of the list",
        "area.csv, line 5, column 'code': the code stands on line 4 too",
        "area.csv, line 6, column 'code': a code holds",
        "area.csv, line 6, column 'label': this is empty",
        "sexes.csv: there is no list of this name. Did you mean 'sex'?",
        "sex.csv, line 2, column 'code': the rules of counting name the codes of this list",
        "nationality.csv, line 1: there is no column 'label'",
    ):
        assert place in told, told


def test_a_name_that_stands_for_another_code_is_refused(copy):
    path = copy / "area.csv"
    path.write_text(path.read_text().replace("Kingdom of Norland", "Kent Police"))
    (told,) = faults(copy)
    assert told.startswith("area.csv, line 2, column 'aliases': 'Kent Police' names 'Kent' already")


def test_a_code_that_goes_over_into_another_is_followed_at_once(copy):
    path = copy / "area.csv"
    path.write_text(path.read_text().replace("2020-01-01", "2020-02-01"))
    told = faults(copy)
    assert len(told) == 2
    assert "'nor:police' is not in use on 1 January 2020" in told[0]


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ("arrests,x,persons,y,area,HO,,,", "column 'code': a measure of this code stands already"),
        ("New One,x,persons,y,area,HO,,,", "column 'code': not a code of a measure"),
        ("new,,persons,y,area,HO,,,", "column 'title': this is empty"),
        ("new,x,,y,area,HO,,,", "column 'units': this is empty"),
        ("new,x,persons,y,colour,HO,,,", "column 'dimensions': 'colour' is no dimension"),
        ("new,x,persons,y,area,nobody,,,", "column 'holders': 'nobody' is no code of the list"),
        ("new,x,persons,y,area,HO,perhaps,,", "column 'additive': neither true nor false"),
        ("new,x,persons,y,area,HO,,arrests,", "column 'aliases': 'arrests' names another measure"),
    ],
)
def test_a_measure_says_its_unit_its_rule_and_what_it_is_divided_by(copy, row, place):
    path = copy / "measures.csv"
    path.write_text(path.read_text() + row + "\n")
    (told,) = faults(copy)
    assert told.startswith(f"measures.csv, line 3, {place}")


def test_closed_lists_are_lists():
    assert set(lists_known()) >= CLOSED


def test_a_folder_that_is_not_there_is_no_pack(tmp_path):
    assert "pack.toml: this file is not there" in faults(tmp_path / "nowhere")[0]


def test_the_united_kingdom_is_dated():
    areas = codes_for("area").codes
    merged = [each for each in areas.values() if each.successors == ("Police Scotland",)]
    assert len(merged) == 8
    assert {each.valid_to for each in merged} == {date(2013, 3, 31)}
    assert areas["Police Scotland"].valid_from == date(2013, 4, 1)
    agencies = codes_for("agency").codes
    assert agencies["UKHTC"].successors == ("SOCA",)
    assert agencies["SOCA"].successors == ("NCA",)
    forces = [each for each in areas.values() if each.group == "police force area"]
    today = date(2026, 11, 26)
    assert sum((each.valid_to or today) >= today for each in forces) == 45


@pytest.mark.parametrize("name", ["area", "organisation", "agency"])
def test_what_went_over_in_the_united_kingdom_is_followed_the_day_after(name):
    codes = codes_for(name).codes
    for code in codes.values():
        for successor in code.successors:
            first = codes[successor].valid_from
            assert first is None or first <= code.valid_to + timedelta(1), code.code


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_the_metadata_beside_a_table_says_what_its_columns_hold(folder):
    pack = read_pack(folder)
    tables = csvw.metadata(pack)
    assert set(tables) == {f"{path.name}{METADATA}" for path in folder.glob("*.csv")}
    for name, text in tables.items():
        said = json.loads(text)
        path = folder / said["url"]
        assert name == f"{path.name}{METADATA}"
        assert said["@context"][0] == "http://www.w3.org/ns/csvw"
        heading = path.read_text(encoding="utf-8").splitlines()[0].split(",")
        columns = said["tableSchema"]["columns"]
        assert [column["name"] for column in columns] == heading
        assert said["tableSchema"]["primaryKey"] == "code"
        assert all(column["datatype"] in ("string", "date", "boolean") for column in columns)
        assert all(column["dc:description"] for column in columns)
        labels = {column["name"]: column.get("lang") for column in columns}
        assert labels.get("label", pack.languages[0]) == pack.languages[0]
        keys = {key["columnReference"] for key in said["tableSchema"].get("foreignKeys", ())}
        assert keys <= {"parent"}
        assert (folder / name).read_text(encoding="utf-8") == text


def test_every_town_lies_in_an_area_that_figures_are_held_for():
    areas, places = codes_for("area").codes, codes_for("place").codes
    assert len(places) > 800
    for place in places.values():
        area = areas[place.parent]
        while area.group != "police force area":
            area = areas[area.parent]
        assert place.source.startswith("GeoNames ")


def test_towns_may_have_one_name_and_their_labels_say_which():
    places = codes_for("place").codes.values()
    named = [place.label for place in places if "Ashford" in place.names]
    assert named == ["Ashford (Kent)", "Ashford (Surrey)"]
    labels = [place.label for place in places]
    assert len(set(labels)) == len(labels)


def test_the_columns_of_a_table_are_few():
    assert COLUMNS[:2] == ("code", "label")
