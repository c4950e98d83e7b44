"""What a document is kept to, and how it is marked, stands on it in every form it leaves in."""

from __future__ import annotations

import html
import io
import re
import zipfile
from dataclasses import replace
from datetime import date

import pytest

from darkfigure.basis.marking import Marking
from darkfigure.publication import answer, ask, bridge, compare
from darkfigure.publication.beside import beside
from darkfigure.publication.response import AskedBy, LetterForm, Part, Response
from darkfigure.publication.views import Wishes, viewed
from darkfigure.tables.flow import flow
from darkfigure.tables.question import any_condition
from darkfigure.writing import registry

pytestmark = pytest.mark.xdist_group("faces")
DAY, LATER = date(2008, 12, 17), date(2009, 11, 1)
KEPT = ("operation=Pentameter 2", "exploitation~sexual")
TITLES = ("Pentameter 2", "Sexual")
#: Subjects that are asked with conditions; every other is about no question.
ASKED = ("answer", "table", "none", "beside", "view", "bridge", "comparison", "flow", "response")
WITHOUT = {
    *("estimate", "strata", "moves", "panel", "entry", "series", "linkage", "review"),
    *("coverage", "cell", "held", "understanding", "register", "disclosure", "definition"),
    *("protected", "checked", "synthetic", "extract", "accessible"),
    "comparison_of_editions",
}


def _subject(name):
    return "answer" if name in ("none", "table") else name


FORMS = [
    (name, form.name)
    for name in ASKED
    for form in registry.forms_of(_subject(name))
    if form.name != "png"  # the picture of svg
]


@pytest.fixture(scope="session")
def kept(memory, records_in_memory):
    """Something of every subject that takes conditions, kept to some."""

    def asked(measure, **more):
        return ask(measure, DAY, where=KEPT, **more)

    found = answer(asked("victims_recovered"), memory)
    one = ["operation=Pentameter 2"]
    table = answer(ask("victims_recovered", DAY, where=one, by=["exploitation"]), memory)
    assert len(found.cells) == 1
    assert len(table.cells) > 1
    arrests = [answer(ask(each, DAY, where=one), memory) for each in ("arrests", "convictions")]
    return {
        "answer": found,
        "table": table,
        "none": answer(asked("victims_recovered", period="1950"), memory),
        "beside": beside(arrests),
        "view": viewed(
            ask("arrests", DAY, by=["operation"], where=one),
            Wishes(total=True),
            lambda each: answer(each, memory),
        ),
        "bridge": bridge(ask("arrests", DAY, where=one), DAY, LATER, memory),
        "comparison": compare(["statements", "again"], [found, found]),
        "flow": flow(records_in_memory, date(2009, 3, 1), [any_condition(one[0])]),
        "response": Response(
            "Subject", AskedBy.PUBLIC, LetterForm.FOI, DAY, (Part("a", found),), "RESPONSE-1"
        ),
    }


def _marked(sample):
    """The same, resting on something that is not public."""
    marking = Marking.OFFICIAL_SENSITIVE
    if hasattr(sample, "answers"):
        first, *rest = sample.answers
        return replace(sample, answers=(replace(first, marking=marking), *rest))
    if hasattr(sample, "at_end"):
        return replace(sample, at_end=replace(sample.at_end, marking=marking))
    if isinstance(sample, Response):
        (part,) = sample.parts
        return replace(sample, parts=(Part("a", replace(part.answer, marking=marking)),))
    return replace(sample, marking=marking)


def _text(made):
    """What somebody reads of a document, in one line."""
    if isinstance(made, bytes):
        archive = zipfile.ZipFile(io.BytesIO(made))
        names = [name for name in archive.namelist() if name.endswith((".csv", ".json", ".xml"))]
        made = " ".join(archive.read(name).decode() for name in names)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", made)).split())


def _written(name, form, sample):
    return _text(registry.write(_subject(name), form, sample))


def test_every_subject_takes_conditions_or_is_said_not_to():
    assert {*ASKED, *WITHOUT} - {"none", "table"} == set(registry.FORMS)
    assert not {*ASKED} & WITHOUT


@pytest.mark.parametrize(("name", "form"), FORMS)
def test_every_form_says_what_it_is_kept_to(kept, name, form):
    said = _written(name, form, kept[name])
    titles = TITLES if name in ("answer", "none", "comparison", "response") else TITLES[:1]
    for title in titles:
        assert title.lower() in said.lower(), (name, form, title)


@pytest.mark.parametrize(("name", "form"), FORMS)
def test_every_form_carries_the_highest_marking(kept, name, form):
    said = re.compile(r"official[-_]sensitive", re.IGNORECASE)
    assert not said.search(_written(name, form, kept[name]))
    assert said.search(_written(name, form, _marked(kept[name]))), (name, form)


@pytest.mark.parametrize("form", ["text", "html", "hansard", "svg"])
def test_a_marking_stands_over_everything_else(kept, form):
    said = _written("answer", form, _marked(kept["answer"]))
    body = said[said.index("OFFICIAL-SENSITIVE") :]
    assert kept["answer"].notes
    assert "Unit:" not in said[: said.index("OFFICIAL-SENSITIVE")]
    assert body
