"""Pages of long work: what one asks to have done, how far it is, what became of it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from darkfigure.basis.errors import Unreadable
from darkfigure.basis.permission import Permission
from darkfigure.codes import codes_for
from darkfigure.estimation.capture import CaptureTable
from darkfigure.estimation.methods import METHODS
from darkfigure.estimation.single import FEWEST
from darkfigure.publication.series import RevisionReason, SeriesEntry
from darkfigure.reading import capture_files
from darkfigure_hub.flows.kinds_of_work import MOST_REPLICATES, REPLICATES
from darkfigure_hub.flows.revise_estimate import estimate_series
from darkfigure_hub.flows.work_off import (
    HeldJob,
    ask_job,
    cancel_job,
    show_job,
    show_jobs,
)
from darkfigure_hub.web.desk_pages import deed, deed_page, desk, only_with
from darkfigure_hub.web.enquiry_forms import day_field
from darkfigure_hub.web.people import Nothing
from darkfigure_hub.web.signed_in import scope_of

PURPOSE = "long work"
#: No table of captures is larger.
LARGEST = 2_000_000
#: The tags of states.
COLOURS = {"done": "green", "failed": "red", "in work": "blue", "cancelled": "grey"}


class EstimatingForm(forms.Form):
    """An estimate to be made from a table, and entered in the series."""

    file = forms.FileField(
        label="Table of captures",
        help_text="0 and 1 for each list with a count; or one row a person; or person and list",
    )
    population = forms.ChoiceField(label="Whom it is about")
    period = forms.CharField(label="Period", max_length=60, help_text="Such as 2024")
    method = forms.ChoiceField(
        label="Method",
        choices=[(name, name.replace("_", " ").replace("-", " ")) for name in METHODS],
        initial="bic",
        help_text="bic: the log-linear model of the smallest BIC",
    )
    replicates = forms.IntegerField(
        label="Replicates",
        min_value=FEWEST,
        max_value=MOST_REPLICATES,
        initial=REPLICATES,
        help_text="The model is chosen anew in each",
    )
    definition = forms.CharField(
        label="Definition", max_length=200, initial="UN Protocol, Article 3"
    )
    reason = forms.ChoiceField(
        label="Why an estimate that is held is replaced",
        required=False,
        choices=[
            ("", "None is held"),
            *((str(each), str(each).replace("_", " ").capitalize()) for each in RevisionReason),
        ],
    )
    note = forms.CharField(label="The reason in words", max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = codes_for("population")
        self.fields["population"].choices = [(code, known.label(code)) for code in known.codes]  # type: ignore[attr-defined]


class LinkingForm(forms.Form):
    """A linking of records to be made."""

    as_at = day_field("As at", required=True)
    anew = forms.BooleanField(
        label="Link all records anew",
        required=False,
        help_text="Else those that came since are compared with what is linked",
    )


def table_in(file: UploadedFile[Any]) -> CaptureTable:
    """The one table of captures in a file. Raises Unreadable for none, several, or bounds."""
    if not file.size or file.size > LARGEST:
        raise Unreadable(f"A table of captures has something in it, and at most {LARGEST:,} bytes.")
    with tempfile.TemporaryDirectory(prefix="df-") as folder:
        path = Path(folder) / "table.csv"
        path.write_bytes(file.read())
        found = capture_files.read(path)
    tables = list(found.tables.values())
    if len(tables) != 1 or not isinstance(tables[0], CaptureTable):
        raise Unreadable(
            "An estimate of the series is made of one table of exact counts, who is on which list."
        )
    return tables[0]


@deed
def estimating(request: HttpRequest) -> HttpResponse:
    """Have an estimate made, and entered in the series."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.ESTIMATE)
    form = EstimatingForm(request.POST or None, request.FILES or None)
    return deed_page(
        request,
        form,
        lambda: _ask_estimate(request, form.cleaned_data),
        title="Make an estimate",
        button="Have it made",
        lead="It is worked out while you do other things. You see how far it is, and may end it.",
        back="desk_jobs",
        then=_to_job,
    )


def _to_job(number: int) -> HttpResponse:
    return redirect("desk_job", number)


def _ask_estimate(request: HttpRequest, given: dict[str, Any]) -> int:
    table = table_in(given.pop("file"))
    counts = {str(mask): int(each) for mask, each in enumerate(table.counts) if each}
    arguments = {**given, "lists": list(table.lists), "counts": counts}
    return ask_job(scope_of(request, PURPOSE), request.acting, "estimate", arguments)  # type: ignore[attr-defined]


@deed
def linking(request: HttpRequest) -> HttpResponse:
    """Have records linked."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.LINK_RECORDS)
    form = LinkingForm(request.POST or None, initial={"as_at": timezone.localdate()})
    return deed_page(
        request,
        form,
        lambda: ask_job(scope, request.acting, "linking", form.cleaned_data),  # type: ignore[attr-defined]
        title="Link records",
        button="Have them linked",
        back="desk_jobs",
        then=_to_job,
    )


@desk
def jobs(request: HttpRequest) -> HttpResponse:
    """The latest that one asked for."""
    scope = scope_of(request, PURPOSE)
    context = {
        "title": "Long work",
        "jobs": [(each, COLOURS.get(each.state, "yellow")) for each in show_jobs(scope)],
        "estimates": scope.may(Permission.ESTIMATE),
        "links": scope.may(Permission.LINK_RECORDS),
    }
    return render(request, "desk/jobs.html", context)


@desk
def job(request: HttpRequest, number: int) -> HttpResponse:
    """A piece of long work: how far it is, or what became of it."""
    scope = scope_of(request, PURPOSE)
    held = show_job(scope, number)
    context: dict[str, Any] = {
        "title": f"{held.name}: {held.title}",
        "held": held,
        "colour": COLOURS.get(held.state, "yellow"),
    }
    if held.kind == "estimate" and held.outcome == "done":
        context["entries"] = _beside(held, estimate_series(scope))
    return render(request, "desk/job.html", context)


def _beside(held: HeldJob, series: list[SeriesEntry]) -> list[tuple[str, SeriesEntry]]:
    """The entry that was made, and the one it replaced."""
    wanted = {held.made["before"]: "Before", held.made["estimate"]: "Now"}
    return [(wanted[each.id], each) for each in series if each.id and each.id in wanted]


@deed
def cancel(request: HttpRequest, number: int) -> HttpResponse:
    """End a piece of long work before it is done."""
    scope = scope_of(request, PURPOSE)
    held = show_job(scope, number)
    form = Nothing(request.POST if request.method == "POST" else None)
    return deed_page(
        request,
        form,
        lambda: cancel_job(scope, number),
        title=f"Cancel {held.name}",
        button="Cancel it",
        back="desk_jobs",
        then=reverse("desk_job", args=[number]),
        grave=True,
    )
