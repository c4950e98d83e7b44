"""Mistakes planted in histories of releases: every number that can be worked out is found, and none
is accused that cannot; `benchmarks/planted.py` tries two hundred of each. Everything is synthetic.
"""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import histories_drawn
import releases_planted
from support import examples

quick = settings(deadline=None, suppress_health_check=list(HealthCheck))


def _check(kind, seed, folder):
    made = histories_drawn.history(random.Random(seed))
    tried = histories_drawn.planted(kind, made, random.Random(seed), folder)
    assert (tried.found, tried.falsely) == (tried.recoverable, 0)
    return tried.recoverable


def _attack(kind, seed):
    made = releases_planted.released(random.Random(seed))
    tried = releases_planted.planted(kind, made, random.Random(seed))
    assert (tried.found, tried.falsely) == (tried.recoverable, 0)
    return tried.recoverable


@pytest.mark.parametrize("kind", histories_drawn.KINDS)
def test_a_planted_mistake_is_found_in_each_history(kind, tmp_path):
    told = sum(_check(kind, seed, tmp_path) for seed in range(9 if kind == "rounding" else 3))
    assert bool(told) is (kind != "nothing")


@pytest.mark.parametrize("kind", releases_planted.KINDS)
def test_a_planted_mistake_is_found_among_releases(kind):
    told = sum(_attack(kind, seed) for seed in range(8))
    assert bool(told) is (kind != "nothing")


@settings(quick, max_examples=examples(15))
@given(st.sampled_from(histories_drawn.KINDS), st.integers(0, 2**32))
def test_planted_mistakes_are_found_and_nobody_else_is_accused(tmp_path_factory, kind, seed):
    _check(kind, seed, tmp_path_factory.mktemp("drawn"))


@settings(quick, max_examples=examples(15))
@given(st.sampled_from(releases_planted.KINDS), st.integers(0, 2**32))
def test_planted_mistakes_come_out_of_releases(kind, seed):
    _attack(kind, seed)
