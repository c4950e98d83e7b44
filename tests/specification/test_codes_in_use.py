"""Codes in use for a time, and what whole tables say of them by silence."""

from __future__ import annotations

from datetime import date

import pytest
from test_choosing_figures import block

from darkfigure.basis.period import parse_period
from darkfigure.codes.use import dated_codes, in_use
from darkfigure.publication import ask
from darkfigure.tables.noughts import Noughts

BEFORE, AFTER = "Financial Fraud Action UK", "UK Finance"


@pytest.mark.parametrize(
    ("code", "period", "right"),
    [
        (BEFORE, "2017Q1", True),
        (BEFORE, "2017Q2", True),
        (BEFORE, "2017Q3", False),
        (BEFORE, "2017", False),
        (AFTER, "2017Q2", False),
        (AFTER, "2017Q3", True),
        ("Kent", "1900", True),
        ("no such area", "2017", True),
    ],
)
def test_a_code_is_in_use_for_its_days(code, period, right):
    assert in_use({"area": code, "sex": None}, parse_period(period)) is right


def test_only_dated_codes_are_dated():
    assert {BEFORE, AFTER} <= set(dated_codes("area"))
    assert "Kent" not in dated_codes("area")


def test_a_table_says_nought_of_what_was_in_use_and_no_statement_says_it():
    whole = [block(number, ("area",), f"2017Q{number + 1}", whole=True) for number in (1, 2, 3)]
    usable = [*whole, block(9, ("area",), "2018", whole=False)]
    noughts = Noughts(ask("recorded_offences", date(2020, 1, 1), by=["area"]), usable)
    assert noughts.of(("Kent",)) == {1, 2, 3}
    assert noughts.of((BEFORE,)) == {1}
    assert noughts.of((AFTER,)) == {2, 3}
    kept = ask("recorded_offences", date(2020, 1, 1), where=[f"area={AFTER}"])
    assert Noughts(kept, usable).of(()) == {2, 3}
