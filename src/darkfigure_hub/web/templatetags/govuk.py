"""Fields of forms in the look of the GOV.UK Frontend."""

from __future__ import annotations

from django import forms, template
from django.forms import BoundField
from django.utils.safestring import SafeString

register = template.Library()
_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.Textarea, "govuk-textarea"),
    (forms.Select, "govuk-select"),
    (forms.CheckboxInput, "govuk-checkboxes__input"),
    (forms.ClearableFileInput, "govuk-file-upload"),
    (forms.Widget, "govuk-input"),
)


@register.filter
def govuk(field: BoundField) -> SafeString:
    """The widget of a field with its class, and what describes it."""
    widget = field.field.widget
    widget.attrs.pop("placeholder", None)  # what a label says needs no saying in grey
    made = next(name for kind, name in _CLASSES if isinstance(widget, kind))
    if field.errors:
        made += f" {made.split()[0]}--error"
    told = [f"{field.auto_id}-{part}" for part, is_there in _parts(field) if is_there]
    attributes: dict[str, str | bool] = {"class": made}
    if told:
        attributes["aria-describedby"] = " ".join(told)
    if isinstance(widget, forms.TextInput) and "email" in field.name:
        attributes["spellcheck"] = "false"
    return field.as_widget(attrs=attributes)


@register.filter
def is_box(field: BoundField) -> bool:
    """Whether it is a box to tick."""
    return isinstance(field.field.widget, forms.CheckboxInput)


def _parts(field: BoundField) -> tuple[tuple[str, bool], ...]:
    return ("hint", bool(field.help_text)), ("error", bool(field.errors))
