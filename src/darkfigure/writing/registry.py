"""Every form in which something can be written: subject by form, and the function that writes it.

The command's `--format`, the links of pages and what the interface for programs negotiates all
follow from `FORMS`; what is not in it is not offered. Writers are imported when they are called.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from darkfigure.basis.errors import UnknownName
from darkfigure.writing.words import Words, languages, words_in

TEXT, JSON = "text", "json"


class Kind(NamedTuple):
    """What a form is to a reader: its media type, the ending of its files, whether it is bytes."""

    media: str
    extension: str
    binary: bool = False


KINDS: Mapping[str, Kind] = {
    TEXT: Kind("text/plain; charset=utf-8", "txt"),
    "hansard": Kind("text/plain; charset=utf-8", "txt"),
    "html": Kind("text/html; charset=utf-8", "html"),
    "csv": Kind("text/csv; charset=utf-8", "csv"),
    JSON: Kind("application/json", "json"),
    "ods": Kind("application/vnd.oasis.opendocument.spreadsheet", "ods", binary=True),
    "csvw": Kind("application/zip", "zip", binary=True),
    "svg": Kind("image/svg+xml", "svg"),
    "png": Kind("image/png", "png", binary=True),
    "atom": Kind("application/atom+xml", "atom"),
}

#: Subject, form, and the module and function of `writing` that makes it.
FORMS: Mapping[str, Mapping[str, str]] = {
    "answer": {
        TEXT: "answers.as_text:write_answer",
        "hansard": "answers.as_hansard:write_answer",
        "html": "answers.as_html:write_answer",
        "csv": "answers.as_csv:write_answer",
        JSON: "answers.as_json:write_answer",
        "ods": "answers.as_ods:write_answer",
        "csvw": "answers.as_csvw:write_answer",
        "svg": "charts.answer_charts:draw_answer",
        "png": "charts.answer_charts:draw_answer",
    },
    "beside": {
        TEXT: "beside.as_text:write_beside",
        "html": "beside.as_html:write_beside",
        "csv": "beside.as_csv:write_beside",
        JSON: "beside.as_json:write_beside",
        "ods": "beside.as_ods:write_beside",
    },
    "view": {
        TEXT: "views.as_text:write_view",
        "html": "views.as_html:write_view",
        "csv": "views.as_csv:write_view",
        JSON: "views.as_json:write_view",
        "ods": "views.as_ods:write_view",
    },
    "bridge": {
        TEXT: "answers.as_text:write_bridge",
        "hansard": "answers.as_hansard:write_bridge",
        "html": "answers.as_html:write_bridge",
        "csv": "answers.as_csv:write_bridge",
        JSON: "answers.as_json:write_bridge",
        "svg": "charts.answer_charts:draw_bridge",
        "png": "charts.answer_charts:draw_bridge",
    },
    "comparison": {
        TEXT: "answers.as_text:write_comparison",
        "html": "answers.as_html:write_comparison",
        "csv": "answers.as_csv:write_comparison",
        JSON: "answers.as_json:write_comparison",
    },
    "estimate": {
        TEXT: "estimates.as_text:write_estimate",
        "html": "estimates.as_html:write_estimate",
        JSON: "estimates.as_json:write_estimate",
    },
    "strata": {
        TEXT: "estimates.as_text:write_strata",
        "html": "estimates.as_html:write_strata",
        JSON: "estimates.as_json:write_strata",
    },
    "moves": {
        TEXT: "estimates.as_text:write_moves",
        "html": "estimates.as_html:write_moves",
        JSON: "estimates.as_json:write_moves",
    },
    "panel": {
        TEXT: "estimates.as_text:write_panel",
        "html": "estimates.as_html:write_panel",
        JSON: "estimates.as_json:write_panel",
        "svg": "estimates.as_picture:draw_panel",
        "png": "estimates.as_picture:draw_panel",
    },
    "entry": {
        TEXT: "estimates.as_text:write_entry",
        JSON: "estimates.as_json:write_entry",
    },
    "series": {
        TEXT: "estimates.as_text:write_series",
        "html": "estimates.as_html:write_series",
        JSON: "estimates.as_json:write_series",
        "svg": "estimates.as_picture:draw_series",
        "png": "estimates.as_picture:draw_series",
    },
    "linkage": {
        TEXT: "linkage.linkages:write_report",
        "html": "charts.linkage_charts:write_linkage",
        JSON: "linkage.linkages:write_report_json",
        "svg": "charts.linkage_charts:draw_linkage",
        "png": "charts.linkage_charts:draw_linkage",
    },
    "review": {
        TEXT: "linkage.linkages:write_review",
        "html": "charts.linkage_charts:write_review",
        JSON: "linkage.linkages:write_review_json",
    },
    "coverage": {
        TEXT: "coverage.coverage_views:write_covered",
        "html": "coverage.coverage_page:write_page",
        JSON: "coverage.coverage_views:write_json",
    },
    "cell": {
        TEXT: "coverage.coverage_views:write_opened",
        JSON: "coverage.coverage_views:write_opened_json",
    },
    "held": {
        TEXT: "held.as_text:write_held",
        "html": "held.as_html:write_held",
        JSON: "held.as_json:write_held",
    },
    "protected": {
        TEXT: "disclosure.protected:write_text",
        "csv": "disclosure.protected:write_csv",
        JSON: "disclosure.protected:write_json",
    },
    "synthetic": {
        TEXT: "disclosure.research:write_synthetic_text",
        "csv": "disclosure.research:write_synthetic_csv",
        JSON: "disclosure.research:write_synthetic_json",
    },
    "extract": {
        TEXT: "disclosure.research:write_extract_text",
        "csv": "disclosure.research:write_extract_csv",
        JSON: "disclosure.research:write_extract_json",
    },
    "checked": {
        TEXT: "disclosure.checks:write_text",
        JSON: "disclosure.checks:write_json",
    },
    "accessible": {
        TEXT: "pdf.checked:write_text",
        JSON: "pdf.checked:write_json",
    },
    "understanding": {
        TEXT: "understanding.readings:write_text",
        JSON: "understanding.readings:write_json",
    },
    "response": {
        TEXT: "responses.as_text:write_response",
        "html": "responses.as_html:write_response",
        JSON: "responses.as_json:write_response",
    },
    "register": {
        TEXT: "responses.register:write_lines",
        JSON: "responses.as_json:write_register",
    },
    "comparison_of_editions": {
        TEXT: "editions.compared:write_text",
        "html": "editions.compared:write_page",
        JSON: "editions.compared:write_json",
    },
    "disclosure": {
        TEXT: "responses.register:write_lines",
        "html": "responses.disclosure_log:write_page",
        "csv": "responses.disclosure_log:write_csv",
        JSON: "responses.disclosure_log:write_feed",
        "atom": "responses.disclosure_log:write_atom",
    },
    "definition": {
        TEXT: "law.definitions:write_text",
        JSON: "law.definitions:write_json",
    },
    "flow": {
        TEXT: "flow.as_text:write_flow",
        "html": "flow.as_html:write_flow",
        "csv": "flow.as_csv:write_flow",
        JSON: "flow.as_json:write_flow",
        "svg": "flow.as_html:draw_flow",
        "png": "flow.as_html:draw_flow",
    },
}
#: What a subject is called in a sentence, where not by its name.
TITLES = {
    "answer": "an answer",
    "beside": "a table of several measures",
    "view": "an answer with what is derived from it",
    "estimate": "an estimate",
    "strata": "estimates by stratum",
    "moves": "how an estimate moves",
    "panel": "the panel of methods",
    "series": "the series of estimates",
    "entry": "an entry of the series",
    "coverage": "coverage",
    "linkage": "a linkage",
    "register": "the register of responses",
    "disclosure": "the disclosure log",
    "comparison_of_editions": "a comparison of editions",
    "accessible": "whether PDFs can be read by everybody",
}
#: The catalogue of `data/wording` that a subject speaks from: a language that has it can be asked
#: for, and no other.
CATALOGUES: Mapping[str, str] = {
    "answer": "answers",
    "beside": "beside",
    "view": "views",
    "bridge": "answers",
    "comparison": "answers",
    "estimate": "estimates",
    "strata": "estimates",
    "moves": "estimates",
    "panel": "estimates",
    "entry": "estimates",
    "series": "estimates",
    "linkage": "linkage",
    "review": "linkage",
    "coverage": "coverage",
    "cell": "coverage",
    "held": "holdings",
    "understanding": "understanding",
    "response": "responses",
    "register": "responses",
    "disclosure": "responses",
    "comparison_of_editions": "edition",
    "definition": "law",
    "flow": "flow",
    "protected": "disclosure",
    "synthetic": "disclosure",
    "extract": "disclosure",
    "checked": "disclosure",
    "accessible": "accessible",
}
#: Forms that may be coloured for a terminal.
COLOURED = frozenset({TEXT})


class Form(NamedTuple):
    """One way of writing a subject."""

    subject: str
    name: str
    writer: str

    @property
    def kind(self) -> Kind:
        """Media type, ending, bytes or text."""
        return KINDS[self.name]

    @property
    def function(self) -> Callable[..., str]:
        """The function that writes it, imported now."""
        module, _, name = self.writer.partition(":")
        made: Callable[..., str] = getattr(import_module(f"darkfigure.writing.{module}"), name)
        return made


def forms_of(subject: str) -> list[Form]:
    """The forms of a subject, the one for a terminal first."""
    return [Form(subject, name, writer) for name, writer in FORMS[subject].items()]


def form_of(subject: str, name: str) -> Form:
    """A form by its name. Raises UnknownName with those there are."""
    held = FORMS[subject]
    if name not in held:
        raise UnknownName(
            f"There is no form {name!r} of {_spoken(subject)}. {_offered(forms_of(subject))}"
        )
    return Form(subject, name, held[name])


def languages_of(subject: str) -> list[str]:
    """The languages that a subject is written in, English first."""
    return languages(CATALOGUES[subject])


def words_of(subject: str, language: str) -> Words:
    """The words a subject is written with. Raises UnknownName, with the languages there are."""
    held = languages_of(subject)
    if language not in held:
        raise UnknownName(
            f"{_spoken(subject)[0].upper()}{_spoken(subject)[1:]} is not written in {language!r}. "
            f"Known are {', '.join(held)}."
        )
    return words_in(language)


def write(
    subject: str, name: str, value: Any, *, language: str = "en", colour: bool = False
) -> str | bytes:
    """`value` written in a form: text, or bytes where the form's kind says so.

    Raises UnknownName for a form or language there is not, MissingExtra where a library that the
    form needs is not installed.
    """
    form, words = form_of(subject, name), words_of(subject, language)
    given: dict[str, Any] = {"colour": colour} if colour and name in COLOURED else {}
    if len(languages_of(subject)) > 1:
        given["words"] = words
    made = form.function(value, **given)
    if name == "png":
        drawing = import_module("darkfigure.writing.charts.drawing")
        return bytes(drawing.png(made))
    return made


def media_of(subject: str) -> list[str]:
    """The media types of a subject, JSON first: what a program gets that does not mind."""
    forms = sorted(forms_of(subject), key=lambda form: form.name != JSON)
    return list(dict.fromkeys(form.kind.media.partition(";")[0] for form in forms))


def form_by_media(subject: str, media: str) -> Form:
    """The first form of a media type among those of `media_of`."""
    return next(form for form in forms_of(subject) if form.kind.media.startswith(media))


def form_for(subject: str, out: Path | None, name: str | None) -> Form:
    """The form asked for by name, else by the ending of a file, else the first.

    Raises UnknownName for a form, or an ending, that the subject does not have.
    """
    if name:
        return form_of(subject, name)
    forms = forms_of(subject)
    ending = out.suffix.removeprefix(".").lower() if out else ""
    if not ending:
        return forms[0]
    fitting = next((form for form in forms if form.kind.extension == ending), None)
    if fitting is None:
        raise UnknownName(
            f"{out} ends in .{ending}, and there is no such form of {_spoken(subject)}. "
            f"{_offered(forms)} Say which with --format, or end the file so."
        )
    return fitting


def _spoken(subject: str) -> str:
    """A subject as people call it."""
    return TITLES.get(subject, f"a {subject}")


def _offered(forms: list[Form]) -> str:
    return f"There are {', '.join(form.name for form in forms)}."
