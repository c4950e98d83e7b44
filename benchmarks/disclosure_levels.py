"""The referral cells protected at three levels of detail, over two vintages: what stays, what of it
is read back before and after.

The second vintage is SYNTHETIC: of the real cells one in six is moved by one to three people, as
two successive releases of the mechanism were found to differ. Before: counts under five hidden, no
more; told are those that sums tell, and counts of both vintages that differ by fewer than five.
After: what was published, read anew from its rows by the check of anybody's tables.

    python benchmarks/disclosure_levels.py [seconds of each proof]
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

import numpy as np
import polars as pl

from darkfigure.disclosure.check import check
from darkfigure.disclosure.cube import TOTAL, Cube
from darkfigure.disclosure.elementary import ENDLESS, read_back
from darkfigure.disclosure.protect import Method, Protected, State, protect, table_of
from darkfigure.disclosure.published import PublishedCell, PublishedTable, small_differences
from darkfigure.disclosure.rules import Rule
from darkfigure.disclosure.together import together
from darkfigure.disclosure.witness import Outcome
from darkfigure.reading.manifest import example

RULE = Rule()
WHO = ("age_at_exploitation", "gender")
LEVELS = (
    ("quarter", "exploitation_type"),
    ("quarter", "exploitation_type", *WHO),
    ("quarter", "nationality", *WHO),
)
#: One cell in so many differs between two vintages, by one to three people.
DIFFERS = 6


def main(seconds: float) -> None:
    """Print what each level keeps and tells."""
    first = pl.read_csv(example("nrm_referrals_cells.csv.gz"))
    frames = first, _revised(first)
    for by in LEVELS:
        print(" x ".join(by))
        began = time.perf_counter()
        out: list[PublishedTable] = []
        bare: list[PublishedTable] = []
        for number, frame in enumerate(frames, 1):
            cube = table_of(frame, by, "people")
            bare.append(_threshold_alone(cube))
            made = protect(cube, RULE, Method.SUPPRESS, earlier=out, seconds=seconds)
            out.append(_published(cube, made.hidden))
            print(f"  vintage {number}: {_kept(made)}", flush=True)
            print(f"    after, read anew: {_read_anew(out[-1], seconds)}", flush=True)
        told = [len(small_differences(*pair, RULE)) for pair in (bare, out)]
        took = time.perf_counter() - began
        print(
            f"  small differences of the two: before {told[0]:,}, after {told[1]:,}; {took:.0f} s"
        )


def _revised(frame: pl.DataFrame) -> pl.DataFrame:
    random = np.random.default_rng(6)
    people = frame["people"].to_numpy()
    moved = random.choice([-3, -2, -1, -1, 1, 1, 2, 3], len(people))
    moved *= random.random(len(people)) < 1 / DIFFERS
    return frame.with_columns(people=pl.Series(np.maximum(people + moved, 0)))


def _threshold_alone(cube: Cube) -> PublishedTable:
    """What is known of a table of which small counts alone are hidden: with all that sums tell."""
    small = RULE.must_hide(cube)
    told = read_back(cube.sums, ~small, cube.values, cube.members).told
    return _published(cube, small & ~told)


def _published(cube: Cube, hidden: np.ndarray) -> PublishedTable:
    cells = []
    for place, (called, figure) in enumerate(cube.rows()):
        kept = {name: value for name, value in called.items() if value != TOTAL}
        number = int(cube.values[figure])
        low, high = (1, ENDLESS) if hidden[figure] else (number, number)
        cells.append(PublishedCell(kept, low, high, place))
    return PublishedTable("", tuple(axis.name for axis in cube.dimensions), tuple(cells))


def _kept(made: Protected) -> str:
    assert made.suppressed is not None
    assert made.suppressed.settled is not None
    settled = made.suppressed.settled
    wider = int((settled.most - settled.least > RULE.width).sum())
    stay = sum(state is State.SHOWN for _, _, state in made.rows())
    unproved = len(settled.places(Outcome.UNPROVED))
    return (
        f"{made.kept.cells:,} cells, {stay:,} stay; must be hidden {made.kept.small:,}, under five "
        f"alone read back {made.before.read_back[0]:,}; of {len(settled.least):,} hidden figures "
        f"{wider:,} with more values than the rule asks, told {made.kept.told:,}, "
        f"unproved {unproved:,}"
    )


def _read_anew(table: PublishedTable, seconds: float) -> str:
    found = check(together([table], RULE), RULE, seconds=seconds, exactly=False)
    outcomes: Sequence[str] = [str(each.meets) for each in found.found]
    counts = ", ".join(f"{each} {outcomes.count(each):,}" for each in dict.fromkeys(outcomes))
    return f"{len(outcomes):,} hidden figures: {counts}; small counts shown {len(found.small):,}"


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 20.0)
