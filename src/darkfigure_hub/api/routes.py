"""Routes of the interface for programs. One shape of error: {"detail": sentence}."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import NinjaAPI, Query, Schema
from pydantic import Field

from darkfigure.basis.errors import DarkfigureError, StoreUnavailable
from darkfigure.basis.period import parse_day
from darkfigure.publication import Question
from darkfigure.publication import ask as question_from
from darkfigure.tables.measures import all_measures
from darkfigure.tables.question import STATEMENTS, any_condition
from darkfigure.writing.answers.as_json import answer_data, bridge_data
from darkfigure.writing.flow.flow_page import flow_data
from darkfigure_hub.access import for_public
from darkfigure_hub.flows.answer_question import answer_question
from darkfigure_hub.flows.explain_change import explain_change
from darkfigure_hub.flows.open_repository import open_repository
from darkfigure_hub.flows.show_flow import show_flow

api = NinjaAPI(title="Darkfigure", version="1", docs_url=None, urls_namespace="api")


class Asked(Schema):
    """A question in the address."""

    measure: str = Field(max_length=100)
    by: str = Field("", max_length=200, description="Dimensions separated by commas")
    where: list[str] = Field(
        default=[], max_length=20, description="DIMENSION=VALUE or DIMENSION~VALUE"
    )
    period: str | None = Field(None, max_length=40)
    unit: str | None = Field(None, max_length=40)
    as_at: str | None = Field(None, max_length=10, description="YYYY-MM-DD; today if left out")
    evidence: str = Field(
        STATEMENTS, max_length=20, description="statements, or cases to count case records"
    )
    rule: str | None = Field(None, max_length=40, description="Counting rule, for cases")


class Changed(Asked):
    """A question with the two days to bridge."""

    from_day: str = Field(alias="from", max_length=10)
    to_day: str = Field(alias="to", max_length=10)


class Refused(Schema):
    """Why a request was refused."""

    detail: str


@api.exception_handler(DarkfigureError)
def sentence(request: HttpRequest, error: DarkfigureError) -> HttpResponse:
    """What Darkfigure says no to, as one sentence."""
    if isinstance(error, StoreUnavailable):
        return api.create_response(
            request, {"detail": "The repository cannot be reached just now."}, status=503
        )
    return api.create_response(request, {"detail": str(error)}, status=400)


@api.get("/measures", response=list[dict[str, Any]])
def measures(
    request: HttpRequest,  # noqa: ARG001 - every route is given it
) -> list[dict[str, Any]]:
    """What can be asked about."""
    return [
        {
            "measure": m.code,
            "title": m.title,
            "units": m.units,
            "definition": m.definition,
            "dimensions": m.dimensions,
        }
        for m in all_measures().values()
    ]


@api.get("/ask", response={200: dict[str, Any], 400: Refused, 503: Refused})
def ask(
    request: HttpRequest,  # noqa: ARG001 - every route is given it
    asked: Query[Asked],
) -> dict[str, Any]:
    """Answer a question as known on a day."""
    open_repository()
    return answer_data(answer_question(for_public("api"), _question(asked)))


@api.get("/bridge", response={200: dict[str, Any], 400: Refused, 503: Refused})
def bridge(
    request: HttpRequest,  # noqa: ARG001 - every route is given it
    asked: Query[Changed],
) -> dict[str, Any]:
    """Explain why a figure changed between two days."""
    open_repository()
    return bridge_data(
        explain_change(
            for_public("api"), _question(asked), parse_day(asked.from_day), parse_day(asked.to_day)
        )
    )


class Where(Schema):
    """What a flow is kept to, and the day."""

    where: list[str] = Field(default=[], max_length=20, description="DIMENSION=VALUE")
    as_at: str | None = Field(None, max_length=10, description="YYYY-MM-DD; today if left out")


@api.get("/flow", response={200: dict[str, Any], 400: Refused, 503: Refused})
def flow(
    request: HttpRequest,  # noqa: ARG001 - every route is given it
    asked: Query[Where],
) -> dict[str, Any]:
    """How persons went from recovery and arrest to sentence."""
    open_repository()
    as_at = parse_day(asked.as_at) if asked.as_at else timezone.localdate()
    return flow_data(
        show_flow(for_public("api"), as_at, [any_condition(text) for text in asked.where])
    )


def _question(asked: Asked) -> Question:
    as_at = parse_day(asked.as_at) if asked.as_at else timezone.localdate()
    return question_from(
        asked.measure,
        as_at,
        by=asked.by.split(","),
        where=asked.where,
        period=asked.period,
        unit=asked.unit,
        evidence=asked.evidence,
        rule=asked.rule,
    )
