"""Grades as they are written, refused, converted and weighed."""

from __future__ import annotations

from datetime import date

import pytest

from darkfigure.basis.errors import Unreadable
from darkfigure.intelligence.grading import WEIGHTINGS, Grade, converted, read_grade, weight


def refusal(text, *scheme):
    with pytest.raises(Unreadable) as refused:
        read_grade(text, *scheme)
    return str(refused.value)


def test_a_grade_with_lawful_sharing_stands_by_itself():
    assert read_grade(" 2bp ") == Grade("3x5x2", "2BP")
    assert read_grade("2BP").words == (
        "untested; known indirectly but corroborated; lawful sharing permitted"
    )


@pytest.mark.parametrize("text", ["1AC/A1/S2", "1ac/s2/a1"])
def test_conditions_are_an_action_and_a_sanitisation_code_in_any_order(text):
    assert read_grade(text) == Grade("3x5x2", "1AC", "A1", "S2")


def test_grades_of_older_schemes_are_read_as_written():
    assert read_grade("b23", "5x5x5") == Grade("5x5x5", "B23")
    assert read_grade("F6", "admiralty") == Grade("admiralty", "F6")
    assert read_grade("B2", "admiralty").words == "usually reliable; probably true"


def test_what_is_no_grade_is_refused_with_what_would_be_right():
    assert refusal("4BP") == (
        "'4BP' is not a grade of 3x5x2. Write source 1 to 3, information A to E, handling P or C: "
        "2BP, or 1AC/A1/S2."
    )
    assert refusal("B2", "5x5x5") == (
        "'B2' is not a grade of 5x5x5. Write source A to E, information 1 to 5, handling 1 to 5: "
        "B24."
    )
    assert refusal("G1", "admiralty") == (
        "'G1' is not a grade of admiralty. Write source A to F, information 1 to 6: B2."
    )
    assert refusal("2BP", "4x4") == (
        "'4x4' is not a scheme of grading. Known are 3x5x2, 5x5x5, admiralty."
    )


def test_conditions_that_do_not_fit_are_refused():
    codes = ": after the grade stand an action code (A1 to A3) and a sanitisation code (S1, S2)."
    for text in ("1AC/A9/S2", "1AC/A1/A2", "1AC/A1/S2/S1"):
        assert refusal(text) == repr(text) + codes
    for text in ("2BP/A1", "2BP/S1", "2BP/A1/S2"):
        assert refusal(text) == (
            f"{text!r}: action and sanitisation codes go with handling C; with P there are no "
            "conditions."
        )
    for text in ("1AC", "1AC/A1", "1AC/S2"):
        assert refusal(text) == (
            f"{text!r}: handling C needs conditions: an action and a sanitisation code, as "
            "1AC/A1/S2."
        )


def test_a_grade_of_the_scheme_in_use_is_itself_and_loses_nothing():
    grade = read_grade("2BP")
    assert converted(grade, date(2026, 1, 1)) == (grade, "")


def test_a_grade_of_5x5x5_becomes_one_with_conditions_and_says_what_is_lost():
    made, lost = converted(read_grade("B23", "5x5x5"), date(2016, 1, 1))
    assert made == Grade("3x5x2", "1CC", "A1", "S2", converted_from="5x5x5 B23")
    assert "handling codes are not carried over" in lost


@pytest.mark.parametrize(
    ("scheme", "letters", "day"),
    [("5x5x5", "B23", date(2015, 12, 31)), ("admiralty", "B2", date(2026, 1, 1))],
)
def test_without_a_table_of_the_day_nothing_is_converted(scheme, letters, day):
    with pytest.raises(Unreadable) as refused:
        converted(read_grade(letters, scheme), day)
    assert str(refused.value) == (
        f"Grades of {scheme} have no equal in 3x5x2 on {day}: grade the item anew and keep both."
    )


def test_of_several_tables_the_latest_of_the_day_converts(monkeypatch):
    from darkfigure.intelligence import grading

    held = grading.grading()
    table = held["conversions"][0]
    later = {**table, "valid_from": date(2020, 1, 1), "handling": "P", "loses": "the rest"}
    other = {**later, "valid_from": date(2030, 1, 1), "loses": "all"}
    foreign = {**later, "from": "admiralty", "valid_from": date(2021, 1, 1)}
    tables = {**held, "conversions": [later, table, other, foreign]}
    monkeypatch.setattr(grading, "grading", lambda: tables)
    assert converted(Grade("5x5x5", "B23"), date(2019, 12, 31))[0].letters == "1CC"
    made, lost = converted(Grade("5x5x5", "B23"), date(2020, 1, 1))
    assert (made.letters, lost) == ("1CP", "the rest")


def test_what_is_suspected_to_be_false_weighs_nothing_and_a_better_source_no_less():
    for weighting in WEIGHTINGS:
        assert {weight(source, "E", weighting) for source in "123"} == {0.0}
        for information in "ABCD":
            first, second, third = (weight(source, information, weighting) for source in "123")
            assert 1 > first > second > third >= 0
    for source in "123":
        for information in "ABCD":
            low, central, high = (
                weight(source, information, each) for each in ("low", "central", "high")
            )
            assert low < central < high
            assert weight(source, information) == central
