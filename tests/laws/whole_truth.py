"""Ask random questions of random holdings, compare each answer with what brute force finds row by
row, and print what became of them: the law of `test_nearest_laws`, over as many as are wanted.

    python tests/laws/whole_truth.py [HOLDINGS] [SEED]
"""

from __future__ import annotations

import sys
import time
from collections import Counter

from hypothesis import HealthCheck, Phase, given, seed, settings
from test_nearest_laws import held_to_brute_force, questions, tables


def main(wanted: int, start: int) -> int:
    """Compare so many and say what came of it; how many were otherwise than brute force finds."""
    became: Counter[tuple[str, int]] = Counter()
    wrong: list[str] = []

    @seed(start)
    @settings(
        max_examples=wanted,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(tables, questions())
    def every(table, question):
        try:
            became[held_to_brute_force(table, question)] += 1
        except AssertionError as fault:
            wrong.append(f"{table}\n{question.canonical()}\n{fault}")

    begun = time.perf_counter()
    every()
    print(f"{wanted:,} holdings asked, seed {start}, in {time.perf_counter() - begun:.0f} s")
    for (what, given_up), count in sorted(became.items()):
        after = f", the nearest after {given_up} given up" if given_up else ""
        print(f"{count:>7,}  {what}{after}")
    print(f"{len(wrong):>7,}  otherwise than brute force finds")
    for each in wrong[:5]:
        print(each)
    return len(wrong)


if __name__ == "__main__":
    count, first = (*map(int, sys.argv[1:]), *(10_000, 1)[len(sys.argv) - 1 :])
    sys.exit(min(1, main(count, first)))
