"""What lies beside the tables of a release, for programs: CSV on the Web (W3C, 2015), JSON-stat 2,
a Frictionless data package (v1), a DCAT-AP entry with schema.org's words, and DataCite's for a DOI.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from darkfigure.publication.release import Release, ReleasedTable
from darkfigure.writing.releases.tidy import BETWEEN, FIGURES, LABEL, columns_of
from darkfigure.writing.words import ENGLISH, Words

#: The licences that are known by an address and an SPDX name.
LICENCES = {
    "Open Government Licence v3.0": (
        "OGL-UK-3.0",
        "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    ),
    "CC BY 4.0": ("CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/"),
}
MEDIA = {
    "csv": "text/csv",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml",
    "html": "text/html",
    "jsonld": "application/ld+json",
    "svg": "image/svg+xml",
    "css": "text/css",
    "js": "text/javascript",
    "txt": "text/plain",
    "atom": "application/atom+xml",
    "pdf": "application/pdf",
    "minisig": "text/plain",
    "pub": "text/plain",
}
_TYPES = "https://www.iana.org/assignments/media-types/"


def media_of(name: str) -> str:
    """The media type of a file by its ending; bytes where that is not known."""
    return MEDIA.get(name.rpartition(".")[2], "application/octet-stream")


def as_json(data: Any) -> bytes:
    """Data as JSON, the same bytes for the same data."""
    return (json.dumps(data, indent=2, ensure_ascii=False) + "\n").encode()


def csvw(table: ReleasedTable, release: Release, words: Words = ENGLISH) -> dict[str, Any]:
    """CSV-W metadata of a table's CSV file."""
    columns = [_csvw_column(name, table, words) for name in columns_of(table)]
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": release.head.language}],
        "url": f"{table.code}.csv",
        "dc:title": table.title,
        "dc:description": table.definition,
        "dc:publisher": release.head.publisher,
        "dc:license": _licence(release)[1],
        "dc:identifier": f"{release.identifier}{table.code}",
        "dc:issued": release.out_on.isoformat(),
        "notes": [*table.notes, *table.cannot_bear],
        "dialect": {"encoding": "utf-8", "header": True},
        "tableSchema": {
            "columns": columns,
            "primaryKey": [dimension.code for dimension in table.dimensions],
        },
    }


def _csvw_column(name: str, table: ReleasedTable, words: Words) -> dict[str, Any]:
    column: dict[str, Any] = {
        "name": name,
        "titles": name,
        "dc:description": _said_of(name, table, words),
        "datatype": "number" if name in FIGURES else "string",
        "required": name == "table" or any(name == one.code for one in table.dimensions),
    }
    if name in ("marks", "reasons"):
        column["separator"] = BETWEEN
    return column


def _said_of(name: str, table: ReleasedTable, words: Words) -> str:
    for dimension in table.dimensions:
        if name == dimension.code:
            return words.text("release.column.code", dimension=dimension.title)
        if name == dimension.code + LABEL:
            return words.text("release.column.label", dimension=dimension.title)
    if name == "value":
        return words.text("release.column.value", unit=table.unit_title)
    return words.text(f"release.column.{name}")


def frictionless(
    release: Release, files: Mapping[str, bytes], words: Words = ENGLISH
) -> dict[str, Any]:
    """The descriptor of a data package of the CSV tables of a release."""
    name, address = _licence(release)
    return {
        "profile": "tabular-data-package",
        "name": release.name.replace("/", "-"),
        "id": release.identifier,
        "title": release.head.title,
        "description": release.head.summary,
        "version": f"{release.version}.0.0",
        "created": release.head.out_at.isoformat(),
        "licenses": [{"name": name, "path": address, "title": release.head.licence}],
        "contributors": [{"title": release.head.publisher, "role": "publisher"}],
        "resources": [
            {
                "profile": "tabular-data-resource",
                "name": table.code,
                "path": f"{table.code}.csv",
                "title": table.title,
                "description": table.definition,
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": len(files[f"{table.code}.csv"]),
                "hash": "sha256:" + sha256(files[f"{table.code}.csv"]).hexdigest(),
                "schema": _frictionless_schema(table, words),
            }
            for table in release.tables
        ],
    }


def _frictionless_schema(table: ReleasedTable, words: Words) -> dict[str, Any]:
    fields = []
    for name in columns_of(table):
        field: dict[str, Any] = {
            "name": name,
            "type": "number" if name in FIGURES else "string",
            "description": _said_of(name, table, words),
        }
        codes = next((one.codes for one in table.dimensions if one.code == name), None)
        if codes is not None:
            field["constraints"] = {"required": True, "enum": [code for code, _ in codes]}
        fields.append(field)
    return {
        "fields": fields,
        "missingValues": [""],
        "primaryKey": [dimension.code for dimension in table.dimensions],
    }


def _licence(release: Release) -> tuple[str, str]:
    return LICENCES.get(release.head.licence, (release.head.licence, release.head.licence))


def dcat(release: Release, files: Mapping[str, bytes]) -> dict[str, Any]:
    """The entry of a release in a catalogue, in JSON-LD: DCAT-AP 3 with its series, and the same in
    schema.org's words.
    """
    licence = _licence(release)[1]
    at = release.identifier if release.head.address else ""
    series = f"{release.head.address or 'urn:darkfigure:'}series/{release.head.series}"
    publisher = f"{series}#publisher"
    shared = {
        "dct:title": _text(release, release.head.title),
        "dct:description": _text(release, release.head.summary),
        "dct:publisher": {"@id": publisher},
    }
    return {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "vcard": "http://www.w3.org/2006/vcard/ns#",
            "spdx": "http://spdx.org/rdf/terms#",
            "adms": "http://www.w3.org/ns/adms#",
            "schema": "https://schema.org/",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@graph": [
            {
                "@id": publisher,
                "@type": "foaf:Agent",
                "foaf:name": release.head.publisher,
            },
            {"@id": series, "@type": "dcat:DatasetSeries", **shared},
            {
                "@id": release.identifier,
                "@type": ["dcat:Dataset", "schema:Dataset"],
                **shared,
                "dct:identifier": release.identifier,
                "dct:issued": _day(release),
                "dct:language": {"@id": _language(release.head.language)},
                "dcat:version": f"{release.version}.0.0",
                "adms:versionNotes": _text(release, release.reason or release.head.revisions),
                "dcat:inSeries": {"@id": series},
                "dcat:contactPoint": {
                    "@type": "vcard:Kind",
                    "vcard:fn": release.head.publisher,
                    "vcard:hasEmail": {"@id": f"mailto:{release.head.contact}"},
                },
                "dcat:distribution": [
                    _distribution(name, body, at, licence) for name, body in files.items()
                ],
                "schema:name": release.head.title,
                "schema:description": release.head.summary,
                "schema:license": {"@id": licence},
                "schema:version": f"{release.version}.0.0",
                "schema:datePublished": release.out_on.isoformat(),
                "schema:creator": {
                    "@type": "schema:Organization",
                    "schema:name": release.head.publisher,
                },
                "schema:citation": release.citation,
                "schema:variableMeasured": [table.measure_title for table in release.tables],
            },
        ],
    }


def _text(release: Release, text: str) -> dict[str, str]:
    return {"@value": text, "@language": release.head.language}


def _day(release: Release) -> dict[str, str]:
    return {"@value": release.out_on.isoformat(), "@type": "xsd:date"}


def _language(code: str) -> str:
    codes = {"en": "ENG", "cy": "CYM"}
    return f"http://publications.europa.eu/resource/authority/language/{codes.get(code, 'ENG')}"


def _distribution(name: str, body: bytes, at: str, licence: str) -> dict[str, Any]:
    digest = sha256(body).hexdigest()
    address = f"{at}{name}" if at else f"urn:sha256:{digest}"
    return {
        "@id": address,
        "@type": "dcat:Distribution",
        "dct:title": name,
        "dcat:accessURL": {"@id": address},
        "dcat:mediaType": {"@id": _TYPES + media_of(name)},
        "dct:license": {"@id": licence},
        "dcat:byteSize": {"@value": str(len(body)), "@type": "xsd:nonNegativeInteger"},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {"@value": digest, "@type": "xsd:hexBinary"},
        },
    }


def datacite(release: Release) -> dict[str, Any]:
    """What a registration agency asks for a DOI (DataCite Metadata Schema 4)."""
    name, address = _licence(release)
    related = []
    if release.corrects is not None:
        before = release.identifier.replace(f"v{release.version}", f"v{release.corrects}")
        related.append(
            {
                "relatedIdentifier": before,
                "relatedIdentifierType": "URL" if release.head.address else "URN",
                "relationType": "IsNewVersionOf",
            }
        )
    return {
        "titles": [{"title": f"{release.head.title}, {release.head.edition}"}],
        "creators": [{"name": release.head.publisher, "nameType": "Organizational"}],
        "publisher": {"name": release.head.publisher},
        "publicationYear": release.head.out_at.year,
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Official statistics"},
        "dates": [{"date": release.out_on.isoformat(), "dateType": "Issued"}],
        "version": f"{release.version}.0.0",
        "language": release.head.language,
        "descriptions": [{"description": release.head.summary, "descriptionType": "Abstract"}],
        "rightsList": [
            {"rights": release.head.licence, "rightsUri": address, "rightsIdentifier": name}
        ],
        "url": release.identifier,
        "relatedIdentifiers": related,
        "schemaVersion": "http://datacite.org/schema/kernel-4",
    }


def jsonstat(table: ReleasedTable, release: Release) -> dict[str, Any]:
    """A table as a JSON-stat 2.0 dataset: figures by place, marks as their status, what is said of
    a figure that is not told as its extension.
    """
    sizes = [len(dimension.codes) for dimension in table.dimensions]
    places = [
        {code: at for at, (code, _) in enumerate(dimension.codes)} for dimension in table.dimensions
    ]
    values: dict[str, float | int] = {}
    status: dict[str, str] = {}
    bounds: dict[str, list[float | int | None]] = {}
    for cell in table.cells:
        at = 0
        for size, place, code in zip(sizes, places, cell.values, strict=True):
            at = at * size + place[code]
        if cell.value is not None:
            values[str(at)] = cell.value
        if cell.marks:
            status[str(at)] = "".join(cell.marks)
        if cell.value is None or (cell.low, cell.high) != (cell.value, cell.value):
            bounds[str(at)] = [cell.low, cell.high]
    return {
        "version": "2.0",
        "class": "dataset",
        "label": table.title,
        "source": "; ".join(table.sources) or release.head.publisher,
        "updated": release.out_on.isoformat(),
        "href": f"{release.identifier}{table.code}.json" if release.head.address else None,
        "id": [dimension.code for dimension in table.dimensions],
        "size": sizes,
        "role": {"time": [one.code for one in table.dimensions if one.is_time]},
        "dimension": {
            dimension.code: {
                "label": dimension.title,
                "category": {
                    "index": [code for code, _ in dimension.codes],
                    "label": dict(dimension.codes),
                },
            }
            for dimension in table.dimensions
        },
        "value": values,
        "status": status,
        "note": [*table.notes],
        "extension": {
            "unit": table.unit,
            "bounds": bounds,
            "synthetic": table.synthetic,
            **({"cannot_bear": [*table.cannot_bear]} if table.cannot_bear else {}),
            "licence": release.head.licence,
        },
    }
