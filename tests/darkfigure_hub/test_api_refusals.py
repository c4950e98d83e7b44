"""What the interface for programs says of a request that its description does not allow: for every
operation and every parameter of it, one shape, where it is and what would be right.
"""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client

from darkfigure.writing.problem_details import MEDIA
from darkfigure_hub.api.routes import api
from documents_held import held

PLANTED = "Synthetic Personname"
SHAPE = {"$ref": "#/components/schemas/Refused"}


def operations():
    """Each operation's path, description and parameters by name."""
    for path, methods in api.get_openapi_schema(path_prefix="/api/")["paths"].items():
        for method, told in methods.items():
            assert method == "get", "how to break another method is to be said here"
            yield path, told, {each["name"]: each for each in told.get("parameters", [])}


def limits(schema):
    """What a parameter's schema allows, of whichever type it may be."""
    found = {}
    for each in schema.get("anyOf", [schema]):
        found |= each
    return found


def broken(parameters):
    """Requests with one parameter wrong each: the parameter, what is sent, what would be right."""
    whole = {
        name: "x" for name, each in parameters.items() if each["required"] and each["in"] == "query"
    }
    for name, each in parameters.items():
        schema = limits(each["schema"])
        if each["required"] and each["in"] == "query":
            yield name, {at: value for at, value in whole.items() if at != name}, "Give it"
        if most := schema.get("maxLength"):
            long = (PLANTED * most)[: most + 1]
            yield name, {**whole, name: long}, f"Write at most {most} characters."
        if most := schema.get("maxItems"):
            yield name, {**whole, name: [PLANTED] * (most + 1)}, f"at most {most} times."
        if most := schema.get("maximum"):
            yield name, {**whole, name: str(most + 1)}, "/api/openapi.json says what it takes."
        if schema.get("type") == "boolean":
            yield name, {**whole, name: PLANTED}, "Write true or false."


CASES = [
    pytest.param(path, *each, id=f"{path} {each[0]} {each[2]}")
    for path, _, parameters in operations()
    for each in broken(parameters)
]


@pytest.mark.parametrize(("path", "name", "sent", "right"), CASES)
def test_a_request_that_is_not_described_is_refused_in_a_sentence(path, name, sent, right):
    within = {at: sent[at] for at in sent if f"{{{at}}}" in path}
    rest = {at: value for at, value in sent.items() if at not in within}
    reply = Client().get(re.sub(r"{(\w+)}", lambda at: within.get(at[1], "x"), path), rest)
    assert reply.status_code == 422
    told = held(reply.content, "problem")
    assert [*told][4:] == ["type", "title", "status", "detail"]
    assert told["status"] == reply.status_code
    assert reply.headers["Content-Type"] == MEDIA
    assert told["detail"].startswith(f"parameter {name!r}: ")
    assert right in told["detail"]
    assert told["detail"].endswith(".")
    assert "Personname" not in told["detail"]


def test_every_parameter_has_a_limit_that_is_tried():
    tried = {(case.values[0], case.values[1]) for case in CASES}
    every = {(path, name) for path, _, parameters in operations() for name in parameters}
    assert tried == every


def test_several_faults_are_told_together():
    reply = Client().get("/api/bridge", {"strict": PLANTED})
    said = json.loads(reply.content)["detail"]
    for name in ("measure", "from", "to", "strict"):
        assert f"parameter {name!r}: " in said
    assert said.count("Give it: /api/openapi.json says what it takes.") == 3


@pytest.mark.parametrize(("path", "told"), [(path, told) for path, told, _ in operations()])
def test_refusals_are_described(path, told):
    """What takes parameters says that it may refuse them, and in which shape."""
    if told.get("parameters"):
        for status in (400, 422, 503):
            content = told["responses"][status]["content"]
            assert content["application/json"]["schema"] == SHAPE, (path, status)
