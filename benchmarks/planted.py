"""Mistakes planted in histories of releases, and what the checks find of them.

Tables of the same records go out in one to three releases on up to two days, each protected with
all before it. Then one thing goes out that nobody looked at. *Recoverable* are numbers that can be
worked out after it, by every whole table or by two integer programmes for each number; *found* are
those of them that the check names, *falsely* those it names besides. All is SYNTHETIC, and the same
each time.

    python benchmarks/planted.py [histories of each kind]
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
import histories_drawn
import releases_planted

ROOMS = {"disclosure check": histories_drawn.KINDS, "all released": releases_planted.KINDS}


def main(histories: int) -> int:
    """Print what is found of each kind; nought where all is, and nothing else."""
    began = time.perf_counter()
    print(f"{'':16}  planted   histories  recoverable    found  falsely accused")
    wrong = 0
    for room, kinds in ROOMS.items():
        tried = [_tried(room, seed) for seed in range(histories)]
        for place, kind in enumerate(kinds):
            each = [history[place] for history in tried]
            there, found, falsely = (sum(counts) for counts in zip(*each, strict=True))
            print(f"{room:16}  {kind:8} {histories:>10} {there:>12} {found:>8} {falsely:>16}")
            wrong += there - found + falsely
    print(f"{time.perf_counter() - began:.0f} s")
    return 1 if wrong else 0


def _tried(room: str, seed: int) -> list[tuple[int, int, int]]:
    """Each mistake, planted in one history by itself."""
    luck = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        if room == "all released":
            released = releases_planted.released(luck)
            made = [
                releases_planted.planted(kind, released, random.Random(f"{seed} {kind}"))
                for kind in ROOMS[room]
            ]
        else:
            history = histories_drawn.history(luck)
            made = [
                histories_drawn.planted(
                    kind, history, random.Random(f"{seed} {kind}"), Path(folder)
                )
                for kind in ROOMS[room]
            ]
    return [(each.recoverable, each.found, each.falsely) for each in made]


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
