"""What stands in cells of published tables."""

from __future__ import annotations

import pytest

from darkfigure.reading.shorthand import EMPTY, Cell, Shorthand, read_cell

FIGURES = {
    "88": "88",
    "1,088": "1088",
    "1 088": "1088",
    "1\u00a0088": "1088",
    "1'088'000": "1088000",
    " 007 ": "7",
    "-3": "-3",
    "–3": "-3",
    "(1,234)": "-1234",
    "12.50": "12.5",
    ".5": "0.5",
    "-0": "0",
    "45%": "45",
    "£1,200": "1200",
    "1.2e3": "1200",
    "+7": "7",
}


@pytest.mark.parametrize("text", FIGURES)
def test_a_figure_is_its_digits(text):
    assert read_cell(text) == Cell(value=FIGURES[text])


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("<5", "0", "4"),
        ("< 5", "0", "4"),
        ("fewer than 5", "0", "4"),
        ("Less than 10", "0", "9"),
        ("≤5", "0", "5"),
        ("up to 3", "0", "3"),
        ("5 or fewer", "0", "5"),
        ("1 to 4", "1", "4"),
        ("1–4", "1", "4"),
        ("between 5 and 9", "5", "9"),
        (">100", "101", ""),
        ("5+", "5", ""),
        ("10 or more", "10", ""),
        ("<1,000", "0", "999"),
    ],
)
def test_bounds_are_read_as_bounds(text, low, high):
    assert read_cell(text) == Cell(low=low, high=high, reason="suppressed")


def test_the_least_of_a_suppressed_count_is_as_the_file_says():
    assert read_cell("<5", Shorthand(least=1)).low == "1"
    assert read_cell("<1", Shorthand(least=1)).bad


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[c]", "suppressed"),
        ("[C]", "suppressed"),
        ("[x]", "not_available"),
        ("[z]", "not_applicable"),
        ("n/a", "not_applicable"),
        ("Not collected", "not_collected"),
    ],
)
def test_marks_of_one_meaning_are_reasons(text, reason):
    assert read_cell(text) == Cell(reason=reason)


@pytest.mark.parametrize(
    ("text", "value", "status", "notes"),
    [
        ("88 [r]", "88", "revised", ()),
        ("88r", "88", "revised", ()),
        ("1,088 [p]", "1088", "provisional", ()),
        ("12 (1)", "12", "", ("footnote",)),
        ("12 [note 3]", "12", "", ("footnote",)),
        ("12¹", "12", "", ("footnote",)),
        ("12*", "12", "", ("footnote",)),
        ("12 [r] [1]", "12", "revised", ("footnote",)),
        ("7 [e]", "7", "", ("estimated",)),
        ("7 [u]", "7", "", ("low_reliability",)),
    ],
)
def test_marks_behind_a_figure_are_kept_beside_it(text, value, status, notes):
    assert read_cell(text) == Cell(value=value, status=status, notes=notes)


def test_a_figure_rounded_to_nought_is_not_nought():
    found = read_cell("[low]", Shorthand(low_below="49"))
    assert (found.value, found.low, found.high, found.notes) == ("", "0", "49", ("low",))


@pytest.mark.parametrize("text", ["-", "–", "..", ":", "*", "~", "NA", "#"])
def test_a_mark_of_several_meanings_is_asked_about(text):
    found = read_cell(text)
    assert found.asked
    assert not found.value
    marks = {found.asked: "nought"}
    assert read_cell(text, Shorthand(marks=marks)) == Cell(value="0")
    assert read_cell(text, Shorthand(marks={found.asked: "suppressed"})).reason == "suppressed"


@pytest.mark.parametrize(
    "text",
    [
        *("Kent", "12 persons", "1,08", "12,34,56", "5-1", "[r]", "r", "[c] [c]", "٣", "1..2"),
        *("[c] 5", "--5", "5 [c]", "1.2.3", "12 Madeup", "#REF!"),
    ],
)
def test_what_is_no_figure_is_none(text):
    assert read_cell(text).bad


def test_nothing_is_nothing():
    assert read_cell("") == read_cell(" \u00a0 ") == EMPTY


def test_decimal_commas():
    comma = Shorthand(comma=True)
    assert read_cell("1.088,5", comma).value == "1088.5"
    assert read_cell("1 088", comma).value == "1088"
    assert read_cell("0,5", comma).value == "0.5"
    assert read_cell("1,088,000", comma).bad


@pytest.mark.parametrize("text", ["1 to {}", "{} or more", "fewer than {}", "at most {}", "> {}"])
def test_a_bound_of_more_digits_than_a_figure_has_is_none(text):
    assert read_cell(text.format("9" * 5000)).bad
