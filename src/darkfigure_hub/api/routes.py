"""Routes of the interface for programs. One shape of error, that of RFC 9457."""

from __future__ import annotations

from collections.abc import Mapping
from logging import getLogger
from typing import Annotated, Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import NinjaAPI, Path, Query
from ninja.errors import HttpError, ValidationError
from pydantic import Field

from darkfigure.basis.errors import DarkfigureError, UnknownName
from darkfigure.basis.period import parse_day
from darkfigure.basis.unforeseen import place_of
from darkfigure.codes import nearest
from darkfigure.publication import Question
from darkfigure.publication.views import WANTED, wishes_of
from darkfigure.tables.measures import measure_named
from darkfigure.tables.question import STATEMENTS, any_condition, from_words
from darkfigure.tables.several_measures import questions_from_words
from darkfigure.writing import registry
from darkfigure.writing.coverage import coverage_views
from darkfigure.writing.documents.head import SCHEMA_MEDIA, document, listed, schema_text
from darkfigure.writing.documents.measured import measures_data
from darkfigure.writing.words import FALLBACK
from darkfigure_hub.api.addresses import Address, Spoken
from darkfigure_hub.api.describing import Described, answered, answered_in
from darkfigure_hub.api.programs import TooOften, Unauthorised, reader
from darkfigure_hub.api.refusals import refusal
from darkfigure_hub.api.submitting import router
from darkfigure_hub.api.telling import (
    JSON,
    Refusal,
    Refused,
    refused,
    told,
    too_often,
    unauthorised,
)
from darkfigure_hub.flows.answer_beside import answer_beside
from darkfigure_hub.flows.answer_question import answer_question
from darkfigure_hub.flows.answer_view import answer_view
from darkfigure_hub.flows.explain_change import explain_change
from darkfigure_hub.flows.measure_coverage import measure_coverage
from darkfigure_hub.flows.open_source import open_source
from darkfigure_hub.flows.opened_data import opened_data, opened_is_made_up
from darkfigure_hub.flows.revise_estimate import estimate_series
from darkfigure_hub.flows.set_requirements import requirement_set
from darkfigure_hub.flows.show_flow import show_flow
from darkfigure_hub.flows.show_held import show_held
from darkfigure_hub.flows.show_responses import disclosed, disclosures
from darkfigure_hub.flows.understand_words import LONGEST, understand_words

LOG = getLogger("darkfigure.api")
api = NinjaAPI(
    title="Darkfigure", version="1", docs=Described(), docs_url="/docs", urls_namespace="api"
)
api.add_router("", router)


class Asked(Address):
    """A question in the address."""

    measure: str = Field(max_length=100, description="What is asked about, by its code")
    by: str = Field("", max_length=200, description="Dimensions separated by commas")
    where: list[str] = Field(
        default=[], max_length=20, description="DIMENSION=VALUE or DIMENSION~VALUE"
    )
    period: str | None = Field(
        None,
        max_length=40,
        description="A year, quarter, month or financial year, or FROM..TO: 2023, 2023Q2, 2017/18",
    )
    unit: str | None = Field(
        None, max_length=40, description="What is counted, where a measure is held in several units"
    )
    as_at: str | None = Field(None, max_length=10, description="YYYY-MM-DD; today if left out")
    evidence: str = Field(
        STATEMENTS, max_length=20, description="statements, or cases to count case records"
    )
    rule: str | None = Field(None, max_length=40, description="Counting rule, for cases")
    strict: bool = Field(default=False, description="No bounds for what is not whole")
    language: str = Field(
        FALLBACK,
        max_length=10,
        description="The language it is written in: "
        + " or ".join(registry.languages_of("answer")),
    )


class AskedTogether(Asked):
    """A question about one measure, or about several."""

    measure: str = Field(
        max_length=400, description="What is asked about; several side by side with commas between"
    )
    change: bool = Field(default=False, description="The change since the period before")
    share: bool = Field(default=False, description="The share of the whole of its period")
    total: bool = Field(default=False, description="Totals beneath the rows")
    top: int | None = Field(
        None, ge=1, le=10_000, description="The largest rows, and all others in one"
    )
    sort: str | None = Field(None, max_length=10, description="figure or label")
    pivot: str | None = Field(None, max_length=40, description="What of `by` stands across")
    of: str | None = Field(
        None, max_length=60, description="The share of what: a dimension kept to, a wider measure"
    )


class Changed(Asked):
    """A question with the two days to bridge."""

    from_day: str = Field(alias="from", max_length=10, description="The first day known on")
    to_day: str = Field(alias="to", max_length=10, description="The last day known on")


@api.exception_handler(DarkfigureError)
def sentence(_request: HttpRequest, error: DarkfigureError) -> HttpResponse:
    """What Darkfigure says no to, as one sentence."""
    return refused(error)


@api.exception_handler(Refusal)
def refusaltold(_request: HttpRequest, error: Refusal) -> HttpResponse:
    """A refusal with a status of its own."""
    again = {"Retry-After": "10"} if error.status == 503 else None
    return told(error.status, error.detail, headers=again)


@api.exception_handler(Unauthorised)
def nobody(_request: HttpRequest, error: Unauthorised) -> HttpResponse:
    """No token, or one that lets nobody in."""
    return unauthorised(error)


@api.exception_handler(TooOften)
def often(_request: HttpRequest, error: TooOften) -> HttpResponse:
    """More requests than a token may make."""
    return too_often(error)


@api.exception_handler(ValidationError)
def not_described(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What the description of the interface does not allow, as a sentence."""
    return told(422, str(refusal(error.errors)))


@api.exception_handler(HttpError)
@api.exception_handler(RequestDataTooBig)
def no_json(_request: HttpRequest, _error: Exception) -> HttpResponse:
    """A body that should be a small document of JSON, and is none."""
    return told(400, "What was sent is no JSON as /api/openapi.json describes it.")


@api.exception_handler(Exception)
def failed(_request: HttpRequest, error: Exception) -> HttpResponse:
    """What nobody foresaw; what it says may hold a name, and is not logged."""
    LOG.error("%s", place_of(error))
    return told(500, "Something went wrong here.")


@api.get("/measures", response={200: Any}, openapi_extra=answered("measures"))
def measures(
    request: HttpRequest,  # noqa: ARG001 - every route is given it
) -> HttpResponse:
    """What can be asked about."""
    return _document("measures", {"measures": measures_data()}, synthetic=False)


def _document(name: str, data: Mapping[str, Any], *, synthetic: bool | None) -> HttpResponse:
    return HttpResponse(document(name, data, synthetic=synthetic), content_type=JSON)


def _negotiated(request: HttpRequest, subject: str, value: object) -> HttpResponse:
    """`value` in the form that the request's Accept header prefers, JSON where it does not mind,
    and in the language it asks for.
    """
    language = request.GET.get("language", FALLBACK)
    registry.words_of(subject, language)
    media = request.get_preferred_type(registry.media_of(subject))
    if media is None:
        offered = ", ".join(registry.media_of(subject))
        return told(406, f"None of what is accepted can be given. Offered: {offered}.")
    form = registry.form_by_media(subject, media)
    made = registry.write(subject, form.name, value, language=language)
    return HttpResponse(made, content_type=form.kind.media)


_STATUSES = (400, 401, 403, 406, 422, 429, 503)
REFUSALS: dict[int, Any] = dict.fromkeys(_STATUSES, Refused)


@api.get("/schemas", response={200: Any}, openapi_extra=answered("schemas"))
def schemas(
    request: HttpRequest,  # noqa: ARG001 - every route is given it
) -> HttpResponse:
    """Every document that is given as JSON, with the name of its Schema."""
    return _document("schemas", {"schemas": listed()}, synthetic=False)


@api.get(
    "/schemas/{name}", response={200: Any, **REFUSALS}, openapi_extra=answered_in(SCHEMA_MEDIA)
)
def schema(
    request: HttpRequest,  # noqa: ARG001 - every route is given it
    name: Annotated[str, Path(max_length=40)],
) -> HttpResponse:
    """The JSON Schema (2020-12) of a document."""
    return HttpResponse(schema_text(name), content_type=SCHEMA_MEDIA)


@api.get(
    "/ask", response={200: Any, **REFUSALS}, openapi_extra=answered("answer", "view", "beside")
)
def ask(request: HttpRequest, asked: Query[AskedTogether]) -> HttpResponse:
    """Answer a question as known on a day; about several measures, in one table."""
    questions = questions_from_words(asked.measure, timezone.localdate(), **_words(asked))
    first, *others = questions
    wanted = {name: getattr(asked, name) for name in WANTED}
    if wishes := wishes_of(questions, **wanted):
        return _negotiated(request, "view", answer_view(reader(request), first, wishes))
    if others:
        return _negotiated(request, "beside", answer_beside(reader(request), [first, *others]))
    return _negotiated(request, "answer", answer_question(reader(request), first))


class Words(Address):
    """A question in plain words."""

    text: str = Field(
        min_length=1, max_length=LONGEST, description="The question, as somebody would put it"
    )
    as_at: str | None = Field(None, max_length=10, description="YYYY-MM-DD; today if left out")


@api.get("/understand", response={200: Any, **REFUSALS}, openapi_extra=answered("understanding"))
def understand(request: HttpRequest, asked: Query[Words]) -> HttpResponse:
    """How a question in plain words is understood, best first."""
    found = understand_words(asked.text, timezone.localdate(), asked.as_at)
    return _negotiated(request, "understanding", found)


class Held(Address):
    """Of which measure, as known on which day."""

    measure: str | None = Field(None, max_length=100, description="Every one if left out")
    as_at: str | None = Field(None, max_length=10, description="YYYY-MM-DD; today if left out")


@api.get("/held", response={200: Any, **REFUSALS}, openapi_extra=answered("held"))
def held(request: HttpRequest, asked: Query[Held]) -> HttpResponse:
    """What is held of each measure: breakdowns, days, who stated it."""
    measure = measure_named(asked.measure) if asked.measure else None
    as_at = parse_day(asked.as_at) if asked.as_at else timezone.localdate()
    return _negotiated(request, "held", show_held(reader(request), as_at, measure))


@api.get("/bridge", response={200: Any, **REFUSALS}, openapi_extra=answered("bridge"))
def bridge(request: HttpRequest, asked: Query[Changed]) -> HttpResponse:
    """Explain why a figure changed between two days."""
    days = parse_day(asked.from_day), parse_day(asked.to_day)
    found = explain_change(reader(request), _question(asked), *days)
    return _negotiated(request, "bridge", found)


class Where(Address):
    """What a flow is kept to, and the day."""

    where: list[str] = Field(default=[], max_length=20, description="DIMENSION=VALUE")
    as_at: str | None = Field(None, max_length=10, description="YYYY-MM-DD; today if left out")


@api.get("/flow", response={200: Any, **REFUSALS}, openapi_extra=answered("flow"))
def flow(request: HttpRequest, asked: Query[Where]) -> HttpResponse:
    """How persons went from recovery and arrest to sentence."""
    as_at = parse_day(asked.as_at) if asked.as_at else timezone.localdate()
    found = show_flow(reader(request), as_at, [any_condition(text) for text in asked.where])
    return _negotiated(request, "flow", found)


@api.get("/estimates", response={200: Any, **REFUSALS}, openapi_extra=answered("series"))
def estimates(request: HttpRequest, asked: Query[Spoken]) -> HttpResponse:  # noqa: ARG001
    """The series of estimates of the hidden number, published and made here."""
    return _negotiated(request, "series", estimate_series(reader(request)))


class Covered(Address):
    """Of which edition of the requirement, cut by what, as at which day."""

    edition: str = Field("", max_length=40, description="The one in force if left out")
    by: str = Field(
        "",
        max_length=100,
        description=f"Separated by commas: {', '.join(coverage_views.CUTS)}",
    )
    as_at: str | None = Field(None, max_length=10, description="YYYY-MM-DD; today if left out")


@api.get("/coverage", response={200: Any, **REFUSALS}, openapi_extra=answered("coverage"))
def coverage(request: HttpRequest, asked: Query[Covered]) -> HttpResponse:
    """How far the requirement is covered: where each question stands."""
    day = parse_day(asked.as_at) if asked.as_at else timezone.localdate()
    cuts = [name.strip() for name in asked.by.split(",") if name.strip()]
    for name in cuts:
        if name not in coverage_views.CUTS:
            known = ", ".join(coverage_views.CUTS)
            raise UnknownName(f"Coverage is cut by {known}. {nearest(name, coverage_views.CUTS)}")
    scope = reader(request)
    edition = requirement_set(scope, asked.edition)
    found = measure_coverage(scope, edition.edition, day)
    shown = coverage_views.Covered(found, edition, cuts, None, "", {})
    return _negotiated(request, "coverage", shown)


class Edition(Address):
    """Which edition of the requirement."""

    edition: str = Field("", max_length=40, description="The one in force if left out")


@api.get("/requirements", response={200: Any, **REFUSALS}, openapi_extra=answered("requirements"))
def requirements(
    request: HttpRequest,
    asked: Query[Edition],
) -> HttpResponse:
    """An edition of the requirement: every question it asks."""
    edition = requirement_set(reader(request), asked.edition)
    return _document("requirements", coverage_views.edition_data(edition), synthetic=False)


@api.get("/source/{cell_id}", response={200: Any, **REFUSALS}, openapi_extra=answered("source"))
def source(
    request: HttpRequest,
    cell_id: Annotated[str, Path(max_length=40)],
    asked: Query[Spoken],  # noqa: ARG001 - it refuses what is not known
) -> HttpResponse:
    """Every statement behind a cell, and what the cell said when it was given."""
    opened = open_source(reader(request), cell_id)
    return _document("source", opened_data(opened), synthetic=opened_is_made_up(opened))


@api.get("/answers", response={200: Any, **REFUSALS}, openapi_extra=answered("disclosure"))
def answers(request: HttpRequest, asked: Query[Spoken]) -> HttpResponse:  # noqa: ARG001
    """The disclosure log: what was released to the public, latest first."""
    return _negotiated(request, "disclosure", disclosures(reader(request)))


@api.get(
    "/answers/{reference}",
    response={200: Any, **REFUSALS},
    openapi_extra=answered("response"),
)
def response(
    request: HttpRequest,
    reference: Annotated[str, Path(max_length=40)],
    asked: Query[Spoken],  # noqa: ARG001 - it refuses what is not known
) -> HttpResponse:
    """A response of the disclosure log, as it went out."""
    return _negotiated(request, "response", disclosed(reader(request), reference))


def _question(asked: Asked) -> Question:
    return from_words(asked.measure, timezone.localdate(), **_words(asked))


def _words(asked: Asked) -> dict[str, Any]:
    """What is asked of a measure, in the words of the address."""
    names = ("by", "where", "period", "unit", "as_at", "evidence", "rule", "strict")
    return {name: getattr(asked, name) for name in names}
