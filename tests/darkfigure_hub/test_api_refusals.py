"""What the interface for programs says of a request that its description does not allow: for every
operation and every parameter of it, one shape, where it is and what would be right.
"""

from __future__ import annotations

import json
import re
from urllib.parse import urlencode

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from darkfigure.basis.marking import Marking
from darkfigure.writing.problem_details import MEDIA
from darkfigure_hub.api import bodies
from darkfigure_hub.api.routes import api
from darkfigure_hub.api.telling import Refusal
from darkfigure_hub.flows.programs import Wanted, make_token
from documents_held import held

PLANTED = "Synthetic Personname"
REPLY = '{"kind": "not_held", "signed_off_by": "x"}'
SHAPE = {"$ref": "#/components/schemas/Refused"}


def operations():
    """How each operation is asked, its path, description and parameters by name."""
    for path, methods in api.get_openapi_schema(path_prefix="/api/")["paths"].items():
        for method, told in methods.items():
            assert method in ("get", "post"), "how to break another method is to be said here"
            yield method, path, told, {each["name"]: each for each in told.get("parameters", [])}


def limits(schema):
    """What a parameter's schema allows, of whichever type it may be."""
    found = {}
    for each in schema.get("anyOf", [schema]):
        found |= each
    return found


def broken(parameters):
    """Requests with one parameter wrong each: the parameter, what is sent, what would be right."""
    whole = {
        name: "x" for name, each in parameters.items() if each["required"] and each["in"] != "path"
    }
    for name, each in parameters.items():
        schema = limits(each["schema"])
        if each["required"] and each["in"] != "path":
            yield name, {at: value for at, value in whole.items() if at != name}, "Give it"
        if most := schema.get("maxLength"):
            long = (PLANTED * most)[: most + 1]
            yield name, {**whole, name: long}, f"Write at most {most} characters."
        if most := schema.get("maxItems"):
            yield name, {**whole, name: [PLANTED] * (most + 1)}, f"at most {most} times."
        if most := schema.get("maximum"):
            yield name, {**whole, name: str(most + 1)}, "/api/openapi.json says what it takes."
        if schema.get("enum"):
            yield name, {**whole, name: PLANTED}, "/api/openapi.json says what it takes."
        if schema.get("type") == "boolean":
            yield name, {**whole, name: PLANTED}, "Write true or false."


CASES = [
    pytest.param(method, path, *each, id=f"{method} {path} {each[0]} {each[2]}")
    for method, path, told, parameters in operations()
    if not told.get("security")
    for each in broken(parameters)
]
OF_PROGRAMS = [
    pytest.param(method, path, *each, id=f"{method} {path} {each[0]} {each[2]}")
    for method, path, told, parameters in operations()
    if told.get("security")
    for each in broken(parameters)
]


def refused(method, path, name, sent, right, **headers):
    """What is not described is told in a sentence, where it is and what would be right."""
    of = next(
        parameters for asked, at, _, parameters in operations() if (asked, at) == (method, path)
    )
    within = {at: sent[at] for at in sent if f"{{{at}}}" in path}
    given = {at: sent[at] for at in sent if at not in within and of[at]["in"] == "header"}
    rest = {at: value for at, value in sent.items() if at not in within and at not in given}
    place = re.sub(r"{(\w+)}", lambda at: within.get(at[1], "1"), path)
    address = f"{place}?{urlencode(rest, doseq=True)}"
    body = {"data": REPLY, "content_type": "application/json"} if method == "post" else {}
    reply = getattr(Client(), method)(address, headers={**given, **headers}, **body)
    assert reply.status_code == 422
    told = held(reply.content, "problem")
    assert [*told][4:] == ["type", "title", "status", "detail"]
    assert told["status"] == reply.status_code
    assert reply.headers["Content-Type"] == MEDIA
    assert f"parameter {name!r}: " in told["detail"]
    assert right in told["detail"]
    assert told["detail"].endswith(".")
    assert "Personname" not in told["detail"]
    return told["detail"]


@pytest.mark.parametrize(("method", "path", "name", "sent", "right"), CASES)
def test_a_request_that_is_not_described_is_refused_in_a_sentence(method, path, name, sent, right):
    assert refused(method, path, name, sent, right).startswith(f"parameter {name!r}: ")


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "path", "name", "sent", "right"), OF_PROGRAMS)
def test_a_programs_request_is_refused_in_a_sentence(operator, method, path, name, sent, right):
    until = timezone.localdate()
    wanted = Wanted("kent", "synthetic", ["returns", "replies"], Marking.OFFICIAL, until)
    token = make_token(operator, wanted).written
    refused(method, path, name, sent, right, Authorization=f"Bearer {token}")


def test_every_parameter_has_a_limit_that_is_tried():
    tried = {case.values[:3] for case in (*CASES, *OF_PROGRAMS)}
    every = {
        (method, path, name) for method, path, _, parameters in operations() for name in parameters
    }
    assert tried == every


def test_several_faults_are_told_together():
    reply = Client().get("/api/bridge", {"strict": PLANTED})
    said = json.loads(reply.content)["detail"]
    for name in ("measure", "from", "to", "strict"):
        assert f"parameter {name!r}: " in said
    assert said.count("Give it: /api/openapi.json says what it takes.") == 3


@pytest.mark.parametrize(("path", "told"), [(path, told) for _, path, told, _ in operations()])
def test_refusals_are_described(path, told):
    """What takes parameters says that it may refuse them, and in which shape."""
    if told.get("parameters"):
        for status in (400, 422, 503):
            content = told["responses"][status]["content"]
            assert content["application/json"]["schema"] == SHAPE, (path, status)


def test_one_large_body_is_taken_in_at_a_time(monkeypatch):
    monkeypatch.setattr(bodies, "PATIENCE", 0.01)
    asked = {
        name: RequestFactory().post("/", CONTENT_LENGTH=str(length))
        for name, length in (("large", bodies.LARGE + 1), ("small", bodies.LARGE))
    }
    with bodies.room_for(asked["large"]):
        with bodies.room_for(asked["small"]):
            pass
        with pytest.raises(Refusal) as refused, bodies.room_for(asked["large"]):
            pass
        assert refused.value.status == 503
    with bodies.room_for(asked["large"]):
        pass
