"""Build the manual into site/: run what it shows, write its pages, make HTML of them.

It rests on nothing but the repository and the packages of the development group, and fetches
nothing. A command that does not do what its page says stops the build.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent)]

from sphinx.cmd.build import build_main  # noqa: E402 - after the path is set

from making import asked, reference, tutorials  # noqa: E402
from making.running import ROOT, Place, load_examples, prepare  # noqa: E402

HERE = Path(__file__).parent
#: The tutorials in the order of the manual, and the data folder that each works on: the examples
#: with casework, their returns alone for editions, or one that is empty at first.
TUTORIALS = {
    "reporting_officer": "own",
    "program": "own",
    "analyst": "examples",
    "answers_desk": "examples",
    "requirement_manager": "examples",
    "editor": "editions",
    "statistician": "examples",
    "file_of_your_own": "own",
    "notebook": "none",
}


def main(site: Path) -> int:
    """Build into a folder; what Sphinx ends with."""
    started = time.monotonic()
    source, pages = site / "source", HERE / "pages"
    shutil.rmtree(site, ignore_errors=True)
    shutil.copytree(pages, source)
    # The path of a socket is short, so that a data folder cannot be anywhere.
    with tempfile.TemporaryDirectory(prefix="df-docs-") as name:
        folder = Path(name)
        homes = {each: folder / each for each in ("examples", "own", "editions", "none")}
        places = {each: Place(folder / f"work-{each}", homes[each]) for each in homes}
        try:
            with ThreadPoolExecutor(2) as pool:
                first = pool.submit(_on_examples, places["examples"], source)
                second = pool.submit(_beside, places, source)
                third = pool.submit(_on_returns, places["editions"], source)
                for each in (first, second, third):
                    each.result()
        finally:
            for each in ("examples", "own", "editions"):
                places[each].stop()
    (source / "tutorials" / "index.md").write_text(
        "# Tutorials\n\nOne for each role. Every command was run when this was built, and what "
        "it printed stands below it.\n\n" + reference.toctree(list(TUTORIALS)),
        encoding="utf-8",
    )
    print(f"What the pages show was run in {time.monotonic() - started:.0f} s.")
    failed = build_main(
        ["-q", "-W", "--keep-going", "-c", str(HERE), "-b", "html", str(source), str(site / "html")]
    )
    print(f"{site / 'html' / 'index.html'}: {time.monotonic() - started:.0f} s.")
    return failed


def _on_examples(place: Place, source: Path) -> None:
    prepare(place)
    asked.write(place, source / "questions")
    _tutorials(source, place, "examples")


def _on_returns(place: Place, source: Path) -> None:
    load_examples(place)
    _tutorials(source, place, "editions")


def _beside(places: dict[str, Place], source: Path) -> None:
    reference.write(places["none"], source / "reference")
    _tutorials(source, places["none"], "none")
    _tutorials(source, places["own"], "own")


def _tutorials(source: Path, place: Place, home: str) -> None:
    (source / "tutorials").mkdir(exist_ok=True)
    for name, works_on in TUTORIALS.items():
        if works_on == home:
            text = (HERE / "tutorials" / f"{name}.md").read_text(encoding="utf-8")
            target = source / "tutorials" / f"{name}.md"
            target.write_text(tutorials.made(text, place), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(ROOT / "site"))
