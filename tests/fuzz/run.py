"""Fuzz every door for a while, guided by what of the code is reached; stops at the first door where
something is raised that is no sentence, hangs or fills memory, and leaves the file in var/fuzz.

    python tests/fuzz/run.py [SECONDS]
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

import atheris

sys.path[:0] = [str(Path(__file__).parents[1])]  # what tests share

with atheris.instrument_imports(include=["darkfigure"]):
    from doors import DOORS, Door
from mutations import mutated, steps_from  # noqa: E402

KEPT = Path(__file__).parent.parent.parent / "var" / "fuzz"
#: What takes longer than these seconds hangs; more memory than these megabytes is a bomb.
SECONDS, MEGABYTES = 20, 2048


def fuzz(door: Door, seconds: int) -> None:
    """Fuzz one door in this process, which ends with it."""
    kept = KEPT / door.name.replace(" ", "_")
    kept.mkdir(parents=True, exist_ok=True)
    for at, content in enumerate(door.seeds):
        (kept / f"seed-{at}").write_bytes(content)
    folder = Path(tempfile.mkdtemp(prefix="darkfigure-fuzz-"))

    def broken(content: bytes, most: int, seed: int) -> bytes:
        """Every second time as tests break a file, else as the fuzzer does."""
        if seed % 2:
            return bytes(atheris.Mutate(content, most))
        return mutated(content, steps_from((seed * 0x9E3779B97F4A7C15 % 2**96).to_bytes(12)))[:most]

    options = (
        f"-max_total_time={seconds}",
        f"-timeout={SECONDS}",
        f"-rss_limit_mb={MEGABYTES}",
        f"-artifact_prefix={kept}/broke-",
        "-max_len=200000",
        "-verbosity=0",
        "-print_final_stats=1",
    )
    atheris.Setup(
        [sys.argv[0], *options, str(kept)],
        lambda content: door.let_in(content, folder),
        custom_mutator=broken,
    )
    atheris.Fuzz()


def main(seconds: int) -> int:
    """Fuzz one door after another, each in a process of its own; how many failed."""
    failed = 0
    for name in DOORS:
        asked = [sys.executable, __file__, str(seconds // len(DOORS)), name]
        done = subprocess.run(asked, check=False, capture_output=True, text=True, errors="replace")
        ran = re.search(r"number_of_executed_units: *([0-9]+)", done.stderr)
        print(f"{name}: {int(ran[1]) if ran else 0:,} files", flush=True)
        if done.returncode:
            failed += 1
            print(done.stderr[-4000:], flush=True)
    print(f"{len(DOORS)} doors, {failed} of them broken.")
    return failed


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 600
    if len(sys.argv) > 2:
        fuzz(DOORS[sys.argv[2]], wanted)
    sys.exit(main(wanted))
