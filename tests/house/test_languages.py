"""Languages are offered where there are words, and nowhere else: commands, pages and the interface
for programs follow from the registry.
"""

from __future__ import annotations

import inspect
import json
from typing import get_type_hints

import pytest
from django.test import Client, RequestFactory

from darkfigure.basis.errors import UnknownName
from darkfigure.writing import registry
from darkfigure.writing.words import languages, subjects
from darkfigure_hub.api import routes
from darkfigure_hub.commands import given
from darkfigure_hub.commands.gathered import made
from darkfigure_hub.commands.table import COMMANDS


def written_by(function):
    """The subjects that a command writes, from its option for the form."""
    hints = get_type_hints(function, include_extras=True).values()
    options = [each for hint in hints for each in getattr(hint, "__metadata__", ())]
    return [subject for each in options for subject in getattr(each, "subjects", ())]


def spoken(subject):
    """Whether there are words for a subject in a second language."""
    return len(registry.languages_of(subject)) > 1


def test_every_subject_speaks_from_a_catalogue():
    assert set(registry.CATALOGUES) == set(registry.FORMS)
    assert set(registry.CATALOGUES.values()) <= {*subjects("en"), "answers"}
    assert registry.languages_of("answer") == ["en", "cy"]
    assert registry.languages_of("coverage") == ["en"]


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda each: each.name)
def test_a_command_offers_the_languages_of_what_it_writes(entry):
    offered = {name for each in made(entry).params for name in each.opts}
    assert ("--language" in offered) == any(map(spoken, written_by(entry.load())))


def test_the_commands_that_write_a_subject_are_seen():
    seen = {subject for entry in COMMANDS for subject in written_by(entry.load())}
    assert seen == set(registry.FORMS)


@pytest.mark.parametrize("subject", [each for each in registry.FORMS if spoken(each)])
def test_what_is_spoken_is_written_by_what_takes_words(subject):
    for form in registry.forms_of(subject):
        assert "words" in inspect.signature(form.function).parameters, form.name


@pytest.mark.parametrize("subject", registry.FORMS)
def test_a_language_without_words_is_refused_with_those_there_are(subject):
    for language in {"fr", "../en", *languages()} - set(registry.languages_of(subject)):
        with pytest.raises(UnknownName) as refused:
            registry.words_of(subject, language)
        assert f"is not written in {language!r}. Known are en" in str(refused.value)
        assert all(each in str(refused.value) for each in registry.languages_of(subject))


@pytest.mark.parametrize("subject", registry.FORMS)
def test_the_interface_for_programs_speaks_them_too(subject):
    """Whatever route writes a subject: what it may be asked for follows from the registry."""
    with pytest.raises(UnknownName, match="is not written in 'fr'"):
        routes._negotiated(RequestFactory().get("/", {"language": "fr"}), subject, None)


@pytest.mark.parametrize(
    "path",
    [
        "/ask?measure=arrests",
        "/flow?",
        "/estimates?",
        "/bridge?from=2008-12-17&to=2009-11-01&measure=arrests",
    ],
)
@pytest.mark.django_db
def test_a_page_in_a_language_without_words_is_refused(path):
    said = Client().get(f"{path}&language=fr")
    assert said.status_code == 400
    assert "is not written in &#x27;fr&#x27;. Known are en" in said.content.decode()


@pytest.mark.django_db
def test_the_interface_answers_in_welsh_and_refuses_what_it_has_no_words_for():
    asked = {"measure": "arrests", "as_at": "2008-12-17"}
    reply = Client().get("/api/ask", {**asked, "language": "cy"}, headers={"accept": "text/plain"})
    assert reply.status_code == 200
    assert reply.content.decode().startswith("Drafft:")
    for path, more, held in (("ask", asked, "en, cy"), ("flow", {}, "en")):
        reply = Client().get(f"/api/{path}", {**more, "language": "fr"})
        assert reply.status_code == 400
        assert json.loads(reply.content)["detail"].endswith(f"Known are {held}.")


def test_a_command_refuses_a_language_without_words(capsys):
    with pytest.raises(
        UnknownName, match=r"^An answer is not written in 'fr'. Known are en, cy\.$"
    ):
        given.deliver_as("answer", "text", None, None, language="fr")
    assert capsys.readouterr().out == ""
