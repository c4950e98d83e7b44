"""A released table as an SDMX-JSON 2.0.0 data message: observations by the places of their
codes.
"""

from __future__ import annotations

from datetime import UTC
from typing import Any

from darkfigure.publication.release import Dimension, Release, ReleasedTable
from darkfigure.writing.releases.as_sdmx import (
    LEAST,
    MARKS,
    MEASURE,
    MOST,
    UNIT,
    agency_of,
    identifier,
    structure_code,
)

SCHEMA = (
    "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/data-message/tools/schemas/2.0.0/"
    "sdmx-json-data-schema.json"
)


def data_message(release: Release, table: ReleasedTable) -> dict[str, Any]:
    """The message of a table."""
    language = release.head.language
    return {
        "meta": {
            "schema": SCHEMA,
            "id": identifier(f"{release.name}/{table.code}"),
            "test": release.synthetic,
            "prepared": release.head.out_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "contentLanguages": [language],
            "sender": {
                "id": agency_of(release),
                "name": release.head.publisher,
            },
        },
        "data": {
            "structures": [_structure(release, table)],
            "dataSets": [
                {
                    "structure": 0,
                    "links": [{"rel": "self", "urn": _urn(release, table)}],
                    "action": "Replace",
                    "observations": _observations(table),
                }
            ],
        },
    }


def _urn(release: Release, table: ReleasedTable) -> str:
    """What names the structure of a table in a registry."""
    return (
        "urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure="
        f"{agency_of(release)}:{structure_code(release, table)}({release.version}.0)"
    )


def _structure(release: Release, table: ReleasedTable) -> dict[str, Any]:
    return {
        "name": table.title,
        "names": {release.head.language: table.title},
        "dataSets": [0],
        "dimensions": {
            "observation": [
                _dimension(dimension, place) for place, dimension in enumerate(table.dimensions)
            ]
        },
        "measures": {
            "observation": [
                {"id": MEASURE, "name": table.measure_title, "roles": ["PRIMARY"]},
            ]
        },
        "attributes": {
            "dataSet": [
                {
                    "id": UNIT,
                    "name": table.unit_title,
                    "relationship": {"dataflow": {}},
                    "values": [{"id": identifier(table.unit), "name": table.unit_title}],
                }
            ],
            "observation": [
                {"id": name, "name": name.capitalize(), "relationship": {"observation": {}}}
                for name in (MARKS, LEAST, MOST)
            ],
        },
    }


def _dimension(dimension: Dimension, place: int) -> dict[str, Any]:
    return {
        "id": identifier(dimension.code.upper()),
        "name": dimension.title,
        "keyPosition": place,
        "values": [{"id": identifier(code), "name": label} for code, label in dimension.codes],
    }


def _observations(table: ReleasedTable) -> dict[str, list[Any]]:
    places = [
        {code: str(at) for at, (code, _) in enumerate(dimension.codes)}
        for dimension in table.dimensions
    ]
    return {
        ":".join(place[code] for place, code in zip(places, cell.values, strict=True)): [
            cell.value,
            " ".join(cell.marks) or None,
            cell.low,
            cell.high,
        ]
        for cell in table.cells
    }
