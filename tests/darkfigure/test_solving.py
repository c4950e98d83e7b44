"""Roots and least values are those of SciPy, to the last bit."""

from __future__ import annotations

from math import cosh, exp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq, minimize_scalar

from darkfigure.estimation.solving import NotBracketed, least, root
from support import examples

numbers = st.floats(-20, 20)
steep = st.floats(0.01, 5)


@settings(max_examples=examples(300), deadline=None)
@given(numbers, steep, st.floats(-1, 1), st.floats(0.1, 30), st.floats(0.1, 30))
def test_roots_are_those_of_scipy(at, slope, bend, below, above):
    def of(x):
        return slope * (x - at) + bend * slope * 0.1 * (x - at) ** 3 / (1 + (x - at) ** 2)

    ends = at - below, at + above
    assert root(of, *ends, xtol=1e-9) == brentq(of, *ends, xtol=1e-9)
    assert root(of, *ends) == brentq(of, *ends)


@settings(max_examples=examples(300), deadline=None)
@given(numbers, steep, numbers, st.sampled_from([0.1, 1.0]))
def test_least_values_are_those_of_scipy(at, slope, begin, step):
    def of(x):
        return slope * (x - at) ** 2 / (1 + 0.01 * abs(x - at)) + 0.1 * cosh(min(x - at, 50) / 30)

    found = minimize_scalar(of, bracket=(begin, begin + step), tol=1e-8)
    assert least(of, begin, begin + step) == (found.x, found.fun)


def test_what_is_not_there_is_said():
    with pytest.raises(NotBracketed):
        root(exp, 0.0, 1.0)
    with pytest.raises(NotBracketed):
        least(lambda x: -x, 0.0, 1.0)
