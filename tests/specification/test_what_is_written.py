"""What somebody writes: the reason of a grave deed, fields of a plan or a request."""

from __future__ import annotations

import pytest

from darkfigure.basis.errors import DarkfigureError, Unreadable
from darkfigure.basis.reason import LONGEST, reason_given
from darkfigure.reading.written_fields import word, yes_or_no


def test_a_reason_is_kept_as_one_line_of_some_length():
    assert reason_given("  an inquiry \n of 2026 ") == "an inquiry of 2026"
    assert len(reason_given("why " * 1_000)) == LONGEST


@pytest.mark.parametrize("why", ["", "why", "  w    h    y   "])
def test_a_reason_that_says_nothing_is_none(why):
    with pytest.raises(DarkfigureError, match="10 signs at least"):
        reason_given(why)


@pytest.mark.parametrize(("value", "said"), [(" x ", "x"), (2009, "2009"), (0.5, "0.5")])
def test_a_word_is_text_a_number_or_a_day(value, said):
    assert word(value, "plan") == said


@pytest.mark.parametrize("value", [[1], {"a": 1}, True])
def test_what_is_no_word_is_refused_with_its_place(value):
    with pytest.raises(Unreadable, match="plan, title"):
        word(value, "plan, title")


@pytest.mark.parametrize(
    ("value", "said"), [("Yes", True), (True, True), ("no", False), (False, False)]
)
def test_yes_or_no(value, said):
    assert yes_or_no(value, "plan") is said


def test_what_is_neither_is_refused():
    with pytest.raises(Unreadable, match="write yes or no"):
        yes_or_no("perhaps", "plan")
