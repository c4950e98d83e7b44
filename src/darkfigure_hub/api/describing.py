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
    """A route: its address, what it does, what it takes, the media types it answers in, and the
    Schemas of its JSON.
    """

    path: str
    name: str
    does: str
    takes: tuple[Parameter, ...]
    media: tuple[str, ...]
    schemas: tuple[str, ...]


def answered(*documents: str) -> dict[str, Any]:
    """What a route may answer, for the description of the interface: every form there is of the
    first, and by which Schemas its JSON is held.
    """
    held = [{"$ref": f"{SCHEMAS}{name}"} for name in documents]
    forms = registry.media_of(documents[0]) if documents[0] in registry.FORMS else [_JSON]
    content: dict[str, Any] = {media: {"schema": {"type": "string"}} for media in forms}
    content[_JSON] = {"schema": held[0] if len(held) == 1 else {"anyOf": held}}
    return {"responses": {200: {"description": "In the form asked for", "content": content}}}


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
            _route(path, method)
            for path, methods in schema["paths"].items()
            for method in methods.values()
        ]
        given = {
            "title": "Interface for programs",
            "routes": routes,
            "description": self.get_openapi_url(api, kwargs),
        }
        return render(request, "web/interface.html", given)


def _route(path: str, method: dict[str, Any]) -> Route:
    answers = method["responses"].get(200, method["responses"].get("200", {}))
    return Route(
        path,
        method["operationId"].rpartition("_")[2],
        " ".join(method.get("description", "").split()),
        tuple(map(_parameter, method.get("parameters", ()))),
        tuple(answers.get("content", {})),
        tuple(_schemas(answers.get("content", {}).get(_JSON, {}).get("schema", {}))),
    )


def _schemas(shape: dict[str, Any]) -> list[str]:
    """The addresses of the Schemas that hold what is answered."""
    return [each["$ref"] for each in shape.get("anyOf", [shape]) if "$ref" in each]


def _parameter(held: dict[str, Any]) -> Parameter:
    schema = held.get("schema", {})
    said = str(schema.get("description", "")).replace("`", "")
    return Parameter(held["name"], held["in"], bool(held.get("required")), said)
