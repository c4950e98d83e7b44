"""Pages on which a person is answered who asks what is held about them: looked for, handed over,
disputed; and what agencies are asked about what is disputed of theirs.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from darkfigure.basis.errors import DarkfigureError
from darkfigure.basis.permission import Permission
from darkfigure.codes import codes_for
from darkfigure.publication.rights import disputing, withholding
from darkfigure.writing.documents.head import document
from darkfigure_hub.flows import answer_subject as flow
from darkfigure_hub.flows.answer_subject import Sought, Subject
from darkfigure_hub.web.desk_pages import deed, deed_page, desk, form_page, only_with, prove, tried
from darkfigure_hub.web.signed_in import scope_of

PURPOSE = "a person's request"
_WHY = {"label": "Why", "min_length": 10, "max_length": 400}
_NO_NAME = "Without a name: it is kept in the log"


class Looking(forms.Form):
    """Whom somebody looks for, and why."""

    family_name = forms.CharField(label="Family name", max_length=100, required=False)
    given_name = forms.CharField(label="Given name", max_length=100, required=False)
    born = forms.CharField(
        label="Date of birth", max_length=40, required=False, help_text="Where it is known"
    )
    person = forms.CharField(
        label="Or a pseudonym", max_length=80, required=False, help_text="As AGENCY:16 digits"
    )
    why = forms.CharField(help_text=_NO_NAME, **_WHY)  # type: ignore[arg-type]

    def sought(self) -> Sought:
        """Whom they are looked for as."""
        names = ("person", "given_name", "family_name", "born")
        return Sought(**{each: self.cleaned_data[each] for each in names})


@deed
def look(request: HttpRequest) -> HttpResponse:
    """Look for everything that is held about one person."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.ANSWER_SUBJECT)
    form = Looking(request.POST or None)
    if request.method == "POST":
        found = tried(
            form, lambda: flow.find_subject(scope, form.sought(), form.cleaned_data["why"])
        )
        if found is not None:
            return _shown(request, found)
    title = "What is held about one person"
    return form_page(request, title, form, "Look for it", back="desk")


def _shown(request: HttpRequest, found: Subject) -> HttpResponse:
    context = {
        "title": "What is held about one person",
        "found": found,
        "parts": [
            (part, codes_for("agency").label(part.row.agency) if part.row.agency else "")
            for part in found.parts
        ],
        "traces": sorted(Counter(each.table for each in found.traces).items()),
        "person": next(iter(found.persons), ""),
    }
    return render(request, "desk/subject.html", context)


class Exporting(forms.Form):
    """To whom what is held is handed over, without which parts, and why."""

    person = forms.CharField(label="Pseudonym", max_length=80)
    recipient = forms.ChoiceField(label="To whom", choices=list(flow.RECIPIENTS.items()))
    key = forms.CharField(
        label="Their public key", max_length=200, help_text="age1...: the file is locked to it"
    )
    withheld = forms.CharField(
        label="What is withheld",
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 4}),
        help_text="A line for each part or kind, with the letter of section 45(4): arrest 12 = b",
    )
    why = forms.CharField(help_text=_NO_NAME, **_WHY)  # type: ignore[arg-type]

    def parts(self) -> dict[str, str]:
        """The parts that are withheld, with their grounds. Raises DarkfigureError."""
        lines = [each for each in self.cleaned_data["withheld"].splitlines() if each.strip()]
        parted = [line.rpartition("=") for line in lines]
        if any(not part.strip() for part, _, _ in parted):
            raise DarkfigureError(f"Write each as: arrest 12 = {next(iter(withholding()))}.")
        return {part.strip(): ground.strip() for part, _, ground in parted}


@deed
def export(request: HttpRequest) -> HttpResponse:
    """Hand over what is held about one person, locked to their key."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.ANSWER_SUBJECT)
    prove(request)
    form = Exporting(request.POST or None, initial={"person": request.GET.get("person", "")})

    def locked() -> bytes:
        given = form.cleaned_data
        who, key = Sought(person=given["person"]), given["key"].strip()
        flow.lock_bytes(b"", [key])  # before anything is looked for
        made = flow.export_subject(scope, who, given["recipient"], form.parts(), given["why"])
        return flow.lock_bytes(document("subject", made, synthetic=None).encode(), [key])

    made = tried(form, locked) if request.method == "POST" else None
    if made is None:
        return form_page(request, "Hand it over", form, "Hand it over", back="desk_subjects")
    page = HttpResponse(made, content_type="application/octet-stream")
    page.headers["Content-Disposition"] = 'attachment; filename="subject.age"'
    return page


class Disputing(forms.Form):
    """What a person disputes of a part."""

    person = forms.CharField(label="Pseudonym", max_length=80)
    part = forms.CharField(label="Part", max_length=60, help_text="As arrest 12")
    fields_of = forms.CharField(
        label="What of it", max_length=200, help_text="Names of its fields, with commas between"
    )
    ground = forms.ChoiceField(
        label="On which ground",
        choices=lambda: [(name, f"{each.words} ({each.basis})") for name, each in _grounds()],
    )
    why = forms.CharField(help_text=_NO_NAME, **_WHY)  # type: ignore[arg-type]


def _grounds() -> list[tuple[str, Any]]:
    return list(disputing().items())


@deed
def dispute(request: HttpRequest) -> HttpResponse:
    """Ask the agency that gave a part about what a person disputes of it."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.ANSWER_SUBJECT)
    first = {each: request.GET.get(each, "") for each in ("person", "part")}
    form = Disputing(request.POST or None, initial=first)

    def ask() -> int:
        given = form.cleaned_data
        fields = [each.strip() for each in given["fields_of"].split(",")]
        names = ("person", "part")
        who, part = (given[each].strip() for each in names)
        return flow.dispute_record(scope, who, part, fields, given["ground"], given["why"])

    return deed_page(
        request, form, ask, title="What is disputed", button="Ask the agency", back="desk_disputes"
    )


@desk
def disputes(request: HttpRequest) -> HttpResponse:
    """What people dispute of the records that one may see."""
    scope = scope_of(request, PURPOSE)
    context = {
        "title": "Records that people dispute",
        "found": flow.show_disputes(scope),
        "grounds": disputing(),
        "may_answer": scope.may(Permission.ANSWER_DISPUTE),
    }
    return render(request, "desk/disputes.html", context)


class Keeping(forms.Form):
    """Why an agency keeps what is disputed."""

    why = forms.CharField(help_text="Without a name: the person is told", **_WHY)  # type: ignore[arg-type]


@deed
def keep(request: HttpRequest, number: int) -> HttpResponse:
    """Say why a record stays as it is that is disputed."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.ANSWER_DISPUTE)
    flow.dispute_shown(scope, number)
    form = Keeping(request.POST or None)
    return deed_page(
        request,
        form,
        lambda: flow.keep_disputed(scope, number, form.cleaned_data["why"]),
        title=f"DISPUTE-{number}: it stays as it is",
        button="Say so",
        back="desk_disputes",
    )
