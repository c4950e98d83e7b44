"""Pages of editions of the yearly assessment: those that are frozen, how far each is, its files."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from darkfigure.assessment.edition import Rendering
from darkfigure.basis.errors import UnknownName
from darkfigure.basis.permission import Permission
from darkfigure.writing.releases.described import media_of
from darkfigure.writing.words import ENGLISH
from darkfigure_hub.access.acting import names_of
from darkfigure_hub.flows import release_edition
from darkfigure_hub.flows.release_edition import HeldEdition
from darkfigure_hub.web.desk_pages import desk, only_with
from darkfigure_hub.web.signed_in import scope_of

PURPOSE = "editions"


@desk
def editions(request: HttpRequest) -> HttpResponse:
    """Every edition, the latest first."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.READ_RELEASES)
    held = release_edition.list_editions(scope)[::-1]
    people = names_of({one.prepared_by for one in held})
    rows = [(one, people.get(one.prepared_by, one.prepared_by)) for one in held]
    context = {"title": "Editions of the assessment", "rows": rows}
    return render(request, "desk/editions.html", context)


@desk
def edition(request: HttpRequest, number: int) -> HttpResponse:
    """An edition: what it was frozen from, how far its release is, its files in both renderings."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.READ_RELEASES)
    held = release_edition.edition_named(scope, f"EDITION-{number}")
    people = names_of(who for who in (held.prepared_by, held.approved_by) if who)
    files = {each: release_edition.names_of_files(scope, held, each) for each in Rendering}
    context = {
        "title": f"{held.title}, {held.name}",
        "marking": ENGLISH.text(f"edition.marking.{held.marking.name}"),
        "held": held,
        "prepared_by": people.get(held.prepared_by, held.prepared_by),
        "approved_by": people.get(held.approved_by, held.approved_by),
        "renderings": [
            (each, _pages(held, each, names), [one for one in names if not one.endswith(".html")])
            for each, names in files.items()
        ],
    }
    return render(request, "desk/edition.html", context)


#: Pages that are opened first, with what they are called.
_FIRST = {
    "assessment.html": "Read it",
    "summary.html": "The summary",
    "changes.html": "What changed",
    "judgements.html": "Judgements",
}


def _pages(held: HeldEdition, rendering: Rendering, names: list[str]) -> list[tuple[str, str]]:
    """The pages that are opened first, each with what it is called and for which edition: links to
    two renderings say which they are of.
    """
    return [
        (name, f"{said}: {held.name}, {rendering}")
        for name, said in _FIRST.items()
        if name in names
    ]


@desk
def edition_file(request: HttpRequest, number: int, rendering: str, name: str) -> HttpResponse:
    """A file of an edition in one rendering, as it was frozen."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.READ_RELEASES)
    if rendering not in list(Rendering):
        raise Http404("There is no such rendering.")
    held = release_edition.edition_named(scope, f"EDITION-{number}")
    try:
        body = release_edition.file_of_edition(scope, held, Rendering(rendering), name)
    except UnknownName as error:
        raise Http404(str(error)) from error
    return HttpResponse(body, content_type=media_of(name))
