"""Laws of linkage: order is of no account, undoing restores, draws lie within bounds, exact where
it can be.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from darkfigure.basis.errors import DarkfigureError
from darkfigure.linkage import Linked
from darkfigure.linkage.clusters import AGAINST, Thresholds, evidence_of, partition, worth
from darkfigure.linkage.draws import _gibbs, draw, probabilities
from darkfigure.linkage.missed import Missed
from darkfigure.linkage.model import PAIRS, Model
from support import examples

RECORDS = 9


@st.composite
def pairs(draw_from, records=RECORDS):
    """Pairs among records with any probabilities."""
    every = list(combinations(range(records), 2))
    chosen = draw_from(st.lists(st.sampled_from(every), unique=True, max_size=20))
    shares = [
        draw_from(st.sampled_from([0.02, 0.06, 0.2, 0.4, 0.5, 0.6, 0.9, 0.985, 0.999]))
        for _ in chosen
    ]
    rows = [
        (left, right, float(np.log2(share / (1 - share))), share)
        for (left, right), share in zip(chosen, shares, strict=True)
    ]
    return pl.DataFrame(rows, schema=PAIRS, orient="row")


def decisions(number=2):
    return st.lists(
        st.sampled_from(list(combinations(range(RECORDS), 2))), unique=True, max_size=number
    )


def refines(fine, coarse):
    """Whether records together in `fine` are together in `coarse`."""
    return all(len(set(coarse[fine == person])) == 1 for person in np.unique(fine))


@given(pairs(), st.permutations(range(20)), decisions(), decisions(1))
def test_the_order_in_which_pairs_come_does_not_change_persons(found, order, joined, parted):
    shuffled = found[[place for place in order if place < found.height]]
    one = partition(evidence_of(found, RECORDS, joined=joined, parted=parted))
    other = partition(evidence_of(shuffled, RECORDS, joined=joined, parted=parted))
    assert (one.decided == other.decided).all()
    assert (one.possibly == other.possibly).all()


@given(pairs(), decisions(3), decisions(2))
def test_each_reading_refines_the_next(found, joined, parted):
    made = partition(evidence_of(found, RECORDS, joined=joined, parted=parted))
    assert refines(made.surely, made.decided)
    assert refines(made.decided, made.possibly)
    least, decided, most = made.persons
    assert least <= decided <= most


@given(pairs(), decisions(2))
def test_what_was_decided_to_be_one_person_is_and_what_was_parted_is_not(found, chosen):
    joined, parted = chosen[:1], chosen[1:]
    made = partition(evidence_of(found, RECORDS, joined=joined, parted=parted))
    for left, right in joined:
        assert made.decided[left] == made.decided[right]
    for left, right in parted:
        assert made.decided[left] != made.decided[right]
        assert made.possibly[left] != made.possibly[right]


@given(pairs(), decisions(3), decisions(2), decisions(2))
def test_undoing_every_decision_restores_exactly(found, joined, parted, later):
    """Through `Linked.decide`: whatever was decided in between, and whatever was decided first,
    nothing of it is left.
    """
    records = pl.DataFrame(
        {"list": ["l"] * RECORDS, "record": [str(each) for each in range(RECORDS)]}
    )
    model = Model({}, (), 0.1, RECORDS)
    linked = Linked(records, found, partition(evidence_of(found, RECORDS)), model, Thresholds())
    named = [
        [(f"l:{one}", f"l:{other}") for one, other in each] for each in (joined, parted, later)
    ]
    try:
        decided = linked.decide(
            joined=named[0], parted=[pair for pair in named[1] if pair not in named[0]]
        )
    except DarkfigureError:
        assume(False)
    for one, other in joined:
        assert decided.found.decided[one] == decided.found.decided[other]
    after = decided.decide(joined=named[2]).decide()
    for name in ("surely", "decided", "possibly"):
        assert (getattr(linked.found, name) == getattr(after.found, name)).all()
    assert after.for_review().equals(linked.for_review())
    assert (after.joined, after.parted) == (frozenset(), frozenset())


@settings(max_examples=examples(60))
@given(
    pairs(),
    decisions(1),
    decisions(1),
    st.lists(st.integers(0, RECORDS - 1), min_size=1, unique=True),
)
def test_counts_in_draws_lie_within_their_bounds(found, joined, parted, chosen):
    evidence = evidence_of(found, RECORDS, joined=joined, parted=parted if parted != joined else ())
    made = partition(evidence)
    drawn = draw(evidence, made, 25)
    for each in drawn.each():
        assert refines(made.surely, each)
        assert refines(each, made.possibly)
        assert (each <= np.arange(RECORDS)).all()
        assert (each[each] == each).all()
    for within, counts in (
        (np.arange(RECORDS), drawn.counts()),
        (np.array(chosen), drawn.counts(np.array(chosen))),
    ):
        least, _, most = made.within(within)
        assert least <= counts.min()
        assert counts.max() <= most
        assert least <= counts.mean() <= most


def between(weights):
    """Links between parts and what speaks against, as a component has them; nothing links a part
    with itself.
    """
    return weights, np.minimum(weights, 0.0)


@given(pairs(4))
def test_two_records_in_doubt_are_one_person_as_often_as_the_pair_says(found):
    for (share,) in found.select("probability").rows():
        odds = np.log(share / (1 - share))
        ways, shares = probabilities(*between(np.array([[0.0, odds], [odds, 0.0]])))
        together = shares[(ways[:, 0] == ways[:, 1])].sum()
        assert together == pytest.approx(share)


@st.composite
def weights(draw_from, size):
    """Any log odds between so many parts, the same both ways."""
    made = np.zeros((size, size))
    for a, b in combinations(range(size), 2):
        made[a, b] = made[b, a] = draw_from(st.floats(-6, 6))
    return made


def heaviest_tree(weights, members):
    """The heaviest set of links that hangs `members` together, by trying every set of so many
    links.
    """
    links = list(combinations(members, 2))

    def hangs(tree):
        reached = {members[0]}
        for _ in tree:
            reached |= {end for link in tree if set(link) & reached for end in link}
        return reached == set(members)

    trees = [tree for tree in combinations(links, len(members) - 1) if hangs(tree)]
    return max(trees, key=lambda tree: sum(weights[link] for link in tree))


@settings(max_examples=examples(40))
@given(weights(5), st.permutations(range(5)), st.integers(2, 5))
def test_what_speaks_for_a_person_is_the_heaviest_tree_and_a_share_of_what_speaks_against(
    held, order, size
):
    odds, against = between(held)
    members = np.array(order)
    room = np.zeros(5), np.zeros(5, dtype=bool)
    found = worth(odds, against, members, size, *room)
    tree = heaviest_tree(held, order[:size])
    off = sum(min(held[link], 0.0) for link in combinations(order[:size], 2) if link not in tree)
    assert found == pytest.approx(sum(held[link] for link in tree) + AGAINST * off)
    assert found == pytest.approx(
        worth(odds, against, np.array(sorted(order[:size]) + order[size:]), size, *room)
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_sampling_draws_as_the_exact_reckoning_says(seed):
    random = np.random.default_rng(seed)
    held = np.triu(random.normal(0, 1.2, (5, 5)), 1)
    odds, against = between(held + held.T)
    ways, shares = probabilities(odds, against)
    drawn = _gibbs(odds, against, 20_000, seed)
    for left, right in combinations(range(5), 2):
        exact = shares[ways[:, left] == ways[:, right]].sum()
        assert (drawn[:, left] == drawn[:, right]).mean() == pytest.approx(exact, abs=0.02)


@settings(max_examples=examples(30))
@given(pairs(), st.data())
def test_what_was_missed_is_joined_as_often_as_expected_and_puts_nobody_on_a_list_twice(
    found, data
):
    """Over many draws; nobody is put on a list twice by a pair of two lists, and the figures of the
    draw before stay otherwise.
    """
    of = np.array([data.draw(st.integers(0, 2)) for _ in range(RECORDS)])
    made = partition(evidence_of(found, RECORDS))
    left, right = np.array([0, 2]), np.array([1, 3])
    odds = np.array([data.draw(st.floats(-3, 1)), data.draw(st.floats(-3, 1))])
    missed = Missed(("a", "b", "c"), of, left, right, odds, np.zeros((3, 3)), np.zeros((3, 3)))
    random = np.random.default_rng(1)
    drawn = [missed.some(made.decided, 0.0, random) for _ in range(2000)]
    for at in range(2):
        a, b = made.decided[left[at]], made.decided[right[at]]
        if at == 0 and a != b and not set(of[made.decided == a]) & set(of[made.decided == b]):
            met = np.mean([[left[at], right[at]] in each.tolist() for each in drawn])
            assert met == pytest.approx(1 / (1 + np.exp(-odds[at])), abs=0.05)
    for each in drawn[:50]:
        for one, other in each.tolist():
            assert made.decided[one] != made.decided[other]


@given(pairs())
def test_a_decided_person_hangs_together_by_more_than_one_weak_pair(found):
    """No two groups are joined where all that is known of them weighs against it: a plain reckoning
    of the same rule.
    """
    thresholds = Thresholds()
    made = partition(evidence_of(found, RECORDS), thresholds)
    held = {(left, right): share for left, right, _, share in found.rows()}
    for person in np.unique(made.decided):
        members = np.flatnonzero(made.decided == person)
        if len(members) > 1:
            assert any(
                held.get(pair, 0) >= thresholds.automatic
                for pair in combinations(members.tolist(), 2)
            )
