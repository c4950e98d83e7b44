"""Every question has its page in the manual, and what the program prints there is what its test
asserts. `make docs` holds each page to the same while it builds.
"""

from __future__ import annotations

import inspect

import pytest

from darkfigure_hub.commands.gathered import program
from questions import test_casework, test_parliament
from questions.asked import faults, figures, missing, questions

MODULES = (test_parliament, test_casework)
ASKED = {name: pair for module in MODULES for name, pair in questions(module).items()}
#: Tests that ask nothing of the repository that a reader would.
NO_QUESTION = {"test_both_engines_read_the_same"}


def test_every_question_has_a_page():
    assert {name for name, (question, _) in ASKED.items() if question is None} == NO_QUESTION


@pytest.mark.parametrize("name", sorted(ASKED.keys() - NO_QUESTION))
def test_every_page_says_why_it_is_so(name):
    question, test = ASKED[name]
    assert question.question.endswith("?")
    assert question.source
    assert len(inspect.getdoc(test) or "") > 40


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(ASKED.keys() - NO_QUESTION))
def test_the_program_prints_what_the_test_asserts(name, capsys):
    question, test = ASKED[name]
    for arguments in question.arguments:
        program()(arguments, prog_name="darkfigure", standalone_mode=False)
    assert faults(question, test, capsys.readouterr().out) == []


def test_a_figure_that_is_not_printed_is_found():
    assert missing({167, 1248}, "167 of 1,248, and 16") == set()
    assert missing({167}, "1167 and 1,167 and 16.167") == {167}
    _, test = ASKED["test_why_the_campaign_figures_changed"]
    assert figures(test) == {528, 122, 406, 299, 206, 93, 172, 3, 169}
    question, _ = ASKED["test_why_the_campaign_figures_changed"]
    assert faults(question, test, "528 406 299 206 93 172 3 169") == [
        "122 is asserted and not printed"
    ]


def test_no_page_rests_on_nothing():
    empty = [
        name
        for name, (question, test) in ASKED.items()
        if question and not figures(test) and not question.says
    ]
    assert empty == []
