"""From a declaration of a document to its JSON Schema, and what the declarations say."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, NotRequired, TypedDict

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from darkfigure.basis.errors import UnknownName
from darkfigure.writing.documents.deriving import schema_of
from darkfigure.writing.documents.estimates import EntryDocument
from darkfigure.writing.documents.figures import BridgeData, Head
from darkfigure.writing.documents.head import document, identity, says_made_up, schema_text
from darkfigure.writing.documents.listings import MeasureData
from darkfigure.writing.documents.measured import measures_data
from darkfigure.writing.documents.working import FlowStep
from documents_held import held


class Colour(StrEnum):
    """A closed list."""

    RED = "red"


class Leaf(TypedDict):
    """A part
    told over two lines.
    """

    colour: Colour


class Tree(Head):
    """A document."""

    leaves: list[Leaf]
    on: date
    height: Annotated[float | None, "in metres"]
    kind: NotRequired[Literal["oak", "ash"]]
    ring: dict[str, int]
    span: tuple[float, float] | None


TREE = {
    "schema": "darkfigure:tree/1",
    "version": "0",
    "licence": "",
    "synthetic": None,
    "leaves": [{"colour": "red"}],
    "on": "2026-11-26",
    "height": None,
    "ring": {"inner": 1},
    "span": [1, 2.5],
}


def fits(data):
    schema = schema_of(Tree, "darkfigure:tree/1")
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=FormatChecker(["date"])).is_valid(data)


@pytest.mark.parametrize(
    "otherwise",
    [
        {"kind": "elm"},
        {"leaves": [{"colour": "blue"}]},
        {"leaves": [{"colour": "red", "more": 1}]},
        {"leaves": [{}]},
        {"on": "26 November 2026"},
        {"height": "tall"},
        {"ring": {"inner": "one"}},
        {"span": [1]},
        {"span": [1, 2, 3]},
        {"schema": "darkfigure:tree/2"},
        {"more": None},
    ],
)
def test_a_document_holds_what_is_declared_and_nothing_else(otherwise):
    assert fits(TREE)
    assert fits(TREE | {"kind": "oak", "span": None, "height": 3.5})
    assert not fits(TREE | otherwise)


@pytest.mark.parametrize("name", list(TREE))
def test_what_is_not_optional_must_be_there(name):
    assert not fits({key: value for key, value in TREE.items() if key != name})


def test_what_a_declaration_says_is_told_in_the_schema():
    schema = schema_of(Tree, "darkfigure:tree/1")
    assert schema["$id"] == "darkfigure:tree/1"
    assert schema["description"] == "A document."
    assert schema["$defs"]["Leaf"]["description"] == "A part told over two lines."
    assert schema["properties"]["height"]["description"] == "in metres"


def test_what_cannot_be_declared_is_refused():
    class Odd(Head):
        """With something that is no JSON."""

        colours: set[str]

    with pytest.raises(TypeError, match="nothing that a document may hold"):
        schema_of(Odd, "darkfigure:odd/1")


def test_keys_that_are_words_of_the_language_are_declared_too():
    assert {"from", "to"} <= set(BridgeData.__annotations__) & set(FlowStep.__annotations__)
    optional = schema_of(EntryDocument, "darkfigure:entry/1")
    assert "taken_back" in set(optional["properties"]) - set(optional["required"])


def test_the_measures_are_told_as_declared():
    told = measures_data()
    assert all(set(each) == set(MeasureData.__annotations__) for each in told)
    assert held(document("measures", {"measures": told}, synthetic=False), "measures")


def test_a_source_that_says_it_is_made_up_is_known_by_it():
    assert says_made_up(["SYNTHETIC written answer"])
    assert says_made_up(["HC Deb", "a made-up list"])
    assert not says_made_up(["HC Deb 17 December 2008", "photosynthetic"])


def test_a_document_there_is_not_is_refused_with_those_there_are():
    assert identity("answer") == "darkfigure:answer/1"
    with pytest.raises(UnknownName, match="There are accessible, answer, answers"):
        schema_text("anwser")
