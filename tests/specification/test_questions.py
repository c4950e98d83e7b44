"""A question: built from words, written down, asked again; and what is no question."""

from __future__ import annotations

from datetime import date

import pytest

from darkfigure.basis.errors import UnknownName
from darkfigure.basis.period import parse_period
from darkfigure.tables.question import (
    Condition,
    any_condition,
    ask,
    asked_again,
    from_words,
)

DAY, OTHER = date(2026, 1, 2), date(2026, 1, 3)
FULL = {
    "by": ["operation", "year"],
    "where": ["exploitation~sexual", "sex=female"],
    "period": "2023",
    "unit": "persons",
    "evidence": "cases",
    "rule": "persons",
}


def refusal(call, *given, **named):
    with pytest.raises(UnknownName) as refused:
        call(*given, **named)
    return str(refused.value)


def test_a_question_holds_what_was_asked():
    found = ask("victims_recovered", DAY, **FULL)
    assert found.measure.code == "victims_recovered"
    assert (found.as_at, found.by, found.cut) == (DAY, ("operation",), "year")
    assert found.where == (Condition("exploitation", "sexual", True), Condition("sex", "female"))
    assert found.period == parse_period("2023")
    assert (found.unit, found.evidence, found.rule) == ("persons", "cases", "persons")


def test_what_is_not_asked_is_blank():
    found = ask("arrests", DAY)
    assert (found.by, found.cut, found.where, found.period) == ((), "", (), None)
    assert (found.unit, found.evidence, found.rule) == ("", "statements", "")


def test_a_question_is_the_same_however_it_is_typed():
    one = ask("arrests", DAY, by=["Operation", " ", "age-group", "operation"], where=["sex=Female"])
    other = ask("Arrests", DAY, by=["operation", "age_group"], where=["sex=female", "sex=female"])
    assert one == other
    assert one.id == other.id


def test_as_written_down_it_is_asked_again():
    found = ask("victims_recovered", DAY, **FULL)
    assert found.canonical() == {
        "measure": "victims_recovered",
        "by": ["operation", "year"],
        "where": ["exploitation~sexual", "sex=female"],
        "period": "2023-01-01..2023-12-31",
        "unit": "persons",
        "evidence": "cases",
        "rule": "persons",
    }
    again = asked_again(found.canonical(), OTHER)
    assert again.canonical() == found.canonical()
    assert again.as_at == OTHER


def test_a_question_to_statements_says_nothing_of_evidence():
    found = ask("arrests", DAY)
    assert found.canonical() == {
        "measure": "arrests",
        "by": [],
        "where": [],
        "period": None,
        "unit": None,
    }
    assert asked_again(found.canonical(), DAY) == found
    assert ask("arrests", DAY, evidence="cases").canonical()["rule"] is None


def test_its_name_is_ten_digits_of_what_is_asked_and_of_the_day():
    found = ask("arrests", DAY, by=["operation"])
    # This one stands in the README and in whatever quoted a cell of it: it must not change.
    cited = ask("victims_recovered", date(2008, 12, 17), by=["operation", "exploitation"])
    assert cited.id == "5231c7894c"
    assert len(found.id) == 10
    assert found.id != ask("arrests", OTHER, by=["operation"]).id
    assert found.id != ask("arrests", DAY).id


def test_from_the_words_of_a_command_line():
    found = from_words(
        "victims_recovered",
        OTHER,
        by="operation,year",
        where=["exploitation~sexual", " ", "sex=female"],
        period=" 2023 ",
        unit=" persons ",
        as_at="2026-01-02",
        evidence=" cases ",
        rule=" persons ",
    )
    assert found == ask("victims_recovered", DAY, **FULL)
    assert from_words("arrests", DAY, by=["operation,sex", "area"]).by == (
        "operation",
        "sex",
        "area",
    )


@pytest.mark.parametrize("blank", [None, "", "  "])
def test_what_is_blank_is_not_given(blank):
    found = from_words(
        "arrests",
        DAY,
        by=blank,
        where=None,
        period=blank,
        unit=blank,
        as_at=blank,
        evidence=blank,
        rule=blank,
    )
    assert found == ask("arrests", DAY)


def test_a_condition_holds_for_a_value_alone_or_for_combinations_too():
    alone, with_others = any_condition("exploitation=sexual"), any_condition("exploitation~sexual")
    assert [alone.holds_for(stored) for stored in ("sexual", "sexual+labour")] == [True, False]
    assert [with_others.holds_for(stored) for stored in ("sexual", "sexual+labour", "labour")] == [
        True,
        True,
        False,
    ]
    assert (str(alone), str(with_others)) == ("exploitation=sexual", "exploitation~sexual")


def test_a_condition_is_parted_at_its_first_sign():
    assert any_condition(" Exploitation = Sexual ") == Condition("exploitation", "sexual")
    assert any_condition("age-group=child") == Condition("age_group", "child")
    assert any_condition("exploitation=labour & sexual").code == "sexual+labour"
    assert "'~sexual'" in refusal(any_condition, "exploitation=~sexual")
    assert "'=sexual'" in refusal(any_condition, "exploitation~=sexual")
    assert "'a=b'" in refusal(any_condition, "exploitation=a=b")
    assert "'a~b'" in refusal(any_condition, "exploitation~a~b")
    assert refusal(any_condition, "x=y").startswith("'x' is not a dimension.")


def test_what_is_no_condition_is_refused():
    write = "is not a condition. Write DIMENSION=VALUE, or DIMENSION~VALUE to include combinations."
    for text in ("female", "=female", "~female"):
        assert refusal(any_condition, text) == f"{text!r} {write}"
        assert refusal(ask, "arrests", DAY, where=[text]) == f"{text!r} {write}"
    assert refusal(any_condition, "sexx=female").startswith(
        "'sexx' is not a dimension. Did you mean 'sex'"
    )
    assert "martian" in refusal(any_condition, "nationality=martian")
    said = "Keep to a time with --period FROM..TO, not with 'year=2023'."
    assert refusal(ask, "arrests", DAY, where=["year=2023"]) == said


def test_what_is_no_question_is_refused():
    assert refusal(ask, "arrests", DAY, by=["year", "month"]) == (
        "Time can be cut one way at a time, not by year and month."
    )
    assert refusal(ask, "arrests", DAY, evidence="rumours") == (
        "'rumours' is no kind of evidence. Known are statements and cases."
    )
    assert refusal(ask, "arrests", DAY, rule="persons") == (
        "A counting rule can be chosen only where records are counted: add --evidence cases."
    )
    assert refusal(ask, "convictions", DAY, unit="pounds") == (
        "convictions is counted in persons or convictions, not in 'pounds'."
    )
    assert refusal(ask, "arrests", DAY, by=["population"]).startswith(
        "'population' is not a dimension. "
    )
    assert refusal(ask, "arrests", DAY, by=["operaton"]).startswith(
        "'operaton' is not a dimension. Did you mean 'operation'"
    )
    assert refusal(ask, "arrests", DAY, by=["quater"]).startswith(
        "'quater' is not a dimension. Did you mean 'quarter'"
    )
    assert refusal(ask, "intelligence_reports", DAY, by=["sex"]) == (
        "intelligence_reports is not held by sex; it is held by operation, and by time (period, "
        "month, quarter, year, financial_year)."
    )
    assert "; it is held by operation, area, and by time" in refusal(
        ask, "premises_visited", DAY, by=["sex"]
    )
    assert "; it is held by no dimension, and by time" in refusal(
        ask, "charges_trafficking_sexual", DAY, by=["sex"]
    )


def test_asked_strictly_it_is_another_question_and_stays_so():
    strict, loose = ask("arrests", DAY, strict=True), ask("arrests", DAY)
    assert strict.canonical() == {**loose.canonical(), "strict": True}
    assert strict.id != loose.id
    assert asked_again(strict.canonical(), OTHER).strict is True
    assert asked_again(loose.canonical(), OTHER).strict is False
    assert from_words("arrests", DAY, strict=True) == strict
    assert from_words("arrests", DAY) == loose
