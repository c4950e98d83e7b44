"""Forms of the answers desk: a request as it came, its parts, how it ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from darkfigure.publication.appropriate_limit import LIMITS
from darkfigure.publication.response import REFUSING, AskedBy, LetterForm
from darkfigure.writing import registry
from darkfigure.writing.words import ENGLISH
from darkfigure_hub.flows.enquire import PartFields

#: A reason of a refusal in words.
REASONS = {
    "cost_limit": "It would cost more than the appropriate limit (section 12)",
    "exempt": "Exempt",
    "case_notes": "Held in notes of cases only",
    "held_elsewhere": "Held by another body",
    "not_held": "Not held",
}


#: What of a part says why it is refused.
REFUSAL = (
    *("refuse", "section", "why", "public_interest", "body", "held_here", "although_held"),
    *("records", "minutes", "hours", "limit"),
)


def day_field(label: str, help_text: str = "", *, required: bool = False) -> forms.DateField:
    """A field for a day."""
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, required=required, widget=widget)


class OpeningForm(forms.Form):
    """A request as it came."""

    received_on = day_field("Came on", required=True)
    asked_by = forms.ChoiceField(label="Who asks", help_text="By class: no name is kept")
    form = forms.ChoiceField(label="Answered as")
    due_on = day_field(
        "Due on", "Empty: worked out for a request under the Act; else without a deadline"
    )
    reference = forms.CharField(
        label="Reference", max_length=40, required=False, help_text="Of the desk; it goes out"
    )
    title = forms.CharField(
        label="Subject",
        max_length=200,
        required=False,
        help_text="It goes out. Empty: from the parts",
    )
    language = forms.ChoiceField(label="Language")
    text = forms.CharField(
        label="Its words, as they came",
        max_length=50_000,
        required=False,
        widget=forms.Textarea({"rows": 8}),
        help_text="Kept locked, apart from everything else",
    )
    address = forms.EmailField(
        label="E-mail address of who asks",
        required=False,
        help_text="Kept locked too: word goes there if what was said is corrected",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "asked_by", AskedBy, "responses.asked_by")
        _choices(self, "form", LetterForm, "responses.form")
        spoken = registry.languages_of("response")
        self.fields["language"].choices = [(each, _LANGUAGES[each]) for each in spoken]  # type: ignore[attr-defined]


_LANGUAGES = {"en": "English", "cy": "Welsh"}


def _choices(form: forms.Form, field: str, values: Iterable[str], words: str) -> None:
    made = [(str(each), capital(ENGLISH.text(f"{words}.{each}"))) for each in values]
    form.fields[field].choices = made  # type: ignore[attr-defined]


def capital(text: str) -> str:
    """A text as it begins a line."""
    return text[:1].upper() + text[1:]


class CorrectingForm(forms.Form):
    """Why a response is corrected, and as known when its parts are asked again."""

    reason = forms.CharField(label="Why", max_length=1000, help_text="It stands in the letter")
    as_at = day_field("As known on", "Empty: on the days for which it was asked")


class PartForm(forms.Form):
    """A part: what it asks, and the reason where the desk refuses it."""

    ask = forms.CharField(
        label="What it asks",
        max_length=500,
        help_text="In plain words, or a measure by its code",
    )
    by = forms.CharField(label="By", max_length=200, required=False, help_text="Such as: sex, year")
    where = forms.CharField(
        label="Kept to",
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
        help_text="One condition a line, such as: sex=female",
    )
    period = forms.CharField(
        label="Period", max_length=100, required=False, help_text="Such as 2023, or 2020 to 2023"
    )
    as_at = forms.CharField(
        label="As known on", max_length=10, required=False, help_text="A day (YYYY-MM-DD)"
    )
    unit = forms.CharField(label="Counted in", max_length=60, required=False)
    refuse = forms.ChoiceField(
        label="Refused",
        required=False,
        choices=[("", "No: it is answered"), *((str(each), REASONS[each]) for each in REFUSING)],
    )
    section = forms.CharField(
        label="Section of the Act", max_length=20, required=False, help_text="Such as 31(1)(a)"
    )
    why = forms.CharField(
        label="Why", max_length=1000, required=False, widget=forms.Textarea({"rows": 2})
    )
    public_interest = forms.CharField(
        label="The balance of public interest",
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text="Where the exemption is qualified",
    )
    body = forms.CharField(label="Held by", max_length=200, required=False)
    held_here = forms.ChoiceField(
        label="Held here as well",
        required=False,
        choices=[("", "Not said"), ("no", "No"), ("yes", "Yes")],
    )
    although_held = forms.CharField(
        label="Why what is held is not held for this request", max_length=1000, required=False
    )
    records = forms.IntegerField(label="Records to look through", min_value=0, required=False)
    minutes = forms.FloatField(label="Minutes for each", min_value=0, required=False)
    hours = forms.FloatField(label="Hours beside that", min_value=0, required=False)
    limit = forms.ChoiceField(
        label="The limit of",
        required=False,
        choices=[("", "Not said"), *((each, capital(each)) for each in LIMITS)],
    )


class ClosingForm(forms.Form):
    """Why no response goes out."""

    because = forms.CharField(
        label="Why no response goes out", max_length=1000, help_text="Without a name"
    )


class ReleasingForm(forms.Form):
    """Whether a response stands in the disclosure log; and why what is marked may go out."""

    public = forms.ChoiceField(
        label="The disclosure log",
        choices=[("yes", "It stands in it, for anybody to read"), ("no", "It does not")],
    )
    release_marked = forms.CharField(
        label="Why what rests on marked returns may be released",
        max_length=1000,
        required=False,
        help_text="Needed where it rests on any and stands in the disclosure log; kept with it",
    )


def fields_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """A part as it stands in a request, from what was filled in."""
    made: dict[str, Any] = {}
    for name, value in given.items():
        if value in ("", None):
            continue
        if name == "by":
            made[name] = [each.strip() for each in value.split(",") if each.strip()]
        elif name == "where":
            made[name] = [each.strip() for each in value.splitlines() if each.strip()]
        else:
            made[name] = value
    return made


def filled_in(part: PartFields) -> dict[str, Any]:
    """What the form of a part shows."""
    made = dict(part)
    for name, join in (("by", ", "), ("where", "\n")):
        if isinstance(made.get(name), list):
            made[name] = join.join(made[name])
    return made
