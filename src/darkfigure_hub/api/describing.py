"""The interface for programs described on a page: made of the same description that programs read,
without a script.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase


class Parameter(NamedTuple):
    """A parameter of a route, as its table shows it."""

    name: str
    place: str
    needed: bool
    says: str


class Route(NamedTuple):
    """A route: its address, what it does, what it takes, the media types it answers in."""

    path: str
    name: str
    does: str
    takes: tuple[Parameter, ...]
    media: tuple[str, ...]


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
    )


def _parameter(held: dict[str, Any]) -> Parameter:
    schema = held.get("schema", {})
    said = str(schema.get("description", "")).replace("`", "")
    return Parameter(held["name"], held["in"], bool(held.get("required")), said)
