"""The pages of what was released: the same folder of files that `release site` writes."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from darkfigure.basis.errors import UnknownName
from darkfigure.basis.marking import Scope
from darkfigure.writing.releases import site
from darkfigure.writing.releases.bundle import INDEX, script
from darkfigure.writing.releases.described import as_json, media_of
from darkfigure.writing.releases.pages import SCRIPT, STYLES, styles
from darkfigure_hub.flows.release_figures import all_out, file_of, release_named
from darkfigure_hub.web.pages import page
from darkfigure_hub.web.signed_in import reader_of

#: Pages around what was released, made anew each time; from which releases, without their files.
_AROUND = {
    INDEX: site.front_page,
    "catalogue.html": site.catalogue_page,
    "changes.html": site.changes_page,
    "changes.atom": site.changes_feed,
    "glossary.html": site.glossary_page,
}
#: A file that went out does not change; one day is enough for that it is withdrawn to be seen.
_KEPT = "public, max-age=86400"
RELEASES = "releases"


@page()
def released(request: HttpRequest, place: str = "") -> HttpResponse:
    """A file of the site of releases, by its place in the folder."""
    scope = reader_of(request, "page")
    name = place + INDEX if not place or place.endswith("/") else place
    if name in _AROUND:
        return _file(name, _AROUND[name](all_out(scope, with_files=False)))
    if name == "catalogue.jsonld":
        return _file(name, as_json(site.catalogue(all_out(scope))))
    if name in (STYLES, SCRIPT):
        return _file(name, styles() if name == STYLES else script())
    return _of_a_release(scope, request, name)


def _of_a_release(scope: Scope, request: HttpRequest, name: str) -> HttpResponse:
    parts = name.split("/")
    if parts[0] == RELEASES and len(parts) == 3 and parts[2] == INDEX:
        return _series(scope, parts[1])
    if parts[0] != RELEASES or len(parts) != 5:
        raise Http404("There is no such file among what was released.")
    try:
        held = release_named(scope, "/".join(parts[1:4]))
        if not held.published_at:
            raise UnknownName("It is not out.")
        if held.withdrawn_at:
            return _withdrawn(scope, held.address)
        body, digest = file_of(scope, held, parts[4])
    except UnknownName as error:
        raise Http404("There is no such file among what was released.") from error
    response = _file(parts[4], body)
    response.headers["ETag"] = f'"{digest}"'
    response.headers["Cache-Control"] = _KEPT
    if request.headers.get("If-None-Match") == response.headers["ETag"]:
        response.status_code, response.content = 304, b""
    return response


def _series(scope: Scope, series: str) -> HttpResponse:
    out = all_out(scope, with_files=False)
    if all(one.release.head.series != series for one in out):
        raise Http404("There is no such series among what was released.")
    return _file(INDEX, site.series_page(series, out))


def _withdrawn(scope: Scope, address: str) -> HttpResponse:
    """What stands at every address of a release that was withdrawn: that it was, and why."""
    one = next(each for each in all_out(scope, with_files=False) if each.release.name == address)
    return HttpResponse(site.withdrawn_page(one, up="../../../../"), status=410)


def _file(name: str, body: bytes) -> HttpResponse:
    media = media_of(name)
    text = media.startswith("text/") or media.endswith(("json", "xml"))
    return HttpResponse(body, content_type=f"{media}; charset=utf-8" if text else media)
