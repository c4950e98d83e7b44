"""A number is written in digits or words as English does, and read again; what is no figure is not
one, whatever stands beside it.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkfigure.assessment.numerals import (
    LEAST_IN_WORDS,
    figures_in,
    numbers_in_words,
    said_in_words,
)

ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
TENS = ["-", "-", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def in_words(number: int) -> str:
    """A number as a style guide writes it."""
    for size, name in ((10**9, "billion"), (10**6, "million"), (10**3, "thousand")):
        if number >= size:
            rest = number % size
            joined = " and " if 0 < rest < 100 else " "
            return in_words(number // size) + f" {name}" + (joined + in_words(rest) if rest else "")
    if number >= 100:
        rest = number % 100
        return f"{ONES[number // 100]} hundred" + (f" and {in_words(rest)}" if rest else "")
    if number < 20:
        return ONES[number]
    return TENS[number // 10] + (f"-{ONES[number % 10]}" if number % 10 else "")


@given(st.integers(1, 999_999_999_999))
def test_what_is_written_is_read(number):
    assert said_in_words(in_words(number)) == number
    text = f"There were {in_words(number)} of them."
    assert list(numbers_in_words(text)) == [(in_words(number), number)]


def test_words_that_hold_a_number_are_none():
    assert list(numbers_in_words("Someone often weighs a stone, the tenth.")) == []
    with pytest.raises(ValueError, match="no part"):
        said_in_words("ten hares")


#: Numbers that are no figures: {n} is a number from 1 to 27.
NONE = (
    "section {n}", "Sections {n}, 2 and 4", "article {n}", "Articles {n} to 59", "s.{n}",
    "ss. {n}-59", "paragraph {n}.2(a)", "page {n}", "Table {n}", "resolution 1325",
    "UNSCR 2331 (2016)", "ISO 27001", "ISO/IEC 27001:2013", "CETS 197", "Convention No. 29",
    "Directive 2011/36/EU",
    "Regulation (EU) 2016/679", "[2008] EWCA Crim 1234", "the Slave Trade Act 1807",
    "{n} December", "{n} and 28 December", "{n}\u201328 December 2008", "{n}th of May 2009",
    "December {n}, 2008", "from 2004 to 2008", "2008\u201309", "1998\u20132008", "2008/09",
    "the 1990s", "2009-12-17", "aged 18", "under 18", "under-18s", "aged 16 to 17", "18 years old",
    "16- or 17-year-olds", "16 and 17 years of age", "09:30", "9.30am", "9 pm", "24/7",
    "the {n}th time", "the 21st century", "HT.{n}.1", "Pentameter 2", "half a dozen", "three of us",
)  # fmt: skip
BEFORE = (
    "There were {}", "Only {}", "About {}", "In the UK {}", "The EU found {}", "In May 2008 {}",
    "On 17 December 2008 there were {}", "Under section 57 there were {}", "In 2008, {}", "({}",
    "Operation Pentameter 2 found {}", "Found: {}",
)  # fmt: skip
AFTER = (" of them.", " victims.", " trafficked women, aged 18.", ") in 2008.", ", by 9 pm.", "%.")


def written(number: int, how: str) -> str:
    """A number as a writer types it."""
    grouped = f"{number:,}"
    return {
        "plain": str(number),
        "commas": grouped,
        "blanks": grouped.replace(",", " "),
        "thin": grouped.replace(",", "\u2009"),
        "words": in_words(number),
        "joined": in_words(number).replace(" ", "-"),
    }[how]


def no_year(number: int) -> bool:
    """Whether a number does not look like a year, which it may be where nothing is counted."""
    return not 1500 <= number < 2100


@given(
    st.integers(1, 9_999_999).filter(no_year),
    st.sampled_from(("plain", "commas", "blanks", "thin", "words", "joined")),
    st.sampled_from(BEFORE),
    st.sampled_from(AFTER),
)
def test_a_figure_is_found_whatever_stands_beside_it(number, how, before, after):
    typed = written(number, how)
    found = [said for _, said in figures_in(before.format(typed) + after)]
    told = how not in ("words", "joined") or number >= LEAST_IN_WORDS
    assert found == ([number] if told else [])


@given(st.lists(st.sampled_from(NONE), min_size=1, max_size=4), st.integers(1, 27))
def test_what_is_no_figure_is_none(said, number):
    text = "; ".join(said).format(n=number) + "."
    assert list(figures_in(text)) == []


@given(st.integers(1500, 2099), st.sampled_from((" people", " trafficked women", " arrests")))
def test_a_year_before_what_is_counted_is_a_figure(number, counted):
    assert [said for _, said in figures_in(f"They found {number}{counted}.")] == [number]


def test_a_dozen_is_twelve():
    assert list(figures_in("Some two dozen, a dozen and half a dozen.")) == [
        ("two dozen", 24), ("dozen", 12)
    ]  # fmt: skip
