"""Break so many files at every door and count what goes wrong: anything raised that is no sentence,
what takes too long, what fills memory.

    python tests/fuzz/measure.py [FILES] [SEED] [DOOR ...]
"""

from __future__ import annotations

import random
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1])]  # what tests share

from doors import DOORS  # noqa: E402
from mutations import LARGEST, mutated  # noqa: E402

#: What is slower than these seconds hangs; what needs more memory than these bytes is a bomb.
SECONDS, MEMORY = 10, 512 * 2**20


class Hangs(BaseException):
    """It took too long."""


def stop(_signal: int, _frame: object) -> None:
    """End what takes too long."""
    raise Hangs


def memory() -> int:
    """The most memory that was ever in use, here or in a process of ours, in bytes."""
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(each).ru_maxrss for each in whose) * 1024


def main(wanted: int, seed: int, names: list[str]) -> int:
    """Break the files and say what came of it; how many went wrong."""
    signal.signal(signal.SIGALRM, stop)
    swallowed: list[BaseException | None] = []
    sys.unraisablehook = lambda found: swallowed.append(found.exc_value)
    wrong: Counter[str] = Counter()
    places: Counter[str] = Counter()
    doors = [DOORS[name] for name in names or DOORS]
    each = -(-wanted // len(doors))
    with tempfile.TemporaryDirectory() as name:
        for door in doors:
            chance, begun, slowest = random.Random(f"{seed} {door.name}"), time.perf_counter(), 0.0
            said: Counter[str] = Counter()
            sound = [each for each in door.seeds if not door.let_in(each, Path(name))]
            begin = (door.seeds, sound or door.seeds)  # as often from what is sound
            for _ in range(each):
                steps = [
                    tuple(chance.randrange(LARGEST) for _ in range(3))
                    for _ in range(chance.choice((1, 1, 2, 3, 6)))
                ]
                content = mutated(chance.choice(chance.choice(begin)), steps)
                before, start = memory(), time.perf_counter()
                signal.alarm(SECONDS)
                try:
                    said["refused" if door.let_in(content, Path(name)) else "taken"] += 1
                except Hangs:
                    wrong["hangs"] += 1
                except Exception as error:  # noqa: BLE001 - that is what is looked for
                    wrong["tracebacks"] += 1
                    last = traceback.extract_tb(error.__traceback__)
                    own = [frame for frame in last if "/darkfigure" in frame.filename][-1]
                    places[
                        f"{door.name}: {type(error).__name__} at {Path(own.filename).name}:"
                        f"{own.lineno} {str(error)[:150]!r}"
                    ] += 1
                finally:
                    signal.alarm(0)
                for error in swallowed:
                    wrong["tracebacks"] += 1
                    places[f"{door.name}: {type(error).__name__}, swallowed"] += 1
                swallowed.clear()
                slowest = max(slowest, time.perf_counter() - start)
                wrong["memory bombs"] += memory() - before > MEMORY
            took = time.perf_counter() - begun
            print(
                f"{door.name}: {each} files from {len(sound)} sound ones and "
                f"{len(door.seeds) - len(sound)} others, {said['taken']} taken, "
                f"{said['refused']} refused; "
                f"{took:.0f} s, the slowest {slowest:.2f} s; {memory() // 2**20} MB at most"
            )
    for place, count in places.most_common():
        print(f"  {count} x {place}")
    print(", ".join(f"{wrong[what]} {what}" for what in ("tracebacks", "memory bombs", "hangs")))
    return sum(wrong.values())


if __name__ == "__main__":
    told = sys.argv[1:]
    sys.exit(bool(main(int((told or ["3000"])[0]), int((told[1:] or ["1"])[0]), told[2:])))
