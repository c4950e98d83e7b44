"""The interface for programs described on a page: made of the same description that programs read,
without a script.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase

from darkfigure.writing import registry

#: Where the Schemas are served.
SCHEMAS = "/api/schemas/"
_JSON = "application/json"


class Parameter(NamedTuple):
    """A parameter of a route, as its table shows it."""

    name: str
    place: str
    needed: bool
    says: str


class Route(NamedTuple):
    """A route: how it is asked, its address, what it does, what it takes, the media types it
    answers in, and the Schemas of its JSON.
    """

    method: str
    path: str
    name: str
    does: str
    takes: tuple[Parameter, ...]
    media: tuple[str, ...]
    schemas: tuple[str, ...]


def answered(*documents: str, status: int = 200, media: str = _JSON) -> dict[str, Any]:
    """What a route may answer, for the description of the interface: every form there is of the
    first, and by which Schemas its JSON is held.
    """
    held = [{"$ref": f"{SCHEMAS}{name}"} for name in documents]
    forms = registry.media_of(documents[0]) if documents[0] in registry.FORMS else [media]
    content: dict[str, Any] = {each: {"schema": {"type": "string"}} for each in forms}
    content[media] = {"schema": held[0] if len(held) == 1 else {"anyOf": held}}
    return {"responses": {status: {"description": "In the form asked for", "content": content}}}


def sent(name: str, lines: str) -> dict[str, Any]:
    """What a route takes that is sent a file, and answers: by the line, where lines are sent."""
    file = {"schema": {"type": "string", "format": "binary"}}
    told = {"schema": {"$ref": f"{SCHEMAS}{name}"}}
    return {
        "requestBody": {
            "required": True,
            "description": "The file as it is, of any form that is read",
            "content": {"application/octet-stream": file, lines: file},
        },
        "responses": {
            201: {"description": "Drafted", "content": {_JSON: told, lines: told}},
            202: {"description": "Drafted, its checks not told yet", "content": {_JSON: told}},
        },
    }


def answered_in(media: str) -> dict[str, Any]:
    """What a route answers that has one form."""
    content = {media: {"schema": {"type": "object"}}}
    return {"responses": {200: {"description": "In this form", "content": content}}}


class Described(DocsBase):
    """The page at /api/docs."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        """The page."""
        schema = api.get_openapi_schema()
        routes = [
            _route(name.upper(), path, method)
            for path, methods in schema["paths"].items()
            for name, method in methods.items()
        ]
        given = {
            "title": "Interface for programs",
            "routes": routes,
            "description": self.get_openapi_url(api, kwargs),
        }
        return render(request, "web/interface.html", given)


def _route(name: str, path: str, method: dict[str, Any]) -> Route:
    answers = next(each for at, each in method["responses"].items() if str(at).startswith("2"))
    return Route(
        name,
        path,
        method["operationId"].rpartition("_")[2],
        " ".join(method.get("description", "").split()),
        tuple(map(_parameter, method.get("parameters", ()))),
        tuple(answers.get("content", {})),
        tuple(_schemas(_first(answers.get("content", {})).get("schema", {}))),
    )


def _first(content: dict[str, Any]) -> dict[str, Any]:
    """What is said of the JSON of an answer, else of the form it has."""
    found: dict[str, Any] = content.get(_JSON) or next(iter(content.values()), {})
    return found


def _schemas(shape: dict[str, Any]) -> list[str]:
    """The addresses of the Schemas that hold what is answered."""
    return [each["$ref"] for each in shape.get("anyOf", [shape]) if "$ref" in each]


def _parameter(held: dict[str, Any]) -> Parameter:
    schema = held.get("schema", {})
    said = str(schema.get("description", "")).replace("`", "")
    return Parameter(held["name"], held["in"], bool(held.get("required")), said)
