"""Scores of judgements, against what is worked out by hand, by brute force and from known truth."""

from __future__ import annotations

import math
import random
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkfigure.basis.truth import Truth
from darkfigure.intelligence.judgements import Direction
from darkfigure.intelligence.scoring import Closed, Outcome, Rate, scored, wilson
from darkfigure.intelligence.yardstick import Term

CLOSED = st.builds(
    Closed,
    st.just("HT-J-01/v1"),
    st.sampled_from(Term),
    st.sampled_from(Outcome),
    st.sampled_from(Direction),
    st.none() | st.sampled_from(Direction),
    st.sampled_from(Truth),
)
MANY = st.lists(CLOSED, max_size=8)


def told(closed):
    return [each for each in closed if each.outcome != Outcome.CANNOT_BE_TOLD]


def closed_as(term, *outcomes):
    return [
        Closed("HT-J-01/v1", term, Outcome.CAME_TRUE if true else Outcome.DID_NOT, Direction.STABLE)
        for true in outcomes
    ]


def test_where_nothing_can_be_told_there_is_no_score():
    assert scored([]) is None
    untold = Closed("HT-J-01/v1", Term.LIKELY, Outcome.CANNOT_BE_TOLD, Direction.STABLE)
    assert scored([untold]) is None
    assert scored([*closed_as(Term.LIKELY, True), untold]).number == 1


def test_one_judgement_by_hand():
    scores = scored(closed_as(Term.LIKELY, True))
    assert [scores.brier.best, scores.brier.midpoint, scores.brier.worst] == pytest.approx(
        [0.25**2, 0.35**2, 0.45**2]
    )
    assert [scores.log.best, scores.log.midpoint, scores.log.worst] == pytest.approx(
        [-math.log(0.75), -math.log(0.65), -math.log(0.55)]
    )
    wrong = scored(closed_as(Term.LIKELY, False))
    assert [wrong.brier.best, wrong.brier.worst] == pytest.approx([0.55**2, 0.75**2])


def test_a_band_that_reaches_certainty_and_was_wrong_is_without_bound():
    scores = scored(closed_as(Term.ALMOST_CERTAIN, True, False))
    assert scores.log.worst is None
    assert scores.brier.worst == pytest.approx((0.05**2 + 1) / 2)
    assert scored(closed_as(Term.REMOTE_CHANCE, False)).log.best == 0


@given(MANY)
def test_over_the_band_by_brute_force(closed):
    """No probability within the bands does better than the best or worse than the worst."""
    if not told(closed):
        return
    scores, own = scored(closed), told(closed)
    for rule, spread in (
        (lambda p, o: (p - o) ** 2, scores.brier),
        (
            lambda p, o: -math.log(p if o else 1 - p) if (p if o else 1 - p) else math.inf,
            scores.log,
        ),
    ):
        tried = [
            [
                rule((each.term.low + at * (each.term.high - each.term.low) / 10) / 100, true)
                for at in range(11)
            ]
            for each in own
            for true in [each.outcome == Outcome.CAME_TRUE]
        ]
        assert spread.best == pytest.approx(sum(map(min, tried)) / len(own), abs=1e-9)
        worst = sum(map(max, tried)) / len(own)
        if spread.worst is None:
            assert worst > 30 / len(own)
        else:
            assert spread.worst == pytest.approx(worst, abs=1e-9)
        assert spread.best <= spread.midpoint
        assert spread.worst is None or spread.midpoint <= spread.worst


@given(MANY)
def test_the_midpoint_is_reliability_less_resolution_and_uncertainty(closed):
    if scores := scored(closed):
        whole = scores.reliability - scores.resolution + scores.uncertainty
        assert whole == pytest.approx(scores.brier.midpoint, abs=1e-12)
        assert sum(band.came_true.number for band in scores.bands) == scores.number


@given(st.lists(st.tuples(st.sampled_from(list(Term)[:3]), st.booleans()), min_size=2, max_size=6))
def test_the_resolution_of_chance_is_that_of_every_other_order(drawn):
    """The mean over all ways of giving the same terms to the same outcomes."""
    terms, outcomes = zip(*drawn, strict=True)
    each = [
        scored(
            [one for term, true in zip(terms, way, strict=True) for one in closed_as(term, true)]
        ).resolution
        for way in permutations(outcomes)
    ]
    closed = [one for term, true in drawn for one in closed_as(term, true)]
    assert scored(closed).by_chance == pytest.approx(sum(each) / len(each), abs=1e-12)


@given(MANY, st.randoms())
def test_the_order_is_of_no_account_and_what_cannot_be_told_counts_for_nothing(closed, shuffled):
    others = list(told(closed))
    shuffled.shuffle(others)
    one, other = scored(closed), scored(others)
    if one is None:
        assert other is None
        return
    assert (one.bands, one.directions, one.unchanged.number) == (
        other.bands, other.directions, other.unchanged.number,
    )  # fmt: skip
    assert one.brier.midpoint == pytest.approx(other.brier.midpoint)


@given(MANY)
def test_directions_and_the_forecast_that_nothing_changes(closed):
    scores = scored(closed)
    if scores is None:
        return
    seen = [
        each
        for each in told(closed)
        if each.direction_seen is not None and each.direction != Direction.UNCLEAR
    ]
    hits = [each for each in seen if each.direction == each.direction_seen]
    assert scores.directions == Rate(len(hits), len(seen))
    stable = [each for each in seen if each.direction_seen == Direction.STABLE]
    assert scores.unchanged.directions == Rate(len(stable), len(seen))
    said = [each for each in told(closed) if each.if_unchanged != Truth.NOT_KNOWN]
    assert scores.unchanged.number == len(said)
    if said:
        forecast = [1.0 if each.if_unchanged == Truth.YES else 0.0 for each in said]
        came = [1.0 if each.outcome == Outcome.CAME_TRUE else 0.0 for each in said]
        expected = sum((f - c) ** 2 for f, c in zip(forecast, came, strict=True)) / len(said)
        assert scores.unchanged.brier_unchanged == pytest.approx(expected)


def test_limits_of_a_share_as_published():
    """Newcombe (1998), table I: 81 of 263, 15 of 148, 0 of 20 and 29 of 29 by Wilson's score."""
    for hits, number, low, high in (
        (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611),
        (29, 29, 0.8830, 1.0),
    ):  # fmt: skip
        assert wilson(hits, number) == pytest.approx((low, high), abs=5e-5)
    assert wilson(0, 0) == (0.0, 1.0)
    assert Rate(0, 0).share is None


def test_whoever_is_calibrated_is_found_so_and_whoever_is_not_is_not():
    """With known truth: outcomes drawn at a probability within each band, and turned about."""
    chance = random.Random(20261127)
    sound = [
        one
        for term in Term
        for _ in range(400)
        for one in closed_as(term, chance.random() * 100 < term.middle)
    ]
    scores = scored(sound)
    assert all(band.holds for band in scores.bands)
    assert scores.reliability < 0.003
    assert scores.resolution > 20 * scores.by_chance
    turned = [
        one for each in sound for one in closed_as(each.term, each.outcome == Outcome.DID_NOT)
    ]
    wrong = scored(turned)
    assert wrong.brier.midpoint > 0.4 > scores.brier.midpoint
    assert not any(band.holds for band in wrong.bands if band.term != Term.REALISTIC_POSSIBILITY)


def test_terms_that_tell_nothing_resolve_no_more_than_chance():
    chance = random.Random(7)
    runs = [
        scored(
            [
                one
                for _ in range(60)
                for one in closed_as(chance.choice(list(Term)), chance.random() < 0.5)
            ]
        )
        for _ in range(200)
    ]
    found = sum(each.resolution for each in runs) / len(runs)
    expected = sum(each.by_chance for each in runs) / len(runs)
    assert found == pytest.approx(expected, rel=0.15)
