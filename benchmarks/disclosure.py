"""Protecting tables of counts, and attacking them: how long, how much is hidden, how it grows.

Yardstick of the same run: for the attack, a linear programme per bound and hidden cell, as peers
audit (timed on a part and multiplied). For protection there is none here that runs without R: what
GaussSuppression 1.2.3 hid and took on another machine of two cores stands beside.

    python benchmarks/disclosure.py [most cells of the made-up tables]
    python benchmarks/disclosure.py large    # 10^4, 10^5, 10^6 cells by each method, ten minutes
"""

from __future__ import annotations

import sys
import time

import numpy as np
import polars as pl
from measuring import exponent, peak, row
from scipy.optimize import linprog

from darkfigure.disclosure.averaging import named_rightly
from darkfigure.disclosure.cube import Cube, dimension
from darkfigure.disclosure.elementary import read_back
from darkfigure.disclosure.forced import told_by_programme
from darkfigure.disclosure.knowledge import of_cube
from darkfigure.disclosure.perturbation import Noise, perturbed
from darkfigure.disclosure.protect import table_of
from darkfigure.disclosure.rounding import rounded
from darkfigure.disclosure.rules import Rule
from darkfigure.disclosure.suppress import suppress
from darkfigure.disclosure.witness import Outcome, verified
from darkfigure.reading.manifest import example

RULE = Rule()
#: People and quarters of made-up tables of about 10^4, 10^5 and 10^6 cells.
TEN_MINUTES, GROWTH = 600.0, 1.4
LARGE = ((10_000, 0), (100_000, 0), (300_000, 40))
#: A proof has so many seconds.
PROVING = 400.0
FOUR = ("quarter", "exploitation_type", "age_at_exploitation", "gender")
#: Dimensions of the referral tables; cells hidden by GaussSuppression 1.2.3, and its seconds.
REFERRALS = (
    (FOUR, 564, 0.8),
    (("quarter", "nationality", "exploitation_type"), 3_581, 4.7),
    (("quarter", "nationality", *FOUR[2:]), 5_976, 16.1),
    ((*FOUR, "nationality"), 23_775, 98.2),
    ((*FOUR, "nationality", "first_responder_type"), 63_975, 419.7),
)


def main(most: int) -> None:
    """Print what each step takes."""
    suppress(_made_up(50), RULE)  # compiled before anything is timed
    frame = pl.read_csv(example("nrm_referrals_cells.csv.gz"))
    print("Referrals: cells, made, attack (cells/s), hidden (peer), seconds (peer); the proof")
    for by, theirs, seconds in REFERRALS:
        _row(table_of(frame, by, "people"), theirs, seconds)
    print("\nMade-up hierarchical tables, SYNTHETIC")
    times = []
    for people in (3_000, 10_000, 30_000, 100_000):
        cube, made = _timed(lambda size=people: _made_up(size))
        if len(cube) > most:
            print(f"{len(cube):>9,} left out")
            break
        times.append(_row(cube, None, None, made=made))
    if len(times) > 1:
        (first, began, proving), (last, ended, proved) = times[0], times[-1]
        grown = np.log(last / first)
        print(
            f"growth to {last:,} cells: protected cells^{np.log(ended / began) / grown:.2f}"
            f", proved cells^{np.log(proved / proving) / grown:.2f}"
        )
    print("\nMade-up, larger: cells, made, attack on a threshold alone")
    for people in (300_000, 1_000_000, 3_000_000):
        cube, seconds = _timed(lambda size=people: _made_up(size, quarters=40))
        print(f"{len(cube):>9,} {seconds:6.2f} s  {_attacked(cube)[1]}", flush=True)


def large() -> None:
    """Print what each method takes for 10^4, 10^5 and 10^6 cells of hierarchical linked tables, and
    the proof of each; suppression as far as it ends in ten minutes.
    """
    suppress(_made_up(50), RULE)
    rounded(_made_up(50), 5).ranges()
    print("Hierarchical tables, SYNTHETIC: cells, protected in (cells/s), proved or attacked in")
    times: dict[str, list[tuple[int, float]]] = {"rounded": [], "cell key": [], "suppressed": []}
    ends = time.perf_counter() + TEN_MINUTES
    for people, quarters in LARGE:
        cube = _made_up(people, quarters=quarters)
        cube.sums  # noqa: B018 - made once, for all methods
        for name, method in (("rounded", _by_rounding), ("cell key", _by_keys)):
            seconds, proof = method(cube)
            _tell(name, len(cube), seconds, proof, times)
        done = times["suppressed"]
        # a programme of the whole table has no clock: it is not begun where it would not end
        expected = done[-1][1] * (len(cube) / done[-1][0]) ** GROWTH if done else 0.0
        left = ends - time.perf_counter()
        if expected > left:
            print(f"{len(cube):>9,}  suppressed: not run, some {expected:,.0f} s are expected")
            continue
        seconds, proof = _by_hiding(cube, left)
        _tell("suppressed", len(cube), seconds, proof, times)
    for name, points in times.items():
        (small, first), (size, last) = points[0], points[-1]
        if size > small:
            print(f"growth, {name}: cells^{np.log(last / first) / np.log(size / small):.2f}")


def _tell(
    name: str, cells: int, seconds: float, proof: str, times: dict[str, list[tuple[int, float]]]
) -> None:
    rate = cells / seconds
    print(f"{cells:>9,}  {name:10} {seconds:7.2f} s ({rate:,.0f} cells/s)  {proof}", flush=True)
    times[name].append((cells, seconds))
    row(
        f"{name}, {cells:,} cells",
        f"{seconds:.2f} s",
        "aim 5,000 cells/s",
        seconds / (cells / 5_000),
        memory=peak(),
        grows=exponent(*zip(*times[name], strict=True)),
    )


def _by_rounding(cube: Cube) -> tuple[float, str]:
    made, seconds = _timed(lambda: rounded(cube, RULE.threshold))
    (least, most), proved = _timed(made.ranges)
    assert (most - least >= RULE.threshold - 1).all()
    return seconds, f"all {cube.figures:,} figures proved in {proved:.2f} s"


def _by_keys(cube: Cube) -> tuple[float, str]:
    noise = Noise(most=RULE.threshold, variance=RULE.threshold / 2)
    made, seconds = _timed(lambda: perturbed(cube, b"benchmark" * 4, noise))
    small = RULE.must_hide(cube)
    named, attack = _timed(lambda: named_rightly(cube, made, small))
    shares = " and ".join(f"{each / small.sum():.0%}" for each in named)
    return seconds, f"attacked by number and by averaging in {attack:.1f} s: {shares} named rightly"


def _by_hiding(cube: Cube, left: float) -> tuple[float, str]:
    hidden, seconds = _timed(lambda: suppress(cube, RULE, prove=False))
    proving = max(left - 2 * seconds, 1.0)
    whole, took = _timed(lambda: suppress(cube, RULE, seconds=proving))
    proved, not_proved = (len(whole.of(each)) for each in (Outcome.PROTECTED, Outcome.UNPROVED))
    proof = f"{hidden.hidden_cells:,} cells hidden; with proof {took:.0f} s: {proved:,} figures "
    return seconds, proof + f"proved, {not_proved:,} not"


def _row(
    cube: Cube, theirs: int | None, peer: float | None, made: float = 0.0
) -> tuple[int, float, float]:
    protected, seconds = _timed(lambda: suppress(cube, RULE, prove=False))
    line = f"{len(cube):>9,} {made:6.2f} s  {_attacked(cube)[1]}"
    line += f"  {protected.hidden_cells:,}" + (f" ({theirs:,})" if theirs else "")
    line += f"  {seconds:.2f} s ({len(cube) / seconds:,.0f} cells/s)"
    line += f" (peer {peer} s)" if peer else ""
    print(line, flush=True)
    whole, took = _timed(lambda: suppress(cube, RULE, seconds=PROVING))
    knowledge, truth = of_cube(cube, ~whole.hidden)
    assert whole.settled is not None
    proof = whole.settled.differences
    checked = _timed(lambda: verified(knowledge, truth, proof))[1]
    line = f"          protected and proved in {took:.1f} s: {whole.hidden_cells:,} cells hidden, "
    line += f"{len(whole.of(Outcome.PROTECTED)):,} figures by {len(proof):,} witnesses, "
    line += f"unproved {len(whole.of(Outcome.UNPROVED)):,}; verified in {checked:.3f} s"
    if len(cube) <= 8_000:
        line += f"; {_against_audit(cube, protected.hidden):,.0f}x fewer seconds"
        line += " to attack than a programme for each bound"
    print(line, flush=True)
    return len(cube), seconds, took


def _attacked(cube: Cube) -> tuple[float, str]:
    """What a patient reader takes to read back a table whose small counts alone are hidden."""
    primary = RULE.must_hide(cube)
    cube.sums  # noqa: B018 - made once, before the attack is timed
    told, seconds = _timed(lambda: read_back(cube.sums, ~primary, cube.values, cube.members))
    cells = cube.cells_of_figure
    share = cells[told.told].sum() / max(cells[primary].sum(), 1)
    return seconds, f"{seconds:.3f} s ({len(cube) / seconds:,.0f} cells/s, {share:.0%} read back)"


def _against_audit(cube: Cube, hidden: np.ndarray) -> float:
    """How many times longer two linear programmes for each hidden figure take than one for all."""
    knowledge, truth = of_cube(cube, ~hidden)
    ours = _timed(lambda: told_by_programme(knowledge, truth))[1]
    bounds = np.c_[knowledge.least, np.full(knowledge.unknowns, np.inf)]
    few = range(0, len(knowledge.wanted_name), max(len(knowledge.wanted_name) // 10, 1))

    def audit() -> None:
        for place in few:
            for sign in (1, -1):
                aim = sign * knowledge.wanted[[place]].toarray().ravel()
                linprog(aim, A_eq=knowledge.rows, b_eq=knowledge.low, bounds=bounds)

    each = _timed(audit)[1] / len(few)
    return each * len(knowledge.wanted_name) / ours


def _made_up(people: int, quarters: int = 0) -> Cube:
    """Areas in regions, ages in groups, sex, and quarters: some rare, as people are."""
    random = np.random.default_rng(people)
    areas = [f"area {number:03}" for number in range(min(max(people // 60, 8), 2_000))]
    ages = [f"{age:02}" for age in range(10, 90)]
    dimensions = [
        dimension("area", areas, {name: f"region {int(name[5:]) // 12}" for name in areas}),
        dimension("age", ages, {name: f"{name[0]}0s" for name in ages}),
        dimension("sex", ["female", "male", "other"]),
        *([dimension("quarter", [f"{at:02}" for at in range(quarters)])] if quarters else []),
    ]
    shares = [random.pareto(1.2, size=len(each.levels[0])) + 0.05 for each in dimensions]
    codes = np.stack(
        [random.choice(len(each), size=people, p=each / each.sum()) for each in shares], axis=1
    )
    return Cube(dimensions, codes.astype(np.int64), np.ones(people, dtype=np.int64))


def _timed(work):  # type: ignore[no-untyped-def]
    began = time.perf_counter()
    made = work()
    return made, time.perf_counter() - began


if __name__ == "__main__":
    if sys.argv[1:] == ["large"]:
        large()
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000_000)
