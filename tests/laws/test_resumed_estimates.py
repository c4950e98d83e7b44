"""A bootstrap broken off anywhere and gone on with is the bootstrap done at once, to the byte;
parts of another table, seed, method or model are never taken.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from darkfigure.basis.parts import Parts
from darkfigure.estimation import example
from darkfigure.estimation.resampling import bootstrap, stepwise_estimator
from darkfigure.estimation.single import estimate
from support import examples

pytestmark = pytest.mark.program
UK = example("uk_2013_list_overlaps")


class BrokenOff(Exception):
    """The work was stopped."""


def stopped_after(portions: int):
    def progress(done: int) -> None:
        if done >= portions * 50:
            raise BrokenOff

    return progress


@settings(
    max_examples=examples(20),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(st.lists(st.integers(1, 5), min_size=1, max_size=4), st.sampled_from([240, 250, 300]))
def test_broken_off_anywhere_and_gone_on_with_is_the_same(tmp_path_factory, stops, number):
    folder = tmp_path_factory.mktemp("parts")
    whole = bootstrap(UK, stepwise_estimator(UK), number, 3)
    for stop in stops:
        if stop * 50 < number:
            with pytest.raises(BrokenOff):
                bootstrap(
                    UK,
                    stepwise_estimator(UK),
                    number,
                    3,
                    progress=stopped_after(stop),
                    parts=Parts(folder, b"own"),
                )
    again = bootstrap(UK, stepwise_estimator(UK), number, 3, parts=Parts(folder, b"own"))
    assert again.totals.tobytes() == whole.totals.tobytes()
    assert (again.intervals, again.skew) == (whole.intervals, whole.skew)
    assert not list(folder.glob("*/*"))


def made(folder: Path) -> int:
    return len(list(folder.glob("*/*.part")))


def test_what_was_done_is_not_done_again(tmp_path):
    drawn = []

    def counted(tables):
        drawn.append(len(tables))
        return stepwise_estimator(UK)(tables)

    with pytest.raises(BrokenOff):
        bootstrap(UK, counted, 300, 3, progress=stopped_after(4), parts=Parts(tmp_path, b"own"))
    assert made(tmp_path) == 4
    drawn.clear()
    bootstrap(UK, counted, 300, 3, parts=Parts(tmp_path, b"own"))
    # The table itself, two portions of six, and the histories that hold anybody.
    assert sum(drawn) == 1 + 100 + len(np.flatnonzero(UK.counts))


def test_parts_of_another_table_seed_or_method_are_not_taken(tmp_path):
    other = UK.with_counts(UK.counts + (np.arange(len(UK.counts)) == 1))
    asked = {"method": "stepwise", "replicates": 200, "seed": 3}
    with pytest.raises(BrokenOff):
        estimate(UK, progress=stopped_after(3), resume=tmp_path, **asked)
    assert made(tmp_path) == 3
    for table, changes in (
        (other, {}),
        (UK, {"seed": 4}),
        (UK, {"method": "model", "model": "[12,3,4,5,6]"}),
    ):
        alone = estimate(table, **{**asked, **changes})
        beside = estimate(table, resume=tmp_path, **{**asked, **changes})
        assert (beside.total, beside.interval) == (alone.total, alone.interval)
        assert made(tmp_path) == 3
    gone_on = estimate(UK, resume=tmp_path, **asked)
    assert gone_on.interval == estimate(UK, **asked).interval
    assert made(tmp_path) == 0
