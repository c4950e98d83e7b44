"""The interface for programs answers in documents that fit their Schemas, whatever is asked."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest
from django.test import Client

from darkfigure.writing.documents.head import SCHEMA_MEDIA, VERSIONS, schema_text
from darkfigure_hub.api.routes import api
from darkfigure_hub.flows.set_requirements import load_set
from documents_held import held

#: Each route, what it is asked, and the document it answers with.
ASKED = {
    "/api/measures": [({}, "measures")],
    "/api/schemas": [({}, "schemas")],
    "/api/ask": [
        ({"measure": "victims_recovered", "by": "operation,exploitation"}, "answer"),
        ({"measure": "victims_recovered", "evidence": "cases", "by": "age_group"}, "answer"),
        ({"measure": "nrm_referrals", "by": "year", "change": "true", "total": "true"}, "view"),
        ({"measure": "arrests,convictions", "by": "operation"}, "beside"),
        ({"measure": "convictions", "by": "operation", "language": "cy"}, "answer"),
        ({"measure": "no such measure"}, "problem"),
        ({}, "problem"),
    ],
    "/api/understand": [({"text": "how many girls were recovered"}, "understanding")],
    "/api/held": [({}, "held"), ({"measure": "arrests"}, "held")],
    "/api/bridge": [
        ({"measure": "arrests", "from": "2008-12-17", "to": "2009-11-01"}, "bridge"),
        (
            {
                "measure": "arrests",
                "evidence": "cases",
                "from": "2008-12-17",
                "to": "2009-11-01",
            },
            "bridge",
        ),
    ],
    "/api/flow": [({"as_at": "2009-03-01"}, "flow")],
    "/api/estimates": [({}, "series")],
    "/api/coverage": [({}, "problem"), ({"by": "nothing"}, "problem")],
    "/api/requirements": [({}, "problem")],
    "/api/answers": [({}, "disclosure")],
    "/api/answers/{reference}": [({}, "problem")],
    "/api/source/{cell_id}": [({}, "source")],
    "/api/schemas/{name}": [],
}
#: Those of programs, which are asked by a token in `test_programs`.
BY_TOKEN = {
    (method, path)
    for path, methods in api.get_openapi_schema()["paths"].items()
    for method, told in methods.items()
    if told.get("security")
}


def test_every_route_is_asked():
    assert set(api.get_openapi_schema()["paths"]) - {path for _, path in BY_TOKEN} == set(ASKED)
    assert len(BY_TOKEN) == 8


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "path"), sorted(BY_TOKEN))
def test_what_is_a_programs_is_asked_by_a_token(method, path):
    place = path.format(number=1, code="ASK-1") if "{" in path else path
    for header in ("", "Bearer guess", "Basic eDp4", "Bearer"):
        given = {"Authorization": header} if header else {}
        reply = getattr(Client(), method)(place, headers=given)
        assert reply.status_code == 401
        assert reply.headers["WWW-Authenticate"] == 'Bearer realm="darkfigure"'
        held(reply.content, "problem")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "asked", "document"),
    [(path, *each) for path, several in ASKED.items() for each in several],
)
def test_what_a_route_answers_fits_its_schema(path, asked, document):
    place = path.format(cell_id=a_cell(), reference="RESPONSE-99") if "{" in path else path
    reply = Client().get(place, asked)
    told = held(reply.content, document)
    assert (reply.status_code == 200) == (document != "problem")
    if asked.get("evidence") == "cases" or document == "flow":
        assert told["synthetic"] is True


@pytest.mark.django_db
def test_an_edition_that_the_public_may_see_and_its_coverage(operator, tmp_path):
    folder = files("darkfigure") / "data" / "requirements"
    held_here = (folder / "human_trafficking.yaml").read_text("utf-8")
    path = tmp_path / "public.yaml"
    path.write_text(held_here.replace("marking: official", "marking: public"), "utf-8")
    edition = load_set(operator, str(path)).edition
    day = {"as_at": "2026-07-01"}
    told = held(Client().get("/api/requirements").content, "requirements")
    assert told["edition"] == edition
    assert len(told["questions"]) > 30
    for asked in ({}, {"by": "threat"}, {"by": "question,area"}, {"by": "agency"}):
        covered = held(Client().get("/api/coverage", {**day, **asked}).content, "coverage")
        assert covered["edition"] == edition
        assert ("by" in covered) is bool(asked)


def a_cell():
    """The id of a cell that was given."""
    asked = {"measure": "victims_recovered", "evidence": "cases", "by": "age_group"}
    return json.loads(Client().get("/api/ask", asked).content)["cells"][0]["id"]


@pytest.mark.django_db
def test_every_schema_is_served_and_named_where_programs_read_of_it():
    for name in VERSIONS:
        reply = Client().get(f"/api/schemas/{name}")
        assert (reply.status_code, reply.headers["content-type"]) == (200, SCHEMA_MEDIA)
        assert reply.content.decode() == schema_text(name)
    assert Client().get("/api/schemas/nothing").status_code == 400
    described = json.dumps(api.get_openapi_schema())
    page = Client().get("/api/docs").content.decode()
    for name in ("answer", "view", "beside", "coverage", "source", "requirements"):
        assert f'"/api/schemas/{name}"' in described
        assert f'<a class="govuk-link" href="/api/schemas/{name}">' in page
