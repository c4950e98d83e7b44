"""Pages of releases before they are out: what was prepared, the attack on it, the deeds."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from darkfigure.basis.errors import UnknownName, Unreadable
from darkfigure.basis.permission import Permission
from darkfigure.publication.embargo import said_in_london
from darkfigure.reading.release_plans import MOST, read_plan
from darkfigure.writing.releases.attacked import said_of
from darkfigure.writing.releases.described import media_of
from darkfigure_hub.access.acting import names_of
from darkfigure_hub.flows import release_figures
from darkfigure_hub.web.desk_pages import deed, deed_page, desk, only_with, prove
from darkfigure_hub.web.people import Nothing
from darkfigure_hub.web.signed_in import scope_of

PURPOSE = "releases"


class PlanForm(forms.Form):
    """A plan of a release, and why it stands in place of one that is out."""

    plan = forms.FileField(
        label="Plan", help_text="YAML or JSON: series, edition, tables, when it is out"
    )
    reason = forms.CharField(
        label="Why", max_length=1000, required=False,
        help_text="Where the edition is out already: what was wrong. It stands at its address",
    )  # fmt: skip
    release_marked = forms.CharField(
        label="Why what is marked may go out", max_length=1000, required=False,
        help_text="Where a table rests on marked returns",
    )  # fmt: skip


class ReadForm(forms.Form):
    """That what was read is approved: by its hash."""

    content = forms.CharField(widget=forms.HiddenInput)


class WhyForm(forms.Form):
    """Why a release is withdrawn."""

    why = forms.CharField(label="Why", min_length=10, max_length=1000)


@desk
def releases(request: HttpRequest) -> HttpResponse:
    """Every release, the latest first."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.READ_RELEASES)
    held = release_figures.list_releases(scope)[::-1]
    people = names_of(who for one in held for who in (one.prepared_by, one.approved_by) if who)
    rows = [
        (one, people.get(one.prepared_by, one.prepared_by), said_in_london(one.out_at))
        for one in held
    ]
    context = {
        "title": "Releases",
        "rows": rows,
        "may_prepare": scope.may(Permission.PREPARE_RELEASE),
    }
    return render(request, "desk/releases.html", context)


@deed
def prepare(request: HttpRequest) -> HttpResponse:
    """Prepare a release from its plan."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.PREPARE_RELEASE)
    form = PlanForm(request.POST or None, request.FILES or None)

    def do() -> object:
        file = form.cleaned_data["plan"]
        content = file.read(MOST + 1)
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise Unreadable("The plan is not text in UTF-8.") from None
        return release_figures.prepare_release(
            scope,
            read_plan(text, "The plan"),
            timezone.localdate(),
            reason=form.cleaned_data["reason"],
            release_marked=form.cleaned_data["release_marked"],
        )

    return deed_page(
        request, form, do, title="Prepare a release", button="Prepare", back="desk_releases"
    )


@desk
def release(request: HttpRequest, number: int) -> HttpResponse:
    """A release, and what an attacker who holds everything that went out makes of it now."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.READ_RELEASES)
    checked = release_figures.check_release(scope, f"RELEASE-{number}")
    held = checked.held
    people = names_of(who for who in (held.prepared_by, held.approved_by) if who)
    may = scope.may(Permission.APPROVE_RELEASE)
    context = {
        "title": f"{held.name}: {held.title}",
        "held": held,
        "out_at": said_in_london(held.out_at),
        "checked": checked,
        "faults": [said_of(item) for item in checked.attacked.given],
        "prepared_by": people.get(held.prepared_by, held.prepared_by),
        "approved_by": people.get(held.approved_by, held.approved_by),
        "files": release_figures.files_held(scope, held),
        "may_approve": may and held.state == "prepared" and held.prepared_by != scope.who,
        "may_publish": may and held.state == "approved",
        "may_withdraw": may and not held.withdrawn_at,
    }
    return render(request, "desk/release.html", context)


@desk
def release_file(request: HttpRequest, number: int, name: str) -> HttpResponse:
    """A file of a release as it would go out."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.READ_RELEASES)
    held = release_figures.release_named(scope, f"RELEASE-{number}")
    try:
        body, _ = release_figures.file_of(scope, held, name)
    except UnknownName as error:
        raise Http404(str(error)) from error
    return HttpResponse(body, content_type=media_of(name))


@deed
def approve(request: HttpRequest, number: int) -> HttpResponse:
    """Approve a release that another prepared, as it was read."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.APPROVE_RELEASE)
    prove(request)
    held = release_figures.release_named(scope, f"RELEASE-{number}")
    form = ReadForm(request.POST or None, initial={"content": held.content})
    return deed_page(
        request,
        form,
        lambda: release_figures.approve_release(scope, held.name, form.cleaned_data["content"]),
        title=f"Approve {held.name}",
        button="Approve it as it was read",
        back="desk_releases",
        grave=True,
    )


@deed
def publish(request: HttpRequest, number: int) -> HttpResponse:
    """Publish a release that was approved."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.APPROVE_RELEASE)
    prove(request)
    reference = f"RELEASE-{number}"
    form = Nothing(request.POST if request.method == "POST" else None)
    return deed_page(
        request,
        form,
        lambda: release_figures.publish_release(scope, reference),
        title=f"Publish {reference}",
        button="Publish it",
        back="desk_releases",
        grave=True,
    )


@deed
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Withdraw a release."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.APPROVE_RELEASE)
    reference = f"RELEASE-{number}"
    form = WhyForm(request.POST or None)
    return deed_page(
        request,
        form,
        lambda: release_figures.withdraw_release(scope, reference, form.cleaned_data["why"]),
        title=f"Withdraw {reference}",
        button="Withdraw it",
        back="desk_releases",
        grave=True,
    )
