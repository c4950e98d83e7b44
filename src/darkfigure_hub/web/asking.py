"""The form that follows from a measure: what it is held by and can be kept to, by titles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from darkfigure.basis.statement import DIMENSIONS
from darkfigure.codes import codes_for
from darkfigure.tables.holdings import HeldBreakdown
from darkfigure.tables.measures import Measure, measure_named
from darkfigure.writing.wording import column_title, unit_title
from darkfigure_hub.flows.show_held import show_held
from darkfigure_hub.web.pages import page
from darkfigure_hub.web.signed_in import reader_of

#: What may be wished for beside each figure, in the words of the form.
WISHED = (
    ("change", "The change since the period before"),
    ("share", "The share of the whole of its period"),
    ("total", "Totals beneath the rows"),
)


#: Cuts of time, the shortest first.
LONGER = ("month", "quarter", "year", "financial_year")


class Choice(NamedTuple):
    """Something to choose, as the address says it, by its title."""

    value: str
    title: str


class Kept(NamedTuple):
    """A dimension with the values that a question can be kept to."""

    name: str
    title: str
    values: list[Choice]


@page("measure")
def ask_form(request: HttpRequest) -> HttpResponse:
    """The second step of asking: what is held of the measure chosen in the first; without one, the
    first.
    """
    if not request.GET.get("measure", "").strip():
        return redirect(f"{reverse('front')}#ask")
    measure = measure_named(request.GET.get("measure", ""))
    today = timezone.localdate()
    (found,) = show_held(reader_of(request, "page"), today, measure)
    breakdowns = found.breakdowns
    years = [str(year) for year in reversed(found.years)]
    return render(
        request,
        "web/asking.html",
        {
            "title": measure.title,
            "measure": measure,
            "by": [Choice(name, column_title(name)) for name in _dimensions(measure, breakdowns)],
            "cuts": [Choice(name, column_title(name)) for name in _cuts(breakdowns)],
            "kept": [_kept(name) for name in _dimensions(measure, breakdowns)],
            "units": [Choice(unit, unit_title(unit)) for unit in measure.units],
            "years": years,
            "wishes": WISHED,
            "today": today.isoformat(),
        },
    )


def _dimensions(measure: Measure, breakdowns: Iterable[HeldBreakdown]) -> list[str]:
    """What a measure is held by; where nothing is held yet, what it can be held by."""
    names = {name for each in breakdowns for name in each.by} or set(measure.dimensions)
    return [name for name in DIMENSIONS if name in names]


def _cuts(breakdowns: Iterable[HeldBreakdown]) -> list[str]:
    """How time can be cut: by the shortest time that figures are of, and by longer."""
    lengths = {name for each in breakdowns for name in each.lengths}
    at = next((place for place, name in enumerate(LONGER) if name in lengths), len(LONGER))
    return list(LONGER[at:])


def _kept(name: str) -> Kept:
    listed = codes_for(name).codes.values()
    values = [Choice(f"{name}={each.code}", each.label or each.code) for each in listed]
    return Kept(name, column_title(name), values)
