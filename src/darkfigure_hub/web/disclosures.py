"""The pages of the disclosure log: what was released to the public, as it was said."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from darkfigure.basis.errors import UnknownName
from darkfigure.writing import registry
from darkfigure.writing.responses import as_html, disclosure_log
from darkfigure.writing.words import ENGLISH
from darkfigure_hub.flows.show_responses import disclosed
from darkfigure_hub.flows.show_responses import disclosures as all_disclosed
from darkfigure_hub.web.pages import page, shown
from darkfigure_hub.web.signed_in import reader_of

#: The endings at which the log stands as something else than a page.
FEEDS = {"atom": disclosure_log.write_atom, "json": disclosure_log.write_feed}


@page()
def disclosures(request: HttpRequest) -> HttpResponse:
    """The log, latest first."""
    found = all_disclosed(reader_of(request, "page"))
    own = request.path
    part = disclosure_log.log_part(found, f"{own}/")
    forms = [(form.upper(), f"{own}.{form}") for form in (*FEEDS, "csv")]
    title = ENGLISH.text("responses.log.title")
    return shown(request, title, part, forms=forms)


@page()
def feed(request: HttpRequest, form: str) -> HttpResponse:
    """The log as a feed, or as a table."""
    found = all_disclosed(reader_of(request, "page"))
    kind = registry.form_of("disclosure", form).kind
    if form in FEEDS:
        site = request.build_absolute_uri(reverse("disclosures"))
        return HttpResponse(FEEDS[form](found, site=site), content_type=kind.media)
    return HttpResponse(registry.write("disclosure", form, found), content_type=kind.media)


@page("format", "language")
def response(request: HttpRequest, reference: str) -> HttpResponse:
    """A response as it went out; in another language where it is asked for."""
    try:
        found = disclosed(reader_of(request, "page"), reference)
    except UnknownName as error:
        raise Http404(str(error)) from error
    words = registry.words_of("response", request.GET.get("language") or found.language)
    if wanted := request.GET.get("format", ""):
        form = registry.form_of("response", wanted)
        made = registry.write("response", wanted, found, language=words.language)
        return HttpResponse(made, content_type=form.kind.media)
    part = as_html.response_part(found, words)
    if found.corrected_by:
        told = {"reference": found.reference, "by": found.corrected_by}
        part = f"<p><strong>{words.text('responses.corrected', **told)}</strong></p>{part}"
    spoken = "" if words.language == found.language else f"&language={words.language}"
    forms = [
        (form.name, f"{request.path}?format={form.name}{spoken}")
        for form in registry.forms_of("response")
        if form.name != "html"
    ]
    title = found.title or words.text("responses.outcome.withdrawn")
    return shown(request, f"{found.reference}: {title}", part, forms=forms)
