"""What `make mutants` found: the score of each module, and what survived without an explanation.

Ends with 1 where, in a module that `equivalent.toml` holds whole, a change passed every test and is
not explained there; or where it explains what did not survive.
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from mutmut.__main__ import get_diff_for_mutant

HERE, MUTANTS = Path(__file__).parent, Path("mutants/src")
KILLED, SURVIVED, NO_TEST = (1, 3), 0, 33


def results() -> Iterator[tuple[str, dict[str, int]]]:
    """For each module the mutants that were tried, with what the tests ended with."""
    for path in sorted(MUTANTS.rglob("*.meta")):
        ended = json.loads(path.read_text())["exit_code_by_key"]
        module = ".".join(path.relative_to(MUTANTS).parts).removesuffix(".py.meta")
        if tried := {name: code for name, code in ended.items() if code is not None}:
            yield module, tried


def change(mutant: str) -> tuple[str, str]:
    """The lines that a mutant takes out and puts in."""
    lines = get_diff_for_mutant(mutant).splitlines()
    taken, put = (
        " ".join(line[1:].strip() for line in lines if line[:1] == sign and line[:3] != sign * 3)
        for sign in "-+"
    )
    return taken, put


def main() -> int:
    """Print scores and survivors; 1 where one is not explained."""
    told = tomllib.loads((HERE / "equivalent.toml").read_text(encoding="utf-8"))
    explained = {
        (entry["module"], entry["was"], becomes)
        for entry in told["mutant"]
        for becomes in entry["becomes"]
    }
    open_, unheld, seen, modules = [], 0, set(), set()
    for module, tried in results():
        modules.add(module)
        equivalent = 0
        for name, code in tried.items():
            if code in KILLED:
                continue
            taken, put = change(name)
            if code == SURVIVED and (module, taken, put) in explained:
                seen.add((module, taken, put))
                equivalent += 1
                continue
            what = {SURVIVED: "survived", NO_TEST: "no test"}.get(code, f"ended with {code}")
            open_.append(f"{name}: {what}\n  - {taken}\n  + {put}")
            unheld += module in told["whole"]
        killed = sum(code in KILLED for code in tried.values())
        print(f"{module}: {killed} of {len(tried) - equivalent} killed, {equivalent} equivalent")
    print(*open_, sep="\n")
    stale = [entry for entry in explained - seen if entry[0] in modules]
    print(*(f"Explained, but did not survive: {entry}" for entry in stale), sep="\n")
    return 1 if unheld or stale else 0


if __name__ == "__main__":
    sys.exit(main())
