"""What leaves as JSON is a document: it names a Schema, and there is no other way out."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

import darkfigure
import darkfigure_hub
from darkfigure.writing import registry
from darkfigure.writing.documents import catalogue
from darkfigure.writing.documents.head import VERSIONS, listed, schema_text

LIBRARY, HUB = Path(darkfigure.__file__).parent, Path(darkfigure_hub.__file__).parent
#: What is written as JSON in a form that is somebody else's, is read by ourselves alone, or is a
#: Schema; and why it names none.
OTHERWISE = {
    "writing/answers/as_csvw.py": "CSV on the Web: metadata in the form of the W3C",
    "writing/answers/as_json.py": "an answer as it is kept in the repository",
    "writing/forms/csvw.py": "CSV on the Web: metadata in the form of the W3C",
    "writing/forms/templates.py": "an example of a case return, and Schemas of what comes in",
    "writing/releases/described.py": "CSV-W, Frictionless, JSON-stat, DCAT, DataCite",
    "writing/releases/pages.py": "JSON-stat within a page, for its table builder",
    "writing/responses/disclosure_log.py": "a JSON Feed: its head is in `_darkfigure`",
    "writing/editions/feed.py": "a JSON Feed: its head is in `_darkfigure`",
    "writing/documents/head.py": "every document",
    "writing/documents/catalogue.py": "the Schemas themselves",
    "commands/requiring.py": "an edition as STIX 2.1",
    "web/known_browsers.py": "a cookie that is signed: whom a browser is known for, by hashes",
    "commands/working.py": "how far work is, from one process to the one that began it",
    "commands/writing_forms.py": "MISP, STIX 2.1, the Schema of requirement sets",
    "writing/pdf/setting.py": "a tree handed to the program that sets pages",
}


@pytest.mark.parametrize("name", VERSIONS)
def test_the_schema_kept_is_what_the_declaration_says(name):
    """If it differs: `make schemas`, and another version where a reader would be misled."""
    assert json.loads(schema_text(name)) == catalogue.derived(name)


def test_every_document_is_declared_and_every_schema_is_of_one():
    assert list(VERSIONS) == sorted(VERSIONS) == sorted(catalogue.DECLARED)
    assert {path.stem for path in catalogue.KEPT.glob("*.json")} == set(VERSIONS)
    assert all(each["about"].endswith(".") for each in listed())


@pytest.mark.parametrize("name", VERSIONS)
def test_nothing_stands_in_a_document_that_its_schema_does_not_name(name):
    closed = list(objects(catalogue.derived(name)))
    assert closed
    assert all(each["additionalProperties"] is False for each in closed)


def objects(schema):
    """Every object of a Schema that has fields."""
    if isinstance(schema, dict):
        if "properties" in schema and schema.get("type") == "object":
            yield schema
        for inner in schema.values():
            yield from objects(inner)


def test_every_subject_written_as_json_has_a_schema():
    assert {name for name, forms in registry.FORMS.items() if registry.JSON in forms} <= set(
        VERSIONS
    )


def writes_json(path):
    """Whether a module makes JSON by itself."""
    return any(
        isinstance(node, ast.Attribute) and node.attr in ("dumps", "dump", "JsonResponse")
        for node in ast.walk(ast.parse(path.read_text()))
    )


def test_json_leaves_by_one_way():
    found = set()
    for root, rooms in ((LIBRARY, ["writing"]), (HUB, ["commands", "api", "web"])):
        for path in (path for room in rooms for path in (root / room).rglob("*.py")):
            if writes_json(path):
                found.add(str(path.relative_to(root)))
    assert found == set(OTHERWISE)
