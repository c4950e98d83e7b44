"""A number is written in words as English does, and read again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkfigure.assessment.numerals import numbers_in_words, said_in_words

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
