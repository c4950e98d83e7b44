"""All files of a release, by name: what is approved, and what goes out, byte by byte."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from importlib.resources import files as resources

from darkfigure.publication.release import Release, as_data
from darkfigure.writing.charts.answer_charts import table_drawn
from darkfigure.writing.documents.head import document
from darkfigure.writing.releases import as_ods, as_sdmx, as_xlsx
from darkfigure.writing.releases.described import (
    as_json,
    csvw,
    datacite,
    dcat,
    frictionless,
    jsonstat,
)
from darkfigure.writing.releases.pages import SCRIPT, STYLES, release_page, styles, table_page
from darkfigure.writing.releases.sdmx_json import data_message
from darkfigure.writing.releases.tidy import csv_of, parquet_of
from darkfigure.writing.words import ENGLISH, Words

INDEX, HASHES = "index.html", "SHA256SUMS.txt"


def files_of(
    release: Release, words: Words = ENGLISH, attached: Mapping[str, bytes] | None = None
) -> dict[str, bytes]:
    """Every file of a release, those attached to it among them; the same release is the same
    bytes.
    """
    data = _data_files(release, words) if release.tables else {}
    package = {"datapackage.json": as_json(frictionless(release, data, words))} if data else {}
    files = {
        **(attached or {}),
        **data,
        **package,
        "catalogue.jsonld": as_json(dcat(release, data_in(data))),
        "datacite.json": as_json(datacite(release)),
        "release.json": release_document(release).encode(),
    }
    whole = {
        INDEX: release_page(release, files, words),
        **{f"{table.code}.html": table_page(release, table, words) for table in release.tables},
        **files,
        STYLES: styles(),
        SCRIPT: script(),
    }
    return {**whole, HASHES: hashes_of(whole)}


def release_document(release: Release) -> str:
    """A release as a document, from which it can be made again."""
    said = {
        "identifier": release.identifier,
        "content": release.content,
        "citation": release.citation,
        "release": as_data(release),
    }
    return document("release", said, synthetic=release.synthetic)


def _data_files(release: Release, words: Words) -> dict[str, bytes]:
    files = {
        "tables.ods": as_ods.workbook_of(release, words),
        "tables.xlsx": as_xlsx.workbook_of(release, words),
        "structure.xml": as_sdmx.structure_of(release, words),
    }
    for table in release.tables:
        files |= {
            f"{table.code}.csv": csv_of(table),
            f"{table.code}.csv-metadata.json": as_json(csvw(table, release, words)),
            f"{table.code}.parquet": parquet_of(table, release),
            f"{table.code}.jsonstat.json": as_json(jsonstat(table, release)),
            f"{table.code}.sdmx.xml": as_sdmx.data_of(release, table),
            f"{table.code}.sdmx.json": as_json(data_message(release, table)),
            f"{table.code}.svg": table_drawn(release, table, words).encode(),
        }
    return files


#: What files of tables are called at the end: those that a catalogue names.
_DATA = (".ods", ".xlsx", ".csv", ".parquet", ".jsonstat.json", ".sdmx.xml", ".sdmx.json")


def data_in(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Those of a release's files that hold its figures as data."""
    return {name: body for name, body in files.items() if name.endswith(_DATA)}


def script() -> bytes:
    """The script of the table builder."""
    return (resources("darkfigure") / "data" / "site" / SCRIPT).read_bytes()


def hashes_of(files: Mapping[str, bytes]) -> bytes:
    """The hash of each file, as `sha256sum` writes and checks them."""
    lines = [f"{sha256(body).hexdigest()}  {name}" for name, body in files.items()]
    return ("\n".join(lines) + "\n").encode()
