"""Pages of saved questions: under a name, what is said to each now, since when and how it came."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from darkfigure.basis.permission import Permission
from darkfigure.writing.answers import as_html
from darkfigure.writing.wording import title_of
from darkfigure_hub.flows.save_question import (
    forget_question,
    save_question,
    show_saved,
    show_saved_now,
    tell_of_question,
)
from darkfigure_hub.web.desk_pages import deed, desk, form_page, only_with, tried
from darkfigure_hub.web.pages import written
from darkfigure_hub.web.signed_in import scope_of
from darkfigure_hub.web.views import opened, question_of

PURPOSE = "saved questions"


class Saving(forms.Form):
    """A name, and whether one is told."""

    name = forms.CharField(label="Name", max_length=100, help_text="As you will know it again")
    tells = forms.BooleanField(label="Tell me when it changes", required=False, initial=True)


@desk
def saved(request: HttpRequest) -> HttpResponse:
    """What one saved."""
    found = show_saved(scope_of(request, PURPOSE), request.acting)  # type: ignore[attr-defined]
    return render(request, "desk/saved.html", {"title": "Saved questions", "questions": found})


@deed
def save(request: HttpRequest) -> HttpResponse:
    """Save the question that the address asks."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.SAVE_QUESTION)
    question = question_of(request)
    form = Saving(request.POST or None)
    if request.method == "POST":
        number = tried(
            form,
            lambda: save_question(
                scope,
                request.acting,  # type: ignore[attr-defined]
                question,
                form.cleaned_data["name"],
                tells=form.cleaned_data["tells"],
            ),
        )
        if number:
            return redirect("desk_saved_question", number)
    lead = f"{title_of(question)}. It is asked anew each time, as of the day."
    return form_page(request, "Save a question", form, "Save it", lead=lead, back="desk_saved")


@deed
def saved_question(request: HttpRequest, number: int) -> HttpResponse:
    """A saved question, what is said to it now, and how that came."""
    scope, acting = scope_of(request, PURPOSE), request.acting  # type: ignore[attr-defined]
    if request.method == "POST":
        if request.POST.get("do") == "forget":
            forget_question(scope, acting, number)
            return redirect("desk_saved")
        tell_of_question(scope, acting, number, tells=request.POST.get("do") == "tell")
        return redirect("desk_saved_question", number)
    found = show_saved_now(scope, acting, number)
    bridge = found.bridge if found.bridge and found.bridge.lines else None
    context = {
        "title": found.held.name,
        "held": found.held,
        "part": written(as_html.answer_part(found.answer, link=opened())),
        "bridge": written(as_html.bridge_part(bridge)) if bridge else "",
    }
    return render(request, "desk/saved_question.html", context)
