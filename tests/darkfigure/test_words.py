"""Words: every code has a sentence in every language, filled with the same values."""

from __future__ import annotations

import ast
import fnmatch
import pickle
import string
import subprocess
import sys
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from darkfigure.basis.errors import ReturnRefused, UnknownName
from darkfigure.basis.problem import Problem
from darkfigure.basis.saying import QUOTED, Stated, Word, quote, say, several
from darkfigure.basis.status import CellReason, ChangeReason
from darkfigure.publication import answer, ask
from darkfigure.publication.bridge import NEW_PERIOD
from darkfigure.tables.counting import Rule
from darkfigure.tables.measures import all_measures
from darkfigure.tables.tabulate import RULES
from darkfigure.writing.answers import as_hansard, as_html, as_text
from darkfigure.writing.words import ENGLISH, PLURALS, catalogue, languages, subjects, words_in
from support import NEEDS

ROOT = Path(__file__).parents[2]
OTHERS = [name for name in languages() if name != "en"]
PLURAL = {"zero", "one", "two", "few", "many", "other"}


@cache
def codes(language):
    """The codes of a catalogue, plural forms taken together."""
    held = catalogue(language)
    found = set()
    for code in held:
        stem, _, last = code.rpartition(".")
        found.add(stem if last in PLURAL and f"{stem}.other" in held else code)
    return frozenset(found)


def fields(sentence):
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_has_every_code_and_no_other(language):
    """Of the subjects that it speaks of; the others are said in English."""
    own = {code for code in codes(language) if not code.startswith(("unit.", "dimension."))}
    unspoken = tuple(f"{each}." for each in set(subjects("en")) - set(subjects(language)))
    assert own == {code for code in codes("en") if not code.startswith(unspoken)}


@pytest.mark.parametrize("language", OTHERS)
def test_a_sentence_is_filled_with_the_same_values(language):
    """A translation may leave out nothing and name nothing else."""
    for code, sentence in catalogue(language).items():
        stem = code.rpartition(".")[0]
        english = catalogue("en").get(code) or catalogue("en").get(f"{stem}.other")
        if english:
            assert fields(sentence) == fields(english), code


@cache
def said_in_source():
    """Every code that `say` or `text` is given in the source, with the names of its values; where a
    code is put together, its parts stand with * between.
    """
    return tuple(_said_in_source())


def _said_in_source():
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if called not in ("say", "text"):
                continue
            first = node.args[0]
            given = [each.arg for each in node.keywords]
            for code in [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]:
                if isinstance(code, ast.Constant) and isinstance(code.value, str):
                    yield path.name, code.value, None if None in given else set(given)
                elif isinstance(code, ast.JoinedStr):
                    parts = [
                        each.value if isinstance(each, ast.Constant) else "*"
                        for each in code.values
                    ]
                    yield path.name, "".join(parts), None


def test_every_code_said_has_its_sentence_and_its_values():
    held = catalogue("en")
    for place, code, given in said_in_source():
        if code in (QUOTED, "") or ("." not in code and code not in codes("en")):
            continue
        found = [each for each in codes("en") if fnmatch.fnmatchcase(each, code)]
        assert found, (place, code)
        for each in found if given is not None else ():
            sentence = held[each] if each in held else held[f"{each}.other"]
            assert fields(sentence) <= given, (place, code)


@pytest.mark.parametrize("subject", subjects("en"))
def test_every_sentence_of_a_subject_is_said_somewhere(subject):
    said = [code for _, code, _ in said_in_source()]
    unsaid = [
        code
        for code in codes("en")
        if code.startswith(f"{subject}.")
        and not any(fnmatch.fnmatchcase(code, each) for each in said)
    ]
    assert unsaid == []


def test_what_is_printed_is_said_in_english():
    fault = Problem(say("problems.wrong.no_day"), say("problems.right.iso_day"), 3, "on", "x")
    assert str(fault) == "line 3, column 'on': not a day (a text of 1 character). Write YYYY-MM-DD."
    refused = ReturnRefused("f.csv", [fault] * 21, 1021)
    assert str(refused).startswith("f.csv: 1021 faults found; nothing was loaded.\n  line 3")
    assert str(refused).endswith("\n  and 1001 more.")
    assert str(pickle.loads(pickle.dumps(refused))) == str(refused)
    alone = "from darkfigure.basis.saying import say; print(say('problems.right.keep_one'))"
    said = subprocess.run([sys.executable, "-c", alone], capture_output=True, text=True, check=True)
    assert said.stdout == "Keep one.\n"


def test_every_word_of_the_closed_vocabularies_is_held():
    for reason in [*CellReason, *ChangeReason, NEW_PERIOD]:
        assert ENGLISH.reason(reason)
    for rule in Rule:
        assert ENGLISH.text(f"counting.{rule}")
    for rule in RULES.values():
        assert ENGLISH.say(rule)
    for reason in [*ChangeReason, NEW_PERIOD]:
        assert ENGLISH.text(f"bridge.why.{reason}")


def test_every_unit_has_a_welsh_word():
    units = {unit for measure in all_measures().values() for unit in measure.units}
    assert {f"unit.{unit}" for unit in units} <= set(catalogue("cy"))


@pytest.mark.parametrize("language", languages())
def test_a_language_knows_its_plurals(language):
    assert {PLURALS[language](number) for number in range(20)} <= PLURAL


def test_values_are_said_by_kind():
    assert ENGLISH.say(quote("as it {stands}")) == "as it {stands}"
    assert ENGLISH.say(several([1234, date(2008, 12, 17), CellReason.NOT_LINKED])) == (
        "1,234 and 17 December 2008 and not linked"
    )
    assert ENGLISH.say(say("withheld", count=1)).startswith("1 set ")
    assert ENGLISH.say(say("withheld", count=2)).startswith("2 sets ")
    assert ENGLISH.say(None) == ""
    row = {"by": "A", "source": "S", "row": "3", "file": "f"}
    month = say("bridge.row", day=Stated(date(2009, 2, 1), "month"), **row)
    assert ENGLISH.say(month) == "A, February 2009: S, line 3 of f"
    assert ENGLISH.stated(Stated(date(2009, 2, 1), "received")) == (
        "on a day not known (received 1 February 2009)"
    )
    assert words_in("cy").say(several([Word("unit", "persons"), Word("unit", "spaced_code")])) == (
        "personau a spaced code"
    )


def test_an_unknown_language_is_refused():
    with pytest.raises(UnknownName, match="No words are held in 'fr'"):
        words_in("fr")


@pytest.fixture(scope="session")
def seed(memory):
    by = ["operation", "exploitation"]
    return [
        answer(ask("victims_recovered", date(2008, 12, 17), by=by), memory),
        answer(ask("victims_identified", date(2008, 12, 17), by=["operation"]), memory, NEEDS),
    ]


def test_the_answer_of_2008_in_welsh(seed):
    recovered, refused = (as_text.write_answer(found, words_in("cy")) for found in seed)
    assert "Fel yr oedd ar 17 Rhagfyr 2008" in recovered
    assert "Personau" in recovered
    assert recovered.startswith("Drafft:")
    assert "Ni ellir dweud: Heb ei gasglu." in refused
    assert "Gofyniad" in refused
    for english in ("As at", "Cannot be said", "Requirement", "Basis", "Unit:"):
        assert english not in recovered + refused


def test_the_page_of_2008_in_welsh(seed):
    page = as_html.write_answer(seed[1], words_in("cy"))
    assert '<html lang="cy">' in page
    assert "Ni ellir dweud" in page
    assert "Nodiadau, ffynonellau a sail" in page
    assert "Cannot be said" not in page


def test_figures_are_the_same_in_every_language(seed):
    figures = [cell.value for found in seed for cell in found.cells if cell.value is not None]
    for language in languages():
        written = "".join(as_hansard.write_answer(found, words_in(language)) for found in seed)
        assert all(f"{value:,}" in written for value in figures)
